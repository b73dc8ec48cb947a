/*
 * /estilo, the living style guide: every part that pages are made of, in every state, printed by the templates that
 * the product's own pages use. What it shows is what citizens and staff see; tests/browser/styleguide.test.mjs looks
 * at it in both towns and three languages, and holds sizes and colours against what was kept.
 *
 * Served only where installation.yaml or `serve --style-guide` says so, and then only by simulated towns.
 */
#pragma once
#include "core/casepage/casepage.h"
#include "core/layout/parts.h"
#include "core/module.h"
#include "core/question/question.h"
#include "core/sheet/sheet.h"
#include "mod/office/office.h"
#include "mod/tracking/tracking.h"
#include "mod/verify/verify.h"

extern const struct module styleguide_module;

struct guide_names {
	struct str *items;
	size_t count;
};
struct guide_link {
	struct str href, text;
	bool is_current;
};
struct guide_links {
	struct guide_link *items;
	size_t count;
};
struct guide_head { /* of each of its pages */
	struct str title, lead;
	struct guide_links pages;
};

struct guide_tags {
	struct tag_view *items;
	size_t count;
};
struct guide_notices {
	struct notice_view *items;
	size_t count;
};
struct guide_controls {
	struct form_control *items;
	size_t count;
};
struct guide_deadlines {
	struct deadline_view *items;
	size_t count;
};
struct guide_clocks {
	struct clock_view *items;
	size_t count;
};
struct guide_steps {
	struct steps_view *items;
	size_t count;
};

struct guide_base_view { /* /estilo: colours, type, icons, and the smallest parts */
	struct page_view page;
	struct guide_head head;
	struct guide_names colours, icons;
	struct guide_tags tags;
	struct guide_notices notices;
	struct verify_view altered;
};
struct guide_forms_view { /* /estilo/formularios */
	struct page_view page;
	struct guide_head head;
	struct error_summary_view errors;
	struct guide_controls controls;
	struct questions questions; /* every kind that is more than one control */
	struct guide_steps steps;
};
struct guide_case_view { /* /estilo/expediente: what tells how a case stands */
	struct page_view page;
	struct guide_head head;
	struct guide_deadlines deadlines;
	struct guide_clocks clocks;
	struct days_view strip;
	struct timeline_view history;
	struct message_lines messages;
	struct file_rows files;
	struct summary_view answers, data;
	struct facts_view two, four;
	struct procedure_cards cards;
	struct pager_view pages;
	struct case_view yours, ours, over;
	struct verify_view valid;
};
struct guide_office_view { /* /estilo/oficina */
	struct office_view page;
	struct guide_head head;
	struct inbox_view inbox, empty;
	struct guide_deadlines deadlines;
	struct guide_controls controls;
	struct timeline_view history;
	struct message_lines messages;
	struct clock_view clock;
	struct summary_view answers;
	struct error_summary_view errors;
	struct item_choices asks;
};
