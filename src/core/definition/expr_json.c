/*
 * The tree as JSON for web/js/expr.js. Integers travel as text, because a JSON number in a browser is exact only
 * to 2^53: ["n","100000"]. Types are gone: × and ÷ have one formula for all (expr_eval.c); only
 * dates have signs of their own, "+d" and "-d", because the calendar ends.
 */
#include "core/definition/expr.h"

static const char *op_name(enum expr_op op)
{
	static const char *const names[] = { [EXPR_OP_NOT] = "not",
		[EXPR_OP_NEGATE] = "neg",
		[EXPR_OP_AND] = "and",
		[EXPR_OP_OR] = "or",
		[EXPR_OP_EQ] = "==",
		[EXPR_OP_NE] = "!=",
		[EXPR_OP_LT] = "<",
		[EXPR_OP_LE] = "<=",
		[EXPR_OP_GT] = ">",
		[EXPR_OP_GE] = ">=",
		[EXPR_OP_ADD] = "+",
		[EXPR_OP_SUB] = "-",
		[EXPR_OP_MUL] = "*",
		[EXPR_OP_DIV] = "/",
		[EXPR_OP_IF] = "if",
		[EXPR_OP_MIN] = "min",
		[EXPR_OP_MAX] = "max",
		[EXPR_OP_ROUND] = "round",
		[EXPR_OP_AGE] = "age",
		[EXPR_OP_FILLED] = "filled",
		[EXPR_OP_CONTAINS] = "contains",
		[EXPR_OP_SUM] = "sum",
		[EXPR_OP_COUNT] = "count" };
	return names[op];
}

static void write_int(struct json_writer *out, int64_t i)
{
	char digits[24];
	int n = snprintf(digits, sizeof digits, "%lld", (long long)i);
	json_add_text(out, (struct str){ digits, (size_t)n });
}

static void write_pair(struct json_writer *out, const char *tag, struct str text)
{
	json_open(out, '[');
	json_add_text(out, str_of(tag));
	json_add_text(out, text);
	json_close(out, ']');
}

static void write_value(struct json_writer *out, struct expr_value v)
{
	if (v.type == EXPR_YES_NO) {
		json_add_bool(out, v.i != 0);
		return;
	}
	if (v.type == EXPR_TEXT) {
		write_pair(out, "t", v.text);
		return;
	}
	json_open(out, '[');
	json_add_text(out, STR("n"));
	write_int(out, v.i);
	json_close(out, ']');
}

/* filled(group) is count(group) > 0: only there an answer of zero is none. */
static void write_has_rows(struct json_writer *out, struct str group)
{
	json_open(out, '[');
	json_add_text(out, STR(">"));
	write_pair(out, "count", group);
	write_pair(out, "n", STR("0"));
	json_close(out, ']');
}

static void write_node(struct json_writer *out, const struct expr_node *n)
{
	if (n->op == EXPR_OP_VALUE || (n->op == EXPR_OP_NAME && n->name->is_constant)) {
		write_value(out, n->op == EXPR_OP_VALUE ? n->value : n->name->constant);
		return;
	}
	if (n->op == EXPR_OP_NAME) {
		write_pair(out, "f", n->name->id);
		return;
	}
	if (n->op == EXPR_OP_FILLED && n->first->type == EXPR_GROUP) {
		write_has_rows(out, n->first->name->id);
		return;
	}
	json_open(out, '[');
	bool is_date = n->type == EXPR_DATE && (n->op == EXPR_OP_ADD || n->op == EXPR_OP_SUB);
	json_add_text(out, is_date ? (n->op == EXPR_OP_ADD ? STR("+d") : STR("-d")) : str_of(op_name(n->op)));
	const struct expr_node *first = n->first;
	if ((n->op == EXPR_OP_SUM || n->op == EXPR_OP_COUNT) && n->name) {
		json_add_text(out, n->name->id); /* the group; then what is added or asked of each row */
		if (n->op == EXPR_OP_COUNT) first = first->next;
	}
	for (const struct expr_node *k = first; k; k = k->next)
		write_node(out, k);
	if (n->op == EXPR_OP_ROUND) {
		int64_t step = 1;
		for (int64_t places = n->type == EXPR_AMOUNT ? 2 : 6; places > n->places; places--)
			step *= 10;
		write_int(out, step);
	}
	json_close(out, ']');
}

void expr_json(const struct expr *e, struct json_writer *out) { write_node(out, e->root); }
