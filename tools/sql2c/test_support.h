/* What the tests of sql2c share: a small schema and a run of the whole program over texts. */
#pragma once
#include "base/testing.h"
#include "tools/sql2c/sql2c.h"

struct sql_file {
	const char *path, *text;
};

extern const char sql_test_staff[]; /* core/staff/migrations/001_create.sql */
extern const char sql_test_cases[]; /* core/case/migrations/001_create.sql */

/* Reads `files` (ends with path NULL) and checks everything; closed with the test's arena. */
struct sql_program *sql_test_run(struct test *t, const struct sql_file *files);
/* The same for the small schema and core/case/queries.sql. */
struct sql_program *sql_test_queries(struct test *t, const char *text);
/* The first query of core/case; NULL fails the test with the problems. */
struct sql_query *sql_test_query(struct test *t, const char *text);
/* All problems, "path:line: text" a line. */
struct str sql_test_problems(struct test *t, const struct sql_program *p);
/* Fails the test unless a problem begins with `place` and holds `words`. */
void sql_test_expect(struct test *t, int line, const struct sql_program *p, const char *place,
	const char *words);
#define EXPECT_PROBLEM(program, place, words) sql_test_expect(t, __LINE__, (program), (place), (words))
