/* Whole-table tests of the API: each of its addresses describes itself, with shapes that exist, in words that the
 * program itself uses. tests/http/api.test.mjs holds the description and the answers to it. */
#include "base/testing.h"
#include "core/case/case_input.h"
#include "core/case/case_list.h"
#include "core/case/case_offer.h"
#include "mod/api/api.h"
#include "mod/api/schema.h"

static bool is_api(const struct route *r) { return str_starts_with(str_of(r->path), STR("/api/")); }

static const char *fault_of(const struct route *r)
{
	const struct route_api *api = r->api;
	if (!api) return "does not describe itself";
	if (!(r->flags & ROUTE_TOKEN)) return "takes no token";
	if (!api->summary || !api->summary[0]) return "has no summary";
	if (api->success_status != 200 && api->success_status != 201) return "has no status of success";
	if ((r->method == METHOD_POST) != (api->request_schema != NULL))
		return "has a body without a shape, or a shape without one";
	if (api->request_schema &&
		(!schema_find(api->request_schema) || !schema_find(api->request_schema)->is_request))
		return "names a request that is none";
	if (api->response_schema &&
		(!schema_find(api->response_schema) || schema_find(api->response_schema)->is_request))
		return "names an answer that is none";
	if (api->query_schema && (!schema_find(api->query_schema) || !schema_find(api->query_schema)->is_request))
		return "names a query that is none";
	return NULL;
}

TEST(api_every_route_describes_itself)
{
	int count = 0;
	for (const struct module *const *m = modules; *m; m++) {
		for (const struct route *r = (*m)->routes; r && r->path; r++) {
			if (!is_api(r)) continue;
			const char *fault = fault_of(r);
			count++;
			if (fault) test_fail(t, __FILE__, __LINE__, "%s %s", r->path, fault);
			if (fault) return;
		}
	}
	CHECK(count > 20);
}

static bool is_named_by_route(const char *name)
{
	for (const struct module *const *m = modules; *m; m++) {
		for (const struct route *r = (*m)->routes; r && r->path; r++) {
			const char *const names[] = { r->api ? r->api->request_schema : NULL,
				r->api ? r->api->response_schema : NULL, r->api ? r->api->query_schema : NULL, "Problem" };
			for (size_t i = 0; i < 4; i++)
				if (names[i] && strcmp(names[i], name) == 0) return true;
		}
	}
	return false;
}

static bool is_named_by_schema(const char *name)
{
	for (const struct schema *s = schemas; s->name; s++)
		for (const struct schema_field *f = s->fields; f->name; f++)
			if (f->type == SCHEMA_OBJECT && strcmp(f->of, name) == 0) return true;
	return false;
}

TEST(api_every_schema_is_used_once_and_whole)
{
	for (const struct schema *s = schemas; s->name; s++) {
		CHECK(schema_find(s->name) == s); /* no other has its name */
		if (!is_named_by_route(s->name) && !is_named_by_schema(s->name))
			test_fail(t, __FILE__, __LINE__, "%s is used nowhere", s->name);
		for (const struct schema_field *f = s->fields; f->name; f++) {
			if (f->type == SCHEMA_OBJECT) CHECK(f->of && schema_find(f->of));
			if (f->type == SCHEMA_CHOICE) CHECK(f->of && f->of[0]);
			CHECK(f->min <= f->max);
		}
	}
}

static const char *words_of(const char *schema, const char *field)
{
	const struct schema *s = schema_find(schema);
	for (const struct schema_field *f = s ? s->fields : NULL; f && f->name; f++)
		if (strcmp(f->name, field) == 0) return f->of;
	return "";
}

static int word_count(const char *words)
{
	int count = 1;
	for (const char *p = words; *p; p++)
		count += *p == ' ';
	return count;
}

static bool has_word(const char *words, const char *word)
{
	struct str rest = str_of(words);
	while (!str_is_none(rest))
		if (str_eq(str_cut(&rest, ' '), str_of(word))) return true;
	return false;
}

/* The words that clients read are those that the program writes, all of them. */
TEST(api_words_are_the_programs_own)
{
	const char *types = words_of("Field", "type"), *units = words_of("Span", "unit"),
			   *boxes = words_of("CaseQuery", "box");
	const char *offers = words_of("Case", "actions"), *methods = words_of("Payment", "method");
	for (int i = 0; i < FIELD_TYPE_MAX; i++)
		CHECK(has_word(types, field_type_name((enum field_type)i)));
	CHECK_INT(word_count(types), FIELD_TYPE_MAX);
	for (int i = 0; i < SPAN_UNIT_MAX; i++)
		CHECK(has_word(units, span_unit_name((enum span_unit)i)));
	CHECK_INT(word_count(units), SPAN_UNIT_MAX);
	for (int i = 0; i < CASE_BOX_MAX; i++)
		CHECK(has_word(boxes, case_box_name((enum case_box)i)));
	CHECK_INT(word_count(boxes), CASE_BOX_MAX);
	for (int i = 0; i < CASE_OFFER_MAX; i++)
		CHECK(has_word(offers, case_offer_name((enum case_offer)i)));
	CHECK_INT(word_count(offers), CASE_OFFER_MAX);
	int count = 0;
	for (const char *const *m = case_pay_methods; *m; m++, count++)
		CHECK(has_word(methods, *m));
	CHECK_INT(word_count(methods), count);
}

TEST(api_description_is_json_with_every_address)
{
	struct json *tree;
	CHECK_OK(json_parse(t->arena, api_openapi(t->arena), &tree));
	CHECK_STR(json_text(tree, STR("openapi")), "3.1.0");
	const struct json *paths = json_get(tree, STR("paths"));
	for (const struct module *const *m = modules; *m; m++) {
		for (const struct route *r = (*m)->routes; r && r->path; r++) {
			if (!is_api(r)) continue;
			const struct json *path = json_get(paths, str_of(r->path));
			CHECK(path && json_get(path, r->method == METHOD_POST ? STR("post") : STR("get")));
		}
	}
}
