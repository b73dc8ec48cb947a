/*
 * The Range header (RFC 9110 section 14): one range of bytes. Several ranges at once are answered with the
 * whole, which the standard allows and every client copes with.
 */
#pragma once
#include "base/str.h"

enum range { RANGE_WHOLE, RANGE_PART, RANGE_UNSATISFIABLE };

/* `size` of the whole. Outputs are set for RANGE_PART only. An unreadable header asks for the whole. */
enum range range_parse(struct str header, int64_t size, int64_t *ret_first, int64_t *ret_length);
