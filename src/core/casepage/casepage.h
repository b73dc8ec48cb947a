/*
 * What the pages of a case have in common, whoever reads them: the clock with its reasons, the history, the
 * files, the conversation, the answers. Built from the rows once; the citizen's and the office's templates show
 * it in their own way.
 */
#pragma once
#include "core/case/case.h"
#include "core/case/case_clock.h"
#include "core/document/queries.h"
#include "core/layout/parts.h"
#include "web/request.h"
#include "web/response.h"

struct why_line {
	struct str when;    /* "11–18 nov" */
	struct str text;    /* "Corrieron 5 días hábiles" */
	struct str article; /* "Ley 39/2015, art. 30.3"; none when no rule says it */
	bool is_future;
};
struct why_lines {
	struct why_line *items;
	size_t count;
};
/* The card "Nuestro plazo". {{call clock_card(v.clock)}} */
struct clock_view {
	bool has_deadline;
	int left;             /* working days left; when late, how many past (positive) */
	struct str left_text; /* "días hábiles nos quedan" */
	bool is_over;         /* nothing is counted any more: the tag says how it ended */
	struct tag_view *tag; /* "En pausa", "Vencido"; NULL: none */
	struct days_view days;
	bool has_days;
	struct str sentence; /* "Le respondemos a más tardar el martes 8 de diciembre." */
	struct why_lines why;
	bool is_unconfirmed; /* the date rests on a rule that nobody has confirmed yet */
};

struct message_line {
	bool is_citizen, is_note;
	struct str who, text;
	struct instant at;
};
struct message_lines {
	struct message_line *items;
	size_t count;
};

struct casepage {
	struct case_record record;
	struct case_decision_get_row decision;
	bool is_decided;
	struct deadline deadline;
	bool has_deadline;
	struct clock_view clock;
	struct deadline_view due; /* the small block: number, word, date */
	struct timeline_view history;
	struct message_lines messages; /* notes included only when asked for */
	struct file_rows files;        /* attachments in force, with their state in words */
	struct summary_view answers;
	struct fee_rows fee;
	struct case_correction_open_row correction;
	bool has_correction;
	struct case_items items; /* of the open correction */
	struct case_presented_all_rows
		presented;    /* every version with its registry number; empty: never corrected */
	bool wants_files; /* the scan refused a file and no other came for it */
};

enum casepage_for { CASEPAGE_CITIZEN, CASEPAGE_OFFICE };
/* Reads all of it. `base` is the address of the case's page, which links begin with. */
MUST_USE struct err *casepage_load(struct request *r, enum casepage_for whom, struct str base,
	struct casepage *ret);

/* The small deadline block of a list row, from what the row has: no events are read. */
struct deadline_view casepage_due(struct request *r, struct str queue_key, struct date due, bool is_open);
/* "Calle de Ejemplo 123" of an input name; the label of a field of the form by its id, in the reader's language. */
struct str casepage_field_label(const struct case_record *c, struct str field, struct str lang);

/* Of the case that the object rule found, by the path's second parameter; ERR_NOT_FOUND. */
MUST_USE struct err *casepage_document(struct request *r, struct document_by_id_row *ret);
/* Answers with the stored bytes; a page of ours may show them in a frame. */
MUST_USE struct err *casepage_send(struct request *r, struct response *out, int64_t file_id, struct str name);
MUST_USE struct err *casepage_send_document(struct request *r, struct response *out,
	const struct document_by_id_row *row);
/* Handlers for whoever the route lets in: an attachment of the case, and a document that was issued. */
struct err *casepage_file_page(struct request *r, struct response *out);
struct err *casepage_document_page(struct request *r, struct response *out);
