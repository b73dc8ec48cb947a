/*
 * JSON in and out. Reading gives an arena tree (the parser is jansson: UTF-8 checked, duplicate keys
 * refused, depth and size bounded); writing is a builder that keeps the commas and escapes, so that what it
 * emits is well-formed by construction. Numbers are integers or decimal *text*: no floats.
 */
#pragma once
#include "base/buf.h"
#include "base/err.h"

enum json_kind { JSON_NULL, JSON_BOOL, JSON_INT, JSON_DECIMAL, JSON_TEXT, JSON_LIST, JSON_MAP };

struct json {
	enum json_kind kind;
	bool b;
	int64_t i;          /* JSON_INT */
	struct str text;    /* JSON_TEXT; for JSON_DECIMAL the decimal, at most six places */
	struct str key;     /* this value's name inside its map */
	struct json *first; /* children, in order, of a list or map */
	struct json *next;
	size_t count;
};

enum { JSON_MAX_DEPTH = 32, JSON_MAX_BYTES = 4 * 1024 * 1024, JSON_MAX_VALUES = 100 * 1000 };

/* ERR_MALFORMED with line and column in the detail (never a piece of the text), ERR_TOO_LARGE past the
 * bytes or values. Exponents and more than six decimals are refused. The texts live in `a`. */
MUST_USE struct err *json_parse(struct arena *a, struct str text, struct json **ret);
const struct json *json_get(const struct json *map, struct str key); /* NULL when absent or not a map */
struct str json_text(const struct json *map, struct str key);        /* STR_NONE when absent or no text */

/* Writing: json_open(&w,'{'); json_key(&w, STR("a")); json_add_int(&w, 1); json_close(&w,'}');
 * At most 64 levels. Bytes that are not UTF-8 come out as U+FFFD. */
struct json_writer {
	struct buf *out;
	int depth;
	uint64_t has_item; /* a bit a level: a comma is due */
	bool after_key;
};
struct json_writer json_writer(struct buf *out);
void json_open(struct json_writer *w, char bracket);  /* '{' or '[' */
void json_close(struct json_writer *w, char bracket); /* '}' or ']' */
void json_key(struct json_writer *w, struct str key);
void json_add_text(struct json_writer *w, struct str s); /* none writes null */
void json_add_int(struct json_writer *w, int64_t i);
void json_add_bool(struct json_writer *w, bool b);
void json_add_null(struct json_writer *w);
void json_add_tree(struct json_writer *w, const struct json *tree);
/* key and text at once: the commonest pair */
void json_field(struct json_writer *w, struct str key, struct str text);
