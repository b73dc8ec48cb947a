/*
 * YAML as a tree with positions. Read from libyaml's events into an arena; scalars stay text, because the schema
 * decides what they are (only `true` and `false` are booleans, so `no:` as a language key is safe).
 *
 * Refused: more than 1 MiB, more than 32 levels, aliases, anchors, tags, several documents, keys that are not
 * plain text, the same key twice. A syntax error is one a run, placed at the unclosed quote when there is one.
 * Changing a file: yaml_edit.h.
 */
#pragma once
#include "core/definition/finding.h"

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };
enum { YAML_MAX_BYTES = 1024 * 1024, YAML_MAX_DEPTH = 32, YAML_MAX_NODES = 100000, YAML_MAX_KEYS = 500 };

struct yaml_node {
	enum yaml_kind kind;
	bool is_plain;     /* a scalar without quotes */
	bool is_block;     /* a block map or list; a scalar with | or > */
	int line, column;  /* from 1, in characters */
	size_t start, end; /* bytes in the source; the end of a block is that of its last line */
	struct str text;   /* scalar */
	struct str key;    /* inside a map */
	int key_line, key_column;
	size_t key_start, key_end;
	struct yaml_node *parent, *first, *last, *next;
	size_t count; /* children */
};

/* NULL when there was a finding. The tree points into `source` nowhere: it has copies. */
struct yaml_node *yaml_parse(struct arena *a, struct str source, struct findings *findings);

struct yaml_node *yaml_get(const struct yaml_node *map, struct str key); /* NULL when absent or not a map */
struct yaml_node *yaml_item(const struct yaml_node *list, size_t at);
/* Follows "form.pages.0.title.es"; NULL when a step is missing. */
struct yaml_node *yaml_at(struct yaml_node *root, struct str path);
const char *yaml_kind_name(enum yaml_kind kind); /* "a text", "a list", "a map" */
