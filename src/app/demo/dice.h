/* Numbers that look drawn and are the same at every run (SplitMix64): the demonstration has no other chance. */
#pragma once
#include "base/str.h"

struct dice {
	uint64_t state;
};

static inline struct dice dice_of(uint64_t seed) { return (struct dice){ seed }; }
uint64_t dice_next(struct dice *d);
/* 0 ≤ n < `below`, which is at least 1. */
int64_t dice_below(struct dice *d, int64_t below);
/* from ≤ n ≤ to */
int64_t dice_between(struct dice *d, int64_t from, int64_t to);
bool dice_chance(struct dice *d, int percent);
#define DICE_PICK(d, array) ((array)[dice_below((d), (int64_t)(sizeof(array) / sizeof((array)[0])))])
