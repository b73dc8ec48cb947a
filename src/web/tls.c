/*
 * Certificates. A pair, once read, is never changed; a reload puts a new one in front and keeps the old for
 * handshakes that hold it. Towns renew a few times a year, so what is kept until the end is nothing.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>

#include "web/tls_handshake.h"

#include "web/loop.h"
#include "web/tls.h"

enum { CHAIN_MAX = 16, FILE_MAX = 1024 * 1024 };

struct pair {
	gnutls_pcert_st chain[CHAIN_MAX];
	unsigned length;
	gnutls_privkey_t key;
	struct pair *older;
};

struct tls {
	struct arena *arena; /* the pairs'; under the lock */
	pthread_mutex_t lock;
	const char *certificate_path, *key_path;
	struct timespec read_at[2]; /* the files' times at the last attempt */
	_Atomic(struct pair *) newest;
};

static struct err *read_file(struct arena *a, const char *path, gnutls_datum_t *ret,
	struct timespec *ret_time)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0 || st.st_size > FILE_MAX) {
		if (fd >= 0) close(fd);
		return ERR(a, ERR_UNAVAILABLE, NULL, "tls: cannot read %s", path);
	}
	*ret_time = st.st_mtim;
	size_t room = (size_t)st.st_size + 1;
	char *bytes = arena_alloc(a, room);
	ssize_t n = read(fd, bytes, room);
	close(fd);
	if (n <= 0) return ERR(a, ERR_UNAVAILABLE, NULL, "tls: %s is empty", path);
	*ret = (gnutls_datum_t){ (unsigned char *)bytes, (unsigned)n };
	return NULL;
}

/* Whether the key is the first certificate's: else every handshake would fail, and only then. */
static bool belongs_together(struct pair *p)
{
	unsigned char of_chain[64], of_key[64];
	size_t chain_n = sizeof of_chain, key_n = sizeof of_key;
	gnutls_pubkey_t public;
	if (gnutls_pubkey_init(&public) != 0) return false;
	bool same = gnutls_pubkey_import_privkey(public, p->key, 0, 0) == 0 &&
		gnutls_pubkey_get_key_id(public, GNUTLS_KEYID_USE_SHA256, of_key, &key_n) == 0 &&
		gnutls_pubkey_get_key_id(p->chain[0].pubkey, GNUTLS_KEYID_USE_SHA256, of_chain, &chain_n) == 0 &&
		key_n == chain_n && memcmp(of_key, of_chain, key_n) == 0;
	gnutls_pubkey_deinit(public);
	return same;
}

static struct err *load(struct tls *t, struct arena *a, struct pair *p)
{
	gnutls_datum_t chain = { NULL, 0 }, key = { NULL, 0 };
	TRY(read_file(a, t->certificate_path, &chain, &t->read_at[0]));
	TRY(read_file(a, t->key_path, &key, &t->read_at[1]));
	unsigned length = CHAIN_MAX;
	int code = gnutls_pcert_list_import_x509_raw(p->chain, &length, &chain, GNUTLS_X509_FMT_PEM, 0);
	if (code < 0 || length == 0)
		return ERR(a, ERR_UNAVAILABLE, NULL, "tls: %s: %s", t->certificate_path, gnutls_strerror(code));
	p->length = length;
	must(gnutls_privkey_init(&p->key) == 0);
	code = gnutls_privkey_import_x509_raw(p->key, &key, GNUTLS_X509_FMT_PEM, NULL, 0);
	gnutls_memset(key.data, 0, key.size);
	if (code < 0) return ERR(a, ERR_UNAVAILABLE, NULL, "tls: %s: %s", t->key_path, gnutls_strerror(code));
	if (!belongs_together(p)) return ERR(a, ERR_UNAVAILABLE, NULL, "tls: the key is not the certificate's");
	return NULL;
}

static void forget(struct pair *p)
{
	for (unsigned i = 0; i < p->length; i++)
		gnutls_pcert_deinit(&p->chain[i]);
	if (p->key) gnutls_privkey_deinit(p->key);
}

static void release(void *tls)
{
	struct tls *t = tls;
	for (struct pair *p = t->newest; p; p = p->older)
		forget(p);
	arena_free(t->arena);
	pthread_mutex_destroy(&t->lock);
}

struct err *tls_reload(struct tls *t, struct arena *a)
{
	pthread_mutex_lock(&t->lock);
	struct pair *p = ARENA_NEW(t->arena, struct pair);
	struct err *wrong = load(t, a, p);
	if (wrong) {
		forget(p);
	} else {
		p->older = t->newest;
		t->newest = p;
	}
	pthread_mutex_unlock(&t->lock);
	return wrong;
}

struct err *tls_new(struct arena *a, struct str certificate, struct str key, struct tls **ret)
{
	struct tls *t = ARENA_NEW(a, struct tls);
	t->arena = arena_new(16 * 1024 * 1024);
	t->certificate_path = arena_cz(a, certificate);
	t->key_path = arena_cz(a, key);
	must(pthread_mutex_init(&t->lock, NULL) == 0);
	arena_defer(a, release, t);
	TRY(tls_reload(t, a));
	*ret = t;
	return NULL;
}

static bool differs(const char *path, const struct timespec *then)
{
	struct stat st;
	if (stat(path, &st) != 0) return false;
	return st.st_mtim.tv_sec != then->tv_sec || st.st_mtim.tv_nsec != then->tv_nsec;
}

bool tls_is_outdated(struct tls *t)
{
	pthread_mutex_lock(&t->lock);
	bool is = differs(t->certificate_path, &t->read_at[0]) || differs(t->key_path, &t->read_at[1]);
	pthread_mutex_unlock(&t->lock);
	return is;
}

int tls_certificate(gnutls_session_t session, const gnutls_datum_t *ca_names, int ca_count,
	const gnutls_pk_algorithm_t *algorithms, int algorithm_count, gnutls_pcert_st **ret_chain,
	unsigned *ret_length, gnutls_privkey_t *ret_key)
{
	(void)ca_names;
	(void)ca_count;
	(void)algorithms;
	(void)algorithm_count;
	struct wire *wire = adapter_wire_of_session(session);
	if (!wire) return -1;
	struct pair *p = atomic_load(&wire->loop->server->tls->newest);
	*ret_chain = p->chain;
	*ret_length = p->length;
	*ret_key = p->key;
	return 0;
}
