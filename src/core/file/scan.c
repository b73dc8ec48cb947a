/* Jobs of files: scanning what came in, collecting what nobody refers to. */
#include "core/event/queries.h"
#include "core/file/clamd.h"
#include "core/file/file.h"
#include "core/file/queries.h"
#include "core/case/case.h"
#include "core/i18n.h"
#include "core/job/job.h"
#include "i18n/file.h"

enum { COLLECT_AFTER_MS = 24 * 3600 * 1000 };

struct verdict {
	struct town *town;
	int64_t file_id;
	enum file_scan scan;
};

/* The town's own words, where its pack has some. */
static struct str words_for(struct arena *a, const struct case_record *c, struct str file_name)
{
	struct str own = text_in(pack_text(c->pack, STR("attachment-infected")), c->row.lang);
	struct i18n_arg args[] = { I18N_ARG("name", file_name), { 0 } };
	return str_is_empty(own) ? i18n_format(a, c->row.lang, MSG_FILE_INFECTED_MESSAGE, args) : own;
}

/* An infected attachment is asked for again; nobody opens it meanwhile. */
static struct err *ask_for_another(struct tx *tx, struct town *t, int64_t file_id)
{
	struct attachment_of_file_row row;
	bool found;
	TRY(attachment_of_file(tx->db, tx->arena, &(struct attachment_of_file_in){ .file_id = file_id }, &row,
		&found));
	if (!found) return NULL;
	TRY(attachment_set_state(tx->db, tx->arena,
		&(struct attachment_set_state_in){ .id = row.id,
			.state = STR("refused"),
			.reason = STR("file.infected") },
		NULL));
	if (!row.has_case_id) return NULL;
	struct case_record c;
	TRY(case_load(t, tx->db, tx->arena, row.case_id, &c));
	if (c.state->outcome != OUTCOME_OPEN) return NULL; /* decided meanwhile: nothing is missing any more */
	struct case_step step = { t, c.row.id, c.row.revision, case_by_system };
	return case_say(tx, &step, MESSAGE_STAFF, words_for(tx->arena, &c, row.file_name));
}

static struct err *verdict_commit(struct tx *tx, void *input)
{
	const struct verdict *v = input;
	TRY(stored_file_set_scan(tx->db, tx->arena,
		&(struct stored_file_set_scan_in){ .id = v->file_id, .scan = file_scan_name(v->scan) }, NULL));
	return v->scan == FILE_INFECTED ? ask_for_another(tx, v->town, v->file_id) : NULL;
}

static struct err *scan_job(struct job_context *j)
{
	const struct json *id = json_get(j->input, STR("file"));
	must(id != NULL && id->kind == JSON_INT);
	struct verdict v = { j->town, id->i, FILE_UNSCANNED };
	if (!str_is_empty(j->town->scanner)) {
		struct file_info info;
		struct file_reader *reader;
		enum clamd_verdict verdict;
		struct str name = STR("");
		struct err *e = file_info(j->town, j->db, j->arena, id->i, &info);
		if (e && (e->code == ERR_NOT_FOUND || e->code == ERR_GONE))
			return NULL; /* taken away or erased before anybody looked */
		TRY(e);
		TRY(file_open(j->town->files, j->arena, info.name, info.key, info.bytes, &reader));
		TRY(clamd_scan(j->arena, j->town->scanner, reader, info.bytes, &verdict, &name));
		v.scan = verdict == CLAMD_CLEAN ? FILE_CLEAN : FILE_INFECTED;
	}
	return job_commit(j, verdict_commit, &v);
}

struct known {
	struct db *db;
	struct arena *arena;
	struct err *err;
};

static bool is_referenced(void *state, struct str name)
{
	struct known *known = state;
	struct stored_file_named_row row;
	bool found = true;
	struct err *e = stored_file_named(known->db, known->arena, &(struct stored_file_named_in){ .name = name },
		&row, &found);
	if (e) known->err = e;
	return e || found; /* in doubt it stays */
}

static struct err *collect_job(struct job_context *j)
{
	struct known known = { j->db, j->arena, NULL };
	int erased;
	/* The age of a file on disk is the machine's, not the municipality's. */
	struct instant before = { town_machine_now().ms - COLLECT_AFTER_MS };
	TRY(files_collect(j->town->files, j->arena, before, is_referenced, &known, &erased));
	return known.err;
}

const struct module file_module = {
	.name = "file",
	.jobs = (const struct job_kind[]){ { "file.scan", scan_job, 12, 5, 0 },
		{ "file.collect", collect_job, 5, 600, 86400 }, { 0 } },
};
