/*
 * SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed hash for tables that outsiders fill. Not for
 * signatures.
 */
#pragma once
#include "base/str.h"

uint64_t siphash(const unsigned char key[static 16], struct str bytes);
