#include "core/consistency/consistency.h"
#include "core/codes/number.h"
#include "core/consistency/exam.h"
#include "core/crypto/crypto.h"
#include "core/module.h"
#include "core/registry/entry.h"

enum { ROW_ARENA_BYTES = 256 * 1024 * 1024, NAMES_BYTES = 400, NAMES_SHOWN = 5 };

void exam_offends(struct exam *l, struct str name, int64_t id)
{
	if (l->offenders++ >= NAMES_SHOWN) return;
	if (l->offenders > 1) buf_add(&l->names, STR(", "));
	buf_add(&l->names, name);
	if (id) buf_printf(&l->names, "/%lld", (long long)id);
}

void exam_tell(struct exam *l, const char *rule)
{
	struct str line = arena_cstr(l->arena, rule);
	if (l->offenders)
		line = arena_printf(l->arena, "%s; not so %lld: %.*s%s", rule, (long long)l->offenders,
			STR_FMT(buf_str(&l->names)), l->offenders > NAMES_SHOWN ? ", …" : "");
	l->teller->tell(l->teller->state, l->offenders == 0, line);
	l->offenders = 0;
	buf_clear(&l->names);
}

/* --- rules that are one query ---------------------------------------------------------------------------- */

typedef struct err *offenders_fn(struct db *db, struct arena *a,
	struct err *(*each)(void *state, const struct consistency_row *row), void *state);
static const struct {
	offenders_fn *find;
	const char *rule;
	bool shows_id; /* the name alone does not say which */
} rules[] = {
	{ consistency_case_without_entry, "each case stands in the registry under its number", false },
	{ consistency_case_without_event, "each case was filed once", false },
	{ consistency_case_without_receipt, "each case has its receipt", false },
	{ consistency_entry_of_nothing, "each entry is a case's filing, a correction or a paper of it", false },
	{ consistency_case_without_outgoing, "each paper that went out has an outgoing entry", false },
	{ consistency_case_with_other_papers, "each paper that was issued has its event", false },
	{ consistency_event_of_nothing, "each event is of a case that exists", true },
	{ consistency_document_without_file, "each issued paper has the file it was issued with", false },
	{ consistency_job_of_nothing, "each job is of a case that exists, and in a known state", true },
	{ consistency_job_dead, "no job was given up", true },
};

static struct err *on_named(void *state, const struct consistency_row *row)
{
	exam_offends(state, row->name, 0);
	return NULL;
}

static struct err *on_numbered(void *state, const struct consistency_row *row)
{
	exam_offends(state, row->name, row->id);
	return NULL;
}

static struct err *run_rules(struct exam *l)
{
	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
		TRY(rules[i].find(l->db, l->arena, rules[i].shows_id ? on_numbered : on_named, l));
		exam_tell(l, rules[i].rule);
	}
	return NULL;
}

/* --- jobs ------------------------------------------------------------------------------------------------- */

static struct err *check_job(struct exam *l, const char *kind, const struct consistency_row *row)
{
	struct consistency_job_state_row job;
	bool found;
	struct str key = arena_printf(l->row_arena, "%s/%lld", kind, (long long)row->id);
	TRY(consistency_job_state(l->db, l->row_arena, &(struct consistency_job_state_in){ .unique_key = key },
		&job, &found));
	if (!found || str_eq(job.state, STR("done"))) exam_offends(l, row->name, 0);
	arena_reset(l->row_arena);
	return NULL;
}

static struct err *on_frozen(void *state, const struct consistency_row *row)
{
	return check_job(state, "document.issue", row);
}

static struct err *on_quarantined(void *state, const struct consistency_row *row)
{
	return check_job(state, "file.scan", row);
}

static struct err *on_waiting_notice(void *state, const struct consistency_row *row)
{
	return check_job(state, "notice.send", row);
}

static struct err *check_jobs(struct exam *l)
{
	struct consistency_job_kinds_rows kinds;
	TRY(consistency_document_frozen(l->db, l->arena, on_frozen, l));
	exam_tell(l, "each paper that is still to be printed has a job");
	TRY(consistency_file_in_quarantine(l->db, l->arena, on_quarantined, l));
	exam_tell(l, "each file in quarantine has a job");
	TRY(consistency_notice_waiting(l->db, l->arena, on_waiting_notice, l));
	exam_tell(l, "each notice that is still to be sent has a job");
	TRY(consistency_job_kinds(l->db, l->arena, &kinds));
	for (size_t i = 0; i < kinds.count; i++)
		if (!module_job(kinds.items[i].kind)) exam_offends(l, kinds.items[i].kind, 0);
	exam_tell(l, "this program runs every kind of job that waits");
	return NULL;
}

/* --- numbers ------------------------------------------------------------------------------------- */

struct series {
	struct str name;
	int64_t year, last, seen;
};
struct counting {
	struct exam *exam;
	struct series *items;
	size_t count;
};

static struct series *series_of(struct counting *c, const struct number *n)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->items[i].year == n->year && str_eq(c->items[i].name, n->series)) return &c->items[i];
	return NULL;
}

/* They come in ascending order, so each must be the next of its series. */
static struct err *on_number(void *state, const struct consistency_number_row *row)
{
	struct counting *c = state;
	struct number number;
	bool is_number = number_parse(c->exam->row_arena, row->number, &number);
	struct series *series = is_number ? series_of(c, &number) : NULL;
	if (!series || number.n != series->seen + 1) exam_offends(c->exam, row->number, 0);
	if (series) series->seen = number.n;
	arena_reset(c->exam->row_arena);
	return NULL;
}

static bool is_of_registry(struct str series) { return str_eq(series, STR("E")) || str_eq(series, STR("S")); }

static struct err *check_numbers(struct exam *l)
{
	struct consistency_series_rows rows;
	TRY(consistency_series(l->db, l->arena, &rows));
	struct counting c = { l, ARENA_ARRAY(l->arena, struct series, rows.count), 0 };
	for (size_t i = 0; i < rows.count; i++)
		if (!is_of_registry(rows.items[i].series)) /* registry_audit() counts those */
			c.items[c.count++] = (struct series){ rows.items[i].series, rows.items[i].year,
				rows.items[i].last_number, 0 };
	TRY(consistency_case_numbers(l->db, l->arena, on_number, &c));
	TRY(consistency_document_numbers(l->db, l->arena, on_number, &c));
	for (size_t i = 0; i < c.count; i++)
		if (c.items[i].seen != c.items[i].last) exam_offends(l, c.items[i].name, c.items[i].year);
	exam_tell(l, "the numbers of cases and papers have no gaps");
	return NULL;
}

/* --- what was said is what is kept ------------------------------------------------------------------------- */

static struct err *on_presented(void *state, const struct consistency_presented_row *row)
{
	struct exam *l = state;
	struct entry entry;
	if (str_is_none(row->canonical)) return NULL; /* erased */
	struct sha256 hash = sha256_of(row->answers);
	struct err *e = entry_parse(l->row_arena, row->canonical, &entry);
	if (e || !str_eq(entry.content_sha256, sha256_str(&hash))) exam_offends(l, row->name, 0);
	arena_reset(l->row_arena);
	return NULL;
}

static struct err *on_content(void *state, const struct consistency_content_row *row)
{
	struct exam *l = state;
	struct sha256 hash = sha256_of(row->content);
	if (!str_eq(row->content_hash, sha256_str(&hash))) exam_offends(l, row->registry_number, row->id);
	return NULL;
}

static struct err *check_content(struct exam *l)
{
	TRY(consistency_presented_first(l->db, l->arena, on_presented, l));
	TRY(consistency_presented_kept(l->db, l->arena, on_presented, l));
	exam_tell(l, "the answers that are kept are those that were registered");
	TRY(consistency_content(l->db, l->arena, on_content, l));
	exam_tell(l, "the words of each paper are those that were frozen");
	return NULL;
}

/* --- all of it --------------------------------------------------------------------------------------------- */

static struct err *check_snapshot(struct exam *l)
{
	TRY(db_snapshot_begin(l->db));
	struct err *e = run_rules(l);
	if (!e) e = check_numbers(l);
	if (!e) e = check_content(l);
	if (!e) e = check_jobs(l);
	db_snapshot_end(l->db);
	return e;
}

struct err *consistency_check(struct town *t, struct db *db, struct arena *a,
	const struct consistency_teller *teller)
{
	struct exam exam = { .town = t,
		.db = db,
		.arena = a,
		.row_arena = arena_new(ROW_ARENA_BYTES),
		.teller = teller,
		.names = buf_new(a, NAMES_BYTES) };
	struct err *e = check_snapshot(&exam);
	if (!e) e = exam_files(&exam);
	struct err *kept = err_copy(a, e);
	arena_free(exam.row_arena);
	return kept;
}
