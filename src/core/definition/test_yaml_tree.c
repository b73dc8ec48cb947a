/* The tree, its positions, and hostile YAML. */
#include "base/testing.h"
#include "core/definition/yaml_tree.h"

static struct yaml_node *parse(struct test *t, const char *source, struct findings *f)
{
	*f = findings_new(t->arena);
	return yaml_parse(t->arena, str_of(source), f);
}

TEST(yaml_positions_count_characters_and_bytes)
{
	struct findings f;
	struct yaml_node *root = parse(t, "título: «Año»  # nota\npágina:\n  - {es: Bai, no: 'd''accord'}\n", &f);
	CHECK(root);
	struct yaml_node *title = yaml_get(root, STR("título"));
	CHECK_STR(title->text, "«Año»");
	CHECK_INT(title->line, 1);
	CHECK_INT(title->column, 9);
	CHECK_INT(title->start, 9); /* í is two bytes */
	CHECK_INT(title->end, 9 + 8);
	struct yaml_node *no = yaml_at(root, STR("página.0.no"));
	CHECK_STR(no->text, "d'accord");
	CHECK(!no->is_plain);
	CHECK_INT(no->line, 3);
	CHECK_INT(no->key_column, 15);
}

TEST(yaml_block_ends_at_its_last_line)
{
	struct findings f;
	const char *source = "a:\n  b: 1\n  c: |\n    x\n    y\n\n# comment\nd: 2\n";
	struct yaml_node *root = parse(t, source, &f);
	CHECK(root);
	struct yaml_node *a = yaml_get(root, STR("a")), *c = yaml_at(root, STR("a.c"));
	CHECK_STR(c->text, "x\ny\n");
	CHECK_INT(c->end, strstr(source, "y\n") + 1 - source);
	CHECK_INT(a->end, c->end);
}

static bool refused(struct test *t, const char *source, int line, int column, const char *part)
{
	struct findings f;
	struct yaml_node *root = parse(t, source, &f);
	if (root || f.count == 0) return false;
	return f.items[0].line == line && f.items[0].column == column &&
		str_find(f.items[0].text, str_of(part)) >= 0;
}

TEST(yaml_refuses_what_definitions_do_not_need)
{
	CHECK(refused(t, "a: &x 1\n", 1, 4, "anchors"));
	CHECK(refused(t, "a: 1\nb: *x\n", 2, 4, "aliases"));
	CHECK(refused(t, "a: !!int 1\n", 1, 4, "tags"));
	CHECK(refused(t, "a: 1\n---\nb: 2\n", 2, 1, "one document"));
	CHECK(refused(t, "a: 1\nb: 2\na: 3\n", 3, 1, "already given at line 1"));
	CHECK(refused(t, "[a, b]: 1\n", 1, 1, "key"));
	CHECK(refused(t, "", 1, 1, "empty"));
	CHECK(refused(t, "a: \xff\n", 1, 1, "UTF-8"));
}

/* An unclosed quote is reported where it opens, not where the parser stumbles. */
TEST(yaml_places_an_unclosed_quote)
{
	CHECK(refused(t, "a: 1\nb: 'open\nc: 2\nd: 'x'\ne: 3\n", 2, 4, "quote"));
	CHECK(refused(t, "a: [\"x\", \"y]\nb: 2\n", 1, 10, "quote"));
	CHECK(refused(t, "# don't\na: it's fine\nt: |\n  \"quoted\n  'text\nb: \"ñ open\nc: 1\n", 6, 4, "quote"));
	CHECK(refused(t, "a:\n\tb: 1\n", 2, 1, "tab"));
	CHECK(refused(t, "a: 1\n b: 2\n", 2, 3, "not valid YAML"));
}

TEST(yaml_stops_bombs)
{
	struct buf b = buf_new(t->arena, 400000);
	for (int i = 0; i < 200000; i++)
		buf_add_char(&b, '[');
	struct findings f = findings_new(t->arena);
	CHECK(!yaml_parse(t->arena, buf_str(&b), &f));
	CHECK(str_find(f.items[0].text, STR("32 levels")) >= 0);

	struct findings g;
	CHECK(!parse(t, "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", &g));
	CHECK_INT(g.errors, 1);

	struct buf big = buf_new(t->arena, YAML_MAX_BYTES + 10);
	while (big.n <= YAML_MAX_BYTES)
		buf_add(&big, STR("- x\n"));
	struct findings h = findings_new(t->arena);
	CHECK(!yaml_parse(t->arena, buf_str(&big), &h));
	CHECK(str_find(h.items[0].text, STR("at most")) >= 0);
}

TEST(yaml_reads_a_byte_order_mark)
{
	struct findings f;
	struct yaml_node *root = parse(t,
		"\xEF\xBB\xBF"
		"a: b\n",
		&f);
	CHECK(root);
	CHECK_INT(yaml_get(root, STR("a"))->start, 6);
	CHECK_INT(yaml_get(root, STR("a"))->column, 4);
}

TEST(near_names)
{
	struct near n = near_start(STR("requiered"));
	near_try(&n, STR("required_when"));
	near_try(&n, STR("required"));
	near_try(&n, STR("id"));
	CHECK_STR(n.best, "required");
	n = near_start(STR("integr"));
	near_try(&n, STR("text"));
	near_try(&n, STR("integer"));
	CHECK_STR(near_hint(t->arena, &n), "; did you mean 'integer'?");
	n = near_start(STR("xyz"));
	near_try(&n, STR("alineamiento"));
	CHECK(str_is_none(n.best));
}
