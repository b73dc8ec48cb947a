#include "mod/filing/upload.h"
#include "core/i18n.h"

static const struct field *attachment_of(const struct visit *v, struct str name)
{
	for (size_t i = 0; i < v->page->fields.count; i++) {
		const struct field *f = &v->page->fields.items[i];
		if (f->type == FIELD_ATTACHMENT && str_eq(f->id, name)) return f;
	}
	return NULL;
}

static struct str refusal_words(const struct visit *v, const struct field *f, struct str name,
	enum draft_refusal why)
{
	struct request *r = v->r;
	enum message key = MSG_FILING_FILE_EMPTY;
	if (why == DRAFT_WRONG_TYPE) key = MSG_FILING_FILE_WRONG_TYPE;
	if (why == DRAFT_TOO_LARGE) key = MSG_FILING_FILE_TOO_LARGE;
	if (why == DRAFT_TOO_MANY) key = MSG_FILING_FILE_TOO_MANY;
	return i18n_format(r->arena, r->lang, key,
		(const struct i18n_arg[]){ I18N_ARG("name", name), I18N_ARG("types", draft_file_types(r->arena, f)),
			I18N_ARG("size", file_size_text(r->arena, f->max_bytes, &v->pack->numbers)),
			I18N_ARG("n", f->max_files), { 0 } });
}

static enum message short_refusal(enum draft_refusal why)
{
	switch (why) {
	case DRAFT_WRONG_TYPE: return MSG_FILING_FILE_NOT_TYPE;
	case DRAFT_TOO_LARGE: return MSG_FILING_FILE_NOT_SIZE;
	case DRAFT_TOO_MANY: return MSG_FILING_FILE_NOT_MORE;
	case DRAFT_EMPTY:
	case DRAFT_TAKEN: break;
	}
	return MSG_FILING_FILE_NOT_EMPTY;
}

/* "DOC" of "escritura.docx": what stands in the little sheet of paper beside the name. */
static struct str extension_of(struct arena *a, struct str name)
{
	enum { LONGEST = 4 };
	ptrdiff_t dot = -1;
	for (size_t i = 0; i < name.n; i++)
		if (name.p[i] == '.') dot = (ptrdiff_t)i;
	struct str rest = dot < 0 ? STR("") : str_slice(name, (size_t)dot + 1, name.n);
	struct buf out = buf_new(a, 16);
	for (size_t i = 0; i < rest.n && i < LONGEST; i++) {
		char c = rest.p[i];
		if (c >= 'a' && c <= 'z') c = (char)(c - 'a' + 'A');
		if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) buf_add_char(&out, c);
	}
	return buf_str(&out);
}

static void refuse(struct visit *v, const struct field *f, const struct upload *u, enum draft_refusal why,
	struct field_error ***end)
{
	struct arena *a = v->r->arena;
	struct field_error *e = ARENA_NEW(a, struct field_error);
	struct str lang = v->r->lang;
	*e = (struct field_error){ .name = f->id,
		.field = f,
		.page = v->page,
		.text = text_of(a, lang, refusal_words(v, f, u->file_name, why)) };
	**end = e;
	*end = &e->next;
	v->refused[v->refused_count++] = (struct question_file){ f->id,
		{ .kind = extension_of(a, u->file_name),
			.name = u->file_name,
			.facts = i18n_text(lang, short_refusal(why)),
			.is_bad = true } };
}

/* Files that the field has; those that a scan refused do not count. */
static size_t given(const struct draft_files *files, struct str field)
{
	size_t count = 0;
	for (size_t i = 0; i < files->count; i++)
		count += !files->items[i].is_refused && str_eq(files->items[i].field, field);
	return count;
}

struct err *upload_take(struct tx *tx, struct visit *v, struct field_error **ret_refusals)
{
	struct field_error *refusals = NULL, **end = &refusals;
	size_t room = 0;
	for (const struct upload *u = v->r->form->uploads; u; u = u->next)
		room++;
	v->refused = ARENA_ARRAY(tx->arena, struct question_file, room);
	v->refused_count = 0;
	for (const struct upload *u = v->r->form->uploads; u; u = u->next) {
		const struct field *f = attachment_of(v, u->field);
		struct draft_files files;
		enum media media;
		if (!f) continue; /* no question of this page: its bytes are collected as an orphan */
		TRY(draft_files(&v->draft, tx->db, tx->arena, &files));
		enum draft_refusal why = draft_file_judge(f, u, given(&files, f->id), &media);
		if (why != DRAFT_TAKEN)
			refuse(v, f, u, why, &end);
		else
			TRY(draft_attach(tx, v->r->town, &v->draft, f, u, media));
	}
	*ret_refusals = refusals;
	return NULL;
}
