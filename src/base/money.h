/*
 * Amounts in integer cents of the municipality's currency. No floats anywhere. Every operation that can
 * overflow says so; rounding is half away from zero, to the cent, at each multiplication.
 */
#pragma once
#include "base/arena.h"

struct money {
	int64_t cents;
};

static inline struct money money_of_cents(int64_t cents) { return (struct money){ cents }; }
bool money_add(struct money a, struct money b, struct money *ret);
bool money_sub(struct money a, struct money b, struct money *ret);
/* amount × millionths ÷ 1,000,000: quantities and percentages are exact decimals in millionths. */
bool money_mul(struct money amount, int64_t millionths, struct money *ret);
/* "1234.5", "1234.50", optional '-': at most two decimals. */
bool money_parse(struct str s, struct money *ret);
struct str money_plain(struct arena *a, struct money m); /* "1234.50", for APIs and files */
