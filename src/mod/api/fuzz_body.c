/* Any body against every request schema: what passes has every compulsory member and no other than the named. */
#include "mod/api/schema.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_named(const struct schema *s, struct str name)
{
	for (const struct schema_field *f = s->fields; f->name; f++)
		if (str_eq(str_of(f->name), name)) return true;
	return false;
}

static void check_promises(const struct schema *s, const struct json *body)
{
	must(body->kind == JSON_MAP);
	for (const struct schema_field *f = s->fields; f->name; f++)
		must(!(f->flags & SCHEMA_REQUIRED) || json_get(body, str_of(f->name)));
	for (const struct json *member = body->first; member; member = member->next)
		must(is_named(s, member->key));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(512 * 1024 * 1024);
	struct json *body;
	if (!json_parse(a, (struct str){ size ? (const char *)data : "", size }, &body)) {
		for (const struct schema *s = schemas; s->name; s++) {
			int count = 0;
			struct schema_fault *faults = schema_check(a, s, body);
			for (struct schema_fault *f = faults; f; f = f->next)
				count++;
			must(count <= SCHEMA_FAULTS_MAX);
			if (!faults && s->is_request) check_promises(s, body);
		}
	}
	arena_free(a);
	return 0;
}
