/*
 * One procedure from its file: schema walk, then slots and pages of fields, then names and expressions
 * (procedure_scope.c), then what must agree with what (procedure_check.c). For pack_build() and the editor.
 */
#pragma once
#include "core/definition/schema.h"

/* `pack` gives languages, and what ids must exist; NULL: a file on its own. Returns NULL only when the file cannot
 * be read at all; otherwise the procedure, good when no error was added. */
struct procedure *procedure_read(struct arena *a, const struct pack *pack, struct pack_files files,
	const struct pack_file *file, struct findings *findings);

/* Internal, in this order. */
void procedure_place_fields(struct procedure *p);
void procedure_compile(struct reader *r, struct procedure *p);
void procedure_check(struct reader *r, struct procedure *p, const struct pack *pack);
void workflow_check(struct reader *r, struct procedure *p);
const struct pack_file *reader_file(const struct reader *r, struct str path); /* NULL when there is none */
