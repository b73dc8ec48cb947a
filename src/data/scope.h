/*
 * Whose eyes a query has. A query on a scoped table carries @scope(alias) in queries.sql; its input then has
 * a `struct scope scope`, and the engine shows only rows that this person's grants and exclusions allow (the
 * predicate is in tools/sql2c/README.md). Rights to *do* something are permissions (src/core), not scope.
 */
#pragma once
#include <stdint.h>

struct scope {
	int64_t staff_id;
};
