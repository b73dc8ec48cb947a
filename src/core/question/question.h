/*
 * A field of a definition as a question in a page: from the typed model (definition/procedure.h), what was
 * answered (definition/answers.h) and what is wrong with it to the structs that question.html prints. Citizens'
 * forms, corrections, the counter and the decision's fields all come through here.
 *
 *   struct question_context c = { .answers = answers, .lang = r->lang, .errors = errors.first, … };
 *   struct questions q = questions_of_fields(a, &c, &page->fields);      {{call questions(v.questions)}}
 *   struct error_summary_view e = questions_errors(a, &c);               {{call error_summary(v.errors)}}
 *
 * Names of inputs are those of answers.h; ids are the names. Conditions are decided here; each conditional
 * question also carries its expression for web/js/questions.js, which shows and hides at once where there is
 * JavaScript. Buttons that act on the form (remove a file, add a row) are named QUESTION_REMOVE_FILE and so on.
 */
#pragma once
#include "core/definition/answers.h"
#include "core/draft/draft_file.h"
#include "core/layout/parts.h"

#define QUESTION_REMOVE_FILE "_quitar"     /* value: the caller's id of the file */
#define QUESTION_ADD_ROW "_agregar"        /* value: the group's id */
#define QUESTION_REMOVE_ROW "_quitar_fila" /* value: "group.row" */
#define QUESTION_MAP "_mapa"       /* value: "point.act"; a map that was clicked: "_mapa.point.x" and ".y" */
#define QUESTION_MAP_VIEW "_vista" /* "_vista.point": what the map shows, see question_map.c */
#define QUESTION_SHOWN "_visto"    /* names of the questions that the person had before them */

enum question_kind {
	QUESTION_CONTROL, /* one control */
	QUESTION_PARTS,   /* an address: several inputs under one legend */
	QUESTION_POINT,   /* a place on the map: two numbers, and a picker where there is JavaScript */
	QUESTION_ROWS,    /* a repeated group */
	QUESTION_HEADING,
	QUESTION_NOTE,
};

struct question_part {
	struct form_control control;
	bool is_wide; /* takes the whole line */
};
struct question_parts {
	struct question_part *items;
	size_t count;
};
struct question;
struct questions {
	struct question *items;
	size_t count;
};
struct question_row {
	struct str id, title; /* "niveles.1", "Nivel 2" */
	struct questions questions;
	struct str form, remove_value; /* none: it cannot be removed */
};
struct question_rows {
	struct question_row *items;
	size_t count;
};

/* The map of a point. Without JavaScript its buttons act on the form; web/js/map.js takes them over. */
struct question_map {
	struct str name, town; /* of the question */
	bool has_point;
	struct html drawing;
	struct str view;    /* of the hidden input */
	struct str address; /* of the map's shapes, for the browser */
	struct str tiles;   /* none: the shapes are what is shown */
	int zoom_max;
	bool is_schematic;
	struct str attribution; /* may be none */
	bool has_buttons;
};

struct question {
	enum question_kind kind;
	struct str name;
	struct form_control control; /* for PARTS, POINT and ROWS: label, hint and error of the whole */
	struct question_parts parts; /* PARTS, POINT */
	struct question_rows rows;
	struct str add_value, form; /* ROWS: of the button that adds one; none when no more fit */
	struct str title;           /* HEADING */
	struct html note;           /* NOTE */
	struct str when;            /* the condition's tree as JSON; none: always asked */
	bool is_hidden;             /* the condition says no at the moment */
	struct str landmarks;       /* POINT: the town's offices as JSON, to say where a point lies */
	struct str where;           /* POINT: where it lies, in words; none: there is none yet */
	struct question_map *map;   /* POINT; NULL: the town has none */
	struct str town, decimal;   /* POINT: for the words that the browser makes */
};

/* A file that a field has already, in the caller's words. */
struct question_file {
	struct str field; /* name of the input */
	struct file_row row;
};

struct question_context {
	const struct answers *answers;
	struct str lang;
	const struct field_error *errors; /* or NULL */
	const struct question_file *files;
	size_t file_count;
	struct str form;               /* id of the <form>, for buttons inside it */
	const struct field *extra_row; /* a group that gets one more, empty row; NULL: none */
	bool has_map_buttons;          /* a POST of the form heeds questions_map_acted() */
	const struct form *posted;     /* what a map shows stays as it was; NULL: it opens at the point */
	bool is_without_mail;          /* the town sends none: to be told by mail is not offered */
};

struct questions questions_of_fields(struct arena *a, const struct question_context *c,
	const struct fields *fields);
/* The summary above the form; each line leads to its question. */
struct error_summary_view questions_errors(struct arena *a, const struct question_context *c);
/* What web/js/questions.js needs beside the conditions: {"decimal":".","today":…,"types":{…},"known":{…}}. */
struct str questions_script(struct arena *a, const struct question_context *c, const struct fields *fields);
/* The names of the questions that are shown now, for the hidden field QUESTION_SHOWN: "uso frente". */
struct str questions_shown(struct arena *a, const struct questions *questions);

/* --- what was posted ------------------------------------------------------------------------------------------- */

/* The fields of a posted form that are answers: names that begin with '_' are buttons and marks of ours, a row that
 * is being removed is left out, and two numbers pasted into the first box of a point are its two. */
struct answer_inputs questions_inputs(struct arena *a, const struct form *form);
/* Was the form sent by a button of a map? Then it is shown again with the map as it is now, and nothing else happens:
 * what was typed is kept, the point is where it was put, and nobody is told yet what is missing. */
bool questions_map_acted(const struct form *form);
/* Was the question of this error before the person when they sent the form? `shown`: QUESTION_SHOWN as posted; none
 * (a program, which sees the whole definition): yes. */
bool question_was_shown(struct str shown, const struct field_error *e);
/* A file that the field did not take: the error at the field, and the row that shows it once. */
struct field_error *question_file_refused(struct arena *a, const struct question_context *c,
	const struct field *f, const struct upload *u, enum draft_refusal why, struct question_file *ret_row);

/* An error in the reader's words. */
struct str question_error_text(struct arena *a, struct str lang, const struct field_error *e);
/* An answer as it stands in an input: what was typed when it could not be read, else the canonical value. */
struct str question_value(struct arena *a, const struct pack *pack, const struct field *f,
	const struct field_answer *answer);
