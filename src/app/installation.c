#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "app/installation.h"
#include "core/identity/identity.h"
#include "web/network.h"

enum { INSTALLATION_BYTES_MAX = 256 * 1024 };

/* --- reading the tree ---------------------------------------------------------------------------------- */

struct reading {
	struct arena *arena;
	struct findings *findings;
	struct installation *into;
	struct installation_town *town; /* while one of `towns` is read */
};
typedef void read_fn(struct reading *r, const struct yaml_node *node);

struct key_row {
	const char *name;
	enum yaml_kind kind;
	bool takes_list; /* a list of texts as well */
	bool is_required;
	read_fn *read;
};

static void wrong(struct reading *r, const struct yaml_node *node, const char *what)
{
	finding_add(r->findings, node->line, node->column, "%s", what);
}

static void read_rows(struct reading *r, const struct yaml_node *map, const struct key_row *rows);

/* A text, or the texts of a list joined as networks_parse() reads them. */
static struct str joined(struct reading *r, const struct yaml_node *node)
{
	if (node->kind == YAML_SCALAR) return node->text;
	struct str *parts = ARENA_ARRAY(r->arena, struct str, node->count);
	size_t count = 0;
	for (const struct yaml_node *item = node->first; item; item = item->next) {
		if (item->kind == YAML_SCALAR)
			parts[count++] = item->text;
		else
			wrong(r, item, "a text is expected here");
	}
	return arena_join(r->arena, parts, count, STR(", "));
}

static struct str read_networks(struct reading *r, const struct yaml_node *node)
{
	struct str text = joined(r, node);
	struct networks *networks;
	struct err *e = networks_parse(r->arena, text, &networks);
	if (e) wrong(r, node, e->detail);
	return text;
}

static void read_address(struct reading *r, const struct yaml_node *node)
{
	struct address address;
	if (!address_parse(node->text, &address))
		wrong(r, node, "a numeric address is expected, as 127.0.0.1 or ::");
	r->into->app.address = node->text;
}

static void read_port(struct reading *r, const struct yaml_node *node)
{
	int64_t port = 0;
	if (!str_to_int64(node->text, 0, 65535, &port)) wrong(r, node, "a port is a number from 0 to 65535");
	r->into->app.port = (int)port;
}

static int read_number(struct reading *r, const struct yaml_node *node, int64_t min, int64_t max)
{
	int64_t number = 0;
	if (!str_to_int64(node->text, min, max, &number))
		wrong(r, node,
			arena_printf(r->arena, "a number from %lld to %lld is expected", (long long)min, (long long)max)
				.p);
	return (int)number;
}

static void read_loops(struct reading *r, const struct yaml_node *node)
{
	r->into->app.loops = read_number(r, node, 1, 64);
}

static void read_connections(struct reading *r, const struct yaml_node *node)
{
	r->into->app.connections = read_number(r, node, 10, 500000);
}

static void read_certificate(struct reading *r, const struct yaml_node *node)
{
	r->into->app.tls_certificate = node->text;
}
static void read_tls_key(struct reading *r, const struct yaml_node *node)
{
	r->into->app.tls_key = node->text;
}

static void read_tls(struct reading *r, const struct yaml_node *node)
{
	static const struct key_row rows[] = {
		{ "certificate", YAML_SCALAR, false, true, read_certificate },
		{ "key", YAML_SCALAR, false, true, read_tls_key },
		{ 0 },
	};
	read_rows(r, node, rows);
}

static void read_proxies(struct reading *r, const struct yaml_node *node)
{
	r->into->app.proxies = read_networks(r, node);
}
static void read_trusted(struct reading *r, const struct yaml_node *node)
{
	r->into->app.trusted = read_networks(r, node);
}
static void read_metrics(struct reading *r, const struct yaml_node *node)
{
	r->into->app.metrics_networks = read_networks(r, node);
}
static void read_fonts(struct reading *r, const struct yaml_node *node) { r->into->fonts = node->text; }

static void read_style_guide(struct reading *r, const struct yaml_node *node)
{
	r->into->app.style_guide = str_eq(node->text, STR("true"));
	if (!r->into->app.style_guide && !str_eq(node->text, STR("false")))
		wrong(r, node, "true or false is expected");
}

static void read_scanner(struct reading *r, const struct yaml_node *node)
{
	if (!str_starts_with(node->text, STR("/")))
		wrong(r, node, "the absolute path of clamd's socket is expected");
	r->into->scanner = node->text;
}

/* --- event streams --------------------------------------------------------------------------------------- */

static void read_streams_address(struct reading *r, const struct yaml_node *node)
{
	struct address address;
	if (!address_parse(node->text, &address))
		wrong(r, node, "a numeric address is expected, as 127.0.0.1 or ::");
	r->into->app.streams.address = node->text;
}
static void read_streams_port(struct reading *r, const struct yaml_node *node)
{
	r->into->app.streams.port = read_number(r, node, 0, 65535);
}
static void read_streams_public_port(struct reading *r, const struct yaml_node *node)
{
	r->into->app.streams.public_port = read_number(r, node, 1, 65535);
}
static void read_streams_most(struct reading *r, const struct yaml_node *node)
{
	r->into->app.streams.most = read_number(r, node, 1, 500000);
}
static void read_streams_per_client(struct reading *r, const struct yaml_node *node)
{
	r->into->app.streams.per_client = read_number(r, node, 1, 500000);
}

static void read_streams(struct reading *r, const struct yaml_node *node)
{
	static const struct key_row rows[] = {
		{ "address", YAML_SCALAR, false, false, read_streams_address },
		{ "port", YAML_SCALAR, false, true, read_streams_port },
		{ "public_port", YAML_SCALAR, false, false, read_streams_public_port },
		{ "most", YAML_SCALAR, false, false, read_streams_most },
		{ "per_client", YAML_SCALAR, false, false, read_streams_per_client },
		{ 0 },
	};
	r->into->app.streams.are_served = true;
	read_rows(r, node, rows);
}

static void read_folder(struct reading *r, const struct yaml_node *node)
{
	if (str_is_empty(node->text)) wrong(r, node, "the folder's name is empty");
	bool is_absolute = str_starts_with(node->text, STR("/"));
	r->town->folder = is_absolute
		? node->text
		: arena_printf(r->arena, "%.*s/%.*s", STR_FMT(r->into->folder), STR_FMT(node->text));
}

static void read_database(struct reading *r, const struct yaml_node *node) { r->town->database = node->text; }

/* A host name as the Host header brings it: lower case, without port. */
static bool is_host_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.')) return false;
	}
	return s.n > 0 && s.n <= 253;
}

static bool host_is_taken(const struct installation *in, struct str host)
{
	for (size_t t = 0; t < in->town_count; t++) {
		for (size_t h = 0; h < in->towns[t].host_count; h++) {
			if (str_eq(in->towns[t].hosts[h], host)) return true;
		}
	}
	return false;
}

static void read_hosts(struct reading *r, const struct yaml_node *node)
{
	if (node->count == 0 || node->count > INSTALLATION_HOSTS_MAX) {
		wrong(r, node, "1 to 20 host names are expected");
		return;
	}
	r->town->hosts = ARENA_ARRAY(r->arena, struct str, node->count);
	for (const struct yaml_node *item = node->first; item; item = item->next) {
		if (item->kind != YAML_SCALAR || !is_host_name(item->text))
			wrong(r, item, "a host name is expected: lower case, without port");
		else if (host_is_taken(r->into, item->text))
			wrong(r, item, "this host name is given twice");
		else
			r->town->hosts[r->town->host_count++] = item->text;
	}
}

static void read_public_url(struct reading *r, const struct yaml_node *node)
{
	struct str url = node->text;
	if (!str_starts_with(url, STR("https://")) && !str_starts_with(url, STR("http://")))
		wrong(r, node, "an address that begins with https:// is expected");
	if (str_ends_with(url, STR("/"))) url = str_slice(url, 0, url.n - 1);
	r->town->public_url = url;
}

/* --- mail ------------------------------------------------------------------------------------------------ */

static void read_mail_server(struct reading *r, const struct yaml_node *node)
{
	if (str_is_none(mail_server_host(node->text)))
		wrong(r, node, "smtp://HOST:PORT or smtps://HOST:PORT is expected");
	r->town->mail.server = node->text;
}

static struct str read_mail_address(struct reading *r, const struct yaml_node *node)
{
	struct str canonical = node->text;
	if (!mail_canonical(r->arena, node->text, &canonical)) wrong(r, node, "a mail address is expected");
	return canonical;
}
static void read_mail_from(struct reading *r, const struct yaml_node *node)
{
	r->town->mail.from = read_mail_address(r, node);
}
static void read_mail_reply_to(struct reading *r, const struct yaml_node *node)
{
	r->town->mail.reply_to = read_mail_address(r, node);
}
static void read_mail_user(struct reading *r, const struct yaml_node *node)
{
	r->town->mail.user = node->text;
}

static struct str read_absolute(struct reading *r, const struct yaml_node *node)
{
	if (!str_starts_with(node->text, STR("/"))) wrong(r, node, "an absolute path is expected");
	return node->text;
}
static void read_mail_password(struct reading *r, const struct yaml_node *node)
{
	r->town->mail.password_file = read_absolute(r, node);
}
static void read_mail_authority(struct reading *r, const struct yaml_node *node)
{
	r->town->mail.authority = read_absolute(r, node);
}

/* The name of a file in systemd's folder of credentials. */
static void read_mail_credential(struct reading *r, const struct yaml_node *node)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	if (str_is_empty(node->text) || str_find_char(node->text, '/') >= 0)
		wrong(r, node, "the name of a credential is expected");
	r->town->mail.password_file = arena_printf(r->arena, "%s/%.*s", folder ? folder : "/run/credentials",
		STR_FMT(node->text));
}

static void read_mail_tls(struct reading *r, const struct yaml_node *node)
{
	if (!str_eq(node->text, STR("required")) && !str_eq(node->text, STR("none")))
		wrong(r, node, "required or none is expected");
}

static void read_mail_folder(struct reading *r, const struct yaml_node *node)
{
	if (str_is_empty(node->text)) wrong(r, node, "the folder's name is empty");
	bool is_absolute = str_starts_with(node->text, STR("/"));
	r->town->mail.folder = is_absolute
		? node->text
		: arena_printf(r->arena, "%.*s/%.*s", STR_FMT(r->into->folder), STR_FMT(node->text));
}

static void read_mail(struct reading *r, const struct yaml_node *node)
{
	static const struct key_row rows[] = {
		{ "server", YAML_SCALAR, false, false, read_mail_server },
		{ "folder", YAML_SCALAR, false, false, read_mail_folder },
		{ "from", YAML_SCALAR, false, true, read_mail_from },
		{ "reply_to", YAML_SCALAR, false, true, read_mail_reply_to },
		{ "user", YAML_SCALAR, false, false, read_mail_user },
		{ "password_file", YAML_SCALAR, false, false, read_mail_password },
		{ "credential", YAML_SCALAR, false, false, read_mail_credential },
		{ "authority", YAML_SCALAR, false, false, read_mail_authority },
		{ "tls", YAML_SCALAR, false, false, read_mail_tls },
		{ 0 },
	};
	struct mail_settings *mail = &r->town->mail;
	r->town->has_mail = true;
	read_rows(r, node, rows);
	if (str_is_empty(mail->server) == str_is_empty(mail->folder))
		wrong(r, node, "either 'server' or 'folder' is expected");
	if (str_is_empty(mail->user) != str_is_empty(mail->password_file))
		wrong(r, node, "'user' and 'password_file' (or 'credential') are expected together");
	const struct yaml_node *tls = yaml_get(node, STR("tls"));
	mail->needs_tls = tls ? str_eq(tls->text, STR("required"))
						  : !installation_is_loopback(mail_server_host(mail->server));
}

/* --- time stamps ----------------------------------------------------------------------------------------- */

static bool is_http_address(struct str s)
{
	struct str rest = str_starts_with(s, STR("https://")) ? str_slice(s, 8, s.n)
		: str_starts_with(s, STR("http://"))              ? str_slice(s, 7, s.n)
														  : STR("");
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] == 0x7F || s.p[i] == '@') return false;
	return rest.n > 0 && rest.p[0] != '/';
}

static void read_timestamp_server(struct reading *r, const struct yaml_node *node)
{
	if (!is_http_address(node->text)) wrong(r, node, "https://HOST/PATH or http://HOST/PATH is expected");
	r->town->timestamp.server = node->text;
}
static void read_timestamp_authority(struct reading *r, const struct yaml_node *node)
{
	r->town->timestamp.authority = read_absolute(r, node);
}

static void read_timestamp(struct reading *r, const struct yaml_node *node)
{
	static const struct key_row rows[] = {
		{ "server", YAML_SCALAR, false, true, read_timestamp_server },
		{ "authority", YAML_SCALAR, false, false, read_timestamp_authority },
		{ 0 },
	};
	r->town->has_timestamp = true;
	read_rows(r, node, rows);
}

/* --- towns ------------------------------------------------------------------------------------------------ */

static void read_towns(struct reading *r, const struct yaml_node *node)
{
	static const struct key_row rows[] = {
		{ "folder", YAML_SCALAR, false, true, read_folder },
		{ "database", YAML_SCALAR, false, false, read_database },
		{ "hosts", YAML_LIST, false, true, read_hosts },
		{ "public_url", YAML_SCALAR, false, true, read_public_url },
		{ "mail", YAML_MAP, false, false, read_mail },
		{ "timestamp", YAML_MAP, false, false, read_timestamp },
		{ 0 },
	};
	if (node->count == 0 || node->count > INSTALLATION_TOWNS_MAX) {
		wrong(r, node, "1 to 500 towns are expected");
		return;
	}
	r->into->towns = ARENA_ARRAY(r->arena, struct installation_town, node->count);
	for (const struct yaml_node *item = node->first; item; item = item->next) {
		r->town = &r->into->towns[r->into->town_count++];
		if (item->kind == YAML_MAP)
			read_rows(r, item, rows);
		else
			wrong(r, item, "a town is a map: folder, hosts, public_url");
	}
}

static const struct key_row root_rows[] = {
	{ "address", YAML_SCALAR, false, false, read_address },
	{ "port", YAML_SCALAR, false, false, read_port },
	{ "loops", YAML_SCALAR, false, false, read_loops },
	{ "connections", YAML_SCALAR, false, false, read_connections },
	{ "tls", YAML_MAP, false, false, read_tls },
	{ "proxies", YAML_SCALAR, true, false, read_proxies },
	{ "trusted", YAML_SCALAR, true, false, read_trusted },
	{ "metrics", YAML_SCALAR, true, false, read_metrics },
	{ "fonts", YAML_SCALAR, false, false, read_fonts },
	{ "scanner", YAML_SCALAR, false, false, read_scanner },
	{ "streams", YAML_MAP, false, false, read_streams },
	{ "style_guide", YAML_SCALAR, false, false, read_style_guide },
	{ "towns", YAML_LIST, false, true, read_towns },
	{ 0 },
};

static const struct key_row *row_named(const struct key_row *rows, struct str name)
{
	for (; rows->name; rows++) {
		if (str_eq(name, str_of(rows->name))) return rows;
	}
	return NULL;
}

static void read_rows(struct reading *r, const struct yaml_node *map, const struct key_row *rows)
{
	for (const struct yaml_node *node = map->first; node; node = node->next) {
		const struct key_row *row = row_named(rows, node->key);
		if (!row) {
			struct near near = near_start(node->key);
			for (const struct key_row *k = rows; k->name; k++)
				near_try(&near, str_of(k->name));
			finding_add(r->findings, node->key_line, node->key_column, "there is no key '%.*s' here%.*s",
				STR_FMT(node->key), STR_FMT(near_hint(r->arena, &near)));
		} else if (node->kind != row->kind && !(row->takes_list && node->kind == YAML_LIST)) {
			finding_add(r->findings, node->line, node->column, "'%s' is %s here; %s is expected", row->name,
				yaml_kind_name(node->kind), yaml_kind_name(row->kind));
		} else {
			row->read(r, node);
		}
	}
	for (const struct key_row *row = rows; row->name; row++) {
		if (row->is_required && !yaml_get(map, str_of(row->name)))
			finding_add(r->findings, map->line, map->column, "'%s' is missing", row->name);
	}
}

struct err *installation_parse(struct arena *a, struct str folder, struct str source,
	struct installation *ret)
{
	struct installation in = { .folder = folder, .app = { .address = STR("127.0.0.1"), .port = 8080 } };
	struct findings findings = findings_new(a);
	findings.file = STR("installation.yaml");
	struct yaml_node *root = yaml_parse(a, source, &findings);
	struct reading reading = { .arena = a, .findings = &findings, .into = &in };
	if (root && root->kind != YAML_MAP)
		wrong(&reading, root, "a map of keys is expected");
	else if (root)
		read_rows(&reading, root, root_rows);
	if (findings.errors > 0) {
		struct buf text = buf_new(a, 64 * 1024);
		findings_sort(&findings);
		findings_print(&findings, &text);
		return ERR(a, ERR_INVALID, NULL, "%.*s", STR_FMT(str_trim(buf_str(&text))));
	}
	*ret = in;
	return NULL;
}

/* --- the file ------------------------------------------------------------------------------------------- */

struct err *installation_read(struct arena *a, struct str folder, struct str *ret)
{
	struct str path = arena_printf(a, "%.*s/installation.yaml", STR_FMT(folder));
	int fd = open(arena_cz(a, path), O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return ERR(a, errno == ENOENT ? ERR_NOT_FOUND : ERR_UNAVAILABLE, NULL, "%.*s: %s", STR_FMT(path),
			strerror(errno));
	char *bytes = arena_alloc(a, INSTALLATION_BYTES_MAX + 1);
	ssize_t n = read(fd, bytes, INSTALLATION_BYTES_MAX + 1);
	close(fd);
	if (n < 0) return ERR(a, ERR_UNAVAILABLE, NULL, "%.*s: %s", STR_FMT(path), strerror(errno));
	if (n > INSTALLATION_BYTES_MAX) return ERR(a, ERR_TOO_LARGE, NULL, "%.*s is too large", STR_FMT(path));
	*ret = (struct str){ bytes, (size_t)n };
	return NULL;
}

struct err *installation_load(struct arena *a, struct str folder, struct installation *ret)
{
	struct str source = STR_NONE;
	TRY(installation_read(a, folder, &source));
	return installation_parse(a, folder, source, ret);
}
