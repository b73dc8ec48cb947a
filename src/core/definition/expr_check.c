/*
 * The second half of expr_compile(): looks names up and gives every node its type, adding a finding for each
 * mistake. After a mistake a node is EXPR_WRONG, and nothing above it complains again.
 *
 *   amount ± amount, number ± number, percentage ± percentage, days ± days      the same
 *   date ± days → date      date − date → days
 *   number × number → number    number × amount → amount    percentage × number or amount → that
 *   number ÷ number, amount ÷ amount → number               amount ÷ number → amount
 *
 * A bare literal, or arithmetic of literals alone, is EXPR_LITERAL until a neighbour or the end decides.
 */
#include <stdarg.h>
#include "core/definition/expr_parse.h"

struct checker {
	struct arena *arena;
	const struct expr_scope *scope;
	struct findings *findings;
	int line, column;
	struct expr_node *rows; /* the sum() or count() we are inside */
};

static const struct expr_name name_today = { .id = { "today", 5 }, .type = EXPR_DATE };

const char *expr_type_name(enum expr_type type)
{
	static const char *const names[EXPR_TYPE_MAX] = { "yes/no", "number", "amount", "percentage", "text",
		"date", "days", "list", "group", "number", "wrong" };
	return type < EXPR_TYPE_MAX ? names[type] : "any";
}

__attribute__((format(printf, 3, 4))) static enum expr_type wrong(struct checker *c,
	const struct expr_node *n, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	struct str what = arena_vprintf(c->arena, format, args);
	va_end(args);
	finding_add(c->findings, c->line, c->column + n->column - 1, "%.*s", STR_FMT(what));
	return EXPR_WRONG;
}

static enum expr_type check(struct checker *c, struct expr_node *n);

/* Where a subexpression begins: a binary node's own column is its operator's. */
static const struct expr_node *leftmost(const struct expr_node *n)
{
	while (n->op >= EXPR_OP_AND && n->op <= EXPR_OP_DIV)
		n = n->first;
	return n;
}

/* ---- names ------------------------------------------------------------------------------------------ */

static struct str prefixed(struct arena *a, struct str group, struct str word)
{
	return arena_printf(a, "%.*s.%.*s", STR_FMT(group), STR_FMT(word));
}

static const struct expr_name *find_name(const struct checker *c, struct str word)
{
	if (str_eq(word, name_today.id)) return &name_today;
	const struct expr_name *found = NULL;
	struct str full = c->scope->group.n ? prefixed(c->arena, c->scope->group, word) : STR_NONE;
	for (size_t i = 0; i < c->scope->count; i++) {
		const struct expr_name *name = &c->scope->items[i];
		if (full.n && str_eq(name->id, full)) return name; /* a sibling in the row comes first */
		if (!found && str_eq(name->id, word)) found = name;
	}
	return found;
}

static enum expr_type unknown_name(struct checker *c, struct expr_node *n)
{
	struct near near = near_start(n->word);
	for (size_t i = 0; i < c->scope->count; i++)
		near_try(&near, c->scope->items[i].id);
	return wrong(c, n, "unknown name '%.*s'%.*s", STR_FMT(n->word), STR_FMT(near_hint(c->arena, &near)));
}

/* A field of a group has a value per row: only inside that group's rows, or inside one sum() or count(). */
static bool check_row(struct checker *c, struct expr_node *n, const struct expr_name *name)
{
	if (!c->rows) {
		if (str_eq(name->group, c->scope->group)) return true;
		wrong(c, n, "'%.*s' has a value per row: use sum() or count()", STR_FMT(name->id));
		return false;
	}
	if (c->rows->name && !str_eq(c->rows->name->id, name->group)) {
		wrong(c, n, "only one group can be gone through at a time, here '%.*s'", STR_FMT(c->rows->name->id));
		return false;
	}
	for (size_t i = 0; !c->rows->name && i < c->scope->count; i++)
		if (str_eq(c->scope->items[i].id, name->group)) c->rows->name = &c->scope->items[i];
	return true;
}

static enum expr_type check_name(struct checker *c, struct expr_node *n)
{
	const struct expr_name *name = find_name(c, n->word);
	if (!name) return unknown_name(c, n);
	if (name->is_later)
		return wrong(c, n, "'%.*s' comes later (line %d); an expression can only look back", STR_FMT(n->word),
			name->line);
	if (name->group.n && !check_row(c, n, name)) return EXPR_WRONG;
	n->name = name;
	return name->type;
}

/* ---- literals that adapt ---------------------------------------------------------------------------- */

static bool adapt(struct checker *c, struct expr_node *n, enum expr_type type);

static bool adapt_value(struct checker *c, struct expr_node *n, enum expr_type type)
{
	if (type == EXPR_AMOUNT) {
		if (n->value.i % 10000) {
			wrong(c, n, "an amount has at most two decimals");
			return false;
		}
		n->value.i /= 10000;
	}
	n->value.type = type;
	return true;
}

/* Which operands of a literal-typed node take the type; the rest are numbers, percentages or conditions. */
static bool adapt_operands(struct checker *c, struct expr_node *n, enum expr_type type)
{
	bool good = true, first = true;
	for (struct expr_node *k = n->first; k; k = k->next) {
		if (k->type != EXPR_LITERAL) continue;
		bool scales = (n->op == EXPR_OP_MUL || n->op == EXPR_OP_DIV) && !first;
		good = adapt(c, k, scales ? EXPR_NUMBER : type) && good;
		first = false;
	}
	return good;
}

/* Gives a node of type EXPR_LITERAL its final type. */
static bool adapt(struct checker *c, struct expr_node *n, enum expr_type type)
{
	if (type != EXPR_NUMBER && type != EXPR_AMOUNT) {
		wrong(c, leftmost(n), "expected %s, found a number without unit", expr_type_name(type));
		return false;
	}
	n->type = type;
	if (n->op == EXPR_OP_ROUND && type == EXPR_AMOUNT && n->places > 2) n->places = 2;
	return n->op == EXPR_OP_VALUE ? adapt_value(c, n, type) : adapt_operands(c, n, type);
}

/* Brings two operands to one type where a literal is involved. False when a finding was added. */
static bool meet(struct checker *c, struct expr_node *a, struct expr_node *b)
{
	if (a->type == EXPR_LITERAL && (b->type == EXPR_NUMBER || b->type == EXPR_AMOUNT))
		return adapt(c, a, b->type);
	if (b->type == EXPR_LITERAL && (a->type == EXPR_NUMBER || a->type == EXPR_AMOUNT))
		return adapt(c, b, a->type);
	return true;
}

/* The parser has given each operator as many operands as it takes. */
static struct expr_node *first_of(const struct expr_node *n)
{
	must(n->first);
	return n->first;
}

static struct expr_node *after(const struct expr_node *operand)
{
	must(operand->next);
	return operand->next;
}

/* ---- operators -------------------------------------------------------------------------------------- */

static const char *op_sign(enum expr_op op)
{
	static const char *const signs[] = { [EXPR_OP_ADD] = "+",
		[EXPR_OP_SUB] = "-",
		[EXPR_OP_MUL] = "*",
		[EXPR_OP_DIV] = "/",
		[EXPR_OP_AND] = "and",
		[EXPR_OP_OR] = "or" };
	return signs[op];
}

static enum expr_type cannot_compute(struct checker *c, const struct expr_node *n)
{
	return wrong(c, n, "cannot compute %s %s %s", expr_type_name(first_of(n)->type), op_sign(n->op),
		expr_type_name(after(first_of(n))->type));
}

static enum expr_type check_logic(struct checker *c, struct expr_node *n)
{
	bool good = true;
	for (struct expr_node *k = n->first; k; k = k->next) {
		if (k->type == EXPR_YES_NO) continue;
		good = false;
		wrong(c, leftmost(k), "'%s' %s yes/no values, found %s",
			n->op == EXPR_OP_NOT ? "not" : op_sign(n->op), n->op == EXPR_OP_NOT ? "turns" : "joins",
			expr_type_name(k->type));
	}
	return good ? EXPR_YES_NO : EXPR_WRONG;
}

/* A choice compared with a text that is none of its options is a slip. */
static bool check_option(struct checker *c, const struct expr_node *name, const struct expr_node *value)
{
	if (name->op != EXPR_OP_NAME || !name->name->options || value->op != EXPR_OP_VALUE) return true;
	struct near near = near_start(value->value.text);
	for (size_t i = 0; i < name->name->option_count; i++) {
		if (str_eq(name->name->options[i], value->value.text)) return true;
		near_try(&near, name->name->options[i]);
	}
	wrong(c, value, "'%.*s' is not an option of '%.*s'%.*s", STR_FMT(value->value.text), STR_FMT(name->word),
		STR_FMT(near_hint(c->arena, &near)));
	return false;
}

static bool is_ordered(enum expr_type t)
{
	return t == EXPR_NUMBER || t == EXPR_AMOUNT || t == EXPR_PERCENT || t == EXPR_DATE || t == EXPR_DAYS;
}

static enum expr_type check_comparison(struct checker *c, struct expr_node *n)
{
	struct expr_node *a = first_of(n), *b = after(a);
	if (!meet(c, a, b)) return EXPR_WRONG;
	if (a->type == EXPR_LITERAL && b->type == EXPR_LITERAL &&
		(!adapt(c, a, EXPR_NUMBER) || !adapt(c, b, EXPR_NUMBER)))
		return EXPR_WRONG;
	if (a->type != b->type || a->type == EXPR_GROUP || a->type == EXPR_LIST) {
		const char *hint = a->type == EXPR_LIST || b->type == EXPR_LIST ? ": use contains()" : "";
		if (a->type == EXPR_DAYS || b->type == EXPR_DAYS) hint = ": write '30 days'";
		return wrong(c, n, "cannot compare %s with %s%s", expr_type_name(a->type), expr_type_name(b->type),
			hint);
	}
	if (n->op != EXPR_OP_EQ && n->op != EXPR_OP_NE && !is_ordered(a->type))
		return wrong(c, n, "%s has no order: only == and !=", expr_type_name(a->type));
	if (!check_option(c, a, b) || !check_option(c, b, a)) return EXPR_WRONG;
	return EXPR_YES_NO;
}

static enum expr_type check_sum(struct checker *c, struct expr_node *n)
{
	struct expr_node *a = first_of(n), *b = after(a);
	if (!meet(c, a, b)) return EXPR_WRONG;
	if (a->type == EXPR_DATE && b->type == EXPR_DAYS) return EXPR_DATE;
	if (a->type == EXPR_DATE && b->type == EXPR_DATE && n->op == EXPR_OP_SUB) return EXPR_DAYS;
	if (a->type == EXPR_DAYS && b->type == EXPR_DATE && n->op == EXPR_OP_ADD) return EXPR_DATE;
	bool sums = a->type == EXPR_NUMBER || a->type == EXPR_AMOUNT || a->type == EXPR_PERCENT ||
		a->type == EXPR_DAYS || a->type == EXPR_LITERAL;
	return sums && a->type == b->type ? a->type : cannot_compute(c, n);
}

static enum expr_type check_product(struct checker *c, struct expr_node *n)
{
	struct expr_node *a = first_of(n), *b = after(a);
	enum expr_type x = a->type, y = b->type;
	if (x == EXPR_LITERAL && y == EXPR_LITERAL) return EXPR_LITERAL;
	if ((x == EXPR_PERCENT && y == EXPR_LITERAL) || (x == EXPR_LITERAL && y == EXPR_PERCENT))
		return EXPR_LITERAL;
	/* Beside a number or an amount, a factor is a plain number. */
	if (x == EXPR_LITERAL && (y == EXPR_NUMBER || y == EXPR_AMOUNT))
		x = adapt(c, a, EXPR_NUMBER) ? EXPR_NUMBER : EXPR_WRONG;
	if (y == EXPR_LITERAL && (x == EXPR_NUMBER || x == EXPR_AMOUNT))
		y = adapt(c, b, EXPR_NUMBER) ? EXPR_NUMBER : EXPR_WRONG;
	if (x == EXPR_WRONG || y == EXPR_WRONG) return EXPR_WRONG;
	bool x_scales = x == EXPR_NUMBER || x == EXPR_PERCENT, y_scales = y == EXPR_NUMBER || y == EXPR_PERCENT;
	if (x_scales && (y == EXPR_NUMBER || y == EXPR_AMOUNT)) return y;
	if (y_scales && (x == EXPR_NUMBER || x == EXPR_AMOUNT)) return x;
	return cannot_compute(c, n);
}

static enum expr_type check_quotient(struct checker *c, struct expr_node *n)
{
	struct expr_node *a = first_of(n), *b = after(a);
	if (a->type == EXPR_LITERAL && b->type == EXPR_LITERAL) return EXPR_LITERAL;
	if (b->type == EXPR_LITERAL && (a->type == EXPR_NUMBER || a->type == EXPR_AMOUNT))
		return adapt(c, b, EXPR_NUMBER) ? a->type : EXPR_WRONG;
	if (a->type == EXPR_LITERAL && b->type == EXPR_NUMBER)
		return adapt(c, a, EXPR_NUMBER) ? EXPR_NUMBER : EXPR_WRONG;
	if (a->type == EXPR_NUMBER && b->type == EXPR_NUMBER) return EXPR_NUMBER;
	if (a->type == EXPR_AMOUNT && b->type == EXPR_NUMBER) return EXPR_AMOUNT;
	if (a->type == EXPR_AMOUNT && b->type == EXPR_AMOUNT) return EXPR_NUMBER;
	return cannot_compute(c, n);
}

/* ---- functions -------------------------------------------------------------------------------------- */

/* Operands from `k` on that must end up of one type: the branches of if(), the arguments of min() and max(). */
static enum expr_type check_alike(struct checker *c, const struct expr_node *n, struct expr_node *from,
	const char *what)
{
	enum expr_type type = EXPR_LITERAL;
	for (struct expr_node *k = from; k; k = k->next) {
		if (k->type == EXPR_LITERAL) continue;
		if (type == EXPR_LITERAL) type = k->type;
		if (k->type != type)
			return wrong(c, leftmost(k), "%s must be of one type, found %s and %s", what,
				expr_type_name(type), expr_type_name(k->type));
	}
	if (type == EXPR_GROUP) return wrong(c, n, "a group is not a value");
	for (struct expr_node *k = from; k && type != EXPR_LITERAL; k = k->next)
		if (k->type == EXPR_LITERAL && !adapt(c, k, type)) return EXPR_WRONG;
	return type;
}

static enum expr_type check_if(struct checker *c, struct expr_node *n)
{
	if (first_of(n)->type != EXPR_YES_NO)
		return wrong(c, leftmost(n->first), "the first part of if() is a yes/no, found %s",
			expr_type_name(first_of(n)->type));
	return check_alike(c, n, after(first_of(n)), "both outcomes of if()");
}

static enum expr_type check_extreme(struct checker *c, struct expr_node *n)
{
	enum expr_type type = check_alike(c, n, n->first,
		n->op == EXPR_OP_MIN ? "all parts of min()" : "all parts of max()");
	if (type == EXPR_WRONG || type == EXPR_LITERAL || is_ordered(type)) return type;
	return wrong(c, n, "%s has no order", expr_type_name(type));
}

static enum expr_type check_round(struct checker *c, struct expr_node *n)
{
	struct expr_node *what = first_of(n), *places = what->next;
	if (what->type != EXPR_NUMBER && what->type != EXPR_AMOUNT && what->type != EXPR_LITERAL)
		return wrong(c, leftmost(what), "round() takes a number or an amount, found %s",
			expr_type_name(what->type));
	n->places = 0;
	if (places) {
		if (places->op != EXPR_OP_VALUE || places->type != EXPR_LITERAL || places->value.i % 1000000 ||
			places->value.i > 6000000)
			return wrong(c, leftmost(places), "round() keeps 0 to 6 decimals, written as a figure");
		n->places = places->value.i / 1000000;
		what->next = NULL; /* the places are part of the node now */
	}
	if (what->type == EXPR_AMOUNT && n->places > 2) n->places = 2;
	return what->type;
}

static enum expr_type check_contains(struct checker *c, struct expr_node *n)
{
	struct expr_node *list = first_of(n), *item = after(list);
	if (list->type != EXPR_LIST)
		return wrong(c, leftmost(list), "contains() looks into a list, found %s", expr_type_name(list->type));
	if (item->type != EXPR_TEXT)
		return wrong(c, leftmost(item), "contains() looks for a text, found %s", expr_type_name(item->type));
	return check_option(c, list, item) ? EXPR_YES_NO : EXPR_WRONG;
}

static enum expr_type check_filled(struct checker *c, struct expr_node *n)
{
	if (first_of(n)->op != EXPR_OP_NAME) return wrong(c, leftmost(n->first), "filled() asks about one name");
	return EXPR_YES_NO;
}

/* sum(group.a * group.b), count(group), count(group, condition), count(list) */
static enum expr_type check_rows(struct checker *c, struct expr_node *n)
{
	if (c->rows) return wrong(c, n, "sum() and count() do not nest");
	c->rows = n;
	struct expr_node *first = n->first, *condition = first->next;
	enum expr_type type = check(c, first);
	if (n->op == EXPR_OP_COUNT && type == EXPR_GROUP) n->name = first->name;
	if (condition) check(c, condition);
	c->rows = NULL;
	first->type = type;
	if (type == EXPR_WRONG || (condition && condition->type == EXPR_WRONG)) return EXPR_WRONG;
	if (n->op == EXPR_OP_COUNT) {
		if (type != EXPR_GROUP && type != EXPR_LIST)
			return wrong(c, leftmost(first), "count() counts a group or a list, found %s",
				expr_type_name(type));
		if (condition && (type != EXPR_GROUP || condition->type != EXPR_YES_NO))
			return wrong(c, leftmost(condition),
				"the second part of count() is a yes/no about the rows of a group");
		return EXPR_NUMBER;
	}
	if (!n->name) return wrong(c, n, "sum() goes through a group: name one of its fields");
	if (type == EXPR_LITERAL) return adapt(c, first, EXPR_NUMBER) ? EXPR_NUMBER : EXPR_WRONG;
	if (type != EXPR_NUMBER && type != EXPR_AMOUNT)
		return wrong(c, leftmost(first), "sum() adds numbers or amounts, found %s", expr_type_name(type));
	return type;
}

/* ---- the walk --------------------------------------------------------------------------------------- */

static enum expr_type check_operator(struct checker *c, struct expr_node *n)
{
	switch (n->op) {
	case EXPR_OP_NOT:
	case EXPR_OP_AND:
	case EXPR_OP_OR: return check_logic(c, n);
	case EXPR_OP_NEGATE:
		if (first_of(n)->type == EXPR_NUMBER || first_of(n)->type == EXPR_AMOUNT ||
			first_of(n)->type == EXPR_PERCENT || first_of(n)->type == EXPR_DAYS ||
			first_of(n)->type == EXPR_LITERAL)
			return first_of(n)->type;
		return wrong(c, n, "'-' before %s means nothing", expr_type_name(first_of(n)->type));
	case EXPR_OP_ADD:
	case EXPR_OP_SUB: return check_sum(c, n);
	case EXPR_OP_MUL: return check_product(c, n);
	case EXPR_OP_DIV: return check_quotient(c, n);
	case EXPR_OP_IF: return check_if(c, n);
	case EXPR_OP_MIN:
	case EXPR_OP_MAX: return check_extreme(c, n);
	case EXPR_OP_ROUND: return check_round(c, n);
	case EXPR_OP_AGE:
		if (first_of(n)->type == EXPR_DATE) return EXPR_NUMBER;
		return wrong(c, leftmost(n->first), "age() takes a date, found %s",
			expr_type_name(first_of(n)->type));
	case EXPR_OP_FILLED: return check_filled(c, n);
	case EXPR_OP_CONTAINS: return check_contains(c, n);
	default: return check_comparison(c, n);
	}
}

static enum expr_type check(struct checker *c, struct expr_node *n)
{
	if (n->op == EXPR_OP_VALUE) return n->type;
	if (n->op == EXPR_OP_NAME) return n->type = check_name(c, n);
	if (n->op == EXPR_OP_SUM || n->op == EXPR_OP_COUNT) return n->type = check_rows(c, n);
	bool good = true;
	for (struct expr_node *k = n->first; k; k = k->next)
		if (check(c, k) == EXPR_WRONG) good = false;
	return n->type = good ? check_operator(c, n) : EXPR_WRONG;
}

struct expr *expr_compile(struct arena *a, struct str source, const struct expr_scope *scope,
	enum expr_type expected, struct findings *findings, int line, int column)
{
	struct checker c = { .arena = a, .scope = scope, .findings = findings, .line = line, .column = column };
	struct expr_node *root = expr_parse(a, source, findings, line, column);
	if (!root) return NULL;
	enum expr_type type = check(&c, root);
	if (type == EXPR_LITERAL) {
		enum expr_type wanted = expected == EXPR_TYPE_MAX ? EXPR_NUMBER : expected;
		type = adapt(&c, root, wanted) ? wanted : EXPR_WRONG;
	}
	if (type == EXPR_WRONG) return NULL;
	if (type == EXPR_GROUP || (expected != EXPR_TYPE_MAX && type != expected)) {
		finding_add(findings, line, column, "expected %s, found %s%s",
			expected == EXPR_TYPE_MAX ? "a value" : expr_type_name(expected), expr_type_name(type),
			expected == EXPR_AMOUNT && type == EXPR_NUMBER
				? ": name the figure as an amount under 'constants'"
				: "");
		return NULL;
	}
	struct expr *e = ARENA_NEW(a, struct expr);
	*e = (struct expr){ .source = source, .line = line, .column = column, .root = root, .type = type };
	return e;
}

static void names_of(const struct expr_node *n, void (*each)(void *, const struct expr_name *), void *state)
{
	if (n->op == EXPR_OP_NAME) each(state, n->name);
	for (const struct expr_node *k = n->first; k; k = k->next)
		names_of(k, each, state);
}

void expr_names(const struct expr *e, void (*each)(void *state, const struct expr_name *name), void *state)
{
	if (e) names_of(e->root, each, state);
}
