/*
 * The store's folder and streaming in: FOLDER/tmp holds what is being written, FOLDER/xx/NAME what is finished
 * (xx: the name's first two characters). Reading is in files_read.c, collecting orphans in files_collect.c,
 * the format in files_crypt.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data/files_store.h"

struct file_writer {
	struct files *files;
	struct arena *arena;
	struct str name;
	int fd; /* -1 when finished or abandoned */
	int64_t max_bytes, bytes;
	uint64_t number; /* of the chunk being filled */
	char key[FILE_KEY_BYTES];
	char *chunk, *sealed;
	size_t filled;
	EVP_CIPHER_CTX *cipher;
	EVP_MD_CTX *hash;
};

/* --- the folder ----------------------------------------------------------------------------------------- */

static void files_close(void *resource)
{
	struct files *f = resource;
	close(f->fd);
}

struct err *files_open(struct arena *a, struct str folder, struct files **ret)
{
	struct files *f = ARENA_NEW(a, struct files);
	struct stat st;
	f->fd = open(arena_cz(a, folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (f->fd < 0) return ERR(a, ERR_UNAVAILABLE, NULL, "the file store's folder: %s", strerror(errno));
	arena_defer(a, files_close, f);
	if (fstat(f->fd, &st) != 0 || (st.st_mode & 077) != 0 || st.st_uid != geteuid())
		return ERR(a, ERR_UNAVAILABLE, NULL,
			"the file store's folder must belong to this user alone (mode 0700)");
	if (mkdirat(f->fd, "tmp", 0700) != 0 && errno != EEXIST)
		return ERR(a, ERR_UNAVAILABLE, NULL, "the file store's folder: %s", strerror(errno));
	*ret = f;
	return NULL;
}

bool file_name_is_valid(struct str name)
{
	if (name.n != FILE_NAME_CHARS) return false;
	for (size_t i = 0; i < name.n; i++) {
		if (!strchr(FILE_NAME_ALPHABET, name.p[i])) return false;
	}
	return true;
}

void file_path(struct str name, char path[static FILE_PATH_BYTES])
{
	must(file_name_is_valid(name));
	snprintf(path, FILE_PATH_BYTES, "%.2s/%.*s", name.p, FILE_NAME_CHARS, name.p);
}

static void temporary_path(struct str name, char path[static FILE_PATH_BYTES])
{
	snprintf(path, FILE_PATH_BYTES, "tmp/%.*s", FILE_NAME_CHARS, name.p);
}

/* 260 random bits, five a character. */
static struct str name_random(struct arena *a)
{
	unsigned char bits[FILE_NAME_CHARS];
	char *name = arena_alloc(a, FILE_NAME_CHARS + 1);
	must(RAND_bytes(bits, sizeof bits) == 1);
	for (size_t i = 0; i < FILE_NAME_CHARS; i++)
		name[i] = FILE_NAME_ALPHABET[bits[i] & 31];
	return (struct str){ name, FILE_NAME_CHARS };
}

static struct err *io_error(struct arena *a, const char *what)
{
	return ERR(a, ERR_UNAVAILABLE, NULL, "file store: %s: %s", what, strerror(errno));
}

/* --- streaming in --------------------------------------------------------------------------------------- */

static void writer_end(struct file_writer *w)
{
	if (w->fd < 0) return;
	close(w->fd);
	w->fd = -1;
	EVP_CIPHER_CTX_free(w->cipher);
	EVP_MD_CTX_free(w->hash);
	OPENSSL_cleanse(w->chunk, CHUNK_BYTES);
	OPENSSL_cleanse(w->key, sizeof w->key);
}

void file_abandon(struct file_writer *w)
{
	char path[FILE_PATH_BYTES];
	if (!w || w->fd < 0) return;
	writer_end(w);
	temporary_path(w->name, path);
	unlinkat(w->files->fd, path, 0);
}

static void abandon(void *resource) { file_abandon(resource); }

struct err *file_create(struct files *f, struct arena *a, int64_t max_bytes, struct file_writer **ret)
{
	char path[FILE_PATH_BYTES];
	struct file_writer *w = ARENA_NEW(a, struct file_writer);
	*w = (struct file_writer){ .files = f, .arena = a, .max_bytes = max_bytes, .name = name_random(a) };
	w->chunk = arena_alloc(a, CHUNK_BYTES);
	w->sealed = arena_alloc(a, CHUNK_BYTES + TAG_BYTES);
	temporary_path(w->name, path);
	w->fd = openat(f->fd, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (w->fd < 0) return io_error(a, "create");
	w->cipher = EVP_CIPHER_CTX_new();
	w->hash = EVP_MD_CTX_new();
	arena_defer(a, abandon, w);
	must(w->cipher && w->hash && EVP_DigestInit_ex(w->hash, EVP_sha256(), NULL) == 1);
	must(RAND_priv_bytes((unsigned char *)w->key, sizeof w->key) == 1);
	*ret = w;
	return NULL;
}

static struct err *bytes_write(struct file_writer *w, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t got = write(w->fd, p, n);
		if (got < 0 && errno == EINTR) continue;
		if (got <= 0) return io_error(w->arena, "write");
		p += got;
		n -= (size_t)got;
	}
	return NULL;
}

static struct err *chunk_write(struct file_writer *w, bool last)
{
	struct str plain = { w->chunk, w->filled };
	if (!chunk_seal(w->cipher, w->key, w->number, last ? w->bytes : -1, plain, w->sealed))
		return ERR(w->arena, ERR_INTERNAL, NULL, "file store: cannot encrypt");
	TRY(bytes_write(w, w->sealed, w->filled + TAG_BYTES));
	w->number++;
	w->filled = 0;
	return NULL;
}

/* A full chunk is written when the next byte comes: only then it is known not to be the last. */
struct err *file_write(struct file_writer *w, struct str bytes)
{
	must(w->fd >= 0);
	if ((int64_t)bytes.n > w->max_bytes - w->bytes)
		return ERR(w->arena, ERR_TOO_LARGE, NULL, "file store: more than %lld bytes",
			(long long)w->max_bytes);
	if (bytes.n && EVP_DigestUpdate(w->hash, bytes.p, bytes.n) != 1)
		return ERR(w->arena, ERR_INTERNAL, NULL, "file store: cannot hash");
	while (bytes.n > 0) {
		if (w->filled == CHUNK_BYTES) TRY(chunk_write(w, false));
		size_t n = CHUNK_BYTES - w->filled < bytes.n ? CHUNK_BYTES - w->filled : bytes.n;
		memcpy(w->chunk + w->filled, bytes.p, n);
		w->filled += n;
		w->bytes += (int64_t)n;
		bytes = str_slice(bytes, n, bytes.n);
	}
	return NULL;
}

static struct err *folder_sync(struct files *f, struct arena *a, const char *name)
{
	int fd = openat(f->fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) return io_error(a, "open folder");
	int rc = fsync(fd);
	close(fd);
	return rc == 0 ? NULL : io_error(a, "sync folder");
}

/* The bytes, then the name in its folder, then (when new) the folder's name. */
static struct err *durable_rename(struct file_writer *w)
{
	char from[FILE_PATH_BYTES], to[FILE_PATH_BYTES], folder[3] = { w->name.p[0], w->name.p[1], '\0' };
	temporary_path(w->name, from);
	file_path(w->name, to);
	if (fsync(w->fd) != 0) return io_error(w->arena, "sync");
	bool made = mkdirat(w->files->fd, folder, 0700) == 0;
	if (!made && errno != EEXIST) return io_error(w->arena, "make folder");
	if (renameat(w->files->fd, from, w->files->fd, to) != 0) return io_error(w->arena, "rename");
	TRY(folder_sync(w->files, w->arena, folder));
	return made ? folder_sync(w->files, w->arena, ".") : NULL;
}

struct err *file_finish(struct file_writer *w, struct file_facts *ret)
{
	must(w->fd >= 0);
	TRY(chunk_write(w, true));
	unsigned char digest[32];
	if (EVP_DigestFinal_ex(w->hash, digest, NULL) != 1)
		return ERR(w->arena, ERR_INTERNAL, NULL, "file store: cannot hash");
	TRY(durable_rename(w));
	*ret = (struct file_facts){ .name = w->name,
		.bytes = w->bytes,
		.sha256 = arena_str(w->arena, (struct str){ (const char *)digest, sizeof digest }),
		.key = arena_str(w->arena, (struct str){ w->key, sizeof w->key }) };
	writer_end(w);
	return NULL;
}

struct err *file_store(struct files *f, struct arena *a, struct str bytes, struct file_facts *ret)
{
	struct file_writer *w;
	TRY(file_create(f, a, (int64_t)bytes.n, &w));
	struct err *e = file_write(w, bytes);
	if (!e) e = file_finish(w, ret);
	if (e) file_abandon(w);
	return e;
}
