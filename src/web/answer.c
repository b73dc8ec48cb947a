/*
 * Making the answer. Order matters: the version (ETag) is of the plain bytes, so that 304 costs no
 * compression; a range is cut from plain bytes only. Start at answer_make().
 */
#include "web/answer.h"
#include "web/etag.h"
#include "web/http_date.h"
#include "web/range.h"

#define CSP_IMAGES "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'"
#define CSP_CONNECTS "; font-src 'self'; connect-src 'self'"
#define CSP_REST                                                                                             \
	"; frame-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors "

struct draft {
	const struct response *from;
	struct arena *arena;
	struct answer *out;
	struct header **end;
};

static void add(struct draft *d, struct str name, struct str value)
{
	struct header *h = ARENA_NEW(d->arena, struct header);
	*h = (struct header){ name, value, NULL };
	*d->end = h;
	d->end = &h->next;
}

static const struct header *given(const struct draft *d, struct str name)
{
	const struct header *h = d->from->headers;
	while (h && !str_eq_ci(h->name, name))
		h = h->next;
	return h;
}

static struct str given_value(const struct draft *d, struct str name)
{
	const struct header *h = given(d, name);
	return h ? h->value : STR_NONE;
}

/* Unless the handler said otherwise. */
static void add_default(struct draft *d, struct str name, struct str value)
{
	if (!d->from->headers || !given(d, name)) add(d, name, value);
}

/* Most answers reach nobody else's images or connections: theirs is one of two texts, made by nobody. */
static struct str content_policy(const struct draft *d)
{
	struct str images = d->from->images_from, connects = d->from->connects_to;
	struct str alone = STR(CSP_IMAGES CSP_CONNECTS CSP_REST "'none'"),
			   framed = STR(CSP_IMAGES CSP_CONNECTS CSP_REST "'self'");
	bool is_framed = d->from->framed_by_self;
	if (str_is_empty(images) && str_is_empty(connects)) return is_framed ? framed : alone;
	return arena_printf(d->arena, "%s%s%.*s%s%s%.*s%s%s", CSP_IMAGES, str_is_empty(images) ? "" : " ",
		STR_FMT(images), CSP_CONNECTS, str_is_empty(connects) ? "" : " ", STR_FMT(connects), CSP_REST,
		is_framed ? "'self'" : "'none'");
}

static void add_security(struct draft *d)
{
	add_default(d, STR("Content-Security-Policy"), content_policy(d));
	add_default(d, STR("X-Content-Type-Options"), STR("nosniff"));
	add_default(d, STR("Referrer-Policy"), STR("same-origin"));
	add_default(d, STR("Cross-Origin-Opener-Policy"), STR("same-origin"));
	add_default(d, STR("Cross-Origin-Resource-Policy"), STR("same-origin"));
	/* The camera reads QR codes, the position helps to put a point on the map: both on our own pages only. */
	add_default(d, STR("Permissions-Policy"),
		STR("camera=(self), geolocation=(self), microphone=(), payment=(), usb=(), browsing-topics=()"));
	if (d->from->request->is_tls) add_default(d, STR("Strict-Transport-Security"), STR("max-age=63072000"));
}

/* What sets a cookie is for one browser, whatever the handler thought. */
static enum cache_policy policy_of(const struct draft *d)
{
	enum cache_policy cache = d->from->cache;
	bool is_shared = cache == CACHE_PUBLIC || cache == CACHE_FOREVER;
	return is_shared && given(d, STR("Set-Cookie")) ? CACHE_REVALIDATE : cache;
}

static void add_caching(struct draft *d, int status)
{
	static const struct str texts[] = {
		[CACHE_NEVER] = { "no-store", 8 },
		[CACHE_REVALIDATE] = { "private, no-cache", 17 },
		[CACHE_PUBLIC] = { "public, max-age=60", 18 },
		[CACHE_FOREVER] = { "public, max-age=31536000, immutable", 35 },
	};
	bool is_kept = status < 300 || status == 304;
	add_default(d, STR("Cache-Control"), texts[is_kept ? policy_of(d) : CACHE_NEVER]);
}

/* The version of the plain bytes, where keeping them is allowed at all. */
static struct str version_of(const struct draft *d)
{
	if (!str_is_none(d->from->version)) return d->from->version;
	if (d->from->file || policy_of(d) == CACHE_NEVER) return STR_NONE;
	return etag_of(d->arena, d->from->body);
}

static bool is_unchanged(const struct draft *d, struct str etag)
{
	const struct request *q = d->from->request;
	struct str listed = request_header(q, STR("if-none-match")),
			   modified = given_value(d, STR("Last-Modified"));
	struct instant since, changed;
	if (!str_is_none(listed)) return etag_is_listed(listed, etag);
	return http_date_parse(request_header(q, STR("if-modified-since")), &since) &&
		http_date_parse(modified, &changed) && changed.ms <= since.ms;
}

/* Compression is refused to requests that another site caused: by guessing what is reflected, that site could
 * otherwise read secrets of the page off its length (BREACH). */
static bool may_compress(const struct request *q)
{
	return !str_eq(request_header(q, STR("sec-fetch-site")), STR("cross-site")) &&
		str_is_none(request_header(q, STR("range"))) &&
		gzip_is_accepted(request_header(q, STR("accept-encoding")));
}

/* The compressed body, ready-made or made now; none when it goes out plain. */
static struct str compressed(const struct draft *d, struct gzip *gzip)
{
	struct str bytes;
	if (!may_compress(d->from->request)) return STR_NONE;
	if (!str_is_none(d->from->gzip)) return d->from->gzip;
	if (d->from->is_fixed) return STR_NONE; /* what is made now goes with this request */
	if (!gzip || !gzip_bytes(gzip, d->arena, d->from->body, &bytes)) return STR_NONE;
	return bytes;
}

static void add_vary(struct draft *d)
{
	struct str more = given_value(d, STR("Vary"));
	add(d, STR("Vary"),
		str_is_none(more) ? STR("Accept-Encoding")
						  : arena_printf(d->arena, "Accept-Encoding, %.*s", STR_FMT(more)));
}

/* What is wanted of the whole: all, a part of it, or something that it does not have. A version that the
 * client names and that is not this one asks for all. */
static enum range part_wanted(const struct draft *d, struct str etag, int64_t *ret_first, int64_t *ret_length)
{
	const struct request *q = d->from->request;
	struct str range = request_header(q, STR("range")), only_if = request_header(q, STR("if-range"));
	if (str_is_none(range) || q->method != METHOD_GET) return RANGE_WHOLE;
	if (!str_is_none(only_if) && !etag_is_strongly(only_if, etag) &&
		!str_eq(only_if, given_value(d, STR("Last-Modified"))))
		return RANGE_WHOLE;
	return range_parse(range, d->out->length, ret_first, ret_length);
}

static void cut_range(struct draft *d, struct str etag)
{
	struct answer *out = d->out;
	int64_t whole = out->length, first = 0, length = 0;
	/* Bytes that may differ at the next request cannot be put together from parts. */
	if (!out->file && str_is_none(etag)) return;
	add(d, STR("Accept-Ranges"), STR("bytes"));
	switch (part_wanted(d, etag, &first, &length)) {
	case RANGE_WHOLE: return;
	case RANGE_UNSATISFIABLE:
		out->status = 416;
		out->file = NULL;
		out->body = STR("");
		out->length = 0;
		add(d, STR("Content-Range"), arena_printf(d->arena, "bytes */%lld", (long long)whole));
		return;
	case RANGE_PART:
		out->status = 206;
		out->offset = first;
		out->length = length;
		if (!out->file) out->body = str_slice(out->body, (size_t)first, (size_t)(first + length));
		add(d, STR("Content-Range"),
			arena_printf(d->arena, "bytes %lld-%lld/%lld", (long long)first, (long long)(first + length - 1),
				(long long)whole));
	}
}

/* An answer of 200 to a GET or HEAD: version, 304, compression, range. */
static void negotiate(struct draft *d, struct gzip *gzip)
{
	struct answer *out = d->out;
	bool suits = !out->file && gzip_suits(d->from->content_type);
	struct str etag = version_of(d);
	/* Plain and compressed bytes have a tag each; having either is having this version. */
	struct str packed_etag = etag_with(d->arena, etag, STR("gz"));
	bool has_plain = is_unchanged(d, etag), has_packed = !has_plain && is_unchanged(d, packed_etag);
	if (suits) add_vary(d);
	if (has_plain || has_packed) {
		if (!str_is_none(etag)) add(d, STR("ETag"), has_packed ? packed_etag : etag);
		*out = (struct answer){ .status = 304, .headers = out->headers, .body = STR("") };
		return;
	}
	struct str packed = suits ? compressed(d, gzip) : STR_NONE;
	if (!str_is_none(packed)) {
		out->body = packed;
		out->length = (int64_t)packed.n;
		add(d, STR("Content-Encoding"), STR("gzip"));
		if (!str_is_none(etag)) add(d, STR("ETag"), packed_etag);
		return;
	}
	if (!str_is_none(etag)) add(d, STR("ETag"), etag);
	cut_range(d, etag);
}

void answer_make(const struct response *r, struct gzip *gzip, struct answer *ret)
{
	const struct request *q = r->request;
	struct draft d = { .from = r, .arena = q->arena, .out = ret, .end = &ret->headers };
	bool is_read = q->method == METHOD_GET || q->method == METHOD_HEAD;
	*ret = (struct answer){ .status = r->status ? r->status : 200,
		.body = r->body,
		.file = r->file,
		.length = r->file ? r->file_bytes : (int64_t)r->body.n };
	if (q->method == METHOD_GET && ret->status == 200) ret->stream = r->stream;
	bool negotiates = is_read && ret->status == 200;
	for (const struct header *h = r->headers; h; h = h->next)
		if (h->value.n > 0 && !(negotiates && str_eq_ci(h->name, STR("Vary")))) add(&d, h->name, h->value);
	if (negotiates) negotiate(&d, gzip);
	if (ret->status == 503) add_default(&d, STR("Retry-After"), STR("5"));
	if (r->content_type.n > 0 && ret->status != 304) add_default(&d, STR("Content-Type"), r->content_type);
	add_caching(&d, ret->status);
	add_security(&d);
	ret->is_fixed = r->is_fixed && !r->headers && ret->status == 200 && q->method == METHOD_GET;
	if (q->id.n > 0 && !ret->is_fixed) add(&d, STR("X-Request-Id"), q->id);
}
