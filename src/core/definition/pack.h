/*
 * A pack: everything that makes one municipality, a folder of readable files.
 *
 *   pack.yaml                the town, its offices, look and words
 *   calendars/YYYY.yaml      published non-working days
 *   procedures/<slug>.yaml   one a procedure              workflows/<id>.yaml: shared by several
 *   documents/<name>.md      bodies of documents          logo.svg, mapa.geojson: named in pack.yaml
 *
 * pack_load() reads the folder once; the result is immutable and lives in its arena. Errors of all files are
 * found in one run and come as findings.
 */
#pragma once
#include "core/definition/calendar.h"
#include "core/definition/expr.h"
#include "core/definition/procedure.h"
#include "core/map/map.h"

struct opening {                /* one line of opening hours */
	unsigned weekdays;          /* bit 0 Monday … bit 6 Sunday */
	int from_minute, to_minute; /* of the day; to is exclusive */
};
struct openings {
	struct opening *items;
	size_t count;
};
struct department {
	struct str id;
	struct text name, short_name;
	struct text duties; /* one sentence: what it answers for */
	struct str phone, mail;
	struct str source;
};
struct departments {
	struct department *items;
	size_t count;
};
struct office { /* where one is attended in person */
	struct str id;
	struct text name, address, note;
	struct str_list departments;
	struct str phone, mail;
	bool has_point;
	int32_t latitude_e7, longitude_e7;
	struct openings hours;
	bool takes_walk_ins, takes_appointments;
	struct str source;
};
struct offices {
	struct office *items;
	size_t count;
};
struct officer { /* a post that signs, not a person */
	struct str id;
	struct text post;
	struct str department;
	struct text competence; /* the paragraph that founds it */
	struct str source;
};
struct officers {
	struct officer *items;
	size_t count;
};
struct topic {
	struct str id, icon;
	struct text name;
};
struct topics {
	struct topic *items;
	size_t count;
};

/* The six values of the look that a town sets, "#rrggbb". */
#define LOOK_TOKENS(X)                                                                                       \
	X(LOOK_TOWN, "town")                                                                                     \
	X(LOOK_TOWN_DEEP, "town-deep")                                                                           \
	X(LOOK_TOWN_TINT, "town-tint")                                                                           \
	X(LOOK_TOWN_LINE, "town-line") X(LOOK_TOWN_GLOW, "town-glow") X(LOOK_ON_TOWN, "on-town")
enum look_token {
#define X(e, name) e,
	LOOK_TOKENS(X)
#undef X
		LOOK_TOKEN_MAX
};
struct look {
	uint32_t colours[LOOK_TOKEN_MAX]; /* 0xrrggbb */
	struct str logo_svg;              /* the file's bytes; checked: no script, no outside reference */
};
/* "[data-town=…]{--town:#…;…}": the town's small style sheet. */
struct str look_css(struct arena *a, const struct look *look, struct str slug);
const char *look_token_name(enum look_token token);
/* WCAG 2 contrast ratio × 100: 450 is 4.5:1. */
int look_contrast(uint32_t a, uint32_t b);

struct pack_map {           /* how a place is shown and picked */
	struct str file;        /* "mapa.geojson" */
	const struct map *base; /* what stands in it; NULL: the town has no map */
	bool has_center;
	struct map_point center; /* where the map opens */
	int zoom, max_zoom;      /* there, and the closest */
	struct str tiles;        /* "https://…/{z}/{x}/{y}.png": a tile server that the town runs; or none */
	struct text attribution; /* whose data it is; may be empty */
	struct str source;
};
enum { PACK_MAP_ZOOM = 13, PACK_MAP_ZOOM_MIN = 10, PACK_MAP_ZOOM_MAX = 17 };
/* "https://tiles.example", the part of `tiles` that a page's policy names; STR_NONE without. */
struct str pack_map_origin(const struct pack_map *m);

struct pack_text { /* free texts of the town: privacy notice, footer, demo banner… */
	struct str id;
	struct text text;
};
struct pack_texts {
	struct pack_text *items;
	size_t count;
};
struct address_rule { /* one part of an address, as this town asks for it */
	int part;         /* enum address_part of answers.h */
	struct text label, hint;
	bool required;
	int max_length;
	struct str pattern;       /* mask.h, or none */
	struct text shown;        /* in one line: "int. {}", "Mz {}"; none: as it is */
	struct str_list or_parts; /* required unless all of these are given ("block", "lot") */
};
struct address_rules {
	struct address_rule *items; /* in the order of the screen */
	size_t count;
	struct str without_number; /* "s/n" */
};
struct procedures {
	struct procedure **items; /* by file name */
	size_t count;
};

struct pack {
	struct str slug;       /* = folder name: "leon" */
	struct text name;      /* "León" */
	struct text full_name; /* "Municipio de León" */
	struct text state;     /* "Guanajuato" */
	struct text country_name;
	struct str country; /* ISO 3166: "MX" */
	struct str_list hosts;
	struct str zone;     /* "America/Mexico_City" */
	struct str currency; /* ISO 4217: "MXN" */
	struct number_style numbers;
	struct str_list languages; /* the first is the main one; texts must exist in it */
	struct str regime;         /* default of the procedures */
	struct str phone, mail;
	struct str phone_prefix; /* "+52": of national numbers */
	int phone_digits;        /* of a national number */
	struct openings hours;   /* hours of service: office time for deadlines in hours */
	struct text hours_source_note;
	struct departments departments;
	struct offices offices;
	struct officers officers;
	struct topics topics;
	struct look look;
	struct pack_map map;
	struct text seal_name, seal_legend; /* around and below the seal */
	struct pack_texts texts;
	struct address_rules address;
	struct str cadastral_mask; /* "99-999-999-999": 9 digit, A letter, X either; none: any */
	struct text cadastral_hint;
	struct calendar calendar;
	struct str holiday_law; /* what core/clock/holidays.h proposes by: "mx-lft-74"; or none */
	struct procedures procedures;
	bool is_demo; /* a demonstration: the pages say so */
	struct str source;
};

const struct procedure *pack_procedure(const struct pack *p, struct str slug); /* NULL when there is none */
const struct department *pack_department(const struct pack *p, struct str id);
const struct office *pack_office(const struct pack *p, struct str id);
const struct officer *pack_officer(const struct pack *p, struct str id);
const struct topic *pack_topic(const struct pack *p, struct str id);
struct text pack_text(const struct pack *p, struct str id); /* empty when there is none */
/* Whether something with these hours is open then, and until which minute of the day; a holiday is closed, a
 * weekend only when no hours name it. *ret_until_minute is untouched when it is closed. */
bool openings_at(const struct openings *o, const struct calendar *c, struct date day, int minute,
	int *ret_until_minute);

/* The folder's files, from wherever they come (a directory, the database, a test). */
struct pack_file {
	struct str path; /* "procedures/alineamiento.yaml" */
	struct str text;
};
struct pack_files {
	struct pack_file *items;
	size_t count;
};
/* Reads the known files below `folder`: bounded in number and size, no links out of it. */
MUST_USE struct err *pack_read_folder(struct arena *a, const char *folder, struct pack_files *ret);

struct pack_options {
	/* Whether the program knows a regime; NULL: any name passes. */
	bool (*regime_known)(struct str regime);
	/* Due date of a procedure filed on a day, for its tests; NULL: those expectations are skipped. */
	bool (*due_date)(const struct pack *pack, const struct procedure *p, struct date filed, struct date *ret);
};
/* Reads and checks everything. *ret is NULL when there were errors; `findings` has all of them, and warnings. An
 * error is returned only for what is not about the content. */
MUST_USE struct err *pack_build(struct arena *a, struct str slug, struct pack_files files,
	const struct pack_options *options, struct findings *findings, struct pack **ret);
/* pack_read_folder() and pack_build(), with ERR_INVALID and the findings as detail when there are errors. */
MUST_USE struct err *pack_load(struct arena *a, const char *folder, const struct pack_options *options,
	struct pack **ret);

/* Runs every procedure's own tests. Failures are findings at the test's line. */
struct pack_test_result {
	int passed, failed, skipped;
};
struct pack_test_result pack_test(const struct pack *p, const struct pack_options *options,
	struct findings *findings);
