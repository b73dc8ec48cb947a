/*
 * The schema walker: tables of rows say which keys a map may have, of which kind, and where in a C struct the
 * value goes; one walk checks everything, fills the structs and reports every mistake with its place. Rows carry
 * a mask of variants (field types), so that a size limit on a date is a mistake. The tables are the manual, too:
 * schema_describe() writes docs/definitions-reference.md from them.
 *
 * Cross references (ids, expressions) are checked afterwards, over the structs: procedure_check.c, pack_check.c;
 * reader_place() tells them where a value stood.
 */
#pragma once
#include "core/definition/expr.h"
#include "core/definition/pack.h"
#include "core/definition/yaml_tree.h"

struct reader;
struct schema;

enum schema_kind {
	KIND_TEXT,    /* struct text: a text per language */
	KIND_LINE,    /* struct str: a text of one line */
	KIND_SLUG,    /* struct str: small letters, digits, '-' and '_' */
	KIND_NAME,    /* struct str: an id that expressions use: small letters, digits and '_' */
	KIND_INT,     /* int, within [min, max] */
	KIND_BOOL,    /* bool */
	KIND_ENUM,    /* int: one of `names` */
	KIND_FLAGS,   /* unsigned: a list of `names`, bit by position */
	KIND_DATE,    /* struct date */
	KIND_MONEY,   /* struct money */
	KIND_STRINGS, /* struct str_list: a list of texts of one line */
	KIND_SPAN,    /* struct span: "15 working_days", "15-30 working_days", "immediate", or a map */
	KIND_EXPR,    /* const struct expr *, not compiled yet: source and place only */
	KIND_MAP,     /* a struct inside, by `sub` */
	KIND_LIST,    /* { items, count } of structs, by `sub` */
	KIND_CUSTOM   /* `read` */
};

struct schema_row {
	const char *key;
	enum schema_kind kind;
	size_t offset;
	bool required;
	uint32_t mask;            /* variants it is for; 0: all */
	int64_t min, max;         /* KIND_INT; KIND_LIST: at most `max` items, 0: 500 */
	const char *const *names; /* ends with NULL */
	const struct schema *sub;
	void (*read)(struct reader *r, const struct yaml_node *node, void *target);
	const char *help;
};

struct schema {
	const char *what; /* "a field" */
	const struct schema_row *rows;
	size_t count;
	size_t size;                 /* of the struct */
	const char *selector;        /* the key whose KIND_ENUM value is the variant, or NULL */
	void (*start)(void *target); /* defaults, or NULL */
	void (*finish)(struct reader *r, const struct yaml_node *node, void *target);
};
#define SCHEMA_ROWS(rows_) .rows = (rows_), .count = sizeof(rows_) / sizeof *(rows_)

struct reader_place {
	const void *value;
	int line, column;
};
struct reader {
	struct arena *arena;
	struct findings *findings;
	struct str_list languages; /* of the pack, the main one first; empty: any */
	struct pack_files files;   /* of the pack, for what is named by path */
	struct reader_place *places;
	size_t place_count, place_capacity;
	const struct schema *now; /* whose row is being read: for messages */
	struct str key;
};

void schema_read(struct reader *r, const struct yaml_node *node, const struct schema *schema, void *target);
/* The place of a value that was read into `value`; (0, 0) when it was not in the file. */
struct reader_place reader_place(const struct reader *r, const void *value);
/* A finding at that value's place. */
void reader_error(struct reader *r, const void *value, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void reader_note(struct reader *r, const void *value, const struct yaml_node *node);

/* Helpers of custom rows. Each adds a finding and gives false when the node is not such a value. */
bool reader_line(struct reader *r, const struct yaml_node *node, size_t max_bytes, struct str *ret);
bool reader_text(struct reader *r, const struct yaml_node *node, struct text *ret);
bool reader_int(struct reader *r, const struct yaml_node *node, int64_t min, int64_t max, int64_t *ret);
bool reader_decimal(struct reader *r, const struct yaml_node *node, int64_t *ret_millionths);
bool reader_bool(struct reader *r, const struct yaml_node *node, bool *ret);
bool reader_date(struct reader *r, const struct yaml_node *node, struct date *ret);
struct expr *reader_expr(struct reader *r, const struct yaml_node *node);
void reader_wrong(struct reader *r, const struct yaml_node *node, const char *expected);

/* Markdown: a table of the schema's keys, then those of the schemas below it. */
void schema_describe(const struct schema *schema, struct buf *out);
