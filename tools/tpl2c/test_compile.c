/*
 * Small trees through the generators and the C compiler: what must not compile does not, with the template's
 * line; what does compile is run, and its page read.
 */
#include <sys/stat.h>
#include <unistd.h>
#include "base/testing.h"
#include "tools/embed/embed.h"
#include "tools/lib/run.h"
#include "tools/po2c/catalogue.h"
#include "tools/tpl2c/emit.h"

static const char header[] =
	"#pragma once\n#include \"base/html.h\"\n#include \"base/instant.h\"\n#include \"i18n/x.h\"\n"
	"struct card { struct str name; int n; };\n"
	"struct cards { struct card *items; size_t count; };\n"
	"enum kind { KIND_A, KIND_B };\n"
	"struct box { struct str text, href; const char *c; struct html markup; struct cards cards; struct card card;\n"
	"\tstruct cards none; enum kind kind; bool is_open; int n; int64_t big; struct date day; enum message message; };\n";

static const char es[] =
	"msgid \"\"\nmsgstr \"Plural-Forms: nplurals=2; plural=(n != 1);\\n\"\n\n"
	"msgid \"x.title\"\nmsgstr \"Título & <b>\"\n\nmsgid \"x.days\"\nmsgid_plural \"x.days\"\n"
	"msgstr[0] \"un día de {name}\"\nmsgstr[1] \"{n} días de {name}\"\n";

/* A temporary folder with the generated C of one template. */
static const char *make_tree(struct test *t, const char *template)
{
	char pattern[] = "/tmp/tpl2c-test-XXXXXX";
	const char *folder = arena_cstr(t->arena, mkdtemp(pattern) ? pattern : "").p;
	struct buf text = buf_new(t->arena, 64 * 1024);
	struct complaints c = { .out = &text };
	struct str source = arena_printf(t->arena, "{{template box(struct box v) include \"box.h\"}}\n%s",
		template);
	struct tpl_template *all = tpl_parse(t->arena, STR("src/box.html"), STR("box.html"), source, &c);
	tpl_check(all, &c);
	struct po_catalogue catalogue;
	po_merge(t->arena, po_read(t->arena, STR("x.es.po"), str_of(es), &c), &catalogue, &c);
	struct embed_assets assets;
	struct tree_file icons = { STR("icons.svg"), STR("<svg><symbol id=\"i-clock\"></symbol></svg>") };
	embed_prepare(t->arena, STR("web"), (struct tree_files){ &icons, 1 }, &assets, &c);
	if (c.count) {
		test_fail(t, __FILE__, __LINE__, "%.*s", STR_FMT(buf_str(&text)));
		return "";
	}
	const struct {
		const char *path;
		struct str text;
	} files[] = { { "box.h", str_of(header) }, { "box.html.h", tpl_emit_header(t->arena, all) },
		{ "box.html.c", tpl_emit_source(t->arena, all, all) },
		{ "i18n/x.h", po_emit_header(t->arena, &catalogue, &catalogue.families[0]) },
		{ "i18n/messages.c", po_emit_source(t->arena, &catalogue) },
		{ "web/assets.h", embed_emit_header(t->arena, &assets) } };
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		bool changed;
		struct err *e = tree_write(t->arena, str_of(folder), str_of(files[i].path), files[i].text, &changed);
		if (e) test_fail(t, __FILE__, __LINE__, "%s", e->detail);
	}
	return folder;
}

static struct str output_of(struct test *t, const char *const *argv)
{
	struct str output = STR_NONE;
	int code;
	struct err *e = run_program(t->arena, argv, &output, &code);
	if (e) test_fail(t, __FILE__, __LINE__, "%s", e->detail);
	return output;
}

static void remove_tree(struct test *t, const char *folder)
{
	if (*folder) output_of(t, (const char *const[]){ "rm", "-rf", folder, NULL });
}

/* folder/name */
static const char *in(struct test *t, const char *folder, const char *name)
{
	return arena_printf(t->arena, "%s/%s", folder, name).p;
}

/* What the compiler says of the template's C; "" when it has nothing to say. */
static struct str compiled(struct test *t, const char *template)
{
	const char *folder = make_tree(t, template);
	const char *const argv[] = { "cc", "-std=gnu17", "-D_GNU_SOURCE", "-Isrc", "-I", folder, "-Wall",
		"-Wextra", "-Wconversion", "-Wshadow", "-fsyntax-only", in(t, folder, "box.html.c"), NULL };
	struct str said = output_of(t, argv);
	remove_tree(t, folder);
	return said;
}

TEST(tpl_mistakes_that_the_compiler_finds)
{
	static const struct {
		const char *template, *why;
	} cases[] = {
		{ "<p>\n{{v.nothing}}</p>", "src/box.html:3:" },
		{ "{{t x.gone}}", "MSG_X_GONE" },
		{ "\n\n{{t x.gone}}", "src/box.html:4:" },
		{ "{{t x.days n=v.n}}", "takes other values" },
		{ "{{t x.days n=v.n who=v.text}}", "MSG_X_DAYS_has_who" },
		{ "{{t x.title n=v.n}}", "MSG_X_TITLE_has_n" },
		{ "{{v.markup}}", "_Generic" },
		{ "{{v.is_open}}", "_Generic" },
		{ "{{v.kind}}", "_Generic" },
		{ "{{v.day}}", "_Generic" },
		{ "{{v.card}}", "_Generic" },
		{ "{{raw v.text}}", "incompatible type" },
		{ "<a href=\"{{v.markup}}\">x</a>", "_Generic" },
		{ "<a href=\"{{v.n}}\">x</a>", "_Generic" },
		{ "{{if v.text}}x{{end}}", "scalar" },
		{ "{{if v.text == \"x\"}}{{end}}{{if v.n == \"x\"}}x{{end}}", "incompatible type" },
		{ "{{date v.text}}", "_Generic" },
		{ "{{money v.n}}", "incompatible type" },
		{ "{{icon no-such-icon}}", "ICON_NO_SUCH_ICON" },
		{ "<img src=\"{{asset gone.png}}\" alt=\"\">", "ASSET_GONE_PNG" },
		{ "{{for c in v.n}}x{{end}}", "request for member" },
		{ "{{call part(v.card)}}{{template part(struct box p) include \"box.h\"}}x", "_Generic" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct str said = compiled(t, cases[i].template);
		if (str_find(said, STR("error:")) < 0 || str_find(said, str_of(cases[i].why)) < 0 ||
			str_find(said, STR("src/box.html:")) < 0)
			test_fail(t, __FILE__, __LINE__, "%s gave \"%.*s\", without %s", cases[i].template, STR_FMT(said),
				cases[i].why);
	}
}

static const char program[] =
	"#include \"box.html.h\"\n#include <stdio.h>\n"
	"int main(void)\n{\n"
	"\tstruct arena *a = arena_new(1 << 20);\n"
	"\tstruct buf out = buf_new(a, 1 << 16);\n"
	"\tstruct view view = { .out = &out, .arena = a, .lang = STR(\"es\"), .csrf = STR(\"tok\\\"en\") };\n"
	"\tstruct card cards[] = { { STR(\"uno\"), 1 }, { STR(\"<dos>\"), 2 } };\n"
	"\tstruct box v = { .text = STR(\"<b> & \\\"x\\\" 'y'\"), .href = STR(\"javascript:alert(1)\"), .c = \"c&\",\n"
	"\t\t.cards = { cards, 2 }, .card = { STR(\"k\"), 3 }, .n = -5, .big = 1234567890123, .is_open = true, .kind = KIND_B,\n"
	"\t\t.markup = html_of_generated(STR(\"<i>m</i>\")), .message = MSG_X_TITLE };\n"
	"\tbox_html(&view, &v);\n"
	"\tstruct html page;\n"
	"\tif (view_finish(&view, &page)) return 1;\n"
	"\tfwrite(page.markup.p, 1, page.markup.n, stdout);\n\tarena_free(a);\n}\n";

static struct str rendered(struct test *t, const char *template)
{
	const char *folder = make_tree(t, template);
	bool changed;
	struct err *e = tree_write(t->arena, str_of(folder), STR("main.c"), str_of(program), &changed);
	if (e) test_fail(t, __FILE__, __LINE__, "%s", e->detail);
	const char *run = in(t, folder, "run");
	const char *const argv[] = { "cc", "-std=gnu17", "-D_GNU_SOURCE", "-Isrc", "-I", folder, "-Wall",
		"-Wextra", in(t, folder, "main.c"), in(t, folder, "box.html.c"), in(t, folder, "i18n/messages.c"),
		"src/core/view.c", "src/core/i18n.c", "src/core/i18n_date.c", "src/core/i18n_number.c",
		"src/base/arena.c", "src/base/buf.c", "src/base/err.c", "src/base/str.c", "src/base/html.c",
		"src/base/zone.c", "src/base/zone_rule.c", "src/base/date.c", "src/base/instant.c", "-o", run, NULL };
	struct str said = output_of(t, argv);
	if (str_is_empty(said)) said = output_of(t, (const char *const[]){ run, NULL });
	remove_tree(t, folder);
	return said;
}

/* The cheat sheet of the Open Worldwide Application Security Project, rule by rule: HTML body, attribute, URL. */
TEST(tpl_pages_escape_by_context)
{
	CHECK_STR(
		rendered(t,
			"<p title=\"{{v.text}}\" class='{{v.text}}'>{{v.text}}</p>\n"
			"<a href=\"{{v.href}}\">{{v.c}}</a><a href=\"/x/{{v.text}}\">y</a>\n"
			"<textarea>\n{{v.text}}</textarea>{{raw v.markup}}\n"
			"<p>{{v.n}} {{v.big}} {{t x.title}} {{t v.message}}</p>\n"
			"<p title=\"{{t x.days n=v.n name=v.text}}\">{{t x.days n=v.card.n name=v.card.name}}</p>\n"
			"<ul>{{for c in v.cards}}<li>{{position c}}{{c.name}}{{if last c}}.{{end}}</li>{{end}}</ul>\n"
			"{{for c in v.none}}x{{else}}<p>-</p>{{end}}{{if v.kind == KIND_B && v.text? && !v.is_open}}n{{else}}y{{end}}\n"
			"<form method=\"post\">{{csrf}}</form>{{icon clock}}{{call part(v.card)}}\n"
			"{{template part(struct card p) include \"box.h\"}}{{p.name}}"),
		"<p title=\"&lt;b&gt; &amp; &quot;x&quot; &#39;y&#39;\" class='&lt;b&gt; &amp; &quot;x&quot; &#39;y&#39;'>"
		"&lt;b&gt; &amp; &quot;x&quot; &#39;y&#39;</p>\n"
		"<a href=\"#\">c&amp;</a><a href=\"/x/%3Cb%3E%20%26%20%22x%22%20%27y%27\">y</a>\n"
		"<textarea>\n&lt;b&gt; &amp; &quot;x&quot; &#39;y&#39;</textarea><i>m</i>\n"
		"<p>-5 1234567890123 Título &amp; &lt;b&gt; Título &amp; &lt;b&gt;</p>\n"
		"<p title=\"-5 días de &lt;b&gt; &amp; &quot;x&quot; &#39;y&#39;\">3 días de k</p>\n"
		"<ul><li>1uno</li><li>2&lt;dos&gt;.</li></ul>\n"
		"<p>-</p>y\n"
		"<form method=\"post\"><input type=\"hidden\" name=\"_csrf\" value=\"tok&quot;en\"></form>"
		"<svg class=\"icon\" aria-hidden=\"true\" focusable=\"false\"><use href=\"/activos/6a3445e3ce03/icons.svg#i-clock\"/></svg>k");
}
