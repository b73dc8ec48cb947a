/* The installation file: what is read, all that is refused at once, and what must not be served. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/installation.h"
#include "base/testing.h"

static const char good[] = "address: '::'\n"
						   "port: 8443\n"
						   "tls: {certificate: /etc/v/chain.pem, key: /etc/v/key.pem}\n"
						   "proxies: [10.0.0.0/8, '::1']\n"
						   "trusted: 192.0.2.0/24\n"
						   "connections: 3000\n"
						   "streams: {port: 8444, public_port: 443, most: 5000, per_client: 20}\n"
						   "towns:\n"
						   "  - folder: leon\n"
						   "    hosts: [leon.example, www.leon.example]\n"
						   "    public_url: https://leon.example/\n"
						   "  - folder: /srv/barakaldo\n"
						   "    hosts: [barakaldo.example]\n"
						   "    public_url: https://barakaldo.example\n"
						   "    database: postgresql://towns/barakaldo\n";

TEST(installation_is_read)
{
	struct installation in;
	CHECK_OK(installation_parse(t->arena, STR("/data"), str_of(good), &in));
	CHECK_STR(in.app.address, "::");
	CHECK_INT(in.app.port, 8443);
	CHECK_STR(in.app.tls_key, "/etc/v/key.pem");
	CHECK_STR(in.app.proxies, "10.0.0.0/8, ::1");
	CHECK_STR(in.app.trusted, "192.0.2.0/24");
	CHECK_INT(in.app.connections, 3000);
	CHECK(in.app.streams.are_served);
	CHECK_INT(in.app.streams.port, 8444);
	CHECK_INT(in.app.streams.public_port, 443);
	CHECK_INT(in.app.streams.most, 5000);
	CHECK_INT(in.app.streams.per_client, 20);
	CHECK_INT(in.town_count, 2);
	CHECK_STR(in.towns[0].folder, "/data/leon");
	CHECK_INT(in.towns[0].host_count, 2);
	CHECK_STR(in.towns[0].public_url, "https://leon.example");
	CHECK_STR(in.towns[1].folder, "/srv/barakaldo");
	CHECK_STR(in.towns[1].database, "postgresql://towns/barakaldo");
	size_t at;
	CHECK_OK(installation_find(&in, t->arena, STR("barakaldo.example"), &at));
	CHECK_INT(at, 1);
	CHECK_OK(installation_find(&in, t->arena, STR("leon"), &at));
	CHECK_INT(at, 0);
	CHECK_ERR(installation_find(&in, t->arena, STR_NONE, &at), ERR_USAGE);
	CHECK_ERR(installation_find(&in, t->arena, STR("vigo"), &at), ERR_USAGE);
}

static bool says(const struct err *e, const char *part)
{
	return e && e->code == ERR_INVALID && str_find(str_of(e->detail), str_of(part)) >= 0;
}

TEST(installation_tells_all_that_is_wrong_in_one_run)
{
	static const char bad[] = "adress: 127.0.0.1\n"
							  "port: 70000\n"
							  "trusted: 192.0.2.0/99\n"
							  "tls: {certificate: a}\n"
							  "towns:\n"
							  "  - folder: a\n"
							  "    hosts: [A.example, a.example]\n"
							  "    public_url: a.example\n"
							  "  - folder: b\n"
							  "    hosts: [a.example]\n"
							  "    public_url: https://b.example\n";
	struct installation in;
	struct err *e = installation_parse(t->arena, STR("/data"), str_of(bad), &in);
	CHECK(says(e, "installation.yaml:1:1: error: there is no key 'adress' here; did you mean 'address'?"));
	CHECK(says(e, "installation.yaml:2:7:"));
	CHECK(says(e, "installation.yaml:3:10:"));
	CHECK(says(e, "'key' is missing"));
	CHECK(says(e, "installation.yaml:7:13:"));
	CHECK(says(e, "installation.yaml:8:17:"));
	CHECK(says(e, "installation.yaml:10:13: error: this host name is given twice"));
	CHECK(says(installation_parse(t->arena, STR("/d"), STR("port: 1\n"), &in), "'towns' is missing"));
	CHECK(says(installation_parse(t->arena, STR("/d"), STR("towns: {}\n"), &in), "'towns' is a map here"));
}

TEST(installation_refuses_plain_http_for_others)
{
	struct installation in = { .app = { .address = STR("0.0.0.0") } };
	CHECK_ERR(installation_check(&in, t->arena), ERR_USAGE);
	in.app.address = STR("::");
	CHECK_ERR(installation_check(&in, t->arena), ERR_USAGE);
	in.app.proxies = STR("10.0.0.1");
	CHECK_OK(installation_check(&in, t->arena));
	in.app.proxies = STR("");
	in.app.address = STR("127.9.0.1");
	CHECK_OK(installation_check(&in, t->arena));
	in.app.address = STR("::1");
	CHECK_OK(installation_check(&in, t->arena));
}

static struct str make_folder(struct test *t)
{
	char *folder = (char *)arena_cz(t->arena, STR("/tmp/ventanilla-test-XXXXXX"));
	must(mkdtemp(folder) != NULL);
	return str_of(folder);
}

TEST(installation_refuses_secrets_that_others_may_read)
{
	struct str folder = make_folder(t);
	struct str keys = arena_printf(t->arena, "%.*s/keys", STR_FMT(folder));
	struct installation_town town = { .folder = folder };
	struct installation in = { .folder = folder,
		.app = { .address = STR("127.0.0.1") },
		.towns = &town,
		.town_count = 1 };
	CHECK(mkdir(keys.p, 0700) == 0);
	CHECK_OK(installation_check(&in, t->arena));
	CHECK(chmod(keys.p, 0755) == 0);
	CHECK_ERR(installation_check(&in, t->arena), ERR_USAGE);
	rmdir(keys.p);
	rmdir(folder.p);
}

TEST(installation_file_takes_one_town_more_and_keeps_what_is_there)
{
	struct str folder = make_folder(t);
	struct str hosts[] = { STR("a.example") }, other[] = { STR("b.example") };
	struct installation_town first = { .folder = STR("a"),
		.hosts = hosts,
		.host_count = 1,
		.public_url = STR("https://a.example") };
	struct installation_town second = { .folder = STR("b"),
		.hosts = other,
		.host_count = 1,
		.public_url = STR("https://b.example") };
	struct installation in;
	struct str text;
	CHECK_ERR(installation_load(t->arena, folder, &in), ERR_NOT_FOUND);
	CHECK_OK(installation_add(t->arena, folder, &first));
	CHECK_OK(installation_add(t->arena, folder, &second));
	CHECK_OK(installation_load(t->arena, folder, &in));
	CHECK_OK(installation_read(t->arena, folder, &text));
	CHECK(str_starts_with(text, STR("# What this machine serves")));
	CHECK_INT(in.town_count, 2);
	CHECK_STR(in.towns[1].hosts[0], "b.example");
	CHECK_ERR(installation_add(t->arena, folder, &second), ERR_INVALID); /* its host is taken */
	struct stat st;
	struct str file = arena_printf(t->arena, "%.*s/installation.yaml", STR_FMT(folder));
	CHECK(stat(file.p, &st) == 0);
	CHECK_INT(st.st_mode & 0777, 0600);
	unlink(file.p);
	rmdir(folder.p);
}

/* The towns' part of the file, with this as the mail of its only town. */
static struct err *with_mail(struct arena *a, const char *mail, struct installation *ret)
{
	struct str text = arena_printf(a,
		"towns:\n  - folder: leon\n    hosts: [leon.example]\n    public_url: https://leon.example\n    mail: {%s}\n",
		mail);
	return installation_parse(a, STR("/data"), text, ret);
}

#define FROM_AND_TO "from: a@leon.example, reply_to: b@leon.example"

TEST(installation_reads_mail)
{
	struct installation in;
	CHECK_OK(with_mail(t->arena, "server: 'smtp://correo.leon.example:587', " FROM_AND_TO, &in));
	CHECK(in.towns[0].has_mail && in.towns[0].mail.needs_tls);
	CHECK_OK(with_mail(t->arena, "server: 'smtp://[::1]:25', " FROM_AND_TO, &in));
	CHECK(!in.towns[0].mail.needs_tls);
	CHECK_OK(with_mail(t->arena, "server: 'smtp://localhost', tls: required, " FROM_AND_TO, &in));
	CHECK(in.towns[0].mail.needs_tls);
	CHECK_OK(with_mail(t->arena, "folder: correo, " FROM_AND_TO, &in));
	CHECK_STR(in.towns[0].mail.folder, "/data/correo");
	CHECK(says(with_mail(t->arena, FROM_AND_TO, &in), "either 'server' or 'folder'"));
	CHECK(says(with_mail(t->arena, "server: 'http://x', " FROM_AND_TO, &in), "smtp://HOST:PORT"));
	CHECK(says(with_mail(t->arena, "server: 'smtp://x', from: nadie, reply_to: b@leon.example", &in),
		"a mail address"));
	CHECK(
		says(with_mail(t->arena, "server: 'smtp://x', from: a@leon.example", &in), "'reply_to' is missing"));
	CHECK(says(with_mail(t->arena, "server: 'smtp://x', user: u, " FROM_AND_TO, &in), "expected together"));
	CHECK(says(with_mail(t->arena, "server: 'smtp://x', tls: maybe, " FROM_AND_TO, &in), "required or none"));
}

static struct err *with_timestamp(struct arena *a, const char *timestamp, struct installation *ret)
{
	struct str text = arena_printf(a,
		"towns:\n  - folder: leon\n    hosts: [leon.example]\n    public_url: https://leon.example\n"
		"    timestamp: {%s}\n",
		timestamp);
	return installation_parse(a, STR("/data"), text, ret);
}

TEST(installation_reads_whose_time_stamps)
{
	struct installation in;
	CHECK_OK(
		with_timestamp(t->arena, "server: 'https://sellos.example/tsa', authority: /etc/v/tsa.pem", &in));
	CHECK(in.towns[0].has_timestamp);
	CHECK_STR(in.towns[0].timestamp.server, "https://sellos.example/tsa");
	CHECK_STR(in.towns[0].timestamp.authority, "/etc/v/tsa.pem");
	CHECK(installation_town_options(&in, 0, NULL).timestamp == &in.towns[0].timestamp);
	CHECK_OK(with_timestamp(t->arena, "server: 'http://[::1]:3161/'", &in));
	CHECK(str_is_empty(in.towns[0].timestamp.authority));
	static const char *const wrong[] = { "ldap://x", "https://", "https:///tsa", "http://a b/",
		"http://u:p@x/", "sellos.example" };
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct str server = arena_printf(t->arena, "server: '%s'", wrong[i]);
		CHECK(says(with_timestamp(t->arena, server.p, &in), "https://HOST/PATH"));
	}
	CHECK(says(with_timestamp(t->arena, "authority: /etc/v/tsa.pem", &in), "'server' is missing"));
	CHECK(says(with_timestamp(t->arena, "server: 'http://x', authority: tsa.pem", &in), "absolute path"));
	CHECK(says(with_timestamp(t->arena, "server: 'http://x', autority: /x", &in), "authority"));
}

TEST(installation_keeps_mails_of_simulated_towns_only)
{
	struct installation_town town = { .has_mail = true };
	CHECK(installation_is_loopback(STR("127.0.0.1")) && installation_is_loopback(STR("::1")));
	CHECK(
		!installation_is_loopback(STR("correo.leon.example")) && !installation_is_loopback(STR("10.0.0.1")));
	struct town live = { .slug = STR("leon") };
	struct installation in = { .towns = &town, .town_count = 1 };
	town.mail = (struct mail_settings){ .folder = STR("/tmp/correo") };
	CHECK_ERR(installation_check_town(&in, 0, t->arena, &live), ERR_USAGE);
	live.is_simulated = true;
	CHECK_OK(installation_check_town(&in, 0, t->arena, &live));
}
