/* Checking the head, part by part. Start at head_read(). */
#include "base/utf8.h"
#include "web/head.h"
#include "web/percent.h"

static struct err *malformed(struct request *r, const char *why)
{
	return ERR(r->arena, ERR_MALFORMED, NULL, "head: %s", why);
}

/* RFC 9110 section 5.6.2. */
static bool is_token(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		if (!is_letter && (c == 0 || !strchr("!#$%&'*+-.^_`|~", c))) return false;
	}
	return s.n > 0;
}

static bool is_header_value(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if ((c < 0x20 && c != '\t') || c == 0x7f) return false;
	}
	return utf8_valid(s);
}

/* Headers of which a second one would leave open which counts. */
static bool is_single(struct str name)
{
	static const char *const names[] = { "host", "content-length", "transfer-encoding", "content-type",
		"authorization", "origin", "expect", "sec-fetch-site" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (str_eq_ci(name, str_of(names[i]))) return true;
	return false;
}

static struct err *check_headers(struct request *r)
{
	for (const struct header *h = r->headers; h; h = h->next) {
		if (!is_token(h->name)) return malformed(r, "a header whose name is no token");
		if (!is_header_value(h->value)) return malformed(r, "a header that is not UTF-8 text");
		if (!is_single(h->name)) continue;
		for (const struct header *other = h->next; other; other = other->next)
			if (str_eq_ci(h->name, other->name)) return malformed(r, "a header there twice");
	}
	return NULL;
}

static enum method method_of(struct str text)
{
	static const char *const names[] = { [METHOD_GET] = "GET",
		[METHOD_HEAD] = "HEAD",
		[METHOD_POST] = "POST",
		[METHOD_PUT] = "PUT",
		[METHOD_DELETE] = "DELETE" };
	for (int m = METHOD_GET; m < METHOD_OTHER; m++)
		if (str_eq(text, str_of(names[m]))) return (enum method)m;
	return METHOD_OTHER;
}

static struct err *read_host(struct request *r, struct str host)
{
	char *p = arena_alloc(r->arena, host.n + 1);
	bool in_brackets = false;
	size_t n = 0;
	for (; n < host.n; n++) {
		char c = host.p[n];
		bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		else if (c == '[' || c == ']')
			in_brackets = c == '[';
		else if (c == ':' && !in_brackets)
			break;
		else if (!is_plain && c != ':')
			return malformed(r, "a Host that is none");
		p[n] = c;
	}
	int64_t port;
	if (n < host.n && n + 1 < host.n && !str_to_int64(str_slice(host, n + 1, host.n), 1, 65535, &port))
		return malformed(r, "a Host with a broken port");
	if (n > 1 && p[n - 1] == '.') n--; /* the root's dot */
	if (n == 0) return malformed(r, "no Host");
	p[n] = 0;
	r->host = (struct str){ p, n };
	return NULL;
}

/* "http://host/path" (which servers must take): the host in it counts, RFC 9112 section 3.2.2. */
static void cut_absolute(struct str *uri, struct str *host)
{
	ptrdiff_t after = str_find(*uri, STR("://"));
	if (str_starts_with(*uri, STR("/")) || after < 0) return;
	struct str rest = str_slice(*uri, (size_t)after + 3, uri->n);
	ptrdiff_t slash = str_find_char(rest, '/');
	*host = slash < 0 ? rest : str_slice(rest, 0, (size_t)slash);
	*uri = slash < 0 ? STR("/") : str_slice(rest, (size_t)slash, rest.n);
}

static struct err *read_target(struct request *r, struct str uri)
{
	for (size_t i = 0; i < uri.n; i++) {
		unsigned char c = (unsigned char)uri.p[i];
		if (c <= 0x20 || c == 0x7f || c == '#' || c == '\\')
			return malformed(r, "a character that no address has");
	}
	if (!str_starts_with(uri, STR("/")) || !utf8_valid(uri)) return malformed(r, "an address that is none");
	struct str query = uri, raw_path = str_cut(&query, '?');
	if (!percent_decode(r->arena, raw_path, false, &r->path) || !utf8_is_plain(r->path, false))
		return malformed(r, "a path that is not UTF-8 text");
	r->raw_path = raw_path;
	r->query = str_is_none(query) ? STR("") : query;
	return NULL;
}

/* One length, said in one way (RFC 9112 section 6.3): everything else is how requests are smuggled. */
static struct err *read_framing(struct head *h, struct request *r)
{
	struct str length = request_header(r, STR("content-length"));
	struct str coding = request_header(r, STR("transfer-encoding"));
	struct str expect = request_header(r, STR("expect"));
	h->expects_continue = !str_is_none(expect);
	if (h->expects_continue && !str_eq_ci(expect, STR("100-continue")))
		return malformed(r, "an expectation that is not 100-continue");
	if (!str_is_none(coding)) {
		if (!str_is_none(length) || !str_eq_ci(coding, STR("chunked")) ||
			!str_eq(h->version, STR("HTTP/1.1")))
			return malformed(r, "a transfer encoding that is not only \"chunked\"");
		h->content_length = -1;
		h->has_body = true;
	} else if (!str_is_none(length)) {
		if (length.p[0] == '-' || !str_to_int64(length, 0, INT64_MAX, &h->content_length))
			return malformed(r, "a length that is none");
		h->has_body = h->content_length > 0;
	}
	return NULL;
}

struct err *head_read(struct head *h, const struct head_limits *limits, struct request *r, int *ret_status)
{
	struct str uri = h->uri;
	r->headers = h->headers;
	r->method = method_of(h->method);
	if (!str_eq(h->version, STR("HTTP/1.1")) && !str_eq(h->version, STR("HTTP/1.0"))) {
		*ret_status = 505;
		return malformed(r, "a version that is not HTTP/1.0 or 1.1");
	}
	if (uri.n > limits->bytes_max / 2) {
		*ret_status = 414;
		return ERR(r->arena, ERR_TOO_LARGE, NULL, "head: an address of %zu bytes", uri.n);
	}
	if (h->count > limits->headers_max || h->bytes > limits->bytes_max) {
		*ret_status = 431;
		return ERR(r->arena, ERR_TOO_LARGE, NULL, "head: %d headers, %zu bytes", h->count, h->bytes);
	}
	TRY(check_headers(r));
	struct str host = request_header(r, STR("host"));
	if (str_is_none(host)) return malformed(r, "no Host");
	cut_absolute(&uri, &host);
	TRY(read_host(r, host));
	TRY(read_target(r, uri));
	return read_framing(h, r);
}

/* All values of a list header, joined in order. */
static struct str joined(const struct request *r, struct str name)
{
	struct str all = STR_NONE;
	for (const struct header *h = r->headers; h; h = h->next) {
		if (!str_eq_ci(h->name, name)) continue;
		all = str_is_none(all) ? h->value
							   : arena_printf(r->arena, "%.*s,%.*s", STR_FMT(all), STR_FMT(h->value));
	}
	return all;
}

static struct str cut_last(struct str *list)
{
	size_t at = list->n;
	while (at > 0 && list->p[at - 1] != ',')
		at--;
	struct str last = str_trim(str_slice(*list, at, list->n));
	*list = at > 0 ? str_slice(*list, 0, at - 1) : STR_NONE;
	return last;
}

/* `key` in "for=192.0.2.1;proto=https", unquoted. */
static struct str forwarded_pair(struct str element, struct str key)
{
	while (!str_is_none(element)) {
		struct str value = str_trim(str_cut(&element, ';')), name = str_trim(str_cut(&value, '='));
		if (!str_eq_ci(name, key) || str_is_none(value)) continue;
		value = str_trim(value);
		bool is_quoted = value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"';
		return is_quoted ? str_slice(value, 1, value.n - 1) : value;
	}
	return STR_NONE;
}

/* From the nearest proxy outwards, as long as those who speak are trusted. What is not an address ("unknown")
 * ends it: the last one known is then the client. */
void head_forwarded(const struct request *r, const struct networks *proxies, struct address *peer,
	bool *is_tls)
{
	struct str list = joined(r, STR("forwarded")), proto;
	bool is_standard = !str_is_none(list);
	if (!is_standard) list = joined(r, STR("x-forwarded-for"));
	if (!networks_have(proxies, peer)) return;

	if (!is_standard && !str_is_none(proto = joined(r, STR("x-forwarded-proto"))))
		*is_tls = str_eq_ci(cut_last(&proto), STR("https"));
	while (!str_is_none(list) && networks_have(proxies, peer)) {
		struct address next;
		struct str element = cut_last(&list), client = element;
		if (is_standard) {
			client = forwarded_pair(element, STR("for"));
			proto = forwarded_pair(element, STR("proto"));
			if (!str_is_none(proto)) *is_tls = str_eq_ci(proto, STR("https"));
		}
		if (!address_parse(client, &next)) return;
		*peer = next;
	}
}
