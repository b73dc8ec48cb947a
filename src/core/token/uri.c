#include <errno.h>
#include <fcntl.h>
#include <p11-kit/p11-kit.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/token/token_internal.h"

enum { URI_MAX = 2048 };

static void free_uri(void *resource) { p11_kit_uri_free(resource); }

static struct str attribute_of(struct arena *a, P11KitUri *uri, CK_ATTRIBUTE_TYPE type)
{
	const CK_ATTRIBUTE *found = p11_kit_uri_get_attribute(uri, type);
	if (!found) return STR_NONE;
	return arena_str(a, (struct str){ found->pValue ? found->pValue : "", found->ulValueLen });
}

static bool names_token(P11KitUri *uri)
{
	const CK_TOKEN_INFO *t = p11_kit_uri_get_token_info(uri);
	return t->label[0] || t->serialNumber[0] || t->manufacturerID[0] || t->model[0];
}

static bool is_path(struct str s) { return str_starts_with(s, STR("/")); }

/* A path, or the name of a file in systemd's folder and nowhere else. */
static bool pin_source_is_sound(struct str s)
{
	if (str_starts_with(s, STR("file:"))) return is_path(str_slice(s, 5, s.n));
	return is_path(s) || (s.n > 0 && s.p[0] != '.' && s.p[0] != '|' && str_find_char(s, '/') < 0);
}

struct err *token_name_read(struct arena *a, struct str uri, struct token_name *ret)
{
	P11KitUri *parsed = p11_kit_uri_new();
	must(parsed);
	arena_defer(a, free_uri, parsed);
	struct token_name n = { .uri = uri, .parsed = parsed };
	int failure = uri.n > URI_MAX
		? P11_KIT_URI_BAD_SYNTAX
		: p11_kit_uri_parse(arena_cz(a, uri), P11_KIT_URI_FOR_OBJECT_ON_TOKEN, parsed);
	if (failure)
		return ERR(a, ERR_INVALID, NULL, "this is no PKCS#11 URI (RFC 7512): %s",
			p11_kit_uri_message(failure));
	if (p11_kit_uri_any_unrecognized(parsed))
		return ERR(a, ERR_INVALID, NULL, "the PKCS#11 URI has a part that RFC 7512 does not know");
	if (p11_kit_uri_get_pin_value(parsed))
		return ERR(a, ERR_INVALID, NULL,
			"a PIN has no place in a PKCS#11 URI: name its file with pin-source");
	n.module_path = arena_cstr(a, p11_kit_uri_get_module_path(parsed));
	n.pin_source = arena_cstr(a, p11_kit_uri_get_pin_source(parsed));
	n.object = attribute_of(a, parsed, CKA_LABEL);
	n.id = attribute_of(a, parsed, CKA_ID);
	if (!is_path(n.module_path))
		return ERR(a, ERR_INVALID, NULL, "the PKCS#11 URI needs module-path, the whole path of the library");
	if (!pin_source_is_sound(n.pin_source))
		return ERR(a, ERR_INVALID, NULL,
			"the PKCS#11 URI needs pin-source: a whole path, or the name of a systemd credential");
	if (str_is_empty(n.object) && str_is_empty(n.id))
		return ERR(a, ERR_INVALID, NULL, "the PKCS#11 URI needs object or id: which key it is");
	if (!names_token(parsed))
		return ERR(a, ERR_INVALID, NULL, "the PKCS#11 URI needs token or serial: in which token");
	*ret = n;
	return NULL;
}

struct err *token_uri_check(struct arena *a, struct str uri)
{
	struct token_name name;
	return token_name_read(a, uri, &name);
}

/* --- the PIN ------------------------------------------------------------------------------------------------ */

static struct err *pin_path(struct arena *a, struct str source, bool *ret_is_credential, struct str *ret)
{
	if (str_starts_with(source, STR("file:"))) source = str_slice(source, 5, source.n);
	*ret_is_credential = !is_path(source);
	if (!*ret_is_credential) {
		*ret = source;
		return NULL;
	}
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	if (!folder)
		return ERR(a, ERR_UNAVAILABLE, NULL, "there are no systemd credentials here, and so no PIN '%.*s'",
			STR_FMT(source));
	*ret = arena_printf(a, "%s/%.*s", folder, STR_FMT(source));
	return NULL;
}

struct err *token_pin_read(struct arena *a, struct str pin_source, struct str *ret)
{
	struct str path;
	struct stat st;
	bool is_credential;
	TRY(pin_path(a, pin_source, &is_credential, &path));
	int fd = open(arena_cz(a, path), O_RDONLY | O_CLOEXEC);
	if (fd < 0) return ERR(a, ERR_UNAVAILABLE, NULL, "the PIN in %.*s: %s", STR_FMT(path), strerror(errno));
	char *bytes = arena_alloc(a, TOKEN_PIN_MAX + 2);
	bool is_closed = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
		!(st.st_mode & (is_credential ? 0027 : 0077));
	ssize_t n = is_closed ? read(fd, bytes, TOKEN_PIN_MAX + 1) : -1;
	close(fd);
	if (!is_closed)
		return ERR(a, ERR_UNAVAILABLE, NULL, "the PIN in %.*s must be a file that is closed to others",
			STR_FMT(path));
	struct str pin = str_trim((struct str){ bytes, n > 0 ? (size_t)n : 0 });
	if (pin.n == 0 || pin.n > TOKEN_PIN_MAX)
		return ERR(a, ERR_UNAVAILABLE, NULL, "there is no PIN of 1 to %d bytes in %.*s", TOKEN_PIN_MAX,
			STR_FMT(path));
	*ret = pin;
	return NULL;
}
