/*
 * Statutory holidays by rule: a proposal for the town's list, never the list itself.
 *
 * Two laws as tables: "mx-lft-74" (Ley Federal del Trabajo, art. 74) and "es-rd2001-45" (Real Decreto
 * 2001/1983, art. 45). What no rule can know is left out and must be added from the official list: electoral
 * days, regional and local days, a region's exchange of a replaceable day.
 */
#pragma once
#include "base/err.h"
#include "base/instant.h"

struct holiday {
	struct date date;
	const char *key; /* message key of its name: "holiday.labour" */
	const char *article;
	bool replaceable; /* the region may have put another in its place: ask before publishing */
	bool sunday;      /* falls on a Sunday: the rest may be moved to Monday */
};
struct holidays {
	struct holiday *items; /* by date */
	size_t count;
};

/* ERR_NOT_FOUND for an unknown law. */
MUST_USE struct err *holidays_propose(struct arena *a, struct str law, int year, struct holidays *ret);
