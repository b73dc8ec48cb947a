/*
 * Time zones as values, read from the system's TZif files (RFC 8536, versions 2 to 4, with the POSIX rule
 * of the footer for years after the table). No process-wide zone exists. A zone is immutable and may be
 * shared by threads.
 */
#pragma once
#include "base/err.h"
#include "base/instant.h"

struct zone;

/* `name` as in the tz database ("America/Mexico_City"); anything but letters, digits, "_+-/" is refused.
 * Lives in `a`. */
MUST_USE struct err *zone_load(struct arena *a, struct str name, struct zone **ret);
/* The same from bytes (tests and the fuzzer). */
MUST_USE struct err *zone_parse(struct arena *a, struct str tzif, struct zone **ret);
struct str zone_name(const struct zone *z);

struct clock_time zone_clock(const struct zone *z, struct instant t);
struct date zone_date(const struct zone *z, struct instant t);
/* The instant at which the zone's clocks show that time. A time that a forward change skips gives the
 * instant of the change; one that a backward change repeats gives the first. */
struct instant zone_instant(const struct zone *z, struct date d, int hour, int minute, int second);
struct instant zone_day_start(const struct zone *z, struct date d); /* the first instant of that day */
