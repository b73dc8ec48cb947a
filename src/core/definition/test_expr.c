/*
 * The table tests/expressions/cases.tsv, run by the C evaluator: type, result, tree as JSON (the same file feeds
 * tests/expressions/run.mjs), or the findings with their places. Then explanations and sentences.
 */
#include "base/testing.h"
#include "core/definition/expr.h"

enum { NAMES_MAX = 40, ANSWERS_MAX = 20 };

struct table {
	struct expr_name names[NAMES_MAX];
	struct expr_scope scope;
};
struct given {
	struct str name, text;
};
struct answers_of_case {
	struct arena *arena;
	struct given items[ANSWERS_MAX];
	size_t count;
};

static struct str read_file(struct test *t, const char *path)
{
	FILE *f = fopen(path, "rb");
	if (!f) return STR_NONE;
	char *bytes = arena_alloc(t->arena, 200000);
	size_t n = fread(bytes, 1, 199999, f);
	fclose(f);
	return (struct str){ bytes, n };
}

static enum expr_type type_named(struct str name)
{
	for (int i = 0; i < EXPR_LITERAL; i++)
		if (str_eq(name, str_of(expr_type_name((enum expr_type)i)))) return (enum expr_type)i;
	return EXPR_WRONG;
}

/* "casa=Una casa,local=Un local" */
static void declare_options(struct arena *a, struct expr_name *name, struct str list)
{
	struct str *ids = ARENA_ARRAY(a, struct str, 10);
	struct text *labels = ARENA_ARRAY(a, struct text, 10);
	size_t n = 0;
	while (!str_is_none(list) && n < 10) {
		struct str option = str_cut(&list, ',');
		ids[n] = str_cut(&option, '=');
		labels[n++] = text_of(a, STR("es"), option);
	}
	name->options = ids;
	name->option_labels = labels;
	name->option_count = n;
}

static void declare(struct test *t, struct table *table, struct str line)
{
	struct expr_name *name = &table->names[table->scope.count++];
	str_cut(&line, ' ');
	name->id = str_cut(&line, '\t');
	name->type = type_named(str_cut(&line, '\t'));
	name->label = text_of(t->arena, STR("es"), str_cut(&line, '\t'));
	name->line = 1;
	ptrdiff_t dot = str_find_char(name->id, '.');
	if (dot > 0) name->group = str_slice(name->id, 0, (size_t)dot);
	if (!str_is_none(line)) declare_options(t->arena, name, line);
}

static struct answers_of_case answers_of(struct test *t, struct str list)
{
	struct answers_of_case answers = { .arena = t->arena };
	while (list.n && answers.count < ANSWERS_MAX) {
		struct str item = str_trim(str_cut(&list, ';'));
		answers.items[answers.count].name = str_cut(&item, '=');
		answers.items[answers.count++].text = item;
	}
	return answers;
}

/* Decimal text to an integer with so many places. */
static int64_t scaled(struct str s, int places)
{
	struct str whole = str_cut(&s, '.');
	int64_t n = 0;
	bool negative = str_starts_with(whole, STR("-"));
	for (size_t i = negative; i < whole.n; i++)
		n = n * 10 + (whole.p[i] - '0');
	for (int i = 0; i < places; i++)
		n = n * 10 + (i < (int)s.n ? s.p[i] - '0' : 0);
	return negative ? -n : n;
}

static struct expr_value value_of(struct arena *a, enum expr_type type, struct str text)
{
	struct date d;
	if (text.n == 0) return expr_none(type);
	switch (type) {
	case EXPR_YES_NO: return expr_int(type, str_eq(text, STR("yes")));
	case EXPR_NUMBER: return expr_int(type, scaled(text, 6));
	case EXPR_AMOUNT: return expr_int(type, scaled(text, 2));
	case EXPR_PERCENT: return expr_int(type, scaled(text, 4));
	case EXPR_DAYS: return expr_int(type, scaled(text, 0));
	case EXPR_DATE: return date_parse(text, &d) ? expr_int(type, d.days) : expr_none(type);
	case EXPR_LIST: {
		struct str *items = ARENA_ARRAY(a, struct str, 10);
		size_t n = 0;
		while (!str_is_none(text) && n < 10)
			items[n++] = str_cut(&text, ',');
		return (struct expr_value){ .type = type, .has = true, .items = items, .count = n };
	}
	default: return expr_text(text);
	}
}

static struct str row_of(struct str text, int row)
{
	struct str part = STR_NONE;
	for (int i = 0; i <= row; i++)
		part = str_cut(&text, '|');
	return part;
}

static struct expr_value get(const void *state, const struct expr_name *name, int row)
{
	const struct answers_of_case *answers = state;
	int64_t rows = 0;
	for (size_t i = 0; i < answers->count; i++) {
		struct given g = answers->items[i];
		if (name->type == EXPR_GROUP && str_starts_with(g.name, name->id)) {
			int64_t n = 0;
			while (!str_is_none(g.text))
				str_cut(&g.text, '|'), n++;
			if (n > rows) rows = n;
		} else if (str_eq(g.name, name->id)) {
			return value_of(answers->arena, name->type, row >= 0 ? row_of(g.text, row) : g.text);
		}
	}
	return name->type == EXPR_GROUP ? expr_int(EXPR_GROUP, rows) : expr_none(name->type);
}

static struct str plain(struct arena *a, int64_t i, int places)
{
	static const struct number_style style = { .decimal = '.' };
	struct str s = places == 2 ? amount_display(a, i, &style)
							   : number_display(a, places == 4 ? i * 100 : i, 0, &style);
	return str_starts_with(s, STR("−")) ? arena_printf(a, "-%.*s", STR_FMT(str_slice(s, 3, s.n))) : s;
}

static struct str result_text(struct arena *a, struct expr_value v)
{
	if (!v.has) return STR("-");
	switch (v.type) {
	case EXPR_YES_NO: return v.i ? STR("yes") : STR("no");
	case EXPR_AMOUNT: return plain(a, v.i, 2);
	case EXPR_PERCENT: return plain(a, v.i, 4);
	case EXPR_NUMBER: return plain(a, v.i, 6);
	case EXPR_DAYS: return arena_printf(a, "%lld", (long long)v.i);
	case EXPR_DATE: return date_iso(a, (struct date){ (int32_t)v.i });
	case EXPR_LIST: return arena_join(a, v.items, v.count, STR(","));
	default: return v.text;
	}
}

static struct str tree_of(struct arena *a, const struct expr *e)
{
	struct buf out = buf_new(a, 20000);
	struct json_writer w = json_writer(&out);
	expr_json(e, &w);
	return buf_str(&out);
}

static struct str findings_text(struct arena *a, const struct findings *f)
{
	struct buf out = buf_new(a, 20000);
	for (size_t i = 0; i < f->count; i++)
		buf_printf(&out, "%scol %d: %.*s", i ? "\t" : "", f->items[i].column, STR_FMT(f->items[i].text));
	return buf_str(&out);
}

static struct expr_env env_of(const struct answers_of_case *answers)
{
	struct date today = DATE_NONE;
	date_parse(STR("2026-11-24"), &today);
	return (struct expr_env){ .get = get, .state = answers, .today = today, .row = -1 };
}

/* What the columns after the answers should be. */
static struct str outcome(struct test *t, const struct table *table, struct str source, struct str given)
{
	struct findings findings = findings_new(t->arena);
	struct expr *e = expr_compile(t->arena, source, &table->scope, EXPR_TYPE_MAX, &findings, 1, 1);
	if (!e) return arena_printf(t->arena, "error\t%.*s", STR_FMT(findings_text(t->arena, &findings)));
	struct answers_of_case answers = answers_of(t, given);
	struct expr_env env = env_of(&answers);
	return arena_printf(t->arena, "%s\t%.*s\t%.*s", expr_type_name(e->type),
		STR_FMT(result_text(t->arena, expr_eval(e, &env))), STR_FMT(tree_of(t->arena, e)));
}

static void declare_all(struct test *t, struct table *table, struct str all)
{
	table->scope.items = table->names;
	while (!str_is_none(all)) {
		struct str line = str_cut(&all, '\n');
		if (str_starts_with(line, STR("@ ")) && table->scope.count < NAMES_MAX) declare(t, table, line);
	}
}

TEST(expr_table_of_cases)
{
	struct str all = read_file(t, "tests/expressions/cases.tsv");
	CHECK(all.n > 0);
	struct table *table = ARENA_NEW(t->arena, struct table);
	declare_all(t, table, all);
	int number = 0, cases = 0, failed = 0;
	while (!str_is_none(all)) {
		struct str line = str_cut(&all, '\n');
		number++;
		if (line.n == 0 || line.p[0] == '#' || line.p[0] == '@') continue;
		struct str source = str_cut(&line, '\t'), given = str_cut(&line, '\t');
		struct str is = outcome(t, table, source, given);
		cases++;
		if (str_eq(is, line)) continue;
		failed++;
		printf("# cases.tsv:%d: %.*s\n#  expected %.*s\n#  is       %.*s\n", number, STR_FMT(source),
			STR_FMT(line), STR_FMT(is));
	}
	CHECK(cases > 150);
	CHECK_INT(failed, 0);
}

static const struct number_style mexican = { .decimal = '.', .thousands = ',', .currency = { "$", 1 } };

static struct str explained(struct test *t, const char *source, const char *given, const char *lang)
{
	struct table *table = ARENA_NEW(t->arena, struct table);
	declare_all(t, table, read_file(t, "tests/expressions/cases.tsv"));
	struct findings findings = findings_new(t->arena);
	struct expr *e = expr_compile(t->arena, str_of(source), &table->scope, EXPR_TYPE_MAX, &findings, 1, 1);
	if (!e) return findings_text(t->arena, &findings);
	struct answers_of_case answers = answers_of(t, str_of(given));
	struct expr_env env = env_of(&answers);
	return given[0] ? expr_explain(t->arena, e, &env, str_of(lang), &mexican)
					: expr_words(t->arena, e, str_of(lang), &mexican);
}

TEST(expr_explains_an_amount)
{
	CHECK_STR(explained(t, "base * unidades - 10% * base", "base=1234.00; unidades=2", "es"),
		"Tarifa base 1,234.00 × unidades 2 − 10\u00A0% × Tarifa base 1,234.00 = 2,344.60");
	CHECK_STR(explained(t, "base * (unidades - (1 - 2))", "base=10.00; unidades=2", "es"),
		"Tarifa base 10.00 × (unidades 2 − (1 − 2)) = 30.00");
	CHECK_STR(explained(t, "if(uso == 'casa', base, 2 * base)", "base=10.00; uso=casa", "es"),
		"[Tarifa base 10.00 (porque Uso es «Una casa»)] = 10.00");
	CHECK_STR(explained(t, "if(uso == 'casa', base, 2 * base)", "base=10.00", "en"),
		"[2 × Tarifa base 10.00 (because not (Uso is “Una casa”))] = 20.00");
	CHECK_STR(explained(t, "base * max(frente, 10)", "base=26.50; frente=8.5", "es"),
		"Tarifa base 26.50 × el mayor de (Frente 8.5; 10) = 265.00");
	CHECK_STR(explained(t, "base", "base=265.00", "es"), "Tarifa base 265.00");
	CHECK_STR(explained(t, "base * frente", "base=265.00", "es"),
		"Tarifa base 265.00 × Frente sin respuesta = sin respuesta");
	CHECK_STR(explained(t, "sum(niveles.superficie) * base", "base=2.00; niveles.superficie=10|5", "es"),
		"la suma de Superficie del nivel 15 × Tarifa base 2.00 = 30.00");
}

TEST(expr_says_a_condition_in_words)
{
	CHECK_STR(explained(t, "uso == 'casa' and (frente > 10 or not familia_numerosa)", "", "es"),
		"Uso es «Una casa» y (Frente es mayor que 10 o no Familia numerosa)");
	CHECK_STR(explained(t, "uso != 'casa' or contains(usos, 'vender')", "", "en"),
		"Uso is not “Una casa” or Usos includes “Vender”");
	CHECK_STR(explained(t, "frente >= 10", "", "eu"), "Frente gutxienez 10 da");
	CHECK_STR(explained(t, "age(nacimiento) >= 18 and fin > today + 30 days", "", "es"),
		"la edad según Nacimiento es al menos 18 y Fin es mayor que hoy + 30 días");
	CHECK_STR(explained(t, "count(niveles, niveles.superficie > 1234.5) == 0", "", "es"),
		"el número de Niveles en que (Superficie del nivel es mayor que 1,234.5) es 0");
	CHECK_STR(explained(t, "if(filled(base), base, 10.00) > 5.00", "", "es"),
		"(Tarifa base o, si falta, 10.00) es mayor que 5.00");
}

/* 100,000 brackets, a long chain, a long text: refused at once. */
TEST(expr_bounds_its_input)
{
	struct expr_scope empty = { 0 };
	char *many = arena_alloc(t->arena, 100001);
	memset(many, '(', 100000);
	struct findings f = findings_new(t->arena);
	CHECK(!expr_compile(t->arena, (struct str){ many, 100000 }, &empty, EXPR_TYPE_MAX, &f, 1, 1));
	CHECK(!expr_compile(t->arena, (struct str){ many, 1500 }, &empty, EXPR_TYPE_MAX, &f, 1, 1));
	memset(many, '-', 1500);
	CHECK(!expr_compile(t->arena, (struct str){ many, 1500 }, &empty, EXPR_TYPE_MAX, &f, 1, 1));
	struct buf chain = buf_new(t->arena, 4000);
	for (int i = 0; i < 60; i++)
		buf_add(&chain, STR("1+"));
	buf_add(&chain, STR("1"));
	CHECK(!expr_compile(t->arena, buf_str(&chain), &empty, EXPR_TYPE_MAX, &f, 1, 1));
	CHECK_INT(f.errors, 4);
	CHECK(!expr_compile(t->arena, STR(""), &empty, EXPR_TYPE_MAX, &f, 1, 1));
	CHECK(!expr_compile(t->arena, STR("1 +\n1"), &empty, EXPR_TYPE_MAX, &f, 1, 1));
}

/* What a place wants is checked too, and a bare literal becomes it. */
TEST(expr_takes_the_type_expected)
{
	struct expr_scope empty = { 0 };
	struct findings f = findings_new(t->arena);
	struct expr *e = expr_compile(t->arena, STR("265.00"), &empty, EXPR_AMOUNT, &f, 7, 11);
	CHECK(e);
	CHECK_INT(e->type, EXPR_AMOUNT);
	CHECK_INT(e->root->value.i, 26500);
	CHECK(!expr_compile(t->arena, STR("1 + 1"), &empty, EXPR_YES_NO, &f, 7, 11));
	CHECK_INT(f.items[0].line, 7);
	CHECK_INT(f.items[0].column, 11);
	CHECK_STR(f.items[0].text, "expected yes/no, found a number without unit");
	CHECK(!expr_compile(t->arena, STR("yes"), &empty, EXPR_AMOUNT, &f, 7, 11));
	CHECK_STR(f.items[1].text, "expected amount, found yes/no");
}

static bool broken(struct test *t, const char *source, const char *given)
{
	struct table *table = ARENA_NEW(t->arena, struct table);
	declare_all(t, table, read_file(t, "tests/expressions/cases.tsv"));
	struct findings f = findings_new(t->arena);
	struct expr *e = expr_compile(t->arena, str_of(source), &table->scope, EXPR_YES_NO, &f, 1, 1);
	struct answers_of_case answers = answers_of(t, str_of(given));
	struct expr_env env = env_of(&answers);
	return expr_is_broken(e, &env);
}

/* A rule about something not answered is not broken: compulsory is another matter. */
TEST(expr_rule_needs_answers_to_be_broken)
{
	CHECK(broken(t, "frente <= superficie", "frente=3; superficie=2"));
	CHECK(!broken(t, "frente <= superficie", "frente=3"));
	CHECK(!broken(t, "not (frente > superficie)", "frente=3"));
	CHECK(!broken(t, "frente > 5 and superficie > 5", "frente=6"));
	CHECK(broken(t, "frente > 5 and superficie > 5", "frente=4"));
	CHECK(!broken(t, "frente > 5 or superficie > 5", "frente=4"));
	CHECK(broken(t, "filled(frente)", ""));
	CHECK(!broken(t, "not filled(frente) or frente > 2", ""));
}
