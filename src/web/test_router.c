/* The router: what matches, what is decoded when, and what does not boot. */
#include "base/testing.h"
#include "web/route.h"

#define GET(text)                                                                                            \
	{                                                                                                        \
		.method = METHOD_GET, .path = (text), .permission = 1                                                \
	}
#define POST(text)                                                                                           \
	{                                                                                                        \
		.method = METHOD_POST, .path = (text), .permission = 1                                               \
	}
#define END                                                                                                  \
	{                                                                                                        \
		.path = NULL                                                                                         \
	}

static const struct route town[] = { GET("/"), GET("/tramites"), GET("/tramites/{slug}"),
	GET("/tramites/{slug}/iniciar"), POST("/tramites/{slug}/iniciar"), GET("/expedientes/{number}"),
	POST("/expedientes/nuevo"), { .method = METHOD_PUT, .path = "/expedientes/{number}", .permission = 1 },
	GET("/registro/log/tile/{tile*}"), GET("/a/{b}/c/{d}/e/{f}/g/{h}"), END };
static const struct route api[] = { GET("/api/v1/x"),
	{ .method = METHOD_DELETE, .path = "/api/v1/x", .permission = 1 }, END };

struct match {
	const struct route *route;
	struct str allow;
	struct request request;
};

static struct match match(struct test *t, enum method method, const char *path)
{
	static const struct route *const tables[] = { town, api, NULL };
	struct router *router = NULL;
	struct match m = { .request = { .arena = t->arena, .method = method, .raw_path = str_of(path) } };
	struct err *e = router_new(t->arena, tables, &router);
	if (e) test_fail(t, __FILE__, __LINE__, "%s", e->detail);
	must(router);
	router_match(router, &m.request, &m.route, &m.allow);
	return m;
}

static struct str path_of(const struct match *m) { return m->route ? str_of(m->route->path) : STR("none"); }

TEST(router_matches_literals_and_parameters)
{
	struct match m = match(t, METHOD_GET, "/");
	CHECK_STR(path_of(&m), "/");
	m = match(t, METHOD_HEAD, "/tramites");
	CHECK_STR(path_of(&m), "/tramites");
	m = match(t, METHOD_GET, "/tramites/alineamiento");
	CHECK_STR(path_of(&m), "/tramites/{slug}");
	CHECK_STR(m.request.params[0], "alineamiento");
	m = match(t, METHOD_POST, "/tramites/alineamiento/iniciar");
	CHECK_STR(path_of(&m), "/tramites/{slug}/iniciar");
	CHECK_INT(m.route->method, METHOD_POST);
	m = match(t, METHOD_GET, "/a/1/c/2/e/3/g/4");
	CHECK_STR(m.request.params[3], "4");
	/* another method's literal does not hide a parameter */
	m = match(t, METHOD_GET, "/expedientes/nuevo");
	CHECK_STR(path_of(&m), "/expedientes/{number}");
	m = match(t, METHOD_POST, "/expedientes/nuevo");
	CHECK_STR(path_of(&m), "/expedientes/nuevo");
}

TEST(router_cuts_before_it_decodes)
{
	struct match m = match(t, METHOD_GET, "/expedientes/2026%2F000123");
	CHECK_STR(m.request.params[0], "2026/000123");
	m = match(t, METHOD_GET, "/expedientes/2026/000123");
	CHECK(!m.route);
	m = match(t, METHOD_GET, "/tr%61mites");
	CHECK_STR(path_of(&m), "/tramites");
	m = match(t, METHOD_GET, "/registro/log/tile/0/x001/2%2034");
	CHECK_STR(m.request.params[0], "0/x001/2 34");
}

TEST(router_matches_nothing_else)
{
	static const char *const paths[] = { "", "x", "//", "/tramites/", "/Tramites", "/tramites/a/",
		"/tramites//iniciar", "/expedientes/", "/registro/log/tile", "/registro/log/tile/", "/tramites/%ff",
		"/tramites/%4", "/1/2/3/4/5/6/7/8/9/0/1/2/3/4/5/6/7/8/9/0/1/2/3/4/5/6" };
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		struct match m = match(t, METHOD_GET, paths[i]);
		if (m.route || m.allow.n) test_fail(t, __FILE__, __LINE__, "\"%s\" matched", paths[i]);
	}
}

TEST(router_lists_the_methods_of_a_path)
{
	struct match m = match(t, METHOD_POST, "/tramites");
	CHECK(!m.route);
	CHECK_STR(m.allow, "GET, HEAD");
	m = match(t, METHOD_OTHER, "/expedientes/nuevo");
	CHECK_STR(m.allow, "GET, HEAD, POST, PUT");
	m = match(t, METHOD_POST, "/api/v1/x");
	CHECK_STR(m.allow, "GET, HEAD, DELETE");
}

static struct err *boot(struct test *t, const struct route *first, const struct route *second)
{
	const struct route *tables[] = { first, second, NULL };
	struct router *router;
	return router_new(t->arena, tables, &router);
}

TEST(router_refuses_overlapping_routes)
{
	static const char *const pairs[][2] = {
		{ "/a", "/a" },
		{ "/a/{x}", "/a/{y}" },
		{ "/a/{x}", "/a/b" },
		{ "/a/b", "/a/{x}" },
		{ "/a/{x}/c", "/a/b/{y}" },
		{ "/a/{x*}", "/a/b" },
		{ "/a/b/c", "/a/{x*}" },
		{ "/a/{x}", "/a/{y*}" },
		{ "/{x*}", "/a" },
		{ "/{x}/b", "/a/{y*}" },
	};
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		struct route one[] = { GET(pairs[i][0]), END }, two[] = { GET(pairs[i][1]), END };
		struct route other[] = { POST(pairs[i][1]), END };
		struct err *e = boot(t, one, two);
		if (!e) test_fail(t, __FILE__, __LINE__, "%s and %s booted", pairs[i][0], pairs[i][1]);
		if (e) CHECK(str_find(str_of(e->detail), str_of(pairs[i][0])) >= 0);
		CHECK_OK(boot(t, one, other));
	}
	struct route one[] = { GET("/a/{x}"), END },
				 two[] = { GET("/a/b/c"), GET("/a"), GET("/"), GET("/b/{x*}"), END };
	CHECK_OK(boot(t, one, two));
}

TEST(router_refuses_bad_routes)
{
	static const char *const paths[] = { "", "a", "/a/", "//", "/a//b", "/{a}/{b}/{c}/{d}/{e}", "/a{b}",
		"/{a*}/b", "/a/{", "/1/2/3/4/5/6/7/8/9/0/1/2/3/4/5/6/7/8/9/0/1/2/3/4/5" };
	struct route none[] = { END };
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		struct route bad[] = { GET(paths[i]), END };
		struct err *e = boot(t, bad, none);
		if (!e || e->code != ERR_USAGE) test_fail(t, __FILE__, __LINE__, "\"%s\" booted", paths[i]);
	}
	struct route open[] = { { .method = METHOD_GET, .path = "/a" }, END };
	CHECK_ERR(boot(t, open, none), ERR_USAGE);
	struct route head[] = { { .method = METHOD_HEAD, .path = "/a", .permission = 1 }, END };
	CHECK_ERR(boot(t, head, none), ERR_USAGE);
}
