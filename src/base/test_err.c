#include "base/testing.h"

static struct err *fails(struct arena *a, int n)
{
	return n < 0 ? ERR(a, ERR_CONFLICT, "case.taken", "case %d", n) : NULL;
}

static struct err *tries(struct arena *a, int n, int *ret)
{
	TRY(fails(a, n));
	*ret = n;
	return NULL;
}

TEST(err_is_carried_by_try_and_leaves_outputs_alone)
{
	int out = 7;
	CHECK_ERR(tries(t->arena, -3, &out), ERR_CONFLICT);
	CHECK_INT(out, 7);
	CHECK_OK(tries(t->arena, 3, &out));
	CHECK_INT(out, 3);
}

TEST(err_has_statuses_and_a_name)
{
	struct err *e = fails(t->arena, -1);
	CHECK_INT(err_http_status(e), 409);
	CHECK_INT(err_exit_code(e), 75);
	CHECK_INT(err_http_status(NULL), 200);
	CHECK_INT(err_exit_code(NULL), 0);
	CHECK_STR(str_of(err_code_name(ERR_CONFLICT)), "ERR_CONFLICT");
	for (int code = 0; code < ERR_CODE_MAX; code++) {
		struct err each = { .code = (enum err_code)code };
		CHECK(err_http_status(&each) >= 400 && err_http_status(&each) < 600);
		CHECK(err_exit_code(&each) >= 64 && err_exit_code(&each) <= 78); /* sysexits.h */
	}
}

TEST(err_wrap_adds_a_sentence_and_keeps_the_rest)
{
	struct err *root = fails(t->arena, -5);
	struct err *e = err_wrap(t->arena, root, "taking %s", "it");
	CHECK_INT(e->code, ERR_CONFLICT);
	CHECK_STR(str_of(e->key), "case.taken");
	CHECK_INT(e->line, root->line);
	CHECK_STR(err_describe(t->arena, e),
		arena_printf(t->arena, "taking it ← case -5 (%s:%d)", root->file, root->line).p);
	CHECK(err_wrap(t->arena, NULL, "nothing wrong") == NULL);
}

TEST(err_copy_outlives_its_arena)
{
	struct arena *gone = arena_new(1 << 20);
	struct err *e = err_wrap(gone, ERR(gone, ERR_GONE, NULL, "root"), "outer");
	struct err *copy = err_copy(t->arena, e);
	arena_free(gone);
	CHECK_INT(copy->code, ERR_GONE);
	CHECK(copy->key == NULL);
	CHECK(str_starts_with(err_describe(t->arena, copy), STR("outer ← root (")));
	CHECK(err_copy(t->arena, NULL) == NULL);
}
