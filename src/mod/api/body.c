/* What was sent: bodies and addresses against their schemas, and what is wrong with them, in the reader's words. */
#include "base/utf8.h"
#include "core/i18n.h"
#include "mod/api/pages.h"
#include "web/form.h"
#include "i18n/api.h"

enum { PROBLEMS_FIRST = 8, PROBLEMS_MAX = 200 };

void api_problem_add(struct request *r, struct api_problems *p, struct str field, const char *code,
	struct str message)
{
	if (p->count == PROBLEMS_MAX) return;
	if (p->count == p->room) {
		size_t room = p->room ? p->room * 2 : PROBLEMS_FIRST;
		struct problem_field *items = ARENA_ARRAY(r->arena, struct problem_field, room);
		if (p->count) memcpy(items, p->items, p->count * sizeof(*items));
		p->items = items;
		p->room = room;
	}
	p->items[p->count++] = (struct problem_field){ field, str_of(code), message };
}

void api_problems_answer(struct request *r, struct response *out, const struct api_problems *p)
{
	if (p->count == 0) return;
	r->is_answered = true;
	problem_answer(r, out,
		&(struct problem){ .status = 422,
			.code = STR("body.invalid"),
			.fields = p->items,
			.field_count = p->count });
}

/* "mine, team, late" */
static struct str words(struct arena *a, const char *choices)
{
	struct buf out = buf_new(a, 1000);
	struct str rest = str_of(choices);
	while (!str_is_none(rest)) {
		if (out.n) buf_add(&out, STR(", "));
		buf_add(&out, str_cut(&rest, ' '));
	}
	return buf_str(&out);
}

static enum message type_message(const struct schema_field *rule)
{
	if (!rule) return MSG_API_WANTS_OBJECT;
	if (rule->flags & SCHEMA_LIST) return MSG_API_WANTS_LIST;
	switch (rule->type) {
	case SCHEMA_WHOLE: return MSG_API_WANTS_WHOLE;
	case SCHEMA_YES_NO: return MSG_API_WANTS_YES_NO;
	case SCHEMA_DATE: return MSG_API_WANTS_DATE;
	case SCHEMA_INSTANT: return MSG_API_WANTS_INSTANT;
	case SCHEMA_DECIMAL: return MSG_API_WANTS_DECIMAL;
	case SCHEMA_OBJECT:
	case SCHEMA_MAP: return MSG_API_WANTS_OBJECT;
	default: return MSG_API_WANTS_TEXT;
	}
}

static void add_fault(struct request *r, struct api_problems *p, const struct schema_fault *f)
{
	static const char *const codes[] = { "body.missing", "body.unknown", "body.type", "body.length",
		"body.range", "body.choice" };
	static const enum message messages[] = { MSG_API_MISSING, MSG_API_UNKNOWN, MESSAGE_NONE, MSG_API_LENGTH,
		MSG_API_RANGE, MSG_API_CHOICE };
	enum message m = f->kind == FAULT_TYPE ? type_message(f->rule) : messages[f->kind];
	struct i18n_arg args[] = { I18N_ARG("min", f->rule ? f->rule->min : 0),
		I18N_ARG("max", f->rule ? f->rule->max : 0),
		I18N_ARG("words", f->rule && f->kind == FAULT_CHOICE ? words(r->arena, f->rule->of) : STR("")),
		{ 0 } };
	api_problem_add(r, p, f->field, codes[f->kind], i18n_format(r->arena, r->lang, m, args));
}

static void refuse(struct request *r, struct response *out, const struct schema_fault *faults)
{
	struct api_problems problems = { 0 };
	for (const struct schema_fault *f = faults; f; f = f->next)
		add_fault(r, &problems, f);
	api_problems_answer(r, out, &problems);
}

struct err *api_body(struct request *r, struct response *out, const struct json **ret)
{
	const struct schema *schema = schema_find(r->route->api->request_schema);
	must(schema != NULL);
	*ret = NULL;
	if (!r->json) return ERR(r->arena, ERR_MALFORMED, "api.no-body", "a call without a body");
	struct schema_fault *faults = schema_check(r->arena, schema, r->json);
	if (faults)
		refuse(r, out, faults);
	else
		*ret = r->json;
	return NULL;
}

struct err *api_query(struct request *r, struct response *out)
{
	const struct schema *schema = schema_find(r->route->api->query_schema);
	must(schema != NULL);
	struct json map = { .kind = JSON_MAP }, **end = &map.first;
	for (const struct form_field *f = r->form->fields; f; f = f->next) {
		struct json *member = ARENA_NEW(r->arena, struct json);
		*member = (struct json){ .kind = JSON_TEXT, .text = f->value, .key = f->name };
		*end = member;
		end = &member->next;
		map.count++;
	}
	struct schema_fault *faults = schema_check(r->arena, schema, &map);
	if (faults) refuse(r, out, faults);
	return NULL;
}

struct str api_text_of(struct request *r, const struct json *body, const char *name)
{
	struct str text = json_text(body, str_of(name));
	return str_is_none(text) ? STR("") : utf8_nfc(r->arena, str_trim(text));
}
