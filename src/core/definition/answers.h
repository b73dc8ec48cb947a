/*
 * Answers to a form: typed values in the order of the definition, read from web input or JSON, checked, shown,
 * and written as the canonical bytes that the registry keeps.
 *
 * A page is handled so: answers_from_json(the draft) → answers_read_page(what was posted) →
 * answers_check_page() → save answers_to_json(ANSWERS_DRAFT). Filing: answers_check() over everything, then
 * answers_to_json(ANSWERS_FILED): hidden answers are left out, keys stand in the definition's order, numbers are
 * decimal text, nothing depends on what the browser sent. What was typed and could not be read stays in the
 * draft and can be shown again.
 *
 * Input names: a field's id; "id.part" for the parts of an address ("predio.street"), for the "lat" and "lon"
 * of a point, and for "day", "month", "year" of a date (a single "id" with YYYY-MM-DD is read too);
 * "group.0.field" for the rows of a group. Choices come as several values of one name.
 */
#pragma once
#include "core/definition/expr.h"
#include "core/definition/pack.h"
#include "core/definition/procedure.h"

/* The parts of an address; which a town asks for, their labels and which are compulsory is pack data. */
#define ADDRESS_PARTS(X)                                                                                     \
	X(ADDRESS_STREET, street)                                                                                \
	X(ADDRESS_NUMBER, number)               /* as written; "s/n" when there is none */                       \
	X(ADDRESS_INTERIOR, interior)           /* flat, interior number */                                      \
	X(ADDRESS_BLOCK, block)                 /* manzana */                                                    \
	X(ADDRESS_LOT, lot)                     /* lote */                                                       \
	X(ADDRESS_NEIGHBOURHOOD, neighbourhood) /* colonia, barrio */                                            \
	X(ADDRESS_POSTAL_CODE, postal_code)                                                                      \
	X(ADDRESS_TOWN, town)                                                                                    \
	X(ADDRESS_BETWEEN, between) /* entre calles */                                                           \
	X(ADDRESS_TEXT, text)       /* anything else */

enum address_part {
#define X(e, name) e,
	ADDRESS_PARTS(X)
#undef X
		ADDRESS_PART_MAX
};
struct postal_address {
	struct str parts[ADDRESS_PART_MAX];
};
const char *address_part_name(enum address_part part);
/* One line ("Calle de Ejemplo 123, int. 4, Mz 4, lote 12, Colonia de Muestra, 37000") by the pack's patterns. */
struct str address_line(struct arena *a, const struct pack *pack, const struct postal_address *address,
	struct str lang);

/* A stored upload, as the case will reference it. */
struct attachment {
	struct str id;   /* the program's: row of the file table */
	struct str name; /* as the citizen called it */
	struct str type; /* "application/pdf": found in the content */
	int64_t bytes;
	struct str sha256; /* hex */
};

struct answers_row; /* one row of a group */
struct field_answer {
	bool filled;
	int64_t i;         /* number, money (cents), date (days), yes_no; point: latitude × 10^7 */
	int64_t longitude; /* point: × 10^7 */
	struct str text;   /* text-like types in canonical form; choice: the option's id */
	struct str *items; /* choices: option ids in the definition's order */
	size_t count;      /* … of items, files or rows */
	struct postal_address *address;
	struct attachment *files;
	struct answers_row *rows;
	struct str raw; /* what was typed when it could not be read; then `filled` is false */
	bool visible;   /* kept by the functions below: conditions, page and group hold */
};
struct answers_row {
	struct field_answer *items; /* by field->index inside the group */
};

struct answers_state; /* what follows from the answers, kept up to date when it is asked for */
struct answers {
	struct arena *arena;
	const struct procedure *procedure;
	const struct pack *pack;
	struct date today; /* of filing or filling in, in the town's zone */
	struct field_answer
		*items; /* by field->index; decision fields too; changed by the functions below only */
	struct answers_state *state;
};

struct answers *answers_new(struct arena *a, const struct pack *pack, const struct procedure *p,
	struct date today);
/* Row -1 outside groups. NULL for a row that is not there. */
const struct field_answer *answer_of(const struct answers *s, const struct field *f, int row);
/* The answer with that role, or NULL when nobody has it or it is empty. */
const struct field_answer *answer_with_role(const struct answers *s, enum field_role role);
/* Name of the applicant, one line, from the whole-name role or its parts; STR_NONE when not given. */
struct str answers_applicant_name(const struct answers *s);

/* ---- reading ---------------------------------------------------------------------------------------- */

struct answer_input {
	struct str name, value;
};
struct answer_inputs {
	const struct answer_input *items;
	size_t count;
};
/* Takes what was posted for this page; fields of the page that were not posted become empty, except
 * attachments, which answers_set_files() handles. */
void answers_read_page(struct answers *s, const struct page *page, struct answer_inputs inputs);
void answers_read_decision(struct answers *s, struct answer_inputs inputs);
void answers_read_field(struct answers *s, const struct field *f, int row, struct answer_inputs inputs);
void answers_set_files(struct answers *s, const struct field *f, int row, const struct attachment *files,
	size_t count);

enum answers_form {
	ANSWERS_DRAFT,   /* everything, hidden answers and unreadable text included */
	ANSWERS_FILED,   /* canonical, encoding 1: what is visible and readable, in the definition's order */
	ANSWERS_DECISION /* canonical: the decision fields alone */
};
struct str answers_to_json(struct arena *a, const struct answers *s, enum answers_form form);
/* Takes draft, filed or API JSON. ERR_MALFORMED for no map at all; ERR_INVALID for an unknown name or a value of
 * the wrong shape (the detail says which). Values that have the right shape but break a limit are kept for
 * answers_check(). */
MUST_USE struct err *answers_from_json(struct answers *s, const struct json *map);
/* The same for a draft that may be of an older version: what no longer fits is left out and counted. */
MUST_USE struct err *answers_from_draft(struct answers *s, const struct json *map, int *ret_lost);

/* ---- conditions and checks ------------------------------------------------------------------------- */

bool page_is_visible(const struct answers *s, const struct page *page);
bool field_is_visible(const struct answers *s, const struct field *f, int row); /* its page and group too */
bool field_is_required(const struct answers *s, const struct field *f, int row);
/* The next or previous visible page; NULL past the end. `page` NULL: the first or last. */
const struct page *page_after(const struct answers *s, const struct page *page);
const struct page *page_before(const struct answers *s, const struct page *page);

struct message_param {
	const char *name;
	struct str value;
	struct text text; /* instead of `value`, when it depends on the reader's language */
};
static inline struct str message_param_in(const struct message_param *p, struct str lang)
{
	return text_is_empty(p->text) ? p->value : text_in(p->text, lang);
}
enum { MESSAGE_PARAM_MAX = 4 }; /* "label" and at most two more, then a NULL name */
struct field_error {
	struct str name; /* of the input: "frente", "predio.street", "niveles.2.superficie"; "" the page */
	const struct field *field; /* NULL for the page */
	const struct page *page;   /* where to go to mend it */
	const char *key;           /* in definition.*.po: "answer.required" …; NULL: `text` says it all */
	struct message_param params[MESSAGE_PARAM_MAX]; /* value per key; ends at a NULL name; "label" always */
	struct text text;
	bool is_warning;
	struct field_error *next;
};
struct field_errors {
	struct field_error *first, **end;
	int errors, warnings;
};
/* Visible fields of one page, and the cross-field checks shown on it. */
struct field_errors answers_check_page(const struct answers *s, struct arena *a, const struct page *page);
struct field_errors answers_check(const struct answers *s, struct arena *a); /* all visible pages */
struct field_errors answers_check_decision(const struct answers *s, struct arena *a);

/* ---- what follows from them ------------------------------------------------------------------------- */

struct fee_row {
	const struct fee_line *line;
	bool known; /* false: it depends on something not answered */
	struct money amount;
	struct str explanation; /* "Alineamiento 26.50 × Frente 10 = 265.00" */
};
struct fee_rows {
	struct fee_row *items;
	size_t count;       /* only lines that apply */
	bool known;         /* all are */
	struct money total; /* of the known ones */
};
struct fee_rows answers_fee(const struct answers *s, struct arena *a, struct str lang);

struct summary_row {
	const struct page *page;
	const struct field *field;
	int row;                 /* of a group, -1 outside */
	struct str name;         /* of the input to jump to */
	struct str label, value; /* value may have line breaks; "" when nothing was answered */
};
struct summary_rows {
	struct summary_row *items;
	size_t count;
};
/* What check-your-answers and the case page show: the visible fields in order. */
struct summary_rows answers_summary(const struct answers *s, struct arena *a, struct str lang);
struct summary_rows answers_summary_decision(const struct answers *s, struct arena *a, struct str lang);
struct str answer_display(const struct answers *s, struct arena *a, const struct field *f, int row,
	struct str lang);
/* Whether a requirement of the sheet applies to these answers. */
bool requirement_applies(const struct answers *s, const struct requirement *r);

/* How an expression sees these answers (guards, requirements): valid while `s` is. */
struct expr_env answers_env(const struct answers *s, int row);
