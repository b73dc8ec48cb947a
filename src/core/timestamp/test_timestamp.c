/*
 * Time stamps, RFC 3161: what an authority says is believed when all of it holds, and no changed bit passes.
 */
#include "core/timestamp/test_authority.h"

static const struct str value = STR("the value of a signature");
static const struct str nonce = STR("0123456789abcdef");
static const struct instant noon = { INT64_C(1795348800000) };

static struct instant later(int64_t s) { return (struct instant){ noon.ms + s * 1000 }; }

static bool refuses(struct test *t, const struct test_authority *x, const struct timestamp_question *q,
	struct str reply, struct instant now, const char *reason)
{
	struct str token;
	struct timestamp_trust trust = test_authority_trust(x);
	struct err *e = timestamp_answer(t->arena, q, reply, &trust, now, &token);
	if (e && e->code == ERR_UNAVAILABLE && str_find(str_of(e->detail), str_of(reason)) >= 0) return true;
	test_fail(t, __FILE__, __LINE__, "not refused as '%s': %s", reason, e ? e->detail : "accepted");
	return false;
}

TEST(timestamp_is_believed_when_all_holds)
{
	struct test_authority *x = test_authority_new(t);
	struct timestamp_trust trust = test_authority_trust(x), nobody = { .pem = STR("") };
	struct str token = test_authority_token(x, value, noon);
	struct timestamp_facts f = timestamp_examine(t->arena, token, value, &trust);
	CHECK_INT(f.state, TIMESTAMP_GOOD);
	CHECK_INT(f.at.ms, noon.ms);
	CHECK_STR(f.authority, "Sellos de muestra");
	f = timestamp_examine(t->arena, token, value, &nobody);
	CHECK_INT(f.state, TIMESTAMP_UNKNOWN);
	CHECK_STR(f.problem, "its authority is not among those that are trusted");
	f = timestamp_examine(t->arena, token, STR("another value"), &trust);
	CHECK_INT(f.state, TIMESTAMP_BAD);
	CHECK_STR(f.problem, "it is of something else");
	CHECK_INT(timestamp_examine(t->arena, STR(""), value, &trust).state, TIMESTAMP_BAD);
}

/* RFC 3161, 2.4.2: "the requester shall verify the status … the time included in the response against a local trusted
 * time reference, if one is available … that what was time-stamped corresponds". */
TEST(timestamp_of_another_question_or_time_is_refused)
{
	struct test_authority *x = test_authority_new(t), *other = test_authority_new(t);
	struct timestamp_question q = timestamp_ask(t->arena, value, nonce, noon);
	struct timestamp_question of_other = timestamp_ask(t->arena, STR("another"), nonce, noon);
	struct timestamp_question again = timestamp_ask(t->arena, value, STR("fedcba9876543210"), noon);
	struct str reply = test_authority_reply(x, q.der, noon);
	CHECK(refuses(t, x, &of_other, reply, noon, "imprint mismatch"));
	CHECK(refuses(t, x, &again, reply, noon, "nonce mismatch"));
	CHECK(refuses(t, other, &q, reply, noon, "certificate verify error"));
	CHECK(
		refuses(t, x, &q, test_authority_reply(x, STR("no question"), noon), noon, "grants none: status 2"));
	CHECK(refuses(t, x, &q, STR(""), noon, "not one that can be read"));
	char *longer = arena_alloc(t->arena, reply.n + 1);
	memcpy(longer, reply.p, reply.n);
	longer[reply.n] = 0;
	CHECK(refuses(t, x, &q, (struct str){ longer, reply.n + 1 }, noon, "not one that can be read"));
	struct str token;
	struct timestamp_trust trust = test_authority_trust(x);
	static const int64_t near[] = { -TIMESTAMP_CLOCK_MAX_S, 0, TIMESTAMP_CLOCK_MAX_S };
	for (int i = 0; i < 3; i++)
		CHECK_OK(timestamp_answer(t->arena, &q, test_authority_reply(x, q.der, later(near[i])), &trust, noon,
			&token));
	for (int64_t s = -1; s <= 1; s += 2) {
		struct str off = test_authority_reply(x, q.der, later(s * (TIMESTAMP_CLOCK_MAX_S + 1)));
		CHECK(refuses(t, x, &q, off, noon, "its time is not the time"));
	}
	/* As long as the answer took, the authority's clock may have gone on. */
	CHECK_OK(timestamp_answer(t->arena, &q, test_authority_reply(x, q.der, later(TIMESTAMP_CLOCK_MAX_S + 9)),
		&trust, later(10), &token));
}

/* What is not covered by a signature (the reply's status, certificates that nobody needs) may change; then what is
 * believed is the same. */
TEST(timestamp_with_a_changed_bit_says_the_same_or_is_refused)
{
	struct test_authority *x = test_authority_new(t);
	struct timestamp_trust trust = test_authority_trust(x);
	struct timestamp_question q = timestamp_ask(t->arena, value, nonce, noon);
	struct str reply = test_authority_reply(x, q.der, noon), token;
	char *changed = arena_alloc(t->arena, reply.n);
	int refused = 0;
	struct arena *work = arena_new(16 * 1024 * 1024);
	for (size_t i = 0; i < reply.n; i++) {
		arena_reset(work);
		memcpy(changed, reply.p, reply.n);
		changed[i] = (char)(changed[i] ^ (1 << i % 8));
		struct err *e = timestamp_answer(work, &q, (struct str){ changed, reply.n }, &trust, noon, &token);
		refused += e ? 1 : 0;
		if (e) continue;
		struct timestamp_facts f = timestamp_examine(work, token, value, &trust);
		CHECK(f.state == TIMESTAMP_GOOD && f.at.ms == noon.ms);
	}
	arena_free(work);
	CHECK(refused > (int)reply.n / 3);
}

/* The same for a token on its own, by whoever reads a paper: never good over other bytes or at another time. */
TEST(timestamp_token_with_a_changed_bit_is_bad_or_the_same)
{
	struct test_authority *x = test_authority_new(t);
	struct timestamp_trust trust = test_authority_trust(x);
	struct str token = test_authority_token(x, value, noon);
	char *changed = arena_alloc(t->arena, token.n);
	int bad = 0;
	for (size_t i = 0; i < token.n; i++) {
		memcpy(changed, token.p, token.n);
		changed[i] = (char)(changed[i] ^ (1 << i % 8));
		struct timestamp_facts f = timestamp_examine(t->arena, (struct str){ changed, token.n }, value,
			&trust);
		bad += f.state == TIMESTAMP_BAD ? 1 : 0;
		if (f.state == TIMESTAMP_GOOD) CHECK(f.at.ms == noon.ms);
	}
	CHECK(bad > (int)token.n / 3);
}

/* RFC 3161, 2.3: the extended key usage is timeStamping, critical and alone; RFC 5816: the token names its certificate. */
TEST(timestamp_by_a_certificate_that_is_not_for_it_is_bad)
{
	struct test_authority *x = test_authority_new(t);
	struct timestamp_trust trust = test_authority_trust(x);
	static const char good[] = "critical,timeStamping";
	static const char *const unfit[] = { NULL, "timeStamping", "critical,timeStamping,emailProtection",
		"critical,emailProtection" };
	struct str token = test_authority_forged(x, value, noon, good, true);
	CHECK_INT(timestamp_examine(t->arena, token, value, &trust).state, TIMESTAMP_GOOD);
	for (size_t i = 0; i < sizeof(unfit) / sizeof(unfit[0]); i++) {
		token = test_authority_forged(x, value, noon, unfit[i], true);
		struct timestamp_facts f = timestamp_examine(t->arena, token, value, &trust);
		CHECK_INT(f.state, TIMESTAMP_BAD);
		CHECK_STR(f.problem, "its certificate was not one for time stamps, alone, at that time");
	}
	token = test_authority_forged(x, value, noon, good, false);
	struct timestamp_facts f = timestamp_examine(t->arena, token, value, &trust);
	CHECK_INT(f.state, TIMESTAMP_BAD);
	CHECK_STR(f.problem, "the token does not name its certificate");
}

TEST(timestamp_trust_is_read_and_counted)
{
	struct timestamp_trust trust;
	struct timestamp_settings settings = { .server = STR("http://127.0.0.1/"), .authority = STR("/no/such") };
	CHECK_ERR(timestamp_trust_of(t->arena, &settings, &trust), ERR_UNAVAILABLE);
	settings.authority = STR("");
	CHECK_OK(timestamp_trust_of(t->arena, &settings, &trust));
	CHECK(trust.takes_system_ones);
	CHECK_OK(timestamp_trust_of(t->arena, NULL, &trust));
	CHECK(!trust.takes_system_ones);
	CHECK_INT(timestamp_trust_count(&trust), 0);
	trust = test_authority_trust(test_authority_new(t));
	CHECK_INT(timestamp_trust_count(&trust), 1);
}
