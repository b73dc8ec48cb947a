/* Kinds of jobs for tests, beside those of the program: they do what the test tells them to. */
#pragma once
#include "core/module.h"

extern const struct module test_jobs_module, test_outside_module;

struct test_jobs {
	int runs;     /* of any of them, since test_jobs_reset() */
	int failures; /* "test.flaky" fails so often before it succeeds */
	int outside;  /* what happened outside the program: must be done once a job */
};
extern struct test_jobs test_jobs;
void test_jobs_reset(int failures);
