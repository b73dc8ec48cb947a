/*
 * Bodies of documents: Markdown with {{names}} and {{if condition}} … {{else}} … {{end}}. Names are fields (also
 * decision fields), fee lines, constants, and the facts of the case listed below. All are checked when the
 * definition is loaded. Values are escaped: what a citizen typed is never markup.
 *
 * Level-2 headings (## …) are the sections of the paper; what stands before the first is its opening. When the
 * document names a `grant`, the filled body begins with "# " and that field's value, shown large on the paper;
 * a body that begins with "# " says it itself.
 */
#pragma once
#include "core/definition/answers.h"

/* X(name in the body): what the issuer of a document supplies. */
#define DOCUMENT_FACTS(X)                                                                                    \
	X("case.number")                                                                                         \
	X("case.filed_on")                                                                                       \
	X("entry.number")                                                                                        \
	X("document.number")                                                                                     \
	X("document.issued_on")                                                                                  \
	X("document.valid_until")                                                                                \
	X("town.name")                                                                                           \
	X("town.full_name")                                                                                      \
	X("town.state")                                                                                          \
	X("department.name")                                                                                     \
	X("officer.post")                                                                                        \
	X("officer.competence")                                                                                  \
	X("procedure.name")                                                                                      \
	X("applicant.name")                                                                                      \
	X("place.address")                                                                                       \
	X("fee.total")                                                                                           \
	X("fee.receipt")                                                                                         \
	X("reasons")

enum document_part_kind { PART_TEXT, PART_FACT, PART_NAME, PART_IF };

struct document_part {
	enum document_part_kind kind;
	struct str text;              /* Markdown as it is; or the name */
	const struct expr *condition; /* PART_IF; PART_NAME: the value */
	const struct field *field;    /* PART_NAME of a field */
	const struct document_part *then, *otherwise, *next;
};

struct document_facts {
	/* The fact's text in `lang`, plain; STR_NONE when there is none ("" is written). */
	struct str (*get)(const void *state, struct str name, struct str lang);
	const void *state;
};

/* For the loader: findings at the body's own lines. NULL when there were errors or nothing is in it. */
const struct document_part *document_parse(struct arena *a, struct str body, const struct procedure *p,
	const struct expr_scope *scope, struct findings *findings);
/* Fills the body of `lang` (or the first). */
struct str document_fill(struct arena *a, const struct document *d, const struct answers *answers,
	const struct document_facts *facts, struct str lang);
/* The languages a document exists in are those of its bodies: the one that document_fill() would use. */
const struct document_body *document_body_in(const struct document *d, struct str lang);
/* Markdown's signs in plain text made harmless; line breaks become spaces. */
struct str markdown_escape(struct arena *a, struct str text);
