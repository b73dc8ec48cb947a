#include "tools/tpl2c/elements.h"

static bool is_one_of(struct str s, const char *const *words)
{
	for (size_t i = 0; words[i]; i++)
		if (str_eq(s, str_of(words[i]))) return true;
	return false;
}

bool html_is_void(struct str element)
{
	static const char *const words[] = { "area", "br", "col", "embed", "hr", "img", "input", "link", "meta",
		"source", "track", "wbr", NULL };
	return is_one_of(element, words);
}

/* A refused name and the reason; the reason ends the sentence "<name>: …". */
struct refusal {
	const char *name, *why;
};

static const char *why_refused(struct str name, const struct refusal *table)
{
	for (size_t i = 0; table[i].name; i++)
		if (str_eq(name, str_of(table[i].name))) return table[i].why;
	return NULL;
}

static bool is_known(struct str element, bool is_foreign)
{
	static const char *const html[] = { "a", "abbr", "address", "area", "article", "aside", "b", "bdi", "bdo",
		"blockquote", "body", "br", "button", "caption", "cite", "code", "col", "colgroup", "data",
		"datalist", "dd", "del", "details", "dfn", "dialog", "div", "dl", "dt", "em", "fieldset",
		"figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header",
		"hgroup", "hr", "html", "i", "iframe", "img", "input", "ins", "kbd", "label", "legend", "li", "link",
		"main", "map", "mark", "menu", "meta", "meter", "nav", "ol", "optgroup", "option", "output", "p",
		"picture", "pre", "progress", "q", "ruby", "rp", "rt", "s", "samp", "script", "search", "section",
		"select", "small", "source", "span", "strong", "style", "sub", "summary", "sup", "svg", "table",
		"tbody", "td", "textarea", "tfoot", "th", "thead", "time", "title", "tr", "track", "u", "ul", "var",
		"wbr", NULL };
	static const char *const svg[] = { "a", "circle", "clippath", "defs", "desc", "ellipse", "g", "image",
		"line", "lineargradient", "marker", "mask", "path", "pattern", "polygon", "polyline",
		"radialgradient", "rect", "stop", "svg", "switch", "symbol", "text", "textpath", "title", "tspan",
		"use", "view", NULL };
	return is_one_of(element, is_foreign ? svg : html);
}

const char *html_refused_element(struct str element, bool is_foreign)
{
	/* Elements whose content a browser reads by rules of its own, that run something, or that change what
	 * other addresses mean. */
	static const struct refusal table[] = {
		{ "animate", "can change an address after it was checked" },
		{ "animatemotion", "can change an address after it was checked" },
		{ "animatetransform", "can change an address after it was checked" },
		{ "set", "can change an address after it was checked" },
		{ "applet", "runs a program" },
		{ "embed", "runs a program" },
		{ "object", "runs a program" },
		{ "base", "changes what every address of the page means" },
		{ "foreignobject", "mixes HTML into SVG" },
		{ "frame", "no frames" },
		{ "frameset", "no frames" },
		{ "listing", "is read by rules of its own" },
		{ "math", "is read by rules of its own" },
		{ "noembed", "is read by rules of its own" },
		{ "noframes", "is read by rules of its own" },
		{ "noscript", "is read by rules of its own; the page must work without scripts anyway" },
		{ "plaintext", "is read by rules of its own" },
		{ "template", "is read by rules of its own" },
		{ "xmp", "is read by rules of its own" },
		{ NULL, NULL },
	};
	const char *why = why_refused(element, table);
	if (why) return why;
	if (is_known(element, is_foreign)) return NULL;
	return is_foreign ? "no such element of SVG here" : "no such element of HTML";
}

const char *html_refused_attribute(struct str attribute)
{
	static const struct refusal table[] = {
		{ "srcdoc", "holds a whole page" },
		{ "http-equiv", "headers are sent by the program" },
		{ "formmethod", "a form's method is its own, so that its token can be checked" },
		{ "attributename", "changes another attribute" },
		{ NULL, NULL },
	};
	if (str_starts_with(attribute, STR("on"))) return "the content policy forbids inline scripts";
	return why_refused(attribute, table);
}

enum html_attr html_attribute_kind(struct str attribute)
{
	static const char *const urls[] = { "href", "src", "action", "formaction", "poster", "cite", "data",
		"background", "longdesc", "manifest", "xlink:href", "usemap", NULL };
	static const char *const literals[] = { "style", "srcset", "imagesrcset", "ping", "method", "rel",
		"sandbox", "allow", "integrity", "nonce", "is", "xmlns", "xmlns:xlink", "enctype", "formenctype",
		"fill", "stroke", "filter", "clip-path", "mask", "marker", "marker-start", "marker-mid", "marker-end",
		"cursor", NULL };
	if (is_one_of(attribute, urls)) return HTML_ATTR_URL;
	if (is_one_of(attribute, literals)) return HTML_ATTR_LITERAL;
	if (str_starts_with(attribute, STR("data-")) &&
		(str_ends_with(attribute, STR("href")) || str_ends_with(attribute, STR("src")) ||
			str_ends_with(attribute, STR("url"))))
		return HTML_ATTR_URL;
	return HTML_ATTR_PLAIN;
}

enum html_state html_content_of(struct str element)
{
	if (str_eq(element, STR("title")) || str_eq(element, STR("textarea"))) return HTML_RCDATA;
	if (str_eq(element, STR("style")) || html_must_be_empty(element)) return HTML_RAWTEXT;
	return HTML_TEXT;
}

bool html_must_be_empty(struct str element)
{
	return str_eq(element, STR("script")) || str_eq(element, STR("iframe"));
}

static const struct html_element *paragraph_around(const struct html_element *open)
{
	static const char *const scopes[] = { "button", "td", "th", "caption", "table", "html", "svg", NULL };
	for (const struct html_element *e = open; e && !is_one_of(e->name, scopes); e = e->parent)
		if (str_eq(e->name, STR("p"))) return e;
	return NULL;
}

const struct html_element *html_closed_by(const struct html_element *open, struct str child)
{
	static const char *const end_a_paragraph[] = { "address", "article", "aside", "blockquote", "details",
		"dialog", "div", "dl", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4",
		"h5", "h6", "header", "hgroup", "hr", "main", "menu", "nav", "ol", "p", "pre", "search", "section",
		"summary", "table", "ul", "li", "dt", "dd", NULL };
	static const char *const cells[] = { "td", "th", "tr", "tbody", "thead", "tfoot", NULL };
	static const char *const items[] = { "li", NULL };
	static const char *const terms[] = { "dt", "dd", NULL };
	static const char *const options[] = { "option", "optgroup", NULL };
	static const char *const rows[] = { "tr", "tbody", "thead", "tfoot", NULL };
	static const char *const bodies[] = { "tbody", "thead", "tfoot", NULL };
	static const struct {
		const char *parent;
		const char *const *children;
	} table[] = { { "li", items }, { "td", cells }, { "th", cells }, { "dt", terms }, { "dd", terms },
		{ "option", options }, { "tr", rows }, { "tbody", bodies }, { "thead", bodies },
		{ "tfoot", bodies } };
	if (!open || open->is_foreign) return NULL;
	if (is_one_of(child, end_a_paragraph)) {
		const struct html_element *p = paragraph_around(open);
		if (p) return p;
	}
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (str_eq(open->name, str_of(table[i].parent)) && is_one_of(child, table[i].children)) return open;
	return NULL;
}

bool html_never_nested(struct str element)
{
	static const char *const words[] = { "a", "button", "form", "label", NULL };
	return is_one_of(element, words);
}
