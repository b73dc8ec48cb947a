/* gzip by zlib at its quickest level: a page of 12 KiB shrinks to a third in about a tenth of a
 * millisecond. */
#include <zlib.h>

#include "base/err.h"
#include "web/gzip.h"

struct gzip {
	z_stream stream;
	struct arena *arena;
};

static void *take(void *arena, unsigned count, unsigned bytes)
{
	return arena_alloc_array(arena, count, bytes);
}

static void keep(void *arena, void *bytes)
{
	(void)arena;
	(void)bytes; /* the arena's end frees it */
}

struct gzip *gzip_new(struct arena *a)
{
	struct gzip *g = ARENA_NEW(a, struct gzip);
	g->arena = a;
	g->stream.zalloc = take;
	g->stream.zfree = keep;
	g->stream.opaque = a;
	must(deflateInit2(&g->stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
	return g;
}

bool gzip_bytes(struct gzip *g, struct arena *a, struct str bytes, struct str *ret)
{
	if (bytes.n < GZIP_MIN_BYTES || bytes.n > GZIP_MAX_BYTES) return false;
	size_t room = bytes.n - bytes.n / 16; /* less than a sixteenth saved is not worth it */
	unsigned char *out = arena_alloc(a, room);
	must(deflateReset(&g->stream) == Z_OK);
	g->stream.next_in = (unsigned char *)(uintptr_t)bytes.p;
	g->stream.avail_in = (unsigned)bytes.n;
	g->stream.next_out = out;
	g->stream.avail_out = (unsigned)room;
	if (deflate(&g->stream, Z_FINISH) != Z_STREAM_END) return false;
	*ret = (struct str){ (const char *)out, room - g->stream.avail_out };
	return true;
}

/* "0", "0.", "0.000": a coding with this weight is refused (RFC 9110 section 12.4.2). */
static bool weight_is_zero(struct str weight)
{
	if (weight.n == 0 || weight.p[0] != '0') return false;
	for (size_t i = 1; i < weight.n; i++)
		if (weight.p[i] != (i == 1 ? '.' : '0')) return false;
	return true;
}

bool gzip_is_accepted(struct str accept_encoding)
{
	bool any = false;
	while (!str_is_none(accept_encoding)) {
		struct str weight = str_cut(&accept_encoding, ','), name = str_trim(str_cut(&weight, ';'));
		weight = str_trim(weight);
		bool refused = str_starts_with(weight, STR("q=")) && weight_is_zero(str_slice(weight, 2, weight.n));
		if (str_eq_ci(name, STR("gzip")) || str_eq_ci(name, STR("x-gzip"))) return !refused;
		if (str_eq(name, STR("*"))) any = !refused;
	}
	return any;
}

bool gzip_suits(struct str content_type)
{
	struct str type = str_trim(str_cut(&content_type, ';'));
	return str_starts_with(type, STR("text/")) || str_ends_with(type, STR("+xml")) ||
		str_ends_with(type, STR("+json")) || str_eq(type, STR("application/json")) ||
		str_eq(type, STR("application/javascript")) || str_eq(type, STR("application/xml"));
}
