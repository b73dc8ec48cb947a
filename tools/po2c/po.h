/*
 * Reads one gettext catalogue (.po): comments, msgid, msgid_plural, msgstr, msgstr[n], text over several
 * lines, the header's Plural-Forms. Keys are names such as portal.home.title, so contexts are refused. Fuzzy
 * and obsolete entries count as not translated. What all catalogues together must satisfy is catalogue.h's.
 */
#pragma once
#include "tools/lib/tree.h"

enum { PO_MAX_FORMS = 6 };

struct po_entry {
	struct str key;
	bool is_plural;
	struct str forms[PO_MAX_FORMS]; /* one, or as many as the language has; empty: not translated */
	int form_count;
	bool is_fuzzy;
	struct place at;
	struct po_entry *next;
};

struct po_file {
	struct str language; /* "es": from the file's name */
	struct str path;
	struct po_entry *entries; /* in order, without the header */
	struct str plural;        /* the expression of Plural-Forms */
	int plural_count;         /* nplurals */
	struct place plural_at;
	struct po_file *next;
};

/* `path` ends with ".LL.po". */
struct po_file *po_read(struct arena *a, struct str path, struct str text, struct complaints *c);
