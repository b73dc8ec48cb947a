/* Making a new municipality: folders, database, keys, first pack version. */
#include <errno.h>
#include <sys/stat.h>

#include "core/pdf/pades.h"
#include "core/town/queries.h"
#include "core/town/town.h"
#include "core/town/town_pack.h"
#include "data/migrate.h"

enum { KEYS_ARENA_MAX = 16 * 1024 * 1024, SEAL_YEARS = 3 };

static struct err *make_folder(struct arena *a, struct str path)
{
	if (mkdir(arena_cz(a, path), 0700) == 0) return NULL;
	return ERR(a, errno == EEXIST ? ERR_CONFLICT : ERR_UNAVAILABLE, NULL, "cannot make %.*s: %s",
		STR_FMT(path), strerror(errno));
}

/* One key of each purpose; the organ's seal is self-signed until the town imports its authority's. */
static struct err *make_keys_in(struct arena *a, struct str folder, const struct pack *pack,
	struct instant now)
{
	struct keyring *keyring;
	TRY(keyring_open_to_change(a, folder, STR_NONE, &keyring));
	for (int p = 0; p < KEY_PURPOSE_MAX; p++) {
		const struct key *key;
		if (p != KEY_ORGAN_SEAL) TRY(keyring_create(keyring, a, (enum key_purpose)p, STR(""), now, &key));
	}
	struct str lang = pack->languages.items[0], private_pem, certificates_pem;
	struct seal_subject subject = { .common_name = text_in(pack->seal_name, lang),
		.organization = text_in(pack->full_name, lang),
		.country = pack->country,
		.from = now,
		.until = { now.ms + (int64_t)SEAL_YEARS * 366 * 86400 * 1000 },
		.algorithm = SEAL_RSA_2048 };
	struct seal_key *made;
	TRY(seal_key_make(a, &subject, NULL, &made));
	TRY(seal_key_private_pem(a, made, &private_pem));
	TRY(seal_key_certificates_pem(a, made, &certificates_pem));
	const struct key *seal;
	return keyring_import(keyring, a, KEY_ORGAN_SEAL, STR(""), private_pem, certificates_pem, now, &seal);
}

/* The folder is let go at the end, and not with the caller's arena. */
static struct err *make_keys(struct arena *a, struct str folder, const struct pack *pack, struct instant now)
{
	struct arena *own = arena_new(KEYS_ARENA_MAX);
	struct err *e = err_copy(a, make_keys_in(own, folder, pack, now));
	arena_free(own);
	return e;
}

struct create_input {
	struct instant simulated_start;
};

static struct err *create_commit(struct tx *tx, void *input)
{
	const struct create_input *in = input;
	if (instant_is_none(in->simulated_start)) return NULL;
	struct str text = arena_printf(tx->arena, "%lld", (long long)in->simulated_start.ms);
	return town_setting_set(tx->db, tx->arena,
		&(struct town_setting_set_in){ .name = STR("simulated_now"), .value = text }, NULL);
}

/* The clock of a database in the making: it must not stamp simulated rows with the machine's time. */
static struct instant clock_of_creation(void *state)
{
	const struct instant *start = state;
	return instant_is_none(*start) ? instant_of_machine() : *start;
}

static struct err *fill_database(struct arena *a, struct str url, struct str pack_folder,
	struct instant start)
{
	struct db *db;
	int applied;
	TRY(db_open(a, url, DB_WRITE, &db));
	struct err *e = migrate_apply(db, a, schema_migrations, clock_of_creation(&start), &applied);
	db_close(db);
	TRY(e);
	struct writer *writer;
	struct writer_options options = { .url = url, .clock = clock_of_creation, .clock_state = &start };
	TRY(writer_start(a, &options, &writer));
	struct create_input in = { start };
	int64_t version;
	e = writer_run(writer, a, create_commit, &in);
	e = e ? e : town_pack_store(writer, a, pack_folder, &version);
	writer_stop(writer);
	return e;
}

struct err *town_create(struct arena *a, const struct town_options *options, struct str pack_folder,
	struct instant simulated_start)
{
	struct pack *pack;
	TRY(pack_load(a, arena_cz(a, pack_folder), &town_pack_options, &pack));
	TRY(make_folder(a, options->folder));
	struct str keys = arena_printf(a, "%.*s/keys", STR_FMT(options->folder));
	TRY(make_folder(a, keys));
	TRY(make_folder(a, arena_printf(a, "%.*s/files", STR_FMT(options->folder))));
	TRY(make_keys(a, keys, pack, clock_of_creation(&simulated_start)));
	return fill_database(a, town_url(a, options), pack_folder, simulated_start);
}
