#include <openssl/crypto.h>
#include <p11-kit/p11-kit.h>

#include "core/token/token_internal.h"

enum { MODULES_MAX = 8, SLOTS_MAX = 64 };

/* A module is one for its whole process, whoever uses it: PKCS#11 v2.40, 6.6 (applications and processes). */
static struct {
	pthread_mutex_t lock; /* of the list; each module has its own */
	struct token_module *items[MODULES_MAX];
	size_t count;
} loaded = { .lock = PTHREAD_MUTEX_INITIALIZER };

struct err *token_error(struct arena *a, const char *what, CK_RV rv)
{
	return ERR(a, ERR_UNAVAILABLE, NULL, "the token: %s: %s (0x%lx)", what, p11_kit_strerror(rv), rv);
}

static struct token_module *module_new(struct str path)
{
	struct token_module *m = calloc(1, sizeof *m);
	must(m);
	char *copy = strndup(path.p, path.n);
	must(copy);
	m->path = (struct str){ copy, path.n };
	pthread_mutex_init(&m->lock, NULL);
	return m;
}

struct err *token_module_lock(struct arena *a, struct str path, struct token_module **ret)
{
	struct token_module *m = NULL;
	pthread_mutex_lock(&loaded.lock);
	for (size_t i = 0; i < loaded.count && !m; i++)
		if (str_eq(loaded.items[i]->path, path)) m = loaded.items[i];
	if (!m && loaded.count < MODULES_MAX) m = loaded.items[loaded.count++] = module_new(path);
	pthread_mutex_unlock(&loaded.lock);
	if (!m) return ERR(a, ERR_UNAVAILABLE, NULL, "more than %d PKCS#11 modules", MODULES_MAX);
	pthread_mutex_lock(&m->lock);
	*ret = m;
	return NULL;
}

void token_module_unlock(struct token_module *m) { pthread_mutex_unlock(&m->lock); }

/* --- loading, and closing all of it ------------------------------------------------------------------------ */

static struct err *module_load(struct token_module *m, struct arena *a)
{
	if (m->calls) return NULL;
	CK_FUNCTION_LIST *calls = p11_kit_module_load(m->path.p, 0);
	if (!calls)
		return ERR(a, ERR_UNAVAILABLE, NULL, "the PKCS#11 module %s cannot be loaded: %s", m->path.p,
			p11_kit_message() ? p11_kit_message() : "no reason given");
	CK_RV rv = p11_kit_module_initialize(calls);
	if (rv != CKR_OK) {
		p11_kit_module_release(calls);
		return token_error(a, "it cannot be initialised", rv);
	}
	m->calls = calls;
	return NULL;
}

static void session_forget(struct token_session *s)
{
	free((char *)s->uri.p);
	*s = (struct token_session){ 0 };
}

void token_module_close(struct token_module *m)
{
	for (int i = 0; i < TOKEN_KEYS_MAX; i++)
		session_forget(&m->sessions[i]);
	if (!m->calls) return;
	p11_kit_module_finalize(m->calls); /* closes the sessions too */
	p11_kit_module_release(m->calls);
	m->calls = NULL;
}

/* --- sessions ----------------------------------------------------------------------------------------------- */

static struct err *find_slot(const struct token_module *m, struct arena *a, const struct token_name *name,
	CK_SLOT_ID *ret)
{
	CK_SLOT_ID slots[SLOTS_MAX];
	CK_ULONG count = SLOTS_MAX;
	CK_RV rv = m->calls->C_GetSlotList(CK_TRUE, slots, &count);
	if (rv != CKR_OK) return token_error(a, "it does not list its slots", rv);
	for (CK_ULONG i = 0; i < count; i++) {
		CK_TOKEN_INFO info;
		if (m->calls->C_GetTokenInfo(slots[i], &info) != CKR_OK) continue;
		if (!p11_kit_uri_match_token_info(name->parsed, &info)) continue;
		*ret = slots[i];
		return NULL;
	}
	return ERR(a, ERR_UNAVAILABLE, NULL, "the token is not there: none of %lu in %s is the one of the URI",
		count, m->path.p);
}

static struct sha256 trial_of(const struct token_name *name, struct str pin)
{
	struct str parts[] = { name->uri, STR("\n"), pin };
	return sha256_of_parts(parts, sizeof parts / sizeof parts[0]);
}

static bool was_refused(const struct token_module *m, const struct sha256 *trial)
{
	size_t known = m->refused_count < TOKEN_REFUSED_MAX ? m->refused_count : TOKEN_REFUSED_MAX;
	for (size_t i = 0; i < known; i++)
		if (sha256_eq(&m->refused[i], trial)) return true;
	return false;
}

/* One that is logged in already is logged in for the whole process. */
static struct err *log_in(struct token_module *m, struct arena *a, const struct token_name *name,
	CK_SESSION_HANDLE session)
{
	struct str pin;
	TRY(token_pin_read(a, name->pin_source, &pin));
	struct sha256 trial = trial_of(name, pin);
	bool is_known_wrong = was_refused(m, &trial);
	CK_RV rv = CKR_PIN_INCORRECT;
	if (!is_known_wrong) rv = m->calls->C_Login(session, CKU_USER, (CK_UTF8CHAR *)pin.p, pin.n);
	OPENSSL_cleanse((char *)pin.p, pin.n);
	if (is_known_wrong)
		return ERR(a, ERR_UNAVAILABLE, NULL,
			"the token refused the PIN of %.*s before; it is tried again when it was changed",
			STR_FMT(name->pin_source));
	if (rv == CKR_OK || rv == CKR_USER_ALREADY_LOGGED_IN) return NULL;
	bool is_wrong = rv == CKR_PIN_INCORRECT || rv == CKR_PIN_INVALID || rv == CKR_PIN_LEN_RANGE;
	if (!is_wrong) return token_error(a, "signing in to it", rv);
	m->refused[m->refused_count++ % TOKEN_REFUSED_MAX] = trial;
	return ERR(a, ERR_UNAVAILABLE, NULL, "the token refuses the PIN of %.*s", STR_FMT(name->pin_source));
}

struct err *token_find(struct token_module *m, struct arena *a, CK_SESSION_HANDLE session,
	const struct token_name *name, CK_OBJECT_CLASS class, CK_OBJECT_HANDLE *ret, int *ret_count)
{
	CK_ATTRIBUTE wanted[3] = { { CKA_CLASS, &class, sizeof class } };
	CK_ULONG n = 1, found = 0;
	CK_OBJECT_HANDLE objects[2];
	if (!str_is_empty(name->object))
		wanted[n++] = (CK_ATTRIBUTE){ CKA_LABEL, (void *)name->object.p, name->object.n };
	if (!str_is_empty(name->id)) wanted[n++] = (CK_ATTRIBUTE){ CKA_ID, (void *)name->id.p, name->id.n };
	CK_RV rv = m->calls->C_FindObjectsInit(session, wanted, n);
	if (rv != CKR_OK) return token_error(a, "looking for the key", rv);
	rv = m->calls->C_FindObjects(session, objects, 2, &found);
	m->calls->C_FindObjectsFinal(session);
	if (rv != CKR_OK) return token_error(a, "looking for the key", rv);
	*ret_count = (int)found;
	if (found > 0) *ret = objects[0];
	return NULL;
}

static struct err *find_key(struct token_module *m, struct arena *a, const struct token_name *name,
	struct token_session *s)
{
	CK_OBJECT_HANDLE key = CK_INVALID_HANDLE;
	int count;
	TRY(token_find(m, a, s->session, name, CKO_PRIVATE_KEY, &key, &count));
	if (count == 0) return ERR(a, ERR_UNAVAILABLE, NULL, "the token has no such private key");
	if (count > 1)
		return ERR(a, ERR_INVALID, NULL, "the PKCS#11 URI names more than one private key: add its id");
	CK_ATTRIBUTE type = { CKA_KEY_TYPE, &s->type, sizeof s->type };
	CK_RV rv = m->calls->C_GetAttributeValue(s->session, key, &type, 1);
	if (rv != CKR_OK) return token_error(a, "asking what the key is", rv);
	s->key = key;
	return NULL;
}

static struct token_session *free_place(struct token_module *m)
{
	struct token_session *oldest = &m->sessions[0];
	for (int i = 0; i < TOKEN_KEYS_MAX; i++) {
		if (str_is_none(m->sessions[i].uri)) return &m->sessions[i];
		if (m->sessions[i].used < oldest->used) oldest = &m->sessions[i];
	}
	m->calls->C_CloseSession(oldest->session);
	session_forget(oldest);
	return oldest;
}

static struct err *open_session(struct token_module *m, struct arena *a, const struct token_name *name,
	struct token_session **ret)
{
	CK_SLOT_ID slot;
	TRY(find_slot(m, a, name, &slot));
	struct token_session *s = free_place(m);
	CK_RV rv = m->calls->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &s->session);
	if (rv != CKR_OK) return token_error(a, "opening a session", rv);
	char *copy = strndup(name->uri.p, name->uri.n);
	must(copy);
	s->uri = (struct str){ copy, name->uri.n };
	*ret = s;
	return log_in(m, a, name, s->session);
}

struct err *token_session_get(struct token_module *m, struct arena *a, const struct token_name *name,
	bool find, struct token_session **ret)
{
	struct token_session *s = NULL;
	TRY(module_load(m, a));
	for (int i = 0; i < TOKEN_KEYS_MAX && !s; i++)
		if (!str_is_none(m->sessions[i].uri) && str_eq(m->sessions[i].uri, name->uri)) s = &m->sessions[i];
	if (!s) TRY(open_session(m, a, name, &s));
	s->used = ++m->turn;
	if (find && s->key == CK_INVALID_HANDLE) TRY(find_key(m, a, name, s));
	*ret = s;
	return NULL;
}
