/*
 * The life of one case of the demonstration: what will happen to it is drawn when it begins; when each step happens
 * follows from the step before, from the office's hours and from the term that the procedure gives. The steps
 * themselves are those of core/case, taken by accounts of the town inside its writer.
 */
#pragma once
#include "app/demo/dice.h"
#include "core/case/filing.h"

/* X(act): in the order in which they may come. */
#define ACTS(X)                                                                                              \
	X(ACT_BEGIN)                                                                                             \
	X(ACT_FILE)                                                                                              \
	X(ACT_TAKE)                                                                                              \
	X(ACT_NOTE)                                                                                              \
	X(ACT_QUESTION)                                                                                          \
	X(ACT_REPLY) X(ACT_ASK) X(ACT_CORRECT) X(ACT_DECIDE) X(ACT_SIGN) X(ACT_PAY) X(ACT_DELIVER) X(ACT_WITHDRAW)
enum act {
#define X(act) act,
	ACTS(X) ACT_NONE
#undef X
};

enum { STORY_CLERKS_MAX = 4 };

/* Who works in the town of the demonstration. */
struct story_staff {
	struct story_clerk {
		int64_t id;
		struct str department; /* whose cases they see; empty: all */
	} clerks[STORY_CLERKS_MAX];
	size_t clerk_count;
	int64_t officer, counter, cashier;
	struct str office; /* where they sit */
};

struct story {
	int n; /* from 1: also which applicant */
	const struct procedure *procedure;
	bool is_at_counter;
	int64_t clerk;
	/* What will happen. */
	bool is_forgotten, is_stalled; /* nobody takes it; taken and left */
	bool is_noted, has_question, is_asked, is_corrected, is_withdrawn, is_refused;
	bool is_signed, is_paid, is_collected;
	/* What has happened. */
	int64_t draft_id, case_id;
	struct str draft_code, number, status_code, key;
	bool is_free; /* nothing was to be paid */
};

/* `is_recent`: it begins in the last weeks of the demonstration, and may be left lying. */
struct story story_draw(struct dice *d, int n, const struct procedure *p, const struct story_staff *staff,
	bool is_recent);
/* The step after `act`, which happened at `at`, and its time; ACT_NONE: nothing more. */
enum act story_next(struct dice *d, struct town *t, const struct story *s, enum act act, struct instant at,
	struct instant *ret_at);
/* The first moment in office hours at or after `at`. */
struct instant story_office_time(struct dice *d, struct town *t, struct instant at);
const char *act_name(enum act act);
