/* The table of a definition's own tests. */
#pragma once
#include "core/definition/schema.h"

extern const struct schema test_schema;
