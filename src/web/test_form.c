/* Forms: what browsers send, and what nobody should. The escapes are those of the URL standard's
 * serializer. */
#include "base/testing.h"
#include "web/form.h"

static struct form *parse(struct test *t, struct str body)
{
	struct form *f = NULL;
	struct err *e = form_parse(t->arena, body, &f);
	if (e) test_fail(t, __FILE__, __LINE__, "%s", e->detail);
	must(f);
	return f;
}

TEST(form_decodes_names_and_values)
{
	struct form *f = parse(t, STR("nombre=Mar%C3%ADa+Jos%c3%a9&n%2B=1%262&empty=&bare&=noname"));
	CHECK_STR(form_text(f, STR("nombre")), "María José");
	CHECK_STR(form_text(f, STR("n+")), "1&2");
	CHECK(form_has(f, STR("empty")));
	CHECK_STR(form_text(f, STR("empty")), "");
	CHECK(form_has(f, STR("bare")));
	CHECK_STR(form_text(f, STR("")), "noname");
	CHECK(str_is_none(form_text(f, STR("absent"))));
	CHECK(!form_has(f, STR("absent")));
}

TEST(form_text_is_trimmed_nfc_with_plain_line_ends)
{
	struct form *f = parse(t, STR("a=++x%0D%0Ay%0Dz++&n=n%CC%83"));
	CHECK_STR(form_text(f, STR("a")), "x\ny\nz");
	CHECK_STR(form_text(f, STR("n")), "ñ"); /* n and a combining tilde become one */
}

TEST(form_gives_all_values_of_a_name)
{
	struct form *f = parse(t, STR("d=1&x=9&d=2&d=+3"));
	const struct str *values;
	CHECK_INT(form_texts(f, t->arena, STR("d"), &values), 3);
	CHECK_STR(values[0], "1");
	CHECK_STR(values[2], "3");
	CHECK_INT(form_texts(f, t->arena, STR("none"), &values), 0);
}

TEST(form_reads_integers_within_bounds)
{
	struct form *f = parse(t, STR("a=+42+&b=43&c=4x&d="));
	int64_t n = -1;
	CHECK(form_int(f, STR("a"), 0, 42, &n));
	CHECK_INT(n, 42);
	CHECK(!form_int(f, STR("b"), 0, 42, &n));
	CHECK(!form_int(f, STR("c"), 0, 42, &n));
	CHECK(!form_int(f, STR("d"), 0, 42, &n));
	CHECK(!form_int(f, STR("e"), 0, 42, &n));
	CHECK_INT(n, 42);
}

TEST(form_refuses_what_is_no_text)
{
	static const char *const bodies[] = { "a=%", "a=%4", "a=%zz", "a=%00", "a=%ff", "a=%C3", "%C3=1", "a=%01",
		"a=%1B", "a%0A=1", "a=%ED%A0%80" /* a surrogate */, "a=%C0%AF" /* overlong */, "a=%7F" };
	struct form *f;
	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
		CHECK_ERR(form_parse(t->arena, str_of(bodies[i]), &f), ERR_MALFORMED);
}

TEST(form_is_bounded)
{
	struct form *f;
	struct buf many = buf_new(t->arena, 1 << 20), wide = buf_new(t->arena, 1 << 22);
	for (int i = 0; i < FORM_MAX_FIELDS; i++)
		buf_printf(&many, "f%d=1&", i);
	CHECK_OK(form_parse(t->arena, buf_str(&many), &f));
	buf_add(&many, STR("one=more"));
	CHECK_ERR(form_parse(t->arena, buf_str(&many), &f), ERR_TOO_LARGE);

	struct str long_value = arena_printf(t->arena, "a=%0*d", FORM_MAX_VALUE + 1, 1);
	CHECK_ERR(form_parse(t->arena, long_value, &f), ERR_TOO_LARGE);
	CHECK_OK(form_parse(t->arena, str_slice(long_value, 0, long_value.n - 1), &f));
	CHECK_ERR(form_parse(t->arena, arena_printf(t->arena, "%0*d=1", FORM_MAX_NAME + 1, 1), &f),
		ERR_TOO_LARGE);
	while (wide.n <= FORM_MAX_BYTES)
		buf_printf(&wide, "a=%0*d&", FORM_MAX_VALUE, 1);
	CHECK_ERR(form_parse(t->arena, buf_str(&wide), &f), ERR_TOO_LARGE);
}

TEST(form_keeps_one_error_a_field)
{
	struct form *f = parse(t, STR("a=1"));
	CHECK(form_is_ok(f));
	form_error_add(f, STR("a"), STR("first"));
	form_error_add(f, STR("a"), STR("second"));
	form_error_add(f, STR("b"), STR("other"));
	CHECK_STR(form_error_of(f, STR("a")), "first");
	CHECK(str_is_none(form_error_of(f, STR("c"))));
	CHECK_INT(f->error_count, 2);
	CHECK_STR(f->errors->field, "a"); /* in the order of the form */
	CHECK(!form_is_ok(f));
}
