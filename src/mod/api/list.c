/* Lists of cases: inboxes in keyset pages, search by number, name and place, and what is owed. */
#include "core/case/case_list.h"
#include "core/case/case_find.h"
#include "core/i18n.h"
#include "core/staff/queries.h"
#include "mod/api/pages.h"
#include "web/form.h"
#include "i18n/api.h"

static struct err *put_assignee(struct json_writer *w, struct request *r, const struct case_list_row *row)
{
	struct staff_by_id_row staff;
	bool found = false;
	if (!row->has_assignee_id) return NULL;
	TRY(staff_by_id(r->db, r->arena, &(struct staff_by_id_in){ .id = row->assignee_id }, &staff, &found));
	json_key(w, STR("assignee"));
	json_open(w, '{');
	api_put(w, "name", found ? staff.display_name : STR(""));
	api_put_bool(w, "is_you", row->assignee_id == r->who->staff_id);
	json_close(w, '}');
	return NULL;
}

static struct err *put_row(struct json_writer *w, struct request *r, const struct case_list_row *row,
	const char *base)
{
	const struct procedure *p;
	TRY(town_procedure(r->town, r->db, r->arena, row->pack_version_id, row->procedure_slug, &p));
	const struct state *state = procedure_state(p, row->state);
	if (!state)
		return ERR(r->arena, ERR_INTERNAL, NULL, "%.*s has no state %.*s", STR_FMT(p->id),
			STR_FMT(row->state));
	json_open(w, '{');
	api_put(w, "number", row->number);
	api_put_named(w, "procedure", p->id, text_in(p->name, r->lang));
	api_put(w, "applicant", row->applicant_name);
	api_put(w, "place", row->place);
	api_put_state(w, state, r->lang);
	api_put(w, "stage", row->stage);
	api_put(w, "channel", row->channel);
	api_put_instant(w, r->arena, "filed_at", row->filed_at);
	api_put_date(w, r->arena, "due_on", row->due_on);
	TRY(put_assignee(w, r, row));
	json_key(w, STR("links"));
	json_open(w, '{');
	api_put(w, "self", arena_printf(r->arena, "%s/%.*s", base, STR_FMT(row->number)));
	json_close(w, '}');
	json_close(w, '}');
	return NULL;
}

static struct err *send(struct request *r, struct response *out, const struct case_list *list,
	int64_t department, const char *base)
{
	struct api_answer *answer = api_answer(r);
	json_key(&answer->json, STR("cases"));
	json_open(&answer->json, '[');
	for (size_t i = 0; i < list->count; i++)
		TRY(put_row(&answer->json, r, &list->items[i], base));
	json_close(&answer->json, ']');
	api_put_if(&answer->json, "department", town_department_slug(r->town, department));
	api_put_if(&answer->json, "next", list->next);
	return api_send(answer, out, 200);
}

static struct err *refuse(struct request *r, struct response *out, const char *field, enum message m)
{
	struct api_problems problems = { 0 };
	api_problem_add(r, &problems, str_of(field), "query.unknown", i18n_text(r->lang, m));
	api_problems_answer(r, out, &problems);
	return NULL;
}

/* The department asked for, or the first. *ret 0: there is none. False: not one of theirs. */
static struct err *department_of(struct request *r, int64_t *ret, bool *ret_known)
{
	struct case_departments mine;
	struct str asked = form_text(r->form, STR("department"));
	TRY(case_departments(r->town, r->db, r->arena, r->who->staff_id, &mine));
	*ret = case_department_choose(r->town, &mine, asked);
	*ret_known = str_is_none(asked) || (*ret && *ret == town_department_id(r->town, asked));
	return NULL;
}

static struct err *search(struct request *r, int64_t department, struct str typed, bool *ret_sound,
	struct case_list *ret)
{
	struct case_hits hits = { 0 };
	struct str after = form_text(r->form, STR("after"));
	int64_t before = INT64_MAX;
	*ret_sound = str_is_none(after) || str_to_int64(after, 1, INT64_MAX, &before);
	if (*ret_sound && department)
		TRY(case_find(r->db, r->arena,
			&(struct case_find){ .scope = who_scope(r->who),
				.department_id = department,
				.compartment = STR("ordinary"),
				.typed = typed,
				.before_id = before },
			&hits));
	*ret = (struct case_list){ hits.items, hits.count, STR_NONE };
	if (hits.next) ret->next = arena_printf(r->arena, "%lld", (long long)hits.next);
	return NULL;
}

static struct err *read_box(struct request *r, int64_t department, enum case_box box, bool *ret_sound,
	struct case_list *ret)
{
	struct str after = form_text(r->form, STR("after"));
	struct case_list_ask ask = { .staff_id = r->who->staff_id,
		.box = box,
		.department_id = department,
		.after = case_cursor_start(box),
		.today = zone_date(r->town->zone, r->now) };
	*ret_sound = str_is_none(after) || case_cursor_parse(after, &ask.after);
	*ret = (struct case_list){ NULL, 0, STR_NONE };
	return *ret_sound && (department || box == BOX_MINE) ? case_list_read(r->db, r->arena, &ask, ret) : NULL;
}

static struct err *list_page(struct request *r, struct response *out, enum case_box box, const char *base)
{
	int64_t department;
	bool is_known, is_sound;
	struct case_list list;
	struct str typed = form_text(r->form, STR("q"));
	TRY(api_query(r, out));
	if (r->is_answered) return NULL;
	TRY(department_of(r, &department, &is_known));
	if (!is_known) return refuse(r, out, "department", MSG_API_DEPARTMENT);
	if (str_is_none(typed))
		TRY(read_box(r, department, box, &is_sound, &list));
	else
		TRY(search(r, department, typed, &is_sound, &list));
	return is_sound ? send(r, out, &list, department, base) : refuse(r, out, "after", MSG_API_CURSOR);
}

struct err *api_list_page(struct request *r, struct response *out)
{
	enum case_box box = BOX_TEAM;
	case_box_of_name(form_text(r->form, STR("box")), &box);
	return list_page(r, out, box, "/api/v1/expedientes");
}

struct err *api_owed_list_page(struct request *r, struct response *out)
{
	return list_page(r, out, BOX_PAY, "/api/v1/caja");
}

struct err *api_owed_page(struct request *r, struct response *out)
{
	struct case_record c;
	TRY(case_load(r->town, r->db, r->arena, r->case_id, &c));
	if (case_is_paid(&c))
		return ERR(r->arena, ERR_CONFLICT, "case.paid", "nothing is owed for %.*s", STR_FMT(c.row.number));
	struct api_answer *answer = api_answer(r);
	struct json_writer *w = &answer->json;
	api_put(w, "number", c.row.number);
	api_put_int(w, "revision", c.row.revision);
	api_put_named(w, "procedure", c.procedure->id, text_in(c.procedure->name, r->lang));
	api_put(w, "applicant", c.row.applicant_name);
	api_put_fee(w, r, &c);
	json_key(w, STR("links"));
	json_open(w, '{');
	api_put(w, "pay", arena_printf(r->arena, "%.*s/pago", STR_FMT(api_case_href(r->arena, c.row.number))));
	json_close(w, '}');
	return api_send(answer, out, 200);
}
