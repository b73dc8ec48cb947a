/*
 * Time zones from TZif files (RFC 8536): a table of changes, and a rule for the time after it (zone_rule.c).
 * The bytes may come from anywhere: every count is checked against the length before anything is read.
 * Reading starts at zone_parse(); both directions of conversion rest on offset_at() and next_change().
 */
#include <fcntl.h>
#include <unistd.h>

#include "base/zone.h"
#include "base/zone_rule.h"

#define ZONE_FOLDER "/usr/share/zoneinfo/"

enum {
	FILE_MAX_BYTES = 64 * 1024, /* the largest of the tz database has 4 KiB */
	NAME_MAX_BYTES = 64,
	HEADER_BYTES = 44,
	MAX_CHANGES = 4096,
	MAX_TYPES = 256,
	TYPE_BYTES = 6,
	/* RFC 8536, section 3.2: what an offset should lie between. */
	MIN_OFFSET_S = -25 * 3600 + 1,
	MAX_OFFSET_S = 26 * 3600 - 1,
};

struct change {
	int64_t at_s;
	int offset_s; /* from then on */
};

struct zone {
	struct str name;
	struct change *changes;
	size_t count;
	int first_offset_s; /* before the first change */
	bool has_rule;
	struct zone_rule rule; /* from the last change on */
};

/* --- reading -------------------------------------------------------------------------------------------- */

struct header {
	char version;
	uint32_t isut, isstd, leap, times, types, chars;
};

static uint64_t big_endian(const char *p, size_t bytes)
{
	uint64_t n = 0;
	for (size_t i = 0; i < bytes; i++)
		n = n << 8 | (unsigned char)p[i];
	return n;
}

static bool take_header(struct str *rest, struct header *ret)
{
	if (rest->n < HEADER_BYTES || !str_starts_with(*rest, STR("TZif"))) return false;
	const char *p = rest->p;
	*ret = (struct header){
		.version = p[4],
		.isut = (uint32_t)big_endian(p + 20, 4),
		.isstd = (uint32_t)big_endian(p + 24, 4),
		.leap = (uint32_t)big_endian(p + 28, 4),
		.times = (uint32_t)big_endian(p + 32, 4),
		.types = (uint32_t)big_endian(p + 36, 4),
		.chars = (uint32_t)big_endian(p + 40, 4),
	};
	*rest = str_slice(*rest, HEADER_BYTES, rest->n);
	return true;
}

/* The bytes of a data block. The counts have 32 bits, so the sum cannot overflow 64. */
static uint64_t block_bytes(const struct header *h, uint64_t time_bytes)
{
	return h->times * (time_bytes + 1) + (uint64_t)h->types * TYPE_BYTES + h->chars +
		h->leap * (time_bytes + 4) + h->isstd + h->isut;
}

static struct err *malformed(struct arena *a, const char *what)
{
	return ERR(a, ERR_MALFORMED, NULL, "time zone data: %s", what);
}

/* The offset of local time type `index`; false when there is no such type or it makes no sense. */
static bool read_type(const struct header *h, const char *types, unsigned index, int *ret_offset_s)
{
	if (index >= h->types) return false;
	const char *p = types + index * TYPE_BYTES;
	int32_t offset_s = (int32_t)(uint32_t)big_endian(p, 4);
	if (offset_s < MIN_OFFSET_S || offset_s > MAX_OFFSET_S || (unsigned char)p[4] > 1) return false;
	if ((unsigned char)p[5] >= h->chars) return false;
	*ret_offset_s = offset_s;
	return true;
}

static struct err *read_changes(struct arena *a, const struct header *h, const char *block, struct zone *z)
{
	const char *times = block, *indexes = times + (size_t)h->times * 8, *types = indexes + h->times;
	if (!read_type(h, types, 0, &z->first_offset_s)) return malformed(a, "the first local time type");
	z->changes = ARENA_ARRAY(a, struct change, h->times);
	z->count = h->times;
	for (size_t i = 0; i < z->count; i++) {
		struct change *c = &z->changes[i];
		c->at_s = (int64_t)big_endian(times + i * 8, 8);
		if (i > 0 && c->at_s <= c[-1].at_s) return malformed(a, "changes out of order");
		if (!read_type(h, types, (unsigned char)indexes[i], &c->offset_s))
			return malformed(a, "a local time type");
	}
	return NULL;
}

/* "\nRULE\n"; an empty rule says that nothing is known after the table. */
static struct err *read_footer(struct arena *a, struct str footer, struct zone *z)
{
	if (footer.n < 2 || footer.p[0] != '\n') return malformed(a, "no footer");
	struct str rest = str_slice(footer, 1, footer.n);
	ptrdiff_t end = str_find_char(rest, '\n');
	if (end < 0) return malformed(a, "a footer without end");
	struct str rule = str_slice(rest, 0, (size_t)end);
	if (rule.n == 0) return NULL;
	if (!zone_rule_parse(rule, &z->rule)) return malformed(a, "the rule in the footer");
	z->has_rule = true;
	return NULL;
}

struct err *zone_parse(struct arena *a, struct str tzif, struct zone **ret)
{
	struct header h;
	struct str rest = tzif;
	if (!take_header(&rest, &h)) return malformed(a, "no header");
	if (h.version < '2' || h.version > '4') return malformed(a, "not of version 2 to 4");

	/* The first block has 32-bit times for readers of version 1: skipped. */
	uint64_t skip = block_bytes(&h, 4);
	if (skip > rest.n) return malformed(a, "the first block is too short");
	rest = str_slice(rest, (size_t)skip, rest.n);
	if (!take_header(&rest, &h)) return malformed(a, "no second header");
	uint64_t bytes = block_bytes(&h, 8);
	if (bytes > rest.n) return malformed(a, "the second block is too short");
	if (h.times > MAX_CHANGES) return malformed(a, "too many changes");
	if (h.types < 1 || h.types > MAX_TYPES) return malformed(a, "number of local time types");
	/* The "right/" zones count leap seconds; instants here do not. */
	if (h.leap > 0) return malformed(a, "leap seconds");

	struct zone *z = ARENA_NEW(a, struct zone);
	z->name = STR("");
	TRY(read_changes(a, &h, rest.p, z));
	TRY(read_footer(a, str_slice(rest, (size_t)bytes, rest.n), z));
	*ret = z;
	return NULL;
}

/* No dots at all, so that no name leads out of the folder. */
static bool name_is_allowed(struct str name)
{
	if (name.n == 0 || name.n > NAME_MAX_BYTES || name.p[0] == '/') return false;
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];
		bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
		if (!letter && (c == '\0' || !strchr("_+-/", c))) return false;
	}
	return true;
}

static struct err *read_file(struct arena *a, const char *path, struct str *ret)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) return ERR(a, ERR_INVALID, NULL, "no time zone at %s", path);
	char *bytes = arena_alloc(a, FILE_MAX_BYTES);
	size_t n = 0;
	ssize_t got;
	while ((got = read(fd, bytes + n, FILE_MAX_BYTES - n)) > 0)
		n += (size_t)got;
	close(fd);
	if (got < 0) return ERR(a, ERR_INVALID, NULL, "no time zone at %s", path);
	*ret = (struct str){ bytes, n };
	return NULL;
}

struct err *zone_load(struct arena *a, struct str name, struct zone **ret)
{
	if (!name_is_allowed(name)) return ERR(a, ERR_INVALID, NULL, "not the name of a time zone");
	struct str path = arena_printf(a, ZONE_FOLDER "%.*s", STR_FMT(name)), bytes = STR_NONE;
	struct arena *scratch = arena_new(2 * FILE_MAX_BYTES);
	struct err *e = read_file(scratch, path.p, &bytes);
	struct zone *z = NULL;
	e = e ? err_copy(a, e) : err_wrap(a, zone_parse(a, bytes, &z), "reading %s", path.p);
	arena_free(scratch);
	if (e) return e;
	must(z != NULL);
	z->name = arena_str(a, name);
	*ret = z;
	return NULL;
}

struct str zone_name(const struct zone *z) { return z->name; }

/* --- converting ----------------------------------------------------------------------------------------- */

/* How many changes lie at or before a moment. */
static size_t changes_until(const struct zone *z, int64_t at_s)
{
	size_t low = 0, high = z->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (z->changes[middle].at_s <= at_s)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int offset_at(const struct zone *z, int64_t at_s)
{
	size_t passed = changes_until(z, at_s);
	if (passed == z->count && z->has_rule) return zone_rule_offset(&z->rule, at_s);
	return passed > 0 ? z->changes[passed - 1].offset_s : z->first_offset_s;
}

/* The first change strictly after a moment, in table or rule; INT64_MAX when there is none. */
static int64_t next_change(const struct zone *z, int64_t at_s)
{
	size_t passed = changes_until(z, at_s);
	if (passed < z->count) return z->changes[passed].at_s;
	return z->has_rule ? zone_rule_next(&z->rule, at_s) : INT64_MAX;
}

struct clock_time zone_clock(const struct zone *z, struct instant t)
{
	int64_t at_s = t.ms / 1000 - (t.ms % 1000 < 0);
	return instant_clock(t, offset_at(z, at_s));
}

struct date zone_date(const struct zone *z, struct instant t)
{
	struct clock_time c = zone_clock(z, t);
	struct date d;
	if (date_of_ymd(c.year, c.month, c.day, &d)) return d;
	/* Only the hours around the ends of the calendar get here. */
	date_of_ymd(c.year < 1 ? 1 : 9999, c.year < 1 ? 1 : 12, c.year < 1 ? 1 : 31, &d);
	return d;
}

/* The first moment at which the zone's clocks show `local_s` or later: clocks run on between changes and
 * jump at them, so that a skipped time ends in the change and a repeated one in its first pass. */
static int64_t first_showing(const struct zone *z, int64_t local_s)
{
	int64_t at_s = local_s - MAX_OFFSET_S - 1;
	for (;;) {
		int64_t candidate = local_s - offset_at(z, at_s), change = next_change(z, at_s);
		if (candidate <= at_s) return at_s;
		if (candidate < change) return candidate;
		at_s = change;
	}
}

struct instant zone_instant(const struct zone *z, struct date d, int hour, int minute, int second)
{
	int64_t local_s = d.days * INT64_C(86400) + hour * INT64_C(3600) + minute * INT64_C(60) + second;
	return (struct instant){ first_showing(z, local_s) * 1000 };
}

struct instant zone_day_start(const struct zone *z, struct date d) { return zone_instant(z, d, 0, 0, 0); }
