/* Who is signed in: sessions, tokens, passwords. */
#include "core/case/test_town.h"
#include "core/session/password.h"
#include "core/session/queries.h"
#include "core/session/session.h"

enum act_kind { OPEN_SESSION, OPEN_TOKEN, CLOSE_SESSION, END_TOKEN };
struct acting {
	struct test_town *tt;
	enum act_kind what;
	int64_t id;
	struct str token;
	struct instant until;
};

static struct err *act_commit(struct tx *tx, void *input)
{
	struct acting *a = input;
	switch (a->what) {
	case OPEN_SESSION: return session_open(tx, a->tt->town, a->id, STR("oficina"), &a->token);
	case OPEN_TOKEN: return session_token_create(tx, a->tt->town, a->id, STR("prueba"), a->until, &a->token);
	case CLOSE_SESSION: return session_close(tx, a->id);
	case END_TOKEN: break;
	}
	return api_token_end(tx->db, tx->arena, &(struct api_token_end_in){ .id = a->id, .ended_at = tx->now },
		NULL);
}

static bool act(struct acting *a)
{
	struct err *e = writer_run(a->tt->town->writer, a->tt->arena, act_commit, a);
	if (e) test_fail(a->tt->t, __FILE__, __LINE__, "%s", e->detail);
	return !e;
}

static const struct who *who_of(struct test_town *tt, struct str cookie)
{
	const struct who *who = &who_anonymous;
	struct err *e = session_of_cookie(tt->town, tt->db, tt->arena, cookie, town_now(tt->town), &who);
	if (e) test_fail(tt->t, __FILE__, __LINE__, "%s", e->detail);
	return who;
}

static const struct who *who_by_token(struct test_town *tt, struct str token)
{
	const struct who *who = &who_anonymous;
	struct err *e = session_of_bearer(tt->town, tt->db, tt->arena, token, town_now(tt->town), &who);
	if (e) test_fail(tt->t, __FILE__, __LINE__, "%s", e->detail);
	return who;
}

TEST(session_is_the_person_with_their_permissions)
{
	struct test_town tt;
	if (!test_town_open(t, &tt)) return;
	struct acting open = { .tt = &tt, .id = tt.clerk };
	CHECK(act(&open));
	const struct who *who = who_of(&tt, open.token);
	CHECK_INT(who->actor, ACTOR_STAFF);
	CHECK_INT(who->staff_id, tt.clerk);
	CHECK(who_may(who, PERM_CASE_WORK) && !who_may(who, PERM_DOCUMENT_SIGN) && !who_may(who, PERM_ADMIN));
	/* The token itself is stored nowhere. */
	CHECK_INT(test_number(&tt, "SELECT length(token_hash) FROM session"), 32);
	struct str stored = test_text(&tt, "SELECT hex(token_hash) FROM session");
	CHECK(str_find(stored, hex_encode(t->arena, open.token)) < 0);
}

TEST(session_of_nothing_and_of_nonsense_is_nobodys)
{
	struct test_town tt;
	if (!test_town_open(t, &tt)) return;
	struct acting open = { .tt = &tt, .id = tt.clerk };
	CHECK(act(&open));
	char *long_one = arena_alloc(t->arena, 5001);
	memset(long_one, 'a', 5000);
	struct str wrong[] = { STR_NONE, STR(""), STR("x"), { long_one, 5000 },
		str_slice(open.token, 0, open.token.n - 1), arena_printf(t->arena, "%.*s0", STR_FMT(open.token)) };
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		CHECK_INT(who_of(&tt, wrong[i])->actor, ACTOR_ANONYMOUS);
		CHECK_INT(who_by_token(&tt, wrong[i])->actor, ACTOR_ANONYMOUS);
	}
	/* A cookie is no token, and the other way round. */
	CHECK_INT(who_by_token(&tt, open.token)->actor, ACTOR_ANONYMOUS);
}

TEST(session_ends_by_time_by_hand_and_with_the_account)
{
	struct test_town tt;
	if (!test_town_open(t, &tt)) return;
	struct acting first = { .tt = &tt, .id = tt.clerk }, second = first,
				  third = { .tt = &tt, .id = tt.officer };
	CHECK(act(&first) && act(&second) && act(&third));
	struct acting close = { .tt = &tt, .what = CLOSE_SESSION, .id = who_of(&tt, first.token)->session_id };
	CHECK(act(&close));
	CHECK_INT(who_of(&tt, first.token)->actor, ACTOR_ANONYMOUS);
	CHECK_INT(who_of(&tt, second.token)->actor, ACTOR_STAFF); /* each browser its own */
	CHECK(test_write(&tt, "UPDATE staff SET is_active = 0 WHERE login = 'omar'"));
	CHECK_INT(who_of(&tt, third.token)->actor, ACTOR_ANONYMOUS);
	CHECK(test_town_forward(&tt, SESSION_HOURS * 60 - 1));
	CHECK_INT(who_of(&tt, second.token)->actor, ACTOR_STAFF);
	CHECK(test_town_forward(&tt, 1));
	CHECK_INT(who_of(&tt, second.token)->actor, ACTOR_ANONYMOUS);
}

TEST(session_token_of_a_program_ends_too)
{
	struct test_town tt;
	if (!test_town_open(t, &tt)) return;
	struct acting make = { .tt = &tt,
		.what = OPEN_TOKEN,
		.id = tt.clerk,
		.until = { town_now(tt.town).ms + 3600 * 1000 } };
	CHECK(act(&make));
	CHECK_INT(who_by_token(&tt, make.token)->actor, ACTOR_TOKEN);
	CHECK_INT(who_of(&tt, make.token)->actor, ACTOR_ANONYMOUS);
	struct acting other = make,
				  end = { .tt = &tt, .what = END_TOKEN, .id = who_by_token(&tt, make.token)->session_id };
	CHECK(act(&other) && act(&end));
	CHECK_INT(who_by_token(&tt, make.token)->actor, ACTOR_ANONYMOUS);
	CHECK_INT(who_by_token(&tt, other.token)->actor, ACTOR_TOKEN);
	CHECK(test_town_forward(&tt, 60));
	CHECK_INT(who_by_token(&tt, other.token)->actor, ACTOR_ANONYMOUS);
}

/* --- failed attempts -------------------------------------------------------------------------------------------------- */

struct failing {
	int64_t staff;
	bool is_open;
};

static struct err *fail_commit(struct tx *tx, void *input)
{
	const struct failing *f = input;
	return session_attempt_failed(tx, f->staff);
}

static struct err *success_commit(struct tx *tx, void *input)
{
	struct failing *f = input;
	return session_attempt_good(tx, f->staff, &f->is_open);
}

/* The count is in the database: failures that arrive together are all counted. */
TEST(session_five_failures_lock_for_a_while)
{
	struct test_town tt;
	if (!test_town_open(t, &tt)) return;
	struct failing f = { .staff = tt.clerk };
	for (int i = 0; i < 4; i++)
		CHECK_OK(writer_run(tt.town->writer, t->arena, fail_commit, &f));
	CHECK_INT(test_number(&tt, "SELECT failed_attempts FROM staff WHERE login = 'ana'"), 4);
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM staff WHERE locked_until IS NOT NULL"), 0);
	CHECK_OK(writer_run(tt.town->writer, t->arena, fail_commit, &f));
	CHECK_INT(test_number(&tt, "SELECT locked_until FROM staff WHERE login = 'ana'"),
		town_now(tt.town).ms + 5 * 60 * 1000);
	CHECK_INT(test_number(&tt, "SELECT failed_attempts FROM staff WHERE login = 'ana'"), 0);
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM staff WHERE locked_until IS NOT NULL"),
		1); /* and nobody else's */
	/* While it is locked nothing counts, the right password neither. */
	CHECK_OK(writer_run(tt.town->writer, t->arena, fail_commit, &f));
	CHECK_OK(writer_run(tt.town->writer, t->arena, success_commit, &f));
	CHECK(!f.is_open);
	CHECK_INT(test_number(&tt, "SELECT failed_attempts FROM staff WHERE login = 'ana'"), 0);
	CHECK(test_town_forward(&tt, SESSION_LOCK_MINUTES));
	CHECK_OK(writer_run(tt.town->writer, t->arena, success_commit, &f));
	CHECK(f.is_open);
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM staff WHERE locked_until IS NOT NULL"), 0);
}

/* --- passwords --------------------------------------------------------------------------------------------------------- */

TEST(password_hashes_and_matches)
{
	struct str hash, other;
	CHECK_OK(password_hash(t->arena, STR("caballo correcto"), STR("0123456789abcdef"), &hash));
	CHECK_OK(password_hash(t->arena, STR("caballo correcto"), STR("fedcba9876543210"), &other));
	CHECK(
		str_starts_with(hash, STR("$argon2id$v=19$m=65536,t=3,p=4$"))); /* RFC 9106, second recommended set */
	CHECK(!str_eq(hash, other));
	CHECK(password_matches(t->arena, hash, STR("caballo correcto")));
	CHECK(!password_matches(t->arena, hash, STR("caballo incorrecto")));
	CHECK(!password_matches(t->arena, hash, STR("")));
	CHECK(!password_matches(t->arena, STR("none"), STR("caballo correcto"))); /* a damaged hash */
	CHECK(!password_matches(t->arena, STR(""), STR("")));
	/* "contraseña" with its ñ in two pieces */
	CHECK_OK(password_hash(t->arena, STR("la contraseña"), STR("0123456789abcdef"), &hash));
	CHECK(password_matches(t->arena, hash, STR("la contrasen\u0303a")));
}

TEST(password_has_a_length)
{
	struct str hash;
	char text[PASSWORD_MAX + 2];
	memset(text, 'a', sizeof text);
	CHECK_ERR(password_hash(t->arena, STR("corta"), STR("0123456789abcdef"), &hash), ERR_INVALID);
	CHECK_ERR(password_hash(t->arena, (struct str){ text, PASSWORD_MAX + 1 }, STR("0123456789abcdef"), &hash),
		ERR_INVALID);
	CHECK_OK(password_hash(t->arena, (struct str){ text, PASSWORD_MAX }, STR("0123456789abcdef"), &hash));
	/* Longer ones are not cut down to something that opens. */
	CHECK(!password_matches(t->arena, hash, (struct str){ text, PASSWORD_MAX + 1 }));
}

/* An account that does not exist costs as much as one that does. Bounds are wide: the point is that it is hashed. */
TEST(password_of_nobody_costs_the_same)
{
	struct str hash;
	int64_t costs[2];
	CHECK_OK(password_hash(t->arena, STR("caballo correcto"), STR("0123456789abcdef"), &hash));
	for (int i = 0; i < 2; i++) {
		int64_t least = INT64_MAX;
		for (int n = 0; n < 3; n++) {
			int64_t begin = monotonic_us();
			CHECK(!password_matches(t->arena, i ? STR_NONE : hash, STR("caballo incorrecto")));
			int64_t cost = monotonic_us() - begin;
			least = cost < least ? cost : least;
		}
		costs[i] = least;
	}
	CHECK(costs[1] > costs[0] / 3 && costs[1] < costs[0] * 3);
}
