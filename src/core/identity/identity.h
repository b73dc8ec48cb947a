/*
 * Checks of identity numbers, telephones and mail addresses: shape, dates inside, check digits. They prove that
 * something was typed well, never that it exists or belongs to anyone.
 *
 * Each takes text as a person types it (spaces, hyphens, small letters) and gives the canonical form, which is
 * what is stored and compared. Which country's numbers a form asks for is the definition's choice of field type.
 */
#pragma once
#include "base/arena.h"

enum identity_result {
	IDENTITY_OK,
	IDENTITY_SHAPE, /* not so many letters and digits, or in another order */
	IDENTITY_DATE,  /* the date inside does not exist */
	IDENTITY_PLACE, /* the state inside does not exist */
	IDENTITY_DIGIT, /* the check digit does not agree */
	IDENTITY_RESULT_MAX
};
const char *identity_result_name(enum identity_result r); /* "ok", "shape", "date", "place", "digit" */

/* Upper case without spaces, dots and hyphens; Ñ kept. Anything else stays and fails the shape. */
struct str identity_canonical(struct arena *a, struct str typed);

/* CURP: Mexico, 18 characters. */
enum identity_result curp_check(struct str canonical);
/* RFC: Mexico, 12 (company) or 13 (person). IDENTITY_DIGIT is a warning: about 1.5 % of real ones disagree. */
enum identity_result rfc_check(struct str canonical);
/* The two characters of the homoclave of a name "SURNAME SURNAME GIVEN"; false when it has other letters. */
bool rfc_homoclave(struct str name, char ret[static 3]);
/* Spain: DNI, NIE, K/L/M numbers and companies (CIF). */
enum identity_result nif_check(struct str canonical);

/* E.164: "477 000 0000" with prefix "+52" and 10 digits gives "+524770000000". False when it is no number. */
bool phone_canonical(struct arena *a, struct str typed, struct str prefix, int digits, struct str *ret);
/* RFC 5321 address with a dotted domain; the domain in small letters. */
bool mail_canonical(struct arena *a, struct str typed, struct str *ret);
