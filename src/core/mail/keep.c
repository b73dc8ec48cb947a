/* Mails of a simulated municipality lie in a folder; and what is said of addresses. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/utf8.h"
#include "core/mail/mail.h"

enum { FILE_MODE = 0600, FOLDER_MODE = 0700 };

static struct mail_answer failed(struct arena *a, const char *what)
{
	return (struct mail_answer){ MAIL_LATER, 0, arena_printf(a, "%s: %s", what, strerror(errno)) };
}

static bool make_folders(struct arena *a, struct str folder)
{
	for (size_t i = 1; i <= folder.n; i++) {
		if (i < folder.n && folder.p[i] != '/') continue;
		const char *part = arena_cz(a, str_slice(folder, 0, i));
		if (mkdir(part, FOLDER_MODE) != 0 && errno != EEXIST) return false;
	}
	return true;
}

static bool write_whole(int fd, struct str bytes)
{
	while (bytes.n > 0) {
		ssize_t n = write(fd, bytes.p, bytes.n);
		if (n < 0 && errno == EINTR) continue;
		if (n <= 0) return false;
		bytes = str_slice(bytes, (size_t)n, bytes.n);
	}
	return fsync(fd) == 0;
}

struct mail_answer mail_keep(struct arena *a, struct str folder, struct str name, struct str message)
{
	struct str path = arena_printf(a, "%.*s/%.*s", STR_FMT(folder), STR_FMT(name));
	struct str temporary = arena_printf(a, "%s.new", path.p);
	if (!make_folders(a, folder)) return failed(a, "the mails' folder");
	int fd = open(temporary.p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, FILE_MODE);
	if (fd < 0) return failed(a, "the mail's file");
	bool is_written = write_whole(fd, message);
	if (close(fd) != 0 || !is_written || rename(temporary.p, path.p) != 0)
		return failed(a, "writing the mail");
	return (struct mail_answer){ MAIL_ACCEPTED, 0, STR("") };
}

struct str mail_domain(struct str address)
{
	ptrdiff_t at = str_find_char(address, '@');
	return at < 0 ? STR("") : str_slice(address, (size_t)at + 1, address.n);
}

struct str mail_masked(struct arena *a, struct str address)
{
	return arena_printf(a, "%.*s•••@%.*s", STR_FMT(utf8_cut(address, 1)), STR_FMT(mail_domain(address)));
}

static bool is_port(struct str s)
{
	int64_t port;
	return str_is_none(s) || str_to_int64(s, 1, 65535, &port);
}

static bool is_host(struct str s, bool is_v6)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool is_hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == ':';
		bool is_name = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
		if (is_v6 ? !is_hex : !is_name && c != '.') return false;
	}
	return s.n > 0 && s.n <= 253;
}

struct str mail_server_host(struct str server)
{
	ptrdiff_t at = str_find(server, STR("://"));
	struct str scheme = at < 0 ? STR_NONE : str_slice(server, 0, (size_t)at);
	if (!str_eq(scheme, STR("smtp")) && !str_eq(scheme, STR("smtps"))) return STR_NONE;
	struct str rest = str_slice(server, (size_t)at + 3, server.n);
	bool is_v6 = str_starts_with(rest, STR("["));
	if (is_v6) rest = str_slice(rest, 1, rest.n);
	struct str host = str_cut(&rest, is_v6 ? ']' : ':');
	if (is_v6 && str_starts_with(rest, STR(":"))) /* "[::1]" leaves "", an open bracket leaves none */
		rest = str_slice(rest, 1, rest.n);
	else if (is_v6)
		rest = rest.p && rest.n == 0 ? STR_NONE : STR("no port");
	return is_host(host, is_v6) && is_port(rest) ? host : STR_NONE;
}
