#include "core/dispatch/dispatch.h"
#include "core/feed/feed.h"
#include "core/staff/queries.h"
#include "web/form.h"

/* How far back a team's events are read when somebody comes back to an old list: beyond it is "more". */
enum { LOOK_BACK_MAX = 5000, COUNTED_MAX = 100 };

const char *const feed_kinds[] = {
#define X(bit, name) name,
	FEED_KINDS(X)
#undef X
		NULL,
};

/* --- what an event is news of ----------------------------------------------------------------------------- */

/* Who has to know: `citizen` as far as the citizen's page shows it; `list` what an inbox is about. */
static const struct {
	const char *type;
	enum feed_kind kind;
	bool citizen, list;
} types[] = {
	{ "case.filed", FEED_STEP, false, true },
	{ "case.taken", FEED_STEP, true, true },
	{ "case.given_back", FEED_STEP, false, true },
	{ "case.correction_asked", FEED_STEP, true, true },
	{ "case.correction_answered", FEED_STEP, true, true },
	{ "case.files_given", FEED_STEP, true, true },
	{ "case.decided", FEED_STEP, false, true },
	{ "case.returned", FEED_STEP, false, true },
	{ "case.approved", FEED_STEP, true, true },
	{ "case.refused", FEED_STEP, true, true },
	{ "case.paid", FEED_STEP, true, true },
	{ "case.delivered", FEED_STEP, true, true },
	{ "case.withdrawn", FEED_STEP, true, true },
	{ "message.received", FEED_MESSAGE, true, true },
	{ "message.sent", FEED_MESSAGE, true, false },
	{ "note.written", FEED_MESSAGE, false, false },
	{ "receipt.issued", FEED_DOCUMENT, true, false },
	{ "document.issued", FEED_DOCUMENT, true, false },
	{ "document.revoked", FEED_DOCUMENT, true, false },
};

static int64_t staff_of(const struct event_news_row *row)
{
	bool is_staff = str_eq(row->actor_kind, STR("staff")) || str_eq(row->actor_kind, STR("token"));
	return is_staff ? row->actor_id : 0;
}

size_t feed_news_of(const struct event_news_row *row, struct stream_news news[static FEED_NEWS_MAX])
{
	size_t i = 0, count = 0, type_count = sizeof types / sizeof *types;
	while (i < type_count && !str_eq(row->type, str_of(types[i].type)))
		i++;
	if (i == type_count || !row->has_case_id) return 0;
	struct stream_news one = { .id = row->id,
		.kinds = UINT32_C(1) << types[i].kind,
		.from = staff_of(row),
		.about = row->case_id };
	one.topic = (struct stream_topic){ FEED_OF_CASE, row->case_id };
	news[count++] = one;
	one.topic = (struct stream_topic){ FEED_OF_CITIZEN, row->case_id };
	if (types[i].citizen) news[count++] = one;
	one.topic = (struct stream_topic){ FEED_OF_TEAM, row->department_id };
	if (types[i].list && str_eq(row->compartment, STR("ordinary"))) news[count++] = one;
	one.topic = (struct stream_topic){ FEED_OF_MINE, row->assignee_id };
	if (types[i].list && row->has_assignee_id) news[count++] = one;
	return count;
}

/* --- where a stream begins --------------------------------------------------------------------------------- */

static struct err *newest(struct request *r, int64_t *ret)
{
	struct event_last_row row;
	bool found;
	TRY(event_last(r->db, r->arena, &row, &found));
	*ret = found ? row.id : 0;
	return NULL;
}

/* What the client has heard of: by the header of whoever comes back, else by the page's own word, else all. */
static int64_t known(const struct request *r, int64_t newest_id)
{
	int64_t id = newest_id;
	struct str header = request_header(r, STR("last-event-id"));
	if (!str_to_int64(header, 0, INT64_MAX, &id)) form_int(r->form, STR("desde"), 0, INT64_MAX, &id);
	return id < newest_id ? id : newest_id;
}

static bool is_heard(const struct stream_plan *plan, const struct stream_news *news)
{
	const struct stream_topic *topic = plan->topics;
	if (news->topic.kind != topic->kind || news->topic.id != topic->id) return false;
	if (news->from != 0 && news->from == plan->self) return false;
	for (size_t i = 0; i < plan->deaf_count; i++)
		if (plan->deaf_to[i] == news->about) return false;
	return true;
}

/* Adds what of these rows the client has missed. */
static void count_missed(struct stream_plan *plan, const struct event_news_row *rows, size_t count)
{
	struct stream_news news[FEED_NEWS_MAX];
	for (size_t i = 0; i < count; i++) {
		size_t of_row = feed_news_of(&rows[i], news);
		for (size_t k = 0; k < of_row; k++) {
			if (!is_heard(plan, &news[k])) continue;
			plan->missed++;
			plan->missed_kinds |= news[k].kinds;
		}
	}
}

static void say_more(struct stream_plan *plan)
{
	if (plan->missed == 0) plan->missed = 1;
	plan->missed_kinds |= UINT32_C(1) << FEED_MORE;
}

static struct err *look_back_in_case(struct request *r, struct stream_plan *plan, int64_t from)
{
	struct event_of_case_after_rows rows;
	TRY(event_of_case_after(r->db, r->arena,
		&(struct event_of_case_after_in){ .case_id = r->case_id, .after = from }, &rows));
	count_missed(plan, rows.items, rows.count);
	if (rows.count == COUNTED_MAX) say_more(plan);
	return NULL;
}

static struct err *look_back_in_town(struct request *r, struct stream_plan *plan, int64_t from)
{
	struct event_after_rows rows;
	size_t read = 0;
	do {
		TRY(event_after(r->db, r->arena, &(struct event_after_in){ .after = from }, &rows));
		count_missed(plan, rows.items, rows.count);
		if (rows.count > 0) from = rows.items[rows.count - 1].id;
		read += rows.count;
	} while (rows.count > 0 && from < plan->after && plan->missed < COUNTED_MAX && read < LOOK_BACK_MAX);
	if (from < plan->after) say_more(plan);
	return NULL;
}

/* --- streams ------------------------------------------------------------------------------------------------ */

static int group_of(const struct town *t)
{
	int i = 0;
	while (t->app->towns[i].town->state != t->state)
		i++;
	return i;
}

/* As rate limits are: the town hall's own lines are one address for many. */
static bool is_counted(const struct request *r)
{
	const struct app *app = r->town->app;
	return !app->options.no_limits && !limits_trust(app->limits, r->network);
}

static struct err *begin(struct request *r, struct response *out, enum feed_topic kind, int64_t id,
	struct stream_plan **ret, int64_t *ret_from)
{
	struct stream_plan *plan = ARENA_NEW(r->arena, struct stream_plan);
	struct stream_topic *topic = ARENA_NEW(r->arena, struct stream_topic);
	*topic = (struct stream_topic){ (int)kind, id };
	*plan = (struct stream_plan){ .group = group_of(r->town),
		.topics = topic,
		.topic_count = 1,
		.self = r->who->staff_id,
		.client = is_counted(r) ? r->network : STR_NONE };
	TRY(newest(r, &plan->after));
	*ret_from = known(r, plan->after);
	*ret = plan;
	response_stream(out, plan, request_header(r, STR("origin"))); /* the dispatcher has looked at it */
	return NULL;
}

static struct err *feed_of_case(struct request *r, struct response *out, enum feed_topic kind)
{
	struct stream_plan *plan;
	int64_t from;
	TRY(begin(r, out, kind, r->case_id, &plan, &from));
	return from < plan->after ? look_back_in_case(r, plan, from) : NULL;
}

/* Cases that one was excluded from are nobody's news. */
static struct err *exclude(struct request *r, struct stream_plan *plan)
{
	struct scope_exclusion_all_rows rows;
	TRY(scope_exclusion_all(r->db, r->arena, &(struct scope_exclusion_all_in){ .staff_id = r->who->staff_id },
		&rows));
	int64_t *cases = ARENA_ARRAY(r->arena, int64_t, rows.count);
	for (size_t i = 0; i < rows.count; i++)
		cases[i] = rows.items[i].case_id;
	plan->deaf_to = cases;
	plan->deaf_count = rows.count;
	return NULL;
}

static struct err *feed_of_list(struct request *r, struct response *out, enum feed_topic kind, int64_t id)
{
	struct stream_plan *plan;
	int64_t from;
	TRY(begin(r, out, kind, id, &plan, &from));
	TRY(exclude(r, plan));
	return from < plan->after ? look_back_in_town(r, plan, from) : NULL;
}

struct err *feed_citizen(struct request *r, struct response *out)
{
	return feed_of_case(r, out, FEED_OF_CITIZEN);
}

struct err *feed_case(struct request *r, struct response *out) { return feed_of_case(r, out, FEED_OF_CASE); }

struct err *feed_team(struct request *r, struct response *out, int64_t department_id)
{
	return feed_of_list(r, out, FEED_OF_TEAM, department_id);
}

struct err *feed_mine(struct request *r, struct response *out)
{
	return feed_of_list(r, out, FEED_OF_MINE, r->who->staff_id);
}

/* --- pages -------------------------------------------------------------------------------------------------- */

struct err *feed_place(struct request *r, struct response *out, struct str path, struct feed_view *v)
{
	struct str origin = app_streams_origin(r);
	if (str_is_none(origin)) return NULL;
	TRY(newest(r, &v->since));
	v->stream = arena_printf(r->arena, "%.*s" FEED_PATH "%.*s", STR_FMT(origin), STR_FMT(path));
	v->page = str_is_empty(r->query) || r->method == METHOD_POST
		? r->path
		: arena_printf(r->arena, "%.*s?%.*s", STR_FMT(r->path), STR_FMT(r->query));
	out->connects_to = origin;
	return NULL;
}
