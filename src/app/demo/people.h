/*
 * Invented people and places. Names are common ones put together by dice; identity numbers have right check digits
 * and belong to nobody on purpose; mail lies in .example, which no one can own; streets and neighbourhoods are made up.
 */
#pragma once
#include "app/demo/dice.h"
#include "core/definition/answers.h"

struct person {
	struct str given, surname, second_surname;
	struct str name;     /* all three */
	struct str surnames; /* both */
	struct str curp, rfc, nif, mail, phone;
	struct date born;
};

/* `country`: ISO 3166; which numbers and names there are. `n`: makes mail and telephone unique. */
struct person person_draw(struct dice *d, struct arena *a, const struct pack *pack, int n);
/* The same under these surnames; NULL: drawn. */
struct person person_draw_named(struct dice *d, struct arena *a, const struct pack *pack, int n,
	const char *surname, const char *second_surname);
/* The parts that this town asks for, and some of those it does not insist on. */
struct postal_address address_draw(struct dice *d, struct arena *a, const struct pack *pack);
/* In and around the town: degrees × 10^7. */
void point_draw(struct dice *d, const struct pack *pack, int64_t *ret_latitude_e7, int64_t *ret_longitude_e7);
