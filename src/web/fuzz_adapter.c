/*
 * The server over sockets and whatever its clients do: several connections at once, cut anywhere, one request behind
 * the other, half said, broken off. The input is what up to three clients say. Bytes stand for themselves, but for
 *
 *   1     a write ends here; the server has looked before the next
 *   2     from here on the next client (they take turns, a write each)
 *   3     it shuts its side down at once, and reads what comes
 *   4     it breaks off with a reset
 *   5 K   a request of kind K (`kinds`, 'a' first), its body up to 6; a capital sends it in chunks, one a write
 *   7 N   N × 64 letters
 *   8 B   the byte B
 *
 * A client that neither shuts down nor breaks off reads the answers it is owed first. Owed is one for every request that
 * is plain enough for the strict little reader below (next_plain), in order, and about that very request. Beyond these
 * the answers must be whole and none a 500; every request that core saw comes to its end; then the server answers
 * another client as before, and holds no descriptor more. Start at LLVMFuzzerTestOneInput().
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/instant.h"
#include "web/form_add.h"
#include "web/loop.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	CLIENTS = 3,
	CUTS = 16,
	SAID_MAX = 512 * 1024,
	HEARD_MAX = 16 * 1024 * 1024,
	SURE_BYTES = 64 *
		1024, /* answers of so much fit into the socket: nobody has to read for them to be whole */
	PATIENCE_MS = 8000,
	REQUESTS = 4096,
	PAGE_BYTES = 2000,
};

enum mark { CUT = 1, NEXT, SHUT, RESET, REQUEST, BODY_ENDS, LETTERS, BYTE };

/* --- core: a handful of places ------------------------------------------------------------------------------ */

enum way { AT_ONCE, FROM_MEMORY, FIXED, FROM_POOL, AFTER_POOL, HELD, REFUSED };

struct place {
	const char *path;
	unsigned kinds;
	bool takes_files;
	enum way way;
};

static const struct place places[] = {
	{ "/hello", 0, false, AT_ONCE },
	{ "/memory", 0, false, FROM_MEMORY },
	{ "/fixed", 0, false, FIXED },
	{ "/pool", BODY_BYTES, false, FROM_POOL },
	{ "/later", 0, false, AFTER_POOL },
	{ "/held", BODY_FORM, false, HELD },
	{ "/form", BODY_FORM | BODY_MULTIPART, false, AT_ONCE },
	{ "/file", BODY_MULTIPART, true, AT_ONCE },
	{ "/json", BODY_JSON, false, AFTER_POOL },
	{ "/bytes", BODY_BYTES, false, AT_ONCE },
	{ "/no", 0, false, REFUSED },
};

/* A request as core met it. */
struct met {
	char id[17];
	bool is_head, is_open, is_answered; /* a file of it is being taken; the client has its answer */
	struct pool_job job;
	struct exchange *x;
	const struct place *place;
};

static struct {
	struct arena *arena;
	struct server *server;
	struct pool *pool;
	pthread_mutex_t lock;
	struct met met[REQUESTS];
	int met_count;
	_Atomic int under_way;
	int probe;
	char page[PAGE_BYTES];
} core;

static const struct place *place_of(const struct exchange *x)
{
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (str_eq(x->request.raw_path, str_of(places[i].path))) return &places[i];
	return NULL;
}

static struct met *meet(struct exchange *x)
{
	if (x->request.work) return x->request.work;
	pthread_mutex_lock(&core.lock);
	must(core.met_count < REQUESTS);
	struct met *m = &core.met[core.met_count++];
	*m = (struct met){ .is_head = x->request.method == METHOD_HEAD, .x = x, .place = place_of(x) };
	must(x->request.id.n == sizeof m->id - 1);
	memcpy(m->id, x->request.id.p, sizeof m->id - 1);
	pthread_mutex_unlock(&core.lock);
	core.under_way++;
	return x->request.work = m;
}

static struct err *taking_begin(void *state, struct form *form, struct str field, struct str file_name)
{
	struct met *m = state;
	(void)form;
	(void)field;
	(void)file_name;
	must(!m->is_open);
	m->is_open = true;
	return NULL;
}

static struct err *taking_bytes(void *state, struct str bytes)
{
	struct met *m = state;
	must(m->is_open && bytes.n > 0);
	return NULL;
}

static struct err *taking_end(void *state)
{
	struct met *m = state;
	must(m->is_open);
	m->is_open = false;
	return NULL;
}

static void taking_abandon(void *state) { (void)taking_end(state); }

static const struct multipart_sink files = { taking_begin, taking_bytes, taking_end, taking_abandon };

/* What was understood, as the client can check it: method, path, bytes of the body. The page is long and packs well. */
static void say_what(struct exchange *x)
{
	struct request *r = &x->request;
	static const char *const methods[] = { "GET", "HEAD", "POST", "PUT", "DELETE", "OTHER" };
	const struct flight *f = (struct flight *)x;
	struct str text = arena_printf(r->arena, "%s %.*s %lld %s\n", methods[r->method], STR_FMT(r->raw_path),
		(long long)f->body.taken, r->form->fields ? core.page : "");
	response_text(&x->response, text);
}

static void on_loop(struct exchange *x, void *state)
{
	(void)state;
	say_what(x);
	exchange_answer(x);
}

static void on_pool(struct pool_job *job, void *thread_state)
{
	(void)thread_state;
	struct met *m = (struct met *)((char *)job - offsetof(struct met, job));
	if (m->place->way == HELD) {
		exchange_go(m->x, NULL);
	} else if (m->place->way == AFTER_POOL) {
		exchange_continue(m->x, on_loop, NULL);
	} else {
		say_what(m->x);
		exchange_answer(m->x);
	}
}

static void to_pool(struct met *m)
{
	m->job.run = on_pool;
	must(pool_submit(core.pool, &m->job));
}

static const struct str fixed_text = { "the same for everybody\n", 23 };

static bool hook_from_memory(void *state, struct exchange *x)
{
	(void)state;
	struct met *m = meet(x);
	if (!m->place || (m->place->way != FROM_MEMORY && m->place->way != FIXED)) return false;
	if (m->place->way == FROM_MEMORY) {
		say_what(x);
		return true;
	}
	response_text(&x->response, fixed_text);
	x->response.is_fixed = true;
	x->response.cache = CACHE_FOREVER;
	return true;
}

static struct err *hook_begin(void *state, struct exchange *x)
{
	(void)state;
	struct met *m = meet(x);
	if (!m->place) return ERR(x->request.arena, ERR_NOT_FOUND, NULL, "nothing there");
	if (m->place->way == REFUSED) return ERR(x->request.arena, ERR_FORBIDDEN, NULL, "not you");
	x->body = (struct body_plan){ .kinds = m->place->kinds, .max_bytes = 100000 };
	if (m->place->takes_files) x->body.sink = &files;
	x->body.sink_state = m;
	if (m->place->way == HELD) {
		exchange_hold(x);
		to_pool(m);
	}
	return NULL;
}

static void hook_handle(void *state, struct exchange *x)
{
	struct met *m = meet(x);
	if (m->place->way == FROM_POOL || m->place->way == AFTER_POOL)
		to_pool(m);
	else
		on_loop(x, state);
}

static void hook_refuse(void *state, struct exchange *x, struct err *why)
{
	(void)state;
	meet(x);
	response_text(&x->response, arena_printf(x->request.arena, "%s\n", err_code_name(why->code)));
}

static void hook_end(void *state, struct exchange *x, const struct exchange_facts *facts)
{
	(void)state;
	(void)facts;
	struct met *m = meet(x); /* a client may have gone before core was asked */
	must(!m->is_open);
	core.under_way--;
}

static struct instant hook_clock(void *state)
{
	(void)state;
	return (struct instant){ 1767225600000 };
}

/* --- what a client says --------------------------------------------------------------------------------------- */

static const struct kind {
	const char *method, *path, *type;
} kinds[] = {
	{ "POST", "/form", "application/x-www-form-urlencoded" },
	{ "POST", "/form", "multipart/form-data; boundary=XyZ" },
	{ "POST", "/file", "multipart/form-data; boundary=XyZ" },
	{ "POST", "/json", "application/json" },
	{ "POST", "/bytes", "text/plain" },
	{ "POST", "/held", "application/x-www-form-urlencoded" },
	{ "POST", "/pool", "text/plain" },
	{ "POST", "/no", "text/plain" },
	{ "PUT", "/nowhere", "application/json" },
	{ "GET", "/hello", NULL },
	{ "HEAD", "/memory", NULL },
	{ "GET", "/memory", NULL },
	{ "GET", "/later", NULL },
	{ "GET", "/fixed", NULL },
};

struct text {
	struct buf bytes;
	size_t cuts[CUTS + 1]; /* the last is the end */
	int cut_count;
};

struct client {
	struct text said;
	enum mark ending; /* CUT: none of SHUT and RESET */
	int fd;
	size_t sent;
	int turn; /* the next of its writes */
	struct buf heard;
	bool is_over; /* the server has closed */
};

static void cut_here(struct text *t)
{
	if (t->cut_count < CUTS) t->cuts[t->cut_count++] = t->bytes.n;
}

static void add_letters(struct text *t, int count)
{
	for (int i = 0; i < count; i++)
		buf_add(&t->bytes, STR("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl"));
}

/* The plain bytes and marks that may also stand in a body. Stops before any other mark. */
static void read_text(struct str *script, struct text *t)
{
	while (script->n > 0) {
		int c = (unsigned char)script->p[0], argument = script->n > 1 ? (unsigned char)script->p[1] : 0;
		if (c >= NEXT && c <= BODY_ENDS) return;
		*script = str_slice(*script, c == LETTERS || c == BYTE ? 2 : 1, script->n);
		if (c == CUT)
			cut_here(t);
		else if (c == LETTERS)
			add_letters(t, argument);
		else
			buf_add_char(&t->bytes, (char)(c == BYTE ? argument : c));
	}
}

static void add_request(struct text *said, int letter, const struct text *body)
{
	const struct kind *k = &kinds[(unsigned)((letter | 0x20) - 'a') % (sizeof kinds / sizeof *kinds)];
	bool is_chunked = !(letter & 0x20);
	struct str all = buf_str(&body->bytes);
	buf_printf(&said->bytes, "%s %s HTTP/1.1\r\nHost: town.test\r\n", k->method, k->path);
	if (k->type) buf_printf(&said->bytes, "Content-Type: %s\r\n", k->type);
	if (is_chunked)
		buf_add(&said->bytes, STR("Transfer-Encoding: chunked\r\n\r\n"));
	else if (all.n > 0)
		buf_printf(&said->bytes, "Content-Length: %zu\r\n\r\n", all.n);
	else
		buf_add(&said->bytes, STR("\r\n"));
	for (int i = 0; i <= body->cut_count; i++) {
		struct str piece = str_slice(all, i ? body->cuts[i - 1] : 0,
			i < body->cut_count ? body->cuts[i] : all.n);
		if (is_chunked && piece.n > 0) buf_printf(&said->bytes, "%zx\r\n", piece.n);
		buf_add(&said->bytes, piece);
		if (is_chunked && piece.n > 0) buf_add(&said->bytes, STR("\r\n"));
		if (i < body->cut_count) cut_here(said);
	}
	if (is_chunked) buf_add(&said->bytes, STR("0\r\n\r\n"));
}

static void read_script(struct arena *a, struct str *script, struct client *c)
{
	*c = (struct client){ { .bytes = buf_new(a, SAID_MAX) }, .ending = CUT, .heard = buf_new(a, HEARD_MAX) };
	while (script->n > 0) {
		read_text(script, &c->said);
		int mark = script->n > 0 ? script->p[0] : NEXT;
		if (script->n > 0) *script = str_slice(*script, 1, script->n);
		if (mark == NEXT) break;
		if (mark == SHUT || mark == RESET) {
			c->ending = (enum mark)mark;
			while (script->n > 0 && script->p[0] != NEXT)
				*script = str_slice(*script, 1, script->n);
		} else if (mark == REQUEST && script->n > 0) {
			int letter = (unsigned char)script->p[0];
			struct text body = { .bytes = buf_new(a, SAID_MAX) };
			*script = str_slice(*script, 1, script->n);
			read_text(script, &body);
			add_request(&c->said, letter, &body);
		}
	}
	c->said.cuts[c->said.cut_count++] = c->said.bytes.n;
}

/* --- what it is owed ------------------------------------------------------------------------------------------ */

struct plain {
	struct str method, path;
	size_t body_bytes;
};

static bool is_made_of(struct str s, const char *set)
{
	for (size_t i = 0; i < s.n; i++)
		if (!s.p[i] || !strchr(set, s.p[i])) return false;
	return s.n > 0;
}

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

/* "0" ends them; no extensions, no trailers. */
static bool skip_chunks(struct str *rest, size_t *ret_bytes)
{
	for (;;) {
		ptrdiff_t end = str_find(str_slice(*rest, 0, 8), STR("\r\n"));
		struct str digits = end < 0 ? STR_NONE : str_slice(*rest, 0, (size_t)end);
		if (!is_made_of(digits, DIGITS "abcdef") || digits.n > 5) return false;
		size_t n = 0;
		for (size_t i = 0; i < digits.n; i++)
			n = n * 16 + (size_t)(digits.p[i] <= '9' ? digits.p[i] - '0' : digits.p[i] - 'a' + 10);
		size_t after = digits.n + 2 + n;
		if (rest->n < after + 2 || memcmp(rest->p + after, "\r\n", 2) != 0) return false;
		*rest = str_slice(*rest, after + 2, rest->n);
		*ret_bytes += n;
		if (n == 0) return true;
	}
}

static bool read_headers(struct str head, int64_t *ret_length, bool *ret_is_chunked)
{
	bool has_host = false, has_type = false;
	while (!str_is_none(head)) {
		struct str line = str_cut(&head, '\n');
		if (!str_is_none(head)) { /* all but the last end in CR LF */
			if (!str_ends_with(line, STR("\r"))) return false;
			line = str_slice(line, 0, line.n - 1);
		}
		if (str_eq(line, STR("Host: town.test")) && !has_host) {
			has_host = true;
		} else if (str_starts_with(line, STR("Content-Type: ")) && !has_type) {
			has_type = is_made_of(str_slice(line, 14, line.n), LOWER "/-=;+ XYZ");
			if (!has_type || str_ends_with(line, STR(" "))) return false;
		} else if (str_starts_with(line, STR("Content-Length: ")) && *ret_length < 0) {
			struct str digits = str_slice(line, 16, line.n);
			if (!is_made_of(digits, DIGITS) || !str_to_int64(digits, 0, 99999, ret_length)) return false;
		} else if (str_eq(line, STR("Transfer-Encoding: chunked")) && !*ret_is_chunked) {
			*ret_is_chunked = true;
		} else {
			return false;
		}
	}
	return has_host && !(*ret_is_chunked && *ret_length >= 0);
}

/* The next request, if there is nothing about it that could be read in two ways, and it is complete. */
static bool next_plain(struct str *said, struct plain *ret)
{
	ptrdiff_t end = str_find(str_slice(*said, 0, 1000), STR("\r\n\r\n"));
	if (end < 0) return false;
	struct str head = str_slice(*said, 0, (size_t)end), rest = str_slice(*said, (size_t)end + 4, said->n);
	struct str line = str_cut(&head, '\n');
	int64_t length = -1;
	bool is_chunked = false;
	ret->method = str_cut(&line, ' ');
	ret->path = str_cut(&line, ' ');
	ret->body_bytes = 0;
	if (!is_made_of(ret->method, "GETHADPOSUL") || str_find(STR("GET,HEAD,POST,PUT"), ret->method) < 0)
		return false;
	if (!str_starts_with(ret->path, STR("/")) || !is_made_of(ret->path, LOWER "/")) return false;
	if (str_is_none(line) || !str_eq(line, STR("HTTP/1.1\r"))) return false;
	if (str_is_none(head) || !read_headers(head, &length, &is_chunked)) return false;
	if (is_chunked && !skip_chunks(&rest, &ret->body_bytes)) return false;
	if (length > 0) {
		if (rest.n < (size_t)length) return false;
		ret->body_bytes = (size_t)length;
		rest = str_slice(rest, (size_t)length, rest.n);
	}
	*said = rest;
	return true;
}

static int owed(const struct client *c)
{
	struct str said = buf_str(&c->said.bytes);
	struct plain one;
	int n = 0;
	while (next_plain(&said, &one))
		n++;
	return n;
}

/* --- what it hears ---------------------------------------------------------------------------------------------- */

struct heard {
	int status;
	bool is_last; /* it says that the connection ends */
	struct str body;
};

static struct met *find_met(struct str id)
{
	struct met *found = NULL;
	pthread_mutex_lock(&core.lock);
	for (int i = 0; i < core.met_count && !found; i++)
		if (str_eq((struct str){ core.met[i].id, 16 }, id)) found = &core.met[i];
	pthread_mutex_unlock(&core.lock);
	must(found);
	return found;
}

/* RFC 9112 section 4: what every client reads without guessing. False: it is not all there. */
static bool next_answer(struct str *rest, struct heard *ret, struct met **ret_met)
{
	int64_t status = 0, length = -1;
	ptrdiff_t end = str_find(*rest, STR("\r\n\r\n"));
	if (end < 0) return false;
	struct str head = str_slice(*rest, 0, (size_t)end), line = str_trim(str_cut(&head, '\n'));
	must(str_starts_with(line, STR("HTTP/1.1 ")) || str_starts_with(line, STR("HTTP/1.0 ")));
	must(line.n > 13 && line.p[12] == ' ' && str_to_int64(str_slice(line, 9, 12), 100, 505, &status));
	*ret = (struct heard){ .status = (int)status };
	*ret_met = NULL;
	while (!str_is_none(head)) {
		struct str value = str_cut(&head, '\n'), name;
		must(str_is_none(head) || str_ends_with(value, STR("\r")));
		value = str_trim(value);
		name = str_cut(&value, ':');
		must(name.n > 0 && is_made_of(name, LOWER "ABCDEFGHIJKLMNOPQRSTUVWXYZ-") && !str_is_none(value));
		value = str_trim(value);
		if (str_eq_ci(name, STR("content-length")))
			must(length < 0 && str_to_int64(value, 0, HEARD_MAX, &length));
		if (str_eq_ci(name, STR("x-request-id"))) *ret_met = find_met(value);
		if (str_eq_ci(name, STR("connection"))) ret->is_last = str_eq_ci(value, STR("close"));
	}
	must(length >= 0 || status == 304 || status < 200);
	size_t at = (size_t)end + 4, n = length < 0 ? 0 : (size_t)length;
	/* What the library refuses by itself may have been a HEAD: it says the length, and ends there. And what it takes
	 * for another method core takes for a HEAD when a NUL follows that word: a body may come. */
	struct str after = str_slice(*rest, at, rest->n);
	if (*ret_met && (*ret_met)->is_head && (after.n == 0 || str_starts_with(after, STR("HTTP/1.")))) n = 0;
	if (!*ret_met && ret->is_last && after.n == 0) n = 0;
	if (rest->n < at + n) return false;
	ret->body = str_slice(*rest, at, at + n);
	*rest = str_slice(*rest, at + n, rest->n);
	return true;
}

/* The next that is not 100 Continue. */
static bool next_final(struct str *rest, struct heard *ret, struct met **ret_met)
{
	do
		if (!next_answer(rest, ret, ret_met)) return false;
	while (ret->status == 100);
	return true;
}

static int answers_heard(const struct client *c)
{
	struct str rest = buf_str(&c->heard);
	struct heard h;
	struct met *m;
	int n = 0;
	while (next_final(&rest, &h, &m))
		n++;
	return n;
}

static void check_owed(const struct plain *p, const struct heard *h)
{
	char expected[128];
	static const int may_be[] = { 200, 400, 403, 404, 413, 415 };
	bool is_known = false;
	for (size_t i = 0; i < sizeof may_be / sizeof *may_be; i++)
		is_known |= h->status == may_be[i];
	must(is_known);
	bool is_head = str_eq(p->method, STR("HEAD"));
	must(!is_head || h->body.n == 0);
	if (h->status != 200 || is_head) return;
	if (str_eq(p->path, STR("/fixed"))) {
		must(str_eq(h->body, fixed_text));
		return;
	}
	snprintf(expected, sizeof expected, "%.*s %.*s %zu ", STR_FMT(p->method), STR_FMT(p->path),
		p->body_bytes);
	must(str_starts_with(h->body, str_of(expected)));
}

static void check_heard(const struct client *c)
{
	struct str rest = buf_str(&c->heard), said = buf_str(&c->said.bytes);
	struct plain plain;
	struct heard h = { 0 };
	struct met *m = NULL;
	bool is_plain = true;
	while (!h.is_last && next_final(&rest, &h, &m)) {
		must(h.status != 500);
		is_plain = is_plain && next_plain(&said, &plain);
		if (is_plain) check_owed(&plain, &h);
		if (!m && h.status == 200) { /* one for all, and so about nobody's request */
			must(str_eq(h.body, fixed_text));
			continue;
		}
		if (!m) { /* the library's own refusal ends the connection; of some (0.9.75) it sends the head twice */
			must(h.is_last && !is_plain);
			return;
		}
		must(!m->is_answered);
		m->is_answered = true;
	}
	must(rest.n == 0 || (!h.is_last && c->heard.n > SURE_BYTES));
	if (is_plain && !h.is_last && c->ending == CUT && rest.n == 0) must(!next_plain(&said, &plain));
}

/* --- playing it --------------------------------------------------------------------------------------------------- */

static int connect_to_server(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)server_port(core.server)),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	struct timeval patience = { PATIENCE_MS / 1000, 0 };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
	must(fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	return fd;
}

static int free_fd(void)
{
	int fd = dup(core.probe);
	close(fd);
	return fd;
}

/* Another client, who has been there all along. With its answer the loop has also looked at what came before. */
static void probe(void)
{
	static const char hello[] = "GET /hello HTTP/1.1\r\nHost: town.test\r\n\r\n";
	char bytes[4096];
	size_t n = 0;
	must(send(core.probe, hello, sizeof hello - 1, MSG_NOSIGNAL) == sizeof hello - 1);
	do {
		ssize_t more = recv(core.probe, bytes + n, sizeof bytes - n, 0);
		must(more > 0 || (more < 0 && errno == EINTR));
		if (more > 0) n += (size_t)more;
	} while (!str_ends_with((struct str){ bytes, n }, STR("\r\n\r\nGET /hello 0 \n")));
	must(str_starts_with((struct str){ bytes, n }, STR("HTTP/1.1 200 ")));
}

static void hear(struct client *c, int flags)
{
	char bytes[16384];
	ssize_t n = recv(c->fd, bytes, sizeof bytes, flags);
	if (n > 0)
		buf_add(&c->heard, (struct str){ bytes, (size_t)n });
	else if (n == 0 || errno == ECONNRESET)
		c->is_over = true;
	else /* EINTR: the fuzzer's own clock. Anything else: no answer and no end in all the time */
		must(errno == EINTR || (errno == EAGAIN && (flags & MSG_DONTWAIT)));
}

/* Reads meanwhile, so that neither side waits for the other. */
static void say(struct client *c, size_t until)
{
	while (c->sent < until && !c->is_over) {
		ssize_t n = send(c->fd, c->said.bytes.p + c->sent, until - c->sent, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n > 0) {
			c->sent += (size_t)n;
		} else if (errno == EAGAIN) {
			struct pollfd p = { .fd = c->fd, .events = POLLIN | POLLOUT };
			must(poll(&p, 1, PATIENCE_MS) != 0);
			hear(c, MSG_DONTWAIT);
		} else {
			return; /* the server has closed: what it said first is still to be read */
		}
	}
}

static void finish(struct client *c)
{
	struct linger at_once = { 1, 0 };
	int wanted = c->ending == CUT ? owed(c) : 0;
	if (c->ending != RESET) {
		while (!c->is_over && wanted > 0 && answers_heard(c) < wanted)
			hear(c, 0);
		probe();
		shutdown(c->fd, SHUT_WR);
		while (!c->is_over)
			hear(c, 0);
	}
	setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
	close(c->fd);
}

static void play(struct client *clients, int count)
{
	for (int i = 0; i < count; i++)
		clients[i].fd = connect_to_server();
	for (int turn = 0; turn <= CUTS; turn++) {
		bool was_said = false;
		for (int i = 0; i < count; i++) {
			struct client *c = &clients[i];
			if (turn >= c->said.cut_count) continue;
			say(c, c->said.cuts[turn]);
			was_said = true;
		}
		if (was_said) probe();
	}
	for (int i = 0; i < count; i++)
		finish(&clients[i]);
}

static void start(void)
{
	struct pool_options workers = { .name = "fuzz", .threads = 1, .queue_max = REQUESTS };
	struct server_options options = { .loops = 1,
		.idle_ms = 3600 * 1000,
		.hooks = { .from_memory = hook_from_memory,
			.begin = hook_begin,
			.handle = hook_handle,
			.refuse = hook_refuse,
			.end = hook_end,
			.clock = hook_clock } };
	core.arena = arena_new((size_t)256 * 1024 * 1024);
	pthread_mutex_init(&core.lock, NULL);
	memset(core.page, '.', sizeof core.page - 1);
	must(!pool_start(core.arena, &workers, &core.pool));
	options.pool = core.pool;
	must(!server_start(core.arena, &options, &core.server));
	core.probe = connect_to_server();
	probe();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct client clients[CLIENTS];
	struct str script = { size ? (const char *)data : "", size };
	int count = 0;
	if (!core.server) start();
	core.met_count = 0;
	int free_at_first = free_fd(); /* the fuzzer opens files of its own between inputs */
	struct arena *a = arena_new((size_t)256 * 1024 * 1024);
	while (script.n > 0 && count < CLIENTS)
		read_script(a, &script, &clients[count++]);
	play(clients, count);
	int64_t until_us = monotonic_us() + PATIENCE_MS * 1000;
	while (core.server->connections > 1 || core.under_way > 0) {
		must(monotonic_us() < until_us);
		sched_yield();
	}
	for (int i = 0; i < count; i++)
		if (clients[i].ending != RESET) check_heard(&clients[i]);
	probe();
	must(free_fd() == free_at_first);
	arena_free(a);
	return 0;
}
