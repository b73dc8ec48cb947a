/*
 * Any text as an expression over names of every type: refused with a finding, or compiled; then it evaluates with
 * and without answers, says itself in words, explains itself, and its tree is JSON.
 */
#include "core/definition/expr.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct str options[] = { { "casa", 4 }, { "local", 5 } };
static struct text option_labels[2];
static const struct expr_name names[] = {
	{ .id = { "a", 1 }, .type = EXPR_AMOUNT, .line = 1 },
	{ .id = { "n", 1 }, .type = EXPR_NUMBER, .line = 1 },
	{ .id = { "p", 1 }, .type = EXPR_PERCENT, .line = 1 },
	{ .id = { "b", 1 }, .type = EXPR_YES_NO, .line = 1 },
	{ .id = { "t", 1 },
		.type = EXPR_TEXT,
		.line = 1,
		.options = options,
		.option_labels = option_labels,
		.option_count = 2 },
	{ .id = { "l", 1 }, .type = EXPR_LIST, .line = 1 },
	{ .id = { "d", 1 }, .type = EXPR_DATE, .line = 1 },
	{ .id = { "g", 1 }, .type = EXPR_GROUP, .line = 1 },
	{ .id = { "g.n", 3 }, .type = EXPR_NUMBER, .line = 1, .group = { "g", 1 } },
	{ .id = { "k", 1 },
		.type = EXPR_AMOUNT,
		.line = 1,
		.is_constant = true,
		.constant = { .type = EXPR_AMOUNT, .has = true, .i = INT64_MAX } },
};

static struct expr_value get(const void *state, const struct expr_name *name, int row)
{
	const uint64_t *seed = state;
	if (name->type == EXPR_GROUP) return expr_int(EXPR_GROUP, 3);
	if (*seed % 5 == 0) return expr_none(name->type);
	if (name->type == EXPR_TEXT) return expr_text(options[*seed % 2]);
	if (name->type == EXPR_LIST)
		return (struct expr_value){ .type = EXPR_LIST, .has = true, .items = options, .count = *seed % 3 };
	if (name->type == EXPR_YES_NO) return expr_int(EXPR_YES_NO, (int64_t)(*seed % 2));
	if (name->type == EXPR_DATE) return expr_int(EXPR_DATE, (int64_t)(*seed % 60000));
	return expr_int(name->type, (int64_t)(*seed * 0x9E3779B97F4A7C15u) + row);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct number_style style = { .decimal = '.', .thousands = ',' };
	struct arena *a = arena_new(256 * 1024 * 1024);
	struct expr_scope scope = { .items = names, .count = sizeof names / sizeof *names };
	struct findings findings = findings_new(a);
	struct str source = { size ? (const char *)data : "", size };
	struct expr *e = expr_compile(a, source, &scope, EXPR_TYPE_MAX, &findings, 1, 1);
	must(!e == (findings.errors > 0));
	for (uint64_t seed = size; e && seed < size + 5; seed++) {
		struct expr_env env = { .get = get, .state = &seed, .today = { (int32_t)(seed % 40000) }, .row = -1 };
		struct expr_value v = expr_eval(e, &env);
		must(v.type == e->type);
		if (e->type == EXPR_YES_NO) (void)expr_is_broken(e, &env);
		expr_explain(a, e, &env, STR("en"), &style);
	}
	if (e) {
		struct buf out = buf_new(a, 1024 * 1024);
		struct json_writer w = json_writer(&out);
		struct json *tree;
		expr_json(e, &w);
		must(!buf_overflowed(&out));
		/* A bare yes or no is no document of its own. */
		must(e->root->op == EXPR_OP_VALUE || !json_parse(a, buf_str(&out), &tree));
		expr_words(a, e, STR("es"), &style);
		expr_words(a, e, STR("eu"), &style);
	}
	arena_free(a);
	return 0;
}
