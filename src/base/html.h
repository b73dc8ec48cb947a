/*
 * HTML is a type of its own: `struct html` is text that is already markup, `struct str` is text that is
 * not, and no function takes one for the other. Only this file and the code that tools/tpl2c generates make
 * a `struct html`; everything else writes templates. Output goes to a bounded builder.
 */
#pragma once
#include "base/buf.h"

struct html {
	struct str markup;
};

/* Text between tags and inside a quoted attribute: & < > " ' become entities. */
void html_text(struct buf *out, struct str s);
/* A URL attribute (href, src, action, formaction): only http:, https:, mailto:, tel:, a path or a fragment
 * pass; anything else is written as "#". Then escaped as an attribute. */
void html_url(struct buf *out, struct str s);
/* One part of a URL's path or query, percent-encoded (RFC 3986 unreserved stay). */
void html_url_part(struct buf *out, struct str s);
void html_raw(struct buf *out, struct html h);
/* The builder's content, once finished, as markup. For generated code and tests. */
struct html html_of_generated(struct str markup);
