/*
 * Write-back by splicing: the form builder changes one value and the rest of the file, comments and layout
 * included, stays byte for byte. Each call takes the text and a node of the tree that was read from it, and
 * gives a new text that was parsed again before it is handed out (ERR_INVALID otherwise); the old tree is stale
 * then. Whether the result is a good definition is the schema's to say.
 *
 * A value is YAML: one line ("15", "{es: Sí, eu: Bai}"), or a block of lines without indentation
 * ("es: Uno\neu: Bat"). Text of people goes through yaml_quote() first.
 */
#pragma once
#include "base/err.h"
#include "core/definition/yaml_tree.h"

/* The text as a scalar of one line: plain where that is safe, quoted otherwise. */
struct str yaml_quote(struct arena *a, struct str text);

MUST_USE struct err *yaml_edit_set(struct arena *a, struct str source, const struct yaml_node *node,
	struct str value, struct str *ret);
/* The key goes last. ERR_CONFLICT when it is there already. */
MUST_USE struct err *yaml_edit_add(struct arena *a, struct str source, const struct yaml_node *map,
	struct str key, struct str value, struct str *ret);
MUST_USE struct err *yaml_edit_append(struct arena *a, struct str source, const struct yaml_node *list,
	struct str value, struct str *ret);
/* A key with its value, or an item. ERR_INVALID for the only one: set or delete its parent instead. */
MUST_USE struct err *yaml_edit_delete(struct arena *a, struct str source, const struct yaml_node *node,
	struct str *ret);
