#include "base/log.h"
#include "core/dispatch/dispatch_internal.h"
#include "core/i18n.h"
#include "core/layout/error_page.h"
#include "core/page.h"
#include "core/problem.h"
#include "core/session/resume.h"
#include "web/csrf.h"
#include "web/form.h"

enum { RETRY_AFTER_S = 10, PAGE_MAX = 256 * 1024 };

/* The sentence of an error that has one, in the reader's language. */
static struct str message_of(const struct request *r, const struct err *e)
{
	enum message m;
	return e->key && i18n_find(str_of(e->key), &m) ? i18n_text(r->lang, m) : STR_NONE;
}

/* An unknown host has no municipality to wear the look of. */
static void bare_page(struct exchange *x, const struct err *e)
{
	struct request *r = &x->request;
	struct buf out = buf_new(r->arena, PAGE_MAX);
	struct view view = { .out = &out, .arena = r->arena, .lang = str_is_none(r->lang) ? STR("es") : r->lang };
	error_page_write(&view, x->response.status, message_of(r, e), r->id);
	struct html page;
	if (!view_finish(&view, &page)) response_html(&x->response, page);
}

/* What every answer to an error has. */
static void begin_refusal(struct exchange *x, const struct err *e)
{
	struct request *r = &x->request;
	log_error("http.refused", e, r->id);
	x->response.status = err_http_status(e);
	x->response.cache = CACHE_NEVER;
	x->response.file = NULL;
	if (e->code == ERR_UNAVAILABLE || e->code == ERR_LIMITED)
		response_header(&x->response, STR("Retry-After"), arena_printf(r->arena, "%d", RETRY_AFTER_S));
}

void dispatch_stream_error(struct exchange *x, const struct err *e)
{
	begin_refusal(x, e);
	x->response.stream = NULL;
	response_text(&x->response, arena_printf(x->request.arena, "%d\n", x->response.status));
}

void dispatch_error_answer(struct exchange *x, struct err *e)
{
	struct request *r = &x->request;
	if (r->route && (r->route->flags & ROUTE_STREAM)) {
		dispatch_stream_error(x, e);
		return;
	}
	begin_refusal(x, e);
	if (e->code == ERR_SIGN_IN && r->route && (r->route->flags & ROUTE_TOKEN))
		response_header(&x->response, STR("WWW-Authenticate"), STR("Bearer"));
	if ((r->route && (r->route->flags & ROUTE_TOKEN)) || str_starts_with(r->path, STR("/api/"))) {
		problem_answer(r, &x->response,
			&(struct problem){ .status = x->response.status,
				.code = str_of(e->key),
				.detail = message_of(r, e) });
	} else if (!r->town) {
		bare_page(x, e);
	} else {
		struct view *view = page_view(r);
		error_page_write(view, x->response.status, message_of(r, e), r->id);
		page_send(&x->response, view);
	}
}

void dispatch_resend_answer(struct exchange *x)
{
	x->response.status = 403;
	resume_show(&x->request, &x->response, x->request.path, resume_fields_of(&x->request, false));
}

void dispatch_sign_in_answer(struct exchange *x)
{
	struct request *r = &x->request;
	if (r->method != METHOD_POST) {
		struct buf path = buf_new(r->arena, 16 * 1024);
		buf_add(&path, STR(SIGN_IN_PATH "?" RESUME_PATH "="));
		html_url_part(&path, r->path);
		response_redirect(&x->response, buf_str(&path));
		return;
	}
	struct resume_fields none = { NULL, 0 };
	x->response.status = 403;
	sign_in_show(r, &x->response, r->path, csrf_came_from_here(r) ? resume_fields_of(r, false) : none,
		STR_NONE, STR_NONE, true);
}
