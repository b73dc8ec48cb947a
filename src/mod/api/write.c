/* Answers, written piece by piece. A member without a value is left out. */
#include "core/i18n.h"
#include "mod/api/pages.h"

enum { ANSWER_MAX = 4 * 1024 * 1024 };

struct api_answer *api_answer(struct request *r)
{
	struct api_answer *a = ARENA_NEW(r->arena, struct api_answer);
	a->r = r;
	a->text = buf_new(r->arena, ANSWER_MAX);
	a->json = json_writer(&a->text);
	json_open(&a->json, '{');
	return a;
}

struct err *api_send(struct api_answer *a, struct response *out, int status)
{
	json_close(&a->json, '}');
	if (buf_overflowed(&a->text)) return ERR(a->r->arena, ERR_INTERNAL, NULL, "an answer past its bound");
	out->status = status;
	response_json(out, buf_str(&a->text));
	response_header(out, STR("Content-Language"), a->r->lang);
	return NULL;
}

void api_put(struct json_writer *w, const char *key, struct str text)
{
	json_field(w, str_of(key), str_is_none(text) ? STR("") : text);
}

void api_put_if(struct json_writer *w, const char *key, struct str text)
{
	if (!str_is_empty(text)) api_put(w, key, text);
}

void api_put_int(struct json_writer *w, const char *key, int64_t i)
{
	json_key(w, str_of(key));
	json_add_int(w, i);
}

void api_put_bool(struct json_writer *w, const char *key, bool b)
{
	json_key(w, str_of(key));
	json_add_bool(w, b);
}

void api_put_date(struct json_writer *w, struct arena *a, const char *key, struct date d)
{
	api_put_if(w, key, date_iso(a, d));
}

void api_put_instant(struct json_writer *w, struct arena *a, const char *key, struct instant t)
{
	api_put_if(w, key, instant_iso(a, t));
}

void api_put_named(struct json_writer *w, const char *key, struct str id, struct str name)
{
	json_key(w, str_of(key));
	json_open(w, '{');
	api_put(w, "id", id);
	api_put(w, "name", name);
	json_close(w, '}');
}

void api_put_state(struct json_writer *w, const struct state *state, struct str lang)
{
	static const char *const turns[] = { "town", "citizen", "nobody" };
	static const char *const outcomes[] = { "open", "approved", "refused", "withdrawn", "expired" };
	json_key(w, STR("state"));
	json_open(w, '{');
	api_put(w, "id", state->id);
	api_put(w, "name", text_in(state->name, lang));
	api_put(w, "waits_for", str_of(turns[state->turn]));
	api_put(w, "outcome", str_of(outcomes[state->outcome]));
	api_put_bool(w, "is_final", state->is_final);
	json_close(w, '}');
}

struct err *api_put_json(struct json_writer *w, struct arena *a, const char *key, struct str json)
{
	struct json *tree;
	TRY(json_parse(a, json, &tree));
	json_key(w, str_of(key));
	json_add_tree(w, tree);
	return NULL;
}

void api_put_fee(struct json_writer *w, struct request *r, const struct case_record *c)
{
	struct fee_rows fee = answers_fee(c->answers, r->arena, r->lang);
	json_key(w, STR("fee"));
	json_open(w, '{');
	api_put(w, "total", money_plain(r->arena, c->row.fee));
	api_put(w, "currency", c->pack->currency);
	api_put_instant(w, r->arena, "paid_at", c->row.paid_at);
	json_key(w, STR("lines"));
	json_open(w, '[');
	for (size_t i = 0; i < fee.count; i++) {
		json_open(w, '{');
		api_put(w, "id", fee.items[i].line->id);
		api_put(w, "label", text_in(fee.items[i].line->label, r->lang));
		if (fee.items[i].known) api_put(w, "amount", money_plain(r->arena, fee.items[i].amount));
		api_put(w, "explanation", fee.items[i].explanation);
		json_close(w, '}');
	}
	json_close(w, ']');
	json_close(w, '}');
}

struct str api_case_href(struct arena *a, struct str number)
{
	return arena_printf(a, "/api/v1/expedientes/%.*s", STR_FMT(number));
}
