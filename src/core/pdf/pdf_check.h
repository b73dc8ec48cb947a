/*
 * Examines the structure of a PDF by the machine-checkable conditions of PDF/UA-1 (ISO 14289-1) that our
 * papers must meet, and those of PDF/A-2u (ISO 19005-2) that we claim. It proves no conformance: reading
 * order, wording of alternative texts and sense of headings need a person. Used by the tests, and by the
 * publication of a pack over a specimen of each template.
 *
 * Reads files of our own writer and reasonably general others (classical and stream cross-references,
 * object streams, Flate). Bytes may come from anywhere: depth, count and inflated size are bounded.
 */
#pragma once
#include "base/err.h"

/* X(rule, what it demands): the one list. */
#define PDF_RULES(X)                                                                                         \
	X(PDF_RULE_MARKED, "the catalogue has MarkInfo with Marked true")                                        \
	X(PDF_RULE_LANG, "the catalogue names the language")                                                     \
	X(PDF_RULE_TITLE, "a title, shown by the viewer (DisplayDocTitle)")                                      \
	X(PDF_RULE_XMP, "XMP metadata with title and pdfuaid, equal to Info")                                    \
	X(PDF_RULE_INTENT, "an output intent with a colour profile")                                             \
	X(PDF_RULE_ID, "the trailer has an ID")                                                                  \
	X(PDF_RULE_TREE, "a structure tree whose elements have known types and right parents")                   \
	X(PDF_RULE_CONTENT, "every painting operator lies in a tagged sequence or an artifact")                  \
	X(PDF_RULE_NESTING, "marked content is balanced, artifacts hold no tags and tags no artifacts")          \
	X(PDF_RULE_MCID, "each MCID stands once on the page, in the parent tree and under its element")          \
	X(PDF_RULE_FONT, "fonts are embedded and have ToUnicode")                                                \
	X(PDF_RULE_GLYPH, "no .notdef is shown and each glyph has a Unicode value")                              \
	X(PDF_RULE_HEADING, "headings start at H1 and skip no level")                                            \
	X(PDF_RULE_TABLE, "tables are regular and their header cells have a Scope")                              \
	X(PDF_RULE_LIST, "lists hold items, items hold label or body")                                           \
	X(PDF_RULE_FIGURE, "figures have an alternative text")                                                   \
	X(PDF_RULE_ANNOTATION, "annotations are tagged, described and printable")                                \
	X(PDF_RULE_TABS, "pages with annotations have Tabs S")                                                   \
	X(PDF_RULE_ACTIVE, "no script, launch action, embedded file or encryption")                              \
	X(PDF_RULE_ARCHIVE, "no transparency, external stream, LZW or device colour without profile")            \
	X(PDF_RULE_CLAIM, "what XMP claims is what these rules look at")

enum pdf_rule {
#define X(rule, text) rule,
	PDF_RULES(X)
#undef X
		PDF_RULE_MAX
};

struct pdf_finding {
	enum pdf_rule rule;
	int page;          /* from 1; 0: the document */
	struct str detail; /* for the log and for template authors */
};

#define PDF_FINDINGS_MAX 200

struct pdf_report {
	struct pdf_finding findings[PDF_FINDINGS_MAX];
	size_t count;
	bool truncated; /* there were more */
	int pages;
	int elements;  /* in the structure tree */
	int operators; /* that paint */
};

const char *pdf_rule_name(enum pdf_rule rule); /* "PDF_RULE_LANG" */
const char *pdf_rule_text(enum pdf_rule rule);

/* ERR_MALFORMED when the bytes cannot be read as a PDF, ERR_TOO_LARGE past a limit. */
MUST_USE struct err *pdf_check(struct arena *a, struct str pdf, struct pdf_report *ret);
