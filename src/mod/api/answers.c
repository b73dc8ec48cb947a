/* Answers to a form in JSON: taken one by one, so that every fault is found, with the files that they name. */
#include "base/utf8.h"
#include "core/crypto/crypto.h"
#include "core/draft/draft_file.h"
#include "core/i18n.h"
#include "core/question/question.h"
#include "mod/api/pages.h"
#include "mod/api/queries.h"
#include "i18n/api.h"

enum { FILES_OF_FIELD_MAX = 20, NAME_MAX_BYTES = 100 };

/* Of the form's pages, or of the decision. */
static const struct field *field_of(const struct answers *s, struct str name, bool is_decision)
{
	const struct field *f = procedure_field(s->procedure, name);
	return f && !f->group && (f->page < 0) == is_decision ? f : NULL;
}

static void take_one(struct request *r, struct answers *s, const struct json *member,
	struct api_problems *problems)
{
	struct json one = *member;
	one.next = NULL;
	if (!answers_from_json(s, &(struct json){ .kind = JSON_MAP, .first = &one, .count = 1 })) return;
	api_problem_add(r, problems, member->key, "answer.shape", i18n_text(r->lang, MSG_API_ANSWER_SHAPE));
}

void api_take_answers(struct request *r, struct answers *s, const struct json *map, bool is_decision,
	struct api_problems *problems)
{
	for (const struct json *member = map->first; member; member = member->next) {
		const struct field *f = field_of(s, member->key, is_decision);
		if (!f)
			api_problem_add(r, problems, utf8_cut(member->key, NAME_MAX_BYTES), "answer.unknown",
				i18n_text(r->lang, MSG_API_ANSWER_UNKNOWN));
		else if (f->type != FIELD_ATTACHMENT)
			take_one(r, s, member, problems);
	}
}

/* --- files: never taken at their word, only as ids of what was sent before ------------------------------------------------------------------------------------------------------------ */

struct taking {
	struct request *r;
	struct api_uses *uses;
	struct api_problems *problems;
	const struct field *field;
	struct attachment files[FILES_OF_FIELD_MAX];
	size_t count;
};

static void refuse(struct taking *t, size_t at, const char *code, enum message m)
{
	struct str name = arena_printf(t->r->arena, "%.*s.%zu", STR_FMT(t->field->id), at);
	struct i18n_arg args[] = { I18N_ARG("types", draft_file_types(t->r->arena, t->field)),
		I18N_ARG("n", t->field->max_files), { 0 } };
	api_problem_add(t->r, t->problems, name, code, i18n_format(t->r->arena, t->r->lang, m, args));
}

/* A file is named by its id, alone or as the member `id` of an object. */
static struct str code_of(const struct json *item)
{
	struct str id = item->kind == JSON_MAP ? json_text(item, STR("id")) : item->text;
	return str_starts_with(id, STR(API_FILE_PREFIX)) ? str_slice(id, sizeof(API_FILE_PREFIX) - 1, id.n)
													 : STR_NONE;
}

static bool is_used(const struct api_uses *uses, int64_t id)
{
	for (size_t i = 0; i < uses->count; i++)
		if (uses->items[i].id == id) return true;
	return false;
}

static bool is_good(struct taking *t, size_t at, const struct api_file_mine_row *row)
{
	const struct field *f = t->field;
	if (file_scan_of(row->scan) == FILE_INFECTED)
		refuse(t, at, "file.infected", MSG_API_FILE_INFECTED);
	else if (!(media_accepted_bit(media_of_type(row->media_type)) & f->accept))
		refuse(t, at, "file.type", MSG_API_FILE_TYPE);
	else if (f->max_bytes > 0 && row->bytes > f->max_bytes)
		refuse(t, at, "file.too_large", MSG_API_FILE_TOO_LARGE);
	else if (is_used(t->uses, row->id))
		refuse(t, at, "file.twice", MSG_API_FILE_TWICE);
	else
		return true;
	return false;
}

static struct err *take_file(struct taking *t, size_t at, const struct json *item)
{
	struct api_file_mine_row row;
	bool found = false;
	struct str code = code_of(item);
	if (!str_is_empty(code))
		TRY(api_file_mine(t->r->db, t->r->arena,
			&(struct api_file_mine_in){ .code = code, .staff_id = t->r->who->staff_id, .now = t->r->now },
			&row, &found));
	if (!found) {
		refuse(t, at, "file.unknown", MSG_API_FILE_UNKNOWN);
		return NULL;
	}
	if (!is_good(t, at, &row)) return NULL;
	t->files[t->count++] = (struct attachment){ .id = arena_printf(t->r->arena, "%lld",
													(long long)row.file_id),
		.name = row.file_name,
		.type = row.media_type,
		.bytes = row.bytes,
		.sha256 = hex_encode(t->r->arena, row.sha256) };
	must(t->uses->count < t->uses->room);
	t->uses->items[t->uses->count++] = (struct api_use){ row.id,
		{ row.file_id, t->field->id, row.file_name, row.media_type, row.sha256, row.bytes } };
	return NULL;
}

static struct err *take_list(struct taking *t, struct answers *s, const struct json *list)
{
	size_t at = 0;
	if (list->kind != JSON_LIST || list->count > FILES_OF_FIELD_MAX) {
		refuse(t, 0, "answer.shape", MSG_API_ANSWER_FILES);
		return NULL;
	}
	for (const struct json *item = list->first; item; item = item->next)
		TRY(take_file(t, at++, item));
	answers_set_files(s, t->field, -1, t->files, t->count);
	return NULL;
}

static struct err *take_field(struct request *r, struct answers *s, const struct field *f,
	const struct json *list, struct api_uses *uses, struct api_problems *problems)
{
	struct taking t = { .r = r, .uses = uses, .problems = problems, .field = f };
	return take_list(&t, s, list);
}

static size_t most_files(const struct json *map)
{
	size_t count = 0;
	for (const struct json *member = map->first; member; member = member->next)
		if (member->kind == JSON_LIST && member->count <= FILES_OF_FIELD_MAX) count += member->count;
	return count;
}

struct err *api_take_files(struct request *r, struct answers *s, const struct json *map,
	struct api_uses *uses, struct api_problems *problems)
{
	uses->room = most_files(map);
	uses->items = ARENA_ARRAY(r->arena, struct api_use, uses->room);
	for (const struct json *member = map->first; member; member = member->next) {
		const struct field *f = field_of(s, member->key, false);
		/* As an answer to a question that is not asked, a file of one is passed over. */
		if (f && f->type == FIELD_ATTACHMENT && field_is_visible(s, f, -1))
			TRY(take_field(r, s, f, member, uses, problems));
	}
	return NULL;
}

/* --- what a check finds -------------------------------------------------------------------------------------------------- */

/* One fault a field: what could not be taken is not also said to be missing. */
static bool is_said(const struct api_problems *p, struct str name)
{
	struct str field = str_cut(&name, '.');
	for (size_t i = 0; i < p->count; i++) {
		struct str other = p->items[i].field;
		if (str_eq(str_cut(&other, '.'), field)) return true;
	}
	return false;
}

void api_add_errors(struct request *r, const struct field_errors *errors, struct api_problems *problems)
{
	struct api_problems before = *problems;
	for (const struct field_error *e = errors->first; e; e = e->next)
		if (!e->is_warning && !is_said(&before, e->name))
			api_problem_add(r, problems, e->name, e->key ? e->key : "answer.rule",
				question_error_text(r->arena, r->lang, e));
}
