/*
 * What a frozen document says, as JSON: everything that stands on the paper, in its final words, so that the job
 * which prints it decides nothing, and printing it again gives the same bytes. Only the look (the town's brand,
 * from the pack version of the case) and the secret codes come from elsewhere.
 */
#pragma once
#include "base/json.h"
#include "core/definition/pack.h"
#include "core/pdf/document.h"
#include "core/town/town.h"

enum { PAPER_JSON_MAX = 512 * 1024 };

/* From a view without brand, labels and check codes to JSON, and back. The views' lists live in `a`. */
struct str paper_write_receipt(struct arena *a, const struct receipt_view *v);
struct str paper_write_document(struct arena *a, const struct document_view *v);
MUST_USE struct err *paper_read_receipt(struct arena *a, struct str content, struct receipt_view *ret);
MUST_USE struct err *paper_read_document(struct arena *a, struct str content, struct document_view *ret);

/* The town's side of the paper, in `lang`. */
struct paper_brand paper_brand(struct arena *a, struct town *t, const struct pack *pack, struct str lang);
struct paper_labels paper_labels(struct str lang);
/* As seals bear it: "24 · NOV · 2026". */
struct str paper_seal_date(struct arena *a, struct str lang, struct date d);
