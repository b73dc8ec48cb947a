/* Splices touch the intended lines only. */
#include "base/testing.h"
#include "core/definition/yaml_edit.h"

static const char base[] = "# A procedure\n"
						   "id: uno      # stays\n"
						   "name: {es: Uno, eu: Bat}\n"
						   "form:\n"
						   "  pages:\n"
						   "    - id: p1   # first page\n"
						   "      title:\n"
						   "        es: Página\n"
						   "      fields:\n"
						   "        - {id: a, type: text}\n"
						   "        - id: b\n"
						   "          type: number # in metres\n"
						   "          hint: |\n"
						   "            Uno\n"
						   "            Dos\n"
						   "\n"
						   "    # the second\n"
						   "    - id: p2\n"
						   "      fields: []\n"
						   "retention:\n"
						   "  count: 5\n";

static struct yaml_node *node_at(struct test *t, const char *path)
{
	struct findings f = findings_new(t->arena);
	return yaml_at(yaml_parse(t->arena, str_of(base), &f), str_of(path));
}

/* `base` with its first `from` replaced. */
static struct str expected(struct test *t, const char *from, const char *to)
{
	const char *at = strstr(base, from);
	return arena_printf(t->arena, "%.*s%s%s", (int)(at - base), base, to, at + strlen(from));
}

static bool set_gives(struct test *t, const char *path, const char *value, const char *from, const char *to)
{
	struct str out = STR_NONE;
	struct err *e = yaml_edit_set(t->arena, str_of(base), node_at(t, path), str_of(value), &out);
	return !e && str_eq(out, expected(t, from, to));
}

TEST(yaml_edit_sets_in_place)
{
	CHECK(set_gives(t, "id", "dos", "id: uno ", "id: dos "));
	CHECK(set_gives(t, "name.eu", "Bi", "eu: Bat", "eu: Bi"));
	CHECK(set_gives(t, "name", "{es: Dos}", "{es: Uno, eu: Bat}", "{es: Dos}"));
	CHECK(set_gives(t, "form.pages.0.fields.1.type", "date", "type: number #", "type: date #"));
	CHECK(set_gives(t, "form.pages.1.fields", "- id: x\n  type: text", " []",
		"\n        - id: x\n          type: text"));
}

TEST(yaml_edit_block_becomes_flow_beside_its_key)
{
	CHECK(set_gives(t, "form.pages.0.title", "{es: Página, eu: Orria}", "title:\n        es: Página",
		"title: {es: Página, eu: Orria}"));
	CHECK(set_gives(t, "form.pages.0.fields.1.hint", "corto", "hint: |\n            Uno\n            Dos",
		"hint: corto"));
	CHECK(set_gives(t, "form.pages.0.fields.1.hint", "|\n  Tres\n  Cuatro",
		"hint: |\n            Uno\n            Dos", "hint: |\n              Tres\n              Cuatro"));
}

static bool add_gives(struct test *t, const char *path, const char *key, const char *value, const char *from,
	const char *to)
{
	struct str out = STR_NONE;
	struct err *e = yaml_edit_add(t->arena, str_of(base), node_at(t, path), str_of(key), str_of(value), &out);
	return !e && str_eq(out, expected(t, from, to));
}

TEST(yaml_edit_adds_a_key_last)
{
	CHECK(add_gives(t, "name", "en", "One", "eu: Bat}", "eu: Bat, en: One}"));
	CHECK(add_gives(t, "form.pages.0.fields.1", "min", "0", "            Dos\n",
		"            Dos\n          min: 0\n"));
	CHECK(
		add_gives(t, "form.pages.0.title", "eu", "Orria", "es: Página\n", "es: Página\n        eu: Orria\n"));
	CHECK(add_gives(t, "retention", "unit", "years", "count: 5\n", "count: 5\n  unit: years\n"));
	CHECK(add_gives(t, "form.pages.0.fields.0", "hint", "{es: Sí}", "type: text}",
		"type: text, hint: {es: Sí}}"));
	CHECK(add_gives(t, "form.pages.1", "title", "es: Otra\neu: Beste", "fields: []\n",
		"fields: []\n      title:\n        es: Otra\n        eu: Beste\n"));
	struct str out;
	CHECK_ERR(yaml_edit_add(t->arena, str_of(base), node_at(t, "name"), STR("es"), STR("x"), &out),
		ERR_CONFLICT);
}

TEST(yaml_edit_appends_an_item)
{
	struct str out;
	CHECK_OK(yaml_edit_append(t->arena, str_of(base), node_at(t, "form.pages.0.fields"),
		STR("id: c\ntype: text"), &out));
	CHECK(str_eq(out,
		expected(t, "            Dos\n", "            Dos\n        - id: c\n          type: text\n")));
	CHECK_OK(
		yaml_edit_append(t->arena, str_of(base), node_at(t, "form.pages.1.fields"), STR("{id: c}"), &out));
	CHECK(str_eq(out, expected(t, "[]", "[{id: c}]")));
	CHECK_ERR(yaml_edit_append(t->arena, str_of(base), node_at(t, "form.pages.1.fields"), STR("a: 1\nb: 2"),
				  &out),
		ERR_INVALID);
}

static bool delete_gives(struct test *t, const char *path, const char *from, const char *to)
{
	struct str out = STR_NONE;
	struct err *e = yaml_edit_delete(t->arena, str_of(base), node_at(t, path), &out);
	return !e && str_eq(out, expected(t, from, to));
}

TEST(yaml_edit_deletes)
{
	CHECK(delete_gives(t, "name", "name: {es: Uno, eu: Bat}\n", ""));
	CHECK(delete_gives(t, "name.es", "es: Uno, ", ""));
	CHECK(delete_gives(t, "name.eu", ", eu: Bat", ""));
	CHECK(delete_gives(t, "form.pages.0.fields.1.type", "          type: number # in metres\n", ""));
	CHECK(delete_gives(t, "form.pages.0.fields.0", "        - {id: a, type: text}\n", ""));
	CHECK(delete_gives(t, "form.pages.0.id", "id: p1   # first page\n      ", ""));
	CHECK(delete_gives(t, "form.pages.0.fields.1.hint",
		"          hint: |\n            Uno\n            Dos\n", ""));
	struct str out;
	CHECK_ERR(yaml_edit_delete(t->arena, str_of(base), node_at(t, "retention.count"), &out), ERR_INVALID);
}

/* A value that would break the file is refused, and nothing is returned. */
TEST(yaml_edit_checks_its_result)
{
	struct str out = STR("untouched");
	CHECK_ERR(yaml_edit_set(t->arena, str_of(base), node_at(t, "id"), STR("'open"), &out), ERR_INVALID);
	CHECK_ERR(yaml_edit_set(t->arena, str_of(base), node_at(t, "id"), STR("*x"), &out), ERR_INVALID);
	CHECK_STR(out, "untouched");
}

TEST(yaml_quote_survives_a_round_trip)
{
	static const char *const texts[] = { "simple", "con: dos puntos", "no", "'", "\"", "a # b", "línea\notra",
		" x ", "", "- guion", "50 %", "%", "{x}", "a, b", "tab\t", "C:\\x", "\x01", "true", "ñandú: ¿qué?",
		"fin:", NULL };
	for (const char *const *text = texts; *text; text++) {
		struct findings f = findings_new(t->arena);
		struct str source = arena_printf(t->arena, "a: {b: %.*s}\n",
			STR_FMT(yaml_quote(t->arena, str_of(*text))));
		struct yaml_node *root = yaml_parse(t->arena, source, &f);
		CHECK(root);
		CHECK_STR(yaml_at(root, STR("a.b"))->text, *text);
	}
}
