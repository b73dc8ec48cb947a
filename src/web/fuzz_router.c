/* Any path: the tree must find exactly what trying every route one by one finds. */
#include "base/utf8.h"
#include "web/percent.h"
#include "web/route.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct route routes[] = { { .method = METHOD_GET, .path = "/", .permission = 1 },
	{ .method = METHOD_GET, .path = "/a", .permission = 1 },
	{ .method = METHOD_GET, .path = "/a/{x}", .permission = 1 },
	{ .method = METHOD_GET, .path = "/a/{x}/b", .permission = 1 },
	{ .method = METHOD_POST, .path = "/a/b", .permission = 1 },
	{ .method = METHOD_GET, .path = "/{x}/b/{y}/{z}", .permission = 1 },
	{ .method = METHOD_PUT, .path = "/c/{x*}", .permission = 1 }, { .path = NULL } };

/* The naive way: part by part, nothing compiled. */
static bool matches(struct arena *a, struct str pattern, struct str path)
{
	struct str part, plain;
	if (pattern.n == 1 || path.n == 1) return str_eq(pattern, path);
	pattern = str_slice(pattern, 1, pattern.n);
	path = str_slice(path, 1, path.n);
	while (!str_is_none(pattern) && !str_is_none(path)) {
		struct str expected = str_cut(&pattern, '/'), rest = path;
		part = str_cut(&path, '/');
		if (!percent_decode(a, part, false, &plain)) return false;
		if (str_ends_with(expected, STR("*}"))) return part.n > 0 && percent_decode(a, rest, false, &plain);
		bool is_param = str_starts_with(expected, STR("{"));
		if (is_param ? plain.n == 0 : !str_eq(expected, plain)) return false;
	}
	return str_is_none(pattern) && str_is_none(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct route *const tables[] = { routes, NULL };
	static const enum method methods[] = { METHOD_GET, METHOD_POST, METHOD_PUT };
	struct arena *a = arena_new(64 * 1024 * 1024);
	struct router *router = NULL;
	struct str path = { size ? (const char *)data : "", size };
	must(!router_new(a, tables, &router));
	for (size_t m = 0; m < sizeof methods / sizeof *methods; m++) {
		struct request r = { .arena = a, .method = methods[m], .raw_path = path };
		const struct route *found = NULL, *expected = NULL;
		struct str allow;
		router_match(router, &r, &found, &allow);
		if (found) must(found->method == methods[m] && str_is_none(allow));
		for (const struct route *i = routes; i->path && size && path.p[0] == '/'; i++)
			if (i->method == methods[m] && matches(a, str_of(i->path), path)) expected = i;
		/* The tree gives up on paths longer than any route; the naive way goes as far as the last of them. */
		if (found || size < 24) must(found == expected);
	}
	arena_free(a);
	return 0;
}
