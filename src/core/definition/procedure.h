/*
 * A procedure (trámite), as read from one YAML file: the model that every screen, form, case, document and
 * record is made from. Read-only once loaded; it lives in the arena of its pack.
 *
 * Where to start: `struct procedure` at the end. How the file looks: docs/definitions.md and packs/leon/.
 * What is entered against it: answers.h. Conditions and amounts: expr.h. The town around it: pack.h.
 * Every list is { items, count }; every id is lower-case letters, digits, '-' and '_'; a missing optional text
 * has count 0, a missing optional string is STR_NONE, a missing expression is NULL.
 */
#pragma once
#include "base/instant.h"
#include "base/money.h"
#include "core/definition/text.h"

struct expr;          /* a checked expression: expr.h */
struct document_part; /* a parsed document body: document.h */

/* ---- spans of time --------------------------------------------------------------------------------- */

/* X(enum, name in the file) */
#define SPAN_UNITS(X)                                                                                        \
	X(SPAN_UNKNOWN, "unknown") /* no figure is known: screens say "sin dato", nothing is computed */         \
	X(SPAN_IMMEDIATE, "immediate")                                                                           \
	X(SPAN_HOURS, "hours")                                                                                   \
	X(SPAN_WORKING_DAYS, "working_days")                                                                     \
	X(SPAN_CALENDAR_DAYS, "calendar_days")                                                                   \
	X(SPAN_MONTHS, "months")                                                                                 \
	X(SPAN_YEARS, "years")                                                                                   \
	X(SPAN_CURRENT_YEAR, "current_year") /* to 31 December of the year of issue */                           \
	X(SPAN_PERMANENT, "permanent")

enum span_unit {
#define X(e, name) e,
	SPAN_UNITS(X)
#undef X
		SPAN_UNIT_MAX
};

/* "15 working days" (min = max = 15), "15 to 30 working days" (min 15, max 30). The due date uses max. */
struct span {
	enum span_unit unit;
	int min, max;
	struct text note;
	struct str source;
};

/* ---- the public sheet (ficha) ---------------------------------------------------------------------- */

struct legal_basis {
	struct text law;    /* the rule's name */
	struct str article; /* "27, fracción VII" or none */
	struct str url;     /* or none */
	struct str source;
};
struct legal_bases {
	struct legal_basis *items;
	size_t count;
};

enum requirement_form {
	REQUIREMENT_DIGITAL,
	REQUIREMENT_ORIGINAL,
	REQUIREMENT_COPY,
	REQUIREMENT_BOTH,
	REQUIREMENT_NOTHING /* the town looks it up itself; the citizen brings nothing */
};

struct requirement {
	struct str id;
	struct text name;
	struct text detail; /* what counts, in which shape */
	struct text origin; /* who issues it */
	struct text how;    /* how to get it */
	enum requirement_form form;
	int copies;
	struct str field;     /* the attachment or field of the form that receives it, or none */
	struct str procedure; /* the procedure of this town that yields it, or none (dependency graph) */
	struct str icon;
	const struct expr *when; /* only then is it needed; NULL: always */
	struct str source;
};
struct requirements {
	struct requirement *items;
	size_t count;
};

enum silence_effect { SILENCE_UNKNOWN, SILENCE_NONE, SILENCE_NEGATIVE, SILENCE_POSITIVE };

/* What happens when the town does not answer in time. Nothing automatic follows unless `confirmed`. */
struct silence {
	enum silence_effect effect;
	struct text explanation;
	struct legal_bases basis;
	bool confirmed;
	struct str source;
};

enum fee_moment { FEE_NONE, FEE_ON_FILING, FEE_AFTER_ASSESSMENT, FEE_ON_DELIVERY };

/* What cards and the sheet's first lines say; the lines themselves are `struct fee_line`. */
struct fee_summary {
	bool is_free;
	bool has_amount;
	struct money amount; /* the usual case */
	struct text summary; /* "Según superficie" when there is no single amount */
	struct text where;   /* where and how it is paid */
	enum fee_moment moment;
	struct str source;
};

enum channel { CHANNEL_ONLINE = 1 << 0, CHANNEL_IN_PERSON = 1 << 1, CHANNEL_PHONE = 1 << 2 };

struct sheet_step { /* one stop of "cómo es el camino" */
	struct text title, text;
};
struct sheet_steps {
	struct sheet_step *items;
	size_t count;
};
struct str_list {
	struct str *items;
	size_t count;
};

struct sheet {
	struct text what;     /* what it is and what for: the lead */
	struct text who;      /* who may ask */
	struct text receives; /* what comes out */
	struct text notes;
	int minutes; /* usual time to fill it in; 0: unknown */
	struct requirements requirements;
	struct legal_bases basis;
	struct sheet_steps steps;
	struct fee_summary fee;
	struct span term;       /* maximum time to answer */
	struct span prevention; /* the town's time to say what is missing */
	struct span correction; /* the citizen's time to bring it */
	struct span validity;   /* of the document that comes out */
	struct silence silence;
	unsigned channels;       /* enum channel bits */
	struct date reviewed_on; /* last review of the sheet, or DATE_NONE */
};

/* ---- the form -------------------------------------------------------------------------------------- */

/* X(enum, name in the file, holds an answer) */
#define FIELD_TYPES(X)                                                                                       \
	X(FIELD_TEXT, "text", true)                                                                              \
	X(FIELD_TEXTAREA, "textarea", true)                                                                      \
	X(FIELD_NUMBER, "number", true) /* exact, to six decimals */                                             \
	X(FIELD_MONEY, "money", true)                                                                            \
	X(FIELD_DATE, "date", true)                                                                              \
	X(FIELD_CHOICE, "choice", true)   /* one of the options */                                               \
	X(FIELD_CHOICES, "choices", true) /* any of the options */                                               \
	X(FIELD_YES_NO, "yes_no", true)                                                                          \
	X(FIELD_CURP, "curp", true)                                                                              \
	X(FIELD_RFC, "rfc", true) /* a wrong check digit warns and does not refuse */                            \
	X(FIELD_NIF, "nif", true) /* NIF, NIE or CIF */                                                          \
	X(FIELD_PHONE, "phone", true)                                                                            \
	X(FIELD_MAIL, "mail", true)                                                                              \
	X(FIELD_ADDRESS, "address", true)             /* structured parts: struct address in answers.h */        \
	X(FIELD_POINT, "point", true)                 /* latitude and longitude */                               \
	X(FIELD_CADASTRAL_KEY, "cadastral_key", true) /* mask: the pack's */                                     \
	X(FIELD_ATTACHMENT, "attachment", true)                                                                  \
	X(FIELD_GROUP, "group", true) /* repeated rows of `fields` */                                            \
	X(FIELD_HEADING, "heading", false)                                                                       \
	X(FIELD_NOTE, "note", false) /* explanation between fields */

enum field_type {
#define X(e, name, answers) e,
	FIELD_TYPES(X)
#undef X
		FIELD_TYPE_MAX
};

/* What a field means to the case that is filed: who asks, where, how to reach them. At most one of each,
 * except the parts of a name. */
#define FIELD_ROLES(X)                                                                                       \
	X(ROLE_NONE, "none")                                                                                     \
	X(ROLE_APPLICANT_NAME, "applicant_name")         /* the whole name, or … */                            \
	X(ROLE_APPLICANT_GIVEN, "applicant_given")       /* … given names and */                               \
	X(ROLE_APPLICANT_SURNAMES, "applicant_surnames") /* … surnames apart */                                \
	X(ROLE_APPLICANT_ID, "applicant_id")             /* CURP, NIF… */                                      \
	X(ROLE_APPLICANT_TAX_ID, "applicant_tax_id")                                                             \
	X(ROLE_APPLICANT_MAIL, "applicant_mail")                                                                 \
	X(ROLE_APPLICANT_PHONE, "applicant_phone")                                                               \
	X(ROLE_NOTIFY_BY, "notify_by")               /* choice: mail, message, phone, counter */                 \
	X(ROLE_REPRESENTED_NAME, "represented_name") /* on whose behalf the applicant acts */                    \
	X(ROLE_REPRESENTED_ID, "represented_id")                                                                 \
	X(ROLE_PLACE_ADDRESS, "place_address")                                                                   \
	X(ROLE_PLACE_POINT, "place_point")                                                                       \
	X(ROLE_PLACE_KEY, "place_key") /* cadastral key */

enum field_role {
#define X(e, name) e,
	FIELD_ROLES(X)
#undef X
		FIELD_ROLE_MAX
};

enum personal_class { PERSONAL_NONE, PERSONAL_ORDINARY, PERSONAL_SENSITIVE };

struct option {
	struct str id;
	struct text label, hint;
};
struct options {
	struct option *items;
	size_t count;
};

enum accepted_type { ACCEPT_PDF = 1 << 0, ACCEPT_JPEG = 1 << 1, ACCEPT_PNG = 1 << 2, ACCEPT_DXF = 1 << 3 };

struct field;
struct fields {
	struct field *items;
	size_t count;
};

struct field {
	struct str id;
	enum field_type type;
	int index;                 /* slot in `struct answers` (or in the row, inside a group) */
	int page;                  /* index of its page; -1 for a decision field */
	const struct field *group; /* the group it stands in, or NULL */
	struct text label;         /* the question */
	struct text short_label;   /* for summaries, explanations and documents; falls back to label */
	struct text hint;
	enum field_role role;
	enum personal_class personal;

	bool required;                    /* true unless the file says otherwise */
	const struct expr *required_when; /* replaces `required` when present */
	const struct expr *when;          /* shown only then; a hidden field has no answer */

	/* Limits; which apply depends on the type, and the check says so. */
	bool has_min, has_max;
	int64_t min, max;                       /* number: millionths; money: cents; date: days since 1970 */
	const struct expr *min_date, *max_date; /* date bounds that move ("today") */
	int min_length, max_length;             /* characters; max_length is always set */
	int decimals;                           /* number: at most so many, 0–6 */
	int rows;                               /* textarea: height */
	struct str pattern;                     /* text: a mask of mask.h; the whole text must match */
	struct text pattern_message;            /* how to mend it */
	struct text unit;                       /* number: "metros" */
	struct str autocomplete;                /* HTML token, or none */
	struct options options;                 /* choice, choices */
	bool as_select;                         /* choice: a drop-down, not radio buttons */
	unsigned accept;                        /* attachment: enum accepted_type bits */
	int64_t max_bytes;                      /* attachment: a file */
	int max_files;                          /* attachment */
	bool only_inside;                       /* point: within the outline of the town's map */
	int min_rows, max_rows;                 /* group */
	struct fields fields;                   /* group */
	struct text row_label;                  /* group: "Nivel" → "Nivel 2" */
	struct text text;                       /* note: Markdown of paragraphs and lists */
	struct str source;
	int line, column; /* where it stands in the file */
};

struct page {
	struct str id;
	struct text title; /* the page's question */
	struct text name;  /* two words for the list of steps; falls back to title */
	struct text intro;
	const struct expr *when;
	struct fields fields;
};
struct pages {
	struct page *items;
	size_t count;
};

/* A rule over several fields: when `rule` is no, `message` is shown at `field`. A rule about something not
 * answered is not broken. */
struct form_check {
	struct str id;
	const struct expr *when, *rule;
	struct text message;
	struct str field; /* where the error is shown; none: the page's top */
	bool is_warning;  /* shown, but does not stop */
};
struct form_checks {
	struct form_check *items;
	size_t count;
};

struct form_definition {
	struct pages pages;
	struct form_checks checks;
	struct fields decision;  /* what the clerk fills in when approving: pages do not show these */
	int slots;               /* answers of the whole form, decision fields included */
	struct text declaration; /* what the applicant declares when signing */
};

/* ---- money ------------------------------------------------------------------------------------------ */

/* A named figure of the tariff, so that expressions and explanations can name it. */
struct constant {
	struct str id;
	struct text label;
	int value_type; /* enum expr_type: EXPR_AMOUNT, EXPR_NUMBER or EXPR_PERCENT */
	int64_t value;  /* cents, millionths, or millionths of one (10 % = 100000) */
	struct str source;
};
struct constants {
	struct constant *items;
	size_t count;
};

struct fee_line {
	struct str id; /* later lines may name it */
	struct text label;
	const struct expr *when, *amount;
	struct legal_bases basis;
	struct str source;
};
struct fee_lines {
	struct fee_line *items;
	size_t count;
};

/* ---- the way of a case ------------------------------------------------------------------------------ */

/* The verbs the program knows. What each may do is data of the transition. */
#define ACTIONS(X)                                                                                           \
	X(ACTION_FILE, "file") /* only as the creation: to the first state */                                    \
	X(ACTION_TAKE, "take") /* a clerk starts the review */                                                   \
	X(ACTION_ASK_CORRECTION, "ask_correction")                                                               \
	X(ACTION_ANSWER_CORRECTION, "answer_correction")                                                         \
	X(ACTION_APPROVE, "approve")                                                                             \
	X(ACTION_REFUSE, "refuse")                                                                               \
	X(ACTION_DELIVER, "deliver")                                                                             \
	X(ACTION_WITHDRAW, "withdraw")                                                                           \
	X(ACTION_EXPIRE, "expire") /* time ran out for the citizen */                                            \
	X(ACTION_REOPEN, "reopen")

enum action {
#define X(e, name) e,
	ACTIONS(X)
#undef X
		ACTION_MAX
};

enum state_turn { TURN_TOWN, TURN_CITIZEN, TURN_NOBODY }; /* whose move is it */
enum state_outcome { OUTCOME_OPEN, OUTCOME_APPROVED, OUTCOME_REFUSED, OUTCOME_WITHDRAWN, OUTCOME_EXPIRED };
enum transition_who { WHO_STAFF, WHO_CITIZEN, WHO_SYSTEM };
enum transition_need {
	NEED_REASONS = 1 << 0,   /* a written motive */
	NEED_PAYMENT = 1 << 1,   /* the assessed fee paid */
	NEED_SIGNATURE = 1 << 2, /* the officer's second confirmation and the organ's seal */
	NEED_ITEMS = 1 << 3,     /* the list of what must be corrected */
	NEED_DECISION = 1 << 4,  /* the decision fields valid */
};
enum clock_effect { CLOCK_NONE, CLOCK_PAUSE, CLOCK_RESUME, CLOCK_STOP };

struct state {
	struct str id;
	struct text name;    /* for the office */
	struct text citizen; /* one line for the citizen: where it is and what follows */
	enum state_turn turn;
	enum state_outcome outcome;
	bool is_final;
};
struct states {
	struct state *items; /* the first is the one a filing begins in */
	size_t count;
};

struct transition {
	enum action action;
	struct str_list from; /* state ids */
	struct str to;
	struct text label; /* the button */
	enum transition_who who;
	struct str permission; /* staff: "case.decide"; none: whoever may see the case */
	unsigned needs;        /* enum transition_need bits */
	enum clock_effect clock;
	struct str document;     /* id of the document this transition issues, or none */
	struct span after;       /* system: so long after entering the state; unit SPAN_UNKNOWN: not timed */
	const struct expr *when; /* guard over answers and decision fields */
};
struct transitions {
	struct transition *items;
	size_t count;
};

struct workflow {
	struct str id; /* the file in workflows/, or none when inline */
	struct states states;
	struct transitions transitions;
};

/* ---- documents -------------------------------------------------------------------------------------- */

enum document_kind { DOCUMENT_PERMIT, DOCUMENT_REFUSAL, DOCUMENT_NOTICE };

struct document_body {
	struct str lang;
	struct str file;                   /* "documents/alineamiento-permiso.md" */
	struct str text;                   /* Markdown with {{names}} */
	const struct document_part *parts; /* the same, parsed and checked: document_fill() */
};
struct document {
	struct str id;
	enum document_kind kind;
	struct text title;
	struct document_body *bodies; /* one a language, the first is the fallback */
	size_t body_count;
	struct str officer;   /* id of the post that signs: pack officers */
	struct str grant;     /* field whose value is shown large, "123"; or none */
	struct span validity; /* unit SPAN_UNKNOWN: the sheet's */
};
struct documents {
	struct document *items;
	size_t count;
};

/* ---- the rest --------------------------------------------------------------------------------------- */

enum retention_then { RETENTION_ERASE, RETENTION_ARCHIVE, RETENTION_ANONYMISE };
struct retention {
	struct span span; /* from the case's end */
	enum retention_then then;
	struct legal_bases basis;
	struct str source;
};

/* A test of the definition itself: pack_test() runs it. */
struct expect_error {
	struct str field, key;
}; /* key none: any error at that field */
struct expect_text {
	struct str document, contains;
};
struct definition_test {
	struct str name;
	const struct json *answers, *decision; /* as answers_from_json() reads them; decision may be NULL */
	bool expects_valid;                    /* `errors: []` or no errors key with other expectations */
	struct expect_error *errors;
	size_t error_count;
	bool has_fee;
	struct money fee;
	struct expect_text *texts;
	size_t text_count;
	bool has_pages;
	struct str_list pages;        /* ids of the visible pages, in order */
	struct date filed_on, due_on; /* both or DATE_NONE */
	int line;
};
struct definition_tests {
	struct definition_test *items;
	size_t count;
};

/* A file the definition was read from: what a stored version must keep. */
struct definition_file {
	struct str path, text;
};

struct procedure {
	struct str id;     /* = slug = file name: "alineamiento-y-numero-oficial" */
	struct str prefix; /* of case numbers: "AN" */
	int version;
	struct text name;         /* "Alineamiento y Número Oficial" */
	struct text summary;      /* one plain line for cards */
	struct str department;    /* id in the pack */
	struct str_list offices;  /* ids in the pack: where it can be asked for in person */
	struct str topic;         /* id in the pack: "casa-y-terreno" */
	struct str_list keywords; /* how people say it: "número de mi casa" */
	struct str icon;          /* of icons.svg without "i-" */
	int most_used;            /* rank on the home page from 1; 0: not there */
	bool is_online;           /* has a form */
	struct str regime;        /* the rule set of its clock; none: the pack's */
	struct sheet sheet;
	struct form_definition form;
	struct constants constants;
	struct fee_lines fees;
	struct workflow workflow;
	struct documents documents;
	struct retention retention;
	struct definition_tests tests;
	struct str source;
	struct definition_file *files; /* the YAML first, then workflow and document bodies */
	size_t file_count;
};

/* Look-ups by id; NULL when there is none. procedure_field() also finds decision fields, and the fields of a
 * group by "group.field". */
const struct field *procedure_field(const struct procedure *p, struct str id);
const struct field *procedure_field_with_role(const struct procedure *p, enum field_role role);
const struct page *procedure_page(const struct procedure *p, struct str id);
const struct state *procedure_state(const struct procedure *p, struct str id);
const struct document *procedure_document(const struct procedure *p, struct str id);
const struct fee_line *procedure_fee_line(const struct procedure *p, struct str id);
const struct option *field_option(const struct field *f, struct str id);
struct text field_short_label(const struct field *f); /* short_label, or label */
static inline struct text page_short_name(const struct page *page)
{
	return text_is_empty(page->name) ? page->title : page->name;
}
/* The transition by which `who` may leave `state` with that action; NULL when there is none. The guard and the
 * needs are the caller's to check. */
const struct transition *procedure_transition(const struct procedure *p, struct str state, enum action action,
	enum transition_who who);
/* All that leave a state, in the order of the file. Returns the count; ret has room for `max`. */
size_t procedure_transitions_from(const struct procedure *p, struct str state, enum transition_who who,
	const struct transition **ret, size_t max);
static inline const struct state *procedure_first_state(const struct procedure *p)
{
	return p->workflow.states.count ? &p->workflow.states.items[0] : NULL;
}

bool field_type_has_answer(enum field_type type);
const char *field_type_name(enum field_type type);
const char *field_role_name(enum field_role role);
const char *span_unit_name(enum span_unit unit);
const char *action_name(enum action action);
bool action_of_name(struct str name, enum action *ret);
const char *channel_name(enum channel channel); /* "online", "in_person", "phone" */
