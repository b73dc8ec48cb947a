/* What the tracker takes a value for, and what it refuses. */
#include "base/testing.h"
#include "tools/tpl2c/template.h"

/* The complaints about one template with this content; "" when there are none. */
static struct str complaints_of(struct test *t, const char *content, struct tpl_template **ret)
{
	struct buf text = buf_new(t->arena, 64 * 1024);
	struct complaints c = { .out = &text };
	struct str source = arena_printf(t->arena, "{{template x(struct x v)}}%s", content);
	struct tpl_template *first = tpl_parse(t->arena, STR("x.html"), STR("x.html"), source, &c);
	if (ret) *ret = first;
	return buf_str(&text);
}

/* The slot of the first value. */
static enum html_slot slot_of(struct test *t, const char *content)
{
	struct tpl_template *template = NULL;
	if (!str_is_empty(complaints_of(t, content, &template))) return HTML_SLOT_NONE;
	for (const struct tpl_node *node = template->nodes; node; node = node->next)
		if (node->kind == TPL_NODE_VALUE) return node->slot;
	return HTML_SLOT_NONE;
}

TEST(tpl_context_slots)
{
	CHECK_INT(slot_of(t, "<p>{{v.x}}</p>"), HTML_SLOT_TEXT);
	CHECK_INT(slot_of(t, "<title>{{v.x}}</title>"), HTML_SLOT_TEXT);
	CHECK_INT(slot_of(t, "<textarea name=\"a\">\n{{v.x}}</textarea>"), HTML_SLOT_TEXT);
	CHECK_INT(slot_of(t, "<p title=\"a {{v.x}}\">x</p>"), HTML_SLOT_ATTR);
	CHECK_INT(slot_of(t, "<p title='{{v.x}}'>x</p>"), HTML_SLOT_ATTR);
	CHECK_INT(slot_of(t, "<a href=\"{{v.x}}\">x</a>"), HTML_SLOT_URL);
	CHECK_INT(slot_of(t, "<A HREF='{{v.x}}'>x</A>"), HTML_SLOT_URL);
	CHECK_INT(slot_of(t, "<img src=\"{{v.x}}\" alt=\"\">"), HTML_SLOT_URL);
	CHECK_INT(slot_of(t, "<p data-href=\"{{v.x}}\">x</p>"), HTML_SLOT_URL);
	CHECK_INT(slot_of(t, "<form action=\"{{v.x}}\"></form>"), HTML_SLOT_URL);
	CHECK_INT(slot_of(t, "<button formaction=\"{{v.x}}\">x</button>"), HTML_SLOT_URL);
	CHECK_INT(slot_of(t, "<svg><use href=\"{{v.x}}\"/></svg>"), HTML_SLOT_URL);
	CHECK_INT(slot_of(t, "<svg><a xlink:href=\"{{v.x}}\"></a></svg>"), HTML_SLOT_URL);
	CHECK_INT(slot_of(t, "<a href=\"/x/{{v.x}}\">x</a>"), HTML_SLOT_URL_PART);
	CHECK_INT(slot_of(t, "<a href=\"/x?q={{v.x}}\">x</a>"), HTML_SLOT_URL_PART);
	CHECK_INT(slot_of(t, "<a href=\"#{{v.x}}\">x</a>"), HTML_SLOT_URL_PART);
	CHECK_INT(slot_of(t, "<a href=\"tel:{{v.x}}\">x</a>"), HTML_SLOT_URL_PART);
	CHECK_INT(slot_of(t, "<svg viewBox=\"0 0 {{v.x}} 1\"></svg>"), HTML_SLOT_ATTR);
	CHECK_INT(slot_of(t, "<svg><title>{{v.x}}</title></svg>"), HTML_SLOT_TEXT);
}

/* Each is a page that a browser would read otherwise than its author thought. */
static const struct {
	const char *content, *why;
} refusals[] = {
	{ "<script>{{v.x}}</script>", "a script" },
	{ "<script>alert(1)</script>", "must be empty" },
	{ "<script src=\"{{v.x}}\"></script>", "comes from {{asset}}" },
	{ "<style>{{v.x}}</style>", "a script, style" },
	{ "<p onclick=\"x\">x</p>", "onclick" },
	{ "<p ONCLICK=\"{{v.x}}\">x</p>", "onclick" },
	{ "<p style=\"{{v.x}}\">x</p>", "style" },
	{ "<p title={{v.x}}>x</p>", "without quotes" },
	{ "<p title=x>x</p>", "need quotes" },
	{ "<{{v.x}}>", "a tag's name" },
	{ "<p{{v.x}}>x</p>", "a tag's name" },
	{ "<p {{v.x}}>x</p>", "outside its attributes" },
	{ "<p data-{{v.x}}=\"1\">x</p>", "an attribute's name" },
	{ "<!-- {{v.x}} -->", "{{# like this #}}" },
	{ "<![CDATA[x]]>", "<!" },
	{ "a < b", "&lt;" },
	{ "<a href=\"javascript:x\">x</a>", "javascript:" },
	{ "<a href=\" javascript:x\">x</a>", "kind" },
	{ "<a href=\"data:text/html,x\">x</a>", "data:" },
	{ "<a href=\"{{v.x}}:x\">x</a>", "scheme" },
	{ "<a href=\"/{{v.x}}/{{v.y}}\">x</a>", "another site" },
	{ "<a href=\"//x.example/\">x</a>", "another site" },
	{ "<a href=\"/{{if v.a}}{{v.x}}/{{end}}{{v.y}}\">x</a>", "another site" },
	{ "<a href=\"/{{for c in v.l}}{{c.x}}/{{end}}\">x</a>", "another site" },
	{ "<a href=\"{{if v.a}}/{{end}}{{v.x}}\">x</a>", "may or may not begin" },
	{ "<a href=\"{{for c in v.l}}{{c.x}}{{end}}\">x</a>", "may or may not begin" },
	{ "<a href=\"{{t a.b}}\">x</a>", "no address" },
	{ "<a href=\"{{money v.x}}\">x</a>", "no address" },
	{ "<img srcset=\"{{v.x}}\">", "srcset" },
	{ "<iframe srcdoc=\"x\"></iframe>", "srcdoc" },
	{ "<meta http-equiv=\"refresh\" content=\"{{v.x}}\">", "http-equiv" },
	{ "<base href=\"/x\">", "<base>" },
	{ "<object data=\"{{v.x}}\"></object>", "<object>" },
	{ "<noscript>x</noscript>", "<noscript>" },
	{ "<svg><script></script></svg>", "SVG" },
	{ "<svg><style>x</style></svg>", "SVG" },
	{ "<svg><foreignObject></foreignObject></svg>", "foreignobject" },
	{ "<svg><animate attributeName=\"href\" to=\"{{v.x}}\"/></svg>", "animate" },
	{ "<svg><desc><title></title></desc></svg>", "inside an svg" },
	{ "<svg><path fill=\"{{v.x}}\"/></svg>", "fill" },
	{ "<textarea></b></textarea>", "only </textarea>" },
	{ "<title><b></title>", "only </title>" },
	{ "<title>{{icon clock}}</title>", "markup" },
	{ "<p title=\"{{raw v.x}}\">x</p>", "markup" },
	{ "<p title=\"{{call y(v)}}\">x</p>", "markup" },
	{ "<div/>", "does not close" },
	{ "<p title=\"a\"class=\"b\">x</p>", "space is missing" },
	{ "<p>x", "never closed" },
	{ "<p>x</b>", "still open" },
	{ "x</p>", "closes nothing" },
	{ "<p title=\"x", "ends inside" },
	{ "<p><div>x</div></p>", "close that first" },
	{ "<p><b><ul></ul></b></p>", "close that first" },
	{ "<a href=\"/\"><b><a href=\"/\">x</a></b></a>", "inside <a>" },
	{ "<foo>x</foo>", "no such element" },
	{ "{{if v.a}}<p>{{end}}x{{if v.a}}</p>{{end}}", "different elements open" },
	{ "{{if v.a}}<p title=\"{{end}}{{v.x}}\">x</p>", "different" },
	{ "<p {{if v.a}}title=\"{{else}}class=\"{{end}}{{v.x}}\">x</p>", "different" },
	{ "<p {{if v.a}}hidden{{end}}title=\"x\">x</p>", "space is missing" },
	{ "<p {{for c in v.l}}hidden{{end}}>x</p>", "space is missing" },
	{ "{{for c in v.l}}</li><li>{{end}}", "closes nothing" },
	{ "<form method=\"post\" action=\"/x\"></form>", "needs a {{csrf}}" },
	{ "<form method=\"POST\" action=\"/x\">{{if v.a}}{{csrf}}{{end}}</form>", "needs a {{csrf}}" },
	{ "<form method='post' action=\"https://x.example/\">{{csrf}}</form>", "another site" },
	{ "<form method=\"{{v.x}}\"></form>", "method" },
	{ "<form method=\"{{if v.a}}post{{end}}\"></form>", "method" },
	{ "<form><button formmethod=\"post\">x</button></form>", "formmethod" },
	{ "{{csrf}}", "outside a form" },
	{ "<form>{{csrf}}</form>", "does not post" },
};

TEST(tpl_context_refusals)
{
	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
		struct str said = complaints_of(t, refusals[i].content, NULL);
		if (str_find(said, str_of(refusals[i].why)) >= 0 && str_starts_with(said, STR("x.html:1:"))) continue;
		test_fail(t, __FILE__, __LINE__, "%s gave \"%.*s\", not %s", refusals[i].content, STR_FMT(said),
			refusals[i].why);
	}
}

TEST(tpl_context_accepts)
{
	static const char *const cases[] = {
		"<!doctype html><html lang=\"es\"><head><title>x</title></head><body></body></html>",
		"<input {{if v.a}}checked{{end}}>",
		"<input{{if v.a}} checked{{end}}{{if v.b}} disabled{{end}}>",
		"<p class=\"a{{if v.a}} b{{end}}\">x</p>",
		"<p {{# a comment #}}class=\"a\">x</p>",
		"{{if v.a}}<p>x</p>{{elif v.b}}<b>x</b>{{else}}y{{end}}",
		"<ul>{{for c in v.l}}<li>{{c.x}}</li>{{else}}<li>-</li>{{end}}</ul>",
		"<p{{for c in v.l}} data-x=\"{{c.x}}\"{{end}}>x</p>",
		"<svg viewBox=\"0 0 1 1\"><g><path d=\"M0 0\"/></g></svg>",
		"<script src=\"{{asset js/a.js}}\"></script>",
		"<form method=\"post\">{{if v.a}}{{csrf}}{{else}}{{csrf}}{{end}}</form>",
		"<form action=\"/buscar\"><input name=\"q\"></form>",
		"<table><tbody><tr><th>x</th><td>y</td></tr></tbody></table>",
		"<dl><dt>a</dt><dd>b</dd></dl>",
		"<style>p { color: red }</style>",
		"<a href=\"{{v.base}}/x/{{v.y}}\">x</a>",
		"<a href=\"/x/{{v.y}}/z/{{v.w}}\">x</a>",
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct str said = complaints_of(t, cases[i], NULL);
		if (!str_is_empty(said)) test_fail(t, __FILE__, __LINE__, "%s gave %.*s", cases[i], STR_FMT(said));
	}
}

/* The markup that the literal parts of a template become. */
static struct str markup_of(struct test *t, const char *content)
{
	struct tpl_template *template = NULL;
	struct buf out = buf_new(t->arena, 4096);
	complaints_of(t, content, &template);
	for (const struct tpl_node *n = template->nodes; n; n = n->next)
		buf_add(&out, n->kind == TPL_NODE_MARKUP ? n->text : STR("@"));
	return buf_str(&out);
}

TEST(tpl_context_white_space)
{
	CHECK_STR(markup_of(t, "\n\n<p>\n\t\tx  y\n</p>\n\n"), "<p>\nx  y\n</p>");
	CHECK_STR(markup_of(t, "<pre>\n  x\n   y</pre>"), "<pre>\n  x\n   y</pre>");
	CHECK_STR(markup_of(t, "<textarea>\n\n  x\n</textarea>"), "<textarea>\n\n  x\n</textarea>");
	CHECK_STR(markup_of(t, "<p\n\tclass=\"a\n b\"\n\tid=\"c\">x</p>"), "<p class=\"a\n b\" id=\"c\">x</p>");
	CHECK_STR(markup_of(t, "<p>\n\t{{# gone with its line #}}\n\tx</p>"), "<p>\nx</p>");
	CHECK_STR(markup_of(t, "<p>{{v.a}} {{v.b}}</p>"), "<p>@ @</p>");
}
