/*
 * A key's file: JSON, one object of texts, 0600 in a folder of 0700. Bytes are base64.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "core/keyring/keyring_internal.h"

#define CREDENTIAL_PREFIX STR("ventanilla-")
#define SUFFIX STR(".key")

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
	char *p = arena_alloc(a, KEY_FILE_MAX_BYTES + 1);
	size_t n = 0;
	ssize_t got;
	while (n < KEY_FILE_MAX_BYTES && (got = read(fd, p + n, KEY_FILE_MAX_BYTES - n)) != 0) {
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
	if (k->kind == KEY_CERTIFIED) return k->secret.n > 0 && k->public_key.n > 0;
	if (k->secret.n != AES_KEY) return false;
	if (k->kind == KEY_SECRET) return str_is_none(k->public_key);
	return str_eq(k->public_key, ed25519_public(a, k->secret));
}

static struct err *load_file(struct keyring *k, struct arena *a, int folder, enum key_place place,
	struct str name)
{
	struct str text;
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
	must(key->place == KEY_IN_FILE);
	struct str name = arena_printf(a, "%s-%.*s.key", key_purpose_name(key->purpose), STR_FMT(key->id));
	TRY(open_folder(a, k->folder, KEY_IN_FILE, &folder));
	struct err *e = replace_file(a, folder, name, key_text(a, key));
	close(folder);
	return e;
}
