/*
 * The multipart parser: a machine over bytes that may be cut anywhere. What stands between two delimiters is
 * first a part's headers, then its content; content is handed on as soon as it is known not to begin a
 * delimiter. Start at multipart_feed().
 */
#include "base/utf8.h"
#include "web/disposition.h"
#include "web/form_add.h"
#include "web/multipart.h"

enum place {
	AT_START,     /* before the first delimiter: nothing may stand here */
	AT_DELIMITER, /* after one: CRLF goes on, "--" ends */
	IN_HEADERS,
	IN_FIELD,
	IN_FILE,
	AT_END, /* after the closing delimiter: ignored */
};

struct multipart {
	struct form_builder fields;
	struct arena *arena;
	const struct multipart_sink *sink;
	void *sink_state;
	struct str delimiter; /* CR LF - - boundary */
	size_t matched;       /* bytes of the delimiter that the last ones were */
	enum place place;
	char tail[2]; /* what followed the delimiter */
	size_t tail_n;
	char headers[MULTIPART_MAX_HEADER];
	size_t headers_n;
	struct disposition part;
	struct buf value; /* of the field being read */
	bool file_is_open;
	int parts, files;
};

/* RFC 2046: letters, digits and some signs, at most 70. */
static bool boundary_is_sound(struct str boundary)
{
	if (boundary.n == 0 || boundary.n > MULTIPART_MAX_BOUNDARY || boundary.p[boundary.n - 1] == ' ')
		return false;
	for (size_t i = 0; i < boundary.n; i++) {
		char c = boundary.p[i];
		bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		if (!is_letter && (c == 0 || !strchr("'()+_,-./:=? ", c))) return false;
	}
	return true;
}

static struct err *malformed(struct multipart *m, const char *why)
{
	return ERR(m->arena, ERR_MALFORMED, NULL, "multipart: %s", why);
}

struct err *multipart_new(struct form *form, struct str content_type, const struct multipart_sink *sink,
	void *sink_state, struct multipart **ret)
{
	struct arena *a = form->arena;
	struct str rest = content_type, type = str_trim(str_cut(&rest, ';')), boundary;
	if (!str_eq_ci(type, STR("multipart/form-data")))
		return ERR(a, ERR_WRONG_TYPE, NULL, "not multipart/form-data");
	if (!disposition_parameter(a, rest, STR("boundary"), &boundary) || !boundary_is_sound(boundary))
		return ERR(a, ERR_MALFORMED, NULL, "multipart: no sound boundary");

	struct multipart *m = ARENA_NEW(a, struct multipart);
	form_builder_init(&m->fields, form);
	m->arena = a;
	m->sink = sink;
	m->sink_state = sink_state;
	m->delimiter = arena_printf(a, "\r\n--%.*s", STR_FMT(boundary));
	m->matched = 2; /* the first delimiter needs no line end before it */
	m->value = buf_new(a, FORM_MAX_VALUE);
	*ret = m;
	return NULL;
}

static struct err *open_file(struct multipart *m)
{
	if (!m->sink) return malformed(m, "a file where none is taken");
	if (++m->files > MULTIPART_MAX_FILES)
		return ERR(m->arena, ERR_TOO_LARGE, NULL, "more than %d files", MULTIPART_MAX_FILES);
	TRY(m->sink->begin(m->sink_state, m->fields.form, m->part.name, m->part.file_name));
	m->file_is_open = true;
	return NULL;
}

/* The headers of a part are in: what is it? */
static struct err *begin_part(struct multipart *m)
{
	if (++m->parts > MULTIPART_MAX_PARTS)
		return ERR(m->arena, ERR_TOO_LARGE, NULL, "more than %d parts", MULTIPART_MAX_PARTS);
	TRY(disposition_read(m->arena, (struct str){ m->headers, m->headers_n }, &m->part));
	if (m->part.name.n > FORM_MAX_NAME)
		return ERR(m->arena, ERR_TOO_LARGE, NULL, "a field's name of %zu bytes", m->part.name.n);
	m->headers_n = 0;
	buf_clear(&m->value);
	m->place = m->part.is_file ? IN_FILE : IN_FIELD;
	/* An empty name without bytes is an input that was left alone: wait for a byte. */
	if (m->part.is_file && m->part.file_name.n > 0) TRY(open_file(m));
	return NULL;
}

static struct err *take_content(struct multipart *m, struct str bytes)
{
	if (bytes.n == 0) return NULL;
	if (m->place == AT_START) return malformed(m, "text before the first boundary");
	if (m->place == IN_FIELD) {
		buf_add(&m->value, bytes);
		if (buf_overflowed(&m->value))
			return ERR(m->arena, ERR_TOO_LARGE, NULL, "a field of more than %d bytes", FORM_MAX_VALUE);
		return NULL;
	}
	if (!m->file_is_open) TRY(open_file(m));
	return m->sink->bytes(m->sink_state, bytes);
}

static struct err *end_part(struct multipart *m)
{
	if (m->place == IN_FIELD)
		TRY(form_builder_add(&m->fields, m->part.name, arena_str(m->arena, buf_str(&m->value))));
	if (m->file_is_open) {
		m->file_is_open = false;
		TRY(m->sink->end(m->sink_state));
	}
	return NULL;
}

static struct err *at_delimiter(struct multipart *m)
{
	m->matched = 0;
	TRY(end_part(m));
	m->place = AT_DELIMITER;
	m->tail_n = 0;
	return NULL;
}

/* The delimiter began in earlier bytes: goes on, or those bytes were content after all. */
static struct err *go_on_matching(struct multipart *m, struct str bytes, size_t *at)
{
	while (*at < bytes.n && m->matched < m->delimiter.n && bytes.p[*at] == m->delimiter.p[m->matched]) {
		++*at;
		m->matched++;
	}
	if (m->matched == m->delimiter.n) return at_delimiter(m);
	if (*at == bytes.n) return NULL;
	struct str held = str_slice(m->delimiter, 0, m->matched);
	m->matched = 0;
	return take_content(m, held);
}

/* How many of the last bytes could begin a delimiter. It holds one CR, its first byte, so only the last
 * counts. */
static size_t beginning_at_end(const struct multipart *m, struct str bytes)
{
	size_t most = bytes.n < m->delimiter.n ? bytes.n : m->delimiter.n - 1;
	const char *cr = memrchr(bytes.p + bytes.n - most, '\r', most);
	size_t length = cr ? (size_t)(bytes.p + bytes.n - cr) : 0;
	return cr && memcmp(cr, m->delimiter.p, length) == 0 ? length : 0;
}

/* Content up to the next delimiter, or all that cannot belong to one. */
static struct err *scan(struct multipart *m, struct str bytes, size_t *at)
{
	if (m->matched > 0) return go_on_matching(m, bytes, at);
	struct str left = str_slice(bytes, *at, bytes.n);
	ptrdiff_t found = str_find(left, m->delimiter);
	if (found >= 0) {
		*at += (size_t)found + m->delimiter.n;
		TRY(take_content(m, str_slice(left, 0, (size_t)found)));
		return at_delimiter(m);
	}
	*at = bytes.n;
	m->matched = beginning_at_end(m, left);
	return take_content(m, str_slice(left, 0, left.n - m->matched));
}

static struct err *after_delimiter(struct multipart *m, char c)
{
	m->tail[m->tail_n++] = c;
	if (m->tail_n < 2) return NULL;
	if (memcmp(m->tail, "--", 2) == 0)
		m->place = AT_END;
	else if (memcmp(m->tail, "\r\n", 2) == 0)
		m->place = IN_HEADERS;
	else
		return malformed(m, "neither a line end nor \"--\" after a boundary");
	return NULL;
}

static struct err *in_headers(struct multipart *m, char c)
{
	if (m->headers_n == sizeof m->headers)
		return ERR(m->arena, ERR_TOO_LARGE, NULL, "multipart: headers of more than %d bytes",
			MULTIPART_MAX_HEADER);
	m->headers[m->headers_n++] = c;
	bool is_over = m->headers_n >= 4 && memcmp(m->headers + m->headers_n - 4, "\r\n\r\n", 4) == 0;
	return is_over ? begin_part(m) : NULL;
}

struct err *multipart_feed(struct multipart *m, struct str bytes)
{
	for (size_t at = 0; at < bytes.n && m->place != AT_END;) {
		switch (m->place) {
		case AT_DELIMITER: TRY(after_delimiter(m, bytes.p[at++])); break;
		case IN_HEADERS: TRY(in_headers(m, bytes.p[at++])); break;
		default: TRY(scan(m, bytes, &at));
		}
	}
	return NULL;
}

struct err *multipart_finish(struct multipart *m)
{
	return m->place == AT_END ? NULL : malformed(m, "the body ends before the closing boundary");
}

void multipart_abandon(struct multipart *m)
{
	if (m->file_is_open && m->sink->abandon) m->sink->abandon(m->sink_state);
	m->file_is_open = false;
}
