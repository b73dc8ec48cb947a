/* Uploads through the file store and back: streamed in, durable, streamed out in ranges. */
#include <ftw.h>
#include <unistd.h>

#include "web/test_serving.h"
#include "web/upload.h"

#define TYPE "multipart/form-data; boundary=XyZ"

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

static void remove_folder(void *path) { nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS); }

static struct files *store(struct test *t)
{
	char *folder = (char *)(uintptr_t)arena_cz(t->arena, STR("/tmp/web-upload-XXXXXX"));
	struct files *f = NULL;
	must(mkdtemp(folder));
	arena_defer(t->arena, remove_folder, folder);
	struct err *e = files_open(t->arena, str_of(folder), &f);
	if (e) test_fail(t, __FILE__, __LINE__, "%s", e->detail);
	must(f);
	return f;
}

static struct str content(struct test *t, size_t n)
{
	char *p = arena_alloc(t->arena, n + 1);
	for (size_t i = 0; i < n; i++)
		p[i] = (char)(i * 31 + (i >> 9) * 7);
	return (struct str){ p, n };
}

static struct str body_of(struct test *t, struct str file)
{
	struct buf out = buf_new(t->arena, file.n + 1000);
	buf_add(&out,
		STR("--XyZ\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhola\r\n--XyZ\r\n"
			"Content-Disposition: form-data; name=\"plan\"; filename=\"plano.dxf\"\r\n\r\n"));
	buf_add(&out, file);
	buf_add(&out, STR("\r\n--XyZ--\r\n"));
	return buf_str(&out);
}

/* Feeds in pieces of 10,000 bytes, as they come from a socket. */
static struct err *receive(struct test *t, struct files *files, int64_t max_bytes, struct str body,
	struct form **ret)
{
	struct form *form = NULL;
	struct multipart *m;
	TRY(form_parse(t->arena, STR(""), &form));
	TRY(multipart_new(form, STR(TYPE), &upload_sink_table, upload_sink_new(t->arena, files, max_bytes), &m));
	for (size_t at = 0; at < body.n; at += 10000) {
		struct err *e = multipart_feed(m, str_slice(body, at, at + 10000));
		if (e) multipart_abandon(m);
		if (e) return e;
	}
	TRY(multipart_finish(m));
	*ret = form;
	return NULL;
}

TEST(upload_is_stored_and_found_in_the_form)
{
	struct files *files = store(t);
	struct str sent = content(t, 300000), got;
	struct form *form;
	CHECK_OK(receive(t, files, 1 << 20, body_of(t, sent), &form));
	const struct upload *u = form_upload(form, STR("plan"));
	CHECK(u);
	CHECK_STR(u->file_name, "plano.dxf");
	CHECK_INT(u->facts.bytes, 300000);
	CHECK(str_eq(u->head, str_slice(sent, 0, UPLOAD_HEAD_BYTES)));
	CHECK_STR(form_text(form, STR("note")), "hola");
	CHECK_OK(file_load(files, t->arena, u->facts.name, u->facts.key, u->facts.bytes, 1 << 20, &got));
	CHECK(str_eq(got, sent));
	CHECK(!form_upload(form, STR("other")));
}

TEST(upload_too_large_keeps_the_rest_of_the_form)
{
	struct form *form;
	CHECK_OK(receive(t, store(t), 1000, body_of(t, content(t, 300000)), &form));
	CHECK(form_upload(form, STR("plan"))->is_too_large);
	CHECK_STR(form_text(form, STR("note")), "hola");
}

TEST(upload_cut_short_leaves_nothing_open)
{
	struct form *form;
	struct str body = body_of(t, content(t, 300000));
	CHECK_ERR(receive(t, store(t), 1 << 20, str_slice(body, 0, 150000), &form), ERR_MALFORMED);
}

/* --- and out again, over a socket ------------------------------------------------------------------------ */

struct shelf {
	struct files *files;
	struct file_facts facts;
};

static struct err *begin(void *state, struct exchange *x)
{
	(void)state;
	(void)x;
	return NULL;
}

static void handle(void *state, struct exchange *x)
{
	struct shelf *s = state;
	struct file_reader *reader;
	struct arena *a = x->request.arena;
	struct err *e = file_open(s->files, a, s->facts.name, s->facts.key, s->facts.bytes, &reader);
	if (e)
		x->response.status = 500;
	else
		response_stored_file(&x->response, reader, s->facts.bytes, STR("application/pdf"), STR("a.pdf"));
	exchange_answer(x);
}

static struct instant test_clock(void *state)
{
	(void)state;
	return (struct instant){ 0 };
}

TEST(upload_comes_back_whole_and_in_ranges)
{
	struct shelf shelf = { .files = store(t) };
	struct str sent = content(t, 1000000);
	struct server_options o = { .loops = 1,
		.hooks = { .begin = begin, .handle = handle, .clock = test_clock, .state = &shelf } };
	struct server *server;
	CHECK_OK(file_store(shelf.files, t->arena, sent, &shelf.facts));
	CHECK_OK(server_start(t->arena, &o, &server));
	int port = server_port(server);
	struct reply r = client_ask(t, port, STR("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
	CHECK_INT(r.status, 200);
	CHECK(str_eq(r.body, sent));
	CHECK_STR(reply_header(&r, "accept-ranges"), "bytes");
	r = client_ask(t, port, STR("GET / HTTP/1.1\r\nHost: a\r\nRange: bytes=65530-200001\r\n\r\n"));
	CHECK_INT(r.status, 206);
	CHECK(str_eq(r.body, str_slice(sent, 65530, 200002)));

	/* A file that vanished under the reader ends the connection short of its length; no bytes are made up. */
	shelf.facts.bytes += 100000;
	r = client_ask(t, port, STR("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
	CHECK(r.status == 500 || r.body.n < 1100000);
	CHECK(server_stop(server, 0));
}
