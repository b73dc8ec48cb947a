/*
 * Evaluation. Every value is an int64 (or a text, or a list), so the formulas of × and ÷ are the same for
 * numbers, amounts and percentages; web/js/expr.js has them word for word in BigInt.
 */
#include "core/definition/expr.h"

struct expr_value expr_text(struct str s)
{
	return (struct expr_value){ .type = EXPR_TEXT, .has = s.n > 0, .text = s };
}

static struct expr_value eval(const struct expr_node *n, const struct expr_env *env);

static struct expr_value from_wide(enum expr_type type, __int128 wide)
{
	return wide < INT64_MIN || wide > INT64_MAX ? expr_none(type) : expr_int(type, (int64_t)wide);
}

/* a × b ÷ c, half away from zero. */
static struct expr_value scale(enum expr_type type, int64_t a, int64_t b, int64_t c)
{
	if (c == 0) return expr_none(type);
	__int128 product = (__int128)a * b, divisor = c;
	if (divisor < 0) {
		product = -product;
		divisor = -divisor;
	}
	__int128 half = divisor / 2; /* for an odd divisor nothing lies exactly between */
	return from_wide(type, product >= 0 ? (product + half) / divisor : -((-product + half) / divisor));
}

enum { DATE_FIRST = -719162, DATE_LAST = 2932896 }; /* 1 January of year 1, 31 December of 9999 */

/* Days and dates; a day outside the calendar is no answer. */
static struct expr_value sum(const struct expr_node *n, __int128 wide)
{
	if (n->type == EXPR_DATE && (wide < DATE_FIRST || wide > DATE_LAST)) return expr_none(EXPR_DATE);
	return from_wide(n->type, wide);
}

static struct expr_value arithmetic(const struct expr_node *n, struct expr_value a, struct expr_value b)
{
	if (!a.has || !b.has) return expr_none(n->type);
	switch (n->op) {
	case EXPR_OP_ADD: return sum(n, (__int128)a.i + b.i);
	case EXPR_OP_SUB: return sum(n, (__int128)a.i - b.i);
	case EXPR_OP_MUL: return scale(n->type, a.i, b.i, 1000000);
	default: return scale(n->type, a.i, 1000000, b.i);
	}
}

static struct expr_value comparison(const struct expr_node *n, struct expr_value a, struct expr_value b,
	bool keeps_unknown)
{
	if (!a.has || !b.has) return keeps_unknown ? expr_none(EXPR_YES_NO) : expr_int(EXPR_YES_NO, 0);
	int order = a.type == EXPR_TEXT ? str_cmp(a.text, b.text) : (a.i > b.i) - (a.i < b.i);
	bool holds = false;
	switch (n->op) {
	case EXPR_OP_EQ: holds = order == 0; break;
	case EXPR_OP_NE: holds = order != 0; break;
	case EXPR_OP_LT: holds = order < 0; break;
	case EXPR_OP_LE: holds = order <= 0; break;
	case EXPR_OP_GT: holds = order > 0; break;
	default: holds = order >= 0; break;
	}
	return expr_int(EXPR_YES_NO, holds);
}

static struct expr_value loose(struct expr_value v, const struct expr_env *env)
{
	return v.has || env->keeps_unknown ? v : expr_int(EXPR_YES_NO, 0);
}

/* and: a no decides; or: a yes decides; otherwise what is unknown stays so. */
static struct expr_value logic(const struct expr_node *n, const struct expr_env *env)
{
	struct expr_value a = loose(eval(n->first, env), env);
	if (n->op == EXPR_OP_NOT) return a.has ? expr_int(EXPR_YES_NO, !a.i) : a;
	bool decides = n->op == EXPR_OP_OR;
	if (a.has && (a.i != 0) == decides) return a;
	struct expr_value b = loose(eval(n->first->next, env), env);
	if (b.has && (b.i != 0) == decides) return b;
	return a.has ? b : a;
}

static struct expr_value extreme(const struct expr_node *n, const struct expr_env *env)
{
	struct expr_value best = eval(n->first, env);
	for (const struct expr_node *k = n->first->next; k && best.has; k = k->next) {
		struct expr_value v = eval(k, env);
		if (!v.has || (n->op == EXPR_OP_MIN ? v.i < best.i : v.i > best.i)) best = v;
	}
	return best.has ? best : expr_none(n->type);
}

static struct expr_value rounded(const struct expr_node *n, const struct expr_env *env)
{
	struct expr_value v = eval(n->first, env);
	if (!v.has) return v;
	int64_t step = 1;
	for (int64_t places = n->type == EXPR_AMOUNT ? 2 : 6; places > n->places; places--)
		step *= 10;
	struct expr_value units = scale(n->type, v.i, 1, step);
	return from_wide(n->type, (__int128)units.i * step);
}

/* Whole years; who was born on 29 February completes a year on 1 March where there is no such day. */
static struct expr_value age_on(struct date born, struct date today)
{
	if (date_is_none(today) || born.days > today.days) return expr_none(EXPR_NUMBER);
	int year, month, day, y, m, d;
	date_to_ymd(born, &year, &month, &day);
	date_to_ymd(today, &y, &m, &d);
	int64_t years = y - year - (m < month || (m == month && d < day));
	return expr_int(EXPR_NUMBER, years * 1000000);
}

static struct expr_value get(const struct expr_node *n, const struct expr_env *env)
{
	if (n->name->is_constant) return n->name->constant;
	if (n->name->line == 0 && str_eq(n->name->id, STR("today")))
		return date_is_none(env->today) ? expr_none(EXPR_DATE) : expr_int(EXPR_DATE, env->today.days);
	return env->get(env->state, n->name, n->name->group.n ? env->row : -1);
}

static struct expr_value over_rows(const struct expr_node *n, const struct expr_env *env)
{
	if (!n->name) { /* count(list) */
		struct expr_value list = eval(n->first, env);
		return expr_int(EXPR_NUMBER, list.has ? (int64_t)list.count * 1000000 : 0);
	}
	struct expr_value rows = env->get(env->state, n->name, -1);
	if (n->op == EXPR_OP_COUNT && !n->first->next) return expr_int(EXPR_NUMBER, rows.i * 1000000);
	struct expr_value total = expr_int(n->type, 0);
	struct expr_env inner = *env;
	for (inner.row = 0; inner.row < rows.i; inner.row++) {
		struct expr_value v = eval(n->op == EXPR_OP_SUM ? n->first : n->first->next, &inner);
		if (n->op == EXPR_OP_COUNT) v = expr_int(EXPR_NUMBER, v.has && v.i ? 1000000 : 0);
		if (!v.has) return expr_none(n->type);
		total = from_wide(n->type, (__int128)total.i + v.i);
		if (!total.has) return total;
	}
	return total;
}

static struct expr_value contains(struct expr_value list, struct expr_value item, bool keeps_unknown)
{
	if (!list.has || !item.has) return keeps_unknown ? expr_none(EXPR_YES_NO) : expr_int(EXPR_YES_NO, 0);
	for (size_t i = 0; i < list.count; i++)
		if (str_eq(list.items[i], item.text)) return expr_int(EXPR_YES_NO, 1);
	return expr_int(EXPR_YES_NO, 0);
}

static struct expr_value negated(const struct expr_node *n, struct expr_value v)
{
	return v.has ? from_wide(n->type, -(__int128)v.i) : expr_none(n->type);
}

static struct expr_value eval_if(const struct expr_node *n, const struct expr_env *env)
{
	struct expr_value condition = loose(eval(n->first, env), env);
	if (!condition.has) return expr_none(n->type);
	return eval(condition.i ? n->first->next : n->first->next->next, env);
}

static struct expr_value eval(const struct expr_node *n, const struct expr_env *env)
{
	switch (n->op) {
	case EXPR_OP_VALUE: return n->value;
	case EXPR_OP_NAME: return get(n, env);
	case EXPR_OP_NOT:
	case EXPR_OP_AND:
	case EXPR_OP_OR: return logic(n, env);
	case EXPR_OP_NEGATE: return negated(n, eval(n->first, env));
	case EXPR_OP_ADD:
	case EXPR_OP_SUB:
	case EXPR_OP_MUL:
	case EXPR_OP_DIV: return arithmetic(n, eval(n->first, env), eval(n->first->next, env));
	case EXPR_OP_IF: return eval_if(n, env);
	case EXPR_OP_MIN:
	case EXPR_OP_MAX: return extreme(n, env);
	case EXPR_OP_ROUND: return rounded(n, env);
	case EXPR_OP_AGE: {
		struct expr_value born = eval(n->first, env);
		return born.has ? age_on((struct date){ (int32_t)born.i }, env->today) : expr_none(EXPR_NUMBER);
	}
	case EXPR_OP_FILLED: {
		struct expr_value v = eval(n->first, env);
		return expr_int(EXPR_YES_NO, v.has && (v.type != EXPR_GROUP || v.i > 0));
	}
	case EXPR_OP_CONTAINS:
		return contains(eval(n->first, env), eval(n->first->next, env), env->keeps_unknown);
	case EXPR_OP_SUM:
	case EXPR_OP_COUNT: return over_rows(n, env);
	default: return comparison(n, eval(n->first, env), eval(n->first->next, env), env->keeps_unknown);
	}
}

struct expr_value expr_eval(const struct expr *e, const struct expr_env *env) { return eval(e->root, env); }

bool expr_is_true(const struct expr *e, const struct expr_env *env)
{
	if (!e) return true;
	struct expr_value v = eval(e->root, env);
	return v.has && v.i != 0;
}

bool expr_is_broken(const struct expr *e, const struct expr_env *env)
{
	struct expr_env careful = *env;
	careful.keeps_unknown = true;
	struct expr_value v = eval(e->root, &careful);
	return v.has && v.i == 0;
}
