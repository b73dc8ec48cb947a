/* Limits: who is counted, how buckets refill, and that the table stays small. SipHash by its published
 * vector. */
#include "base/testing.h"
#include "web/limits.h"
#include "web/network.h"
#include "web/siphash.h"

static const struct limit_rule rule = { "test", 3, 60 }; /* three at once, then one a minute */

/* Aumasson and Bernstein, "SipHash: a fast short-input PRF", appendix A: key 00…0f, input 00…0e. */
TEST(siphash_gives_the_published_value)
{
	unsigned char key[16];
	char input[15];
	for (int i = 0; i < 16; i++)
		key[i] = (unsigned char)i;
	for (int i = 0; i < 15; i++)
		input[i] = (char)i;
	CHECK(siphash(key, (struct str){ input, 15 }) == 0xa129ca6149be45e5);
}

static struct limits *limits(struct test *t, size_t table_max, const char *trusted)
{
	struct limits_options options = { table_max, str_of(trusted) };
	struct limits *l = NULL;
	struct err *e = limits_new(t->arena, &options, &l);
	if (e) test_fail(t, __FILE__, __LINE__, "%s", e->detail);
	must(l);
	return l;
}

TEST(limits_bucket_empties_and_refills)
{
	struct limits *l = limits(t, 0, "");
	int64_t now_us = 1000000000, wait_s = -1;
	for (int i = 0; i < 3; i++)
		CHECK(limits_take_key(l, &rule, STR("k"), now_us, &wait_s));
	CHECK(!limits_take_key(l, &rule, STR("k"), now_us, &wait_s));
	CHECK_INT(wait_s, 60);
	CHECK(limits_take_key(l, &rule, STR("other"), now_us, NULL));
	struct limit_rule other = { "other", 1, 60 };
	CHECK(limits_take_key(l, &other, STR("k"), now_us, NULL)); /* another rule, another bucket */
	now_us += 59 * 1000000;
	CHECK(!limits_take_key(l, &rule, STR("k"), now_us, &wait_s));
	CHECK_INT(wait_s, 1);
	now_us += 1000000;
	CHECK(limits_take_key(l, &rule, STR("k"), now_us, NULL));
	CHECK(!limits_take_key(l, &rule, STR("k"), now_us, NULL));
	now_us += 3600 * 1000000LL; /* full again, and no fuller */
	for (int i = 0; i < 3; i++)
		CHECK(limits_take_key(l, &rule, STR("k"), now_us, NULL));
	CHECK(!limits_take_key(l, &rule, STR("k"), now_us, NULL));
	CHECK_INT(limits_stats(l).refused, 4);
}

static int takes(struct test *t, struct limits *l, enum method method, const char *network,
	const char *account)
{
	struct request r = { .arena = t->arena, .method = method, .network = str_of(network) };
	int count = 0;
	int64_t wait_s;
	while (count < 10 && !limits_take(l, &rule, &r, str_of(account), &wait_s))
		count++;
	return count;
}

TEST(limits_count_accounts_first_and_networks_for_anonymous_changes_only)
{
	struct limits *l = limits(t, 0, "192.0.2.0/24, 2001:db8:aa::/48");
	CHECK_INT(takes(t, l, METHOD_POST, "198.51.100.1", "ana"), 3);
	CHECK_INT(takes(t, l, METHOD_GET, "198.51.100.1", "ana"), 0);   /* the same bucket */
	CHECK_INT(takes(t, l, METHOD_POST, "198.51.100.1", "luis"), 3); /* another one in the same office */
	CHECK_INT(takes(t, l, METHOD_POST, "198.51.100.1", NULL), 3);
	CHECK_INT(takes(t, l, METHOD_POST, "198.51.100.2", NULL), 3);
	CHECK_INT(takes(t, l, METHOD_GET, "198.51.100.1", NULL), 10); /* reading is free */
	CHECK_INT(takes(t, l, METHOD_POST, "192.0.2.200", NULL), 10); /* the library's line */
	CHECK_INT(takes(t, l, METHOD_POST, "2001:db8:aa::1", NULL), 10);
}

/* RFC 6177: a household or office has a /64 at least; counting single addresses would count nobody. */
TEST(limits_count_ipv6_by_its_64)
{
	struct limits *l = limits(t, 0, "");
	CHECK_INT(takes(t, l, METHOD_POST, "2001:db8:1:2::1", NULL), 3);
	CHECK_INT(takes(t, l, METHOD_POST, "2001:db8:1:2:ffff::9", NULL), 0);
	CHECK_INT(takes(t, l, METHOD_POST, "2001:db8:1:3::1", NULL), 3);
	CHECK_INT(takes(t, l, METHOD_POST, "::ffff:198.51.100.7", NULL), 3);
	CHECK_INT(takes(t, l, METHOD_POST, "198.51.100.7", NULL), 0);
}

TEST(limits_table_is_bounded_and_keeps_who_is_being_refused)
{
	struct limits *l = limits(t, 64, "");
	int64_t now_us = 1000000000;
	for (int i = 0; i < 3; i++)
		CHECK(limits_take_key(l, &rule, STR("attacker"), now_us, NULL));
	for (int i = 0; i < 20; i++) { /* seven others in its set at most, one take each: they recover first */
		char key[16];
		int n = snprintf(key, sizeof key, "k%d", i);
		limits_take_key(l, &rule, (struct str){ key, (size_t)n }, now_us, NULL);
	}
	CHECK(!limits_take_key(l, &rule, STR("attacker"), now_us, NULL));
	for (int i = 0; i < 10000; i++) {
		char key[16];
		int n = snprintf(key, sizeof key, "m%d", i);
		limits_take_key(l, &rule, (struct str){ key, (size_t)n }, now_us + i, NULL);
	}
	struct limits_stats stats = limits_stats(l);
	CHECK(stats.buckets <= 64);
	CHECK(stats.forgotten >= 10000 - 64);
}

TEST(networks_are_read_and_matched_by_prefix)
{
	struct networks *list;
	struct address a;
	CHECK_OK(networks_parse(t->arena, STR("10.0.0.0/9 192.0.2.1,2001:db8::/33"), &list));
	static const struct {
		const char *text;
		bool is_in;
	} cases[] = { { "10.127.255.255", true }, { "10.128.0.0", false }, { "192.0.2.1", true },
		{ "192.0.2.2", false }, { "2001:db8:7fff::", true }, { "2001:db8:8000::", false },
		{ "::ffff:192.0.2.1", true }, { "::", false } };
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CHECK(address_parse(str_of(cases[i].text), &a));
		if (networks_have(list, &a) != cases[i].is_in) test_fail(t, __FILE__, __LINE__, "%s", cases[i].text);
	}
	CHECK_ERR(networks_parse(t->arena, STR("10.0.0.0/33"), &list), ERR_USAGE);
	CHECK_ERR(networks_parse(t->arena, STR("10.0.0"), &list), ERR_USAGE);
	CHECK_ERR(networks_parse(t->arena, STR("10.0.0.0/-1"), &list), ERR_USAGE);
	CHECK_ERR(networks_parse(t->arena, STR("example.org"), &list), ERR_USAGE);
	CHECK_OK(networks_parse(t->arena, STR("0.0.0.0/0"), &list));
	CHECK(address_parse(STR("203.0.113.9"), &a) && networks_have(list, &a));
	CHECK(address_parse(STR("2001:db8::1"), &a) && !networks_have(list, &a));
}

TEST(addresses_are_read_with_and_without_port)
{
	struct address a;
	static const char *const cases[][2] = { { "192.0.2.1:443", "192.0.2.1" },
		{ "[2001:db8::1]:443", "2001:db8::1" }, { "[2001:db8::1]", "2001:db8::1" },
		{ " 2001:DB8:0::1 ", "2001:db8::1" }, { "0.9.10.99", "0.9.10.99" },
		{ "100.199.200.255", "100.199.200.255" }, { "::", "::" } };
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CHECK(address_parse(str_of(cases[i][0]), &a));
		CHECK_STR(address_text(t->arena, &a), cases[i][1]);
	}
	CHECK(!address_parse(STR("unknown"), &a));
	CHECK(!address_parse(STR("_hidden"), &a));
	CHECK(!address_parse(STR(""), &a));
}
