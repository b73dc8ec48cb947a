/*
 * Papers for the tests: the permit and the receipt of the look, and a long one with everything in it.
 */
#pragma once
#include "base/testing.h"
#include "core/pdf/document.h"
#include "core/pdf/pades.h"

struct press *sample_press(struct test *t);        /* NULL after failing the test */
struct document_view sample_permit(void);          /* one page */
struct document_view sample_long(struct arena *a); /* several pages: tables, lists, Polish, combining marks */
struct receipt_view sample_receipt(void);
/* RSA-2048 under an authority of its own; `ret_authority_pem` is what a verifier trusts. */
struct seal_key *sample_key(struct test *t, enum seal_algorithm algorithm, struct str *ret_authority_pem);
struct instant sample_instant(void);
/* The permit (or another view's paper), sealed. */
struct str sample_sealed(struct test *t, struct str pdf, const struct seal_key *key);
