/*
 * An amount, worked out in front of the reader: each name with the value it had, the branch of an if() that was
 * taken and why, the result at the end. The formula is never simplified: what is shown is what was computed.
 */
#include "core/definition/expr_words.h"

struct explainer {
	struct arena *arena;
	struct str lang;
	const struct number_style *style;
	const struct expr *whole;
};

static struct str show(const struct explainer *x, const struct expr_node *n, const struct expr_env *env);

/* Evaluates one node as if it were an expression of its own. */
static struct expr_value value_of(const struct explainer *x, const struct expr_node *n,
	const struct expr_env *env)
{
	struct expr part = *x->whole;
	part.root = n;
	part.type = n->type;
	return expr_eval(&part, env);
}

static struct str words_of(const struct explainer *x, const struct expr_node *n)
{
	struct expr part = *x->whole;
	part.root = n;
	return expr_words(x->arena, &part, x->lang, x->style);
}

static struct str show_name(const struct explainer *x, const struct expr_node *n, const struct expr_env *env)
{
	struct str label = words_of(x, n);
	struct str value = expr_show_value(x->arena, value_of(x, n, env), x->lang, x->style);
	return arena_printf(x->arena, "%.*s %.*s", STR_FMT(label), STR_FMT(value));
}

static int strength(enum expr_op op)
{
	if (op == EXPR_OP_ADD || op == EXPR_OP_SUB) return 1;
	return op == EXPR_OP_MUL || op == EXPR_OP_DIV ? 2 : 3;
}

static struct str show_operand(const struct explainer *x, const struct expr_node *n,
	const struct expr_node *parent, const struct expr_env *env)
{
	struct str shown = show(x, n, env);
	int mine = strength(n->op), outer = strength(parent->op);
	bool needed = mine < outer || (mine == outer && mine < 3 && parent->first != n);
	return needed ? arena_printf(x->arena, "(%.*s)", STR_FMT(shown)) : shown;
}

static struct str show_infix(const struct explainer *x, const struct expr_node *n, const struct expr_env *env)
{
	static const char *const
		signs[] = { [EXPR_OP_ADD] = "+", [EXPR_OP_SUB] = "−", [EXPR_OP_MUL] = "×", [EXPR_OP_DIV] = "÷" };
	struct str a = show_operand(x, n->first, n, env), b = show_operand(x, n->first->next, n, env);
	return arena_printf(x->arena, "%.*s %s %.*s", STR_FMT(a), signs[n->op], STR_FMT(b));
}

/* The branch taken; the condition in words, negated when it did not hold. */
static struct str show_if(const struct explainer *x, const struct expr_node *n, const struct expr_env *env)
{
	struct expr_value condition = value_of(x, n->first, env);
	bool holds = condition.has && condition.i;
	struct str why = words_of(x, n->first);
	struct buf out = buf_new(x->arena, 64 * 1024), reason = buf_new(x->arena, 64 * 1024);
	struct str negated = arena_printf(x->arena, "(%.*s)", STR_FMT(why));
	if (holds)
		buf_add(&reason, why);
	else
		expr_fill(&reason, expr_pattern(x->lang, WORD_NOT), &negated, 1);
	const struct expr_node *branch = holds ? n->first->next : n->first->next->next;
	struct str parts[2] = { buf_str(&reason), show(x, branch, env) };
	expr_fill(&out, expr_pattern(x->lang, WORD_BECAUSE), parts, 2);
	return arena_printf(x->arena, "[%.*s]", STR_FMT(buf_str(&out)));
}

static struct str show_all(const struct explainer *x, const struct expr_node *n, enum expr_word word,
	const struct expr_env *env)
{
	struct buf list = buf_new(x->arena, 64 * 1024), out = buf_new(x->arena, 64 * 1024);
	buf_add_char(&list, '(');
	for (const struct expr_node *k = n->first; k; k = k->next) {
		if (k != n->first) buf_add(&list, STR("; "));
		buf_add(&list, show(x, k, env));
	}
	buf_add_char(&list, ')');
	struct str inner = buf_str(&list);
	expr_fill(&out, expr_pattern(x->lang, word), &inner, 1);
	return buf_str(&out);
}

static struct str show(const struct explainer *x, const struct expr_node *n, const struct expr_env *env)
{
	switch (n->op) {
	case EXPR_OP_VALUE: return expr_show_value(x->arena, n->value, x->lang, x->style);
	case EXPR_OP_ADD:
	case EXPR_OP_SUB:
	case EXPR_OP_MUL:
	case EXPR_OP_DIV: return show_infix(x, n, env);
	case EXPR_OP_NEGATE: {
		struct str inner = show_operand(x, n->first, n, env); /* STR_FMT names its argument more than once */
		return arena_printf(x->arena, "−%.*s", STR_FMT(inner));
	}
	case EXPR_OP_IF: return show_if(x, n, env);
	case EXPR_OP_MIN: return show_all(x, n, WORD_MIN, env);
	case EXPR_OP_MAX: return show_all(x, n, WORD_MAX, env);
	case EXPR_OP_ROUND: return show_all(x, n, WORD_ROUND, env);
	default: return show_name(x, n, env); /* names, sums, counts, ages, conditions: words and value */
	}
}

struct str expr_explain(struct arena *a, const struct expr *e, const struct expr_env *env, struct str lang,
	const struct number_style *style)
{
	struct explainer x = { .arena = a, .lang = lang, .style = style, .whole = e };
	struct str formula = show(&x, e->root, env);
	/* A single name or figure has shown its value already. */
	if (e->root->op == EXPR_OP_VALUE || !e->root->first) return formula;
	struct str result = expr_show_value(a, expr_eval(e, env), lang, style);
	return arena_printf(a, "%.*s = %.*s", STR_FMT(formula), STR_FMT(result));
}
