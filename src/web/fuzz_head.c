/*
 * Any request line and headers: what is taken has one host, one length, a path that is text, and a client
 * that only trusted proxies may have named. The input is "METHOD URI VERSION", then "name: value" lines.
 */
#include "base/utf8.h"
#include "web/head.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_lines(struct arena *a, struct str text, struct head *h)
{
	struct header **end = &h->headers;
	struct str first = str_cut(&text, '\n');
	h->method = arena_str(a, str_cut(&first, ' '));
	h->uri = arena_str(a, str_cut(&first, ' '));
	h->version = arena_str(a, str_is_none(first) ? STR("HTTP/1.1") : first);
	if (str_is_none(h->uri)) h->uri = STR("");
	while (!str_is_none(text)) {
		struct str value = str_cut(&text, '\n'), name = str_cut(&value, ':');
		struct header *one = ARENA_NEW(a, struct header);
		one->name = arena_str(a, name);
		one->value = str_is_none(value) ? STR("") : arena_str(a, str_trim(value));
		*end = one;
		end = &one->next;
		h->count++;
		h->bytes += name.n + value.n + 4;
	}
}

static void check(const struct head *h, const struct request *r)
{
	must(r->host.n > 0 && str_is_empty(str_trim(r->host)) == false);
	for (size_t i = 0; i < r->host.n; i++)
		must(!(r->host.p[i] >= 'A' && r->host.p[i] <= 'Z') && r->host.p[i] > ' ');
	must(str_starts_with(r->path, STR("/")) && utf8_is_plain(r->path, false));
	must(utf8_valid(r->query) && str_find_char(r->query, ' ') < 0);
	must(h->content_length >= -1 && h->has_body == (h->content_length != 0));
	int lengths = 0, codings = 0;
	for (const struct header *i = r->headers; i; i = i->next) {
		lengths += str_eq_ci(i->name, STR("content-length"));
		codings += str_eq_ci(i->name, STR("transfer-encoding"));
	}
	must(lengths + codings <= 1 && (codings == 1) == (h->content_length == -1));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct head_limits limits = { 8192, 64 };
	struct arena *a = arena_new(256 * 1024 * 1024);
	struct head h = { 0 };
	struct request r = { .arena = a };
	struct networks *proxies, *nobody;
	struct address client, peer;
	int status = 0;
	bool is_tls = false;
	must(!networks_parse(a, STR("10.0.0.0/8"), &proxies) && !networks_parse(a, STR(""), &nobody));
	must(address_parse(STR("10.0.0.1"), &peer));
	read_lines(a, (struct str){ size ? (const char *)data : "", size }, &h);
	struct err *e = head_read(&h, &limits, &r, &status);
	must(status == 0 || e);
	if (!e) {
		check(&h, &r);
		client = peer;
		head_forwarded(&r, proxies, &client, &is_tls);
		client = peer;
		is_tls = false;
		head_forwarded(&r, nobody, &client, &is_tls);
		must(memcmp(&client, &peer, sizeof client) == 0 && !is_tls);
	}
	arena_free(a);
	return 0;
}
