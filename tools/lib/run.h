/* Runs another program and reads what it prints: for tests that need the compiler or gettext. No shell. */
#pragma once
#include "base/err.h"

/* `argv` ends with NULL; argv[0] is looked up in PATH. Both output streams, at most 256 KiB of them; the exit
 * code (127: no such program, 128 + signal when it was killed). */
MUST_USE struct err *run_program(struct arena *a, const char *const *argv, struct str *ret_output,
	int *ret_code);
