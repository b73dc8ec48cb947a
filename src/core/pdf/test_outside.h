/*
 * Programs from outside as witnesses in tests: a folder of their own, files in it, shell commands run there.
 */
#pragma once
#include "base/testing.h"

/* True when all of the programs, separated by spaces, are installed. */
bool outside_has(struct test *t, const char *programs);
/* A new folder, removed when the test's arena is. */
struct str outside_folder(struct test *t);
void outside_save(struct test *t, struct str folder, const char *name, struct str bytes);
/* Runs a shell command in the folder; its output, and whether it succeeded in *ret_ok (or NULL). */
struct str outside_run(struct test *t, struct str folder, const char *command, bool *ret_ok);
