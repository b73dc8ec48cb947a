/* The reader of catalogues and what all of them together must satisfy; gettext's own checker agrees. */
#include "base/testing.h"
#include "tools/lib/run.h"
#include "tools/po2c/catalogue.h"
#include "tools/po2c/plural.h"

#define HEADER                                                                                               \
	"msgid \"\"\nmsgstr \"\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n\"Plural-Forms: nplurals=2; plural=(n != 1);\\n\"\n\n"

/* The complaints about up to three catalogues (es, en, eu); NULL leaves one out. */
static struct str merged(struct test *t, const char *es, const char *en, const char *eu,
	struct po_catalogue *ret)
{
	const struct {
		const char *path, *text;
	} given[] = { { "src/x.es.po", es }, { "src/x.en.po", en }, { "src/x.eu.po", eu } };
	struct buf text = buf_new(t->arena, 64 * 1024);
	struct complaints c = { .out = &text };
	struct po_file *first = NULL, **end = &first;
	for (size_t i = 0; i < 3; i++) {
		if (!given[i].text) continue;
		struct str whole = arena_printf(t->arena, "%s%s", HEADER, given[i].text);
		*end = po_read(t->arena, str_of(given[i].path), whole, &c);
		end = &(*end)->next;
	}
	struct po_catalogue all;
	po_merge(t->arena, first, &all, &c);
	if (ret) *ret = all;
	return buf_str(&text);
}

TEST(po_reads_what_gettext_writes)
{
	struct po_catalogue all;
	struct str said = merged(t,
		"# a remark\n#: src/x.c:1\n#. for translators\nmsgid \"b.two\"\nmsgstr \"\"\n\"dos \\\"líneas\\\"\\n\"\n\"y una \\\\ más\"\n\n"
		"msgid \"a.days\"\nmsgid_plural \"a.days\"\nmsgstr[0] \"un día\"\nmsgstr[1] \"{n} días\"\n\n"
		"#~ msgid \"old\"\n#~ msgstr \"viejo\"\n",
		"#, fuzzy\nmsgid \"b.two\"\nmsgstr \"not yet\"\n\nmsgid \"a.days\"\nmsgid_plural \"a.days\"\nmsgstr[0] \"a day\"\nmsgstr[1] \"{n} days\"\r\n",
		NULL, &all);
	CHECK_STR(said, "");
	CHECK_INT(all.count, 2);
	CHECK_STR(all.items[0].key, "a.days");
	CHECK_STR(all.items[0].name, "MSG_A_DAYS");
	CHECK(all.items[0].is_plural);
	CHECK_INT(all.items[0].arg_count, 1);
	CHECK_STR(all.items[1].texts[0]->forms[0], "dos \"líneas\"\ny una \\ más");
	CHECK(all.items[1].texts[1] == NULL); /* fuzzy: not translated */
	CHECK_STR(all.items[0].texts[1]->forms[1], "{n} days");
}

TEST(po_mistakes_have_places)
{
	static const struct {
		const char *es, *en, *why;
	} cases[] = {
		{ "msgid \"a\"\nmsgstr \"x\"\n", "msgid \"b\"\nmsgstr \"y\"\n",
			"src/x.en.po:6:1: error: b has no Spanish text" },
		{ "msgid \"a\"\nmsgstr \"\"\n", NULL, "src/x.es.po:6:1: error: a has no Spanish text" },
		{ "msgid \"a\"\nmsgstr \"x\"\n\nmsgid \"a\"\nmsgstr \"y\"\n", NULL,
			"a stands already in src/x.es.po:" },
		{ "msgid \"a.b\"\nmsgstr \"x\"\n\nmsgid \"a-b\"\nmsgstr \"y\"\n", NULL, "give the same constant" },
		{ "msgid \"a\"\nmsgstr \"x {n}\"\n", "msgid \"a\"\nmsgstr \"x {m}\"\n",
			"{m} is not in the Spanish text" },
		{ "msgid \"a\"\nmsgstr \"x {n}\"\n", "msgid \"a\"\nmsgstr \"x\"\n",
			"{n} of the Spanish text is missing" },
		{ "msgid \"a\"\nmsgstr \"x {N}\"\n", NULL, "a placeholder is written" },
		{ "msgid \"a\"\nmsgstr \"x {n\"\n", NULL, "a placeholder is written" },
		{ "msgid \"a\"\nmsgstr \"x n}\"\n", NULL, "without '{'" },
		{ "msgid \"a\"\nmsgid_plural \"a\"\nmsgstr[0] \"x\"\nmsgstr[1] \"x\"\n",
			"msgid \"a\"\nmsgstr \"x\"\n", "plural forms in one language and none in another" },
		{ "msgid \"a\"\nmsgid_plural \"a\"\nmsgstr[0] \"x\"\n", NULL, "a needs 2 forms in 'es'" },
		{ "msgid \"a\"\nmsgid_plural \"a\"\nmsgstr[1] \"x\"\n", NULL, "'msgstr[1]' does not fit here" },
		{ "msgid \"a\"\nmsgstr[0] \"x\"\n", NULL, "does not fit here" },
		{ "msgid \"Some text\"\nmsgstr \"x\"\n", NULL, "is no key" },
		{ "msgctxt \"x\"\nmsgid \"a\"\nmsgstr \"x\"\n", NULL, "'msgctxt' is not understood" },
		{ "msgid \"a\"\nmsgstr x\n", NULL, "a text in quotes expected" },
		{ "msgid \"a\"\nmsgstr \"x \" y\"\n", NULL, "written \\\"" },
		{ "msgid \"a\"\nmsgstr \"\\x41\"\n", NULL, "are the only escapes" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct str said = merged(t, cases[i].es, cases[i].en, NULL, NULL);
		if (str_find(said, str_of(cases[i].why)) < 0)
			test_fail(t, __FILE__, __LINE__, "%s gave \"%.*s\", not %s", cases[i].es, STR_FMT(said),
				cases[i].why);
	}
}

TEST(po_needs_a_header)
{
	struct buf text = buf_new(t->arena, 4096);
	struct complaints c = { .out = &text };
	po_read(t->arena, STR("src/x.es.po"), STR("msgid \"a\"\nmsgstr \"b\"\n"), &c);
	CHECK_STR(buf_str(&text), "src/x.es.po:1:1: error: the catalogue has no header\n");
	buf_clear(&text);
	po_read(t->arena, STR("src/x.es.po"),
		STR("msgid \"\"\nmsgstr \"Plural-Forms: nplurals=2; plural=system(n);\\n\"\n"), &c);
	CHECK(str_find(buf_str(&text), STR("Plural-Forms is not understood")) >= 0);
}

/* The expressions of the gettext manual, section 11.2.6 "Additional functions for plural forms". */
TEST(po_plural_expressions)
{
	struct str polish = STR("n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2");
	CHECK(plural_check(polish, 3));
	CHECK_INT(plural_of(polish, 1), 0);
	CHECK_INT(plural_of(polish, 3), 1);
	CHECK_INT(plural_of(polish, 13), 2);
	CHECK_INT(plural_of(polish, 22), 1);
	CHECK_INT(plural_of(STR("n != 1"), 0), 1);
	CHECK_INT(plural_of(STR("n>1"), 1), 0);
	CHECK_INT(plural_of(STR("0"), 7), 0);
	CHECK_INT(plural_of(STR("!(n == 1) + 1"), 1), 1);
	static const char *const wrong[] = { "", "n !", "(n", "m", "n n", "n ? 1", "n/0", "n/n", "n%(n-1)", "2",
		"n=1", "f(n)", "n;n" };
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		if (plural_check(str_of(wrong[i]), 2)) test_fail(t, __FILE__, __LINE__, "accepted %s", wrong[i]);
}

TEST(po_plural_depth_ends)
{
	struct buf text = buf_new(t->arena, 64 * 1024);
	for (int i = 0; i < 2000; i++)
		buf_add_char(&text, '(');
	CHECK(!plural_check(buf_str(&text), 2));
	buf_clear(&text);
	for (int i = 0; i < 2000; i++)
		buf_add(&text, STR("n?"));
	CHECK(!plural_check(buf_str(&text), 2));
}

TEST(po_emits_tables)
{
	struct po_catalogue all;
	CHECK_STR(
		merged(t,
			"msgid \"a.days\"\nmsgid_plural \"a.days\"\nmsgstr[0] \"un \\\"día\\\" */\"\nmsgstr[1] \"{n} de {name}\"\n",
			NULL, NULL, &all),
		"");
	CHECK_INT(all.family_count, 1);
	struct str header = po_emit_header(t->arena, &all, &all.families[0]),
			   source = po_emit_source(t->arena, &all);
	CHECK(str_find(header, STR("#define MSG_A_DAYS ((enum message)(1 << I18N_FAMILY_BITS | 0))\n")) >= 0);
	CHECK(str_find(header, STR("MSG_A_DAYS_args = 2, MSG_A_DAYS_has_n = 1, MSG_A_DAYS_has_name = 1,")) >= 0);
	CHECK(
		str_find(source, STR("es_0[] = { { \"un \\\"día\\\" */\", 12 }, { \"{n} de {name}\", 13 } };")) >= 0);
	CHECK(str_find(source, STR("texts_en[] = {\n\t{ { NULL, 0 }, NULL },\n};")) >= 0);
	CHECK(str_find(source, STR("int64_t form = (n != 1);\n\treturn form >= 0 && form < 2 ? form : 0;")) >= 0);
}

/* The product's own catalogues: gettext's checker finds nothing in them (where it is installed). */
TEST(po_catalogues_of_the_product)
{
	struct tree_files files;
	CHECK_OK(tree_read(t->arena, STR("src"), (const char *const[]){ ".po", NULL }, &files));
	CHECK(files.count > 0);
	int code = 0;
	for (size_t i = 0; i < files.count && code != 127; i++) {
		struct str said = STR_NONE;
		const char *path = arena_printf(t->arena, "src/%.*s", STR_FMT(files.items[i].path)).p;
		CHECK_OK(run_program(t->arena, (const char *const[]){ "msgfmt", "-c", "-o", "/dev/null", path, NULL },
			&said, &code));
		if (code != 0 && code != 127) test_fail(t, __FILE__, __LINE__, "%.*s", STR_FMT(said));
	}
}
