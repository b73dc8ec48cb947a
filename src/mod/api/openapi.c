/*
 * /api/v1/openapi.json, written from the program's own tables: paths, permissions and statuses from the routes that
 * have a `route_api`, shapes from schema.c. Nothing is said here that is not enforced there.
 */
#include "mod/api/api.h"
#include "mod/api/schema.h"

enum { TEXT_MAX = 2 * 1024 * 1024, NAME_BYTES = 200 };

struct writing {
	struct arena *arena;
	struct json_writer w;
};

static void put(struct writing *c, const char *key, const char *text)
{
	json_field(&c->w, str_of(key), str_of(text));
}

static void open_member(struct writing *c, const char *key, char bracket)
{
	json_key(&c->w, str_of(key));
	json_open(&c->w, bracket);
}

static void put_ref(struct writing *c, const char *kind, const char *name)
{
	json_field(&c->w, STR("$ref"), arena_printf(c->arena, "#/components/%s/%s", kind, name));
}

/* --- schemas -------------------------------------------------------------------------------------------------------------- */

static void put_words(struct writing *c, const char *words)
{
	struct str rest = str_of(words);
	open_member(c, "enum", '[');
	while (!str_is_none(rest))
		json_add_text(&c->w, str_cut(&rest, ' '));
	json_close(&c->w, ']');
}

static void put_bounds(struct writing *c, const char *least, const char *most, const struct schema_field *f)
{
	if (f->min > 0) {
		json_key(&c->w, str_of(least));
		json_add_int(&c->w, f->min);
	}
	if (f->max > 0) {
		json_key(&c->w, str_of(most));
		json_add_int(&c->w, f->max);
	}
}

/* What one value of the field is, without its description. */
static void put_type(struct writing *c, const struct schema_field *f)
{
	switch (f->type) {
	case SCHEMA_TEXT:
		put(c, "type", "string");
		if (!(f->flags & SCHEMA_LIST)) put_bounds(c, "minLength", "maxLength", f);
		break;
	case SCHEMA_WHOLE:
		put(c, "type", "integer");
		put_bounds(c, "minimum", "maximum", f);
		break;
	case SCHEMA_YES_NO: put(c, "type", "boolean"); break;
	case SCHEMA_DATE:
		put(c, "type", "string");
		put(c, "format", "date");
		break;
	case SCHEMA_INSTANT:
		put(c, "type", "string");
		put(c, "format", "date-time");
		break;
	case SCHEMA_DECIMAL:
		put(c, "type", "string");
		put(c, "pattern", "^-?[0-9]+(\\.[0-9]+)?$");
		break;
	case SCHEMA_CHOICE:
		put(c, "type", "string");
		put_words(c, f->of);
		break;
	case SCHEMA_OBJECT: put_ref(c, "schemas", f->of); break;
	case SCHEMA_MAP: put(c, "type", "object"); break;
	case SCHEMA_FILE:
		put(c, "type", "string");
		put(c, "contentMediaType", "application/octet-stream");
		break;
	case SCHEMA_ANY: break;
	}
}

static void put_field(struct writing *c, const struct schema_field *f, bool is_request)
{
	bool is_list = f->flags & SCHEMA_LIST;
	if (is_list) {
		put(c, "type", "array");
		if (is_request && (f->flags & SCHEMA_REQUIRED)) {
			json_key(&c->w, STR("minItems"));
			json_add_int(&c->w, 1);
		}
		if (f->max > 0) {
			json_key(&c->w, STR("maxItems"));
			json_add_int(&c->w, f->max);
		}
		open_member(c, "items", '{');
	}
	put_type(c, f);
	if (is_list) json_close(&c->w, '}');
	if (f->about) put(c, "description", f->about);
}

static void put_schema(struct writing *c, const struct schema *s)
{
	open_member(c, s->name, '{');
	put(c, "type", "object");
	if (s->about) put(c, "description", s->about);
	open_member(c, "properties", '{');
	for (const struct schema_field *f = s->fields; f->name; f++) {
		open_member(c, f->name, '{');
		put_field(c, f, s->is_request);
		json_close(&c->w, '}');
	}
	json_close(&c->w, '}');
	open_member(c, "required", '[');
	for (const struct schema_field *f = s->fields; f->name; f++)
		if (f->flags & SCHEMA_REQUIRED) json_add_text(&c->w, str_of(f->name));
	json_close(&c->w, ']');
	if (s->is_request) {
		json_key(&c->w, STR("additionalProperties"));
		json_add_bool(&c->w, false);
	}
	json_close(&c->w, '}');
}

/* --- parameters ------------------------------------------------------------------------------------------------------------ */

static const char *const path_parameters[][2] = {
	{ "number", "The number of the case: AN-2026-000123" },
	{ "slug", "The procedure, as the catalogue names it" },
	{ "id", "As the case names it" },
};

static const char *about_parameter(struct str name)
{
	for (size_t i = 0; i < sizeof(path_parameters) / sizeof(path_parameters[0]); i++)
		if (str_eq(name, str_of(path_parameters[i][0]))) return path_parameters[i][1];
	return "";
}

static void put_path_parameters(struct writing *c, struct str path)
{
	for (ptrdiff_t at = str_find_char(path, '{'); at >= 0; at = str_find_char(path, '{')) {
		path = str_slice(path, (size_t)at + 1, path.n);
		struct str name = str_cut(&path, '}');
		json_open(&c->w, '{');
		json_field(&c->w, STR("name"), name);
		put(c, "in", "path");
		put(c, "description", about_parameter(name));
		json_key(&c->w, STR("required"));
		json_add_bool(&c->w, true);
		open_member(c, "schema", '{');
		put(c, "type", "string");
		json_close(&c->w, '}');
		json_close(&c->w, '}');
	}
}

static void put_query_parameters(struct writing *c, const struct schema *s)
{
	for (const struct schema_field *f = s ? s->fields : NULL; f && f->name; f++) {
		json_open(&c->w, '{');
		put(c, "name", f->name);
		put(c, "in", "query");
		if (f->about) put(c, "description", f->about);
		open_member(c, "schema", '{');
		put_type(c, f);
		json_close(&c->w, '}');
		json_close(&c->w, '}');
	}
}

static void put_parameters(struct writing *c, const struct route *r)
{
	open_member(c, "parameters", '[');
	put_path_parameters(c, str_of(r->path));
	if (r->api->query_schema) put_query_parameters(c, schema_find(r->api->query_schema));
	json_open(&c->w, '{');
	put_ref(c, "parameters", "AcceptLanguage");
	json_close(&c->w, '}');
	if (r->commit) {
		json_open(&c->w, '{');
		put_ref(c, "parameters", "IdempotencyKey");
		json_close(&c->w, '}');
	}
	json_close(&c->w, ']');
}

static void put_header_parameter(struct writing *c, const char *key, const char *header, const char *about)
{
	open_member(c, key, '{');
	put(c, "name", header);
	put(c, "in", "header");
	put(c, "description", about);
	open_member(c, "schema", '{');
	put(c, "type", "string");
	json_close(&c->w, '}');
	json_close(&c->w, '}');
}

/* --- operations -------------------------------------------------------------------------------------------------------------- */

static void put_content(struct writing *c, const char *type, const char *schema)
{
	open_member(c, "content", '{');
	open_member(c, type, '{');
	if (schema) {
		open_member(c, "schema", '{');
		put_ref(c, "schemas", schema);
		json_close(&c->w, '}');
	}
	json_close(&c->w, '}');
	json_close(&c->w, '}');
}

static void put_body(struct writing *c, const struct route *r)
{
	if (!r->api->request_schema) return;
	open_member(c, "requestBody", '{');
	json_key(&c->w, STR("required"));
	json_add_bool(&c->w, true);
	put_content(c, r->flags & ROUTE_UPLOAD ? "multipart/form-data" : "application/json",
		r->api->request_schema);
	json_close(&c->w, '}');
}

static void put_problem(struct writing *c, const char *status)
{
	open_member(c, status, '{');
	put_ref(c, "responses", "Problem");
	json_close(&c->w, '}');
}

static void put_responses(struct writing *c, const struct route *r)
{
	bool is_post = r->method == METHOD_POST;
	open_member(c, "responses", '{');
	open_member(c, arena_cz(c->arena, arena_printf(c->arena, "%d", r->api->success_status)), '{');
	put(c, "description", r->api->success_status == 201 ? "Made" : "Done");
	put_content(c, r->api->response_schema ? "application/json" : "application/octet-stream",
		r->api->response_schema);
	json_close(&c->w, '}');
	if (is_post) put_problem(c, "400");
	if (r->permission != PERM_PUBLIC) put_problem(c, "401");
	if (r->permission != PERM_PUBLIC) put_problem(c, "403");
	if (str_find_char(str_of(r->path), '{') >= 0) put_problem(c, "404");
	if (is_post) put_problem(c, "409");
	if (r->api->request_schema) put_problem(c, "415");
	if (r->api->request_schema || r->api->query_schema) put_problem(c, "422");
	put_problem(c, "default");
	json_close(&c->w, '}');
}

/* "post_expedientes_number_firmar" */
static struct str operation_id(struct writing *c, const struct route *r)
{
	struct buf out = buf_new(c->arena, NAME_BYTES);
	struct str rest = str_of(r->path);
	buf_add(&out, r->method == METHOD_POST ? STR("post") : STR("get"));
	for (int part = 0; !str_is_none(rest); part++) {
		struct str word = str_cut(&rest, '/');
		if (part < 3) continue; /* "", "api", "v1" */
		buf_add_char(&out, '_');
		for (size_t i = 0; i < word.n; i++)
			if (word.p[i] != '{' && word.p[i] != '}') buf_add_char(&out, word.p[i] == '.' ? '_' : word.p[i]);
	}
	return buf_str(&out);
}

static void put_operation(struct writing *c, const struct route *r)
{
	open_member(c, r->method == METHOD_POST ? "post" : "get", '{');
	json_field(&c->w, STR("operationId"), operation_id(c, r));
	put(c, "summary", r->api->summary);
	if (r->permission != PERM_PUBLIC) {
		json_field(&c->w, STR("description"),
			arena_printf(c->arena, "Needs the permission: %s.",
				permission_title((enum permission)r->permission)));
		open_member(c, "security", '[');
		json_open(&c->w, '{');
		open_member(c, "token", '[');
		json_close(&c->w, ']');
		json_close(&c->w, '}');
		json_close(&c->w, ']');
	}
	put_parameters(c, r);
	put_body(c, r);
	put_responses(c, r);
	json_close(&c->w, '}');
}

static bool is_described(const struct route *r) { return r->path && r->api; }

/* Both methods of an address stand under one key, at the place of the first. */
static void put_path(struct writing *c, const struct route *table, const struct route *r)
{
	for (const struct route *before = table; before < r; before++)
		if (is_described(before) && strcmp(before->path, r->path) == 0) return;
	open_member(c, r->path, '{');
	for (const struct route *one = r; one->path; one++)
		if (is_described(one) && strcmp(one->path, r->path) == 0) put_operation(c, one);
	json_close(&c->w, '}');
}

/* --- the document --------------------------------------------------------------------------------------------------------------- */

static void put_head(struct writing *c)
{
	put(c, "openapi", "3.1.0");
	open_member(c, "info", '{');
	put(c, "title", "Ventanilla");
	put(c, "version", "1");
	put(c, "description",
		"Procedures of a municipality: their sheets and forms, filing, and the work on cases. A program acts with the "
		"permissions and the scope of the member of staff its token was made for. A member without a value is left out. "
		"Errors are problem documents (RFC 9457). A POST that may have been lost is sent again with the same "
		"Idempotency-Key: it is carried out once, and answered alike for a day.");
	json_close(&c->w, '}');
	open_member(c, "servers", '[');
	json_open(&c->w, '{');
	put(c, "url", "/");
	json_close(&c->w, '}');
	json_close(&c->w, ']');
}

static void put_components(struct writing *c)
{
	open_member(c, "components", '{');
	open_member(c, "securitySchemes", '{');
	open_member(c, "token", '{');
	put(c, "type", "http");
	put(c, "scheme", "bearer");
	put(c, "description", "Made with `ventanilla token create`.");
	json_close(&c->w, '}');
	json_close(&c->w, '}');
	open_member(c, "parameters", '{');
	put_header_parameter(c, "AcceptLanguage", "Accept-Language", "es, en or eu: of texts and messages");
	put_header_parameter(c, "IdempotencyKey", "Idempotency-Key",
		"at most 200 characters, new for each call that is not a repetition");
	json_close(&c->w, '}');
	open_member(c, "responses", '{');
	open_member(c, "Problem", '{');
	put(c, "description", "It was not done");
	put_content(c, "application/problem+json", "Problem");
	json_close(&c->w, '}');
	json_close(&c->w, '}');
	open_member(c, "schemas", '{');
	for (const struct schema *s = schemas; s->name; s++)
		put_schema(c, s);
	json_close(&c->w, '}');
	json_close(&c->w, '}');
}

struct str api_openapi(struct arena *a)
{
	struct buf out = buf_new(a, TEXT_MAX);
	struct writing c = { a, json_writer(&out) };
	json_open(&c.w, '{');
	put_head(&c);
	open_member(&c, "paths", '{');
	for (const struct module *const *m = modules; *m; m++)
		for (const struct route *r = (*m)->routes; r && r->path; r++)
			if (is_described(r)) put_path(&c, (*m)->routes, r);
	json_close(&c.w, '}');
	put_components(&c);
	json_close(&c.w, '}');
	must(!buf_overflowed(&out));
	return buf_str(&out);
}
