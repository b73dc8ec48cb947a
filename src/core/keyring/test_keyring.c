#include <fcntl.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/testing.h"
#include "core/keyring/history.h"
#include "core/keyring/test_folder.h"

static const struct instant early = { 1762800000000 }, later = { 1763800000000 }, latest = { 1764800000000 };

static struct str path_in(struct test *t, struct str folder, const struct key *k)
{
	return arena_printf(t->arena, "%s/%s-%s.key", folder.p, key_purpose_name(k->purpose), k->id.p);
}

TEST(keyring_keeps_what_it_makes)
{
	struct str folder = test_folder_new(t);
	struct keyring *k;
	const struct key *made, *found;
	struct stat st;
	CHECK_OK(keyring_open(t->arena, folder, STR_NONE, &k));
	CHECK_ERR(keyring_active(k, t->arena, KEY_CSRF, STR_NONE, &found), ERR_UNAVAILABLE);
	CHECK_OK(keyring_create(k, t->arena, KEY_LOG_SIGNING, STR(""), early, &made));
	CHECK(made->state == KEY_ACTIVE && made->from.ms == early.ms && instant_is_none(made->until));
	CHECK(stat(path_in(t, folder, made).p, &st) == 0 && (st.st_mode & 0777) == 0600);
	struct keyring *again;
	CHECK_OK(keyring_open(t->arena, folder, STR_NONE, &again));
	CHECK_OK(keyring_active(again, t->arena, KEY_LOG_SIGNING, STR_NONE, &found));
	CHECK(
		str_eq(found->id, made->id) && str_eq(found->secret, made->secret) && found->created.ms == early.ms);
	CHECK(str_eq(found->public_key, ed25519_public(t->arena, made->secret)));
	CHECK(keyring_by_id(again, made->id) == found && !keyring_by_id(again, STR("0000000000000000")));
}

TEST(keyring_rotates_and_retires)
{
	struct str folder = test_folder_new(t);
	struct keyring *k;
	const struct key *first, *next, *now_active;
	CHECK_OK(keyring_open(t->arena, folder, STR_NONE, &k));
	CHECK_OK(keyring_create(k, t->arena, KEY_CSRF, STR(""), early, &first));
	CHECK_OK(keyring_create(k, t->arena, KEY_CSRF, STR(""), later, &next));
	CHECK_INT(next->state, KEY_NEXT);
	CHECK_ERR(keyring_retire(k, t->arena, first->id, false, later), ERR_CONFLICT);
	CHECK_OK(keyring_rotate(k, t->arena, KEY_CSRF, STR(""), later, &now_active));
	CHECK(now_active == next && next->state == KEY_ACTIVE && next->from.ms == later.ms);
	CHECK(first->state == KEY_RETIRED && first->until.ms == later.ms && first->secret.n == 32);
	CHECK_OK(keyring_rotate(k, t->arena, KEY_CSRF, STR(""), latest, &now_active)); /* makes the next itself */
	CHECK_OK(keyring_open(t->arena, folder, STR_NONE, &k));
	CHECK(str_eq(keyring_at(k, 0)->id, now_active->id)); /* active first, then from new to old */
	CHECK(str_eq(keyring_at(k, 1)->id, next->id) && str_eq(keyring_at(k, 2)->id, first->id) &&
		!keyring_at(k, 3));
}

/* A rotation writes two files: nobody may read one of them. */
TEST(keyring_is_closed_to_others_while_it_changes)
{
	struct str folder = test_folder_new(t);
	struct keyring *k;
	const struct key *made;
	struct arena *a = arena_new(1024 * 1024);
	CHECK_OK(keyring_open_to_change(a, folder, STR_NONE, &k));
	int fd = open(arena_printf(t->arena, "%s/.lock", folder.p).p, O_RDONLY | O_CLOEXEC);
	bool was_shut = flock(fd, LOCK_SH | LOCK_NB) < 0;
	struct err *e = err_copy(t->arena, keyring_create(k, a, KEY_CSRF, STR(""), early, &made));
	arena_free(a);
	bool is_open = flock(fd, LOCK_SH | LOCK_NB) == 0;
	close(fd);
	CHECK_OK(e);
	CHECK(was_shut && is_open);
	CHECK_OK(keyring_open(t->arena, folder, STR_NONE, &k));
	CHECK(keyring_at(k, 0) && !keyring_at(k, 1));
}

TEST(keyring_mark_tells_every_change)
{
	struct str folder = test_folder_new(t);
	struct keyring *k;
	const struct key *made, *now_active;
	struct sha256 none, one, same, rotated;
	CHECK_OK(keyring_mark(t->arena, folder, STR_NONE, &none));
	CHECK_OK(keyring_open(t->arena, folder, STR_NONE, &k));
	CHECK_OK(keyring_create(k, t->arena, KEY_CSRF, STR(""), early, &made));
	CHECK_OK(keyring_mark(t->arena, folder, STR_NONE, &one));
	CHECK_OK(keyring_open(t->arena, folder, STR_NONE, &k));
	CHECK_OK(keyring_mark(t->arena, folder, STR_NONE, &same));
	CHECK_OK(keyring_rotate(k, t->arena, KEY_CSRF, STR(""), later, &now_active));
	CHECK_OK(keyring_mark(t->arena, folder, STR_NONE, &rotated));
	CHECK(!sha256_eq(&none, &one) && sha256_eq(&one, &same) && !sha256_eq(&one, &rotated));
	CHECK_ERR(keyring_mark(t->arena, STR("/nowhere/keys"), STR_NONE, &same), ERR_UNAVAILABLE);
}

/* A rotation that was cut between its two files leaves no active key, and is done again. */
TEST(keyring_rotation_goes_on_after_a_crash)
{
	struct str folder = test_folder_new(t);
	struct keyring *k;
	const struct key *first, *next, *after;
	CHECK_OK(keyring_open(t->arena, folder, STR_NONE, &k));
	CHECK_OK(keyring_create(k, t->arena, KEY_CSRF, STR(""), early, &first));
	CHECK_OK(keyring_create(k, t->arena, KEY_CSRF, STR(""), later, &next));
	CHECK_OK(keyring_retire(k, t->arena, first->id, true, later));
	CHECK_ERR(keyring_active(k, t->arena, KEY_CSRF, STR_NONE, &after), ERR_UNAVAILABLE);
	CHECK_OK(keyring_rotate(k, t->arena, KEY_CSRF, STR(""), latest, &after));
	CHECK(after == next && next->state == KEY_ACTIVE);
}

TEST(keyring_compromised_keys_lose_their_secret_but_unwrap)
{
	struct str folder = test_folder_new(t), wrapped, id, back;
	struct str file_key = STR("0123456789abcdef0123456789abcdef");
	struct keyring *k;
	const struct key *wrap, *sign, *other;
	CHECK_OK(keyring_open(t->arena, folder, STR_NONE, &k));
	CHECK_OK(keyring_create(k, t->arena, KEY_FILE_WRAP, STR(""), early, &wrap));
	CHECK_OK(keyring_create(k, t->arena, KEY_LOG_SIGNING, STR(""), early, &sign));
	CHECK_OK(keyring_wrap(k, t->arena, file_key, &wrapped, &id));
	CHECK(str_eq(id, wrap->id) && wrapped.n == 40);
	CHECK_OK(keyring_retire(k, t->arena, wrap->id, true, later));
	CHECK_OK(keyring_retire(k, t->arena, sign->id, true, later));
	CHECK_ERR(keyring_retire(k, t->arena, sign->id, true, later), ERR_CONFLICT);
	CHECK(sign->secret.n == 0);
	CHECK_OK(keyring_open(t->arena, folder, STR_NONE, &k));
	CHECK_OK(keyring_unwrap(k, t->arena, wrapped, id, &back));
	CHECK(str_eq(back, file_key));
	sign = keyring_by_id(k, sign->id);
	CHECK(sign->state == KEY_COMPROMISED && sign->secret.n == 0 && sign->public_key.n == 32 &&
		sign->until.ms == later.ms);
	CHECK_ERR(keyring_wrap(k, t->arena, file_key, &wrapped, &id), ERR_UNAVAILABLE);
	CHECK_ERR(keyring_unwrap(k, t->arena, wrapped, STR("0123456789abcdef"), &back), ERR_UNAVAILABLE);
	CHECK_OK(keyring_create(k, t->arena, KEY_FILE_WRAP, STR(""), later, &other));
	CHECK_ERR(keyring_unwrap(k, t->arena, wrapped, other->id, &back), ERR_INVALID);
}

TEST(keyring_refuses_what_others_can_read)
{
	struct str folder = test_folder_new(t);
	struct keyring *k;
	const struct key *made;
	CHECK_OK(keyring_open(t->arena, folder, STR_NONE, &k));
	CHECK_OK(keyring_create(k, t->arena, KEY_CSRF, STR(""), early, &made));
	const char *path = path_in(t, folder, made).p;
	CHECK(chmod(path, 0640) == 0);
	CHECK_ERR(keyring_open(t->arena, folder, STR_NONE, &k), ERR_INVALID);
	CHECK(chmod(path, 0600) == 0 && chmod(folder.p, 0750) == 0);
	CHECK_ERR(keyring_open(t->arena, folder, STR_NONE, &k), ERR_INVALID);
	CHECK(chmod(folder.p, 0700) == 0);
	CHECK(symlink(path, arena_printf(t->arena, "%s/link.key", folder.p).p) == 0);
	CHECK_ERR(keyring_open(t->arena, folder, STR_NONE, &k), ERR_UNAVAILABLE);
	CHECK(unlink(arena_printf(t->arena, "%s/link.key", folder.p).p) == 0);
	CHECK(symlink(folder.p, arena_printf(t->arena, "%s/self", folder.p).p) == 0);
	CHECK_ERR(keyring_open(t->arena, arena_printf(t->arena, "%s/self", folder.p), STR_NONE, &k),
		ERR_UNAVAILABLE);
	CHECK_ERR(keyring_open(t->arena, STR("/nowhere/at/all"), STR_NONE, &k), ERR_UNAVAILABLE);
}

static void write_text(const char *path, struct str text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	must(fd >= 0 && write(fd, text.p, text.n) == (ssize_t)text.n && close(fd) == 0);
}

TEST(keyring_refuses_damaged_and_doubled_keys)
{
	struct str folder = test_folder_new(t);
	struct keyring *k;
	const struct key *made;
	char text[4096];
	CHECK_OK(keyring_open(t->arena, folder, STR_NONE, &k));
	CHECK_OK(keyring_create(k, t->arena, KEY_CSRF, STR(""), early, &made));
	const char *path = path_in(t, folder, made).p, *copy = arena_printf(t->arena, "%s/copy.key", folder.p).p;
	int fd = open(path, O_RDONLY);
	CHECK(fd >= 0);
	ssize_t n = read(fd, text, sizeof text);
	close(fd);
	struct str whole = arena_str(t->arena, (struct str){ text, (size_t)n });
	write_text(copy, whole); /* the same id twice */
	CHECK_ERR(keyring_open(t->arena, folder, STR_NONE, &k), ERR_INVALID);
	ptrdiff_t at = str_find(whole, made->id);
	((char *)whole.p)[at] ^= 1; /* another id: two active keys */
	write_text(copy, whole);
	CHECK_ERR(keyring_open(t->arena, folder, STR_NONE, &k), ERR_INVALID);
	write_text(copy, str_slice(whole, 0, whole.n / 2));
	CHECK_ERR(keyring_open(t->arena, folder, STR_NONE, &k), ERR_INVALID);
	write_text(copy, STR("{}"));
	CHECK_ERR(keyring_open(t->arena, folder, STR_NONE, &k), ERR_INVALID);
	CHECK(unlink(copy) == 0);
	CHECK_OK(keyring_open(t->arena, folder, STR_NONE, &k));
}

/* systemd's LoadCredential: read-only, and only files with our prefix. */
TEST(keyring_reads_credentials_and_leaves_them)
{
	struct str made_in = test_folder_new(t), credentials = test_folder_new(t), folder = test_folder_new(t);
	struct keyring *k;
	const struct key *made, *found;
	CHECK_OK(keyring_open(t->arena, made_in, STR_NONE, &k));
	CHECK_OK(keyring_create(k, t->arena, KEY_BACKUP, STR(""), early, &made));
	CHECK(rename(path_in(t, made_in, made).p,
			  arena_printf(t->arena, "%s/ventanilla-backup.key", credentials.p).p) == 0);
	write_text(arena_printf(t->arena, "%s/other-service.key", credentials.p).p, STR("not ours"));
	CHECK_OK(keyring_open(t->arena, folder, credentials, &k));
	CHECK_OK(keyring_active(k, t->arena, KEY_BACKUP, STR_NONE, &found));
	CHECK(found->place == KEY_IN_CREDENTIAL && str_eq(found->id, made->id));
	CHECK_ERR(keyring_rotate(k, t->arena, KEY_BACKUP, STR(""), later, &found), ERR_CONFLICT);
	CHECK_ERR(keyring_retire(k, t->arena, made->id, true, later), ERR_CONFLICT);
}

/* --- seals ------------------------------------------------------------------------------------------ */

static struct str taken(struct test *t, BIO *bio)
{
	char *p;
	long n = BIO_get_mem_data(bio, &p);
	struct str s = arena_str(t->arena, (struct str){ p, (size_t)n });
	BIO_free(bio);
	return s;
}

static void make_seal(struct test *t, struct str *ret_private, struct str *ret_certificate)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x = X509_new();
	BIO *private_bio = BIO_new(BIO_s_mem()), *certificate_bio = BIO_new(BIO_s_mem());
	must(key && x && private_bio && certificate_bio);
	must(X509_gmtime_adj(X509_getm_notBefore(x), 0) && X509_gmtime_adj(X509_getm_notAfter(x), 86400));
	must(X509_set_pubkey(x, key) == 1 && X509_sign(x, key, EVP_sha256()) > 0);
	must(PEM_write_bio_PrivateKey(private_bio, key, NULL, NULL, 0, NULL, NULL) == 1);
	must(PEM_write_bio_X509(certificate_bio, x) == 1);
	X509_free(x);
	EVP_PKEY_free(key);
	*ret_private = taken(t, private_bio);
	*ret_certificate = taken(t, certificate_bio);
}

TEST(keyring_imports_seals_that_belong_together)
{
	struct str folder = test_folder_new(t), key_a, certificate_a, key_b, certificate_b;
	struct keyring *k;
	const struct key *seal, *found;
	make_seal(t, &key_a, &certificate_a);
	make_seal(t, &key_b, &certificate_b);
	CHECK_OK(keyring_open(t->arena, folder, STR_NONE, &k));
	CHECK_ERR(keyring_import(k, t->arena, KEY_ORGAN_SEAL, STR("DU"), key_a, certificate_b, early, &seal),
		ERR_INVALID);
	CHECK_ERR(keyring_import(k, t->arena, KEY_ORGAN_SEAL, STR("DU"), STR("x"), STR(""), early, &seal),
		ERR_INVALID);
	CHECK_ERR(keyring_import(k, t->arena, KEY_CSRF, STR("DU"), key_a, certificate_a, early, &seal),
		ERR_USAGE);
	CHECK_ERR(keyring_create(k, t->arena, KEY_ORGAN_SEAL, STR("DU"), early, &seal), ERR_USAGE);
	CHECK_OK(keyring_import(k, t->arena, KEY_ORGAN_SEAL, STR("DU"), key_a, certificate_a, early, &seal));
	CHECK_OK(
		keyring_import(k, t->arena, KEY_ORGAN_SEAL, STR("Catastro"), key_b, certificate_b, early, &seal));
	CHECK_OK(keyring_open(t->arena, folder, STR_NONE, &k));
	CHECK_OK(keyring_active(k, t->arena, KEY_ORGAN_SEAL, STR("Catastro"), &found));
	CHECK(str_eq(found->secret, key_b) && str_eq(found->public_key, certificate_b));
	CHECK_OK(keyring_active(k, t->arena, KEY_ORGAN_SEAL, STR_NONE, &found));
	CHECK_ERR(keyring_active(k, t->arena, KEY_ORGAN_SEAL, STR("Tesorería"), &found), ERR_UNAVAILABLE);
}

/* What is published: every signing key, no secret. */
TEST(keyring_history_holds_public_keys_alone)
{
	struct str folder = test_folder_new(t), key_pem, certificate;
	struct keyring *k;
	const struct key *log, *second, *seal, *secret;
	const struct str witness = STR("example.com/w+GONE+BAAA");
	make_seal(t, &key_pem, &certificate);
	CHECK_OK(keyring_open(t->arena, folder, STR_NONE, &k));
	CHECK_OK(keyring_create(k, t->arena, KEY_LOG_SIGNING, STR(""), early, &log));
	CHECK_OK(keyring_rotate(k, t->arena, KEY_LOG_SIGNING, STR(""), later, &second));
	CHECK_OK(keyring_import(k, t->arena, KEY_ORGAN_SEAL, STR("DU"), key_pem, certificate, early, &seal));
	CHECK_OK(keyring_create(k, t->arena, KEY_CODE_HASH, STR(""), early, &secret));
	struct str json = key_history_write(t->arena, k, STR("leon.example/registro"), NULL, 0);
	CHECK(str_find(json, base64_encode(t->arena, log->secret)) < 0 && str_find(json, STR("PRIVATE")) < 0);
	CHECK(str_find(json, secret->id) < 0);
	struct key_history h;
	CHECK_OK(key_history_read(t->arena, json, &h));
	CHECK_INT(h.count, 3);
	CHECK_STR(h.origin, "leon.example/registro");
	CHECK(str_eq(h.items[0].id, second->id) && h.items[0].state == KEY_ACTIVE &&
		h.items[0].from.ms == later.ms);
	CHECK(str_eq(h.items[1].id, log->id) && h.items[1].until.ms == later.ms &&
		str_eq(h.items[1].public_key, log->public_key));
	CHECK(str_eq(h.items[2].public_key, certificate));
	json = key_history_write(t->arena, k, STR("leon.example/registro"), &witness, 1);
	CHECK_ERR(key_history_read(t->arena, json, &h), ERR_INVALID); /* a witness that is no key */
	CHECK_ERR(key_history_read(t->arena, STR("{}"), &h), ERR_MALFORMED);
	CHECK_ERR(key_history_read(t->arena, STR("x"), &h), ERR_MALFORMED);
}
