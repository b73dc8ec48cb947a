/*
 * The expressions inside directives, turned into C text: member paths (v.card.name), conditions, formatted
 * values (date(v.due)). There are no calls and no arithmetic: what a page needs beyond this belongs in its
 * view struct. Names are checked against what is in scope; members are checked by the C compiler.
 */
#pragma once
#include "tools/tpl2c/lexer.h"

/* A name that templates may use: the parameter, or a loop's variable; each is a pointer in C. */
struct tpl_var {
	struct str name;
	struct str list; /* a loop's: the C text of what it runs over; none for the parameter */
	bool is_used, is_index_used;
	struct tpl_var *outer;
};

/* Reads one directive from left to right. */
struct tpl_reader {
	struct arena *arena;
	struct complaints *complaints;
	struct str text;
	struct place at; /* of text[0] */
	size_t pos;
	struct tpl_var *vars; /* innermost first */
	bool has_failed;      /* complained once; later reads give empty results */
};

struct tpl_reader tpl_reader(struct arena *a, struct complaints *c, struct tpl_token token,
	struct tpl_var *vars);
void tpl_reader_fail(struct tpl_reader *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The next word of letters, digits and '_'; empty when something else stands there. */
struct str tpl_read_word(struct tpl_reader *r);
/* Skips `mark` if it stands next. */
bool tpl_read_mark(struct tpl_reader *r, const char *mark);
/* Complains unless `mark` stands next. */
void tpl_read_expect(struct tpl_reader *r, const char *mark);
/* "text" with its quotes removed; none when no quote stands next. */
struct str tpl_read_quoted(struct tpl_reader *r);
/* Up to the next white space or the end. */
struct str tpl_read_bare(struct tpl_reader *r);
/* Complains unless everything was read. */
void tpl_read_end(struct tpl_reader *r);
bool tpl_read_is_at_end(struct tpl_reader *r);

struct tpl_var *tpl_var_find(struct tpl_var *vars, struct str name);
/* Would the next word be a name in scope (or the built-in look, view)? Reads nothing. */
bool tpl_read_sees_path(struct tpl_reader *r);
/* A path as a C lvalue: "v->card.name", "*c", "out->look->name". */
struct str tpl_read_path(struct tpl_reader *r);
/* A path, or a formatted one: date(…), day(…), datetime(…), time(…), money(…), number(…), index(c). */
struct str tpl_read_value(struct tpl_reader *r);
/* The same after its keyword was read as the directive's own: {{date long v.day}}. */
struct str tpl_read_formatted(struct tpl_reader *r, struct str keyword);
bool tpl_is_format(struct str keyword);
struct str tpl_read_condition(struct tpl_reader *r);
