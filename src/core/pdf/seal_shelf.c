#include "core/pdf/pades.h"

enum { SHELF_BYTES_MAX = 1024 * 1024 };

struct seal_shelf {
	struct arena *own; /* the key on it and the texts it was read from */
	struct str private_pem, certificates_pem;
	struct seal_key *key; /* NULL: empty */
};

static void shelf_release(void *resource)
{
	struct seal_shelf *shelf = resource;
	arena_free(shelf->own);
}

struct seal_shelf *seal_shelf_new(struct arena *a)
{
	struct seal_shelf *shelf = ARENA_NEW(a, struct seal_shelf);
	shelf->own = arena_new(SHELF_BYTES_MAX);
	arena_defer(a, shelf_release, shelf);
	return shelf;
}

static bool lies_there(const struct seal_shelf *shelf, struct str private_pem, struct str certificates_pem)
{
	return shelf->key && str_eq(shelf->private_pem, private_pem) &&
		str_eq(shelf->certificates_pem, certificates_pem);
}

struct err *seal_shelf_load(struct seal_shelf *shelf, struct arena *a, struct str private_pem,
	struct str certificates_pem, const struct seal_key **ret)
{
	if (!lies_there(shelf, private_pem, certificates_pem)) {
		shelf->key = NULL;
		arena_reset(shelf->own);
		struct seal_key *key;
		struct err *e = seal_key_load(shelf->own, private_pem, certificates_pem, &key);
		if (e) return err_copy(a, e);
		shelf->private_pem = arena_str(shelf->own, private_pem);
		shelf->certificates_pem = arena_str(shelf->own, certificates_pem);
		shelf->key = key;
	}
	*ret = shelf->key;
	return NULL;
}
