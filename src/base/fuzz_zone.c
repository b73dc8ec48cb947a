/* Any bytes as a TZif file: accepted or refused, and an accepted one converts both ways consistently. */
#include "base/err.h"
#include "base/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int64_t moments_ms[] = { 0, -1, 1700000000000, 2500000000000, 64000000000000,
		-62135596800000, 253402300799999, -3000000000000 };
	struct arena *a = arena_new(64 * 1024 * 1024);
	struct zone *z = NULL;
	struct err *e = zone_parse(a, (struct str){ size ? (const char *)data : "", size }, &z);
	must(!e == !!z);
	for (size_t i = 0; z && i < sizeof moments_ms / sizeof *moments_ms; i++) {
		struct instant t = { moments_ms[i] };
		struct clock_time c = zone_clock(z, t);
		struct date d = zone_date(z, t);
		struct instant back = zone_instant(z, d, c.hour, c.minute, c.second);
		/* A repeated time gives its first pass: never later than what was asked. */
		must(c.year < 1 || c.year > 9999 || back.ms <= t.ms);
		must(zone_day_start(z, d).ms <= back.ms);
	}
	arena_free(a);
	return 0;
}
