/*
 * Cases by the hundred thousand. The main thread draws people and fills forms, a chunk of them at a time; the town's
 * writer files each chunk in one commit, bounded like every other; several chunks are under way at once. Forms are
 * filled once and used again under other names. Start at bench_cases_file().
 */
#include <pthread.h>

#include "app/bench/bench.h"
#include "app/demo/fill.h"
#include "core/case/filing.h"
#include "core/job/job.h"

enum {
	CHUNK = 8,         /* a commit has 20 ms */
	CHUNKS = 16,       /* under way at once */
	FORMS = 64,        /* filled with care and used again */
	TRIES = 20,        /* of a chunk that met a slow disk */
	CLOCK_CHUNKS = 16, /* how often the simulated clock moves */
	CHUNK_ARENA_MAX = 256 * 1024 * 1024,
};
/* Of a hundred cases. García is the first surname of a fifth, as nowhere but near enough. */
enum { SHARE_WITHDRAWN = 60, SHARE_TAKEN = 12, SHARE_ASKED = 5, SHARE_GARCIA = 20, SHARE_GARCIA_SECOND = 12 };
enum { RARE = 3 }; /* cases of somebody called so, however large the town */
static const char rare_surname[] = "Zubizarreta";

enum fate { FATE_NONE, FATE_WITHDRAWN, FATE_TAKEN, FATE_ASKED };

struct chunk_item {
	struct answers *answers;
	enum fate fate;
	struct str number; /* filed under it */
};

struct chunk {
	struct commit commit; /* first: the writer gives it back */
	struct filler *filler;
	struct arena *arena;
	struct chunk_item items[CHUNK];
	int count, tries;
	int64_t first; /* case number in the run */
	bool is_away;
};

struct filler {
	struct bench_cases *out;
	struct dice dice;
	const struct procedure *procedure;
	const struct json *forms[FORMS];
	int64_t sent; /* cases */
	struct chunk chunks[CHUNKS];
	pthread_mutex_t lock; /* of is_away */
	pthread_cond_t back;
};

/* --- in the commit ------------------------------------------------------------------------------------------------- */

static struct err *follow(struct tx *tx, const struct filler *f, const struct filed *filed, enum fate fate)
{
	struct case_step step = { .town = f->out->town, .case_id = filed->case_id, .revision = 1 };
	step.by = case_by_citizen;
	if (fate == FATE_WITHDRAWN) return case_withdraw(tx, &step);
	step.by = (struct case_by){ .as = WHO_STAFF, .staff_id = f->out->clerk_id, .channel = STR("counter") };
	if (fate == FATE_TAKEN) return case_take(tx, &step, f->out->clerk_id);
	if (fate != FATE_ASKED) return NULL;
	struct case_item item = { STR("documento_predio"), STR("Falta la última hoja, donde está el sello.") };
	return case_ask_correction(tx, &step, STR("Para continuar necesitamos que corrija lo siguiente."),
		(struct case_items){ &item, 1 });
}

static struct err *chunk_commit(struct tx *tx, void *input)
{
	struct chunk *c = input;
	struct filler *f = c->filler;
	for (int i = 0; i < c->count; i++) {
		struct filing filing = { .town = f->out->town,
			.pack_version = town_pack_version(f->out->town),
			.procedure = f->procedure,
			.answers = c->items[i].answers,
			.lang = STR("es"),
			.by = case_by_citizen };
		struct filed filed;
		TRY(filing_record(tx, &filing, &filed));
		c->items[i].number = filed.number;
		TRY(follow(tx, f, &filed, c->items[i].fate));
	}
	return f->out->keeps_jobs ? NULL : jobs_skip(tx);
}

static void chunk_done(struct commit *commit)
{
	struct chunk *c = (struct chunk *)commit;
	pthread_mutex_lock(&c->filler->lock);
	c->is_away = false;
	pthread_cond_signal(&c->filler->back);
	pthread_mutex_unlock(&c->filler->lock);
}

/* --- before it ------------------------------------------------------------------------------------------------------ */

static const char *surname_of(struct filler *f, int64_t n)
{
	int64_t apart = f->out->count / RARE;
	if (apart == 0 || n % apart == apart / 2) return rare_surname;
	return dice_chance(&f->dice, SHARE_GARCIA) ? "García" : NULL;
}

static void name_field(struct answers *s, enum field_role role, struct str value)
{
	const struct field *f = procedure_field_with_role(s->procedure, role);
	if (!f) return;
	struct answer_input input = { f->id, value };
	answers_read_field(s, f, -1, (struct answer_inputs){ &input, 1 });
}

/* A form that somebody else filled in the same way. */
static struct err *fill_item(struct filler *f, struct chunk *c, int64_t n, struct chunk_item *ret)
{
	const struct pack *pack = town_pack(f->out->town);
	struct date today = zone_date(f->out->town->zone, town_now(f->out->town));
	struct answers *s = answers_new(c->arena, pack, f->procedure, today);
	TRY(answers_from_json(s, f->forms[n % FORMS]));
	const char *second = dice_chance(&f->dice, SHARE_GARCIA_SECOND) ? "García" : NULL;
	struct person p = person_draw_named(&f->dice, c->arena, pack, (int)n, surname_of(f, n), second);
	name_field(s, ROLE_APPLICANT_GIVEN, p.given);
	name_field(s, ROLE_APPLICANT_SURNAMES, p.surnames);
	name_field(s, ROLE_APPLICANT_ID, p.curp);
	name_field(s, ROLE_APPLICANT_MAIL, p.mail);
	int64_t fate = dice_below(&f->dice, 100);
	*ret = (struct chunk_item){ .answers = s, .fate = FATE_NONE };
	if (fate < SHARE_WITHDRAWN)
		ret->fate = FATE_WITHDRAWN;
	else if (fate < SHARE_WITHDRAWN + SHARE_TAKEN)
		ret->fate = FATE_TAKEN;
	else if (fate < SHARE_WITHDRAWN + SHARE_TAKEN + SHARE_ASKED)
		ret->fate = FATE_ASKED;
	return NULL;
}

static struct err *fill_forms(struct filler *f)
{
	struct arena *a = f->out->arena;
	struct date today = zone_date(f->out->town->zone, town_now(f->out->town));
	for (int i = 0; i < FORMS; i++) {
		struct filled filled;
		struct json *tree;
		TRY(fill_form(&f->dice, a, town_pack(f->out->town), f->procedure, today, i, &filled));
		TRY(json_parse(a, answers_to_json(a, filled.answers, ANSWERS_FILED), &tree));
		f->forms[i] = tree;
	}
	return NULL;
}

/* --- sending and taking back ------------------------------------------------------------------------------------------ */

static void chunk_send(struct chunk *c)
{
	c->commit = (struct commit){ .run = chunk_commit, .input = c, .arena = c->arena, .done = chunk_done };
	c->is_away = true;
	writer_submit(c->filler->out->town->writer, &c->commit);
}

static void chunk_wait(struct chunk *c)
{
	pthread_mutex_lock(&c->filler->lock);
	while (c->is_away)
		pthread_cond_wait(&c->filler->back, &c->filler->lock);
	pthread_mutex_unlock(&c->filler->lock);
}

/* A thousand numbers from the whole run. */
static void keep_numbers(struct filler *f, const struct chunk *c)
{
	int64_t apart = f->out->count / BENCH_NUMBERS;
	for (int i = 0; i < c->count && f->out->number_count < BENCH_NUMBERS; i++)
		if (apart == 0 || (c->first + i) % apart == 0)
			f->out->numbers[f->out->number_count++] = arena_str(f->out->arena, c->items[i].number);
}

/* Until the chunk is free again; what it carried is durable then. */
static struct err *chunk_take_back(struct chunk *c)
{
	struct filler *f = c->filler;
	chunk_wait(c);
	while (c->commit.err && c->commit.err->code == ERR_UNAVAILABLE && ++c->tries < TRIES) {
		chunk_send(c);
		chunk_wait(c);
	}
	if (c->commit.err) return err_copy(f->out->arena, c->commit.err);
	keep_numbers(f, c);
	c->count = c->tries = 0;
	arena_reset(c->arena);
	return NULL;
}

static struct err *move_clock(struct filler *f)
{
	int64_t span = f->out->to.ms - f->out->from.ms;
	struct instant now = { f->out->from.ms +
		(int64_t)((double)span * (double)f->sent / (double)f->out->count) };
	struct arena *a = arena_new(1024 * 1024);
	struct err *e = town_clock_set(f->out->town, a, now);
	e = err_copy(f->out->arena, e);
	arena_free(a);
	return e;
}

static struct err *run(struct filler *f)
{
	TRY(fill_forms(f));
	for (int64_t turn = 0; f->sent < f->out->count; turn++) {
		struct chunk *c = &f->chunks[turn % CHUNKS];
		TRY(chunk_take_back(c));
		if (turn % CLOCK_CHUNKS == 0) TRY(move_clock(f));
		c->first = f->sent;
		while (c->count < CHUNK && f->sent < f->out->count) {
			struct err *e = fill_item(f, c, f->sent, &c->items[c->count]);
			if (e) return err_copy(f->out->arena, e);
			c->count++;
			f->sent++;
		}
		chunk_send(c);
	}
	for (int i = 0; i < CHUNKS; i++)
		TRY(chunk_take_back(&f->chunks[i]));
	return NULL;
}

struct err *bench_cases_file(struct bench_cases *b)
{
	struct filler *f = ARENA_NEW(b->arena, struct filler);
	f->out = b;
	f->dice = dice_of(1576);
	f->procedure = pack_procedure(town_pack(b->town), STR("alineamiento-y-numero-oficial"));
	if (!f->procedure)
		return ERR(b->arena, ERR_INVALID, NULL, "the pack has no alineamiento-y-numero-oficial");
	b->numbers = ARENA_ARRAY(b->arena, struct str, BENCH_NUMBERS);
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->back, NULL);
	for (int i = 0; i < CHUNKS; i++) {
		f->chunks[i].filler = f;
		f->chunks[i].arena = arena_new(CHUNK_ARENA_MAX);
	}
	struct err *e = run(f);
	for (int i = 0; i < CHUNKS; i++) {
		chunk_wait(&f->chunks[i]);
		arena_free(f->chunks[i].arena);
	}
	pthread_cond_destroy(&f->back);
	pthread_mutex_destroy(&f->lock);
	return e;
}
