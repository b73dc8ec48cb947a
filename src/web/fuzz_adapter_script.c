#include "web/fuzz_adapter.h"

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

static void cut_here(struct text *t)
{
	if (t->cut_count < SCRIPT_CUTS) t->cuts[t->cut_count++] = t->bytes.n;
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

void script_read(struct arena *a, struct str *script, struct client *c)
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

bool script_is_of(struct str s, const char *set)
{
	for (size_t i = 0; i < s.n; i++)
		if (!s.p[i] || !strchr(set, s.p[i])) return false;
	return s.n > 0;
}

#define DIGITS "0123456789"

/* "0" ends them; no extensions, no trailers. */
static bool skip_chunks(struct str *rest, size_t *ret_bytes)
{
	for (;;) {
		ptrdiff_t end = str_find(str_slice(*rest, 0, 8), STR("\r\n"));
		struct str digits = end < 0 ? STR_NONE : str_slice(*rest, 0, (size_t)end);
		if (!script_is_of(digits, DIGITS "abcdef") || digits.n > 5) return false;
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
			has_type = script_is_of(str_slice(line, 14, line.n), LOWER "/-=;+ XYZ");
			if (!has_type || str_ends_with(line, STR(" "))) return false;
		} else if (str_starts_with(line, STR("Content-Length: ")) && *ret_length < 0) {
			struct str digits = str_slice(line, 16, line.n);
			if (!script_is_of(digits, DIGITS) || !str_to_int64(digits, 0, 99999, ret_length)) return false;
		} else if (str_eq(line, STR("Transfer-Encoding: chunked")) && !*ret_is_chunked) {
			*ret_is_chunked = true;
		} else {
			return false;
		}
	}
	return has_host && !(*ret_is_chunked && *ret_length >= 0);
}

bool script_next(struct str *said, struct plain *ret)
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
	if (!script_is_of(ret->method, "GETHADPOSUL") || str_find(STR("GET,HEAD,POST,PUT"), ret->method) < 0)
		return false;
	if (!str_starts_with(ret->path, STR("/")) || !script_is_of(ret->path, LOWER "/")) return false;
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

int script_owed(const struct client *c)
{
	struct str said = buf_str(&c->said.bytes);
	struct plain one;
	int n = 0;
	while (script_next(&said, &one))
		n++;
	return n;
}
