#include "mod/filing/upload.h"

static const struct field *attachment_of(const struct visit *v, struct str name)
{
	for (size_t i = 0; i < v->page->fields.count; i++) {
		const struct field *f = &v->page->fields.items[i];
		if (f->type == FIELD_ATTACHMENT && str_eq(f->id, name)) return f;
	}
	return NULL;
}

static void refuse(struct visit *v, const struct field *f, const struct upload *u, enum draft_refusal why,
	struct field_error ***end)
{
	struct question_context c = { .answers = v->answers, .lang = v->r->lang };
	**end = question_file_refused(v->r->arena, &c, f, u, why, &v->refused[v->refused_count++]);
	*end = &(**end)->next;
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
