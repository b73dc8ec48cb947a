/*
 * A key's file: JSON, one object of texts, 0600 in a folder of 0700. Bytes are base64.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "core/keyring/keyring_internal.h"
#include "core/token/token.h"

#define CREDENTIAL_PREFIX STR("ventanilla-")
#define SUFFIX STR(".key")
#define LOCK_FILE ".lock"

enum { MARK_MAX_BYTES = 2 * KEYRING_MAX * 512, LOCK_WAIT_MS = 10 * 1000, LOCK_PAUSE_MS = 20 };

static struct err *io_error(struct arena *a, const char *what, struct str name)
{
	return ERR(a, ERR_UNAVAILABLE, NULL, "%s %.*s: %s", what, STR_FMT(name), strerror(errno));
}

/* Ours: nobody else may so much as list it. systemd's: root's, and readable by our group at most. */
static struct err *check_access(struct arena *a, const struct stat *st, enum key_place place, struct str name)
{
	bool owner = st->st_uid == geteuid() || (place == KEY_IN_CREDENTIAL && st->st_uid == 0);
	mode_t refused = place == KEY_IN_CREDENTIAL ? 0027 : 0077;
	if (owner && !(st->st_mode & refused)) return NULL;
	return ERR(a, ERR_INVALID, NULL, "%.*s: mode %04o of user %u; keys must be closed to others",
		STR_FMT(name), (unsigned)(st->st_mode & 07777), (unsigned)st->st_uid);
}

static struct err *open_folder(struct arena *a, struct str folder, enum key_place place, int *ret_fd)
{
	struct stat st;
	int fd = open(arena_cz(a, folder), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0) {
		struct err *e = io_error(a, "cannot open the key folder", folder);
		if (fd >= 0) close(fd);
		return e;
	}
	struct err *e = check_access(a, &st, place, folder);
	if (e)
		close(fd);
	else
		*ret_fd = fd;
	return e;
}

/* --- reading ---------------------------------------------------------------------------------------- */

static struct err *read_open(struct arena *a, int fd, enum key_place place, struct str name, struct str *ret)
{
	struct stat st;
	if (fstat(fd, &st) < 0) return io_error(a, "cannot look at", name);
	if (!S_ISREG(st.st_mode) || st.st_size > KEY_FILE_MAX_BYTES)
		return ERR(a, ERR_INVALID, NULL, "%.*s is no key file", STR_FMT(name));
	TRY(check_access(a, &st, place, name));
	size_t n = 0, size = (size_t)st.st_size;
	char *p = arena_alloc(a, size + 1);
	ssize_t got;
	while (n < size && (got = read(fd, p + n, size - n)) != 0) {
		if (got < 0 && errno != EINTR) return io_error(a, "cannot read", name);
		if (got > 0) n += (size_t)got;
	}
	*ret = (struct str){ p, n };
	return NULL;
}

static struct err *read_file(struct arena *a, int folder, enum key_place place, struct str name,
	struct str *ret)
{
	int fd = openat(folder, arena_cz(a, name), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) return io_error(a, "cannot open", name);
	struct err *e = read_open(a, fd, place, name, ret);
	close(fd);
	return e;
}

static bool read_instant(const struct json *map, struct str name, struct instant *ret)
{
	struct str text = json_text(map, name);
	*ret = INSTANT_NONE;
	return str_is_empty(text) || instant_parse(text, ret);
}

static bool is_id(struct arena *a, struct str id)
{
	struct str bytes;
	return id.n == 16 && hex_decode(a, id, &bytes);
}

static bool parse_key(struct arena *a, const struct json *map, struct key *k)
{
	struct str public_key = json_text(map, STR("public"));
	k->id = json_text(map, STR("id"));
	k->label = json_text(map, STR("label"));
	if (!str_eq(json_text(map, STR("format")), STR(KEY_FORMAT)) || !is_id(a, k->id) || str_is_none(k->label))
		return false;
	if (!key_purpose_find(json_text(map, STR("purpose")), &k->purpose)) return false;
	if (!key_state_find(json_text(map, STR("state")), &k->state)) return false;
	k->kind = key_kind_of(k->purpose);
	if (!read_instant(map, STR("created"), &k->created) || instant_is_none(k->created)) return false;
	if (!read_instant(map, STR("from"), &k->from) || !read_instant(map, STR("until"), &k->until))
		return false;
	if (!base64_decode(a, json_text(map, STR("secret")), &k->secret)) return false;
	if (!str_is_empty(public_key) && !base64_decode(a, public_key, &k->public_key)) return false;
	k->uri = json_text(map, STR("uri"));
	if (!str_is_empty(k->uri)) {
		bool is_ours = k->place == KEY_IN_FILE && k->kind == KEY_CERTIFIED && k->secret.n == 0;
		k->place = KEY_IN_TOKEN;
		return is_ours && k->public_key.n > 0 && !token_uri_check(a, k->uri);
	}
	if (k->kind == KEY_CERTIFIED) return k->secret.n > 0 && k->public_key.n > 0;
	if (k->secret.n != AES_KEY) return false;
	if (k->kind == KEY_SECRET) return str_is_none(k->public_key);
	return str_eq(k->public_key, ed25519_public(a, k->secret));
}

static struct err *load_file(struct keyring *k, struct arena *a, int folder, enum key_place place,
	struct str name)
{
	struct str text = STR_NONE;
	struct json *map;
	struct key key = { .place = place }, *added;
	TRY(read_file(a, folder, place, name, &text));
	struct err *e = json_parse(a, text, &map);
	if (e) return ERR(a, ERR_INVALID, NULL, "%.*s is damaged: %s", STR_FMT(name), e->detail);
	if (!parse_key(a, map, &key)) return ERR(a, ERR_INVALID, NULL, "%.*s is no key of ours", STR_FMT(name));
	return keyring_add(k, a, &key, &added);
}

static bool is_key_file(struct str name, enum key_place place)
{
	if (!str_ends_with(name, SUFFIX)) return false;
	return place == KEY_IN_FILE || str_starts_with(name, CREDENTIAL_PREFIX);
}

struct err *keyring_load(struct keyring *k, struct arena *a, struct str folder, enum key_place place)
{
	int fd;
	TRY(open_folder(a, folder, place, &fd));
	DIR *dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return io_error(a, "cannot list", folder);
	}
	struct err *e = NULL;
	for (const struct dirent *d; !e && (d = readdir(dir));)
		if (is_key_file(str_of(d->d_name), place)) e = load_file(k, a, fd, place, arena_cstr(a, d->d_name));
	closedir(dir);
	return e;
}

/* --- locking, and seeing that something changed ------------------------------------------------------- */

struct err *keyring_lock(struct arena *a, struct str folder, bool is_exclusive, int *ret_fd)
{
	struct str name = arena_printf(a, "%.*s/%s", STR_FMT(folder), LOCK_FILE);
	int flags = is_exclusive ? O_RDWR | O_CREAT : O_RDONLY;
	int fd = open(name.p, flags | O_NOFOLLOW | O_CLOEXEC, 0600);
	*ret_fd = fd;
	if (fd < 0 && errno == ENOENT && !is_exclusive) return NULL;
	if (fd < 0) return io_error(a, "cannot open", name);
	const struct timespec pause = { .tv_nsec = LOCK_PAUSE_MS * 1000 * 1000 };
	int failed, tries = 0;
	while ((failed = flock(fd, (is_exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB)) < 0 &&
		(errno == EWOULDBLOCK || errno == EINTR) && ++tries < LOCK_WAIT_MS / LOCK_PAUSE_MS)
		nanosleep(&pause, NULL);
	if (!failed) return NULL;
	struct err *e = errno == EWOULDBLOCK
		? ERR(a, ERR_UNAVAILABLE, NULL, "somebody else is changing the keys in %.*s", STR_FMT(folder))
		: io_error(a, "cannot lock", name);
	close(fd);
	return e;
}

static void add_mark(struct buf *out, struct str name, const struct stat *st)
{
	buf_printf(out, "%.*s/%llu/%lld/%lld.%09ld\n", STR_FMT(name), (unsigned long long)st->st_ino,
		(long long)st->st_size, (long long)st->st_ctim.tv_sec, st->st_ctim.tv_nsec);
}

static int by_name(const void *x, const void *y)
{
	return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

static struct err *mark_folder(struct arena *a, struct str folder, enum key_place place, struct buf *out)
{
	struct str names[KEYRING_MAX];
	size_t count = 0;
	DIR *dir = opendir(arena_cz(a, folder));
	if (!dir) return io_error(a, "cannot list", folder);
	for (const struct dirent *d; count < KEYRING_MAX && (d = readdir(dir));)
		if (is_key_file(str_of(d->d_name), place)) names[count++] = arena_cstr(a, d->d_name);
	qsort(names, count, sizeof names[0], by_name);
	for (size_t i = 0; i < count; i++) {
		struct stat st;
		if (fstatat(dirfd(dir), names[i].p, &st, AT_SYMLINK_NOFOLLOW) == 0) add_mark(out, names[i], &st);
	}
	closedir(dir);
	return NULL;
}

struct err *keyring_mark(struct arena *a, struct str folder, struct str credentials, struct sha256 *ret)
{
	struct buf out = buf_new(a, MARK_MAX_BYTES);
	TRY(mark_folder(a, folder, KEY_IN_FILE, &out));
	if (!str_is_empty(credentials)) TRY(mark_folder(a, credentials, KEY_IN_CREDENTIAL, &out));
	*ret = sha256_of(buf_str(&out));
	return NULL;
}

/* --- writing ---------------------------------------------------------------------------------------- */

static struct str key_text(struct arena *a, const struct key *k)
{
	struct buf out = buf_new(a, KEY_FILE_MAX_BYTES);
	struct json_writer w = json_writer(&out);
	json_open(&w, '{');
	json_field(&w, STR("format"), STR(KEY_FORMAT));
	json_field(&w, STR("purpose"), str_of(key_purpose_name(k->purpose)));
	json_field(&w, STR("id"), k->id);
	json_field(&w, STR("label"), k->label);
	json_field(&w, STR("state"), str_of(key_state_name(k->state)));
	json_field(&w, STR("created"), instant_iso(a, k->created));
	json_field(&w, STR("from"), instant_is_none(k->from) ? STR("") : instant_iso(a, k->from));
	json_field(&w, STR("until"), instant_is_none(k->until) ? STR("") : instant_iso(a, k->until));
	json_field(&w, STR("public"), base64_encode(a, str_is_none(k->public_key) ? STR("") : k->public_key));
	json_field(&w, STR("secret"), base64_encode(a, k->secret));
	if (k->place == KEY_IN_TOKEN) json_field(&w, STR("uri"), k->uri);
	json_close(&w, '}');
	buf_add_char(&out, '\n');
	must(!buf_overflowed(&out));
	return buf_str(&out);
}

static struct err *write_all(struct arena *a, int fd, struct str text, struct str name)
{
	while (text.n > 0) {
		ssize_t n = write(fd, text.p, text.n);
		if (n < 0 && errno != EINTR) return io_error(a, "cannot write", name);
		if (n > 0) text = str_slice(text, (size_t)n, text.n);
	}
	return fsync(fd) == 0 ? NULL : io_error(a, "cannot make durable", name);
}

static struct err *replace_file(struct arena *a, int folder, struct str name, struct str text)
{
	const char *temporary = arena_printf(a, ".%.*s.tmp", STR_FMT(name)).p;
	int fd = openat(folder, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0) return io_error(a, "cannot create", name);
	struct err *e = write_all(a, fd, text, name);
	if (close(fd) < 0 && !e) e = io_error(a, "cannot close", name);
	if (!e && renameat(folder, temporary, folder, arena_cz(a, name)) < 0)
		e = io_error(a, "cannot rename", name);
	if (e)
		unlinkat(folder, temporary, 0);
	else if (fsync(folder) < 0)
		e = io_error(a, "cannot make durable", name);
	return e;
}

struct err *keyring_store(struct keyring *k, struct arena *a, const struct key *key)
{
	int folder;
	must(key->place != KEY_IN_CREDENTIAL);
	struct str name = arena_printf(a, "%s-%.*s.key", key_purpose_name(key->purpose), STR_FMT(key->id));
	TRY(open_folder(a, k->folder, KEY_IN_FILE, &folder));
	struct err *e = replace_file(a, folder, name, key_text(a, key));
	close(folder);
	return e;
}
