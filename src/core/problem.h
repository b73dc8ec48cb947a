/*
 * An error as a problem document (RFC 9457): what programs get where people get a page. The detail of the log never
 * reaches it.
 */
#pragma once
#include "web/request.h"
#include "web/response.h"

struct problem_field {
	struct str field;   /* what was given: the name of an answer, or of a member of the body */
	struct str code;    /* for programs: "answer.required" */
	struct str message; /* for people, in the reader's language */
};
struct problem {
	int status;
	struct str code;   /* none: the status says it all */
	struct str detail; /* in the reader's language; none: the status's own words */
	const struct problem_field *fields;
	size_t field_count;
};
void problem_answer(struct request *r, struct response *out, const struct problem *p);
