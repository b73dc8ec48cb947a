/*
 * From the facts of a decision or of a filing to a tagged PDF with an empty place for the seal.
 *
 * The caller says what stands on the paper, in the language of the paper; this layer knows layout, type,
 * structure tags and PDF, and holds no word of any language. The same view gives the same bytes: dates,
 * numbers and keys come in, nothing is read from a clock or from chance. What comes out is sealed with
 * pades_seal() (pades.h) and can be examined with pdf_check() (pdf_check.h).
 *
 * A text that no face can print is an error (ERR_INVALID, "pdf.character") and never an empty box: ask
 * press_can_print() where text enters a document. Markdown is CommonMark with GitHub tables; images, raw
 * HTML and headings that skip a level are refused.
 */
#pragma once
#include "base/err.h"
#include "base/instant.h"

/* --- the press: faces and colour profile, opened once, never changed, shared by threads ------------- */

struct press;

struct press_paths {
	struct str fonts;    /* folder with our faces (assets/fonts of the program) */
	struct str fallback; /* folder with NotoSans-Regular.ttf and -Bold.ttf; none: where Debian puts them */
	struct str profile;  /* an sRGB ICC profile; none: where Debian puts it */
};

/* The press lives in `a` and is closed with it. ERR_UNAVAILABLE names the file that is missing. */
MUST_USE struct err *press_open(struct arena *a, const struct press_paths *paths, struct press **ret);
/* True when every character has a glyph. Otherwise the first that has none is in *ret_missing (which may be
 * NULL). `text` is valid UTF-8. */
bool press_can_print(const struct press *p, struct str text, int32_t *ret_missing);

/* --- what both papers share ------------------------------------------------------------------------- */

struct paper_rgb {
	uint8_t r, g, b;
};

/* The town's side of the paper: the same for all its documents. */
struct paper_brand {
	struct str name, sub;       /* "Municipio de León", "Guanajuato" */
	struct str logo_svg;        /* the subset of pdf_svg.h; currentColor is the town's; none: no mark */
	struct str seal_text;       /* around the seal: at most some 40 characters */
	struct paper_rgb town;      /* headings, rules, seal */
	struct paper_rgb town_deep; /* the largest words */
	struct paper_rgb town_tint; /* quiet panels, table heads, lots of a plan */
	struct paper_rgb town_line; /* guilloche and margin rule */
	struct str watermark;       /* of a simulated municipality, on each page; none on a live one */
};

/* Sentences in the paper's language; {page} {pages} {key} {address} are filled in. */
struct paper_labels {
	struct str page;       /* "Página {page} de {pages}" */
	struct str margin;     /* "Clave {key} · compruebe en {address} · página {page} de {pages}" */
	struct str check;      /* footer, markdown: "Compruebe este documento en **{address}** con …" */
	struct str seal_alt;   /* what the seal figure says to a screen reader */
	struct str qr_alt;     /* the same for the QR code */
	struct str seal_field; /* name of the electronic seal for assistive technology */
};

struct paper_fact {
	struct str key;
	struct str value; /* lines separated by \n */
	struct str note;  /* quieter second line; or none */
	bool strong;
};

/* What a check of the paper needs. An empty key leaves out margin line and QR code. */
struct paper_check {
	struct str key;     /* as printed, in groups: "3F7K-Q9XM-…" */
	struct str address; /* as printed: "leon.example/verificar" */
	struct str qr;      /* the bytes in the QR code: the full address with the key in its fragment */
};

/* --- permit, licence, certificate, resolution ------------------------------------------------------- */

struct document_number {
	struct str label, value; /* "Oficio", "S-2026-009240" */
};

struct document_section {
	struct str heading;             /* or none */
	struct str markdown;            /* or none; its headings start at level 3 ("#" → H3) */
	const struct paper_fact *facts; /* a grid of key and value, below the text */
	size_t fact_count;
};

struct document_view {
	struct str lang;     /* BCP 47: "es-MX" */
	struct str author;   /* for the metadata: the organ or the town */
	struct instant made; /* Info and XMP dates */
	struct paper_brand brand;
	struct paper_labels labels;
	struct paper_check check;

	struct str department, title;
	const struct document_number *numbers;
	size_t number_count;

	struct str grant_value; /* what is granted, in one glance: "123"; or none */
	struct str grant_text;  /* markdown beside it */

	struct str plan_svg; /* a drawing beside the first sections (subset of pdf_svg.h); or none */
	struct str plan_alt; /* obligatory with it */

	const struct document_section *sections;
	size_t section_count;
	struct str decisions_heading; /* "Se resuelve" */
	const struct str *decisions;  /* markdown of one paragraph each: a numbered list */
	size_t decision_count;
	struct str basis_heading; /* "Fundamento y vigencia" */
	struct str basis;         /* markdown */
	struct str validity;      /* markdown paragraph after it; or none */

	struct str officer, post; /* name and post of who decided */
	struct str organ;         /* whose seal it is */
	struct str seal_line;     /* "Firma electrónica del órgano: PAdES, clave de sello DU-1" */
	struct str place_date;    /* "León, Guanajuato, 8 de diciembre de 2026" */
	struct str seal_date;     /* in the seal: "8 · DIC · 2026" */
};

MUST_USE struct err *document_render(struct arena *a, const struct press *press,
	const struct document_view *v, struct str *ret_pdf);

/* --- receipt of a filing (acuse) -------------------------------------------------------------------- */

struct receipt_file {
	struct str name, size; /* size as it is to be read: "1.8 MB" */
	struct str sha256;     /* 64 hexadecimal digits */
};

struct receipt_step {
	struct str title, text;
	bool done;
};

struct receipt_view {
	struct str lang, author;
	struct instant made;
	struct paper_brand brand;
	struct paper_labels labels;
	struct paper_check check; /* qr: the /estado address; printed in the stub */

	struct str title;                /* "Recibimos su solicitud" */
	struct str number_label, number; /* the registry number */
	const struct paper_fact *facts;  /* instant, office, procedure, person, due date, silence */
	size_t fact_count;
	struct str files_heading, files_name, files_size, files_sha256; /* heading and column heads */
	const struct receipt_file *files;
	size_t file_count;
	struct str code_heading, code_text, code; /* the status code in the stub */
	struct str stub_text;                     /* markdown beside the QR code */
	struct str steps_heading;
	const struct receipt_step *steps;
	size_t step_count;
	struct str seal_date; /* in the seal */
	struct str seal_line; /* which key sealed it; or none */
};

MUST_USE struct err *receipt_render(struct arena *a, const struct press *press, const struct receipt_view *v,
	struct str *ret_pdf);
