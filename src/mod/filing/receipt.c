/*
 * The receipt: what stands on the paper (its frozen words), the codes while they are still kept in clear, and the
 * PDF as soon as the job has issued it.
 */
#include "core/case/case.h"
#include "core/codes/code.h"
#include "core/document/issue.h"
#include "core/document/paper.h"
#include "core/document/queries.h"
#include "core/page.h"
#include "core/qr.h"
#include "mod/filing/making.html.h"
#include "mod/filing/pages.h"
#include "mod/filing/receipt.html.h"
#include "mod/filing/visit.h"
#include "i18n/filing.h"

enum { STATUS_NOT_YET = 202 };

static struct err *find_receipt(struct visit *v, struct document_by_id_row *ret)
{
	struct request *r = v->r;
	struct document_of_case_rows rows;
	bool found;
	TRY(document_of_case(r->db, r->arena, &(struct document_of_case_in){ .case_id = v->case_id }, &rows));
	for (size_t i = 0; i < rows.count; i++) {
		if (!str_eq(rows.items[i].kind, STR("receipt"))) continue;
		TRY(document_by_id(r->db, r->arena, &(struct document_by_id_in){ .id = rows.items[i].id }, ret,
			&found));
		if (found) return NULL;
	}
	return ERR(r->arena, ERR_NOT_FOUND, NULL, "case %lld has no receipt", (long long)v->case_id);
}

static bool is_issued(const struct document_by_id_row *row)
{
	return str_eq(row->state, STR("issued")) && row->has_file_id;
}

/* --- the page ------------------------------------------------------------------------------------------------------ */

static struct receipt_lines lines_of(struct arena *a, const struct paper_fact *facts, size_t count)
{
	struct receipt_lines list = { ARENA_ARRAY(a, struct receipt_line, count), count };
	for (size_t i = 0; i < count; i++)
		list.items[i] = (struct receipt_line){ facts[i].key, facts[i].value, facts[i].note, facts[i].strong };
	return list;
}

static struct receipt_lines files_of(struct arena *a, const struct receipt_view *paper)
{
	struct receipt_lines list = { ARENA_ARRAY(a, struct receipt_line, paper->file_count), paper->file_count };
	for (size_t i = 0; i < paper->file_count; i++)
		list.items[i] = (struct receipt_line){ .key = paper->files[i].name, .value = paper->files[i].size };
	return list;
}

static struct receipt_stops stops_of(struct arena *a, const struct receipt_view *paper)
{
	struct receipt_stops list = { ARENA_ARRAY(a, struct receipt_stop, paper->step_count), paper->step_count };
	for (size_t i = 0; i < paper->step_count; i++)
		list.items[i] = (struct receipt_stop){ paper->steps[i].title, paper->steps[i].text,
			paper->steps[i].done };
	return list;
}

/* The codes are kept in clear until a day after issue; later they stand on the paper alone. */
static struct err *fill_codes(struct visit *v, const struct document_by_id_row *row,
	struct receipt_page_view *page)
{
	struct request *r = v->r;
	struct document_secrets secrets;
	if (str_is_none(row->secrets)) return NULL;
	TRY(document_secrets_unwrap(r->arena, r->town, row->secrets, row->wrapping_key_id, &secrets));
	page->has_codes = true;
	page->code = code_format(r->arena, secrets.status_code);
	page->key = code_format(r->arena, secrets.case_key);
	struct str address = arena_printf(r->arena, "%.*s/estado#%.*s", STR_FMT(r->town->public_url),
		STR_FMT(secrets.status_code));
	return qr_svg(r->arena, address, i18n_text(r->lang, MSG_FILING_RECEIPT_QR), &page->qr);
}

static struct seal_view seal_of(struct request *r, const struct pack *pack, const struct receipt_view *paper)
{
	struct str around = text_in(pack->seal_name, paper->lang),
			   legend = text_in(pack->seal_legend, paper->lang);
	if (!str_is_empty(legend))
		around = arena_printf(r->arena, "%.*s · %.*s", STR_FMT(around), STR_FMT(legend));
	return (struct seal_view){ .around = around,
		.below = paper->seal_date,
		.label = i18n_text(r->lang, MSG_FILING_RECEIPT_SEAL),
		.mark = SEAL_ARCH };
}

struct err *filing_receipt_page(struct request *r, struct response *out)
{
	struct visit *v = visit_of(r);
	struct document_by_id_row row;
	struct receipt_view paper;
	struct case_record record;
	bool answered;
	if (!v->case_id || v->is_expired) return visit_turn_away(v, out, &answered);
	TRY(find_receipt(v, &row));
	TRY(paper_read_receipt(r->arena, row.content, &paper));
	TRY(case_load(r->town, r->db, r->arena, v->case_id, &record));
	struct receipt_page_view page = { .page = page_citizen(r, paper.title),
		.seal = seal_of(r, record.pack, &paper),
		.title = paper.title,
		.number_label = paper.number_label,
		.number = paper.number,
		.facts = lines_of(r->arena, paper.facts, paper.fact_count),
		.files_heading = paper.files_heading,
		.files = files_of(r->arena, &paper),
		.steps = stops_of(r->arena, &paper),
		.is_ready = is_issued(&row),
		.pdf_href = visit_href(v, "acuse.pdf"),
		.self_href = visit_href(v, "acuse"),
		.case_href = arena_printf(r->arena, "/expedientes/%.*s", STR_FMT(record.row.number)) };
	page.page.is_hidden = true;
	TRY(fill_codes(v, &row, &page));
	if (!page.is_ready) TRY(feed_place(r, out, page.case_href, &page.live));
	struct view *view = page_view(r);
	receipt_html(view, &page);
	page_send(out, view);
	return NULL;
}

/* --- the paper ----------------------------------------------------------------------------------------------------- */

static void send_making(struct visit *v, struct response *out)
{
	struct request *r = v->r;
	struct view *view = page_view(r);
	struct making_view making = { .page = page_citizen(r, i18n_text(r->lang, MSG_FILING_RECEIPT_MAKING)),
		.pdf_href = visit_href(v, "acuse.pdf"),
		.back_href = visit_href(v, "acuse") };
	making.page.is_hidden = true;
	making_html(view, &making);
	out->status = STATUS_NOT_YET;
	response_header(out, STR("Retry-After"), STR("2"));
	page_send(out, view);
}

struct err *filing_receipt_pdf_page(struct request *r, struct response *out)
{
	struct visit *v = visit_of(r);
	struct document_by_id_row row;
	struct file_info info;
	struct file_reader *reader;
	bool answered;
	if (!v->case_id || v->is_expired) return visit_turn_away(v, out, &answered);
	TRY(find_receipt(v, &row));
	if (!is_issued(&row)) {
		send_making(v, out);
		return NULL;
	}
	TRY(file_open_stored(r->town, r->db, r->arena, row.file_id, &info, &reader));
	struct str name = arena_printf(r->arena, "acuse-%.*s.pdf", STR_FMT(row.registry_number));
	response_stored_file(out, reader, info.bytes, info.media_type, name);
	return NULL;
}
