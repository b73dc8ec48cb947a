#include "base/json.h"
#include "base/testing.h"

static struct str rewritten(struct test *t, const char *text)
{
	struct json *tree;
	if (json_parse(t->arena, str_of(text), &tree)) return STR("refused");
	struct buf out = buf_new(t->arena, 64 * 1024);
	struct json_writer w = json_writer(&out);
	json_add_tree(&w, tree);
	return buf_str(&out);
}

TEST(json_reads_every_kind_in_order)
{
	struct json *j;
	CHECK_OK(json_parse(t->arena,
		STR("{\"z\": [1, -2, true, false, null], \"a\": {\"t\": \"ñ\\u00f1\\n\"}, \"d\": -12.50, \"e\": \"\"}"),
		&j));
	CHECK_INT(j->kind, JSON_MAP);
	CHECK_INT(j->count, 4);
	CHECK_STR(j->first->key, "z");
	CHECK_STR(j->first->next->key, "a");
	const struct json *z = json_get(j, STR("z"));
	CHECK_INT(z->count, 5);
	CHECK_INT(z->first->i, 1);
	CHECK_INT(z->first->next->i, -2);
	CHECK(z->first->next->next->kind == JSON_BOOL && z->first->next->next->b);
	CHECK_STR(json_text(json_get(j, STR("a")), STR("t")), "ññ\n");
	CHECK_INT(json_get(j, STR("d"))->kind, JSON_DECIMAL);
	CHECK_STR(json_get(j, STR("d"))->text, "-12.50");
	CHECK(!str_is_none(json_text(j, STR("e"))));
	CHECK(str_is_none(json_text(j, STR("z"))) && str_is_none(json_text(j, STR("none"))));
	CHECK(json_get(z, STR("z")) == NULL && json_get(NULL, STR("z")) == NULL);
}

TEST(json_decimals_are_text_and_keep_their_order)
{
	CHECK_STR(rewritten(t, "[0.1, {\"a\": 2, \"b\": 123456789012345678.123456}, \"3.3e9\", -0.000001, 1.0]"),
		"[0.1,{\"a\":2,\"b\":123456789012345678.123456},\"3.3e9\",-0.000001,1.0]");
	CHECK_STR(rewritten(t, "-9223372036854775808"), "-9223372036854775808");
	CHECK_STR(rewritten(t, "9223372036854775807"), "9223372036854775807");
	CHECK_STR(rewritten(t, "9223372036854775808"), "refused");
	CHECK_STR(rewritten(t, "1.1234567"), "refused");
	CHECK_STR(rewritten(t, "1e3"), "refused");
	CHECK_STR(rewritten(t, "1.0E-3"), "refused");
	CHECK_STR(rewritten(t, "[1.5, 2.5e0]"), "refused");
}

/* RFC 8259: the grammar's edges, and what this reader refuses beyond it (duplicates, NUL). */
TEST(json_refuses_what_is_not_json)
{
	static const char *const bad[] = { "", " ", "{", "[1,]", "{\"a\":1,}", "{a:1}", "'a'", "[1 2]", "tru",
		"nulll", "01", "+1", "1.", ".5", "-", "--1", "1.2.3", "\"a", "\"\\x\"", "\"\x01\"", "\"\\ud800\"",
		"\"\\u0000\"", "\"\xff\"", "\"\xed\xa0\x80\"", "[1]]", "{\"a\":1,\"a\":2}",
		"{\"a\":{\"b\":1,\"b\":1}}", "NaN", "Infinity", "\xef\xbb\xbf{}", "/* */ 1", "1 // x" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct json *untouched = NULL;
		CHECK_ERR(json_parse(t->arena, str_of(bad[i]), &untouched), ERR_MALFORMED);
		CHECK(untouched == NULL);
	}
	struct json *j;
	CHECK_ERR(json_parse(t->arena, STR("[\"a\0b\"]"), &j), ERR_MALFORMED);
	CHECK_ERR(json_parse(t->arena, STR_NONE, &j), ERR_MALFORMED);
}

TEST(json_errors_say_where_and_quote_nothing)
{
	struct json *j;
	struct err *e = json_parse(t->arena, STR("{\n \"a\": 1,\n \"secret\" 5}"), &j);
	CHECK(e && str_starts_with(str_of(e->detail), STR("JSON line 3, column ")));
	CHECK_INT(str_find(str_of(e->detail), STR("5")), -1);
	e = json_parse(t->arena, STR("{\"García\": 1, \"García\": 2}"), &j);
	CHECK(e && str_find(str_of(e->detail), STR("duplicate")) > 0);
	CHECK_INT(str_find(str_of(e->detail), STR("Garc")), -1);
	e = json_parse(t->arena, STR("[1,\n  2e5]"), &j);
	CHECK_STR(str_of(e->detail), "JSON line 2, column 3: a number with an exponent");
}

TEST(json_depth_size_and_count_are_bounded)
{
	struct buf b = buf_new(t->arena, JSON_MAX_BYTES + 100);
	struct json *j;
	for (int depth = JSON_MAX_DEPTH; depth <= JSON_MAX_DEPTH + 1; depth++) {
		buf_clear(&b);
		for (int i = 0; i < depth; i++)
			buf_add_char(&b, '[');
		for (int i = 0; i < depth; i++)
			buf_add_char(&b, ']');
		struct err *e = json_parse(t->arena, buf_str(&b), &j);
		CHECK_INT(e == NULL, depth == JSON_MAX_DEPTH);
	}
	buf_clear(&b);
	buf_add_char(&b, '[');
	for (int i = 0; i < JSON_MAX_VALUES; i++)
		buf_add(&b, STR("0,"));
	buf_add(&b, STR("0]"));
	CHECK_ERR(json_parse(t->arena, buf_str(&b), &j), ERR_TOO_LARGE);
	buf_clear(&b);
	while (b.n <= JSON_MAX_BYTES)
		buf_add_char(&b, ' ');
	CHECK_ERR(json_parse(t->arena, buf_str(&b), &j), ERR_TOO_LARGE);
}

TEST(json_strings_hide_brackets_and_quotes_from_the_scan)
{
	CHECK_STR(rewritten(t, "[\"[[[1e5\\\"]{\\\\\", 1.5]"), "[\"[[[1e5\\\"]{\\\\\",1.5]");
}

TEST(json_writer_separates_and_escapes)
{
	struct buf out = buf_new(t->arena, 1000);
	struct json_writer w = json_writer(&out);
	json_open(&w, '{');
	json_field(&w, STR("text"), STR("a\"b\\c\n\r\t\x01\x1f ñ"));
	json_field(&w, STR("none"), STR_NONE);
	json_key(&w, STR("list"));
	json_open(&w, '[');
	json_add_int(&w, -5);
	json_add_bool(&w, true);
	json_open(&w, '[');
	json_close(&w, ']');
	json_open(&w, '{');
	json_close(&w, '}');
	json_add_null(&w);
	json_close(&w, ']');
	json_field(&w, STR("broken"), STR("x\xff\xe2\x82y"));
	json_field(&w, STR("nul"), STR("\0"));
	json_close(&w, '}');
	CHECK_STR(buf_str(&out),
		"{\"text\":\"a\\\"b\\\\c\\n\\r\\t\\u0001\\u001f ñ\",\"none\":null,\"list\":[-5,true,[],{},null],"
		"\"broken\":\"x\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdy\",\"nul\":\"\\u0000\"}");
}

/* Plain text is passed over eight bytes at a time: every byte, at every place among plain ones, comes back. */
TEST(json_written_texts_are_read_back_whatever_byte_stands_where)
{
	for (int c = 1; c < 0x80; c++) {
		for (size_t at = 0; at < 20; at++) {
			char text[] = "The quick brown foxes";
			struct str s = { text, sizeof(text) - 1 }, written;
			struct json *read;
			text[at] = (char)c;
			struct buf out = buf_new(t->arena, 1000);
			struct json_writer w = json_writer(&out);
			json_add_text(&w, s);
			written = buf_str(&out);
			CHECK_OK(json_parse(t->arena, written, &read));
			CHECK(read->kind == JSON_TEXT && str_eq(read->text, s));
		}
	}
}
