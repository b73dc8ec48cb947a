/*
 * Reading PDF syntax: tokens and values (ISO 32000-1, 7.2 and 7.3), for objects and for content streams.
 * Bytes may come from anywhere: depth, number of values and the arena's growth are bounded, and nothing outside
 * the bytes is read.
 */
#pragma once
#include "base/arena.h"

enum pdf_type {
	PDF_NULL,
	PDF_BOOL,
	PDF_INTEGER,
	PDF_REAL,
	PDF_NAME,
	PDF_STRING,
	PDF_ARRAY,
	PDF_DICT,
	PDF_STREAM, /* a dictionary with bytes */
	PDF_REF,
	PDF_WORD /* an operator or keyword */
};

struct pdf_value {
	enum pdf_type type;
	int64_t integer;         /* of bool, integer; object number of a reference */
	double real;             /* of integer too */
	struct str text;         /* of name, string (decoded), word; of a stream its bytes as stored */
	struct pdf_value *items; /* of an array; of a dictionary key, value, key, value … */
	size_t count;
	size_t from, to; /* where it stands in the bytes: of strings */
};

struct pdf_parser {
	struct arena *arena;
	struct str bytes;
	size_t at;
	size_t *budget;  /* values that may still be made */
	bool failed;     /* syntax error or a limit: what was read last is no value */
	bool in_content; /* no references: "1 0 R" cannot stand in content */
};

/* The next value; PDF_WORD for what is none. False at the end or after a failure. */
bool pdf_parse_value(struct pdf_parser *p, struct pdf_value *ret);
/* Skips white space and comments. */
void pdf_parse_space(struct pdf_parser *p);
/* The value of /key in a dictionary or stream; NULL when there is none. Does not follow references. */
const struct pdf_value *pdf_dict_get(const struct pdf_value *dict, const char *key);
bool pdf_is_name(const struct pdf_value *v, const char *name);
