/*
 * The router: every path compiled once into a tree of its parts, so that a match costs one step a part. What
 * could match twice does not boot: the second module would never see its requests, or see them only for some
 * values. Start at router_new() and router_match().
 */
#include "base/buf.h"
#include "base/utf8.h"
#include "web/percent.h"
#include "web/route.h"

enum { PARAMS_MAX = 4, PARTS_MAX = 24, PARAM_BYTES_MAX = 1000 };

/* A part of a path: what it must be, or a parameter, or all that is left. */
struct node {
	struct str text;
	struct node *literals, *next; /* children that are literal; the next among them */
	struct node *param, *rest;
	const struct route *routes[METHOD_OTHER + 1];
};

struct router {
	struct arena *arena;
	struct node *root;
};

static struct node *node_new(struct arena *a, struct str text)
{
	struct node *n = ARENA_NEW(a, struct node);
	n->text = text;
	return n;
}

static bool is_param(struct str part) { return part.n >= 3 && part.p[0] == '{' && part.p[part.n - 1] == '}'; }

static bool is_rest(struct str part) { return is_param(part) && part.n >= 4 && part.p[part.n - 2] == '*'; }

static struct node *literal_child(const struct node *n, struct str text)
{
	struct node *child = n->literals;
	while (child && !str_eq(child->text, text))
		child = child->next;
	return child;
}

/* The first route of this method at or below the node. */
static const struct route *any_route(const struct node *n, enum method method)
{
	const struct route *found = n ? n->routes[method] : NULL;
	if (!n || found) return found;
	if ((found = any_route(n->param, method)) || (found = any_route(n->rest, method))) return found;
	for (const struct node *child = n->literals; child && !found; child = child->next)
		found = any_route(child, method);
	return found;
}

/* A route of the same method that some path would match as well; `rest` are the parts still to compare. */
static const struct route *overlapping(const struct node *n, struct str rest, enum method method)
{
	const struct route *found = NULL;
	if (!n) return NULL;
	if (str_is_none(rest)) return n->routes[method];
	if ((found = any_route(n->rest, method))) return found;
	struct str part = str_cut(&rest, '/');
	if (is_rest(part)) {
		/* It takes one part or more: everything below here. */
		for (const struct node *child = n->literals; child && !found; child = child->next)
			found = any_route(child, method);
		return found ? found : any_route(n->param, method);
	}
	if ((found = overlapping(n->param, rest, method))) return found;
	for (const struct node *child = n->literals; child && !found; child = child->next)
		if (is_param(part) || str_eq(child->text, part)) found = overlapping(child, rest, method);
	return found;
}

static struct node *descend(struct router *router, struct node *n, struct str part)
{
	if (is_param(part)) {
		struct node **slot = is_rest(part) ? &n->rest : &n->param;
		if (!*slot) *slot = node_new(router->arena, part);
		return *slot;
	}
	struct node *child = literal_child(n, part);
	if (child) return child;
	child = node_new(router->arena, part);
	child->next = n->literals;
	n->literals = child;
	return child;
}

static struct err *check_path(struct arena *a, struct str path)
{
	int params = 0, parts = 0;
	if (path.n == 0 || path.p[0] != '/') return ERR(a, ERR_USAGE, NULL, "does not begin with '/'");
	for (struct str left = str_slice(path, 1, path.n); !str_is_none(left) && path.n > 1;) {
		struct str part = str_cut(&left, '/');
		if (part.n == 0) return ERR(a, ERR_USAGE, NULL, "has an empty part");
		if (!is_param(part) && (str_find_char(part, '{') >= 0 || str_find_char(part, '}') >= 0))
			return ERR(a, ERR_USAGE, NULL, "has a parameter that is not a whole part");
		if (is_rest(part) && !str_is_none(left))
			return ERR(a, ERR_USAGE, NULL, "goes on after a parameter that takes the rest");
		params += is_param(part);
		parts++;
	}
	if (params > PARAMS_MAX) return ERR(a, ERR_USAGE, NULL, "has more than %d parameters", PARAMS_MAX);
	if (parts > PARTS_MAX) return ERR(a, ERR_USAGE, NULL, "has more than %d parts", PARTS_MAX);
	return NULL;
}

/* What stands after the first '/'; none for the root, whose node is the tree's own. */
static struct str parts_of(struct str path) { return path.n > 1 ? str_slice(path, 1, path.n) : STR_NONE; }

static struct err *add(struct router *router, const struct route *route)
{
	struct arena *a = router->arena;
	struct str path = str_of(route->path);
	struct err *wrong = check_path(a, path);
	if (wrong) return err_wrap(a, wrong, "route %s", route->path);
	if (route->permission == 0) return ERR(a, ERR_USAGE, NULL, "route %s has no permission", route->path);
	if (route->method == METHOD_HEAD || route->method == METHOD_OTHER)
		return ERR(a, ERR_USAGE, NULL, "route %s has a method that routes cannot have", route->path);

	const struct route *other = overlapping(router->root, parts_of(path), route->method);
	if (other) return ERR(a, ERR_USAGE, NULL, "route %s overlaps with %s", route->path, other->path);
	struct node *n = router->root;
	for (struct str left = parts_of(path); !str_is_none(left);)
		n = descend(router, n, str_cut(&left, '/'));
	n->routes[route->method] = route;
	return NULL;
}

struct err *router_new(struct arena *a, const struct route *const *tables, struct router **ret)
{
	struct router *router = ARENA_NEW(a, struct router);
	router->arena = a;
	router->root = node_new(a, STR(""));
	for (; *tables; tables++)
		for (const struct route *route = *tables; route->path; route++)
			TRY(add(router, route));
	*ret = router;
	return NULL;
}

/* One walk down the tree: the parts of the path, and the parameters met on the way. */
struct walk {
	struct arena *arena;
	struct str parts[PARTS_MAX]; /* decoded */
	struct str left[PARTS_MAX];  /* all from that part to the end, as sent */
	size_t count;
	bool is_raw;
	struct str params[PARAMS_MAX];
	enum method method;
	unsigned allowed; /* a bit a method of every node that the path reaches */
};

static const struct route *arrive(struct walk *w, const struct node *n)
{
	for (int m = 0; m <= METHOD_OTHER; m++)
		if (n->routes[m]) w->allowed |= 1U << m;
	return n->routes[w->method];
}

static const struct route *go(struct walk *w, const struct node *n, size_t at, size_t params)
{
	const struct route *found;
	if (at == w->count) return arrive(w, n);
	const struct node *child = literal_child(n, w->parts[at]);
	if (child && (found = go(w, child, at + 1, params))) return found;
	if (params < PARAMS_MAX && w->parts[at].n > 0) {
		w->params[params] = w->parts[at];
		if (n->param && (found = go(w, n->param, at + 1, params + 1))) return found;
		if (n->rest && (found = arrive(w, n->rest))) {
			w->params[params] = w->left[at];
			/* Each part of it was decoded before, so all of it can be. */
			if (w->is_raw) must(percent_decode(w->arena, w->left[at], false, &w->params[params]));
			return found;
		}
		w->params[params] = STR_NONE;
	}
	return NULL;
}

/* False when the path has more parts than any route, or a part that is no text. */
static bool split(struct str path, struct walk *w)
{
	if (path.n == 0 || path.p[0] != '/') return false;
	for (struct str left = parts_of(path); !str_is_none(left); w->count++) {
		if (w->count == PARTS_MAX) return false;
		struct str whole = left, part = str_cut(&left, '/');
		if (part.n > PARAM_BYTES_MAX) return false;
		w->parts[w->count] = part;
		w->left[w->count] = whole;
		if (w->is_raw && !percent_decode(w->arena, part, false, &w->parts[w->count])) return false;
	}
	return true;
}

static struct str allowed_text(struct arena *a, unsigned allowed)
{
	static const struct {
		enum method method;
		const char *text;
	} names[] = { { METHOD_GET, "GET, HEAD" }, { METHOD_POST, "POST" }, { METHOD_PUT, "PUT" },
		{ METHOD_DELETE, "DELETE" } };
	struct buf out = buf_new(a, 64);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (allowed & 1U << names[i].method) buf_printf(&out, "%s%s", out.n ? ", " : "", names[i].text);
	return buf_str(&out);
}

void router_match(const struct router *router, struct request *r, const struct route **ret_route,
	struct str *ret_allow)
{
	struct walk w = { .arena = r->arena,
		.is_raw = !str_is_none(r->raw_path),
		.method = r->method == METHOD_HEAD ? METHOD_GET : r->method };
	*ret_route = NULL;
	*ret_allow = STR_NONE;
	if (!split(w.is_raw ? r->raw_path : r->path, &w)) return;
	*ret_route = go(&w, router->root, 0, 0);
	if (*ret_route)
		memcpy(r->params, w.params, sizeof w.params);
	else if (w.allowed)
		*ret_allow = allowed_text(r->arena, w.allowed);
}
