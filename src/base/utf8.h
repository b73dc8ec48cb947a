/*
 * UTF-8: checking, normalising, folding. Text from outside is checked once, where it enters (utf8_valid),
 * and brought to NFC wherever it is compared or stored.
 */
#pragma once
#include "base/arena.h"

/* Well-formed by RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF, no NUL. */
bool utf8_valid(struct str s);
/* Allowed in a line of text: valid, and no control character (C0, DEL, C1); `multiline` allows \n, \t and
 * turns no other. Bidirectional overrides (U+202A–202E, U+2066–2069) are refused too. */
bool utf8_is_plain(struct str s, bool multiline);
struct str utf8_nfc(struct arena *a, struct str s); /* `s` must be valid */
size_t utf8_length(struct str s);                   /* code points; `s` must be valid */
/* Reads the code point at *pos and moves past it; -1 at the end or on a broken byte (pos moves by 1). */
int32_t utf8_next(struct str s, size_t *pos);
size_t utf8_encode(int32_t code_point, char out[static 4]); /* bytes written, 0 when not encodable */
/* At most `max` code points, cut at a code point. */
struct str utf8_cut(struct str s, size_t max);

/* What search compares: NFKD, lower case, marks dropped (García → garcia, and ñ → n), everything that is
 * not a letter or digit to one space, trimmed. */
struct str utf8_search_fold(struct arena *a, struct str s);
/* What lists sort by, equal on every engine under byte order: lower case, accents dropped, but ñ after n
 * and before o ("n~"), as Spanish and Basque order it. */
struct str utf8_sort_key(struct arena *a, struct str s);
