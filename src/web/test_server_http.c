/*
 * What HTTP promises about one and the same resource: HEAD, versions, ranges, compression (RFC 9110).
 */
#include <unistd.h>
#include <zlib.h>

#include "web/test_serving.h"

#define HOST "Host: town.test\r\n"

static struct reply ask(struct test *t, struct serving *s, const char *method, const char *path,
	const char *headers)
{
	struct str request = arena_printf(t->arena, "%s %s HTTP/1.1\r\n" HOST "%s\r\n", method, path, headers);
	int fd = client_connect(t, s->port);
	client_send(t, fd, request);
	struct reply r = client_receive(t, fd, strcmp(method, "HEAD") == 0);
	close(fd);
	return r;
}

TEST(server_answers_head_like_get_without_body)
{
	struct serving s;
	serving_start(&s, t, (struct server_options){ 0 });
	struct reply get = ask(t, &s, "GET", "/page", ""), head = ask(t, &s, "HEAD", "/page", "");
	CHECK_INT(head.status, 200);
	CHECK_STR(reply_header(&head, "content-length"), "12288");
	CHECK_INT(head.body.n, 0);
	CHECK_INT(get.body.n, 12288);
	CHECK(str_eq(reply_header(&head, "etag"), reply_header(&get, "etag")));
	/* After a HEAD the next answer on the connection begins where it should. */
	int fd = client_connect(t, s.port);
	client_send(t, fd, STR("HEAD /page HTTP/1.1\r\n" HOST "\r\nGET /hello HTTP/1.1\r\n" HOST "\r\n"));
	char bytes[8192];
	struct buf in = buf_new(t->arena, 32768);
	while (!str_ends_with(buf_str(&in), STR("hello\n"))) {
		ssize_t n = read(fd, bytes, sizeof bytes);
		CHECK(n > 0);
		buf_add(&in, (struct str){ bytes, (size_t)n });
	}
	close(fd);
	serving_stop(&s);
}

TEST(server_tells_304_to_who_has_the_version)
{
	struct serving s;
	serving_start(&s, t, (struct server_options){ 0 });
	struct reply r = ask(t, &s, "GET", "/page", "");
	const char *etag = arena_cz(t->arena, reply_header(&r, "etag"));
	CHECK_STR(reply_header(&r, "cache-control"), "public, max-age=60");
	r = ask(t, &s, "GET", "/page", arena_printf(t->arena, "If-None-Match: \"other\", %s\r\n", etag).p);
	CHECK_INT(r.status, 304);
	CHECK_INT(r.body.n, 0);
	CHECK_STR(reply_header(&r, "etag"), etag);
	CHECK(!str_is_none(reply_header(&r, "content-security-policy")));
	r = ask(t, &s, "GET", "/page", "If-None-Match: \"other\"\r\n");
	CHECK_INT(r.status, 200);
	/* what is not to be kept has no version */
	r = ask(t, &s, "GET", "/hello", "If-None-Match: *\r\n");
	CHECK_INT(r.status, 200);
	CHECK(str_is_none(reply_header(&r, "etag")));
	serving_stop(&s);
}

TEST(server_answers_single_ranges)
{
	struct serving s;
	serving_start(&s, t, (struct server_options){ 0 });
	struct reply whole = ask(t, &s, "GET", "/page", ""),
				 r = ask(t, &s, "GET", "/page", "Range: bytes=16-31\r\n");
	CHECK_INT(r.status, 206);
	CHECK(str_eq(r.body, str_slice(whole.body, 16, 32)));
	CHECK_STR(reply_header(&r, "content-range"), "bytes 16-31/12288");
	r = ask(t, &s, "GET", "/page", "Range: bytes=-8\r\n");
	CHECK(str_eq(r.body, str_slice(whole.body, 12280, 12288)));
	r = ask(t, &s, "GET", "/page", "Range: bytes=12288-\r\n");
	CHECK_INT(r.status, 416);
	CHECK_STR(reply_header(&r, "content-range"), "bytes */12288");
	r = ask(t, &s, "GET", "/page", "Range: bytes=0-1,4-5\r\n");
	CHECK_INT(r.status, 200);
	r = ask(t, &s, "GET", "/page", "Range: bytes=0-1\r\nIf-Range: \"old\"\r\n");
	CHECK_INT(r.status, 200);
	serving_stop(&s);
}

static struct str unpack(struct test *t, struct str packed)
{
	z_stream z = { .next_in = (unsigned char *)(uintptr_t)packed.p, .avail_in = (unsigned)packed.n };
	char *out = arena_alloc(t->arena, 1 << 20);
	z.next_out = (unsigned char *)out;
	z.avail_out = 1 << 20;
	if (inflateInit2(&z, 15 + 16) != Z_OK || inflate(&z, Z_FINISH) != Z_STREAM_END)
		test_fail(t, __FILE__, __LINE__, "not gzip");
	inflateEnd(&z);
	return (struct str){ out, z.total_out };
}

TEST(server_compresses_text_for_who_takes_it)
{
	struct serving s;
	serving_start(&s, t, (struct server_options){ 0 });
	struct reply plain = ask(t, &s, "GET", "/page", "");
	struct reply r = ask(t, &s, "GET", "/page", "Accept-Encoding: br, gzip\r\n");
	CHECK_STR(reply_header(&r, "content-encoding"), "gzip");
	CHECK_STR(reply_header(&r, "vary"), "Accept-Encoding");
	CHECK(r.body.n < 12288 / 2);
	CHECK(str_eq(unpack(t, r.body), plain.body));
	CHECK(!str_eq(reply_header(&r, "etag"), reply_header(&plain, "etag")));
	CHECK_STR(reply_header(&plain, "vary"), "Accept-Encoding");
	/* its own tag is known again */
	const char *etag = arena_cz(t->arena, reply_header(&r, "etag"));
	r = ask(t, &s, "GET", "/page",
		arena_printf(t->arena, "Accept-Encoding: gzip\r\nIf-None-Match: %s\r\n", etag).p);
	CHECK_INT(r.status, 304);
	CHECK(str_is_none(reply_header(&r, "content-encoding")));
	r = ask(t, &s, "GET", "/page", "Accept-Encoding: gzip;q=0\r\n");
	CHECK(str_is_none(reply_header(&r, "content-encoding")));
	/* a page that another site opens could be guessed at by its length */
	r = ask(t, &s, "GET", "/page", "Accept-Encoding: gzip\r\nSec-Fetch-Site: cross-site\r\n");
	CHECK(str_is_none(reply_header(&r, "content-encoding")));
	serving_stop(&s);
}
