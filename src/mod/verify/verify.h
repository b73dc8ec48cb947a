/*
 * /verificar: anybody checks a document of the town's, by its key or by its file, and learns whether it is valid,
 * altered, expired or revoked. Shown are type, issuer, dates and state; never a person's data.
 */
#pragma once
#include "core/layout/handover.h"
#include "core/layout/parts.h"
#include "core/module.h"

extern const struct module verify_module;

enum verdict {
	VERDICT_NONE, /* nothing asked yet */
	VERDICT_VALID,
	VERDICT_EXPIRED,
	VERDICT_REVOKED,
	VERDICT_PREPARING, /* decided, not printed yet */
	VERDICT_ALTERED,   /* sealed by us, and changed since */
	VERDICT_FOREIGN,   /* a PDF that this town did not issue */
	VERDICT_UNKNOWN,   /* no document has that key, or it cannot be one */
};

struct verify_view {
	struct page_view page;
	enum verdict verdict;
	bool is_bad;
	struct str title, lead; /* "Es válido"; what it means in a sentence */
	struct str icon;
	struct seal_view seal;
	struct summary_view facts;
	struct str compare;      /* the reminder to compare with the paper */
	struct str key;          /* as typed, grouped; none when a file was checked */
	struct str download_key; /* the bytes may be had with it; none: not offered */
	struct str checked_at;   /* "Comprobado el jueves 10 de diciembre de 2026 a las 10:42" */
	struct form_control key_control, file_control;
};
