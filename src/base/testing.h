/*
 * The unit-test harness. A test file holds TEST(name) { … } blocks; linking it into a layer's test binary
 * is all it takes. Each test gets an arena `t->arena`. The binary prints "ok name" or "not ok name" with the
 * place, then "N passed, N failed", and exits 1 when one failed. `binary PATTERN` runs the tests whose name
 * contains it.
 */
#pragma once
#include "base/err.h"

struct test {
	struct arena *arena;
	const char *name;
	bool failed;
};
typedef void test_fn(struct test *t);
struct test_entry {
	const char *name;
	test_fn *run;
	struct test_entry *next;
};
void test_register(struct test_entry *entry);
void test_fail(struct test *t, const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#define TEST(test_name)                                                                                      \
	static void test_##test_name(struct test *t);                                                            \
	__attribute__((constructor)) static void test_add_##test_name(void)                                      \
	{                                                                                                        \
		static struct test_entry entry = { #test_name, test_##test_name, NULL };                             \
		test_register(&entry);                                                                               \
	}                                                                                                        \
	static void test_##test_name(struct test *t)

/* Each returns from the test when it does not hold. */
#define CHECK(condition)                                                                                     \
	do {                                                                                                     \
		if (!(condition)) {                                                                                  \
			test_fail(t, __FILE__, __LINE__, "%s", #condition);                                              \
			return;                                                                                          \
		}                                                                                                    \
	} while (0)
#define CHECK_INT(actual, expected)                                                                          \
	do {                                                                                                     \
		long long actual_ = (long long)(actual), expected_ = (long long)(expected);                          \
		if (actual_ != expected_) {                                                                          \
			test_fail(t, __FILE__, __LINE__, "%s is %lld, not %lld", #actual, actual_, expected_);           \
			return;                                                                                          \
		}                                                                                                    \
	} while (0)
#define CHECK_STR(actual, expected)                                                                          \
	do {                                                                                                     \
		struct str actual_ = (actual), expected_ = str_of(expected);                                         \
		if (!str_eq(actual_, expected_)) {                                                                   \
			test_fail(t, __FILE__, __LINE__, "%s is \"%.*s\", not \"%.*s\"", #actual, STR_FMT(actual_),      \
				STR_FMT(expected_));                                                                         \
			return;                                                                                          \
		}                                                                                                    \
	} while (0)
#define CHECK_OK(call)                                                                                       \
	do {                                                                                                     \
		struct err *check_err_ = (call);                                                                     \
		if (check_err_) {                                                                                    \
			test_fail(t, __FILE__, __LINE__, "%s: %s", #call, check_err_->detail);                           \
			return;                                                                                          \
		}                                                                                                    \
	} while (0)
#define CHECK_ERR(call, expected_code)                                                                       \
	do {                                                                                                     \
		struct err *check_err_ = (call);                                                                     \
		if (!check_err_ || check_err_->code != (expected_code)) {                                            \
			test_fail(t, __FILE__, __LINE__, "%s gave %s, not %s", #call,                                    \
				check_err_ ? err_code_name(check_err_->code) : "success", #expected_code);                   \
			return;                                                                                          \
		}                                                                                                    \
	} while (0)
