/* `ventanilla doctor`: looks at an installation and says, line by line, what is well and what is not. */
#include <errno.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/un.h>
#include <unistd.h>

#include "app/service.h"
#include "core/consistency/consistency.h"
#include "core/job/queries.h"
#include "core/registry/registry.h"
#include "core/token/token.h"

enum { FREE_MIB_MIN = 512 };

struct visit {
	struct arena *arena;
	bool reads_files;
	int bad;
};

static void tell(struct visit *v, bool is_well, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static void tell(struct visit *v, bool is_well, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	struct str text = arena_vprintf(v->arena, format, args);
	va_end(args);
	call_printf("%-4s %.*s\n", is_well ? "ok" : "BAD", STR_FMT(text));
	v->bad += is_well ? 0 : 1;
}

/* The outcome of a check that is one call. */
static bool tell_call(struct visit *v, const struct err *e, const char *what)
{
	tell(v, !e, "%s%s%s", what, e ? ": " : "", e && e->detail ? e->detail : "");
	return !e;
}

static void look_at_disk(struct visit *v, const struct town *t)
{
	struct statvfs st;
	if (statvfs(arena_cz(v->arena, t->folder), &st) != 0) {
		tell(v, false, "free space: %s", strerror(errno));
		return;
	}
	int64_t free_mib = (int64_t)(st.f_bavail * st.f_frsize / (1024 * 1024));
	tell(v, free_mib >= FREE_MIB_MIN, "free space: %lld MiB", (long long)free_mib);
}

static struct err *count_jobs(struct visit *v, struct db *db)
{
	struct job_counts_rows rows;
	int64_t waiting = 0;
	TRY(job_counts(db, v->arena, &rows));
	for (size_t i = 0; i < rows.count; i++)
		if (!str_eq(rows.items[i].state, STR("dead"))) waiting += rows.items[i].total;
	tell(v, true, "jobs: %lld to be run", (long long)waiting);
	return NULL;
}

/* A seal in a token is only as good as the token: it is asked for a signature. */
static void look_at_tokens(struct visit *v, const struct town *t)
{
	const struct key *key;
	for (size_t n = 0; (key = keyring_at(t->keyring, n)); n++) {
		struct str signature;
		if (key->place != KEY_IN_TOKEN || key->state != KEY_ACTIVE) continue;
		struct err *e = token_sign(v->arena, key->uri, key->id, &signature);
		if (tell_call(v, e, "seal in a token"))
			tell(v, true, "seal in a token: key %.*s signs", STR_FMT(key->id));
	}
}

static void look_at_keys(struct visit *v, const struct town *t)
{
	int active = 0;
	for (int p = 0; p < KEY_PURPOSE_MAX; p++) {
		const struct key *key;
		struct err *e = keyring_active(t->keyring, v->arena, (enum key_purpose)p, STR_NONE, &key);
		if (e) tell(v, false, "key for %s: none is active", key_purpose_name((enum key_purpose)p));
		active += e ? 0 : 1;
	}
	if (active == KEY_PURPOSE_MAX) tell(v, true, "keys: each purpose has an active one");
	look_at_tokens(v, t);
}

/* The whole log is recomputed, on one snapshot: the town may be in use. */
static void look_at_registry(struct visit *v, struct db *db)
{
	int64_t entries = 0;
	struct err *e = db_snapshot_begin(db);
	if (!e) {
		e = registry_audit(db, v->arena, &entries);
		db_snapshot_end(db);
	}
	if (tell_call(v, e, "registry: numbers, hashes and commitments"))
		tell(v, true, "registry: %lld entries", (long long)entries);
}

static void tell_rule(void *state, bool is_well, struct str line)
{
	tell(state, is_well, "%.*s", STR_FMT(line));
}

static void look_at_mail(struct visit *v, const struct town *t)
{
	const struct mail_settings *m = t->mail;
	if (!m)
		tell(v, true, "mail: none is configured; nobody is told by mail, and no form offers it");
	else if (str_is_empty(m->server))
		tell(v, true, "mail: kept in %.*s, nothing is sent", STR_FMT(m->folder));
	else
		tell(v, true, "mail: %.*s, %s", STR_FMT(m->server),
			m->needs_tls ? "TLS required" : "on this machine");
}

static void look_at_timestamp(struct visit *v, const struct town *t)
{
	const struct timestamp_settings *s = t->timestamp;
	if (!s)
		tell(v, true, "time stamps: none are asked for; seals bear the town's own time");
	else
		tell(v, true, "time stamps: %.*s, vouched for by %.*s", STR_FMT(s->server),
			STR_FMT(str_is_empty(s->authority) ? STR("this system's authorities") : s->authority));
}

static void look_at_town(struct visit *v, struct town *t)
{
	struct db *db;
	call_printf("\n%.*s%s\n", STR_FMT(t->slug), t->is_simulated ? " (simulated)" : "");
	if (!tell_call(v, town_connect(t, v->arena, &db), "database")) return;
	tell(v, true, "pack: version %lld", (long long)town_pack_version(t));
	look_at_keys(v, t);
	look_at_mail(v, t);
	look_at_timestamp(v, t);
	look_at_registry(v, db);
	const struct consistency_teller teller = { tell_rule, v, v->reads_files };
	struct err *e = consistency_check(t, db, v->arena, &teller);
	if (!e) e = count_jobs(v, db);
	if (e) tell_call(v, e, "the rows can be read");
	look_at_disk(v, t);
	db_close(db);
}

static void look_at_scanner(struct visit *v, struct str path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	if (str_is_empty(path)) {
		tell(v, true, "virus scanner: none is configured; attachments are marked as not scanned");
		return;
	}
	if (path.n >= sizeof(to.sun_path)) {
		tell(v, false, "virus scanner: the path of the socket is too long");
		return;
	}
	memcpy(to.sun_path, path.p, path.n);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool is_there = fd >= 0 && connect(fd, (const struct sockaddr *)&to, sizeof(to)) == 0;
	tell(v, is_there, "virus scanner at %.*s%s%s", STR_FMT(path), is_there ? "" : ": ",
		is_there ? "" : strerror(errno));
	if (fd >= 0) close(fd);
}

static struct err *run_doctor(struct command_call *call)
{
	struct installation in;
	struct service service = { 0 };
	struct visit visit = { call->arena, call_has(call, "files"), 0 };
	TRY(service_installation(call, &in));
	tell(&visit, true, "installation: %zu municipalities", in.town_count);
	tell_call(&visit, installation_check(&in, call->arena), "safety of the installation");
	look_at_scanner(&visit, in.scanner);
	struct err *e = service_open(call->arena, &in, &service);
	tell_call(&visit, e, "everything opens");
	for (size_t i = 0; i < service.town_count; i++)
		look_at_town(&visit, service.towns[i]);
	service_close(&service);
	return visit.bad == 0 ? NULL : ERR(call->arena, ERR_INVALID, NULL, "%d things are not well", visit.bad);
}

static const struct command_option doctor_options[] = { OPTION_DATA,
	{ "files", NULL, "reads every stored file to its end, instead of looking only at its length", false },
	{ 0 } };

const struct command doctor_commands[] = {
	{ "doctor", NULL, 0, 0, "Looks at an installation and says what is not well",
		"Recomputes the registry's log, counts every series of numbers, and holds cases, events, papers, files "
		"and jobs against each other. The towns may be in use meanwhile. It changes nothing but pending "
		"migrations, which it applies as 'serve' does. Ends with 65 when something is not well.",
		doctor_options, run_doctor },
	{ 0 },
};
