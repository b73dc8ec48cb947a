/* The small protocol parts, each by its standard's examples, and what becomes of a handler's response. */
#include "base/testing.h"
#include "web/answer.h"
#include "web/etag.h"
#include "web/head.h"
#include "web/http_date.h"
#include "web/range.h"

/* RFC 9110 section 5.6.7. */
TEST(http_date_writes_and_reads_the_standard_form)
{
	struct instant at = { 784111777000 }, read = { 0 };
	CHECK_STR(http_date(t->arena, at), "Sun, 06 Nov 1994 08:49:37 GMT");
	CHECK(http_date_parse(STR("Sun, 06 Nov 1994 08:49:37 GMT"), &read));
	CHECK_INT(read.ms, at.ms);
	CHECK_STR(http_date(t->arena, (struct instant){ -1 }), "Wed, 31 Dec 1969 23:59:59 GMT");
	static const char *const bad[] = { "", "Mon, 06 Nov 1994 08:49:37 GMT" /* it was a Sunday */,
		"Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 31 Feb 1994 08:49:37 GMT",
		"Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 nov 1994 08:49:37 GMT", "Sun, -6 Nov 1994 08:49:37 GMT" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (http_date_parse(str_of(bad[i]), &read)) test_fail(t, __FILE__, __LINE__, "%s was read", bad[i]);
}

/* RFC 9110 section 14.1.2, for 10,000 bytes. */
TEST(range_reads_single_ranges)
{
	static const struct {
		const char *header;
		enum range range;
		int64_t first, length;
	} cases[] = {
		{ "bytes=0-499", RANGE_PART, 0, 500 },
		{ "bytes=500-999", RANGE_PART, 500, 500 },
		{ "bytes=-500", RANGE_PART, 9500, 500 },
		{ "bytes=9500-", RANGE_PART, 9500, 500 },
		{ "Bytes=9999-20000", RANGE_PART, 9999, 1 },
		{ "bytes=-20000", RANGE_PART, 0, 10000 },
		{ "bytes=10000-", RANGE_UNSATISFIABLE, 0, 0 },
		{ "bytes=-0", RANGE_UNSATISFIABLE, 0, 0 },
		{ "bytes=5-4", RANGE_WHOLE, 0, 0 },
		{ "bytes=0-0,-1", RANGE_WHOLE, 0, 0 },
		{ "bytes=", RANGE_WHOLE, 0, 0 },
		{ "bytes=-", RANGE_WHOLE, 0, 0 },
		{ "bytes=a-b", RANGE_WHOLE, 0, 0 },
		{ "bytes=5", RANGE_WHOLE, 0, 0 },
		{ "lines=1-2", RANGE_WHOLE, 0, 0 },
		{ "bytes=0-99999999999999999999", RANGE_WHOLE, 0, 0 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t first = 0, length = 0;
		enum range got = range_parse(str_of(cases[i].header), 10000, &first, &length);
		if (got != cases[i].range || first != cases[i].first || length != cases[i].length)
			test_fail(t, __FILE__, __LINE__, "%s: %d, %lld+%lld", cases[i].header, got, (long long)first,
				(long long)length);
	}
	int64_t first, length;
	CHECK_INT(range_parse(STR("bytes=-5"), 0, &first, &length), RANGE_UNSATISFIABLE);
}

/* RFC 9110 section 8.8.3.2. */
TEST(etag_compares_weakly_in_lists_and_strongly_in_if_range)
{
	struct str tag = etag_of(t->arena, STR("bytes"));
	CHECK_INT(tag.n, 34);
	CHECK(str_eq(tag, etag_of(t->arena, STR("bytes"))));
	CHECK(!str_eq(tag, etag_of(t->arena, STR("other"))));
	CHECK(etag_is_listed(STR("\"1\", W/\"2\""), STR("\"2\"")));
	CHECK(etag_is_listed(STR("*"), STR("\"2\"")));
	CHECK(!etag_is_listed(STR("\"1\""), STR("\"2\"")));
	CHECK(!etag_is_listed(STR("*"), STR_NONE));
	CHECK(etag_is_strongly(STR("\"1\""), STR("\"1\"")));
	CHECK(!etag_is_strongly(STR("W/\"1\""), STR("W/\"1\"")));
	CHECK_STR(etag_with(t->arena, STR("\"1\""), STR("gz")), "\"1-gz\"");
}

TEST(gzip_is_chosen_by_header_and_type)
{
	CHECK(gzip_is_accepted(STR("gzip")));
	CHECK(gzip_is_accepted(STR("br;q=1.0, GZIP;q=0.5")));
	CHECK(gzip_is_accepted(STR("*")));
	CHECK(!gzip_is_accepted(STR("gzip;q=0, *")));
	CHECK(!gzip_is_accepted(STR("gzip; q=0.000")));
	CHECK(!gzip_is_accepted(STR("br, deflate")));
	CHECK(!gzip_is_accepted(STR_NONE));
	CHECK(gzip_suits(STR("text/html; charset=utf-8")));
	CHECK(gzip_suits(STR("image/svg+xml")));
	CHECK(!gzip_suits(STR("application/pdf")));
	struct gzip *g = gzip_new(t->arena);
	struct str out, noise = { arena_alloc(t->arena, 4096), 4096 },
					text = arena_printf(t->arena, "%05000d", 1);
	for (size_t i = 0; i < noise.n; i++)
		((char *)(uintptr_t)noise.p)[i] = (char)((i * 2654435761U) >> 13 ^ i * i >> 3);
	CHECK(gzip_bytes(g, t->arena, text, &out));
	CHECK(out.n < 200);
	CHECK(!gzip_bytes(g, t->arena, str_slice(text, 0, GZIP_MIN_BYTES - 1), &out));
}

struct made {
	struct request request;
	struct response response;
	struct answer answer;
};

static struct made *made_new(struct test *t, enum method method)
{
	struct made *m = ARENA_NEW(t->arena, struct made);
	m->request = (struct request){ .arena = t->arena, .method = method, .id = STR("abcdefghijklmnop") };
	m->response.request = &m->request;
	return m;
}

static struct str header_of(const struct made *m, const char *name)
{
	struct str found = STR_NONE;
	for (const struct header *h = m->answer.headers; h; h = h->next) {
		if (!str_eq_ci(h->name, str_of(name))) continue;
		if (!str_is_none(found)) return STR("twice");
		found = h->value;
	}
	return found;
}

/* CSP 3, 6.7.2: one more source for images, and for nothing else. */
TEST(answer_lets_images_come_from_one_more_place)
{
	struct made *m = made_new(t, METHOD_GET);
	response_text(&m->response, STR("x"));
	m->response.images_from = STR("https://mapas.example");
	answer_make(&m->response, NULL, &m->answer);
	struct str policy = header_of(m, "content-security-policy");
	CHECK(str_find(policy, STR(" img-src 'self' https://mapas.example; font-src 'self'; ")) > 0);
	CHECK(str_find(policy, STR("script-src 'self'; ")) > 0);
}

TEST(answer_lets_the_handler_replace_what_every_answer_carries)
{
	struct made *m = made_new(t, METHOD_GET);
	response_text(&m->response, STR("x"));
	response_header(&m->response, STR("Referrer-Policy"), STR("no-referrer"));
	response_header(&m->response, STR("X-Note"), STR("a\r\nSet-Cookie: b=c"));
	m->response.framed_by_self = true;
	m->request.is_tls = true;
	answer_make(&m->response, NULL, &m->answer);
	CHECK_STR(header_of(m, "referrer-policy"), "no-referrer");
	CHECK_STR(header_of(m, "x-note"), "a  Set-Cookie: b=c");
	CHECK(str_ends_with(header_of(m, "content-security-policy"), STR("frame-ancestors 'self'")));
	CHECK_STR(header_of(m, "strict-transport-security"), "max-age=63072000");
	CHECK_STR(header_of(m, "cache-control"), "no-store");
	CHECK_STR(header_of(m, "x-request-id"), "abcdefghijklmnop");
	CHECK(str_is_none(header_of(m, "set-cookie")));
}

TEST(answer_with_a_cookie_is_not_for_shared_caches)
{
	struct made *m = made_new(t, METHOD_GET);
	response_text(&m->response, STR("x"));
	m->response.cache = CACHE_PUBLIC;
	response_cookie(&m->response, STR("csrf"), STR("abc"), 60);
	answer_make(&m->response, NULL, &m->answer);
	CHECK_STR(header_of(m, "cache-control"), "private, no-cache");
	CHECK_STR(header_of(m, "set-cookie"), "csrf=abc; Path=/; Max-Age=60; HttpOnly; SameSite=Lax");
	m = made_new(t, METHOD_GET);
	m->request.is_tls = true;
	response_cookie(&m->response, STR("csrf"), STR("abc"), 0);
	answer_make(&m->response, NULL, &m->answer);
	CHECK_STR(header_of(m, "set-cookie"),
		"__Host-csrf=abc; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure");
}

TEST(answer_of_an_error_is_never_kept)
{
	struct made *m = made_new(t, METHOD_GET);
	response_text(&m->response, STR("x"));
	m->response.cache = CACHE_FOREVER;
	m->response.status = 404;
	answer_make(&m->response, NULL, &m->answer);
	CHECK_STR(header_of(m, "cache-control"), "no-store");
	CHECK(str_is_none(header_of(m, "etag")));
	m->response.status = 503;
	answer_make(&m->response, NULL, &m->answer);
	CHECK_STR(header_of(m, "retry-after"), "5");
}

TEST(answer_uses_the_compressed_bytes_it_is_given)
{
	struct made *m = made_new(t, METHOD_GET);
	struct header accepts = { STR("Accept-Encoding"), STR("gzip"), NULL };
	m->request.headers = &accepts;
	response_text(&m->response, STR("plain"));
	m->response.gzip = STR("packed");
	m->response.cache = CACHE_FOREVER;
	m->response.version = STR("\"v1\"");
	response_header(&m->response, STR("Vary"), STR("Cookie"));
	answer_make(&m->response, NULL, &m->answer);
	CHECK_STR(m->answer.body, "packed");
	CHECK_STR(header_of(m, "content-encoding"), "gzip");
	CHECK_STR(header_of(m, "etag"), "\"v1-gz\"");
	CHECK_STR(header_of(m, "vary"), "Accept-Encoding, Cookie");
	CHECK_STR(header_of(m, "cache-control"), "public, max-age=31536000, immutable");
}

TEST(answer_cuts_ranges_from_stored_files)
{
	struct made *m = made_new(t, METHOD_GET);
	struct header range = { STR("Range"), STR("bytes=100-"), NULL };
	m->request.headers = &range;
	response_stored_file(&m->response, (struct file_reader *)&range, 1000, STR("application/pdf"),
		STR("a.pdf"));
	answer_make(&m->response, NULL, &m->answer);
	CHECK_INT(m->answer.status, 206);
	CHECK_INT(m->answer.offset, 100);
	CHECK_INT(m->answer.length, 900);
	CHECK_STR(header_of(m, "content-disposition"), "inline; filename=\"a.pdf\"; filename*=UTF-8''a.pdf");
}

TEST(answer_honours_if_modified_since)
{
	struct made *m = made_new(t, METHOD_GET);
	struct header since = { STR("If-Modified-Since"), STR("Sun, 06 Nov 1994 08:49:37 GMT"), NULL };
	m->request.headers = &since;
	response_text(&m->response, STR("x"));
	response_header(&m->response, STR("Last-Modified"), STR("Sun, 06 Nov 1994 08:49:37 GMT"));
	answer_make(&m->response, NULL, &m->answer);
	CHECK_INT(m->answer.status, 304);
	m->response.headers->value = STR("Sun, 06 Nov 1994 08:49:38 GMT");
	answer_make(&m->response, NULL, &m->answer);
	CHECK_INT(m->answer.status, 200);
}

TEST(response_tells_local_paths_from_others)
{
	CHECK(response_is_local_path(STR("/")));
	CHECK(response_is_local_path(STR("/mis-tramites?a=1#b")));
	static const char *const others[] = { "", "a", "//evil.test", "/\\evil.test", "https://evil.test",
		"/a\nb", "/a\\b" };
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (response_is_local_path(str_of(others[i]))) test_fail(t, __FILE__, __LINE__, "%s", others[i]);
}

TEST(request_finds_headers_and_cookies)
{
	struct header two = { STR("cookie"), STR("c=3; b=2"), NULL },
				  one = { STR("Cookie"), STR("a=1;bb=x; b= y "), &two };
	struct request r = { .arena = t->arena, .headers = &one };
	CHECK_STR(request_header(&r, STR("COOKIE")), "a=1;bb=x; b= y ");
	CHECK_STR(request_cookie(&r, STR("a")), "1");
	CHECK_STR(request_cookie(&r, STR("b")), " y");
	CHECK_STR(request_cookie(&r, STR("c")), "3");
	CHECK(str_is_none(request_cookie(&r, STR("d"))));
	CHECK(str_is_none(request_header(&r, STR("d"))));
}

/* RFC 7239 section 4: from the nearest proxy outwards, and no further than trust goes. */
TEST(head_follows_trusted_proxies_only)
{
	static const struct {
		const char *name, *value, *client;
		bool is_tls;
	} cases[] = {
		{ "X-Forwarded-For", "198.51.100.1, 10.0.0.2", "198.51.100.1", false },
		{ "X-Forwarded-For", "6.6.6.6, 198.51.100.1", "198.51.100.1", false },
		{ "X-Forwarded-For", "unknown, 10.0.0.2", "10.0.0.2", false },
		{ "X-Forwarded-For", "", "10.0.0.1", false },
		{ "Forwarded", "for=198.51.100.1;proto=https;by=10.0.0.2, for=10.0.0.2;proto=http", "198.51.100.1",
			true },
		{ "Forwarded", "for=\"[2001:db8::1]:4711\";Proto=https", "2001:db8::1", true },
		{ "Forwarded", "for=_hidden", "10.0.0.1", false },
	};
	struct networks *proxies;
	CHECK_OK(networks_parse(t->arena, STR("10.0.0.0/8"), &proxies));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct header h = { str_of(cases[i].name), str_of(cases[i].value), NULL };
		struct request r = { .arena = t->arena, .headers = &h };
		struct address peer;
		bool is_tls = false;
		CHECK(address_parse(STR("10.0.0.1"), &peer));
		head_forwarded(&r, proxies, &peer, &is_tls);
		CHECK_STR(address_text(t->arena, &peer), cases[i].client);
		CHECK_INT(is_tls, cases[i].is_tls);
	}
}

/* What stands for every answer must be made of what stays: compressed bytes are the request's own. */
TEST(answer_that_is_fixed_is_made_of_what_it_was_given)
{
	struct made *m = made_new(t, METHOD_GET);
	struct header accepts = { STR("Accept-Encoding"), STR("gzip"), NULL };
	struct gzip *gzip = gzip_new(t->arena);
	static char long_text[4000];
	memset(long_text, 'a', sizeof long_text);
	m->request.headers = &accepts;
	response_text(&m->response, (struct str){ long_text, sizeof long_text });
	m->response.cache = CACHE_FOREVER;
	m->response.is_fixed = true;
	answer_make(&m->response, gzip, &m->answer);
	CHECK(m->answer.is_fixed && m->answer.body.p == long_text && m->answer.body.n == sizeof long_text);
	CHECK_STR(header_of(m, "x-request-id"), "");
	/* A part of it, and what says anything of its own, is not. */
	struct header part = { STR("Range"), STR("bytes=1-2"), NULL };
	m->request.headers = &part;
	answer_make(&m->response, gzip, &m->answer);
	CHECK(m->answer.status == 206 && !m->answer.is_fixed);
	m->request.headers = NULL;
	response_header(&m->response, STR("X-Own"), STR("1"));
	answer_make(&m->response, gzip, &m->answer);
	CHECK(m->answer.status == 200 && !m->answer.is_fixed);
}
