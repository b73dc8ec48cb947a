/* GET /expedientes/{number}: a case with all that is in it, as the case screen of the office shows it. */
#include "core/case/case_offer.h"
#include "core/casepage/casepage.h"
#include "core/crypto/crypto.h"
#include "core/event/queries.h"
#include "core/file/file.h"
#include "core/file/queries.h"
#include "core/staff/queries.h"
#include "mod/api/pages.h"

struct writing {
	struct json_writer *w;
	struct request *r;
	struct arena *arena;
	const struct casepage *page;
	struct str href;
};

static void put_clock(const struct writing *c)
{
	static const char *const states[] = { "running", "paused", "met", "late" };
	static const char *const units[] = { "hours", "working_days", "calendar_days", "calendar_days",
		"calendar_days" };
	const struct deadline *d = &c->page->deadline;
	if (!c->page->has_deadline) return;
	json_key(c->w, STR("clock"));
	json_open(c->w, '{');
	api_put(c->w, "state", str_of(states[d->state]));
	api_put(c->w, "due_on", date_iso(c->arena, d->due));
	api_put(c->w, "unit", str_of(units[d->unit]));
	api_put_int(c->w, "total", d->total);
	api_put_int(c->w, "used", d->used);
	api_put_int(c->w, "left", d->left);
	api_put_bool(c->w, "is_confirmed", d->may_act);
	json_key(c->w, STR("lines"));
	json_open(c->w, '[');
	/* The page's lines are the deadline's, in words. */
	for (size_t i = 0; i < d->lines.count && i < c->page->clock.why.count; i++) {
		const struct deadline_line *line = &d->lines.items[i];
		const struct why_line *words = &c->page->clock.why.items[i];
		json_open(c->w, '{');
		api_put(c->w, "from", date_iso(c->arena, line->from));
		api_put(c->w, "to", date_iso(c->arena, date_is_none(line->to) ? line->from : line->to));
		api_put(c->w, "text", words->text);
		api_put_if(c->w, "article", words->article);
		api_put_bool(c->w, "is_future", line->is_future);
		json_close(c->w, '}');
	}
	json_close(c->w, ']');
	json_close(c->w, '}');
}

static void put_correction(const struct writing *c)
{
	const struct casepage *p = c->page;
	if (!p->has_correction) return;
	json_key(c->w, STR("correction"));
	json_open(c->w, '{');
	api_put(c->w, "reason", p->correction.reason);
	api_put_instant(c->w, c->arena, "requested_at", p->correction.requested_at);
	api_put_date(c->w, c->arena, "due_on", p->correction.due_on);
	json_key(c->w, STR("items"));
	json_open(c->w, '[');
	for (size_t i = 0; i < p->items.count; i++) {
		json_open(c->w, '{');
		api_put(c->w, "field", p->items.items[i].field);
		api_put(c->w, "label", casepage_field_label(&p->record, p->items.items[i].field, c->r->lang));
		api_put(c->w, "reason", p->items.items[i].reason);
		json_close(c->w, '}');
	}
	json_close(c->w, ']');
	json_close(c->w, '}');
}

static struct err *put_decision(const struct writing *c)
{
	const struct case_decision_get_row *decision = &c->page->decision;
	if (!c->page->is_decided) return NULL;
	json_key(c->w, STR("decision"));
	json_open(c->w, '{');
	api_put(c->w, "outcome", decision->outcome);
	api_put(c->w, "reasons", decision->reasons);
	TRY(api_put_json(c->w, c->arena, "fields", decision->fields));
	api_put_instant(c->w, c->arena, "decided_at", decision->decided_at);
	api_put_instant(c->w, c->arena, "signed_at", decision->signed_at);
	json_close(c->w, '}');
	return NULL;
}

static struct err *put_files(const struct writing *c)
{
	struct attachment_of_case_rows rows;
	TRY(attachment_of_case(c->r->db, c->arena, &(struct attachment_of_case_in){ .case_id = c->r->case_id },
		&rows));
	json_key(c->w, STR("files"));
	json_open(c->w, '[');
	for (size_t i = 0; i < rows.count; i++) {
		const struct attachment_of_case_row *row = &rows.items[i];
		json_open(c->w, '{');
		api_put(c->w, "id", arena_printf(c->arena, "%lld", (long long)row->id));
		api_put(c->w, "field", row->field);
		api_put(c->w, "name", row->file_name);
		api_put(c->w, "media_type", row->media_type);
		api_put_int(c->w, "bytes", row->bytes);
		api_put(c->w, "sha256", hex_encode(c->arena, row->sha256));
		api_put(c->w, "state", row->state);
		api_put(c->w, "scan", row->scan);
		api_put_if(c->w, "reason", row->reason);
		if (file_may_open(file_scan_of(row->scan)))
			api_put(c->w, "href",
				arena_printf(c->arena, "%.*s/adjuntos/%lld", STR_FMT(c->href), (long long)row->id));
		json_close(c->w, '}');
	}
	json_close(c->w, ']');
	return NULL;
}

static struct err *put_documents(const struct writing *c)
{
	struct document_of_case_rows rows;
	TRY(document_of_case(c->r->db, c->arena, &(struct document_of_case_in){ .case_id = c->r->case_id },
		&rows));
	json_key(c->w, STR("documents"));
	json_open(c->w, '[');
	for (size_t i = 0; i < rows.count; i++) {
		const struct document_of_case_row *row = &rows.items[i];
		json_open(c->w, '{');
		api_put(c->w, "id", arena_printf(c->arena, "%lld", (long long)row->id));
		api_put(c->w, "kind", row->kind);
		api_put(c->w, "title", row->title);
		api_put(c->w, "number", row->registry_number);
		api_put(c->w, "state", row->state);
		api_put_instant(c->w, c->arena, "issued_at", row->issued_at);
		api_put_date(c->w, c->arena, "valid_until", row->valid_until);
		api_put_instant(c->w, c->arena, "revoked_at", row->revoked_at);
		if (row->has_file_id)
			api_put(c->w, "href",
				arena_printf(c->arena, "%.*s/documentos/%lld", STR_FMT(c->href), (long long)row->id));
		json_close(c->w, '}');
	}
	json_close(c->w, ']');
	return NULL;
}

static void put_messages(const struct writing *c)
{
	const struct message_lines *lines = &c->page->messages;
	json_key(c->w, STR("messages"));
	json_open(c->w, '[');
	for (size_t i = 0; i < lines->count; i++) {
		const struct message_line *line = &lines->items[i];
		json_open(c->w, '{');
		api_put(c->w, "kind", line->is_citizen ? STR("citizen") : line->is_note ? STR("note") : STR("staff"));
		api_put(c->w, "who", line->who);
		api_put(c->w, "text", line->text);
		api_put_instant(c->w, c->arena, "at", line->at);
		json_close(c->w, '}');
	}
	json_close(c->w, ']');
}

static struct err *put_history(const struct writing *c)
{
	struct event_of_case_rows rows;
	TRY(event_of_case(c->r->db, c->arena, &(struct event_of_case_in){ .case_id = c->r->case_id }, &rows));
	json_key(c->w, STR("history"));
	json_open(c->w, '[');
	for (size_t i = 0; i < rows.count; i++) {
		json_open(c->w, '{');
		api_put(c->w, "type", rows.items[i].type);
		api_put_instant(c->w, c->arena, "at", rows.items[i].occurred_at);
		api_put(c->w, "actor", rows.items[i].actor_kind);
		api_put(c->w, "channel", rows.items[i].channel);
		json_close(c->w, '}');
	}
	json_close(c->w, ']');
	return NULL;
}

static void put_actions(const struct writing *c)
{
	const struct casepage *p = c->page;
	unsigned offers = case_offers(&p->record, p->is_decided ? &p->decision : NULL, c->r->who);
	json_key(c->w, STR("actions"));
	json_open(c->w, '[');
	for (int offer = 0; offer < CASE_OFFER_MAX; offer++)
		if (case_offer_in(offers, (enum case_offer)offer))
			json_add_text(c->w, str_of(case_offer_name((enum case_offer)offer)));
	json_close(c->w, ']');
}

static struct err *put_assignee(const struct writing *c)
{
	const struct case_by_id_row *row = &c->page->record.row;
	struct staff_by_id_row staff;
	bool found = false;
	if (!row->has_assignee_id) return NULL;
	TRY(staff_by_id(c->r->db, c->arena, &(struct staff_by_id_in){ .id = row->assignee_id }, &staff, &found));
	json_key(c->w, STR("assignee"));
	json_open(c->w, '{');
	api_put(c->w, "name", found ? staff.display_name : STR(""));
	api_put_bool(c->w, "is_you", row->assignee_id == c->r->who->staff_id);
	json_close(c->w, '}');
	return NULL;
}

/* Who, what, where and when. */
static struct err *put_facts(const struct writing *c)
{
	const struct case_record *record = &c->page->record;
	const struct case_by_id_row *row = &record->row;
	struct str lang = c->r->lang;
	api_put(c->w, "number", row->number);
	api_put(c->w, "registry_number", row->registry_number);
	api_put_int(c->w, "revision", row->revision);
	api_put_named(c->w, "procedure", record->procedure->id, text_in(record->procedure->name, lang));
	api_put_int(c->w, "pack_version", row->pack_version_id);
	if (record->department)
		api_put_named(c->w, "department", record->department->id, text_in(record->department->name, lang));
	api_put(c->w, "applicant", row->applicant_name);
	api_put(c->w, "place", row->place);
	api_put(c->w, "channel", row->channel);
	api_put(c->w, "lang", row->lang);
	api_put_state(c->w, record->state, lang);
	api_put(c->w, "stage", row->stage);
	TRY(put_assignee(c));
	api_put_instant(c->w, c->arena, "filed_at", row->filed_at);
	api_put(c->w, "counted_from", date_iso(c->arena, row->counted_from));
	api_put_date(c->w, c->arena, "due_on", row->due_on);
	api_put_instant(c->w, c->arena, "closed_at", row->closed_at);
	return api_put_json(c->w, c->arena, "answers", row->answers);
}

struct err *api_case_page(struct request *r, struct response *out)
{
	struct casepage page;
	TRY(casepage_load(r, CASEPAGE_OFFICE, STR(""), &page));
	struct api_answer *answer = api_answer(r);
	struct writing c = { &answer->json, r, r->arena, &page, api_case_href(r->arena, page.record.row.number) };
	TRY(put_facts(&c));
	put_clock(&c);
	api_put_fee(c.w, r, &page.record);
	put_correction(&c);
	TRY(put_decision(&c));
	TRY(put_files(&c));
	TRY(put_documents(&c));
	put_messages(&c);
	TRY(put_history(&c));
	put_actions(&c);
	json_key(c.w, STR("links"));
	json_open(c.w, '{');
	api_put(c.w, "self", c.href);
	api_put(c.w, "procedure",
		arena_printf(r->arena, "/api/v1/tramites/%.*s", STR_FMT(page.record.procedure->id)));
	json_close(c.w, '}');
	return api_send(answer, out, 200);
}
