/* Bytes of a case: attachments and documents, for whoever its object rule let in. */
#include "core/casepage/casepage.h"
#include "core/file/file.h"
#include "core/file/queries.h"

struct err *casepage_send(struct request *r, struct response *out, int64_t file_id, struct str name)
{
	struct file_info info;
	struct file_reader *reader;
	TRY(file_open_stored(r->town, r->db, r->arena, file_id, &info, &reader));
	response_stored_file(out, reader, info.bytes, info.media_type, name);
	out->framed_by_self = true;
	return NULL;
}

struct err *casepage_file_page(struct request *r, struct response *out)
{
	int64_t id;
	struct attachment_by_id_row row;
	bool found = false;
	if (str_to_int64(r->params[1], 1, INT64_MAX, &id))
		TRY(attachment_by_id(r->db, r->arena, &(struct attachment_by_id_in){ .id = id }, &row, &found));
	if (!found || !row.has_case_id || row.case_id != r->case_id)
		return ERR(r->arena, ERR_NOT_FOUND, NULL, "the case has no such attachment");
	return casepage_send(r, out, row.file_id, row.file_name);
}

struct err *casepage_document(struct request *r, struct document_by_id_row *ret)
{
	int64_t id;
	struct document_by_id_row row;
	bool found = false;
	if (str_to_int64(r->params[1], 1, INT64_MAX, &id))
		TRY(document_by_id(r->db, r->arena, &(struct document_by_id_in){ .id = id }, &row, &found));
	if (!found || row.case_id != r->case_id || !row.has_file_id)
		return ERR(r->arena, ERR_NOT_FOUND, NULL, "the case has no such issued document");
	*ret = row;
	return NULL;
}

struct err *casepage_send_document(struct request *r, struct response *out,
	const struct document_by_id_row *row)
{
	return casepage_send(r, out, row->file_id,
		arena_printf(r->arena, "%.*s.pdf", STR_FMT(row->registry_number)));
}

struct err *casepage_document_page(struct request *r, struct response *out)
{
	struct document_by_id_row row;
	TRY(casepage_document(r, &row));
	return casepage_send_document(r, out, &row);
}
