/* POST /archivos: a file is sent first and named in an application or a correction afterwards. */
#include "core/codes/code.h"
#include "core/crypto/crypto.h"
#include "core/file/file.h"
#include "core/i18n.h"
#include "mod/api/pages.h"
#include "mod/api/queries.h"
#include "web/form.h"
#include "i18n/api.h"

enum { KEPT_MS = 24 * 3600 * 1000 };
#define FIELD_NAME "archivo"

struct upload_work {
	const struct upload *upload;
	enum media media;
	struct str code;
	struct instant expires_at;
};

/* Nobody can guess it. It begins with the time, so that files sent one after another, which are mostly named together,
 * lie beside each other in the index: each application would change a page of it for each of its files otherwise. */
static struct str new_code(struct tx *tx)
{
	enum { TIME_BYTES = 6 };
	struct str drawn = tx_random(tx, CODE_RANDOM_BYTES);
	char bytes[CODE_RANDOM_BYTES];
	memcpy(bytes, drawn.p, sizeof(bytes));
	for (int i = 0; i < TIME_BYTES; i++)
		bytes[i] = (char)(tx->now.ms >> 8 * (TIME_BYTES - 1 - i));
	return code_of_random(tx->arena, CODE_KEY, (struct str){ bytes, sizeof(bytes) });
}

static struct err *refuse(struct request *r, struct response *out, const char *code, enum message m)
{
	struct api_problems problems = { 0 };
	api_problem_add(r, &problems, STR(FIELD_NAME), code, i18n_text(r->lang, m));
	api_problems_answer(r, out, &problems);
	return NULL;
}

struct err *api_upload_prepare(struct request *r, struct response *out)
{
	struct upload_work *work = ARENA_NEW(r->arena, struct upload_work);
	r->work = work;
	work->upload = form_upload(r->form, STR(FIELD_NAME));
	if (!work->upload) return refuse(r, out, "body.missing", MSG_API_FILE_MISSING);
	if (work->upload->is_too_large) return refuse(r, out, "file.too_large", MSG_API_FILE_TOO_LARGE);
	if (work->upload->facts.bytes == 0) return refuse(r, out, "file.empty", MSG_API_FILE_EMPTY);
	work->media = media_of(work->upload->head);
	return work->media == MEDIA_OTHER ? refuse(r, out, "file.type", MSG_API_FILE_NO_TYPE) : NULL;
}

struct err *api_upload_commit(struct request *r, struct tx *tx)
{
	struct upload_work *work = r->work;
	int64_t file_id, id;
	work->code = new_code(tx);
	work->expires_at = (struct instant){ tx->now.ms + KEPT_MS };
	TRY(file_record(tx, r->town, &work->upload->facts, work->media, FILE_QUARANTINE, &file_id));
	return api_file_insert(tx->db, tx->arena,
		&(struct api_file_insert_in){ .code = work->code,
			.staff_id = r->who->staff_id,
			.file_id = file_id,
			.file_name = work->upload->file_name,
			.expires_at = work->expires_at },
		&id);
}

struct err *api_upload_answer(struct request *r, struct response *out)
{
	const struct upload_work *work = r->work;
	struct api_answer *answer = api_answer(r);
	struct json_writer *w = &answer->json;
	api_put(w, "id", arena_printf(r->arena, API_FILE_PREFIX "%.*s", STR_FMT(work->code)));
	api_put(w, "name", work->upload->file_name);
	api_put(w, "media_type", media_type(work->media));
	api_put_int(w, "bytes", work->upload->facts.bytes);
	api_put(w, "sha256", hex_encode(r->arena, work->upload->facts.sha256));
	api_put_instant(w, r->arena, "expires_at", work->expires_at);
	return api_send(answer, out, 201);
}

struct err *api_use_up(struct tx *tx, const struct api_use *use)
{
	int64_t used = 0;
	TRY(api_file_use(tx->db, tx->arena, &(struct api_file_use_in){ .id = use->id }, &used));
	return used == 1
		? NULL
		: ERR(tx->arena, ERR_CONFLICT, "api.file-used", "file %lld was used meanwhile", (long long)use->id);
}
