/*
 * What the parts of the checker share: pdf_check.c (document), pdf_check_tree.c (structure), pdf_check_content.c
 * (pages' operators), pdf_check_font.c (fonts). Not for others.
 */
#pragma once
#include "core/pdf/pdf_check.h"
#include "core/pdf/pdf_file.h"

enum {
	CHECK_PAGES_MAX = 2000,
	CHECK_MCID_MAX = 65535,
	CHECK_OPERATIONS_MAX = 5 * 1000 * 1000, /* values read from content streams, of all pages */
	CHECK_STEPS_MAX = 100 * 1000 * 1000,    /* of searches in trees and lists */
};

struct check_font;

/* One marked-content number of a page. */
struct check_mcid {
	int seen;        /* times in content */
	int64_t element; /* object number of the element that claims it; 0: none */
};

struct check_page {
	const struct pdf_value *dict;
	const struct pdf_value *resources; /* inherited ones too */
	int64_t number;
	struct check_mcid *mcids;
	int mcid_count;
};

struct checker {
	struct arena *arena; /* scratch, until the check is over */
	struct arena *out;   /* of the caller: findings */
	struct pdf_file *file;
	const struct pdf_value *root;
	struct check_page *pages;
	int page_count;
	struct check_font *fonts;
	size_t operations_left, steps_left;
	int intent_components; /* of the output intent's profile; 0: none */
	struct pdf_report report;
};

void check_add(struct checker *c, enum pdf_rule rule, int page, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* Takes `steps` from what may be searched; false when that is used up: a file made to keep us busy. */
bool check_step(struct checker *c, size_t steps);
/* The entry of that number, made when needed; NULL outside the limits. */
struct check_mcid *check_mcid_at(struct checker *c, struct check_page *p, int64_t number);
/* Index of the page with that object number, or -1. */
int check_page_index(struct checker *c, int64_t object);

/* Pages' content streams; `page` from 0. Fills in which MCIDs are there. */
void check_content(struct checker *c, int page);
/* The structure tree, then what of the pages it leaves unclaimed; annotations too. */
void check_tree(struct checker *c);

struct check_font *check_font_open(struct checker *c, const struct pdf_value *reference, int page);
/* A string that is shown in that font. */
void check_font_show(struct checker *c, struct check_font *font, struct str text, int page);
void check_fonts_close(struct checker *c);
