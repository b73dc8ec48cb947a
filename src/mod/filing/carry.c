/* From a posted form to answers, and what was typed when there is no draft to put it in. */
#include "mod/filing/visit.h"

/* Names that begin so are ours: buttons, tokens, what was shown. */
static bool is_ours(struct str name) { return str_starts_with(name, STR("_")); }

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
	answers_read_page(answers, page, questions_inputs(r->arena, r->form));
	return draft_store(tx, d, answers, page, false);
}
