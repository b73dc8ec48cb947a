/*
 * Random bytes from the kernel, for request ids, cookies and masks. Commits take theirs from tx_random().
 */
#pragma once
#include "base/arena.h"

void entropy_fill(void *bytes, size_t n);
/* `chars` characters a–z2–7 (RFC 4648 base32, lower case), five random bits each. */
struct str entropy_base32(struct arena *a, size_t chars);
