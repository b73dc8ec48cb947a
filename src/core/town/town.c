#include "core/town/edition.h"
#include "data/copy.h"

enum { TOWN_ARENA_MAX = 512 * 1024 * 1024 };

struct town_state {
	struct town_packs *packs; /* the versions that are needed */
	struct editions *editions;
	bool clock_runs;      /* the virtual clock follows the machine's monotonic one */
	int64_t simulated_ms; /* the virtual clock, or what it is ahead of the monotonic one; atomic */
};

static int64_t running_ms(const struct town *t) { return t->state->clock_runs ? monotonic_us() / 1000 : 0; }

struct instant town_machine_now(void) { return instant_of_machine(); }

struct instant town_now(struct town *t)
{
	if (!t->is_simulated) return instant_of_machine();
	return (struct instant){ __atomic_load_n(&t->state->simulated_ms, __ATOMIC_RELAXED) + running_ms(t) };
}

static struct instant clock_of_writer(void *state) { return town_now(state); }

/* What is stored is never behind what was told: a clock that goes on after a crash goes on later, not earlier. */
static struct err *clock_commit(struct tx *tx, void *input)
{
	const struct instant *to = input;
	struct str text = arena_printf(tx->arena, "%lld", (long long)to->ms);
	return town_setting_set(tx->db, tx->arena,
		&(struct town_setting_set_in){ .name = STR("simulated_now"), .value = text }, NULL);
}

struct err *town_clock_set(struct town *t, struct arena *a, struct instant to)
{
	if (!t->is_simulated) return ERR(a, ERR_USAGE, NULL, "a live municipality has no clock to set");
	if (to.ms < town_now(t).ms) return ERR(a, ERR_USAGE, NULL, "the clock only goes forward");
	TRY(writer_run(t->writer, a, clock_commit, &to));
	int64_t set = to.ms - running_ms(t);
	if (set >
		__atomic_load_n(&t->state->simulated_ms, __ATOMIC_RELAXED)) /* a running one went on meanwhile */
		__atomic_store_n(&t->state->simulated_ms, set, __ATOMIC_RELAXED);
	return NULL;
}

struct err *town_clock_run(struct town *t, struct arena *a)
{
	if (!t->is_simulated) return NULL;
	struct instant ahead = { town_now(t).ms + TOWN_CLOCK_AHEAD_MS };
	TRY(writer_run(t->writer, a, clock_commit, &ahead));
	if (t->state->clock_runs) return NULL;
	int64_t now_ms = t->state->simulated_ms;
	t->state->clock_runs = true;
	t->state->simulated_ms = now_ms - running_ms(t);
	return NULL;
}

/* --- what is in force ---------------------------------------------------------------------------------- */

/* What the town shows from now on. */
static void show(struct town *t, struct edition *e)
{
	t->edition = e;
	t->slug = e->pack->slug;
	t->zone = e->zone;
	t->keyring = e->keyring;
}

struct hold {
	struct town town;          /* first: what the holder sees */
	struct editions *editions; /* may outlive the town's own state */
};

static void let_go(void *resource)
{
	const struct hold *hold = resource;
	edition_release(hold->editions, hold->town.edition);
}

struct town *town_hold(const struct town *t, struct arena *a)
{
	struct hold *hold = ARENA_NEW(a, struct hold);
	*hold = (struct hold){ *t, t->state->editions };
	show(&hold->town, editions_hold(hold->editions));
	arena_defer(a, let_go, hold);
	return &hold->town;
}

struct err *town_refresh(const struct town *t, struct db *db, struct arena *errors, bool *ret_changed)
{
	return editions_refresh(t->state->editions, db, errors, ret_changed);
}

struct town_stats town_stats(const struct town *t)
{
	return (struct town_stats){ editions_alive(t->state->editions), town_packs_count(t->state->packs) };
}

int64_t town_department_id(struct town *t, struct str slug)
{
	const struct department_all_rows *all = &t->edition->departments;
	for (size_t i = 0; i < all->count; i++)
		if (str_eq(all->items[i].slug, slug)) return all->items[i].id;
	return 0;
}

struct str town_department_slug(struct town *t, int64_t id)
{
	const struct department_all_rows *all = &t->edition->departments;
	for (size_t i = 0; i < all->count; i++)
		if (all->items[i].id == id) return all->items[i].slug;
	return STR_NONE;
}

const struct pack *town_pack(struct town *t) { return t->edition->pack; }

int64_t town_pack_version(struct town *t) { return t->edition->mark.version; }

const struct work_calendar *town_calendar(struct town *t) { return t->edition->calendar; }

struct err *town_pack_of(struct town *t, struct db *db, struct arena *a, int64_t version,
	const struct pack **ret)
{
	return town_packs_get(t->state->packs, db, a, version, ret);
}

struct err *town_procedure(struct town *t, struct db *db, struct arena *a, int64_t version, struct str slug,
	const struct procedure **ret)
{
	const struct pack *pack;
	TRY(town_pack_of(t, db, a, version, &pack));
	const struct procedure *p = pack_procedure(pack, slug);
	if (!p)
		return ERR(a, ERR_NOT_FOUND, NULL, "no procedure %.*s in version %lld", STR_FMT(slug),
			(long long)version);
	*ret = p;
	return NULL;
}

/* The town's own hold moves on to what is current. */
static void move_on(struct town *t)
{
	struct edition *former = t->edition;
	show(t, editions_hold(t->state->editions));
	edition_release(t->state->editions, former);
}

struct err *town_pack_load(struct town *t, struct arena *a, struct str pack_folder, int64_t *ret_version)
{
	struct db *db;
	bool changed;
	TRY(town_pack_store(t->writer, a, pack_folder, ret_version));
	TRY(town_connect(t, a, &db));
	struct err *e = town_refresh(t, db, a, &changed);
	db_close(db);
	if (!e) move_on(t);
	return e;
}

struct str town_printed_address(const struct town *t, struct arena *a, const char *path)
{
	ptrdiff_t scheme = str_find(t->public_url, STR("://"));
	struct str host = scheme < 0 ? t->public_url
								 : str_slice(t->public_url, (size_t)scheme + 3, t->public_url.n);
	return arena_printf(a, "%.*s%s", STR_FMT(host), path);
}

struct str town_origin(const struct town *t, struct arena *a)
{
	return town_printed_address(t, a, t->is_simulated ? "/registro/simulado" : "/registro");
}

/* --- opening and closing ------------------------------------------------------------------------------ */

struct err *town_connect(const struct town *t, struct arena *a, struct db **ret)
{
	return db_open(a, t->url, DB_READ, ret);
}

static struct str in_folder(struct arena *a, struct str folder, const char *name)
{
	return arena_printf(a, "%.*s/%s", STR_FMT(folder), name);
}

struct str town_url(struct arena *a, const struct town_options *o)
{
	return str_is_empty(o->database) ? arena_printf(a, "sqlite:%.*s/town.db", STR_FMT(o->folder))
									 : o->database;
}

/* What init wrote and nothing changes: whether the clock is simulated, and where it stands. */
static struct err *read_settings(struct town *t, struct db *db)
{
	struct town_setting_get_row row;
	bool found;
	TRY(town_setting_get(db, t->arena, &(struct town_setting_get_in){ .name = STR("simulated_now") }, &row,
		&found));
	t->is_simulated = found;
	if (found && !str_to_int64(row.value, 0, INT64_MAX, &t->state->simulated_ms))
		return ERR(t->arena, ERR_INTERNAL, NULL, "simulated_now is no number");
	return NULL;
}

static struct err *check_is_here(struct town *t, struct db *db)
{
	struct str moved;
	TRY(copy_moved_to(db, t->arena, &moved));
	if (str_is_none(moved)) return NULL;
	return ERR(t->arena, ERR_CONFLICT, NULL,
		"what is in this database was moved to %.*s: let 'database' of the installation file name that",
		STR_FMT(moved));
}

static struct err *open_parts(struct town *t, const struct town_options *o)
{
	struct db *db;
	int applied;
	TRY(db_open(t->arena, t->url, DB_WRITE, &db));
	arena_defer(t->arena, (void (*)(void *))db_close, db);
	TRY(check_is_here(t, db));
	TRY(migrate_apply(db, t->arena, schema_migrations, instant_of_machine(), &applied));
	TRY(read_settings(t, db));
	const char *credentials = getenv("CREDENTIALS_DIRECTORY");
	t->state->editions = editions_new(t->state->packs, in_folder(t->arena, o->folder, "keys"),
		str_of(credentials));
	bool changed;
	TRY(town_refresh(t, db, t->arena, &changed));
	show(t, editions_hold(t->state->editions));
	TRY(files_open(t->arena, in_folder(t->arena, o->folder, "files"), &t->files));
	struct writer_options writing = { .url = t->url, .clock = clock_of_writer, .clock_state = t };
	return writer_start(t->arena, &writing, &t->writer);
}

struct err *town_open(struct arena *a, const struct town_options *o, struct town **ret)
{
	struct arena *own = arena_new(TOWN_ARENA_MAX);
	struct town *t = ARENA_NEW(own, struct town);
	t->arena = own;
	t->folder = arena_str(own, o->folder);
	t->url = arena_str(own, town_url(own, o));
	t->public_url = arena_str(own, o->public_url);
	t->hosts = o->hosts;
	t->host_count = o->host_count;
	t->press = o->press;
	t->mail = o->mail;
	t->timestamp = o->timestamp;
	t->scanner = arena_str(own, o->scanner);
	t->state = ARENA_NEW(own, struct town_state);
	t->state->packs = town_packs_new();
	struct err *e = open_parts(t, o);
	if (e) {
		e = err_copy(a, e);
		town_close(t);
		return e;
	}
	*ret = t;
	return NULL;
}

void town_close(struct town *t)
{
	if (!t) return;
	writer_stop(t->writer);
	if (t->edition) edition_release(t->state->editions, t->edition);
	if (t->state->editions) editions_close(t->state->editions);
	town_packs_close(t->state->packs);
	arena_free(t->arena);
}
