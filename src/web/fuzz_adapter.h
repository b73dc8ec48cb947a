/*
 * The parts of the adapter's fuzz target: core behind the server (fuzz_adapter_core.c), what a client says and is owed
 * (fuzz_adapter_script.c), and the play itself (fuzz_adapter.c, where the language of the input is told).
 */
#pragma once
#include "base/buf.h"
#include "web/loop.h"

/* --- core ----------------------------------------------------------------------------------------------- */

struct place;

/* A request as core met it. */
struct met {
	char id[17];
	bool is_head, is_open, is_answered; /* a file of it is being taken; the client has its answer */
	struct pool_job job;
	struct exchange *x;
	const struct place *place;
};

extern const struct str core_fixed_text; /* the answer that is the same for everybody */

/* Starts the server, in front of a handful of places. */
struct server *core_start(void);
/* From here on another input. */
void core_forget(void);
/* The request whose answer bears this id: there is one. */
struct met *core_met(struct str id);
/* A request has not come to its end. */
bool core_is_busy(void);

/* --- what a client says ---------------------------------------------------------------------------------- */

enum { SCRIPT_CUTS = 16, SAID_MAX = 512 * 1024, HEARD_MAX = 16 * 1024 * 1024 };
enum mark { CUT = 1, NEXT, SHUT, RESET, REQUEST, BODY_ENDS, LETTERS, BYTE };

struct text {
	struct buf bytes;
	size_t cuts[SCRIPT_CUTS + 1]; /* the last is the end */
	int cut_count;
};

struct client {
	struct text said;
	enum mark ending; /* CUT: none of SHUT and RESET */
	int fd;
	size_t sent;
	struct buf heard;
	bool is_over; /* the server has closed */
};

struct plain {
	struct str method, path;
	size_t body_bytes;
};

/* Takes the next client from the script of all. */
void script_read(struct arena *a, struct str *script, struct client *c);
/* The next request of what was said, if nothing about it could be read in two ways, and it is complete. */
bool script_next(struct str *said, struct plain *ret);
/* How many answers it is owed: one for each such request. */
int script_owed(const struct client *c);
#define LOWER "abcdefghijklmnopqrstuvwxyz"
/* It has one character at least, and all of them are of `set`. */
bool script_is_of(struct str s, const char *set);
