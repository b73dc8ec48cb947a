/* Bodies: chosen by type, bounded, buffered or streamed. */
#include "web/body.h"
#include "web/form_add.h"

/* A tree of JSON takes up to this many times the memory of its text ("[1,1,1…"). */
enum { JSON_GROWTH = 128 };

static enum body_kind kind_of(struct str content_type)
{
	struct str type = str_trim(str_cut(&content_type, ';'));
	if (str_eq_ci(type, STR("application/x-www-form-urlencoded"))) return BODY_FORM;
	if (str_eq_ci(type, STR("multipart/form-data"))) return BODY_MULTIPART;
	if (str_eq_ci(type, STR("application/json"))) return BODY_JSON;
	return BODY_BYTES;
}

/* Memory bounds: what one body may take of the request's arena. A builder of unknown length doubles as it
 * grows. */
static int64_t bounded(enum body_kind kind, int64_t limit, size_t arena_max)
{
	int64_t half = (int64_t)(arena_max / 2);
	int64_t most = kind == BODY_JSON ? half / JSON_GROWTH : half / 4;
	return limit < most ? limit : most;
}

struct err *body_begin(struct body *b, struct exchange *x, const struct head *head, size_t arena_max)
{
	struct arena *a = x->request.arena;
	const struct body_plan *plan = &x->body;
	struct str type = request_header(&x->request, STR("content-type"));
	enum body_kind kind = kind_of(type);
	*b = (struct body){ .limit = plan->max_bytes ? plan->max_bytes : FORM_MAX_BYTES };
	if (!head->has_body) return NULL;
	if (!(plan->kinds & kind)) {
		kind = BODY_BYTES;
		if (!(plan->kinds & kind)) return ERR(a, ERR_WRONG_TYPE, NULL, "body: a type that is not taken here");
	}
	if (kind != BODY_MULTIPART) b->limit = bounded(kind, b->limit, arena_max);
	if (head->content_length > b->limit)
		return ERR(a, ERR_TOO_LARGE, NULL, "body: %lld bytes", (long long)head->content_length);
	b->kind = kind;
	if (kind != BODY_MULTIPART) {
		b->bytes = buf_new(a, (size_t)b->limit);
		return NULL;
	}
	b->piece_bytes = arena_alloc(a, BODY_PIECE_BYTES);
	b->piece = (struct str){ b->piece_bytes, 0 };
	x->request.form = form_new(a);
	return multipart_new(x->request.form, type, plan->sink, plan->sink_state, &b->multipart);
}

struct err *body_take(struct body *b, struct exchange *x, struct str bytes, bool *ret_taken)
{
	if (b->taken + (int64_t)bytes.n > b->limit)
		return ERR(x->request.arena, ERR_TOO_LARGE, NULL, "body: more than %lld bytes", (long long)b->limit);
	if (b->multipart) {
		*ret_taken = bytes.n <= BODY_PIECE_BYTES - b->piece.n;
		if (!*ret_taken) return NULL;
		memcpy(b->piece_bytes + b->piece.n, bytes.p, bytes.n);
		b->piece.n += bytes.n;
	} else {
		buf_add(&b->bytes, bytes);
		*ret_taken = true;
	}
	b->taken += (int64_t)bytes.n;
	return NULL;
}

static struct err *feed(struct body *b, bool is_last)
{
	struct str piece = b->piece;
	b->piece.n = 0;
	TRY(multipart_feed(b->multipart, piece));
	if (!is_last) return NULL;
	b->is_fed = true;
	return multipart_finish(b->multipart);
}

struct err *body_feed(struct body *b, bool is_last)
{
	struct err *e = feed(b, is_last);
	if (e) multipart_abandon(b->multipart);
	return e;
}

struct err *body_end(struct body *b, struct exchange *x)
{
	struct arena *a = x->request.arena;
	if (b->kind == 0 || b->multipart) return NULL;
	x->body.bytes = buf_str(&b->bytes);
	if (b->kind == BODY_FORM) return form_parse(a, x->body.bytes, &x->request.form);
	if (b->kind == BODY_JSON) return json_parse(a, x->body.bytes, &x->request.json);
	return NULL;
}

void body_abandon(struct body *b)
{
	if (b->multipart) multipart_abandon(b->multipart);
}
