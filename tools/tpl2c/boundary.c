#include "tools/tpl2c/context_private.h"

static const char *describe(const struct tpl_context *ctx)
{
	switch (ctx->state) {
	case HTML_TEXT: return "text";
	case HTML_RCDATA: return "a title or text area";
	case HTML_RAWTEXT: return "a script, style or frame";
	case HTML_TAG_OPEN:
	case HTML_TAG_NAME: return "a tag's name";
	case HTML_IN_TAG:
	case HTML_AFTER_ATTR:
	case HTML_SELF_CLOSE: return "a tag, outside its attributes";
	case HTML_ATTR_NAME:
	case HTML_AFTER_ATTR_NAME: return "an attribute's name";
	case HTML_BEFORE_VALUE: return "an attribute without quotes";
	case HTML_VALUE: return "an attribute";
	}
	return "nowhere";
}

enum html_slot tpl_context_value(struct tpl_context *ctx, struct place at, const char *what)
{
	if (ctx->is_broken) return HTML_SLOT_NONE;
	if (ctx->state == HTML_TEXT || ctx->state == HTML_RCDATA) return HTML_SLOT_TEXT;
	if (ctx->state != HTML_VALUE) {
		tpl_context_refuse(ctx, at, "%s inside %s", what, describe(ctx));
		return HTML_SLOT_NONE;
	}
	ctx->value_is_mixed = true;
	if (ctx->attr == HTML_ATTR_PLAIN) return HTML_SLOT_ATTR;
	bool is_script = str_eq(ctx->tag, STR("script"));
	if (ctx->attr == HTML_ATTR_LITERAL || is_script) {
		tpl_context_refuse(ctx, at, "%s inside %.*s=\"…\"%s", what, STR_FMT(ctx->attr_name),
			is_script ? ": a script comes from {{asset}}" : "");
		return HTML_SLOT_NONE;
	}
	if (ctx->url_at == HTML_URL_MIXED) {
		tpl_context_refuse(ctx, at, "%s may or may not begin this address: write it whole in each branch",
			what);
		return HTML_SLOT_NONE;
	}
	enum html_slot slot = ctx->url_at == HTML_URL_START ? HTML_SLOT_URL : HTML_SLOT_URL_PART;
	ctx->url_at = HTML_URL_INSIDE;
	return slot;
}

bool tpl_context_asset(struct tpl_context *ctx, struct place at)
{
	if (ctx->is_broken) return false;
	if (ctx->state != HTML_VALUE || ctx->attr != HTML_ATTR_URL || ctx->url_at != HTML_URL_START) {
		tpl_context_refuse(ctx, at,
			"{{asset}} stands at the beginning of an address, as in href=\"{{asset …}}\"");
		return false;
	}
	ctx->url_at = HTML_URL_INSIDE;
	ctx->value_is_mixed = true;
	return true;
}

bool tpl_context_markup(struct tpl_context *ctx, struct place at, const char *what)
{
	if (ctx->is_broken) return false;
	if (ctx->state == HTML_TEXT) return true;
	tpl_context_refuse(ctx, at, "%s is markup and stands between tags, not inside %s", what, describe(ctx));
	return false;
}

void tpl_context_csrf(struct tpl_context *ctx, struct place at)
{
	if (!tpl_context_markup(ctx, at, "{{csrf}}")) return;
	const struct html_element *form = ctx->open;
	while (form && !str_eq(form->name, STR("form")))
		form = form->parent;
	if (!form)
		tpl_context_refuse(ctx, at, "{{csrf}} outside a form");
	else if (!form->is_post)
		tpl_context_refuse(ctx, at,
			"{{csrf}} in a form that does not post would put the token into an address");
	ctx->owes_csrf = false;
}

void tpl_context_boundary(struct tpl_context *ctx, struct place at)
{
	if (ctx->is_broken) return;
	switch (ctx->state) {
	case HTML_TEXT:
	case HTML_RCDATA:
	case HTML_IN_TAG:
	case HTML_AFTER_ATTR: return;
	case HTML_VALUE:
		if (str_eq(ctx->attr_name, STR("method")))
			tpl_context_refuse(ctx, at, "a form's method cannot depend on anything");
		ctx->value_is_mixed = true;
		return;
	case HTML_TAG_NAME:
		tpl_context_begin_tag(ctx, ctx->tag);
		ctx->state = HTML_AFTER_ATTR;
		return;
	case HTML_ATTR_NAME:
		tpl_context_begin_attribute(ctx, ctx->attr_name, at);
		ctx->state = HTML_AFTER_ATTR;
		return;
	case HTML_RAWTEXT:
	case HTML_TAG_OPEN:
	case HTML_AFTER_ATTR_NAME:
	case HTML_BEFORE_VALUE:
	case HTML_SELF_CLOSE: tpl_context_refuse(ctx, at, "a directive inside %s", describe(ctx));
	}
}

void tpl_context_loop(struct tpl_context *ctx)
{
	if (ctx->state == HTML_IN_TAG) ctx->state = HTML_AFTER_ATTR;
	if (ctx->state == HTML_VALUE && ctx->url_at == HTML_URL_START) ctx->url_at = HTML_URL_MIXED;
}

static bool is_between_attributes(enum html_state s) { return s == HTML_IN_TAG || s == HTML_AFTER_ATTR; }

void tpl_context_join(struct tpl_context *ctx, const struct tpl_context *other, struct place at)
{
	if (ctx->is_broken || other->is_broken) {
		ctx->is_broken = true;
		return;
	}
	bool between = is_between_attributes(ctx->state) && is_between_attributes(other->state);
	bool same = ctx->open == other->open && (between || ctx->state == other->state);
	if (between || ctx->state == HTML_VALUE)
		same = same && ctx->is_closing == other->is_closing && str_eq(ctx->tag, other->tag);
	if (ctx->state == HTML_VALUE)
		same = same && ctx->quote == other->quote && str_eq(ctx->attr_name, other->attr_name);
	if (!same) {
		const struct html_element *e = ctx->open != other->open ? ctx->open : NULL;
		if (!e && ctx->open != other->open) e = other->open;
		if (e)
			tpl_context_refuse(ctx, at,
				"the ways that meet here leave different elements open (<%.*s> of line %d)", STR_FMT(e->name),
				e->at.line);
		else
			tpl_context_refuse(ctx, at, "the ways that meet here end in different places: %s, and %s",
				describe(ctx), describe(other));
		return;
	}
	if (between && ctx->state != other->state) ctx->state = HTML_AFTER_ATTR;
	if (ctx->url_at != other->url_at) ctx->url_at = HTML_URL_MIXED;
	ctx->url_has_path = ctx->url_has_path && other->url_has_path;
	ctx->url_is_at_root = ctx->url_is_at_root || other->url_is_at_root;
	ctx->value_is_mixed = ctx->value_is_mixed || other->value_is_mixed;
	ctx->is_post = ctx->is_post || other->is_post;
	ctx->is_external = ctx->is_external || other->is_external;
	ctx->owes_csrf = ctx->owes_csrf || other->owes_csrf;
}

void tpl_context_end(struct tpl_context *ctx, struct place at)
{
	if (ctx->is_broken) return;
	if (ctx->open)
		tpl_context_refuse(ctx, ctx->open->at, "<%.*s> is never closed", STR_FMT(ctx->open->name));
	else if (ctx->state != HTML_TEXT)
		tpl_context_refuse(ctx, at, "the template ends inside %s", describe(ctx));
}
