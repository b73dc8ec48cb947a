/*
 * The shapes of what the API takes and gives, as one table (schema.c): bodies are checked against it, and
 * /api/v1/openapi.json is written from it, so that the description cannot drift from what is done. A member without
 * a value is left out; there is no null.
 */
#pragma once
#include "base/err.h"
#include "base/json.h"

enum schema_type {
	SCHEMA_TEXT,  /* min, max: characters */
	SCHEMA_WHOLE, /* min, max: both or none */
	SCHEMA_YES_NO,
	SCHEMA_DATE,    /* "2026-11-24" */
	SCHEMA_INSTANT, /* "2026-11-24T16:42:07.123Z" */
	SCHEMA_DECIMAL, /* exact, as text: "412.00" */
	SCHEMA_CHOICE,  /* one of the words of `of`, separated by blanks */
	SCHEMA_OBJECT,  /* the schema that `of` names */
	SCHEMA_MAP,     /* an object whose members are data, such as the answers to a form */
	SCHEMA_ANY,
	SCHEMA_FILE, /* bytes in a multipart body */
};
enum schema_flag {
	SCHEMA_REQUIRED = 1 << 0,
	SCHEMA_LIST = 1 << 1,  /* of that type; max: items */
	SCHEMA_LINES = 1 << 2, /* text that may have line breaks */
};

struct schema_field {
	const char *name;
	enum schema_type type;
	unsigned flags;
	const char *of;
	int64_t min, max;  /* 0 and 0: unbounded */
	const char *about; /* for those who write clients; NULL: the name says it */
};
struct schema {
	const char *name;
	const char *about;
	bool is_request;                   /* members that are not named here are refused */
	const struct schema_field *fields; /* ends with name NULL */
};
extern const struct schema schemas[];               /* ends with name NULL */
const struct schema *schema_find(const char *name); /* NULL when there is none */

enum schema_fault_kind {
	FAULT_MISSING,
	FAULT_UNKNOWN,
	FAULT_TYPE,   /* of: what is wanted */
	FAULT_LENGTH, /* max: characters, or items of a list */
	FAULT_RANGE,  /* min, max */
	FAULT_CHOICE, /* of: the words */
};
struct schema_fault {
	enum schema_fault_kind kind;
	struct str field;                /* "items.0.reason"; "" the body itself */
	const struct schema_field *rule; /* NULL for FAULT_UNKNOWN and for the body itself */
	struct schema_fault *next;
};
/* All that is wrong with `value`, in the order of the table; NULL when it is sound. At most SCHEMA_FAULTS_MAX. */
enum { SCHEMA_FAULTS_MAX = 50 };
struct schema_fault *schema_check(struct arena *a, const struct schema *s, const struct json *value);
