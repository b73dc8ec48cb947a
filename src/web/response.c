/* How handlers fill an answer. What every answer carries besides is answer.c's. */
#include "web/disposition.h"
#include "web/response.h"

void response_html(struct response *r, struct html page)
{
	r->content_type = STR("text/html; charset=utf-8");
	r->body = page.markup;
}

void response_text(struct response *r, struct str text)
{
	r->content_type = STR("text/plain; charset=utf-8");
	r->body = text;
}

void response_json(struct response *r, struct str json)
{
	r->content_type = STR("application/json");
	r->body = json;
}

static bool is_control(char c) { return (unsigned char)c < 0x20 || c == 0x7f; }

bool response_is_local_path(struct str path)
{
	if (path.n == 0 || path.p[0] != '/') return false;
	/* "//host" and, to browsers, "/\host" are addresses of another host. */
	if (path.n > 1 && (path.p[1] == '/' || path.p[1] == '\\')) return false;
	for (size_t i = 0; i < path.n; i++)
		if (is_control(path.p[i]) || path.p[i] == '\\') return false;
	return true;
}

void response_redirect(struct response *r, struct str path)
{
	must(response_is_local_path(path));
	r->status = 303;
	response_header(r, STR("Location"), path);
}

/* The types that browsers show in a place of their own, where nothing in them can run as our page. */
static bool type_is_shown_safely(struct str type)
{
	return str_eq(type, STR("application/pdf")) || str_eq(type, STR("image/jpeg")) ||
		str_eq(type, STR("image/png"));
}

void response_download(struct response *r, struct str bytes, struct str type, struct str name)
{
	r->content_type = type;
	r->body = bytes;
	struct str value = disposition_write(r->request->arena, type_is_shown_safely(type), name);
	response_header(r, STR("Content-Disposition"), value);
}

void response_stored_file(struct response *r, struct file_reader *f, int64_t bytes, struct str type,
	struct str name)
{
	response_download(r, STR(""), type, name);
	r->file = f;
	r->file_bytes = bytes;
}

/* Fewer headers than a page has: they stay in memory as long as the stream. */
void response_stream(struct response *r, const struct stream_plan *plan, struct str page_origin)
{
	r->stream = plan;
	r->content_type = STR("text/event-stream");
	response_header(r, STR("Content-Security-Policy"), STR("default-src 'none'; frame-ancestors 'none'"));
	response_header(r, STR("Cross-Origin-Opener-Policy"), STR(""));
	response_header(r, STR("Permissions-Policy"), STR(""));
	response_header(r, STR("Referrer-Policy"), STR(""));
	response_header(r, STR("X-Accel-Buffering"), STR("no")); /* nginx passes each piece on at once */
	response_header(r, STR("Vary"), STR("Origin"));
	if (str_is_none(page_origin)) return;
	response_header(r, STR("Access-Control-Allow-Origin"), page_origin);
	response_header(r, STR("Access-Control-Allow-Credentials"), STR("true"));
}

struct header **response_mark(struct response *r)
{
	struct header **end = &r->headers;
	while (*end)
		end = &(*end)->next;
	return end;
}

void response_go_back(struct response *r, struct header **mark)
{
	*mark = NULL;
	*r = (struct response){ .request = r->request, .status = 200, .headers = r->headers };
}

void response_header(struct response *r, struct str name, struct str value)
{
	struct arena *a = r->request->arena;
	struct header *h = ARENA_NEW(a, struct header);
	char *copy = arena_alloc(a, value.n + 1);
	for (size_t i = 0; i < value.n; i++)
		copy[i] = is_control(value.p[i]) ? ' ' : value.p[i];
	*h = (struct header){ arena_str(a, name), { copy, value.n }, NULL };
	*response_mark(r) = h;
}

/* RFC 6265 section 4.1.1: what a cookie's value may hold without quotes. */
static bool cookie_value_is_sound(struct str value)
{
	for (size_t i = 0; i < value.n; i++) {
		char c = value.p[i];
		if (c <= 0x20 || c == 0x7f || c == '"' || c == ',' || c == ';' || c == '\\') return false;
	}
	return true;
}

void response_cookie(struct response *r, struct str name, struct str value, int64_t max_age_s)
{
	bool is_tls = r->request->is_tls;
	must(name.n > 0 && cookie_value_is_sound(name) && cookie_value_is_sound(value));
	struct str text = arena_printf(r->request->arena,
		"%s%.*s=%.*s; Path=/; Max-Age=%lld; HttpOnly; SameSite=Lax%s", is_tls ? "__Host-" : "", STR_FMT(name),
		STR_FMT(value), (long long)max_age_s, is_tls ? "; Secure" : "");
	response_header(r, STR("Set-Cookie"), text);
}
