/*
 * Cuts a template into text and {{directives}}. Knows nothing of HTML and nothing of what directives mean,
 * save which of them disappear together with their line (a line that holds only one of them leaves nothing
 * in the page). Start with tpl_lex().
 */
#pragma once
#include "tools/lib/tree.h"

enum tpl_token_kind {
	TPL_TEXT,      /* bytes of the page */
	TPL_DIRECTIVE, /* what stands between {{ and }} */
	TPL_END,       /* end of the file */
};

struct tpl_token {
	enum tpl_token_kind kind;
	struct str text;    /* a directive's: trimmed */
	struct str keyword; /* a directive's first word */
	struct place at;    /* of the first byte of `text` */
};
struct tpl_tokens {
	struct tpl_token *items; /* the last is TPL_END */
	size_t count;
};

/* Comments are left out. Complains of a {{ without }}, of an empty directive and of a NUL byte. */
struct tpl_tokens tpl_lex(struct arena *a, struct str file, struct str text, struct complaints *c);
/* The place `offset` bytes after `from` in `text`. */
struct place tpl_place(struct place from, struct str text, size_t offset);
/* A letter or '_', and then letters, digits and '_'. */
bool tpl_is_name(struct str s);
bool tpl_is_name_char(char c, bool first);
bool tpl_is_space(char c);
