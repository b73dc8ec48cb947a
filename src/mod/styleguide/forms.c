/* /estilo/formularios: what is asked, and how it says what is wrong. */
#include "mod/styleguide/guide_forms.html.h"
#include "mod/styleguide/pages.h"

enum { STEPS = 4 };

/* The first, one in the middle, the last. */
static struct guide_steps steps_of(struct request *r)
{
	static const int at[] = { 1, 3, STEPS };
	size_t count = sizeof(at) / sizeof(at[0]);
	static const enum message names[STEPS] = { MSG_STYLEGUIDE_BASE, MSG_STYLEGUIDE_FORMS, MSG_STYLEGUIDE_CASE,
		MSG_STYLEGUIDE_OFFICE };
	struct guide_steps list = { ARENA_ARRAY(r->arena, struct steps_view, count), count };
	for (size_t i = 0; i < count; i++) {
		struct steps_view *v = &list.items[i];
		v->steps = (struct step_lines){ ARENA_ARRAY(r->arena, struct step_line, STEPS), STEPS };
		v->now = at[i];
		v->name = guide_text(r, names[at[i] - 1]);
		v->next = at[i] < STEPS ? guide_text(r, names[at[i]]) : STR_NONE;
		for (int s = 0; s < STEPS; s++)
			v->steps.items[s] = (struct step_line){ .name = guide_text(r, names[s]),
				.href = s + 1 < at[i] ? STR("/estilo") : STR_NONE,
				.is_done = s + 1 < at[i],
				.is_now = s + 1 == at[i] };
	}
	return list;
}

static bool is_of_parts(const struct question *q) { return q->kind != QUESTION_CONTROL; }

/* Questions of several parts are taken from the town's own forms: the first of each kind that there is. */
static struct questions groups_of(struct request *r)
{
	const struct pack *pack = town_pack(r->town);
	struct questions ret = { ARENA_ARRAY(r->arena, struct question, QUESTION_NOTE + 1), 0 };
	bool has[QUESTION_NOTE + 1] = { false };
	for (size_t p = 0; p < pack->procedures.count; p++) {
		const struct procedure *procedure = pack->procedures.items[p];
		struct answers *answers = answers_new(r->arena, pack, procedure, zone_date(r->town->zone, r->now));
		struct question_context context = { .answers = answers, .lang = r->lang, .form = STR("guia") };
		for (size_t i = 0; i < procedure->form.pages.count; i++) {
			struct questions all = questions_of_fields(r->arena, &context,
				&procedure->form.pages.items[i].fields);
			for (size_t q = 0; q < all.count; q++) {
				enum question_kind kind = all.items[q].kind;
				if (!is_of_parts(&all.items[q]) || has[kind]) continue;
				has[kind] = true;
				ret.items[ret.count++] = all.items[q];
			}
		}
	}
	return ret;
}

struct err *guide_forms_page(struct request *r, struct response *out)
{
	struct view *view = page_view(r);
	struct guide_forms_view v = { .page = guide_page(r),
		.head = guide_head(r),
		.errors = guide_errors(r),
		.controls = guide_controls(r),
		.questions = groups_of(r),
		.steps = steps_of(r) };
	guide_forms_html(view, &v);
	page_send(out, view);
	return NULL;
}
