/*
 * Templates from bytes: as they are, or (first byte 'G') as choices among pieces of HTML and directives, kept
 * while the tracker bears them, so that most are accepted in the end. What the tracker accepts is rendered twice along the same branches, once with
 * harmless values and once with hostile ones, escaped as the tracker said; a lenient tokenizer of its own,
 * after the HTML standard, must find the same tags with the same attributes in both, and no address with a
 * scheme that runs something.
 */
#include "base/html.h"
#include "tools/tpl2c/emit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_BYTES = 256 * 1024 };

/* --- rendering -------------------------------------------------------------------------------------------- */

struct rendering {
	struct buf *out;
	bool is_hostile;
	uint32_t choice; /* decides branches; the same in both renderings */
	int values, depth;
};

static uint32_t choose(struct rendering *r, uint32_t n)
{
	r->choice = r->choice * 1664525u + 1013904223u;
	return (r->choice >> 16) % n;
}

static struct str hostile(int i)
{
	static const char *const values[] = { "\"><script>x</script>", "' onclick='x", "javascript:alert(1)",
		"java", "script:alert(1)", ":alert(1)", "</title></textarea></style><b>", "x y=z", "--><!--",
		"&quot;&#39;&lt;", "//evil.example", "\\\\evil", "", "/", "\t\njavascript:x", "data:text/html,x", "<",
		"=", "`", "${x}" };
	return str_of(values[(size_t)i % (sizeof values / sizeof *values)]);
}

static void render_value(struct rendering *r, enum html_slot slot)
{
	struct str s = r->is_hostile ? hostile((int)choose(r, 1000)) : (choose(r, 1000), STR("x"));
	if (slot == HTML_SLOT_URL)
		html_url(r->out, s);
	else if (slot == HTML_SLOT_URL_PART)
		html_url_part(r->out, s);
	else
		html_text(r->out, s);
}

static void render(struct rendering *r, const struct tpl_node *node)
{
	if (++r->depth < 100)
		for (; node; node = node->next) {
			switch (node->kind) {
			case TPL_NODE_MARKUP: buf_add(r->out, node->text); break;
			case TPL_NODE_VALUE:
			case TPL_NODE_MESSAGE: render_value(r, node->slot); break;
			case TPL_NODE_ICON: buf_add(r->out, STR("<svg class=\"icon\"><use href=\"/i#x\"/></svg>")); break;
			case TPL_NODE_ASSET: buf_add(r->out, STR("/activos/0/x")); break;
			case TPL_NODE_CSRF: buf_add(r->out, STR("<input type=\"hidden\">")); break;
			case TPL_NODE_RAW: buf_add(r->out, STR("<b>raw</b>")); break;
			case TPL_NODE_BODY:
			case TPL_NODE_CALL: break;
			case TPL_NODE_IF: {
				const struct tpl_branch *b = node->branches;
				while (b && !str_is_none(b->c) && choose(r, 2))
					b = b->next;
				if (b) render(r, b->inner);
				break;
			}
			case TPL_NODE_FOR: {
				uint32_t n = choose(r, 4);
				for (uint32_t i = 0; i < n; i++)
					render(r, node->inner);
				if (n == 0) render(r, node->otherwise);
				break;
			}
			}
		}
	r->depth--;
}

/* --- the lenient tokenizer -------------------------------------------------------------------------------- */

struct tokenizer {
	struct str s;
	size_t at;
	struct buf *skeleton; /* "<a href title>text</a>" without values and texts */
	struct buf name;
	int svg; /* depth of <svg> */
};

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }
static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }
static char peek(const struct tokenizer *t) { return t->at < t->s.n ? t->s.p[t->at] : '\0'; }

/* Addresses after entities: no scheme but the four. */
static void check_address(struct tokenizer *t, struct str name, struct str value)
{
	if (!str_eq(name, STR("href")) && !str_eq(name, STR("src")) && !str_eq(name, STR("action"))) return;
	struct buf plain = buf_new(t->skeleton->arena, MAX_BYTES);
	for (size_t i = 0; i < value.n; i++)
		if ((unsigned char)value.p[i] > ' ') buf_add_char(&plain, lower(value.p[i]));
	struct str s = buf_str(&plain);
	static const char *const bad[] = { "javascript:", "data:", "vbscript:" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		must(!str_starts_with(s, str_of(bad[i])));
}

static void read_attribute(struct tokenizer *t)
{
	buf_clear(&t->name);
	do
		buf_add_char(&t->name, lower(t->s.p[t->at++]));
	while (t->at < t->s.n && !is_space(peek(t)) && peek(t) != '/' && peek(t) != '>' && peek(t) != '=');
	struct str name = arena_str(t->skeleton->arena, buf_str(&t->name));
	buf_printf(t->skeleton, " %.*s", STR_FMT(name));
	while (is_space(peek(t)) && t->at < t->s.n)
		t->at++;
	if (peek(t) != '=') return;
	t->at++;
	while (t->at < t->s.n && is_space(peek(t)))
		t->at++;
	char quote = peek(t);
	size_t from = t->at;
	if (quote == '"' || quote == '\'') {
		from = ++t->at;
		while (t->at < t->s.n && peek(t) != quote)
			t->at++;
		check_address(t, name, str_slice(t->s, from, t->at));
		if (t->at < t->s.n) t->at++;
	} else {
		while (t->at < t->s.n && !is_space(peek(t)) && peek(t) != '>')
			t->at++;
		check_address(t, name, str_slice(t->s, from, t->at));
	}
}

/* Skips to the end tag of an element whose content is text. */
static void skip_text_of(struct tokenizer *t, struct str element)
{
	for (; t->at < t->s.n; t->at++) {
		struct str rest = str_slice(t->s, t->at, t->s.n);
		if (rest.n < element.n + 3 || rest.p[0] != '<' || rest.p[1] != '/') continue;
		char after = rest.p[element.n + 2];
		if (str_eq_ci(str_slice(rest, 2, element.n + 2), element) &&
			(is_space(after) || after == '/' || after == '>'))
			return;
	}
}

static void read_tag(struct tokenizer *t)
{
	bool closing = t->s.p[++t->at] == '/';
	if (closing) t->at++;
	buf_clear(&t->name);
	while (t->at < t->s.n && !is_space(peek(t)) && peek(t) != '/' && peek(t) != '>')
		buf_add_char(&t->name, lower(t->s.p[t->at++]));
	struct str name = arena_str(t->skeleton->arena, buf_str(&t->name));
	buf_printf(t->skeleton, "<%s%.*s", closing ? "/" : "", STR_FMT(name));
	bool self_closing = false;
	while (t->at < t->s.n && peek(t) != '>') {
		self_closing = peek(t) == '/';
		if (is_space(peek(t)) || peek(t) == '/')
			t->at++;
		else
			read_attribute(t);
	}
	t->at++;
	buf_add_char(t->skeleton, '>');
	if (str_eq(name, STR("svg")) && !self_closing) t->svg += closing ? -1 : 1;
	static const char *const texts[] = { "title", "textarea", "script", "style", "iframe" };
	for (size_t i = 0; i < 5 && !closing && t->svg == 0; i++)
		if (str_eq(name, str_of(texts[i]))) skip_text_of(t, name);
}

static struct str skeleton(struct arena *a, struct str html)
{
	struct buf out = buf_new(a, 16 * MAX_BYTES);
	struct tokenizer t = { .s = html, .skeleton = &out, .name = buf_new(a, MAX_BYTES) };
	while (t.at < html.n) {
		char next = t.at + 1 < html.n ? html.p[t.at + 1] : '\0';
		char after = t.at + 2 < html.n ? html.p[t.at + 2] : '\0';
		if (html.p[t.at] != '<') {
			t.at++;
		} else if (is_letter(next) || (next == '/' && is_letter(after))) {
			read_tag(&t);
		} else {
			/* comments, doctype, stray '<': the tracker lets only the doctype through */
			buf_add(&out, STR("<?>"));
			while (t.at < html.n && html.p[t.at] != '>')
				t.at++;
		}
	}
	return buf_str(&out);
}

/* ---------------------------------------------------------------------------------------------------------- */

static void check_template(struct arena *a, const struct tpl_template *t)
{
	for (uint32_t choice = 1; choice <= 4; choice++) {
		struct buf plain = buf_new(a, 4 * MAX_BYTES), bad = buf_new(a, 4 * MAX_BYTES);
		struct rendering harmless = { .out = &plain, .choice = choice };
		struct rendering evil = { .out = &bad, .choice = choice, .is_hostile = true };
		render(&harmless, t->nodes);
		render(&evil, t->nodes);
		if (plain.overflowed || bad.overflowed) return;
		must(str_eq(skeleton(a, buf_str(&plain)), skeleton(a, buf_str(&bad))));
	}
}

/* --- templates out of pieces -------------------------------------------------------------------------------- */

static const char *const pieces[] = { "<a ", "<p ", "<div>", "<b>", "<ul><li>", "<textarea ", "<title>",
	"<input ", "<img ", "<svg ", "<path ", "<form method=\"post\" ", "<form ", "<script ", "<style>",
	"<iframe ", "<br>", "<td>", "<button ", "href=\"", "href='", "src=\"", "title=\"", "title='", "class=\"",
	"style=\"", "data-href=\"", "action=\"", "value=\"", "onclick=\"", "srcset=\"", "value=", "title=x ",
	"checked ", "\"", "'", "\" ", "' ", ">", "/>", "=", " ", "\n", "/", "?q=", "#", ":",
	"tel:", "javascript:", "java", "x", "&", "&lt;", "&#", "--", "<!--", "<!", "</", "</a>", "</p>", "</div>",
	"</b>", "</li></ul>", "</textarea>", "</title>", "</svg>", "</form>", "</script>", "</style>",
	"</iframe>", "</button>", "{{v.x}}", "{{v.y}}", "{{c.x}}", "{{t a.b n=v.n}}", "{{raw v.h}}", "{{csrf}}",
	"{{asset x}}", "{{icon x}}", "{{date v.d}}", "{{# x #}}", "{{if v.a}}", "{{elif v.b}}", "{{else}}",
	"{{end}}", "{{for c in v.l}}", "{{if v.a}}x{{end}}", "{{if v.a}}{{v.x}}{{else}}/{{end}}",
	"{{for d in v.l}}{{d.x}}{{end}}", "{{for d in v.l}}<i title=\"{{d.x}}\">{{d.y}}</i>{{end}}",
	"{{if v.a}} title=\"", "{{if v.a}}\"{{else}}x\"{{end}}", "{{if v.a}} hidden{{end}}",
	"{{if v.a}} href=\"{{v.x}}\"{{end}}" };
static const char *const endings[] = { "\"", "'", ">", "\">", "{{csrf}}", "{{end}}" };

/* How many complaints the template gives; `ret_text` what they say. */
static int try_template(struct arena *a, struct str t, struct str *ret_text)
{
	struct buf text = buf_new(a, MAX_BYTES);
	struct complaints c = { .out = &text };
	tpl_parse(a, STR("x.html"), STR("x.html"), t, &c);
	*ret_text = buf_str(&text);
	return c.count;
}

/* Nothing is wrong but that it is not finished. */
static bool is_bearable(struct arena *a, struct str t)
{
	struct str said;
	int n = try_template(a, t, &said);
	struct str rest = said;
	for (int i = 0; i < n; i++) {
		struct str line = str_cut(&rest, '\n');
		bool unfinished = str_find(line, STR("is never closed")) >= 0 ||
			str_find(line, STR("ends inside")) >= 0 || str_find(line, STR("has no {{end}}")) >= 0 ||
			str_find(line, STR("end in different")) >= 0 || str_find(line, STR("leave different")) >= 0;
		if (!unfinished) return false;
	}
	return true;
}

/* Closes what is open, by what the complaints say. */
static struct str finish(struct arena *a, struct str t)
{
	for (int i = 0; i < 12; i++) {
		struct str said;
		if (try_template(a, t, &said) == 0) return t;
		ptrdiff_t open = str_find(said, STR("error: <")), end = str_find(said, STR("> is never closed"));
		struct str next = STR_NONE;
		if (open >= 0 && end > open)
			next = arena_printf(a, "%.*s</%.*s>", STR_FMT(t), (int)(end - open - 8), said.p + open + 8);
		for (size_t k = 0;
			 k < sizeof endings / sizeof *endings && (str_is_none(next) || !is_bearable(a, next)); k++)
			next = arena_printf(a, "%.*s%s", STR_FMT(t), endings[k]);
		t = next;
	}
	return t;
}

static struct str build_template(struct arena *a, const uint8_t *data, size_t size)
{
	struct str t = STR("{{template a(struct b v)}}\n");
	for (size_t i = 0; i < size && i < 40; i++) {
		const char *piece = pieces[data[i] % (sizeof pieces / sizeof *pieces)];
		struct str next = arena_printf(a, "%.*s%s", STR_FMT(t), piece);
		if (is_bearable(a, next)) t = next;
	}
	return finish(a, t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > 8192) return 0;
	struct arena *a = arena_new((size_t)1024 * 1024 * 1024);
	struct buf text = buf_new(a, MAX_BYTES);
	struct complaints c = { .out = &text };
	struct str source = { size ? (const char *)data : "", size };
	if (size > 1 && data[0] == 'G') source = build_template(a, data + 1, size - 1);
	struct tpl_template *all = tpl_parse(a, STR("x.html"), STR("x.html"), source, &c);
	tpl_check(all, &c);
	if (c.count == 0 && all) {
		tpl_emit_header(a, all);
		tpl_emit_source(a, all, all);
		for (const struct tpl_template *t = all; t; t = t->next)
			check_template(a, t);
	}
	arena_free(a);
	return 0;
}
