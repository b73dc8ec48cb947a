/*
 * The runner of the unit tests, with the main() of every test binary. It is a member of the archive that
 * nothing but a TEST() refers to, so the program and the tools never link it.
 */
#include "base/testing.h"

enum { TEST_ARENA_MAX_BYTES = 256 * 1024 * 1024 };

/* Filled by constructors before main(), read-only afterwards. */
static struct test_entry *first_entry, **last_link = &first_entry;

void test_register(struct test_entry *entry)
{
	*last_link = entry;
	last_link = &entry->next;
}

void test_fail(struct test *t, const char *file, int line, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	printf("not ok %s\n  %s:%d: ", t->name, file, line);
	vprintf(format, args);
	printf("\n");
	va_end(args);
	t->failed = true;
}

static bool run_one(const struct test_entry *entry)
{
	struct test t = { .arena = arena_new(TEST_ARENA_MAX_BYTES), .name = entry->name };
	entry->run(&t);
	arena_free(t.arena);
	if (!t.failed) printf("ok %s\n", entry->name);
	fflush(stdout); /* a crash in the next test must not lose this line */
	return !t.failed;
}

int main(int argc, char **argv)
{
	const char *pattern = argc > 1 ? argv[1] : "";
	int passed = 0, failed = 0;
	for (const struct test_entry *entry = first_entry; entry; entry = entry->next) {
		if (!strstr(entry->name, pattern)) continue;
		if (run_one(entry))
			passed++;
		else
			failed++;
	}
	printf("%d passed, %d failed\n", passed, failed);
	return failed > 0 || passed == 0;
}
