/*
 * What makes the pages a document: the empty signature, metadata (Info and XMP alike), output intent,
 * catalogue.
 */
#pragma once
#include "core/pdf/pdf_page.h"

/* Room for the CMS in bytes: chains of real time-stamp authorities pass 7 kB. */
enum { PDF_SEAL_BYTES = 16 * 1024 };

struct pdf_meta {
	struct str lang, title, author, seal_name;
	struct instant made;
};

/* Must be the first object written: pades.c finds the hole at the file's start, where no text of the document
 * can imitate it. */
void pdf_meta_signature(struct pdf_doc *d, struct str name);
/* Fonts, pages, tree, metadata, catalogue, trailer. The seal's field goes on the last page. */
MUST_USE struct err *pdf_meta_finish(struct pdf_doc *d, const struct pdf_meta *m, struct str *ret_pdf);
