#include <pthread.h>
#include <pwd.h>
#include <unistd.h>

#include "core/town/town_pack.h"
#include "core/clock/regime.h"
#include "core/crypto/crypto.h"
#include "core/town/queries.h"

#define IN_FORCE "pack_version"

enum {
	PACK_ARENA_MAX = 128 * 1024 * 1024,
	PACKS_ARENA_MAX = 64 * 1024,
	VERSIONS_MAX = 1000,
	OPERATOR_MAX = 64
};

struct built {
	int64_t version;
	struct arena *arena;
	struct pack *pack;
	int users;
	int64_t used; /* the turn at which it was last let go */
	struct built *next;
};

struct town_packs {
	struct arena *arena;
	pthread_mutex_t lock;
	struct built *first;
	int count, idle;
	int idle_max; /* 0: closed */
	int64_t turn;
};

/* One use, let go with its arena. */
struct use {
	struct town_packs *packs;
	struct built *built;
};

static bool regime_known(struct str name) { return regime_find(name) != NULL; }

const struct pack_options town_pack_options = { .regime_known = regime_known };

struct town_packs *town_packs_new(void)
{
	struct arena *a = arena_new(PACKS_ARENA_MAX);
	struct town_packs *packs = ARENA_NEW(a, struct town_packs);
	packs->arena = a;
	packs->idle_max = TOWN_PACKS_IDLE;
	pthread_mutex_init(&packs->lock, NULL);
	return packs;
}

int town_packs_count(struct town_packs *packs)
{
	pthread_mutex_lock(&packs->lock);
	int count = packs->count;
	pthread_mutex_unlock(&packs->lock);
	return count;
}

/* A stored version was checked when it was loaded; that it does not build now is a fault of ours. */
static struct err *build(struct db *db, struct arena *own, int64_t version, struct pack **ret)
{
	struct pack_file_all_rows rows;
	TRY(pack_file_all(db, own, &(struct pack_file_all_in){ .pack_version_id = version }, &rows));
	struct pack_files files = { ARENA_ARRAY(own, struct pack_file, rows.count), 0 };
	struct str slug = STR_NONE;
	for (size_t i = 0; i < rows.count; i++) {
		if (str_eq(rows.items[i].path, STR("slug")))
			slug = rows.items[i].content;
		else
			files.items[files.count++] = (struct pack_file){ rows.items[i].path, rows.items[i].content };
	}
	struct findings findings = findings_new(own);
	TRY(pack_build(own, slug, files, &town_pack_options, &findings, ret));
	if (*ret) return NULL;
	struct buf text = buf_new(own, 64 * 1024);
	findings_print(&findings, &text);
	return ERR(own, ERR_INTERNAL, NULL, "stored pack version %lld: %.*s", (long long)version,
		STR_FMT(buf_str(&text)));
}

/* --- those that are built: under the lock --------------------------------------------------------------- */

static struct built *find(struct town_packs *packs, int64_t version)
{
	for (struct built *b = packs->first; b; b = b->next)
		if (b->version == version) return b;
	return NULL;
}

/* Takes out the one that nobody has used for longest, while there are too many of those; NULL: there are not. */
static struct built *take_oldest_idle(struct town_packs *packs)
{
	struct built **oldest = NULL;
	if (packs->idle <= packs->idle_max) return NULL;
	for (struct built **at = &packs->first; *at; at = &(*at)->next)
		if ((*at)->users == 0 && (!oldest || (*at)->used < (*oldest)->used)) oldest = at;
	must(oldest); /* `idle` counts them */
	struct built *b = *oldest;
	*oldest = b->next;
	packs->count--;
	packs->idle--;
	return b;
}

/* Frees what is idle beyond the limit, and all when closed and nothing is left; gives up the lock. */
static void tidy(struct town_packs *packs)
{
	for (struct built *b; (b = take_oldest_idle(packs));)
		arena_free(b->arena);
	bool is_end = packs->idle_max == 0 && packs->count == 0;
	pthread_mutex_unlock(&packs->lock);
	if (!is_end) return;
	pthread_mutex_destroy(&packs->lock);
	arena_free(packs->arena);
}

void town_packs_close(struct town_packs *packs)
{
	pthread_mutex_lock(&packs->lock);
	packs->idle_max = 0;
	tidy(packs);
}

static struct err *add_built(struct town_packs *packs, struct db *db, struct arena *a, int64_t version,
	struct built **ret)
{
	if (packs->count >= VERSIONS_MAX)
		return ERR(a, ERR_UNAVAILABLE, NULL, "more than %d pack versions in use", VERSIONS_MAX);
	struct arena *own = arena_new(PACK_ARENA_MAX);
	struct pack *pack = NULL;
	struct err *e = build(db, own, version, &pack);
	if (e) {
		e = err_copy(a, e);
		arena_free(own);
		return e;
	}
	struct built *b = ARENA_NEW(own, struct built);
	*b = (struct built){ .version = version, .arena = own, .pack = pack, .next = packs->first };
	packs->first = b;
	packs->count++;
	packs->idle++;
	*ret = b;
	return NULL;
}

static void let_go(void *resource)
{
	const struct use *use = resource;
	struct town_packs *packs = use->packs;
	pthread_mutex_lock(&packs->lock);
	use->built->used = ++packs->turn;
	if (--use->built->users == 0) packs->idle++;
	tidy(packs);
}

struct err *town_packs_get(struct town_packs *packs, struct db *db, struct arena *a, int64_t version,
	const struct pack **ret)
{
	struct use *use = ARENA_NEW(a, struct use);
	pthread_mutex_lock(&packs->lock);
	struct built *b = find(packs, version);
	struct err *e = b ? NULL : add_built(packs, db, a, version, &b);
	if (!e && b->users++ == 0) packs->idle--;
	pthread_mutex_unlock(&packs->lock);
	if (e) return e;
	*use = (struct use){ packs, b };
	arena_defer(a, let_go, use);
	*ret = b->pack;
	return NULL;
}

/* --- storing ------------------------------------------------------------------------------------------ */

struct store_input {
	struct str slug, checksum, loaded_by;
	struct pack_files files;
	const struct pack *pack;
	int64_t version;
};

struct err *town_pack_in_force(struct db *db, struct arena *a, int64_t *ret_version)
{
	struct town_setting_get_row row;
	struct pack_version_last_row last;
	bool found;
	TRY(town_setting_get(db, a, &(struct town_setting_get_in){ .name = STR(IN_FORCE) }, &row, &found));
	if (found && !str_to_int64(row.value, 1, INT64_MAX, ret_version))
		return ERR(a, ERR_INTERNAL, NULL, "the setting " IN_FORCE " is no number");
	if (found) return NULL;
	TRY(pack_version_last(db, a, &last, &found));
	*ret_version = found ? last.id : 0;
	return NULL;
}

/* Whoever ran the command: with sudo, who called it. */
static struct str operator_name(struct arena *a)
{
	char space[4096];
	struct passwd entry, *found = NULL;
	const char *sudo = getenv("SUDO_USER");
	if (sudo && sudo[0]) return str_slice(arena_cstr(a, sudo), 0, OPERATOR_MAX);
	if (getpwuid_r(geteuid(), &entry, space, sizeof space, &found) || !found)
		return arena_printf(a, "%u", (unsigned)geteuid());
	return str_slice(arena_cstr(a, entry.pw_name), 0, OPERATOR_MAX);
}

static struct err *put_in_force(struct tx *tx, int64_t version, struct str loaded_by)
{
	struct pack_in_force_last_row last;
	bool found;
	TRY(pack_in_force_last(tx->db, tx->arena, &last, &found));
	if (!found || last.pack_version_id != version)
		TRY(pack_in_force_insert(tx->db, tx->arena,
			&(struct pack_in_force_insert_in){ .pack_version_id = version,
				.since = tx->now,
				.loaded_by = loaded_by },
			NULL));
	struct str text = arena_printf(tx->arena, "%lld", (long long)version);
	return town_setting_set(tx->db, tx->arena,
		&(struct town_setting_set_in){ .name = STR(IN_FORCE), .value = text }, NULL);
}

static struct err *store_files(struct tx *tx, const struct store_input *in)
{
	TRY(pack_file_insert(tx->db, tx->arena,
		&(struct pack_file_insert_in){ .pack_version_id = in->version,
			.path = STR("slug"),
			.content = in->slug },
		NULL));
	for (size_t i = 0; i < in->files.count; i++)
		TRY(pack_file_insert(tx->db, tx->arena,
			&(struct pack_file_insert_in){ .pack_version_id = in->version,
				.path = in->files.items[i].path,
				.content = in->files.items[i].text },
			NULL));
	for (size_t i = 0; i < in->pack->departments.count; i++)
		TRY(department_insert(tx->db, tx->arena,
			&(struct department_insert_in){ .slug = in->pack->departments.items[i].id }, NULL));
	return NULL;
}

static struct err *store_commit(struct tx *tx, void *input)
{
	struct store_input *in = input;
	struct pack_version_by_checksum_row known;
	bool found;
	TRY(pack_version_by_checksum(tx->db, tx->arena,
		&(struct pack_version_by_checksum_in){ .checksum = in->checksum }, &known, &found));
	if (found) {
		in->version = known.id;
	} else {
		TRY(pack_version_insert(tx->db, tx->arena,
			&(struct pack_version_insert_in){ .checksum = in->checksum, .loaded_at = tx->now },
			&in->version));
		TRY(store_files(tx, in));
	}
	return put_in_force(tx, in->version, in->loaded_by);
}

static struct str checksum_of(struct arena *a, struct pack_files files)
{
	struct str *parts = ARENA_ARRAY(a, struct str, files.count * 4);
	for (size_t i = 0; i < files.count; i++) {
		parts[i * 4] = files.items[i].path;
		parts[i * 4 + 1] = arena_printf(a, "\n%zu\n", files.items[i].text.n);
		parts[i * 4 + 2] = files.items[i].text;
		parts[i * 4 + 3] = STR("\n");
	}
	struct sha256 hash = sha256_of_parts(parts, files.count * 4);
	return hex_encode(a, sha256_str(&hash));
}

/* "packs/leon/" → "leon" */
static struct str folder_name(struct str folder)
{
	while (str_ends_with(folder, STR("/")))
		folder = str_slice(folder, 0, folder.n - 1);
	for (size_t i = folder.n; i > 0; i--) {
		if (folder.p[i - 1] == '/') return str_slice(folder, i, folder.n);
	}
	return folder;
}

struct err *town_pack_store(struct writer *w, struct arena *a, struct str folder, int64_t *ret_version)
{
	struct store_input in = { .slug = folder_name(folder) };
	struct pack *pack;
	TRY(pack_load(a, arena_cz(a, folder), &town_pack_options, &pack));
	TRY(pack_read_folder(a, arena_cz(a, folder), &in.files));
	in.pack = pack;
	in.checksum = checksum_of(a, in.files);
	in.loaded_by = operator_name(a);
	TRY(writer_run(w, a, store_commit, &in));
	*ret_version = in.version;
	return NULL;
}
