/*
 * What pages are made of: the view structs of the layouts and of the parts that every page uses. Each part is
 * a template in the file named above it: a struct notice_view is printed by {{call notice(v.notice)}}. The
 * class names are those of web/css/ventanilla.css. Texts arrive here already in the reader's language. Start
 * with struct page_view and one of the layouts.
 */
#pragma once
#include "base/arena.h"
#include "base/html.h"
#include "base/instant.h"
#include "core/look.h"

/* --- pages: citizen.html, office.html ---------------------------------------------------------------------- */

struct page_crumb {
	struct str text, href; /* the last has no href: it is this page */
};
struct page_crumbs {
	struct page_crumb *items;
	size_t count;
};

/* A citizen's page. {{layout citizen_layout(v.page)}} gives <main class="main stack"> with the breadcrumbs;
 * {{layout citizen_wide_layout(v.page)}} leaves <main id="main"> to the page; {{layout citizen_focus_layout
 * (v.page)}}, for forms, has a header without navigation and a short footer. */
struct page_view {
	struct str title;       /* of the window; the municipality's name is added */
	struct str description; /* for search engines; may be none */
	bool has_errors;        /* the title then begins with "Error:" */
	bool is_hidden;         /* not for search engines */
	struct page_crumbs crumbs;
	/* citizen_focus_layout */
	struct str task;       /* "Alineamiento y Número Oficial" */
	struct str leave_href; /* "save and leave"; none: no such link */
	struct str reference;  /* "BOR-58213": what to say on the telephone; may be none */
};

struct office_key {
	struct str key, text; /* "J", "bajar" */
};
struct office_keys {
	struct office_key *items;
	size_t count;
};
/* A page of the office: {{layout office_layout(v.page)}}; the page brings what stands inside <main>. */
struct office_view {
	struct str title;
	bool has_errors;
	struct str search;       /* what was searched for, to show it again */
	struct office_keys keys; /* the line at the foot; empty: none */
};

/* --- error.html: filled by error_page.h ------------------------------------------------------ */

struct error_view {
	struct page_view page;
	struct str title, text, what_to_do; /* text and what_to_do may be none */
	struct str request_id;              /* to quote on the telephone */
	struct str back_href, back_text;    /* the one button */
};

/* --- form.html ------------------------------------------------------------------------------------------------ */

enum form_control_kind {
	CONTROL_TEXT,
	CONTROL_TEXTAREA,
	CONTROL_RADIO,
	CONTROL_CHECKBOX,
	CONTROL_SELECT,
	CONTROL_FILE,
	CONTROL_DATE,
};
enum form_control_width { CONTROL_WIDTH_FULL, CONTROL_WIDTH_10, CONTROL_WIDTH_4, CONTROL_WIDTH_CODE };

struct form_choice {
	struct str id; /* unique in the page */
	struct str value, label, hint;
	bool is_chosen;
};
struct form_choices {
	struct form_choice *items;
	size_t count;
};

struct file_row {
	struct str kind;        /* "PDF" */
	struct str name, facts; /* "contrato.pdf", "1.8 MB · revisado" */
	bool is_bad;
	struct str href, link;                             /* "Ver"; none: no link */
	struct tag_view *tag;                              /* NULL: none */
	struct str remove_form, remove_name, remove_value; /* a button of another form; none: no button */
};
struct file_rows {
	struct file_row *items;
	size_t count;
};

/* One question. {{call form_control(c)}} prints the one that `kind` says. */
struct form_control {
	enum form_control_kind kind;
	struct str id, name;
	struct str label, hint, error, value; /* hint, error: none when there is none */
	bool is_optional;                     /* adds "(si tiene)" */
	bool is_title;                        /* the label is the page's <h1>: a page with one question */
	bool is_readonly;
	struct str type;         /* of a text: "email", "tel", …; none is "text" */
	struct str input_mode;   /* "decimal", "numeric"; may be none */
	struct str autocomplete; /* may be none */
	struct str unit;         /* "metros", behind the field; may be none */
	enum form_control_width width;
	int rows;                    /* of a textarea; 0: the usual */
	int max_length;              /* 0: none shown to the browser */
	struct form_choices choices; /* radio, checkbox, select */
	struct str empty_choice;     /* select: the first line, without value; none: there is none */
	struct str day, month, year; /* date: as typed */
	struct str accept;           /* file: ".pdf,image/jpeg" */
	bool is_multiple;            /* file */
	struct file_rows files;      /* file: what is there already */
};

struct error_summary_line {
	struct str href, text; /* "#frente", the same words as at the field */
};
struct error_summary_lines {
	struct error_summary_line *items;
	size_t count;
};
struct error_summary_view {
	struct error_summary_lines lines; /* empty: nothing is printed */
};

/* --- parts.html ----------------------------------------------------------------------------------------------- */

enum part_tone { TONE_PLAIN, TONE_INFO, TONE_OK, TONE_WARN, TONE_BAD, TONE_TOWN };

struct tag_view {
	enum part_tone tone;
	struct str text;
	struct str icon; /* may be none */
};

struct notice_view {
	enum part_tone tone;    /* PLAIN is INFO */
	struct str title, text; /* title in bold; each may be none */
	struct str href, link;  /* may be none */
};

enum deadline_tone { DUE_FAR, DUE_SOON, DUE_TODAY, DUE_LATE, DUE_PAUSED, DUE_NONE };
/* Colour, number and word, always the three. NONE prints nothing. */
struct deadline_view {
	enum deadline_tone tone;
	int days;        /* left, or, when late, past; both positive */
	bool is_natural; /* calendar days, not working days */
	struct str when; /* "lun 7 dic", "venció el 19 nov", "día 5 de 15" */
};

enum timeline_state { TIMELINE_DONE, TIMELINE_YOU, TIMELINE_NEXT };
struct timeline_entry {
	enum timeline_state state;
	struct str title;
	struct instant at;     /* INSTANT_NONE: no time */
	struct str who;        /* before the time, in the office; may be none */
	struct str text;       /* may be none */
	struct str href, link; /* may be none */
};
struct timeline_entries {
	struct timeline_entry *items;
	size_t count;
};
struct timeline_view {
	struct timeline_entries entries;
	bool is_short; /* the office's: one line each */
};

struct files_view {
	struct file_rows files;
};

struct summary_line {
	struct str key, value;
	bool is_number;         /* tabular figures */
	struct str change_href; /* may be none */
	struct str change_what; /* hidden part of "Cambiar …": "frente" */
	struct html drawing;    /* below the value: a place on the map (core/question/point.h); may be none */
	struct str drawing_words;
};
struct summary_lines {
	struct summary_line *items;
	size_t count;
};
struct summary_view {
	struct summary_lines rows;
	bool is_stacked; /* in narrow columns */
};

struct fact_line {
	struct str icon, label, value, note; /* note may be none */
};
struct fact_lines {
	struct fact_line *items;
	size_t count;
};
struct facts_view {
	struct fact_lines facts;
};

struct step_line {
	struct str name;
	struct str href; /* back to a done one; may be none */
	bool is_done, is_now;
};
struct step_lines {
	struct step_line *items;
	size_t count;
};
/* "Paso 3 de 6". {{call steps(v.steps)}} is the line and bar, {{call steps_list(v.steps)}} the names. */
struct steps_view {
	struct step_lines steps;
	int now;         /* from 1 */
	struct str name; /* of this step */
	struct str next; /* of the next; none on the last */
};

/* One row of working days, or rows of five. Filled by days_view_fill(). */
enum strip_day { STRIP_USED, STRIP_PAUSED, STRIP_TODAY, STRIP_LEFT, STRIP_DUE };
struct strip_box {
	enum strip_day state;
	struct str label; /* "13", "II" */
	int x, y;         /* of the box */
	int text_x, text_y;
};
struct strip_boxes {
	struct strip_box *items;
	size_t count;
};
struct days_view {
	struct str label; /* what it shows, in words: "Van 5 de 15 días hábiles" */
	struct strip_boxes boxes;
	int width, height;
	bool is_row;
};
/* Numbers the days that count from 1 and places the boxes: five a row, or all in one. `label` is set too. */
void days_view_fill(struct arena *a, struct str lang, const enum strip_day *days, size_t count, bool is_row,
	struct days_view *ret);

struct pager_view {
	struct str previous_href, next_href; /* none: there is none */
	struct str text;                     /* "1 a 20 de 63"; may be none */
};
