#include "core/case/case.h"
#include "base/json.h"

static struct err *read_answers(struct case_record *c, struct arena *a)
{
	struct date filed_on = zone_date(c->town->zone, c->row.filed_at);
	c->answers = answers_new(a, c->pack, c->procedure, filed_on);
	struct json *tree;
	TRY(json_parse(a, c->row.answers, &tree));
	return answers_from_json(c->answers, tree);
}

struct err *case_load(struct town *t, struct db *db, struct arena *a, int64_t id, struct case_record *ret)
{
	struct case_record c = { .town = t };
	bool found;
	TRY(case_by_id(db, a, &(struct case_by_id_in){ .id = id }, &c.row, &found));
	if (!found) return ERR(a, ERR_NOT_FOUND, NULL, "no case %lld", (long long)id);
	TRY(town_pack_of(t, db, a, c.row.pack_version_id, &c.pack));
	c.procedure = pack_procedure(c.pack, c.row.procedure_slug);
	c.state = c.procedure ? procedure_state(c.procedure, c.row.state) : NULL;
	if (!c.state)
		return ERR(a, ERR_INTERNAL, NULL, "pack version %lld lacks procedure %.*s or its state %.*s",
			(long long)c.row.pack_version_id, STR_FMT(c.row.procedure_slug), STR_FMT(c.row.state));
	c.department = pack_department(c.pack, c.procedure->department);
	TRY(read_answers(&c, a));
	*ret = c;
	return NULL;
}

struct err *case_load_decided(struct town *t, struct db *db, struct arena *a, int64_t id,
	struct case_record *ret, struct case_decision_get_row *ret_decision, bool *ret_decided)
{
	struct case_record c;
	TRY(case_load(t, db, a, id, &c));
	TRY(case_decision_get(db, a, &(struct case_decision_get_in){ .case_id = id }, ret_decision, ret_decided));
	if (*ret_decided) {
		struct json *tree;
		TRY(json_parse(a, ret_decision->fields, &tree));
		TRY(answers_from_json(c.answers, tree));
	}
	*ret = c;
	return NULL;
}

bool case_is_paid(const struct case_record *c) { return !case_owes(c->state, c->row.fee, c->row.paid_at); }

bool case_owes(const struct state *state, struct money fee, struct instant paid_at)
{
	return state->outcome == OUTCOME_APPROVED && fee.cents != 0 && instant_is_none(paid_at);
}

size_t case_actions(const struct case_record *c, enum transition_who who, const struct transition **ret,
	size_t max)
{
	const struct transition *all[32];
	size_t count = procedure_transitions_from(c->procedure, c->row.state, who, all, 32), kept = 0;
	struct expr_env env = answers_env(c->answers, -1);
	for (size_t i = 0; i < count && kept < max; i++) {
		if (expr_is_true(all[i]->when, &env)) ret[kept++] = all[i];
	}
	return kept;
}

struct err *case_items_parse(struct arena *a, struct str json, struct case_items *ret)
{
	struct json *tree;
	TRY(json_parse(a, json, &tree));
	struct case_items items = { ARENA_ARRAY(a, struct case_item, tree->count), 0 };
	for (const struct json *item = tree->first; item; item = item->next)
		items.items[items.count++] = (struct case_item){ json_text(item, STR("field")),
			json_text(item, STR("reason")) };
	*ret = items;
	return NULL;
}
