/* An expression as a sentence, for staff and citizens. Word order is the language's: patterns, not glue. */
#include "core/definition/expr_words.h"

static const char *const words_es[WORD_MAX_WORD] = {
	[WORD_EQ] = "{1} es {2}",
	[WORD_NE] = "{1} no es {2}",
	[WORD_LT] = "{1} es menor que {2}",
	[WORD_LE] = "{1} es como máximo {2}",
	[WORD_GT] = "{1} es mayor que {2}",
	[WORD_GE] = "{1} es al menos {2}",
	[WORD_AND] = "{1} y {2}",
	[WORD_OR] = "{1} o {2}",
	[WORD_NOT] = "no {1}",
	[WORD_IF] = "{2} si {1}, y si no {3}",
	[WORD_OR_ELSE] = "{1} o, si falta, {2}",
	[WORD_MIN] = "el menor de {1}",
	[WORD_MAX] = "el mayor de {1}",
	[WORD_ROUND] = "{1} redondeado",
	[WORD_AGE] = "la edad según {1}",
	[WORD_FILLED] = "{1} está contestado",
	[WORD_CONTAINS] = "{1} incluye {2}",
	[WORD_SUM] = "la suma de {1}",
	[WORD_COUNT] = "el número de {1}",
	[WORD_COUNT_WHERE] = "el número de {1} en que {2}",
	[WORD_YES] = "sí",
	[WORD_NO] = "no",
	[WORD_YES_ALONE] = "Sí",
	[WORD_NO_ALONE] = "No",
	[WORD_TODAY] = "hoy",
	[WORD_DAYS] = "{1} días",
	[WORD_NO_ANSWER] = "sin respuesta",
	[WORD_QUOTED] = "«{1}»",
	[WORD_BECAUSE] = "{2} (porque {1})",
};
static const char *const words_en[WORD_MAX_WORD] = {
	[WORD_EQ] = "{1} is {2}",
	[WORD_NE] = "{1} is not {2}",
	[WORD_LT] = "{1} is less than {2}",
	[WORD_LE] = "{1} is at most {2}",
	[WORD_GT] = "{1} is greater than {2}",
	[WORD_GE] = "{1} is at least {2}",
	[WORD_AND] = "{1} and {2}",
	[WORD_OR] = "{1} or {2}",
	[WORD_NOT] = "not {1}",
	[WORD_IF] = "{2} if {1}, otherwise {3}",
	[WORD_OR_ELSE] = "{1} or, if missing, {2}",
	[WORD_MIN] = "the least of {1}",
	[WORD_MAX] = "the greatest of {1}",
	[WORD_ROUND] = "{1} rounded",
	[WORD_AGE] = "the age by {1}",
	[WORD_FILLED] = "{1} is answered",
	[WORD_CONTAINS] = "{1} includes {2}",
	[WORD_SUM] = "the sum of {1}",
	[WORD_COUNT] = "the number of {1}",
	[WORD_COUNT_WHERE] = "the number of {1} where {2}",
	[WORD_YES] = "yes",
	[WORD_NO] = "no",
	[WORD_YES_ALONE] = "Yes",
	[WORD_NO_ALONE] = "No",
	[WORD_TODAY] = "today",
	[WORD_DAYS] = "{1} days",
	[WORD_NO_ANSWER] = "not answered",
	[WORD_QUOTED] = "“{1}”",
	[WORD_BECAUSE] = "{2} (because {1})",
};
static const char *const words_eu[WORD_MAX_WORD] = {
	[WORD_EQ] = "{1} {2} da",
	[WORD_NE] = "{1} ez da {2}",
	[WORD_LT] = "{1} {2} baino txikiagoa da",
	[WORD_LE] = "{1} gehienez {2} da",
	[WORD_GT] = "{1} {2} baino handiagoa da",
	[WORD_GE] = "{1} gutxienez {2} da",
	[WORD_AND] = "{1} eta {2}",
	[WORD_OR] = "{1} edo {2}",
	[WORD_NOT] = "ez: {1}",
	[WORD_IF] = "{2}, baldin {1}; bestela {3}",
	[WORD_OR_ELSE] = "{1} edo, falta bada, {2}",
	[WORD_MIN] = "txikiena: {1}",
	[WORD_MAX] = "handiena: {1}",
	[WORD_ROUND] = "{1} biribilduta",
	[WORD_AGE] = "adina ({1})",
	[WORD_FILLED] = "{1} erantzunda dago",
	[WORD_CONTAINS] = "{1} aukeretan {2} dago",
	[WORD_SUM] = "{1} guztira",
	[WORD_COUNT] = "{1} kopurua",
	[WORD_COUNT_WHERE] = "{1} kopurua, non {2}",
	[WORD_YES] = "bai",
	[WORD_NO] = "ez",
	[WORD_YES_ALONE] = "Bai",
	[WORD_NO_ALONE] = "Ez",
	[WORD_TODAY] = "gaur",
	[WORD_DAYS] = "{1} egun",
	[WORD_NO_ANSWER] = "erantzunik gabe",
	[WORD_QUOTED] = "«{1}»",
	[WORD_BECAUSE] = "{2} (arrazoia: {1})",
};

const char *expr_pattern(struct str lang, enum expr_word word)
{
	if (str_starts_with(lang, STR("en"))) return words_en[word];
	if (str_starts_with(lang, STR("eu"))) return words_eu[word];
	return words_es[word];
}

void expr_fill(struct buf *out, const char *pattern, const struct str *parts, size_t count)
{
	for (const char *p = pattern; *p; p++) {
		size_t at = (size_t)(p[0] == '{' ? p[1] - '1' : 9);
		if (at < count && p[2] == '}') {
			buf_add(out, parts[at]);
			p += 2;
		} else {
			buf_add_char(out, *p);
		}
	}
}

static struct str fill_one(struct arena *a, const char *pattern, struct str part)
{
	struct buf out = buf_new(a, part.n + 100);
	expr_fill(&out, pattern, &part, 1);
	return buf_str(&out);
}

static struct str show_date(struct arena *a, int64_t days, struct str lang)
{
	int y, m, d;
	date_to_ymd((struct date){ (int32_t)days }, &y, &m, &d);
	if (str_starts_with(lang, STR("en"))) return arena_printf(a, "%04d-%02d-%02d", y, m, d);
	if (str_starts_with(lang, STR("eu"))) return arena_printf(a, "%04d/%02d/%02d", y, m, d);
	return arena_printf(a, "%02d/%02d/%04d", d, m, y);
}

struct str expr_show_value(struct arena *a, struct expr_value v, struct str lang,
	const struct number_style *style)
{
	if (!v.has) return str_of(expr_pattern(lang, WORD_NO_ANSWER));
	switch (v.type) {
	case EXPR_YES_NO: return str_of(expr_pattern(lang, v.i ? WORD_YES : WORD_NO));
	case EXPR_AMOUNT: return amount_display(a, v.i, style);
	case EXPR_PERCENT: return percent_display(a, v.i, style);
	case EXPR_TEXT: return fill_one(a, expr_pattern(lang, WORD_QUOTED), v.text);
	case EXPR_DATE: return show_date(a, v.i, lang);
	case EXPR_DAYS:
		return fill_one(a, expr_pattern(lang, WORD_DAYS), arena_printf(a, "%lld", (long long)v.i));
	case EXPR_LIST: return arena_join(a, v.items, v.count, STR(", "));
	case EXPR_GROUP: return arena_printf(a, "%lld", (long long)v.i);
	default: return number_display(a, v.i, 0, style);
	}
}

/* ---- sentences -------------------------------------------------------------------------------------- */

struct speaker {
	struct arena *arena;
	struct str lang;
	const struct number_style *style;
};

static struct str say(const struct speaker *s, const struct expr_node *n);

static struct str pattern_of(const struct speaker *s, enum expr_word word, const struct str *parts,
	size_t count)
{
	struct buf out = buf_new(s->arena, 64 * 1024);
	expr_fill(&out, expr_pattern(s->lang, word), parts, count);
	return buf_str(&out);
}

static struct str say_name(const struct speaker *s, const struct expr_name *name)
{
	if (name->line == 0 && str_eq(name->id, STR("today"))) return str_of(expr_pattern(s->lang, WORD_TODAY));
	struct str label = text_in(name->label, s->lang);
	return label.n ? label : name->id;
}

/* The label of an option, where the other side is a choice. */
static struct str say_beside(const struct speaker *s, const struct expr_node *n,
	const struct expr_node *other)
{
	if (n->op == EXPR_OP_VALUE && other->op == EXPR_OP_NAME && other->name->options) {
		for (size_t i = 0; i < other->name->option_count; i++) {
			struct str label = text_in(other->name->option_labels[i], s->lang);
			if (str_eq(other->name->options[i], n->value.text) && label.n)
				return fill_one(s->arena, expr_pattern(s->lang, WORD_QUOTED), label);
		}
	}
	return say(s, n);
}

static int strength(enum expr_op op)
{
	switch (op) {
	case EXPR_OP_OR: return 1;
	case EXPR_OP_AND: return 2;
	case EXPR_OP_NOT: return 3;
	case EXPR_OP_EQ:
	case EXPR_OP_NE:
	case EXPR_OP_LT:
	case EXPR_OP_LE:
	case EXPR_OP_GT:
	case EXPR_OP_GE: return 4;
	case EXPR_OP_ADD:
	case EXPR_OP_SUB: return 5;
	case EXPR_OP_MUL:
	case EXPR_OP_DIV: return 6;
	default: return 9;
	}
}

static struct str bracketed(const struct speaker *s, const struct expr_node *n,
	const struct expr_node *parent)
{
	struct str said = say(s, n);
	bool is_right = parent->first != n;
	int mine = strength(n->op), outer = strength(parent->op);
	bool needed = mine < outer || (mine == outer && is_right && (outer == 5 || outer == 6));
	return needed ? arena_printf(s->arena, "(%.*s)", STR_FMT(said)) : said;
}

static struct str say_infix(const struct speaker *s, const struct expr_node *n)
{
	static const char *const
		signs[] = { [EXPR_OP_ADD] = "+", [EXPR_OP_SUB] = "−", [EXPR_OP_MUL] = "×", [EXPR_OP_DIV] = "÷" };
	struct str a = bracketed(s, n->first, n), b = bracketed(s, n->first->next, n);
	return arena_printf(s->arena, "%.*s %s %.*s", STR_FMT(a), signs[n->op], STR_FMT(b));
}

static struct str say_all(const struct speaker *s, enum expr_word word, const struct expr_node *first)
{
	struct buf list = buf_new(s->arena, 64 * 1024);
	for (const struct expr_node *k = first; k; k = k->next) {
		if (k != first) buf_add(&list, STR(", "));
		buf_add(&list, say(s, k));
	}
	bool is_one = first && !first->next;
	struct str inner = is_one ? buf_str(&list) : arena_printf(s->arena, "(%.*s)", STR_FMT(buf_str(&list)));
	return pattern_of(s, word, &inner, 1);
}

static struct str say_two(const struct speaker *s, enum expr_word word, const struct expr_node *n)
{
	const struct expr_node *a = n->first, *b = a->next;
	struct str parts[2] = { bracketed(s, a, n), bracketed(s, b, n) };
	if (word <= WORD_NE || word == WORD_CONTAINS) {
		parts[0] = a->op == EXPR_OP_VALUE ? say_beside(s, a, b) : parts[0];
		parts[1] = b->op == EXPR_OP_VALUE ? say_beside(s, b, a) : parts[1];
	}
	return pattern_of(s, word, parts, 2);
}

/* "Frente medido o, si falta, Frente": that a thing is asked for only when it is there needs no words. */
static bool is_or_else(const struct expr_node *n)
{
	const struct expr_node *then = n->first->next;
	return n->first->op == EXPR_OP_FILLED && then->op == EXPR_OP_NAME &&
		n->first->first->op == EXPR_OP_NAME && n->first->first->name == then->name;
}

static struct str say_if(const struct speaker *s, const struct expr_node *n)
{
	const struct expr_node *then = n->first->next;
	if (is_or_else(n)) {
		struct str parts[2] = { say(s, then), say(s, then->next) };
		struct str said = pattern_of(s, WORD_OR_ELSE, parts, 2);
		return arena_printf(s->arena, "(%.*s)", STR_FMT(said));
	}
	struct str parts[3] = { say(s, n->first), say(s, then), say(s, then->next) };
	return pattern_of(s, WORD_IF, parts, 3);
}

static struct str say(const struct speaker *s, const struct expr_node *n)
{
	switch (n->op) {
	case EXPR_OP_VALUE: return expr_show_value(s->arena, n->value, s->lang, s->style);
	case EXPR_OP_NAME: return say_name(s, n->name);
	case EXPR_OP_NOT: {
		struct str inner = bracketed(s, n->first, n);
		return pattern_of(s, WORD_NOT, &inner, 1);
	}
	case EXPR_OP_NEGATE: {
		struct str inner = bracketed(s, n->first, n); /* STR_FMT names its argument more than once */
		return arena_printf(s->arena, "−%.*s", STR_FMT(inner));
	}
	case EXPR_OP_ADD:
	case EXPR_OP_SUB:
	case EXPR_OP_MUL:
	case EXPR_OP_DIV: return say_infix(s, n);
	case EXPR_OP_AND: return say_two(s, WORD_AND, n);
	case EXPR_OP_OR: return say_two(s, WORD_OR, n);
	case EXPR_OP_IF: return say_if(s, n);
	case EXPR_OP_MIN: return say_all(s, WORD_MIN, n->first);
	case EXPR_OP_MAX: return say_all(s, WORD_MAX, n->first);
	case EXPR_OP_ROUND: return say_all(s, WORD_ROUND, n->first);
	case EXPR_OP_AGE: return say_all(s, WORD_AGE, n->first);
	case EXPR_OP_FILLED: return say_all(s, WORD_FILLED, n->first);
	case EXPR_OP_CONTAINS: return say_two(s, WORD_CONTAINS, n);
	case EXPR_OP_SUM: return say_all(s, WORD_SUM, n->first);
	case EXPR_OP_COUNT:
		return n->first->next ? say_two(s, WORD_COUNT_WHERE, n) : say_all(s, WORD_COUNT, n->first);
	default: return say_two(s, (enum expr_word)(n->op - EXPR_OP_EQ), n);
	}
}

struct str expr_words(struct arena *a, const struct expr *e, struct str lang,
	const struct number_style *style)
{
	struct speaker s = { .arena = a, .lang = lang, .style = style };
	return say(&s, e->root);
}
