/*
 * Opening hours for people: "Lunes a viernes, de 8:00 a 15:30", and whether a place is open at a moment and until
 * when. The hours are the pack's (definition/pack.h); a non-working day of the town is closed.
 */
#pragma once
#include "core/definition/pack.h"

/* One sentence; days with the same hours are joined. "" without hours. */
struct str hours_words(struct arena *a, struct str lang, const struct openings *o);
/* "15:30", as clocks show it. */
struct str hours_minute(struct arena *a, int minute_of_day);

enum hours_state {
	HOURS_OPEN,
	HOURS_CLOSING /* within the hour */,
	HOURS_LATER_TODAY,
	HOURS_ANOTHER_DAY,
	HOURS_UNKNOWN
};

struct hours_now {
	enum hours_state state;
	int minute;      /* open: until; else from */
	struct date day; /* of the opening that comes; today when open */
	int days_ahead;  /* 0: today, 1: tomorrow … */
};
/* `minute` of `today`, as the town's clocks show them. Looks a month ahead. */
struct hours_now hours_now(const struct openings *o, const struct calendar *c, struct date today, int minute);
/* "Abierta hasta las 15:30", "Cierra hoy a las 13:00", "Abre mañana a las 9:00", "Abre el lunes 30 de noviembre …" */
struct str hours_now_words(struct arena *a, struct str lang, const struct hours_now *now);
