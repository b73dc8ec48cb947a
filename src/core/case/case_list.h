/*
 * Lists of cases as staff see them: inboxes in keyset pages, by due date. Office pages and the API read the same.
 *
 * A cursor is the place of the last row seen; the page after it is read forward, so page n costs what page 1 does.
 * Search by words is case_find.h.
 */
#pragma once
#include "core/case/case.h"

/* X(enum, name in the API, the stage it shows or NULL) */
#define CASE_BOXES(X)                                                                                        \
	X(BOX_MINE, "mine", NULL)   /* what this person has */                                                   \
	X(BOX_TEAM, "team", NULL)   /* all that is open in a department */                                       \
	X(BOX_LATE, "late", NULL)   /* … and past its due date */                                              \
	X(BOX_WAIT, "wait", "wait") /* the citizen's move */                                                     \
	X(BOX_SIGN, "sign", "sign") /* decided, to be signed */                                                  \
	X(BOX_PAY, "pay", "pay")                                                                                 \
	X(BOX_DELIVER, "deliver", "deliver")                                                                     \
	X(BOX_DONE, "done", NULL) /* closed ones, the newest first */

enum case_box {
#define X(box, name, stage) box,
	CASE_BOXES(X)
#undef X
		CASE_BOX_MAX
};
bool case_box_of_name(struct str name, enum case_box *ret);
const char *case_box_name(enum case_box box);

struct case_cursor {
	struct str key;
	int64_t id;
};
struct case_cursor case_cursor_start(enum case_box box);
/* "2026-11-24_123", as case_list.next has it; false for anything else. */
bool case_cursor_parse(struct str s, struct case_cursor *ret);

struct case_list_ask {
	int64_t staff_id; /* who looks: the list is within their scope */
	enum case_box box;
	int64_t department_id; /* not asked for BOX_MINE */
	struct case_cursor after;
	struct date today; /* in the town's zone */
};
enum { CASE_LIST_PAGE = 50 };
struct case_list {
	const struct case_list_row *items;
	size_t count;    /* at most CASE_LIST_PAGE */
	struct str next; /* the cursor of the page after this one; none on the last */
};
MUST_USE struct err *case_list_read(struct db *db, struct arena *a, const struct case_list_ask *ask,
	struct case_list *ret);

/* The departments whose cases this person may read, in the order of the pack; of the ordinary compartment. */
struct case_departments {
	int64_t *items;
	size_t count;
};
MUST_USE struct err *case_departments(struct town *t, struct db *db, struct arena *a, int64_t staff_id,
	struct case_departments *ret);
/* The one asked for by its id in the pack when it is among them, else the first; 0 when there is none. */
int64_t case_department_choose(struct town *t, const struct case_departments *list, struct str slug);

/* Inside a commit: takes the most urgent case in review that nobody has. *ret_id 0: there is none. */
MUST_USE struct err *case_take_next(struct tx *tx, struct town *t, const struct case_by *by,
	int64_t department_id, int64_t *ret_id, struct str *ret_number);
