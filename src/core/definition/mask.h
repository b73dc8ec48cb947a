/*
 * Masks: the shape of a short text, as an author writes it and a clerk can read it. '9' is a digit, 'A' a letter,
 * 'X' either, '|' stands between alternatives, anything else is itself: "99999", "99-999-999-999",
 * "AA-9999|AAA-999". No repetition, so matching is linear.
 */
#pragma once
#include "base/arena.h"

enum { MASK_MAX = 100 };
bool mask_is_good(struct str mask);
bool mask_matches(struct str mask, struct str text);
/* Puts in the separators that were left out and makes letters capital: "01000123004" gives "01-000-123-004".
 * False when the text does not fit any alternative. */
bool mask_canonical(struct arena *a, struct str mask, struct str text, struct str *ret);
/* An example that matches: "12-345-678-901". */
struct str mask_example(struct arena *a, struct str mask);
