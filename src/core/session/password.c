#include <argon2.h>

#include "base/utf8.h"
#include "core/session/password.h"

enum { PASSES = 3, MEMORY_KIB = 65536, LANES = 4, HASH_BYTES = 32, ENCODED_MAX = 256 };

/* "é" in one piece or in two is the same password. */
static struct str canonical(struct arena *a, struct str password)
{
	return utf8_valid(password) ? utf8_nfc(a, password) : password;
}

struct err *password_hash(struct arena *a, struct str password, struct str salt, struct str *ret)
{
	if (password.n < PASSWORD_MIN || password.n > PASSWORD_MAX)
		return ERR(a, ERR_INVALID, "password.length", "a password of %zu bytes", password.n);
	char *encoded = arena_alloc(a, ENCODED_MAX);
	password = canonical(a, password);
	int failure = argon2id_hash_encoded(PASSES, MEMORY_KIB, LANES, password.p, password.n, salt.p, salt.n,
		HASH_BYTES, encoded, ENCODED_MAX);
	if (failure) return ERR(a, ERR_UNAVAILABLE, NULL, "argon2: %s", argon2_error_message(failure));
	*ret = str_of(encoded);
	return NULL;
}

bool password_matches(struct arena *a, struct str hash, struct str password)
{
	/* An account that does not exist costs as much as one that does: this is the hash of nothing known. */
	static const char nobody[] = "$argon2id$v=19$m=65536,t=3,p=4$bm9ib2R5bm9ib2R5MTIzNA$"
								 "Y9nVgBAp4AMkS3D2mJ1pA1kZ8c6q1bWm1dGqgkQ2w3M";
	bool exists = !str_is_none(hash);
	const char *encoded = exists ? arena_cz(a, hash) : nobody;
	bool has_length = password.n <= PASSWORD_MAX; /* a longer one is not cut down to one that opens */
	struct str text = canonical(a, str_slice(password, 0, PASSWORD_MAX));
	return argon2id_verify(encoded, text.p, text.n) == ARGON2_OK && exists && has_length;
}
