/*
 * What anybody sees without having filed anything: home, catalogue of procedures and their public sheets, offices,
 * the texts a public site owes (accessibility, privacy), language, and the town's own style sheet.
 * Read module.c for the addresses; each page is one file here and one template.
 */
#pragma once
#include "core/layout/parts.h"
#include "core/module.h"
#include "core/sheet/sheet.h"

extern const struct module portal_module;

/* Where a value comes from: a sample says so, a citation can be followed. */
struct source_view {
	bool is_demo;
	struct str href, text; /* either or none */
};

struct office_line {
	struct str id, name, address, note;
	struct str hours;
	struct tag_view state; /* "Abierta hasta las 15:30" */
	struct str walk_ins;   /* "Con cita o sin cita" */
	struct str map_href;   /* none without a point */
	struct str phone, phone_href, mail, mail_href;
	struct str departments; /* names, one line */
	struct source_view source;
};
struct office_lines {
	struct office_line *items;
	size_t count;
};
/* `only` NULL: all offices of the pack; else those with these ids. */
struct office_lines portal_offices(struct request *r, const struct str_list *only);
struct source_view portal_source(struct str source);

/* --- home.html ------------------------------------------------------------------------------------------------ */

struct home_window { /* of the arcade: lit while somebody attends */
	int x;
	bool is_lit;
	bool is_attended; /* the one in the middle shows who waits for you */
};
struct home_windows {
	struct home_window *items;
	size_t count;
};
struct home_view {
	struct page_view page;
	struct str hint; /* examples of what people type */
	size_t procedure_count;
	bool is_open;
	struct str open_title, open_text;
	struct home_windows windows;
	struct procedure_cards cards;
	struct form_control code;
	struct office_lines offices;
	bool has_phone;
};

/* --- catalogue.html ------------------------------------------------------------------------------------------- */

struct filter_option {
	struct str id, value, label;
	int count;
	bool is_chosen;
};
struct filter_options {
	struct filter_option *items;
	size_t count;
};
struct filter_group {
	struct str name, legend; /* "tema", "Tema" */
	struct filter_options options;
};
struct filter_groups {
	struct filter_group *items;
	size_t count;
};
struct filter_chip {
	struct str label, href; /* the same search without it */
};
struct filter_chips {
	struct filter_chip *items;
	size_t count;
};
struct catalogue_view {
	struct page_view page;
	struct str query;
	size_t total; /* procedures of the town */
	size_t found;
	bool is_search; /* there are words or filters */
	bool is_near;   /* none has all the words; these come near */
	struct filter_groups filters;
	struct filter_chips chips;
	struct str clear_href;
	struct procedure_cards cards;
	struct pager_view pager;
	struct procedure_cards popular; /* when nothing was found */
};

/* --- sheet.html ----------------------------------------------------------------------------------------------- */

struct sheet_requirement {
	struct str icon, name, detail; /* detail: what counts, who issues it, how to get it */
	struct str form;               /* "Original y una copia" */
	struct str when;               /* "Solo si …" */
	struct str href, link;         /* the procedure of this town that yields it */
	struct source_view source;
};
struct sheet_requirements {
	struct sheet_requirement *items;
	size_t count;
};
struct sheet_fee_line {
	struct str label, amount; /* amount none: it depends on answers */
	struct str formula, when;
	struct source_view source;
	struct str basis;
};
struct sheet_fee_lines {
	struct sheet_fee_line *items;
	size_t count;
};
struct sheet_law {
	struct str text, href;
	struct source_view source;
};
struct sheet_laws {
	struct sheet_law *items;
	size_t count;
};
struct sheet_stop {
	struct str title, text;
};
struct sheet_stops {
	struct sheet_stop *items;
	size_t count;
};
struct sheet_fact {
	struct str icon, label, value, note, note_href, note_link;
	bool is_demo;
};
struct sheet_facts {
	struct sheet_fact *items;
	size_t count;
};
struct sheet_view {
	struct page_view page;
	struct str eyebrow, name, what, who, receives, notes;
	struct sheet_facts facts;
	struct sheet_requirements requirements;
	struct sheet_stops steps;
	struct str silence_title, silence_text;
	struct str silence_basis;
	bool silence_confirmed, has_silence;
	struct sheet_fee_lines fees;
	struct sheet_fee_lines tariff;   /* the named figures that the lines use */
	struct str fee_total, fee_where; /* total: none when it depends on answers */
	struct sheet_laws laws;
	struct str reviewed;
	struct str start_href, continue_href; /* none: not online */
	bool has_draft;
	struct office_lines offices;
	bool has_demo;
};

/* --- offices.html, text.html ----------------------------------------------------------------------------------- */

struct offices_view {
	struct page_view page;
	struct office_lines offices;
};
struct text_view {
	struct page_view page;
	struct str title;
	struct html body;
};
