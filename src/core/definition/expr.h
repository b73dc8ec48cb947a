/*
 * The expression language of definitions: conditions, checks and amounts.
 *
 *   uso == 'casa' and (frente > 10 or not familia_numerosa)
 *   tarifa * max(frente, 10) - 10% * tarifa
 *   sum(niveles.superficie * niveles.cajones) >= 120 and age(nacimiento) >= 18
 *
 * Exact decimals, no loops, no allocation while evaluating, cost bounded by the number of nodes. Types are
 * checked at load: yes/no, number, amount, percentage, text, date, days, list of text. A literal without a unit
 * adapts to its neighbour (`if(x, 25.50, 0) + tarifa` is an amount). "No answer" is a value: arithmetic with it
 * gives no answer, a comparison with it is no, `and or not if` take it for no, filled(x) asks for it. Overflow
 * and division by zero give no answer. Each × or ÷ on an amount rounds half away from zero to the cent, on
 * numbers to the millionth. The same tree is exported as JSON and evaluated by web/js/expr.js;
 * tests/expressions/cases.tsv holds both to the same results.
 *
 * expr_compile() first; the grammar is at the top of expr_parse.c, the type rules in expr_check.c.
 */
#pragma once
#include "base/instant.h"
#include "base/json.h"
#include "base/money.h"
#include "core/definition/finding.h"
#include "core/definition/text.h"

enum expr_type {
	EXPR_YES_NO,
	EXPR_NUMBER,  /* millionths */
	EXPR_AMOUNT,  /* cents */
	EXPR_PERCENT, /* millionths of one: 10 % is 100000 */
	EXPR_TEXT,
	EXPR_DATE, /* days since 1970 */
	EXPR_DAYS,
	EXPR_LIST,    /* of text */
	EXPR_GROUP,   /* the rows of a repeated group: only for count(), sum() and filled() */
	EXPR_LITERAL, /* a bare number, before it took its neighbour's type; never after expr_compile() */
	EXPR_WRONG,   /* after an error */
	EXPR_TYPE_MAX
};
const char *expr_type_name(enum expr_type type);

struct expr_value {
	enum expr_type type;
	bool has;  /* false: no answer */
	int64_t i; /* yes/no (0, 1), number, amount, percentage, date, days; rows of a group */
	struct str text;
	const struct str *items; /* list */
	size_t count;
};
static inline struct expr_value expr_none(enum expr_type type) { return (struct expr_value){ .type = type }; }
static inline struct expr_value expr_int(enum expr_type type, int64_t i)
{
	return (struct expr_value){ .type = type, .has = true, .i = i };
}
struct expr_value expr_text(struct str s); /* no answer when empty */

/* What an expression may name. */
struct expr_name {
	struct str id; /* "frente"; a field of a group: "niveles.superficie" */
	enum expr_type type;
	struct text label;
	bool is_constant; /* `constant` is its value */
	struct expr_value constant;
	bool is_later;    /* known, but stands after the place of the expression: naming it is an error */
	int line;         /* where it is declared, for messages; 0: built in */
	struct str group; /* the group it stands in, or none */
	const struct str *options; /* choice(s): the texts it may have, else NULL */
	const struct text *option_labels;
	size_t option_count;
	const void *what; /* the caller's own: a field, a fee line */
};
struct expr_scope {
	const struct expr_name *items;
	size_t count;
	struct str group; /* inside the rows of this group its fields may be named without prefix */
};

enum expr_op {
	EXPR_OP_VALUE,
	EXPR_OP_NAME,
	EXPR_OP_NOT,
	EXPR_OP_NEGATE,
	EXPR_OP_AND,
	EXPR_OP_OR,
	EXPR_OP_EQ,
	EXPR_OP_NE,
	EXPR_OP_LT,
	EXPR_OP_LE,
	EXPR_OP_GT,
	EXPR_OP_GE,
	EXPR_OP_ADD,
	EXPR_OP_SUB,
	EXPR_OP_MUL,
	EXPR_OP_DIV,
	EXPR_OP_IF,
	EXPR_OP_MIN,
	EXPR_OP_MAX,
	EXPR_OP_ROUND,
	EXPR_OP_AGE,
	EXPR_OP_FILLED,
	EXPR_OP_CONTAINS,
	EXPR_OP_SUM,
	EXPR_OP_COUNT
};

struct expr_node {
	enum expr_op op;
	enum expr_type type;
	int column;                   /* in characters from 1, within the expression */
	struct expr_value value;      /* EXPR_OP_VALUE */
	const struct expr_name *name; /* EXPR_OP_NAME; EXPR_OP_SUM and _COUNT over rows: the group */
	struct str word;              /* a name, as written */
	int64_t places;               /* EXPR_OP_ROUND: decimals kept */
	struct expr_node *first;      /* operands */
	struct expr_node *next;
};

struct expr {
	struct str source;
	int line, column; /* of its first character in the file */
	const struct expr_node *root;
	enum expr_type type;
};

/* A tree is at most EXPR_MAX_DEPTH high, so that its JSON fits base/json.h: a sum of 27 terms has to be split. */
enum { EXPR_MAX_BYTES = 2000, EXPR_MAX_DEPTH = 26, EXPR_MAX_NODES = 500 };

/* Reads and checks. `expected` is the type wanted, or EXPR_TYPE_MAX for any. NULL when findings were added (all
 * of this expression, at line:column plus the place inside it). `scope` must live as long as the result. */
struct expr *expr_compile(struct arena *a, struct str source, const struct expr_scope *scope,
	enum expr_type expected, struct findings *findings, int line, int column);

/* Where values come from. `row` is the row of the group that is being gone through, -1 outside. */
struct expr_env {
	struct expr_value (*get)(const void *state, const struct expr_name *name, int row);
	const void *state;
	struct date today;  /* for age() and the name `today`; DATE_NONE: no answer */
	int row;            /* the row the expression itself stands in, -1 outside a group */
	bool keeps_unknown; /* set by expr_is_broken() */
};
struct expr_value expr_eval(const struct expr *e, const struct expr_env *env);
bool expr_is_true(const struct expr *e, const struct expr_env *env); /* NULL expression: true */
/* For rules: definitely no. Here a comparison with "no answer" is unknown and stays so through and, or, not. */
bool expr_is_broken(const struct expr *e, const struct expr_env *env);
/* Calls `each` for every name mentioned. */
void expr_names(const struct expr *e, void (*each)(void *state, const struct expr_name *name), void *state);

/* How numbers are written for the reader; the town's, not the language's. */
struct number_style {
	char decimal, thousands; /* thousands 0: none */
	struct str currency;     /* "$", "€" */
	bool currency_after;
};
/* "1,234.5" with as many decimals as needed, at least `decimals`. */
struct str number_display(struct arena *a, int64_t millionths, int decimals,
	const struct number_style *style);
struct str amount_display(struct arena *a, int64_t cents,
	const struct number_style *style); /* without symbol */
struct str percent_display(struct arena *a, int64_t millionths,
	const struct number_style *style);                                                       /* "10 %" */
struct str money_display(struct arena *a, struct money m, const struct number_style *style); /* "$ 412.00" */

/* "Tarifa base 1,234.00 × unidades 2 − 10 % × Tarifa base 1,234.00 = 2,344.60" */
struct str expr_explain(struct arena *a, const struct expr *e, const struct expr_env *env, struct str lang,
	const struct number_style *style);
/* "Uso es «Una casa» y (Frente es mayor que 10 o no Familia numerosa)". Languages: es, en, eu; else es. */
struct str expr_words(struct arena *a, const struct expr *e, struct str lang,
	const struct number_style *style);
/* The tree for the browser: ["-",["*",["f","base"],["n","2000000"]],…]. */
void expr_json(const struct expr *e, struct json_writer *out);
