/*
 * The HTML context tracker: security code. It reads the literal parts of a template in order and knows at
 * each directive what a browser would take a value for: text, a quoted attribute, a URL. It accepts a small,
 * strict HTML (quoted attributes, lower risk elements, every element closed) and refuses the rest, so that
 * what it believes and what a browser does cannot differ; a refusal is a build error with its place.
 *
 * A `struct tpl_context` is a value: copying it is taking a snapshot, which the parser does for branches.
 */
#pragma once
#include "tools/tpl2c/lexer.h"

enum html_state {
	HTML_TEXT,     /* between tags */
	HTML_RCDATA,   /* inside <title> or <textarea>: text, no tags */
	HTML_RAWTEXT,  /* inside <style> and elements that must be empty: no values */
	HTML_TAG_OPEN, /* after '<' or '</' */
	HTML_TAG_NAME,
	HTML_IN_TAG,     /* an attribute may begin here */
	HTML_AFTER_ATTR, /* white space, '/' or '>' must come before anything else */
	HTML_ATTR_NAME,
	HTML_AFTER_ATTR_NAME, /* the '=' is next */
	HTML_BEFORE_VALUE,    /* after '=' */
	HTML_VALUE,           /* inside a quoted attribute */
	HTML_SELF_CLOSE,      /* after '/', '>' must follow */
};

enum html_attr {
	HTML_ATTR_PLAIN,   /* escaped text */
	HTML_ATTR_URL,     /* an address */
	HTML_ATTR_LITERAL, /* takes no values: style, srcset, method, … */
};

/* What has been written of an address so far. */
enum html_url_at {
	HTML_URL_START,  /* nothing: a value here decides the scheme */
	HTML_URL_INSIDE, /* something: a value here is one part, percent-encoded */
	HTML_URL_MIXED,  /* depends on a condition: no value may stand here */
};

struct html_element {
	const struct html_element *parent;
	struct str name; /* lower case */
	struct place at;
	bool is_foreign;  /* svg or inside it */
	bool keeps_space; /* pre or textarea, or inside it */
	bool is_post;     /* a form that posts */
};

struct tpl_context {
	struct arena *arena;
	struct complaints *complaints;
	enum html_state state;
	const struct html_element *open; /* innermost open element; NULL: none */
	/* the tag being read */
	struct str tag; /* lower case */
	struct place tag_at;
	bool is_closing;
	/* the attribute being read */
	enum html_attr attr;
	struct str attr_name; /* lower case */
	char quote;
	struct str value; /* literal since the quote; meaningless once value_is_mixed */
	bool value_is_mixed;
	enum html_url_at url_at;
	bool url_has_path;   /* a literal '/', '?' or '#' was written: no scheme can come any more */
	bool url_is_at_root; /* so far one '/', and perhaps values, which may be empty */
	/* forms: a POST form owes a {{csrf}} until it has one */
	bool is_post, is_external, owes_csrf;
	bool is_broken; /* something was refused: what follows is not worth more complaints */
};

/* What a value at this point must become. */
enum html_slot {
	HTML_SLOT_NONE,     /* nothing may stand here; was complained of */
	HTML_SLOT_TEXT,     /* html_text */
	HTML_SLOT_ATTR,     /* html_text, inside quotes */
	HTML_SLOT_URL,      /* html_url */
	HTML_SLOT_URL_PART, /* html_url_part */
};

struct tpl_context tpl_context(struct arena *a, struct complaints *c);
/* Reads literal text and writes it, white space of indentation reduced, to `out`. */
void tpl_context_feed(struct tpl_context *ctx, struct str text, struct place at, struct buf *out);
/* A value is about to be printed. `what` names it in a complaint. */
enum html_slot tpl_context_value(struct tpl_context *ctx, struct place at, const char *what);
/* An address that is known to be safe, from the assets: allowed in any URL attribute, in script src too. */
bool tpl_context_asset(struct tpl_context *ctx, struct place at);
/* Markup is about to be printed: allowed between tags only. */
bool tpl_context_markup(struct tpl_context *ctx, struct place at, const char *what);
/* A {{csrf}} stands here. */
void tpl_context_csrf(struct tpl_context *ctx, struct place at);
/* A directive that prints nothing (if, else, end, for) stands here: may it? */
void tpl_context_boundary(struct tpl_context *ctx, struct place at);
/* At the start of a loop's body, which runs again from where it ends. */
void tpl_context_loop(struct tpl_context *ctx);
/* Both ways lead on from here: `ctx` becomes what is true of both. Complains, and breaks `ctx`, when they end
 * in different places. */
void tpl_context_join(struct tpl_context *ctx, const struct tpl_context *other, struct place at);
/* The template ends: everything must be closed. */
void tpl_context_end(struct tpl_context *ctx, struct place at);
