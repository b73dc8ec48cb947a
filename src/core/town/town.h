/*
 * A municipality that is being served: its database, writer, files, keys, pack, calendar and clock.
 *
 * Towns are told apart by host name and share nothing. A town is opened once (town_open()); each request and job
 * then works with a hold of its own (town_hold()), a `struct town` in which pack, calendar, departments and keys stay
 * the same from beginning to end. What somebody else loaded or rotated meanwhile (the command line, another node) is
 * taken over by town_refresh(), aside, and later holds have it. Installation: installation.h.
 */
#pragma once
#include "base/zone.h"
#include "core/clock/calendar.h"
#include "core/clock/regime.h"
#include "core/definition/pack.h"
#include "core/keyring/keyring.h"
#include "core/pdf/document.h"
#include "data/db.h"
#include "data/files.h"
#include "data/writer.h"

struct app;
struct jobs;
struct limits;
struct mail_settings;
struct printer;
struct timestamp_settings;

struct town {
	struct str slug;
	struct str folder;     /* town.db, files/, keys/ */
	struct str url;        /* of the database */
	struct str public_url; /* "https://tramites.leon.example", for QR codes and mails */
	const struct str *hosts;
	size_t host_count;
	bool is_simulated; /* virtual clock, watermark; decided at init, for ever */
	const struct zone *zone;
	struct keyring *keyring;
	struct files *files;
	struct writer *writer;
	const struct press *press; /* for documents; NULL in tools that print none */
	struct printer *printer;   /* core/document: prints in a process of its own; NULL: in this one */
	struct limits *limits;     /* how often codes may be guessed; NULL: without limits (bench, tools) */
	struct str scanner;        /* clamd's socket; empty: attachments are marked as not scanned */
	const struct mail_settings *mail;           /* core/mail: how notices go out; NULL: no notice is made */
	const struct timestamp_settings *timestamp; /* core/timestamp: seals are stamped; NULL: they are not */
	const struct app *app;                      /* core/dispatch: what serves it; NULL in tools */
	struct jobs *jobs;                          /* NULL while no runner is attached (tools) */
	struct arena *arena;
	struct edition
		*edition; /* town.c's: what is in force for this holder; slug, zone and keyring are of it */
	struct town_state *state; /* town.c's, the same for all holders */
};

struct town_options {
	struct str folder;
	struct str database; /* empty: sqlite in the folder */
	const struct str *hosts;
	size_t host_count;
	struct str public_url;
	struct str scanner;
	const struct mail_settings *mail;           /* lives as long as the town; NULL: none */
	const struct timestamp_settings *timestamp; /* likewise */
	const struct press *press;
};
/* The address of its database. */
struct str town_url(struct arena *a, const struct town_options *options);
/* Applies migrations, opens keys and files, loads the newest pack version, starts the writer. */
MUST_USE struct err *town_open(struct arena *a, const struct town_options *options, struct town **ret);
void town_close(struct town *t); /* finishes queued commits; NULL is fine */

/* Makes a new municipality in an empty folder from a pack folder: database, keys, first pack version.
 * `simulated_start` INSTANT_NONE: a live one. */
MUST_USE struct err *town_create(struct arena *a, const struct town_options *options, struct str pack_folder,
	struct instant simulated_start);

/* The register's clock: the machine's, or the simulated one. */
struct instant town_now(struct town *t);
/* A simulated clock stands still until it is told to run, before the town is served; no effect on a live one.
 * It stores a time TOWN_CLOCK_AHEAD_MS ahead, from which a program that was killed goes on, so that register time
 * never goes back: call it again well before that has passed, and town_clock_set(now) at a quiet end. */
enum { TOWN_CLOCK_AHEAD_MS = 60 * 1000 };
MUST_USE struct err *town_clock_run(struct town *t, struct arena *a);
/* The machine's own clock, also in a simulated municipality: for the age of files on disk, and for what
 * others say about the time (core/timestamp); nothing else. */
struct instant town_machine_now(void);
/* Simulated municipalities only: moves the clock forward (never back) and stores it. */
MUST_USE struct err *town_clock_set(struct town *t, struct arena *a, struct instant to);

/* The town as it is in force now, for one request or job: what is taken over meanwhile does not change it. Let go
 * with `a`. */
struct town *town_hold(const struct town *t, struct arena *a);
/* Looks whether the pack in force or the keyring's folder is another than what later holds would get; if so, loads
 * them aside and puts them in their place. Costs one row and one listing of the folder. What fails leaves everything as
 * it was, and is not tried again before it changes or a minute has passed. Any thread. */
MUST_USE struct err *town_refresh(const struct town *t, struct db *db, struct arena *errors,
	bool *ret_changed);
/* For metrics: how much of what was ever in force is still in memory. */
struct town_stats {
	int64_t editions, pack_versions;
};
struct town_stats town_stats(const struct town *t);

/* The pack in force for this holder, and valid as long as it holds. */
const struct pack *town_pack(struct town *t);
int64_t town_pack_version(struct town *t);
/* The version an open case stands on; valid as long as `a`. */
MUST_USE struct err *town_pack_of(struct town *t, struct db *db, struct arena *a, int64_t version,
	const struct pack **ret);
MUST_USE struct err *town_procedure(struct town *t, struct db *db, struct arena *a, int64_t version,
	struct str slug, const struct procedure **ret); /* ERR_NOT_FOUND */
/* Stores a checked pack folder as a new version and puts it in force, for `t` too: it shows it from then on, and what
 * it showed before is gone. The same content is no new version. For tools: one thread has `t`. */
MUST_USE struct err *town_pack_load(struct town *t, struct arena *a, struct str pack_folder,
	int64_t *ret_version);

const struct work_calendar *town_calendar(struct town *t);
/* Database ids of departments by their pack slug; 0 when unknown. */
int64_t town_department_id(struct town *t, struct str slug);
struct str town_department_slug(struct town *t, int64_t id);

/* The name the town's log signs under: its public address without scheme; a simulated town says so in it. */
struct str town_origin(const struct town *t, struct arena *a);
/* The address as it is printed, without scheme: "tramites.leon.example/verificar". */
struct str town_printed_address(const struct town *t, struct arena *a, const char *path);

/* A read connection of one's own thread (loops and job threads keep one per town). */
MUST_USE struct err *town_connect(const struct town *t, struct arena *a, struct db **ret);
