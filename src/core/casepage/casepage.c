#include "core/casepage/casepage.h"
#include "core/casepage/casepage_clock.h"
#include "core/event/queries.h"
#include "core/file/file.h"
#include "core/file/queries.h"
#include "core/i18n.h"
#include "core/notice/notice.h"
#include "core/question/point.h"
#include "core/staff/queries.h"
#include "i18n/casepage.h"

/* --- history --------------------------------------------------------------------------------------------- */

static const struct {
	const char *type;
	enum message citizen, office; /* MESSAGE_NONE: not shown to them */
} events[] = {
	{ "case.filed", MSG_CASEPAGE_FILED, MSG_CASEPAGE_FILED_OFFICE },
	{ "case.taken", MSG_CASEPAGE_TAKEN, MSG_CASEPAGE_TAKEN_OFFICE },
	{ "case.given_back", MESSAGE_NONE, MSG_CASEPAGE_GIVEN_BACK },
	{ "case.correction_asked", MSG_CASEPAGE_CORRECTION_ASKED, MSG_CASEPAGE_CORRECTION_ASKED_OFFICE },
	{ "case.correction_answered", MSG_CASEPAGE_CORRECTION_ANSWERED, MSG_CASEPAGE_CORRECTION_ANSWERED_OFFICE },
	{ "case.files_given", MSG_CASEPAGE_FILES_GIVEN, MSG_CASEPAGE_FILES_GIVEN_OFFICE },
	{ "case.decided", MESSAGE_NONE, MSG_CASEPAGE_DECIDED },
	{ "case.returned", MESSAGE_NONE, MSG_CASEPAGE_RETURNED },
	{ "case.approved", MSG_CASEPAGE_APPROVED, MSG_CASEPAGE_APPROVED_OFFICE },
	{ "case.refused", MSG_CASEPAGE_REFUSED, MSG_CASEPAGE_REFUSED_OFFICE },
	{ "case.paid", MSG_CASEPAGE_PAID, MSG_CASEPAGE_PAID },
	{ "case.delivered", MSG_CASEPAGE_DELIVERED, MSG_CASEPAGE_DELIVERED },
	{ "case.withdrawn", MSG_CASEPAGE_WITHDRAWN, MSG_CASEPAGE_WITHDRAWN_OFFICE },
	{ "document.issued", MSG_CASEPAGE_DOCUMENT_ISSUED, MSG_CASEPAGE_DOCUMENT_ISSUED },
	{ "document.revoked", MSG_CASEPAGE_DOCUMENT_REVOKED, MSG_CASEPAGE_DOCUMENT_REVOKED },
	/* notice.sent and notice.failed come with their addresses from notice_history() */
	{ "notice.chosen", MSG_CASEPAGE_NOTICE_CHOSEN, MSG_CASEPAGE_NOTICE_CHOSEN_OFFICE },
	{ "notice.declined", MSG_CASEPAGE_NOTICE_DECLINED, MSG_CASEPAGE_NOTICE_DECLINED_OFFICE },
};

static enum message words_of(struct str type, enum casepage_for whom)
{
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		if (str_eq(type, str_of(events[i].type)))
			return whom == CASEPAGE_OFFICE ? events[i].office : events[i].citizen;
	}
	return MESSAGE_NONE;
}

/* Staff are told who of them did it. A case passes through few hands: each name is read once. */
static struct err *actor_name(struct request *r, const struct event_of_case_rows *rows, size_t at,
	struct str *names)
{
	const struct event_of_case_row *row = &rows->items[at];
	struct staff_by_id_row staff;
	bool found;
	names[at] = STR_NONE;
	if (!str_eq(row->actor_kind, STR("staff")) && !str_eq(row->actor_kind, STR("token"))) return NULL;
	for (size_t i = 0; i < at; i++) {
		if (rows->items[i].actor_id != row->actor_id || str_is_none(names[i])) continue;
		names[at] = names[i];
		return NULL;
	}
	TRY(staff_by_id(r->db, r->arena, &(struct staff_by_id_in){ .id = row->actor_id }, &staff, &found));
	if (found) names[at] = staff.display_name;
	return NULL;
}

/* Notices take their place by time among the entries, which are in that order. */
static struct err *add_notices(struct request *r, enum casepage_for whom, int64_t case_id,
	struct timeline_entries *into)
{
	struct notice_told_list told;
	TRY(notice_history(r->db, r->arena, r->lang, case_id, whom == CASEPAGE_OFFICE, &told));
	struct timeline_entry *merged = ARENA_ARRAY(r->arena, struct timeline_entry,
		into->count + told.count + 1);
	size_t i = 0, k = 0, count = 0;
	while (i < into->count || k < told.count) {
		bool is_event = k == told.count || (i < into->count && into->items[i].at.ms <= told.items[k].at.ms);
		merged[count++] = is_event ? into->items[i]
								   : (struct timeline_entry){ .state = TIMELINE_DONE,
										 .title = told.items[k].title,
										 .text = told.items[k].text,
										 .at = told.items[k].at };
		i += is_event ? 1 : 0;
		k += is_event ? 0 : 1;
	}
	*into = (struct timeline_entries){ merged, count };
	return NULL;
}

/* What has happened, and, for the citizen of an open case, what is still to come by the sheet's road. */
static struct err *read_history(struct request *r, enum casepage_for whom, struct casepage *p)
{
	struct event_of_case_rows rows;
	TRY(event_of_case(r->db, r->arena, &(struct event_of_case_in){ .case_id = p->record.row.id }, &rows));
	struct timeline_entry *entries = ARENA_ARRAY(r->arena, struct timeline_entry, rows.count + 1);
	struct str *names = ARENA_ARRAY(r->arena, struct str, rows.count);
	size_t count = 0;
	for (size_t i = 0; i < rows.count; i++) {
		enum message words = words_of(rows.items[i].type, whom);
		if (whom == CASEPAGE_OFFICE) TRY(actor_name(r, &rows, i, names));
		if (words != MESSAGE_NONE)
			entries[count++] = (struct timeline_entry){ .state = TIMELINE_DONE,
				.title = i18n_text(r->lang, words),
				.who = names[i],
				.at = rows.items[i].occurred_at };
	}
	if (count > 0 && p->record.state->turn == TURN_CITIZEN && p->record.state->outcome == OUTCOME_OPEN)
		entries[count - 1].state = TIMELINE_YOU;
	struct timeline_entries all = { entries, count };
	TRY(add_notices(r, whom, p->record.row.id, &all));
	if (whom == CASEPAGE_CITIZEN && p->record.state->outcome == OUTCOME_OPEN)
		all.items[all.count++] = (struct timeline_entry){ .state = TIMELINE_NEXT,
			.title = i18n_text(r->lang, MSG_CASEPAGE_NEXT),
			.at = INSTANT_NONE };
	p->history = (struct timeline_view){ all, whom == CASEPAGE_OFFICE };
	return NULL;
}

/* --- conversation, files, answers --------------------------------------------------------------------------- */

static struct err *read_messages(struct request *r, enum casepage_for whom, struct casepage *p)
{
	struct case_message_all_rows rows;
	TRY(case_message_all(r->db, r->arena, &(struct case_message_all_in){ .case_id = p->record.row.id },
		&rows));
	struct message_line *lines = ARENA_ARRAY(r->arena, struct message_line, rows.count);
	struct str town = p->record.department ? text_in(p->record.department->name, r->lang)
										   : text_in(p->record.pack->full_name, r->lang);
	for (size_t i = 0; i < rows.count; i++) {
		bool is_note = str_eq(rows.items[i].kind, STR("note")),
			 is_citizen = str_eq(rows.items[i].kind, STR("citizen"));
		if (is_note && whom == CASEPAGE_CITIZEN) continue;
		struct str who = town;
		if (is_citizen)
			who = whom == CASEPAGE_CITIZEN ? i18n_text(r->lang, MSG_CASEPAGE_YOU)
										   : p->record.row.applicant_name;
		else if (whom == CASEPAGE_OFFICE && !str_is_none(rows.items[i].display_name))
			who = rows.items[i].display_name;
		lines[p->messages.count++] = (struct message_line){ is_citizen, is_note, who, rows.items[i].text,
			rows.items[i].at };
	}
	p->messages.items = lines;
	return NULL;
}

static struct str file_state(struct request *r, enum file_scan scan, struct str state)
{
	if (str_eq(state, STR("refused"))) return i18n_text(r->lang, MSG_CASEPAGE_FILE_REFUSED);
	if (str_eq(state, STR("accepted"))) return i18n_text(r->lang, MSG_CASEPAGE_FILE_ACCEPTED);
	if (scan == FILE_QUARANTINE) return i18n_text(r->lang, MSG_CASEPAGE_FILE_SCANNING);
	return i18n_text(r->lang,
		scan == FILE_UNSCANNED ? MSG_CASEPAGE_FILE_UNSCANNED : MSG_CASEPAGE_FILE_RECEIVED);
}

static struct err *read_files(struct request *r, struct str base, struct casepage *p)
{
	struct attachment_of_case_rows rows;
	TRY(attachment_of_case(r->db, r->arena, &(struct attachment_of_case_in){ .case_id = p->record.row.id },
		&rows));
	struct file_row *files = ARENA_ARRAY(r->arena, struct file_row, rows.count);
	for (size_t i = 0; i < rows.count; i++) {
		const struct attachment_of_case_row *row = &rows.items[i];
		if (str_eq(row->state, STR("replaced")) || str_eq(row->state, STR("offered"))) continue;
		p->wants_files |= str_eq(row->reason, STR("file.infected")) &&
			p->record.state->outcome == OUTCOME_OPEN;
		enum file_scan scan = file_scan_of(row->scan);
		struct str extension = media_extension(media_of_type(row->media_type));
		struct str facts = arena_printf(r->arena, "%.*s · %.*s",
			STR_FMT(file_size_text(r->arena, row->bytes, &p->record.pack->numbers)),
			STR_FMT(file_state(r, scan, row->state)));
		enum message known;
		if (str_eq(row->state, STR("refused")))
			facts = i18n_find(row->reason, &known) ? i18n_text(r->lang, known) : row->reason;
		files[p->files.count++] = (struct file_row){ .kind = extension,
			.name = row->file_name,
			.facts = facts,
			.is_bad = str_eq(row->state, STR("refused")),
			.href = file_may_open(scan)
				? arena_printf(r->arena, "%.*s/adjuntos/%lld", STR_FMT(base), (long long)row->id)
				: STR_NONE,
			.link = i18n_text(r->lang, MSG_CASEPAGE_FILE_SEE) };
	}
	p->files.items = files;
	return NULL;
}

static void read_answers(struct request *r, struct casepage *p)
{
	struct summary_rows rows = answers_summary(p->record.answers, r->arena, r->lang);
	struct summary_line *lines = ARENA_ARRAY(r->arena, struct summary_line, rows.count);
	size_t count = 0;
	for (size_t i = 0; i < rows.count; i++) {
		if (str_is_empty(rows.items[i].value)) continue;
		struct summary_line *line = &lines[count++];
		*line = (struct summary_line){ .key = rows.items[i].label, .value = rows.items[i].value };
		point_show(r->arena, p->record.pack, rows.items[i].field,
			answer_of(p->record.answers, rows.items[i].field, rows.items[i].row), r->lang, line);
	}
	p->answers = (struct summary_view){ { lines, count }, false };
	p->fee = answers_fee(p->record.answers, r->arena, r->lang);
}

static struct err *read_correction(struct request *r, struct casepage *p)
{
	TRY(case_correction_open(r->db, r->arena,
		&(struct case_correction_open_in){ .case_id = p->record.row.id }, &p->correction,
		&p->has_correction));
	return p->has_correction ? case_items_parse(r->arena, p->correction.items, &p->items) : NULL;
}

struct err *casepage_load(struct request *r, enum casepage_for whom, struct str base, struct casepage *ret)
{
	struct casepage p = { 0 };
	TRY(case_load_decided(r->town, r->db, r->arena, r->case_id, &p.record, &p.decision, &p.is_decided));
	TRY(case_deadline(&p.record, r->db, r->arena, r->now, &p.deadline, &p.has_deadline));
	casepage_clock(r, whom, &p);
	p.due = casepage_due(r, p.record.state->is_final ? STR_NONE : STR("open"), p.record.row.due_on,
		p.record.row.is_open);
	if (p.has_deadline) p.due = casepage_due_of(r, &p.deadline);
	TRY(read_history(r, whom, &p));
	TRY(read_messages(r, whom, &p));
	TRY(read_files(r, base, &p));
	TRY(read_correction(r, &p));
	TRY(case_presented_all(r->db, r->arena, &(struct case_presented_all_in){ .case_id = r->case_id },
		&p.presented));
	read_answers(r, &p);
	*ret = p;
	return NULL;
}

struct str casepage_field_label(const struct case_record *c, struct str field, struct str lang)
{
	const struct field *f = procedure_field(c->procedure, field);
	return f ? text_in(field_short_label(f), lang) : field;
}
