#include "core/problem.h"
#include "core/layout/error_page.h"

enum { PROBLEM_MAX = 256 * 1024 };

static void write_fields(struct json_writer *w, const struct problem *p)
{
	json_key(w, STR("errors"));
	json_open(w, '[');
	for (size_t i = 0; i < p->field_count; i++) {
		json_open(w, '{');
		json_field(w, STR("field"), p->fields[i].field);
		json_field(w, STR("code"), p->fields[i].code);
		json_field(w, STR("message"), p->fields[i].message);
		json_close(w, '}');
	}
	json_close(w, ']');
}

void problem_answer(struct request *r, struct response *out, const struct problem *p)
{
	struct buf text = buf_new(r->arena, PROBLEM_MAX);
	struct json_writer w = json_writer(&text);
	/* Before the host is known there is no language to choose from. */
	struct str lang = str_is_none(r->lang) ? STR("es") : r->lang;
	json_open(&w, '{');
	json_field(&w, STR("type"), STR("about:blank"));
	json_field(&w, STR("title"), error_page_title(lang, p->status));
	json_key(&w, STR("status"));
	json_add_int(&w, p->status);
	if (!str_is_none(p->detail)) json_field(&w, STR("detail"), p->detail);
	if (!str_is_none(p->code)) json_field(&w, STR("code"), p->code);
	json_field(&w, STR("instance"), arena_printf(r->arena, "urn:request:%.*s", STR_FMT(r->id)));
	if (p->field_count > 0) write_fields(&w, p);
	json_close(&w, '}');
	out->status = p->status;
	out->cache = CACHE_NEVER;
	response_json(out, buf_str(&text));
	out->content_type = STR("application/problem+json");
}
