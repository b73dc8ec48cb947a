/*
 * Texts that citizens read, one per language, as a definition holds them; and the mark that says where a
 * value comes from. Interface words are not here: they live in the .po catalogues.
 */
#pragma once
#include "base/arena.h"

struct text_entry {
	struct str lang; /* "es", "eu", "en" */
	struct str text;
};

/* In the order of the file: the first is the fallback. Any text may carry its own `source:`. */
struct text {
	struct text_entry *items;
	size_t count;
	struct str source;
};

/* The text in `lang` ("es-MX" finds "es"); lacking that, in the first language written; STR_NONE when there is
 * none at all. */
struct str text_in(struct text t, struct str lang);
/* The language text_in() answered in: for the lang attribute when it is not the page's. */
struct str text_lang(struct text t, struct str lang);
static inline bool text_is_empty(struct text t) { return t.count == 0; }
/* A text of one language, made by the program (tests, fallbacks). */
struct text text_of(struct arena *a, struct str lang, struct str s);

/*
 * A source is "" (the town answers for the value itself), "demo" (a sample: every page that shows the value
 * says so) or a citation: an address or a few words.
 */
static inline bool source_is_demo(struct str source)
{
	return source.n == 4 && memcmp(source.p, "demo", 4) == 0;
}
bool source_is_address(struct str source); /* http:// or https:// */
