/* What the parts of the token share: uri.c reads the name, module.c holds modules and sessions, token.c works with keys. */
#pragma once
#include <p11-kit/pkcs11.h>
#include <p11-kit/uri.h>
#include <pthread.h>

#include "core/crypto/crypto.h"
#include "core/token/token.h"

enum { TOKEN_PIN_MAX = 255, TOKEN_KEYS_MAX = 16, TOKEN_REFUSED_MAX = 16 };

/* --- uri.c ------------------------------------------------------------------------------------------------ */

struct token_name {
	struct str uri;
	P11KitUri *parsed; /* freed with the arena */
	struct str module_path, pin_source;
	struct str object, id; /* none: not named */
};
MUST_USE struct err *token_name_read(struct arena *a, struct str uri, struct token_name *ret);
/* The caller cleanses it. */
MUST_USE struct err *token_pin_read(struct arena *a, struct str pin_source, struct str *ret);

/* --- module.c ---------------------------------------------------------------------------------------------- */

struct token_session {
	struct str uri; /* heap; none: a free place */
	CK_SESSION_HANDLE session;
	CK_OBJECT_HANDLE key;
	CK_KEY_TYPE type;
	int64_t used;
};
struct token_module {
	struct str path; /* heap */
	pthread_mutex_t lock;
	CK_FUNCTION_LIST *calls; /* NULL: not loaded */
	struct token_session sessions[TOKEN_KEYS_MAX];
	int64_t turn;
	struct sha256 refused[TOKEN_REFUSED_MAX]; /* PINs, with the URI they were tried for */
	size_t refused_count;
};
/* The module of a path, locked; token_module_unlock() gives it back. */
MUST_USE struct err *token_module_lock(struct arena *a, struct str path, struct token_module **ret);
void token_module_unlock(struct token_module *m);
/* A session that is logged in, opened now or before; with `find` its `key` is the one that is named. */
MUST_USE struct err *token_session_get(struct token_module *m, struct arena *a, const struct token_name *name,
	bool find, struct token_session **ret);
/* *ret_count: how many private keys the URI names; *ret: one of them. */
MUST_USE struct err *token_find(struct token_module *m, struct arena *a, CK_SESSION_HANDLE session,
	const struct token_name *name, CK_OBJECT_CLASS class, CK_OBJECT_HANDLE *ret, int *ret_count);
/* Closes all sessions of the module and unloads it. */
void token_module_close(struct token_module *m);
struct err *token_error(struct arena *a, const char *what, CK_RV rv);
