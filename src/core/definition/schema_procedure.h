/* The tables of a procedure's file, and those of fields alone (decision fields, groups). */
#pragma once
#include "core/definition/schema.h"

extern const struct schema procedure_schema, field_schema, workflow_schema, legal_basis_schema;
