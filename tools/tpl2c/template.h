/*
 * A template as a tree: what the parser makes of a file and the emitter turns into C. Every value already
 * carries the slot (text, attribute, address) that the context tracker found for it.
 */
#pragma once
#include "tools/tpl2c/context.h"

enum tpl_node_kind {
	TPL_NODE_MARKUP,  /* literal; text */
	TPL_NODE_VALUE,   /* c: an expression; slot */
	TPL_NODE_RAW,     /* c: a struct html */
	TPL_NODE_MESSAGE, /* text: the key, or c: an enum message; args */
	TPL_NODE_ICON,    /* text: its name, or c: a struct str */
	TPL_NODE_ASSET,   /* text: its path */
	TPL_NODE_CSRF,
	TPL_NODE_BODY,
	TPL_NODE_CALL, /* text: the template's name; c: its argument, none without */
	TPL_NODE_IF,   /* branches */
	TPL_NODE_FOR,  /* var; c: the list; inner: the body; otherwise: when the list is empty */
};

struct tpl_arg {
	struct str name, c;
	struct tpl_arg *next;
};
struct tpl_branch {
	struct str c; /* the condition; none for {{else}} */
	struct place at;
	struct tpl_node *inner;
	struct tpl_branch *next;
};
struct tpl_node {
	enum tpl_node_kind kind;
	struct place at;
	struct str text, c;
	enum html_slot slot;
	struct tpl_arg *args;
	struct tpl_branch *branches;
	struct str var;
	bool var_is_used, index_is_used;
	struct tpl_node *inner, *otherwise, *next;
};

/* "name(path)" as {{call}} and {{layout}} write it. */
struct tpl_call {
	struct str name;
	struct str c; /* the argument as a C lvalue; none without */
	struct place at;
};

struct tpl_include {
	struct str path;
	struct tpl_include *next;
};

struct tpl_template {
	struct str file; /* as complaints name it: src/mod/portal/home.html */
	struct str path; /* below the source folder: mod/portal/home.html */
	struct place at;
	struct str name;
	struct str type, param; /* "home_view", "v"; none when it takes nothing */
	bool param_is_used;
	struct tpl_include *includes;
	struct tpl_call layout; /* name none: no layout */
	bool has_body;          /* it is itself a layout */
	struct tpl_node *nodes;
	struct tpl_template *next;
};

/* All templates of a file, in order; NULL when there is none. Complains of everything that is wrong. */
struct tpl_template *tpl_parse(struct arena *a, struct str file, struct str path, struct str text,
	struct complaints *c);
/* What only all templates together show: unknown and twice used names, calls that do not fit. */
void tpl_check(struct tpl_template *all, struct complaints *c);
struct tpl_template *tpl_find(struct tpl_template *all, struct str name);
