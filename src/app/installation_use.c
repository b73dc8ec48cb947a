/* What is done with an installation once it was read: safety, finding a town, opening what it needs. */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/installation.h"
#include "web/network.h"

/* --- what is not served --------------------------------------------------------------------------------- */

bool installation_is_loopback(struct str text)
{
	struct address address;
	if (str_eq_ci(text, STR("localhost"))) return true;
	if (!address_parse(text, &address)) return false;
	static const unsigned char v6[16] = { [15] = 1 };
	return (address_is_ipv4(&address) && address.bytes[12] == 127) || memcmp(address.bytes, v6, 16) == 0;
}

/* ERR_USAGE when others than the owner and root can read it. */
static struct err *check_private(struct arena *a, struct str path, const char *what)
{
	struct stat st;
	if (stat(arena_cz(a, path), &st) != 0)
		return ERR(a, ERR_USAGE, NULL, "%s %.*s: %s", what, STR_FMT(path), strerror(errno));
	if (st.st_mode & 0007)
		return ERR(a, ERR_USAGE, NULL,
			"every user of this machine may open %s %.*s; 'chmod o= %.*s' mends it", what, STR_FMT(path),
			STR_FMT(path));
	return NULL;
}

/* Names, addresses and what a case is about go over that line. */
static struct err *check_mail(struct arena *a, const struct installation_town *town)
{
	const struct mail_settings *mail = &town->mail;
	if (!town->has_mail || str_is_empty(mail->server)) return NULL;
	struct str host = mail_server_host(mail->server);
	if (!mail->needs_tls && !str_starts_with(mail->server, STR("smtps:")) && !installation_is_loopback(host))
		return ERR(a, ERR_USAGE, NULL,
			"mail to %.*s without TLS would show people's names and cases to the network: take 'tls: none' out",
			STR_FMT(host));
	if (!str_is_empty(mail->password_file))
		TRY(check_private(a, mail->password_file, "the mail's password in"));
	if (!str_is_empty(mail->authority) && access(arena_cz(a, mail->authority), R_OK) != 0)
		return ERR(a, ERR_USAGE, NULL, "the mail's authority %.*s: %s", STR_FMT(mail->authority),
			strerror(errno));
	return NULL;
}

/* Who vouches for time stamps must be there: no paper would leave otherwise. */
static struct err *check_timestamp(struct arena *a, const struct installation_town *town)
{
	struct timestamp_trust trust;
	const struct timestamp_settings *s = &town->timestamp;
	if (!town->has_timestamp || str_is_empty(s->authority)) return NULL;
	struct err *e = timestamp_trust_of(a, s, &trust);
	if (e) return ERR(a, ERR_USAGE, NULL, "%s", e->detail);
	if (timestamp_trust_count(&trust) == 0)
		return ERR(a, ERR_USAGE, NULL, "the time stamps' authority %.*s holds no certificate in PEM",
			STR_FMT(s->authority));
	return NULL;
}

struct err *installation_check_town(const struct installation *in, size_t at, struct arena *a,
	const struct town *t)
{
	const struct installation_town *town = &in->towns[at];
	if (!town->has_mail || str_is_empty(town->mail.folder) || t->is_simulated) return NULL;
	return ERR(a, ERR_USAGE, NULL,
		"%.*s is no simulated municipality: its mails are sent, not kept in a folder; give 'mail' a 'server'",
		STR_FMT(t->slug));
}

struct err *installation_check(const struct installation *in, struct arena *a)
{
	bool is_tls = !str_is_empty(in->app.tls_certificate);
	if (!is_tls && !installation_is_loopback(in->app.address) && str_is_empty(in->app.proxies))
		return ERR(a, ERR_USAGE, NULL,
			"plain HTTP on %.*s would show passwords and cases to the network: give 'tls', or listen on 127.0.0.1, "
			"or name the 'proxies' that stand before it",
			STR_FMT(in->app.address));
	struct str streams = in->app.streams.address;
	if (!is_tls && !str_is_empty(streams) && !installation_is_loopback(streams) &&
		str_is_empty(in->app.proxies))
		return ERR(a, ERR_USAGE, NULL,
			"event streams over plain HTTP on %.*s would show the network who is signed in: give 'tls', or let them "
			"listen on 127.0.0.1, or name the 'proxies' that stand before them",
			STR_FMT(streams));
	if (is_tls) TRY(check_private(a, in->app.tls_key, "the TLS key"));
	for (size_t i = 0; i < in->town_count; i++) {
		const struct installation_town *town = &in->towns[i];
		if (!str_is_empty(town->database))
			TRY(check_private(a, arena_printf(a, "%.*s/installation.yaml", STR_FMT(in->folder)),
				"the file with a database's password,"));
		TRY(check_private(a, arena_printf(a, "%.*s/keys", STR_FMT(town->folder)), "the keys in"));
		TRY(check_mail(a, town));
		TRY(check_timestamp(a, town));
	}
	return NULL;
}

/* --- towns ------------------------------------------------------------------------------------------------ */

struct town_options installation_town_options(const struct installation *in, size_t at,
	const struct press *press)
{
	must(at < in->town_count);
	const struct installation_town *town = &in->towns[at];
	return (struct town_options){ .folder = town->folder,
		.database = town->database,
		.hosts = town->hosts,
		.host_count = town->host_count,
		.public_url = town->public_url,
		.scanner = in->scanner,
		.mail = town->has_mail ? &town->mail : NULL,
		.timestamp = town->has_timestamp ? &town->timestamp : NULL,
		.press = press };
}

static struct str last_part(struct str path)
{
	struct str part = path;
	while (!str_is_none(path))
		part = str_cut(&path, '/');
	return part;
}

static bool is_called(const struct installation_town *town, struct str name)
{
	if (str_eq(last_part(town->folder), name)) return true;
	for (size_t h = 0; h < town->host_count; h++) {
		if (str_eq(town->hosts[h], name)) return true;
	}
	return false;
}

struct err *installation_find(const struct installation *in, struct arena *a, struct str name, size_t *ret)
{
	if (str_is_none(name) && in->town_count == 1) {
		*ret = 0;
		return NULL;
	}
	struct str *names = ARENA_ARRAY(a, struct str, in->town_count);
	for (size_t i = 0; i < in->town_count; i++) {
		if (!str_is_none(name) && is_called(&in->towns[i], name)) {
			*ret = i;
			return NULL;
		}
		names[i] = last_part(in->towns[i].folder);
	}
	return ERR(a, ERR_USAGE, NULL, "which town? --town takes one of: %.*s",
		STR_FMT(arena_join(a, names, in->town_count, STR(", "))));
}

/* --- the press -------------------------------------------------------------------------------------------- */

/* The folder of faces: as installed, as built, or of the source tree one stands in. */
static struct str fonts_beside_program(struct arena *a)
{
	static const char *const places[] = { "../share/ventanilla/fonts", "../../assets/fonts" };
	char program[4096];
	ssize_t n = readlink("/proc/self/exe", program, sizeof(program));
	if (n <= 0 || n == (ssize_t)sizeof(program)) return STR_NONE;
	while (n > 0 && program[n - 1] != '/')
		n--;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct str folder = arena_printf(a, "%.*s%s", (int)n, program, places[i]);
		if (access(folder.p, R_OK) == 0) return folder;
	}
	return access("assets/fonts", R_OK) == 0 ? STR("assets/fonts") : STR_NONE;
}

struct str installation_fonts(const struct installation *in, struct arena *a)
{
	return str_is_empty(in->fonts) ? fonts_beside_program(a) : in->fonts;
}

struct err *installation_press(const struct installation *in, struct arena *a, struct press **ret)
{
	struct press_paths paths = { .fonts = installation_fonts(in, a) };
	if (str_is_empty(paths.fonts))
		return ERR(a, ERR_UNAVAILABLE, NULL,
			"the fonts are not beside the program: give 'fonts' in installation.yaml");
	return press_open(a, &paths, ret);
}
