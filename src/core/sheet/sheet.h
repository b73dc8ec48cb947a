/*
 * A procedure's public facts in the reader's words: what it costs, how long it takes, how it is done. Cards, the
 * sheet, forms and receipts say them alike because they come from here. What is not known says so: nothing is
 * guessed.
 */
#pragma once
#include "core/definition/pack.h"

/* "15 días hábiles", "De 15 a 30 días hábiles", "Al momento", "Sin dato". */
struct str sheet_span(struct arena *a, struct str lang, const struct span *s);
/* "$ 412.00", "Sin costo", "Según superficie", "Sin dato". */
struct str sheet_fee(struct arena *a, struct str lang, const struct pack *pack,
	const struct fee_summary *fee);
/* When it is paid: "Se paga al recoger"; "" when nothing is. */
struct str sheet_fee_moment(struct str lang, const struct fee_summary *fee);
/* "En línea o en persona". */
struct str sheet_channels(struct arena *a, struct str lang, unsigned channels);
/* "Unos 12 minutos"; "" when unknown. */
struct str sheet_minutes(struct arena *a, struct str lang, int minutes);
/* "Código …, artículo 27, fracción VII" */
struct str sheet_basis(struct arena *a, struct str lang, const struct legal_basis *b);
/* Digital, original, copy … as a short phrase; "" when it says nothing. */
struct str sheet_requirement_form(struct arena *a, struct str lang, const struct requirement *r);

/* What one sees of a procedure in a list. */
struct procedure_card {
	struct str href, icon, name, summary, fee, term, channels;
	bool is_demo; /* cost or term are samples */
};
struct procedure_cards {
	struct procedure_card *items;
	size_t count;
};
struct procedure_card sheet_card(struct arena *a, struct str lang, const struct pack *pack,
	const struct procedure *p);
/* Whether anything that the sheet shows is a sample. */
bool sheet_is_demo(const struct procedure *p);
