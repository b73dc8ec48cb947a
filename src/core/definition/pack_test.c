/* The definitions' own tests: applicant A gets errors B, pages C, fee D, document E, due date F. */
#include <stdarg.h>
#include "core/definition/document_fill.h"

struct running {
	const struct pack *pack;
	const struct pack_options *options;
	const struct procedure *procedure;
	const struct definition_test *test;
	struct findings *findings;
	struct arena *arena;
	struct answers *answers;
	struct pack_test_result *result;
	bool failed;
};

__attribute__((format(printf, 2, 3))) static void fail(struct running *t, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	struct str what = arena_vprintf(t->arena, format, args);
	va_end(args);
	finding_add(t->findings, t->test->line, 1, "test '%.*s': %.*s", STR_FMT(t->test->name), STR_FMT(what));
	t->failed = true;
}

static struct str error_list(struct running *t, const struct field_errors *errors)
{
	struct buf out = buf_new(t->arena, 4000);
	for (const struct field_error *e = errors->first; e; e = e->next) {
		if (e->is_warning) continue;
		struct str said = text_in(e->text, t->pack->languages.items[0]);
		buf_printf(&out, "%s%.*s: %s%.*s", out.n ? ", " : "", STR_FMT(e->name), e->key ? e->key : "",
			STR_FMT(said));
	}
	return buf_str(&out);
}

static bool is_expected(const struct field_error *e, const struct expect_error *wanted)
{
	return str_eq(e->name, wanted->field) &&
		(wanted->key.n == 0 || (e->key && str_eq(wanted->key, str_of(e->key))));
}

static void test_errors(struct running *t)
{
	struct field_errors errors = answers_check(t->answers, t->arena);
	for (size_t i = 0; i < t->test->error_count; i++) {
		const struct expect_error *wanted = &t->test->errors[i];
		const struct field_error *e = errors.first;
		while (e && !is_expected(e, wanted))
			e = e->next;
		if (!e)
			fail(t, "expected an error '%.*s' at '%.*s', found: %.*s", STR_FMT(wanted->key),
				STR_FMT(wanted->field), STR_FMT(error_list(t, &errors)));
	}
	if (t->test->expects_valid && errors.errors)
		fail(t, "expected no errors, found: %.*s", STR_FMT(error_list(t, &errors)));
	if (t->test->error_count && errors.errors != (int)t->test->error_count)
		fail(t, "expected %zu errors, found: %.*s", t->test->error_count, STR_FMT(error_list(t, &errors)));
}

static void test_fee(struct running *t)
{
	struct fee_rows fee = answers_fee(t->answers, t->arena, t->pack->languages.items[0]);
	if (!fee.known)
		fail(t, "the fee depends on something that is not answered");
	else if (fee.total.cents != t->test->fee.cents)
		fail(t, "expected a fee of %.*s, found %.*s", STR_FMT(money_plain(t->arena, t->test->fee)),
			STR_FMT(money_plain(t->arena, fee.total)));
}

static void test_pages(struct running *t)
{
	struct buf found = buf_new(t->arena, 2000);
	for (const struct page *page = page_after(t->answers, NULL); page; page = page_after(t->answers, page))
		buf_printf(&found, "%s%.*s", found.n ? ", " : "", STR_FMT(page->id));
	struct str wanted = arena_join(t->arena, t->test->pages.items, t->test->pages.count, STR(", "));
	if (!str_eq(buf_str(&found), wanted))
		fail(t, "expected the pages %.*s, found %.*s", STR_FMT(wanted), STR_FMT(buf_str(&found)));
}

/* Facts of the case are not known here: each shows its own name. */
static struct str fact_name(const void *state, struct str name, struct str lang)
{
	(void)state, (void)lang;
	return name;
}

/* As a reader sees it: without Markdown's escapes, and a no-break space is a space. */
static struct str as_read(struct arena *a, struct str s)
{
	struct buf out = buf_new(a, s.n + 1);
	for (size_t i = 0; i < s.n; i++) {
		if (str_starts_with(str_slice(s, i, s.n), STR("\u00A0")))
			buf_add_char(&out, ' '), i++;
		else if (s.p[i] != '\\' || (i && s.p[i - 1] == '\\'))
			buf_add_char(&out, s.p[i]);
	}
	return buf_str(&out);
}

static void test_texts(struct running *t)
{
	static const struct document_facts facts = { .get = fact_name };
	for (size_t i = 0; i < t->test->text_count; i++) {
		const struct expect_text *wanted = &t->test->texts[i];
		const struct document *d = procedure_document(t->procedure, wanted->document);
		if (!d) {
			fail(t, "there is no document '%.*s'", STR_FMT(wanted->document));
			continue;
		}
		struct str filled = document_fill(t->arena, d, t->answers, &facts, t->pack->languages.items[0]);
		if (str_find(as_read(t->arena, filled), as_read(t->arena, wanted->contains)) < 0)
			fail(t, "the document '%.*s' does not contain '%.*s'", STR_FMT(d->id), STR_FMT(wanted->contains));
	}
}

/* False when it could not be run. */
static bool test_due(struct running *t)
{
	struct date due;
	if (!t->options || !t->options->due_date ||
		!t->options->due_date(t->pack, t->procedure, t->test->filed_on, &due))
		return false;
	if (due.days != t->test->due_on.days)
		fail(t, "filed on %.*s, expected the answer by %.*s, found %.*s",
			STR_FMT(date_iso(t->arena, t->test->filed_on)), STR_FMT(date_iso(t->arena, t->test->due_on)),
			STR_FMT(date_iso(t->arena, due)));
	return true;
}

static bool take(struct running *t, const struct json *given)
{
	struct err *e = given ? answers_from_json(t->answers, given) : NULL;
	if (e) fail(t, "%s", e->detail);
	return !e;
}

static void test_run(struct running *t)
{
	struct date today = t->test->filed_on;
	if (date_is_none(today)) date_of_ymd(2026, 1, 15, &today);
	t->answers = answers_new(t->arena, t->pack, t->procedure, today);
	bool skipped = false;
	if (take(t, t->test->answers) && take(t, t->test->decision)) {
		test_errors(t);
		if (t->test->has_pages) test_pages(t);
		if (t->test->has_fee) test_fee(t);
		test_texts(t);
		if (!date_is_none(t->test->due_on)) skipped = !test_due(t);
	}
	if (t->failed)
		t->result->failed++;
	else
		t->result->passed++;
	if (skipped) t->result->skipped++;
}

struct pack_test_result pack_test(const struct pack *p, const struct pack_options *options,
	struct findings *findings)
{
	struct pack_test_result result = { 0 };
	for (size_t i = 0; i < p->procedures.count; i++) {
		const struct procedure *procedure = p->procedures.items[i];
		findings->file = procedure->files[0].path;
		for (size_t j = 0; j < procedure->tests.count; j++) {
			struct running t = { .pack = p,
				.options = options,
				.procedure = procedure,
				.findings = findings,
				.test = &procedure->tests.items[j],
				.arena = findings->arena,
				.result = &result };
			test_run(&t);
		}
	}
	return result;
}
