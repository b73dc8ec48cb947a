/* One value of a row: the inner half of schema.h. */
#pragma once
#include "core/definition/schema.h"

void row_read(struct reader *r, const struct yaml_node *node, const struct schema_row *row, void *target);
