/* Reading stored files: any range, each chunk authenticated before a byte of it is given out. */
#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data/files_store.h"

struct file_reader {
	int fd;
	int64_t bytes;
	uint64_t chunks, held; /* `held`: number of the chunk in `plain`, or `chunks` */
	char key[FILE_KEY_BYTES];
	char *plain, *sealed;
	EVP_CIPHER_CTX *cipher;
};

static void reader_close(void *resource)
{
	struct file_reader *r = resource;
	close(r->fd);
	EVP_CIPHER_CTX_free(r->cipher);
	OPENSSL_cleanse(r->key, sizeof r->key);
	OPENSSL_cleanse(r->plain, CHUNK_BYTES);
}

static struct err *damaged(struct arena *a)
{
	return ERR(a, ERR_INTERNAL, NULL, "file store: a file is damaged, or this is not its key");
}

struct err *file_open(struct files *f, struct arena *a, struct str name, struct str key, int64_t bytes,
	struct file_reader **ret)
{
	char path[FILE_PATH_BYTES];
	struct stat st;
	if (!file_name_is_valid(name) || key.n != FILE_KEY_BYTES || bytes < 0)
		return ERR(a, ERR_INTERNAL, NULL, "file store: no such name, key or length can be");
	file_path(name, path);
	struct file_reader *r = ARENA_NEW(a, struct file_reader);
	r->fd = openat(f->fd, path, O_RDONLY | O_CLOEXEC);
	if (r->fd < 0 && errno == ENOENT) return ERR(a, ERR_GONE, NULL, "file store: the file is not there");
	if (r->fd < 0) return ERR(a, ERR_UNAVAILABLE, NULL, "file store: open: %s", strerror(errno));
	r->bytes = bytes;
	r->chunks = r->held = chunk_count(bytes);
	r->plain = arena_alloc(a, CHUNK_BYTES);
	r->sealed = arena_alloc(a, CHUNK_BYTES + TAG_BYTES);
	r->cipher = EVP_CIPHER_CTX_new();
	must(r->cipher);
	memcpy(r->key, key.p, FILE_KEY_BYTES);
	arena_defer(a, reader_close, r);
	if (fstat(r->fd, &st) != 0 || st.st_size != bytes + (int64_t)(r->chunks * TAG_BYTES)) return damaged(a);
	*ret = r;
	return NULL;
}

static size_t chunk_length(const struct file_reader *r, uint64_t number)
{
	if (number + 1 < r->chunks) return CHUNK_BYTES;
	return (size_t)(r->bytes - (int64_t)(number * CHUNK_BYTES));
}

static struct err *chunk_read(struct file_reader *r, struct arena *a, uint64_t number)
{
	if (r->held == number) return NULL;
	size_t want = chunk_length(r, number) + TAG_BYTES, got = 0;
	r->held = r->chunks;
	while (got < want) {
		off_t at = (off_t)(number * (CHUNK_BYTES + TAG_BYTES) + got);
		ssize_t n = pread(r->fd, r->sealed + got, want - got, at);
		if (n < 0 && errno == EINTR) continue;
		if (n < 0) return ERR(a, ERR_UNAVAILABLE, NULL, "file store: read: %s", strerror(errno));
		if (n == 0) return damaged(a);
		got += (size_t)n;
	}
	int64_t total = number + 1 == r->chunks ? r->bytes : -1;
	if (!chunk_open(r->cipher, r->key, number, total, (struct str){ r->sealed, want }, r->plain))
		return damaged(a);
	r->held = number;
	return NULL;
}

struct err *file_read(struct file_reader *r, struct arena *a, int64_t offset, size_t max, struct str *ret)
{
	if (offset < 0) offset = 0;
	size_t n = offset >= r->bytes ? 0 : (size_t)(r->bytes - offset);
	if (n > max) n = max;
	char *out = arena_alloc(a, n + 1);
	if (r->bytes == 0) TRY(chunk_read(r, a, 0));
	for (size_t done = 0; done < n;) {
		uint64_t at = (uint64_t)offset + done, number = at / CHUNK_BYTES;
		size_t from = at % CHUNK_BYTES;
		TRY(chunk_read(r, a, number));
		size_t part = chunk_length(r, number) - from;
		if (part > n - done) part = n - done;
		memcpy(out + done, r->plain + from, part);
		done += part;
	}
	*ret = (struct str){ out, n };
	return NULL;
}

struct err *file_load(struct files *f, struct arena *a, struct str name, struct str key, int64_t bytes,
	size_t max, struct str *ret)
{
	struct file_reader *r;
	if (bytes > (int64_t)max)
		return ERR(a, ERR_TOO_LARGE, NULL, "file store: more than %zu bytes at once", max);
	TRY(file_open(f, a, name, key, bytes, &r));
	return file_read(r, a, 0, max, ret);
}
