/*
 * One printing: everything a sealed paper is made from, as plain values. A pure function of them, wherever it runs:
 * in the program itself (tools, the demonstration) or in the confined printer (printer.h).
 */
#pragma once
#include "core/pdf/document.h"
#include "core/pdf/pades.h"

struct print {
	bool is_receipt;
	struct str content; /* paper.h's JSON */
	struct paper_brand brand;
	struct paper_labels labels;
	struct paper_check check;
	struct str code;     /* receipt: the status code, as printed */
	struct str case_key; /* receipt: as printed in the stub */
	bool
		is_sealed_apart; /* the seal is in a token, which the printer cannot reach: it lays out and does not seal */
	struct str seal_private_pem, seal_certificates_pem;
	struct instant claimed; /* the time in the seal */
};

/* Renders and seals, or only renders what is sealed apart. `shelf`: where the key is kept for the next; the caller's own. */
MUST_USE struct err *print_run(struct arena *a, const struct press *press, struct seal_shelf *shelf,
	const struct print *p, struct str *ret_pdf);

/* For the way to the printer and back: one JSON text. */
struct str print_write(struct arena *a, const struct print *p);
MUST_USE struct err *print_read(struct arena *a, struct str json, struct print *ret);
