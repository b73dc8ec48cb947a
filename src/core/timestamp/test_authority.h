/* A time-stamp authority inside the test: OpenSSL's own, with an authority above it and a certificate for stamps. */
#pragma once
#include "base/testing.h"
#include "core/timestamp/timestamp.h"

struct test_authority;

/* Lives in the test's arena. */
struct test_authority *test_authority_new(struct test *t);
struct timestamp_trust test_authority_trust(const struct test_authority *x);
/* What it answers to a question, at that time by its clock. */
struct str test_authority_reply(const struct test_authority *x, struct str question, struct instant at);
/* A good token over these bytes. */
struct str test_authority_token(const struct test_authority *x, struct str bytes, struct instant at);
/* The same words signed by a certificate with another extended key usage (as OpenSSL writes it; NULL: without any), and
 * naming its certificate or not: what no authority should do. */
struct str test_authority_forged(const struct test_authority *x, struct str bytes, struct instant at,
	const char *usage, bool names_itself);
