/* A small town and procedure for the tests of this folder: enough of everything, in memory. */
#pragma once
#include "base/testing.h"
#include "core/definition/answers.h"

/* The sample procedure's text; test_sample_replace() changes it. */
extern const char test_sample_procedure[], test_sample_town[];
/* `text` with the first `from` replaced; `from` must be there. */
struct str test_sample_replace(struct test *t, const char *text, const char *from, const char *to);
/* Builds the town with this procedure; NULL when there are errors. */
struct pack *test_sample_build(struct test *t, struct str town, struct str procedure,
	struct findings *findings);
struct pack *test_sample_pack(struct test *t); /* must be without errors */
/* Answers from JSON on 2026-11-24; the test fails when they are refused. */
struct answers *test_sample_answers(struct test *t, const struct pack *pack, const char *json);
