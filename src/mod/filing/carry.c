/* From a posted form to answers, and what was typed when there is no draft to put it in. */
#include "base/utf8.h"
#include "mod/filing/visit.h"

/* Names that begin so are ours: buttons, tokens, what was shown. */
static bool is_ours(struct str name) { return str_starts_with(name, STR("_")); }

/* "niveles.1" and what lies below it. */
static bool is_in_row(struct str name, struct str row)
{
	return row.n > 0 && str_starts_with(name, row) && name.n > row.n && name.p[row.n] == '.';
}

/* Two numbers pasted into the first box of a point: the reader takes them under the point's own name. */
static bool is_pasted_point(const struct form *form, struct arena *a, struct str name, struct str value,
	struct str *ret_whole)
{
	if (!str_ends_with(name, STR(".lat")) || str_find_char(value, ',') < 0) return false;
	struct str whole = str_slice(name, 0, name.n - 4);
	struct str lon = form_text(form, arena_printf(a, "%.*s.lon", STR_FMT(whole)));
	*ret_whole = whole;
	return str_is_empty(lon);
}

struct answer_inputs visit_inputs(const struct visit *v)
{
	const struct form *form = v->r->form;
	struct str removed = form_text(form, STR(QUESTION_REMOVE_ROW)), whole;
	size_t count = 0, room = 0;
	for (const struct form_field *f = form->fields; f; f = f->next)
		room++;
	struct answer_input *items = ARENA_ARRAY(v->r->arena, struct answer_input, room);
	for (const struct form_field *f = form->fields; f; f = f->next) {
		if (is_ours(f->name) || is_in_row(f->name, removed)) continue;
		bool is_point = is_pasted_point(form, v->r->arena, f->name, f->value, &whole);
		items[count++] = (struct answer_input){ is_point ? whole : f->name, f->value };
	}
	return (struct answer_inputs){ items, count };
}

struct carried_fields visit_carried(struct request *r, struct str page)
{
	size_t room = 1;
	for (const struct form_field *f = r->form->fields; f; f = f->next)
		room++;
	struct carried_fields list = { ARENA_ARRAY(r->arena, struct carried_field, room), 0 };
	for (const struct form_field *f = r->form->fields; f; f = f->next)
		if (!is_ours(f->name) && !str_is_empty(f->value))
			list.items[list.count++] = (struct carried_field){ f->name, f->value };
	if (list.count > 0) list.items[list.count++] = (struct carried_field){ STR(CARRIED_PAGE), page };
	return list;
}

struct err *visit_take_carried(struct tx *tx, struct visit *v, struct draft *d)
{
	struct request *r = v->r;
	const struct page *page = procedure_page(d->procedure, form_text(r->form, STR(CARRIED_PAGE)));
	struct answers *answers;
	if (!page || d->filed_case_id) return NULL;
	TRY(draft_read(d, r->town, tx->db, tx->arena, tx->now, &answers));
	answers_read_page(answers, page, visit_inputs(v));
	return draft_store(tx, d, answers, page, false);
}
