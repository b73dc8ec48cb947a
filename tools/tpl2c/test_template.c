/* Directives: what they become in C, and each mistake with its place. */
#include "base/testing.h"
#include "tools/tpl2c/emit.h"

static struct str complaints_of(struct test *t, const char *source)
{
	struct buf text = buf_new(t->arena, 64 * 1024);
	struct complaints c = { .out = &text };
	struct tpl_template *all = tpl_parse(t->arena, STR("src/x.html"), STR("x.html"), str_of(source), &c);
	tpl_check(all, &c);
	return buf_str(&text);
}

TEST(tpl_mistakes_have_places)
{
	static const struct {
		const char *source, *complaint;
	} cases[] = {
		{ "<p>x</p>", "src/x.html:1:1: error: a template begins with {{template" },
		{ "{{template x(struct x v)}}\n<p>\n  {{w.a}}\n</p>", "src/x.html:3:5: error: 'w.a' is neither" },
		{ "{{template x(struct x v)}}\n{{v.a b}}", "src/x.html:2:7: error: 'b' is not understood" },
		{ "{{template x(struct x v)}}\n{{v.}}", "error: a member's name expected" },
		{ "{{template x(struct x v)}}\n\n{{if v.a}}x", "src/x.html:3:3: error: this {{if}} has no {{end}}" },
		{ "{{template x(struct x v)}}\n{{for c in v.l}}x",
			"src/x.html:2:3: error: this {{for}} has no {{end}}" },
		{ "{{template x(struct x v)}}\n{{end}}", "src/x.html:2:3: error: this ends or continues nothing" },
		{ "{{template x(struct x v)}}\n{{if v.a &&}}x{{end}}", "src/x.html:2:12: error: a value expected" },
		{ "{{template x(struct x v)}}\n{{if v.a == \"x}}y{{end}}", "error: a quote is not closed" },
		{ "{{template x(struct x v)}}\n{{if v.a < \"x\"}}y{{end}}", "compared with == and != only" },
		{ "{{template x(struct x v)}}\n{{for v in v.l}}{{end}}", "error: 'v' is already in use" },
		{ "{{template x(struct x v)}}\n{{for int in v.l}}{{end}}", "error: 'int' cannot be a name" },
		{ "{{template x(struct x v)}}\n{{for c in v.l}}{{end}}{{c.x}}", "'c.x' is neither" },
		{ "{{template x(struct x v)}}\n{{index v}}", "error: 'v' is no loop's variable" },
		{ "{{template x(struct x v)}}\n{{t Not.a.key}}", "error: a key of the catalogue expected" },
		{ "{{template x(struct x v)}}\n{{t a.b n=v.n n=v.m}}", "error: 'n' is given twice" },
		{ "{{template x(struct x v)}}\n{{t a.b n}}", "error: '=' expected" },
		{ "{{template x(struct x v)}}\n{{call y(v)}}", "src/x.html:2:3: error: there is no template 'y'" },
		{ "{{template x(struct x v)}}{{call x()}}", "error: 'x' takes a struct x" },
		{ "{{template x()}}{{template y()}}{{call x(look)}}", "error: 'x' takes nothing" },
		{ "{{template x()}}\n{{template x()}}", "src/x.html:2:3: error: a template 'x' exists already" },
		{ "{{template x()}}\n{{layout y()}}{{template y()}}", "error: 'y' has no {{body}}" },
		{ "{{template x()}}{{body}}{{template y()}}{{call x()}}", "error: 'x' has a {{body}}" },
		{ "{{template x()}}{{body}}{{body}}", "error: a layout has one {{body}}" },
		{ "{{template x(struct x v)}}{{if v.a}}{{body}}{{end}}", "cannot stand inside {{if}}" },
		{ "{{template x()}}y{{layout z()}}", "must come right after {{template}}" },
		{ "{{template x(int v)}}", "error: 'struct' expected" },
		{ "{{template x()}}\n a {{", "src/x.html:2:4: error: {{ without }}" },
		{ "{{template x()}}\n{{}}", "src/x.html:2:1: error: empty directive" },
		{ "{{template x()}}\n{{# never ends", "error: {{ without }}" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct str said = complaints_of(t, cases[i].source);
		if (str_find(said, str_of(cases[i].complaint)) < 0)
			test_fail(t, __FILE__, __LINE__, "%s gave \"%.*s\", not %s", cases[i].source, STR_FMT(said),
				cases[i].complaint);
	}
}

TEST(tpl_finds_every_mistake_in_one_run)
{
	struct str said = complaints_of(t, "{{template x(struct x v)}}{{w}}\n{{q}}{{template y()}}\n<p>");
	CHECK(str_find(said, STR(":1:29:")) >= 0);
	CHECK(str_find(said, STR(":2:3:")) >= 0);
	CHECK(str_find(said, STR(":3:1: error: <p> is never closed")) >= 0);
}

TEST(tpl_deep_nesting_ends)
{
	struct buf source = buf_new(t->arena, 64 * 1024);
	buf_add(&source, STR("{{template x(struct x v)}}"));
	for (int i = 0; i < 500; i++)
		buf_add(&source, STR("{{if v.a}}"));
	CHECK(str_find(complaints_of(t, buf_str(&source).p), STR("too deep")) >= 0);
	buf_clear(&source);
	buf_add(&source, STR("{{template x(struct x v)}}{{if "));
	for (int i = 0; i < 500; i++)
		buf_add(&source, STR("(!"));
	buf_add(&source, STR("v.a}}{{end}}"));
	CHECK(str_find(complaints_of(t, buf_str(&source).p), STR("too many parentheses")) >= 0);
}

/* The C of a template whose parameter is v. */
static struct str c_of(struct test *t, const char *content)
{
	struct buf text = buf_new(t->arena, 64 * 1024);
	struct complaints c = { .out = &text };
	struct str source = arena_printf(t->arena,
		"{{template x(struct x v) include \"x.h\"}}\n%s"
		"{{template part(struct y p)}}p{{template frame(struct f f)}}<b>{{body}}</b>",
		content);
	struct tpl_template *all = tpl_parse(t->arena, STR("src/x.html"), STR("x.html"), source, &c);
	tpl_check(all, &c);
	return c.count ? buf_str(&text) : tpl_emit_source(t->arena, all, all);
}

TEST(tpl_emits)
{
	static const struct {
		const char *content, *c;
	} cases[] = {
		{ "{{v.a.b}}", "#line 2 \"src/x.html\"\n\tVIEW_TEXT(out, v->a.b);\n" },
		{ "{{v.a->b}}", "VIEW_TEXT(out, v->a->b);" },
		{ "{{look.name}}", "VIEW_TEXT(out, out->look->name);" },
		{ "{{view.lang}}", "VIEW_TEXT(out, out->lang);" },
		{ "a\"b\\c\n?ñ", "VIEW_MARKUP(out, \"a\\\"b\\\\c\\n\"\n\t\t\"?ñ\");" },
		{ "{{if v.a && !v.b}}x{{end}}", "if ((v->a) && (!(v->b))) {" },
		{ "{{if v.a == KIND_X}}x{{else}}y{{end}}", "if (v->a == KIND_X) {" },
		{ "{{if v.a == \"x\"}}x{{end}}", "if (str_eq(v->a, STR(\"x\"))) {" },
		{ "{{if v.a != \"x\"}}x{{end}}", "if (!str_eq(v->a, STR(\"x\"))) {" },
		{ "{{if v.a? || (v.n > 3 && true)}}x{{end}}", "if ((VIEW_HAS(v->a)) || ((v->n > 3) && (true))) {" },
		{ "{{if v.a}}x{{elif v.b}}y{{end}}", "} else if (v->b) {" },
		{ "{{for c in v.l}}{{c}}{{end}}", "for (size_t c_at = 0; c_at < (v->l).count; c_at++) {" },
		{ "{{for c in v.l}}{{c}}{{end}}", "const __typeof__(*(v->l).items) *c = &(v->l).items[c_at];" },
		{ "{{for c in v.l}}{{c}}{{end}}", "VIEW_TEXT(out, *c);" },
		{ "{{for c in v.l}}{{index c}}{{position c}}{{end}}", "VIEW_TEXT(out, (int)c_at + 1);" },
		{ "{{for c in v.l}}{{if last c}}x{{end}}{{end}}", "if (c_at + 1 == (v->l).count) {" },
		{ "{{for c in v.l}}x{{else}}y{{end}}", "if ((v->l).count == 0) {" },
		{ "{{t a.b-c}}", "_Static_assert(MSG_A_B_C_args == 0," },
		{ "{{t a.b-c}}", "view_message(out, MSG_A_B_C, NULL);" },
		{ "{{t a.b n=v.n d=date(weekday v.d)}}",
			"(const struct i18n_arg[]){ I18N_ARG(\"n\", v->n), I18N_ARG(\"d\", VIEW_DATE(out, I18N_WEEKDAY, v->d)), { 0 } }" },
		{ "{{t v.message}}", "view_message(out, v->message, NULL);" },
		{ "{{call part(v.y)}}", "part_html(out, VIEW_POINTER(struct y, v->y));" },
		{ "{{for c in v.l}}{{call part(c)}}{{end}}", "part_html(out, c);" },
		{ "{{date v.d}}", "VIEW_TEXT(out, VIEW_DATE(out, I18N_LONG, v->d));" },
		{ "{{day v.d}}", "VIEW_DATE(out, I18N_SHORT, v->d)" },
		{ "{{datetime long v.d}}", "VIEW_DATETIME(out, I18N_LONG, v->d)" },
		{ "{{time v.d}}{{money v.m}}{{number v.n}}{{iso v.d}}", "VIEW_MONEY(out, v->m)" },
		{ "{{icon home-2}}", "VIEW_ICON(out, ICON_HOME_2);" },
		{ "{{icon v.icon}}", "view_icon(out, v->icon);" },
		{ "<a href=\"{{asset css/a.css}}\">x</a>", "VIEW_MARKUP(out, ASSET_CSS_A_CSS);" },
		{ "{{raw v.h}}", "html_raw(out->out, v->h);" },
		{ "{{layout frame(v.f)}}y", "frame_html_open(out, VIEW_POINTER(struct f, v->f));" },
		{ "{{layout frame(v.f)}}y", "frame_html_close(out, VIEW_POINTER(struct f, v->f));" },
		{ "x", "(void)v;" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct str c = c_of(t, cases[i].content);
		if (str_find(c, str_of(cases[i].c)) < 0)
			test_fail(t, __FILE__, __LINE__, "%s gave\n%.*s\nwithout %s", cases[i].content, STR_FMT(c),
				cases[i].c);
	}
}
