/*
 * The installation file, DATA/installation.yaml: on which address the program listens and which municipalities it
 * serves under which host names. Nothing else is configured outside the municipalities' databases; every key is
 * in docs/configuration.md. Unknown keys, wrong kinds and hosts given twice are all found in one run.
 */
#pragma once
#include "core/definition/yaml_tree.h"
#include "core/dispatch/dispatch.h"
#include "core/mail/mail.h"
#include "core/timestamp/timestamp.h"

struct installation_town {
	struct str folder;   /* absolute, or as reached from DATA */
	struct str database; /* empty: SQLite in the folder */
	struct str *hosts;
	size_t host_count;
	struct str public_url; /* without '/' at the end */
	bool has_mail;
	struct mail_settings mail;
	bool has_timestamp;
	struct timestamp_settings timestamp;
};

struct installation {
	struct str folder; /* DATA */
	struct app_options app;
	struct str fonts;   /* empty: beside the program */
	struct str scanner; /* clamd's socket; empty: none */
	struct installation_town *towns;
	size_t town_count;
};

enum { INSTALLATION_TOWNS_MAX = 500, INSTALLATION_HOSTS_MAX = 20 };

/* ERR_NOT_FOUND without the file; ERR_INVALID with all findings, one a line. */
MUST_USE struct err *installation_load(struct arena *a, struct str folder, struct installation *ret);
/* The same from text. */
MUST_USE struct err *installation_parse(struct arena *a, struct str folder, struct str source,
	struct installation *ret);
/* The file's text. ERR_NOT_FOUND. */
MUST_USE struct err *installation_read(struct arena *a, struct str folder, struct str *ret);
/* What must not be served: plain HTTP that others than this machine or a proxy can reach, secrets that other users
 * of the machine can read. ERR_USAGE says which and how to mend it. */
MUST_USE struct err *installation_check(const struct installation *in, struct arena *a);
/* Writes a file for these towns, replacing nothing: ERR_CONFLICT when there is one. */
MUST_USE struct err *installation_write(struct arena *a, const struct installation *in);
/* Adds a town to the file (or makes it), keeping what is there and its comments. */
MUST_USE struct err *installation_add(struct arena *a, struct str folder,
	const struct installation_town *town);

/* Lets the file name another database for a town, keeping all else and its comments. */
MUST_USE struct err *installation_set_database(struct arena *a, struct str folder, size_t at, struct str url);

/* The town's part as town_open() takes it. */
struct town_options installation_town_options(const struct installation *in, size_t at,
	const struct press *press);
/* The town whose slug (folder name) or host was given; the only one when `name` is none. ERR_USAGE lists them. */
MUST_USE struct err *installation_find(const struct installation *in, struct arena *a, struct str name,
	size_t *ret);
/* A town's mails lie in a folder instead of being sent: only where it is simulated. ERR_USAGE. */
MUST_USE struct err *installation_check_town(const struct installation *in, size_t at, struct arena *a,
	const struct town *t);
/* An address or name that never leaves this machine. */
bool installation_is_loopback(struct str host);
/* The folder of the faces that documents are printed in; none when there is none to be found. */
struct str installation_fonts(const struct installation *in, struct arena *a);
/* Opens the press with the fonts of the installation or of the program. */
MUST_USE struct err *installation_press(const struct installation *in, struct arena *a, struct press **ret);
