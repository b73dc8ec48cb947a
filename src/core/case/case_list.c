#include "core/case/case_list.h"
#include "core/staff/queries.h"

enum { CURSOR_MAX = 100 };
#define LAST_KEY "~" /* sorts after every queue key */

static const struct {
	const char *name, *stage;
} boxes[] = {
#define X(box, name, stage) { name, stage },
	CASE_BOXES(X)
#undef X
};

bool case_box_of_name(struct str name, enum case_box *ret)
{
	for (int box = 0; box < CASE_BOX_MAX; box++) {
		if (!str_eq(name, str_of(boxes[box].name))) continue;
		*ret = (enum case_box)box;
		return true;
	}
	return false;
}

const char *case_box_name(enum case_box box)
{
	must(box < CASE_BOX_MAX);
	return boxes[box].name;
}

/* --- cursors ------------------------------------------------------------------------------------------------------ */

struct case_cursor case_cursor_start(enum case_box box)
{
	return box == BOX_DONE ? (struct case_cursor){ STR(LAST_KEY), INT64_MAX }
						   : (struct case_cursor){ STR(""), 0 };
}

bool case_cursor_parse(struct str s, struct case_cursor *ret)
{
	ptrdiff_t at = -1;
	for (size_t i = 0; i < s.n; i++)
		at = s.p[i] == '_' ? (ptrdiff_t)i : at;
	int64_t id;
	if (at < 0 || s.n > CURSOR_MAX || !str_to_int64(str_slice(s, (size_t)at + 1, s.n), 0, INT64_MAX, &id))
		return false;
	*ret = (struct case_cursor){ str_slice(s, 0, (size_t)at), id };
	return true;
}

/* --- reading a page ------------------------------------------------------------------------------------------------ */

struct rows {
	const struct case_list_row *items;
	size_t count;
};

static struct err *read_mine(struct db *db, struct arena *a, const struct case_list_ask *ask,
	struct rows *ret)
{
	struct case_page_mine_rows rows;
	TRY(case_page_mine(db, a,
		&(struct case_page_mine_in){ .assignee_id = ask->staff_id,
			.after_key = ask->after.key,
			.after_id = ask->after.id,
			.scope = { .staff_id = ask->staff_id } },
		&rows));
	*ret = (struct rows){ rows.items, rows.count };
	return NULL;
}

static struct err *read_open(struct db *db, struct arena *a, const struct case_list_ask *ask,
	struct rows *ret)
{
	struct str before = ask->box == BOX_LATE ? date_iso(a, ask->today) : STR(LAST_KEY);
	struct case_page_open_rows rows;
	TRY(case_page_open(db, a,
		&(struct case_page_open_in){ .department_id = ask->department_id,
			.compartment = STR("ordinary"),
			.after_key = ask->after.key,
			.after_id = ask->after.id,
			.before_key = before,
			.scope = { .staff_id = ask->staff_id } },
		&rows));
	*ret = (struct rows){ rows.items, rows.count };
	return NULL;
}

static struct err *read_stage(struct db *db, struct arena *a, const struct case_list_ask *ask,
	struct rows *ret)
{
	struct case_page_by_stage_rows rows;
	TRY(case_page_by_stage(db, a,
		&(struct case_page_by_stage_in){ .department_id = ask->department_id,
			.compartment = STR("ordinary"),
			.stage = str_of(boxes[ask->box].stage),
			.after_key = ask->after.key,
			.after_id = ask->after.id,
			.scope = { .staff_id = ask->staff_id } },
		&rows));
	*ret = (struct rows){ rows.items, rows.count };
	return NULL;
}

static struct err *read_done(struct db *db, struct arena *a, const struct case_list_ask *ask,
	struct rows *ret)
{
	struct case_page_done_rows rows;
	TRY(case_page_done(db, a,
		&(struct case_page_done_in){ .department_id = ask->department_id,
			.compartment = STR("ordinary"),
			.before_key = ask->after.key,
			.before_id = ask->after.id,
			.scope = { .staff_id = ask->staff_id } },
		&rows));
	*ret = (struct rows){ rows.items, rows.count };
	return NULL;
}

static struct err *read_rows(struct db *db, struct arena *a, const struct case_list_ask *ask,
	struct rows *ret)
{
	switch (ask->box) {
	case BOX_MINE: return read_mine(db, a, ask, ret);
	case BOX_TEAM:
	case BOX_LATE: return read_open(db, a, ask, ret);
	case BOX_DONE: return read_done(db, a, ask, ret);
	default: return read_stage(db, a, ask, ret);
	}
}

struct err *case_list_read(struct db *db, struct arena *a, const struct case_list_ask *ask,
	struct case_list *ret)
{
	struct rows rows;
	TRY(read_rows(db, a, ask, &rows));
	*ret = (struct case_list){ rows.items, rows.count, STR_NONE };
	if (rows.count <= CASE_LIST_PAGE) return NULL;
	const struct case_list_row *last = &rows.items[CASE_LIST_PAGE - 1];
	ret->count = CASE_LIST_PAGE;
	ret->next = arena_printf(a, "%.*s_%lld", STR_FMT(last->queue_key), (long long)last->id);
	return NULL;
}

/* --- whose cases --------------------------------------------------------------------------------------------------- */

/* Grant 0 stands for every department. */
static bool is_granted(const struct scope_grant_all_rows *grants, int64_t department)
{
	for (size_t i = 0; i < grants->count; i++) {
		const struct scope_grant_all_row *grant = &grants->items[i];
		if (!str_eq(grant->compartment, STR("ordinary"))) continue;
		if (grant->department_id == department || grant->department_id == 0) return true;
	}
	return false;
}

struct err *case_departments(struct town *t, struct db *db, struct arena *a, int64_t staff_id,
	struct case_departments *ret)
{
	struct scope_grant_all_rows grants;
	TRY(scope_grant_all(db, a, &(struct scope_grant_all_in){ .staff_id = staff_id }, &grants));
	const struct departments *all = &town_pack(t)->departments;
	struct case_departments list = { ARENA_ARRAY(a, int64_t, all->count), 0 };
	for (size_t i = 0; i < all->count; i++) {
		int64_t id = town_department_id(t, all->items[i].id);
		if (id && is_granted(&grants, id)) list.items[list.count++] = id;
	}
	*ret = list;
	return NULL;
}

int64_t case_department_choose(struct town *t, const struct case_departments *list, struct str slug)
{
	int64_t asked = town_department_id(t, slug);
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i] == asked) return asked;
	return list->count ? list->items[0] : 0;
}

struct err *case_take_next(struct tx *tx, struct town *t, const struct case_by *by, int64_t department_id,
	int64_t *ret_id, struct str *ret_number)
{
	struct case_next_unassigned_row row;
	bool found;
	TRY(case_next_unassigned(tx->db, tx->arena,
		&(struct case_next_unassigned_in){ .department_id = department_id,
			.compartment = STR("ordinary"),
			.scope = { .staff_id = by->staff_id } },
		&row, &found));
	if (found) {
		struct case_step step = { t, row.id, row.revision, *by };
		TRY(case_take(tx, &step, by->staff_id));
	}
	*ret_id = found ? row.id : 0;
	*ret_number = found ? row.number : STR_NONE;
	return NULL;
}
