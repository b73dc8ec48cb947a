/*
 * CSRF: the right token passes, every other way in is refused (OWASP's cheat sheet: signed double submit,
 * Origin, Fetch Metadata).
 */
#include "base/testing.h"
#include "web/csrf.h"
#include "web/form.h"

#define KEY "0123456789abcdef0123456789abcdef"
#define OTHER_KEY "fedcba9876543210fedcba9876543210"

static const struct instant now = { 1800000000000 };

/* A POST of the form, with the cookie and other headers; `token` none for no field. */
static struct request post(struct test *t, struct str cookie, struct str token, const char *headers)
{
	struct request r = { .arena = t->arena, .method = METHOD_POST, .now = now };
	struct header *list = NULL;
	struct str rest = str_of(headers);
	while (rest.n > 0) {
		struct str value = str_cut(&rest, '\n'), name = str_cut(&value, ':');
		struct header *h = ARENA_NEW(t->arena, struct header);
		*h = (struct header){ name, str_trim(value), list };
		list = h;
	}
	struct header *host = ARENA_NEW(t->arena, struct header), *jar = ARENA_NEW(t->arena, struct header);
	*host = (struct header){ STR("Host"), STR("town.test:8080"), list };
	*jar = (struct header){ STR("Cookie"), arena_printf(t->arena, "a=b; csrf=%.*s", STR_FMT(cookie)), host };
	r.headers = str_is_none(cookie) ? host : jar;
	struct str body = str_is_none(token) ? STR("x=1") : arena_printf(t->arena, "_csrf=%.*s", STR_FMT(token));
	struct err *e = form_parse(t->arena, body, &r.form);
	must(!e);
	return r;
}

static const char *outcome(const struct request *r, struct str key)
{
	struct err *e = csrf_check(r, &key, 1);
	return e ? e->key : "passed";
}
#define CHECK_OUTCOME(r, expected) CHECK_STR(str_of(outcome(&(r), STR(KEY))), expected)

TEST(csrf_token_passes_with_its_cookie)
{
	struct str cookie = csrf_cookie_new(t->arena);
	CHECK(csrf_cookie_is_sound(cookie));
	struct str one = csrf_token(t->arena, STR(KEY), cookie, now),
			   two = csrf_token(t->arena, STR(KEY), cookie, now);
	CHECK(!str_eq(one, two)); /* masked anew on every page */
	struct request r = post(t, cookie, one, "");
	CHECK_OUTCOME(r, "passed");
	r = post(t, cookie, two, "Origin: http://town.test:8080\nSec-Fetch-Site: same-origin\n");
	CHECK_OUTCOME(r, "passed");
	struct str header = arena_printf(t->arena, "X-CSRF-Token: %s\n", one.p);
	r = post(t, cookie, STR_NONE, header.p);
	CHECK_OUTCOME(r, "passed");
}

TEST(csrf_refuses_missing_and_forged_tokens)
{
	struct str cookie = csrf_cookie_new(t->arena), token = csrf_token(t->arena, STR(KEY), cookie, now);
	struct request r = post(t, cookie, STR_NONE, "");
	CHECK_OUTCOME(r, "csrf.missing");
	r = post(t, STR_NONE, token, "");
	CHECK_OUTCOME(r, "csrf.missing");
	r = post(t, STR("short"), token, "");
	CHECK_OUTCOME(r, "csrf.missing");
	r = post(t, cookie, STR("AAAA"), "");
	CHECK_OUTCOME(r, "csrf.forged");
	r = post(t, cookie, str_slice(token, 0, token.n - 4), "");
	CHECK_OUTCOME(r, "csrf.forged");

	/* Every single character counts. */
	for (size_t i = 0; i < token.n; i++) {
		char *bent = (char *)(uintptr_t)arena_str(t->arena, token).p;
		bent[i] = bent[i] == 'A' ? 'B' : 'A';
		r = post(t, cookie, (struct str){ bent, token.n }, "");
		if (strcmp(outcome(&r, STR(KEY)), "passed") == 0)
			test_fail(t, __FILE__, __LINE__, "character %zu", i);
	}
}

TEST(csrf_refuses_stale_tokens)
{
	struct str cookie = csrf_cookie_new(t->arena), other = csrf_cookie_new(t->arena);
	struct str token = csrf_token(t->arena, STR(KEY), cookie, now);
	struct request r = post(t, other, token, "");
	CHECK_OUTCOME(r, "csrf.stale");
	r = post(t, cookie, token, "");
	CHECK_STR(str_of(outcome(&r, STR(OTHER_KEY))), "csrf.stale");
	r.now.ms += (CSRF_MAX_AGE_S + 2 * 3600) * 1000LL;
	CHECK_OUTCOME(r, "csrf.stale");
	r.now.ms = now.ms + CSRF_MAX_AGE_S * 1000LL;
	CHECK_OUTCOME(r, "passed");
	r.now.ms = now.ms - 3 * 3600 * 1000LL;
	CHECK_OUTCOME(r, "csrf.stale");
}

TEST(csrf_accepts_a_key_that_is_being_replaced)
{
	struct str cookie = csrf_cookie_new(t->arena), keys[] = { STR(OTHER_KEY), STR(KEY) };
	struct request r = post(t, cookie, csrf_token(t->arena, STR(KEY), cookie, now), "");
	CHECK_OK(csrf_check(&r, keys, 2));
	CHECK_ERR(csrf_check(&r, keys, 1), ERR_FORBIDDEN);
}

TEST(csrf_refuses_what_the_browser_calls_foreign)
{
	static const char *const headers[] = { "Origin: https://evil.test\n", "Origin: null\n",
		"Origin: https://town.test:8080\n" /* another scheme */,
		"Origin: http://town.test\n" /* another port */, "Sec-Fetch-Site: cross-site\n",
		"Sec-Fetch-Site: same-site\n" };
	struct str cookie = csrf_cookie_new(t->arena), token = csrf_token(t->arena, STR(KEY), cookie, now);
	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
		struct request r = post(t, cookie, token, headers[i]);
		CHECK_OUTCOME(r, "csrf.foreign");
	}
	struct request r = post(t, cookie, token, "Sec-Fetch-Site: none\n");
	CHECK_OUTCOME(r, "passed");
}

/* Over TLS a cookie without the __Host- prefix may have been planted by a neighbouring host. */
TEST(csrf_trusts_only_the_host_cookie_over_tls)
{
	struct str cookie = csrf_cookie_new(t->arena);
	struct request r = post(t, cookie, csrf_token(t->arena, STR(KEY), cookie, now), "");
	r.is_tls = true;
	CHECK_OUTCOME(r, "csrf.missing");
	r.headers->value = arena_printf(t->arena, "csrf=planted; __Host-csrf=%.*s", STR_FMT(cookie));
	CHECK_OUTCOME(r, "passed");
}
