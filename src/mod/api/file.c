/*
 * POST /tramites/{slug}/solicitudes: files an application, as the form does: the same checks, the same commit. Files
 * were sent before and are used up here.
 */
#include "core/case/filing.h"
#include "core/codes/code.h"
#include "core/i18n.h"
#include "core/question/question.h"
#include "mod/api/pages.h"
#include "i18n/api.h"

struct filing_work {
	const struct procedure *procedure;
	int64_t pack_version;
	struct answers *answers;
	struct str lang;
	struct api_uses files;
	struct field_errors found;
	struct filed filed;
};

static struct str language_of(struct request *r, const struct json *body)
{
	struct str asked = json_text(body, STR("lang"));
	const struct str_list *spoken = &town_pack(r->town)->languages;
	for (size_t i = 0; i < spoken->count; i++)
		if (str_eq(spoken->items[i], asked)) return asked;
	return r->lang;
}

static bool is_declared(const struct json *body)
{
	const struct json *declaration = json_get(body, STR("declaration"));
	return declaration && declaration->b;
}

struct err *api_filing_prepare(struct request *r, struct response *out)
{
	struct filing_work *work = ARENA_NEW(r->arena, struct filing_work);
	struct api_problems problems = { 0 };
	const struct json *body;
	const struct pack *pack = town_pack(r->town);
	r->work = work;
	work->pack_version = town_pack_version(r->town);
	work->procedure = pack_procedure(pack, r->params[0]);
	if (!work->procedure || !work->procedure->is_online)
		return ERR(r->arena, ERR_NOT_FOUND, NULL, "no such procedure to file");
	TRY(api_body(r, out, &body));
	if (!body) return NULL;
	const struct json *given = json_get(body, STR("answers"));
	work->lang = language_of(r, body);
	work->answers = answers_new(r->arena, pack, work->procedure, zone_date(r->town->zone, r->now));
	api_take_answers(r, work->answers, given, false, &problems);
	TRY(api_take_files(r, work->answers, given, &work->files, &problems));
	work->found = answers_check(work->answers, r->arena);
	api_add_errors(r, &work->found, &problems);
	if (!is_declared(body))
		api_problem_add(r, &problems, STR("declaration"), "declaration.missing",
			i18n_text(r->lang, MSG_API_DECLARATION));
	api_problems_answer(r, out, &problems);
	return NULL;
}

struct err *api_filing_commit(struct request *r, struct tx *tx)
{
	struct filing_work *work = r->work;
	struct filing_file *files = ARENA_ARRAY(tx->arena, struct filing_file, work->files.count);
	for (size_t i = 0; i < work->files.count; i++) {
		TRY(api_use_up(tx, &work->files.items[i]));
		files[i] = work->files.items[i].file;
	}
	struct filing filing = { .town = r->town,
		.pack_version = work->pack_version,
		.procedure = work->procedure,
		.answers = work->answers,
		.lang = work->lang,
		.by = case_by_who(r->who),
		.files = files,
		.file_count = work->files.count };
	return filing_record(tx, &filing, &work->filed);
}

static void put_warnings(struct json_writer *w, struct request *r, const struct field_errors *found)
{
	json_key(w, STR("warnings"));
	json_open(w, '[');
	for (const struct field_error *e = found->first; e; e = e->next) {
		if (!e->is_warning) continue;
		json_open(w, '{');
		api_put(w, "field", e->name);
		api_put(w, "code", e->key ? str_of(e->key) : STR("answer.rule"));
		api_put(w, "message", question_error_text(r->arena, r->lang, e));
		json_close(w, '}');
	}
	json_close(w, ']');
}

struct err *api_filing_answer(struct request *r, struct response *out)
{
	const struct filing_work *work = r->work;
	const struct filed *filed = &work->filed;
	struct str href = api_case_href(r->arena, filed->number);
	struct api_answer *answer = api_answer(r);
	struct json_writer *w = &answer->json;
	api_put(w, "number", filed->number);
	api_put(w, "registry_number", filed->registry_number);
	api_put(w, "status_code", code_format(r->arena, filed->status_code));
	api_put(w, "key", code_format(r->arena, filed->key));
	api_put_instant(w, r->arena, "filed_at", filed->at);
	api_put_date(w, r->arena, "effective_on", filed->effect);
	api_put_date(w, r->arena, "due_on", filed->due);
	put_warnings(w, r, &work->found);
	json_key(w, STR("links"));
	json_open(w, '{');
	api_put(w, "self", href);
	api_put(w, "receipt",
		arena_printf(r->arena, "%.*s/documentos/%lld", STR_FMT(href), (long long)filed->receipt_id));
	json_close(w, '}');
	response_header(out, STR("Location"), href);
	return api_send(answer, out, 201);
}
