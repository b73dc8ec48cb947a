#include <stdarg.h>
#include "tools/tpl2c/context.h"
#include "tools/tpl2c/context_private.h"
#include "tools/tpl2c/elements.h"

/* One run over one piece of literal text. */
struct feed {
	struct tpl_context *ctx;
	struct str text;
	struct place at;  /* of text[0] */
	size_t pos, mark; /* the byte being read; where the name being read began */
	struct buf *out;
};

struct tpl_context tpl_context(struct arena *a, struct complaints *c)
{
	return (struct tpl_context){ .arena = a, .complaints = c };
}

void tpl_context_refuse(struct tpl_context *ctx, struct place at, const char *format, ...)
{
	if (ctx->is_broken) return;
	ctx->is_broken = true;
	va_list args;
	va_start(args, format);
	struct str text = arena_vprintf(ctx->arena, format, args);
	va_end(args);
	complain(ctx->complaints, at, "%s", text.p);
}

static struct place here(const struct feed *f) { return tpl_place(f->at, f->text, f->pos); }

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

static struct str lower(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);
	for (size_t i = 0; i < s.n; i++)
		p[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] + ('a' - 'A')) : s.p[i];
	return (struct str){ p, s.n };
}

static bool is_foreign(const struct tpl_context *ctx) { return ctx->open && ctx->open->is_foreign; }

/* --- tags ---------------------------------------------------------------------------------------------- */

/* The name of an opening tag is complete: may it stand here? */
static void check_nesting(struct tpl_context *ctx)
{
	const char *why = html_refused_element(ctx->tag, is_foreign(ctx));
	if (why) {
		tpl_context_refuse(ctx, ctx->tag_at, "<%.*s>: %s", STR_FMT(ctx->tag), why);
		return;
	}
	/* In these two a browser goes back to the rules of HTML. */
	if (is_foreign(ctx) && (str_eq(ctx->open->name, STR("title")) || str_eq(ctx->open->name, STR("desc"))))
		tpl_context_refuse(ctx, ctx->tag_at, "<%.*s> inside an svg <%.*s>", STR_FMT(ctx->tag),
			STR_FMT(ctx->open->name));
	const struct html_element *closed = html_closed_by(ctx->open, ctx->tag);
	if (closed)
		tpl_context_refuse(ctx, ctx->tag_at,
			"<%.*s> cannot stand in <%.*s> (line %d): browsers close that first", STR_FMT(ctx->tag),
			STR_FMT(closed->name), closed->at.line);
	for (const struct html_element *e = ctx->open; e && html_never_nested(ctx->tag); e = e->parent)
		if (str_eq(e->name, ctx->tag))
			tpl_context_refuse(ctx, ctx->tag_at, "<%.*s> inside <%.*s> (line %d)", STR_FMT(ctx->tag),
				STR_FMT(e->name), e->at.line);
}

void tpl_context_begin_tag(struct tpl_context *ctx, struct str name)
{
	ctx->tag = lower(ctx->arena, name);
	ctx->is_post = ctx->is_external = false;
	if (!ctx->is_closing) check_nesting(ctx);
}

static void close_element(struct tpl_context *ctx)
{
	if (!ctx->open) {
		tpl_context_refuse(ctx, ctx->tag_at, "</%.*s> closes nothing", STR_FMT(ctx->tag));
		return;
	}
	if (!str_eq(ctx->open->name, ctx->tag)) {
		tpl_context_refuse(ctx, ctx->tag_at, "</%.*s>, but <%.*s> of line %d is still open",
			STR_FMT(ctx->tag), STR_FMT(ctx->open->name), ctx->open->at.line);
		return;
	}
	if (str_eq(ctx->tag, STR("form")) && ctx->owes_csrf) {
		complain(ctx->complaints, ctx->open->at,
			"a form that posts needs a {{csrf}} on every way through it");
		ctx->owes_csrf = false;
	}
	ctx->open = ctx->open->parent;
	ctx->state = HTML_TEXT;
}

static void open_element(struct tpl_context *ctx)
{
	bool foreign = is_foreign(ctx) || str_eq(ctx->tag, STR("svg"));
	if (str_eq(ctx->tag, STR("form")) && ctx->is_post) {
		if (ctx->is_external)
			tpl_context_refuse(ctx, ctx->tag_at, "this form would send its token to another site");
		ctx->owes_csrf = true;
	}
	ctx->state = HTML_TEXT;
	if (!foreign && html_is_void(ctx->tag)) return;
	struct html_element *e = ARENA_NEW(ctx->arena, struct html_element);
	*e = (struct html_element){ .parent = ctx->open,
		.name = ctx->tag,
		.at = ctx->tag_at,
		.is_foreign = foreign,
		.keeps_space = (ctx->open && ctx->open->keeps_space) || str_eq(ctx->tag, STR("pre")),
		.is_post = ctx->is_post };
	ctx->open = e;
	if (!foreign) ctx->state = html_content_of(ctx->tag);
}

/* The '>' was read. */
static void end_tag(struct tpl_context *ctx)
{
	if (ctx->is_closing)
		close_element(ctx);
	else
		open_element(ctx);
}

static void end_self_closing(struct tpl_context *ctx)
{
	bool in_svg = is_foreign(ctx) || str_eq(ctx->tag, STR("svg"));
	if (ctx->is_closing || (!in_svg && !html_is_void(ctx->tag))) {
		tpl_context_refuse(ctx, ctx->tag_at, "<%.*s/> does not close: write </%.*s>", STR_FMT(ctx->tag),
			STR_FMT(ctx->tag));
		return;
	}
	open_element(ctx);
	if (in_svg) ctx->open = ctx->open->parent;
}

/* --- attributes ---------------------------------------------------------------------------------------- */

void tpl_context_begin_attribute(struct tpl_context *ctx, struct str name, struct place at)
{
	ctx->attr_name = lower(ctx->arena, name);
	ctx->attr = html_attribute_kind(ctx->attr_name);
	const char *why = html_refused_attribute(ctx->attr_name);
	if (why) tpl_context_refuse(ctx, at, "%.*s: %s", STR_FMT(ctx->attr_name), why);
}

static void begin_value(struct feed *f, char quote)
{
	struct tpl_context *ctx = f->ctx;
	ctx->state = HTML_VALUE;
	ctx->quote = quote;
	ctx->value = str_slice(f->text, f->pos + 1, f->pos + 1);
	ctx->value_is_mixed = ctx->url_has_path = ctx->url_is_at_root = false;
	ctx->url_at = HTML_URL_START;
}

/* A ':' before any path: what stands before it is a scheme. */
static void check_scheme(struct feed *f)
{
	static const char *const schemes[] = { "http", "https", "mailto", "tel" };
	struct tpl_context *ctx = f->ctx;
	if (ctx->value_is_mixed) {
		tpl_context_refuse(ctx, here(f), "a ':' after a value makes the value a scheme");
		return;
	}
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
		if (str_eq_ci(ctx->value, str_of(schemes[i]))) return;
	tpl_context_refuse(ctx, here(f), "addresses of the kind '%.*s:' may not stand here", STR_FMT(ctx->value));
}

static void read_value(struct feed *f, char c)
{
	struct tpl_context *ctx = f->ctx;
	if (c == ctx->quote) {
		ctx->state = HTML_AFTER_ATTR;
		if (str_eq(ctx->attr_name, STR("method")) && str_eq_ci(ctx->value, STR("post"))) ctx->is_post = true;
		if (str_eq(ctx->attr_name, STR("action")) &&
			(str_find(ctx->value, STR("//")) == 0 || str_find_char(ctx->value, ':') >= 0))
			ctx->is_external = true;
		return;
	}
	if (ctx->attr == HTML_ATTR_URL) {
		if (c == '/' && ctx->url_is_at_root)
			tpl_context_refuse(ctx, here(f),
				"an address that begins, or may begin, with \"//\": another site");
		ctx->url_is_at_root = c == '/' && ctx->url_at == HTML_URL_START;
		if (c == ':' && !ctx->url_has_path) check_scheme(f);
		if (c == '/' || c == '?' || c == '#') ctx->url_has_path = true;
		ctx->url_at = HTML_URL_INSIDE;
	}
	if (!ctx->value_is_mixed) ctx->value.n++;
}

/* --- the states ---------------------------------------------------------------------------------------- */

static bool starts_doctype(struct str s)
{
	return s.n >= 14 && str_eq_ci(str_slice(s, 0, 14), STR("!doctype html>"));
}

static void read_tag_open(struct feed *f, char c)
{
	struct tpl_context *ctx = f->ctx;
	struct str rest = str_slice(f->text, f->pos, f->text.n);
	if (is_letter(c)) {
		ctx->state = HTML_TAG_NAME;
		f->mark = f->pos;
	} else if (c == '/' && !ctx->is_closing) {
		ctx->is_closing = true;
	} else if (!ctx->is_closing && !ctx->open && starts_doctype(rest)) {
		buf_add(f->out, STR("!doctype html")); /* the '>' is written by the loop */
		f->pos += 13;
		ctx->state = HTML_TEXT;
	} else if (c == '!') {
		tpl_context_refuse(ctx, here(f), "no <! here: a comment is written {{# like this #}}");
	} else {
		tpl_context_refuse(ctx, here(f), "a '<' that begins no tag: write &lt;");
	}
}

static void read_in_tag(struct feed *f, char c)
{
	struct tpl_context *ctx = f->ctx;
	if (tpl_is_space(c)) {
		ctx->state = HTML_IN_TAG;
	} else if (c == '>') {
		end_tag(ctx);
	} else if (c == '/') {
		ctx->state = HTML_SELF_CLOSE;
	} else if (!is_letter(c)) {
		tpl_context_refuse(ctx, here(f), "'%c' cannot stand here in a tag", c > ' ' && c < 0x7f ? c : '?');
	} else if (ctx->is_closing) {
		tpl_context_refuse(ctx, here(f), "an end tag has no attributes");
	} else if (ctx->state == HTML_AFTER_ATTR) {
		tpl_context_refuse(ctx, here(f), "a space is missing before this attribute");
	} else {
		ctx->state = HTML_ATTR_NAME;
		f->mark = f->pos;
	}
}

/* A name ends before the first byte that cannot be in it; that byte is then read as what it is. */
static void end_name(struct feed *f, char c)
{
	struct tpl_context *ctx = f->ctx;
	bool in_both = is_letter(c) || (c >= '0' && c <= '9') || c == '-';
	struct str name = str_slice(f->text, f->mark, f->pos);
	if (ctx->state == HTML_TAG_NAME && !in_both) {
		tpl_context_begin_tag(ctx, name);
		ctx->state = HTML_AFTER_ATTR;
	} else if (ctx->state == HTML_ATTR_NAME && !in_both && c != ':' && c != '_' && c != '.') {
		tpl_context_begin_attribute(ctx, name, tpl_place(f->at, f->text, f->mark));
		ctx->state = c == '=' ? HTML_AFTER_ATTR_NAME : HTML_AFTER_ATTR;
	}
}

/* Inside an element that ends only with its own end tag. */
static void read_closed_text(struct feed *f, char c)
{
	struct tpl_context *ctx = f->ctx;
	struct str name = ctx->open->name;
	if (c != '<') {
		if (html_must_be_empty(name) && !tpl_is_space(c))
			tpl_context_refuse(ctx, here(f),
				"<%.*s> must be empty: the content policy forbids inline scripts", STR_FMT(name));
		return;
	}
	struct str rest = str_slice(f->text, f->pos + 1, f->text.n);
	char after = rest.n > name.n + 1 ? rest.p[name.n + 1] : '\0';
	bool ends = rest.n > 0 && rest.p[0] == '/' && str_eq_ci(str_slice(rest, 1, name.n + 1), name) &&
		(after == '>' || tpl_is_space(after));
	if (!ends) {
		tpl_context_refuse(ctx, here(f), "inside <%.*s> only </%.*s> may begin with '<': write &lt;",
			STR_FMT(name), STR_FMT(name));
		return;
	}
	ctx->state = HTML_TAG_OPEN;
	ctx->is_closing = false;
	ctx->tag_at = here(f);
}

static void read_text(struct feed *f, char c)
{
	if (c != '<') return;
	f->ctx->state = HTML_TAG_OPEN;
	f->ctx->is_closing = false;
	f->ctx->tag_at = here(f);
}

static void read_byte(struct feed *f, char c)
{
	switch (f->ctx->state) {
	case HTML_TEXT: read_text(f, c); break;
	case HTML_RCDATA:
	case HTML_RAWTEXT: read_closed_text(f, c); break;
	case HTML_TAG_OPEN: read_tag_open(f, c); break;
	case HTML_IN_TAG:
	case HTML_AFTER_ATTR: read_in_tag(f, c); break;
	case HTML_TAG_NAME:
	case HTML_ATTR_NAME: break;
	case HTML_AFTER_ATTR_NAME: f->ctx->state = HTML_BEFORE_VALUE; break;
	case HTML_BEFORE_VALUE:
		if (c == '"' || c == '\'')
			begin_value(f, c);
		else
			tpl_context_refuse(f->ctx, here(f), "attribute values need quotes");
		break;
	case HTML_VALUE: read_value(f, c); break;
	case HTML_SELF_CLOSE:
		if (c == '>')
			end_self_closing(f->ctx);
		else
			tpl_context_refuse(f->ctx, here(f), "'>' must follow '/' here");
		break;
	}
}

/* Indentation is for the template's reader: between tags a run of white space with a line end becomes one
 * line end, inside a tag any run one space, and a line end before a directive nothing: what the directive
 * prints must bring its own space. Returns true when it read the run. */
static bool reduce_space(struct feed *f)
{
	enum html_state state = f->ctx->state;
	bool in_text = state == HTML_TEXT && !(f->ctx->open && f->ctx->open->keeps_space);
	bool in_tag = state == HTML_IN_TAG || state == HTML_AFTER_ATTR;
	if ((!in_text && !in_tag) || !tpl_is_space(f->text.p[f->pos])) return false;
	size_t end = f->pos;
	bool has_line_end = false;
	for (; end < f->text.n && tpl_is_space(f->text.p[end]); end++)
		if (f->text.p[end] == '\n') has_line_end = true;
	struct str run = str_slice(f->text, f->pos, end);
	bool is_indent = f->pos == 0 && f->at.column == 1;
	f->pos = end;
	if (in_tag) {
		bool is_left_out = state == HTML_AFTER_ATTR && has_line_end && end == f->text.n;
		if (is_left_out) return true;
		buf_add_char(f->out, ' ');
		f->ctx->state = HTML_IN_TAG;
	} else if (has_line_end) {
		buf_add_char(f->out, '\n');
	} else if (!is_indent) {
		buf_add(f->out, run);
	}
	return true;
}

void tpl_context_feed(struct tpl_context *ctx, struct str text, struct place at, struct buf *out)
{
	struct feed f = { .ctx = ctx, .text = text, .at = at, .out = out };
	while (f.pos < text.n && !ctx->is_broken) {
		end_name(&f, text.p[f.pos]);
		if (reduce_space(&f)) continue;
		read_byte(&f, text.p[f.pos]);
		buf_add_char(out, text.p[f.pos]);
		f.pos++;
	}
	/* A name that the piece ends in: only a directive can follow, see tpl_context_boundary(). */
	struct str name = str_slice(text, f.mark, text.n);
	if (!ctx->is_broken && ctx->state == HTML_TAG_NAME) ctx->tag = name;
	if (!ctx->is_broken && ctx->state == HTML_ATTR_NAME) ctx->attr_name = name;
}
