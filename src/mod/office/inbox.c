/* Inboxes: keyset pages by due date, and search by number, name and place. */
#include "core/case/case_find.h"
#include "core/case/case_list.h"
#include "core/codes/number.h"
#include "core/i18n.h"
#include "core/staff/queries.h"
#include "mod/office/inbox.html.h"
#include "mod/office/pages.h"
#include "web/form.h"
#include "i18n/office.h"

struct box {
	const char *path;
	enum case_box box;
	enum message title, empty;
};
static const struct box boxes[] = {
	{ "mios", BOX_MINE, MSG_OFFICE_BOX_MINE, MSG_OFFICE_EMPTY_MINE },
	{ "equipo", BOX_TEAM, MSG_OFFICE_BOX_TEAM, MSG_OFFICE_EMPTY_TEAM },
	{ "vencidos", BOX_LATE, MSG_OFFICE_BOX_LATE, MSG_OFFICE_EMPTY_LATE },
	{ "pausa", BOX_WAIT, MSG_OFFICE_BOX_WAIT, MSG_OFFICE_EMPTY_WAIT },
	{ "firma", BOX_SIGN, MSG_OFFICE_BOX_SIGN, MSG_OFFICE_EMPTY_SIGN },
	{ "pago", BOX_PAY, MSG_OFFICE_BOX_PAY, MSG_OFFICE_EMPTY_PAY },
	{ "entrega", BOX_DELIVER, MSG_OFFICE_BOX_DELIVER, MSG_OFFICE_EMPTY_DELIVER },
	{ "terminados", BOX_DONE, MSG_OFFICE_BOX_DONE, MSG_OFFICE_EMPTY_DONE },
};

static const struct box *box_of(struct str path)
{
	for (size_t i = 0; i < sizeof(boxes) / sizeof(boxes[0]); i++) {
		if (str_eq(path, str_of(boxes[i].path))) return &boxes[i];
	}
	return NULL;
}

struct err *office_start_page(struct request *r, struct response *out)
{
	const char *path = who_may(r->who, PERM_CASE_READ) && !who_may(r->who, PERM_COUNTER_FILE)
		? "/oficina/bandeja/mios"
		: who_may(r->who, PERM_COUNTER_FILE) ? "/oficina/mostrador"
		: who_may(r->who, PERM_CASHIER)      ? "/oficina/caja"
		: who_may(r->who, PERM_ADMIN)        ? "/oficina/administracion"
											 : "/";
	response_redirect(out, str_of(path));
	return NULL;
}

/* "?despues=2026-11-24_123"; a broken one starts from the beginning. */
static struct case_cursor cursor_of(struct request *r, enum case_box box)
{
	struct case_cursor c = case_cursor_start(box);
	case_cursor_parse(form_text(r->form, STR("despues")), &c);
	return c;
}

/* --- showing it ---------------------------------------------------------------------------------------------- */

static enum part_tone tone_of(struct str stage)
{
	if (str_eq(stage, STR("sign")) || str_eq(stage, STR("review"))) return TONE_WARN;
	return str_eq(stage, STR("done")) ? TONE_OK : TONE_INFO;
}

static struct str assignee_name(struct request *r, const struct case_list_row *row)
{
	struct staff_by_id_row staff;
	bool found = false;
	if (!row->has_assignee_id || row->assignee_id == r->who->staff_id) return STR_NONE;
	struct err *e = staff_by_id(r->db, r->arena, &(struct staff_by_id_in){ .id = row->assignee_id }, &staff,
		&found);
	return !e && found ? staff.display_name : STR_NONE;
}

struct inbox_row office_row(struct request *r, const struct case_list_row *row)
{
	const struct procedure *p = NULL;
	struct err *e = town_procedure(r->town, r->db, r->arena, row->pack_version_id, row->procedure_slug, &p);
	const struct state *state = e ? NULL : procedure_state(p, row->state);
	bool is_open = !str_eq(row->stage, STR("done"));
	struct str stage_text = str_eq(row->stage, STR("sign")) ? i18n_text(r->lang, MSG_OFFICE_STATE_SIGN)
		: str_eq(row->stage, STR("pay"))                    ? i18n_text(r->lang, MSG_OFFICE_STATE_PAY)
		: state                                             ? text_in(state->name, r->lang)
															: row->state;
	return (struct inbox_row){ .number = row->number,
		.href = office_base(r, row->number),
		.procedure = e ? row->procedure_slug : text_in(p->name, r->lang),
		.who = row->applicant_name,
		.place = row->place,
		.state = stage_text,
		.due = casepage_due(r, row->queue_key, row->due_on, is_open),
		.tone = tone_of(row->stage),
		.assignee = assignee_name(r, row) };
}

static void add_rows(struct request *r, const struct case_list_row *items, size_t count, struct inbox_view *v)
{
	v->rows.items = ARENA_ARRAY(r->arena, struct inbox_row, count);
	for (size_t i = 0; i < count; i++)
		v->rows.items[v->rows.count++] = office_row(r, &items[i]);
}

/* The address of this list with another cursor. */
static struct str next_href(struct request *r, const struct case_list *list, struct str department)
{
	if (str_is_none(list->next)) return STR_NONE;
	struct buf out = buf_new(r->arena, 2048);
	buf_add(&out, r->path);
	buf_printf(&out, "?depto=%.*s&despues=", STR_FMT(department));
	html_url_part(&out, list->next);
	return buf_str(&out);
}

/* The department that the list is of: the one asked for, when it may be read, else the first. */
static int64_t chosen(struct request *r, const struct case_departments *departments)
{
	return case_department_choose(r->town, departments, form_text(r->form, STR("depto")));
}

static void add_departments(struct request *r, const struct case_departments *departments, int64_t current,
	struct inbox_view *v)
{
	v->department = town_department_slug(r->town, current);
	if (departments->count < 2) return;
	v->departments.items = ARENA_ARRAY(r->arena, struct inbox_tab, departments->count);
	for (size_t i = 0; i < departments->count; i++) {
		struct str slug = town_department_slug(r->town, departments->items[i]);
		v->departments.items[v->departments.count++] = (struct inbox_tab){
			.href = arena_printf(r->arena, "%.*s?depto=%.*s", STR_FMT(r->path), STR_FMT(slug)),
			.text = office_department_name(r, departments->items[i]),
			.is_current = departments->items[i] == current
		};
	}
}

static struct office_keys inbox_keys(struct request *r)
{
	static const struct {
		const char *key;
		enum message text;
	} keys[] = { { "J", MSG_OFFICE_KEY_DOWN }, { "K", MSG_OFFICE_KEY_UP }, { "Enter", MSG_OFFICE_KEY_OPEN },
		{ "T", MSG_OFFICE_KEY_TAKE }, { "/", MSG_OFFICE_KEY_SEARCH } };
	struct office_keys list = { ARENA_ARRAY(r->arena, struct office_key, 5), 0 };
	for (size_t i = 0; i < 5; i++)
		list.items[list.count++] = (struct office_key){ str_of(keys[i].key),
			i18n_text(r->lang, keys[i].text) };
	return list;
}

static struct str capped(struct request *r, int64_t total)
{
	return total >= 100 ? STR("99+") : total ? arena_printf(r->arena, "%lld", (long long)total) : STR_NONE;
}

static struct err *add_counts(struct request *r, struct view *view, int64_t department)
{
	struct case_count_mine_row mine;
	struct case_count_open_row open, late;
	struct case_count_stage_row wait, sign;
	bool found;
	struct scope scope = who_scope(r->who);
	struct str ordinary = STR("ordinary"), today = date_iso(r->arena, zone_date(r->town->zone, r->now));
	TRY(case_count_mine(r->db, r->arena,
		&(struct case_count_mine_in){ .assignee_id = r->who->staff_id, .scope = scope }, &mine, &found));
	TRY(case_count_open(r->db, r->arena,
		&(struct case_count_open_in){ .department_id = department,
			.compartment = ordinary,
			.before_key = case_cursor_start(BOX_DONE).key,
			.scope = scope },
		&open, &found));
	TRY(case_count_open(r->db, r->arena,
		&(struct case_count_open_in){ .department_id = department,
			.compartment = ordinary,
			.before_key = today,
			.scope = scope },
		&late, &found));
	TRY(case_count_stage(r->db, r->arena,
		&(struct case_count_stage_in){ .department_id = department,
			.compartment = ordinary,
			.stage = STR("wait"),
			.scope = scope },
		&wait, &found));
	TRY(case_count_stage(r->db, r->arena,
		&(struct case_count_stage_in){ .department_id = department,
			.compartment = ordinary,
			.stage = STR("sign"),
			.scope = scope },
		&sign, &found));
	page_office_count(view, STR("/oficina/bandeja/mios"), capped(r, mine.total), false);
	page_office_count(view, STR("/oficina/bandeja/equipo"), capped(r, open.total), false);
	page_office_count(view, STR("/oficina/bandeja/vencidos"), capped(r, late.total), late.total > 0);
	page_office_count(view, STR("/oficina/bandeja/pausa"), capped(r, wait.total), false);
	page_office_count(view, STR("/oficina/bandeja/firma"), capped(r, sign.total), false);
	return NULL;
}

static struct err *send(struct request *r, struct response *out, struct inbox_view *v, int64_t department)
{
	struct view *view = page_view(r);
	struct str search = v->page.search;
	v->page = page_office(r, view, v->title);
	v->page.search = search;
	v->page.keys = inbox_keys(r);
	if (department) TRY(add_counts(r, view, department));
	inbox_html(view, v);
	page_send(out, view);
	return NULL;
}

/* What is new for this list, as long as it is looked at: of the department shown, or of one's own cases. */
static struct err *listen(struct request *r, struct response *out, const struct box *box,
	struct inbox_view *v)
{
	struct str query = box->box == BOX_MINE ? STR("")
											: arena_printf(r->arena, "?depto=%.*s", STR_FMT(v->department));
	struct str path = arena_printf(r->arena, "/oficina/bandeja/%s%.*s", box->path, STR_FMT(query));
	v->live = (struct feed_view){ .one = i18n_text(r->lang, MSG_OFFICE_LIVE_LIST_ONE),
		.many = i18n_text(r->lang, MSG_OFFICE_LIVE_LIST_MANY),
		.link = i18n_text(r->lang, MSG_OFFICE_LIVE_LIST_LINK),
		.is_line = true };
	return feed_place(r, out, path, &v->live);
}

struct err *office_inbox_stream(struct request *r, struct response *out)
{
	const struct box *box = box_of(r->params[0]);
	struct case_departments departments;
	if (!box) return ERR(r->arena, ERR_NOT_FOUND, NULL, "no such inbox");
	if (box->box == BOX_MINE) return feed_mine(r, out);
	TRY(case_departments(r->town, r->db, r->arena, r->who->staff_id, &departments));
	int64_t department = chosen(r, &departments);
	if (!department) return ERR(r->arena, ERR_FORBIDDEN, NULL, "no department in scope");
	return feed_team(r, out, department);
}

struct err *office_inbox_page(struct request *r, struct response *out)
{
	const struct box *box = box_of(r->params[0]);
	struct case_departments departments;
	struct case_list list;
	if (!box) return ERR(r->arena, ERR_NOT_FOUND, NULL, "no such inbox");
	TRY(case_departments(r->town, r->db, r->arena, r->who->staff_id, &departments));
	int64_t department = chosen(r, &departments);
	struct case_list_ask ask = { .staff_id = r->who->staff_id,
		.box = box->box,
		.department_id = department,
		.after = cursor_of(r, box->box),
		.today = zone_date(r->town->zone, r->now) };
	TRY(case_list_read(r->db, r->arena, &ask, &list));
	struct inbox_view v = { .title = i18n_text(r->lang, box->title),
		.caption = i18n_text(r->lang, MSG_OFFICE_INBOX_CAPTION),
		.empty = i18n_text(r->lang, box->empty),
		.may_take = who_may(r->who, PERM_CASE_WORK) && department != 0 };
	add_departments(r, &departments, department, &v);
	add_rows(r, list.items, list.count, &v);
	v.pager.next_href = next_href(r, &list, v.department);
	if (!str_is_none(form_text(r->form, STR("despues")))) v.pager.previous_href = r->path;
	if (department) TRY(listen(r, out, box, &v));
	return send(r, out, &v, department);
}

/* --- search --------------------------------------------------------------------------------------------------- */

/* A number that is somebody's opens the case at once. */
static struct err *open_by_number(struct request *r, struct response *out, struct str typed, bool *ret_opened)
{
	struct number number;
	struct case_id_in_scope_row row;
	bool found = false;
	if (number_parse(r->arena, typed, &number)) {
		struct str text = number_format(r->arena, &number);
		TRY(case_id_in_scope(r->db, r->arena,
			&(struct case_id_in_scope_in){ .number = text, .scope = who_scope(r->who) }, &row, &found));
		if (found) response_redirect(out, office_base(r, text));
	}
	*ret_opened = found;
	return NULL;
}

static struct str search_more(struct request *r, struct str typed, struct str department, int64_t before_id)
{
	struct buf out = buf_new(r->arena, 4096);
	buf_add(&out, STR("/oficina/buscar?q="));
	html_url_part(&out, typed);
	buf_printf(&out, "&depto=%.*s&antes=%lld", STR_FMT(department), (long long)before_id);
	return buf_str(&out);
}

struct err *office_search_page(struct request *r, struct response *out)
{
	struct str typed = form_text(r->form, STR("q"));
	struct case_departments departments;
	bool is_opened = false;
	int64_t before = INT64_MAX;
	TRY(case_departments(r->town, r->db, r->arena, r->who->staff_id, &departments));
	int64_t department = chosen(r, &departments);
	TRY(open_by_number(r, out, typed, &is_opened));
	if (is_opened) return NULL;
	form_int(r->form, STR("antes"), 1, INT64_MAX, &before);
	struct case_hits hits = { 0 };
	if (department && !str_is_empty(typed))
		TRY(case_find(r->db, r->arena,
			&(struct case_find){ .scope = who_scope(r->who),
				.department_id = department,
				.compartment = STR("ordinary"),
				.typed = typed,
				.before_id = before },
			&hits));
	struct inbox_view v = { .title = i18n_text(r->lang, MSG_OFFICE_SEARCH_TITLE),
		.caption = i18n_text(r->lang, MSG_OFFICE_SEARCH_CAPTION),
		.empty = i18n_text(r->lang, hits.next ? MSG_OFFICE_EMPTY_SO_FAR : MSG_OFFICE_EMPTY_SEARCH) };
	v.page.search = typed;
	add_departments(r, &departments, department, &v);
	for (size_t i = 0; i < v.departments.count; i++) {
		struct buf href = buf_new(r->arena, 4096);
		buf_add(&href, v.departments.items[i].href);
		buf_add(&href, STR("&q="));
		html_url_part(&href, typed);
		v.departments.items[i].href = buf_str(&href);
	}
	add_rows(r, hits.items, hits.count, &v);
	if (hits.next) v.pager.next_href = search_more(r, typed, v.department, hits.next);
	return send(r, out, &v, department);
}

/* --- "take the next" ------------------------------------------------------------------------------------------ */

struct next_work {
	int64_t department;
	struct str number; /* none: there was nothing to take */
};

struct err *office_next_prepare(struct request *r, struct response *out)
{
	struct next_work *work = ARENA_NEW(r->arena, struct next_work);
	struct case_departments departments;
	(void)out;
	TRY(case_departments(r->town, r->db, r->arena, r->who->staff_id, &departments));
	work->department = chosen(r, &departments);
	r->work = work;
	return NULL;
}

struct err *office_next_commit(struct request *r, struct tx *tx)
{
	struct next_work *work = r->work;
	struct case_by by = case_by_who(r->who);
	int64_t id;
	return case_take_next(tx, r->town, &by, work->department, &id, &work->number);
}

struct err *office_next_answer(struct request *r, struct response *out)
{
	const struct next_work *work = r->work;
	response_redirect(out,
		str_is_none(work->number) ? STR("/oficina/bandeja/equipo") : office_base(r, work->number));
	return NULL;
}
