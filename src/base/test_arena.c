#include <sanitizer/asan_interface.h>
#include <signal.h>
#include <stdalign.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/testing.h"

TEST(arena_gives_zeroed_aligned_memory)
{
	struct arena *a = t->arena;
	for (size_t size = 0; size < 3000; size += 7) {
		unsigned char *p = arena_alloc(a, size);
		CHECK(p && (uintptr_t)p % alignof(max_align_t) == 0);
		for (size_t i = 0; i < size; i++)
			CHECK_INT(p[i], 0);
		memset(p, 0xff, size);
	}
}

TEST(arena_zeroes_again_after_a_reset)
{
	struct arena *a = arena_new(1 << 20);
	memset(arena_alloc(a, 1000), 0xff, 1000);
	CHECK_INT(arena_bytes(a), 1000);
	arena_reset(a);
	CHECK_INT(arena_bytes(a), 0);
	const unsigned char *p = arena_alloc(a, 1000);
	for (size_t i = 0; i < 1000; i++)
		CHECK_INT(p[i], 0);
	arena_free(a);
}

TEST(arena_keeps_what_it_gave_while_it_grows)
{
	struct arena *a = t->arena;
	struct str kept[500];
	for (int i = 0; i < 500; i++)
		kept[i] = arena_printf(a, "%0*d", 1 + i * 20, i);
	for (int i = 0; i < 500; i++) {
		CHECK_INT(kept[i].n, i == 0 ? 1 : 1 + i * 20);
		int64_t n = -1;
		CHECK(str_to_int64(str_slice(kept[i], kept[i].n > 4 ? kept[i].n - 4 : 0, kept[i].n), 0, 500, &n));
		CHECK_INT(n, i);
	}
}

struct release {
	char **at;
	char name;
};

static void write_name(void *resource)
{
	struct release *r = resource;
	*(*r->at)++ = r->name;
}

TEST(arena_runs_deferred_calls_newest_first_and_once)
{
	char order[8] = "", *at = order;
	struct release first = { &at, '1' }, second = { &at, '2' }, third = { &at, '3' };
	struct arena *a = arena_new(1 << 20);
	arena_defer(a, write_name, &first);
	arena_defer(a, write_name, &second);
	arena_reset(a);
	CHECK_STR(str_of(order), "21");
	arena_defer(a, write_name, &third);
	arena_free(a);
	CHECK_STR(str_of(order), "213");
	arena_free(NULL);
}

/* Runs `misuse` in a child and says whether the child was stopped by abort(). */
static bool aborts(void (*misuse)(void))
{
	fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		if (!freopen("/dev/null", "w", stderr)) _exit(2);
		misuse();
		_exit(0);
	}
	int status = 0;
	return waitpid(child, &status, 0) == child && WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void pass_the_limit(void)
{
	struct arena *a = arena_new(100 * 1000);
	for (int i = 0; i < 101; i++)
		arena_alloc(a, 1000);
}

static void overflow_an_array(void) { arena_alloc_array(arena_new(SIZE_MAX), SIZE_MAX / 4, 8); }

static void stay_below_the_limit(void)
{
	struct arena *a = arena_new(100 * 1000);
	for (int i = 0; i < 10; i++) {
		arena_alloc(a, 60 * 1000);
		arena_reset(a);
	}
}

TEST(arena_limit_stops_the_process)
{
	CHECK(aborts(pass_the_limit));
	CHECK(aborts(overflow_an_array));
	CHECK(!aborts(stay_below_the_limit));
}

TEST(arena_copies_end_in_nul)
{
	struct arena *a = t->arena;
	struct str cut = str_slice(STR("expediente"), 0, 3), copy = arena_str(a, cut);
	CHECK_STR(copy, "exp");
	CHECK_INT(copy.p[3], 0);
	CHECK(copy.p != cut.p);
	CHECK(str_is_none(arena_str(a, STR_NONE)) && str_is_none(arena_cstr(a, NULL)));
	CHECK(!str_is_none(arena_str(a, STR(""))));
	CHECK_INT(strlen(arena_cz(a, cut)), 3);
	CHECK_INT(strlen(arena_cz(a, STR_NONE)), 0);
	CHECK_STR(arena_printf(a, "%d-%s", 7, "b"), "7-b");
	for (int n = 1; n < 600; n++) { /* short ones and long ones are formatted differently */
		struct str s = arena_printf(a, "%0*d.", n, 7);
		CHECK(s.n == (size_t)n + 1 && strlen(s.p) == s.n && s.p[n - 1] == '7' && s.p[n] == '.');
	}
}

TEST(arena_joins_with_a_separator)
{
	struct str parts[] = { STR("a"), STR_NONE, STR("c") };
	CHECK_STR(arena_join(t->arena, parts, 3, STR(", ")), "a, , c");
	CHECK_STR(arena_join(t->arena, parts, 1, STR(", ")), "a");
	CHECK_STR(arena_join(t->arena, parts, 0, STR(", ")), "");
	CHECK_STR(arena_join(t->arena, parts, 3, STR_NONE), "ac");
}

#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
TEST(arena_poisons_what_it_took_back)
{
	struct arena *a = arena_new(1 << 20);
	char *small = arena_alloc(a, 5), *next = arena_alloc(a, 8), *large = arena_alloc(a, 100 * 1000);
	CHECK(!__asan_address_is_poisoned(small + 4) && __asan_address_is_poisoned(small + 5));
	CHECK(!__asan_address_is_poisoned(next + 7) && __asan_address_is_poisoned(next + 8));
	arena_reset(a);
	CHECK(__asan_address_is_poisoned(small) && __asan_address_is_poisoned(next));
	CHECK(__asan_address_is_poisoned(large));
	char *again = arena_alloc(a, 5);
	CHECK(again == small && !__asan_address_is_poisoned(small + 4));
	arena_free(a);
	CHECK(__asan_address_is_poisoned(small));
}
#endif
