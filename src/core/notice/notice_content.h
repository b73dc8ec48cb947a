/* The words of one notice, for its two forms: a page (notice.html) and plain text. Nobody outside this folder needs it. */
#pragma once
#include "core/i18n.h"
#include "core/notice/notice.h"
#include "core/notice/queries.h"

struct notice_fact {
	struct str key, value;
};
struct notice_facts {
	struct notice_fact *items;
	size_t count;
};
struct notice_texts {
	struct str *items;
	size_t count;
};
struct notice_content {
	struct str lang, town, sub;  /* "Municipio de León", "Guanajuato"; sub may be none */
	struct str title, greeting;  /* "Recibimos su solicitud", "Hola, Ofelia Muñoz:" */
	struct notice_texts text;    /* paragraphs */
	struct notice_facts missing; /* what to correct, and why */
	struct str due,
		due_more; /* "Tiene hasta el miércoles 2 de diciembre", the rest; none: nothing by a day */
	struct str button, href;   /* the one thing to do; the address carries no key */
	struct notice_facts facts; /* procedure, case, entry */
	struct str help, safety, why;
	struct str demo;   /* the watermark's words; none in a live town */
	struct html style; /* a <style> element in the town's colours; the mail reads well without it */
};

enum message notice_title(enum notice_kind kind);
/* The words as of now. *ret_overtaken: what it would say is no longer so. */
MUST_USE struct err *notice_words(const struct case_record *c, struct db *db, struct arena *a,
	struct instant now, const struct notice_by_id_row *row, struct notice_content *ret, bool *ret_overtaken);
struct str notice_subject(struct arena *a, const struct case_record *c, enum notice_kind kind);
MUST_USE struct err *notice_page(const struct case_record *c, struct arena *a, struct instant now,
	const struct notice_content *v, struct html *ret);
/* Complete without the page, in lines of at most NOTICE_COLUMNS; an address stays whole. */
enum { NOTICE_COLUMNS = 72 };
struct str notice_text(struct arena *a, const struct notice_content *v);
