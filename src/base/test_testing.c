#include <sys/wait.h>
#include <unistd.h>

#include "base/testing.h"

static void wrong_number(struct test *t) { CHECK_INT(1, 2); }
static void wrong_text(struct test *t) { CHECK_STR(STR("a"), "b"); }
static void wrong_condition(struct test *t) { CHECK(t->failed); }
static void wrong_success(struct test *t) { CHECK_OK(ERR(t->arena, ERR_GONE, NULL, "gone")); }
static void wrong_error(struct test *t) { CHECK_ERR(ERR(t->arena, ERR_GONE, NULL, "gone"), ERR_LIMITED); }
static void no_error(struct test *t) { CHECK_ERR((struct err *)NULL, ERR_LIMITED); }
static void all_well(struct test *t)
{
	CHECK(!t->failed);
	CHECK_INT(2, 2);
	CHECK_STR(STR("a"), "a");
	CHECK_OK((struct err *)NULL);
	CHECK_ERR(ERR(t->arena, ERR_GONE, NULL, "gone"), ERR_GONE);
}

/* In a child, whose output nobody sees: it ends with 1 when the test failed. */
static int run_apart(struct test *t, test_fn *run)
{
	fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		if (!freopen("/dev/null", "w", stdout)) _exit(3);
		struct test inner = { .arena = t->arena, .name = "inner" };
		run(&inner);
		_exit(inner.failed);
	}
	int status = 0;
	return waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}

TEST(testing_sees_every_kind_of_failure)
{
	test_fn *const failing[] = { wrong_number, wrong_text, wrong_condition, wrong_success, wrong_error,
		no_error };
	for (size_t i = 0; i < sizeof failing / sizeof *failing; i++)
		CHECK_INT(run_apart(t, failing[i]), 1);
	CHECK_INT(run_apart(t, all_well), 0);
}
