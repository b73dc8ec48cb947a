/* What handlers ask of a request beyond its fields: headers and cookies. How it came about is head.c's. */
#include "web/request.h"

struct str request_header(const struct request *r, struct str name)
{
	for (const struct header *h = r->headers; h; h = h->next)
		if (str_eq_ci(h->name, name)) return h->value;
	return STR_NONE;
}

/* The first cookie whose name is `prefix` and `name` together. */
static struct str find_cookie(struct str cookies, struct str prefix, struct str name)
{
	while (!str_is_none(cookies)) {
		struct str value = str_trim(str_cut(&cookies, ';'));
		struct str key = str_cut(&value, '=');
		if (str_is_none(value) || key.n != prefix.n + name.n) continue;
		if (str_starts_with(key, prefix) && str_ends_with(key, name)) return value;
	}
	return STR_NONE;
}

/* Over TLS only the __Host- form counts: another one may have been planted by a neighbouring host or by
 * somebody on the line. */
struct str request_cookie(const struct request *r, struct str name)
{
	struct str prefix = r->is_tls ? STR("__Host-") : STR("");
	for (const struct header *h = r->headers; h; h = h->next) {
		if (!str_eq_ci(h->name, STR("cookie"))) continue;
		struct str value = find_cookie(h->value, prefix, name);
		if (!str_is_none(value)) return value;
	}
	return STR_NONE;
}
