/* `ventanilla copy`: moves a municipality's rows to another database, SQLite or PostgreSQL. */
#include <stdio.h>
#include <unistd.h>

#include "app/service.h"
#include "core/town/town.h"
#include "data/copy.h"

/* A bar on the terminal; nothing where nobody looks. */
static void show_progress(void *state, const struct copy_progress *p)
{
	(void)state;
	if (!isatty(STDERR_FILENO)) return;
	int percent = p->of ? (int)(100 * p->rows / p->of) : 100;
	fprintf(stderr, "\r%3d %%  %-24s", percent, p->table);
	if (p->rows == p->of) fputc('\n', stderr);
}

/* What is typed on a command line is seen by everybody on the machine, and the address is written into the closed
 * database. */
static struct err *check_target(struct arena *a, struct str url)
{
	ptrdiff_t scheme = str_find(url, STR("://"));
	struct str rest = scheme < 0 ? STR("") : str_slice(url, (size_t)scheme + 3, url.n);
	struct str authority = str_cut(&rest, '/');
	struct str user = str_cut(&authority, '@');
	bool has_password = !str_is_none(authority) && str_find_char(user, ':') >= 0;
	if (has_password || str_find(url, STR("password=")) >= 0)
		return ERR(a, ERR_USAGE, NULL,
			"give the password in a file: postgresql://user@host/database?passfile=/path");
	return NULL;
}

static struct err *copy_between(struct command_call *call, struct str from, struct str to)
{
	struct arena *a = call->arena;
	struct db *source, *target;
	struct copied copied;
	TRY(db_open(a, from, DB_WRITE, &source));
	arena_defer(a, (void (*)(void *))db_close, source);
	struct str moved;
	TRY(copy_moved_to(source, a, &moved));
	if (str_eq(moved, to)) {
		call_printf("The rows were moved there before; the installation file names it now.\n");
		return NULL;
	}
	TRY(db_open(a, to, DB_WRITE, &target));
	arena_defer(a, (void (*)(void *))db_close, target);
	struct copy_options options = { .migrations = schema_migrations,
		.columns = schema_columns,
		.target_name = to,
		.now = town_machine_now(),
		.progress = show_progress };
	TRY(copy_database(a, source, target, &options, &copied));
	call_printf("Moved %lld rows of %d tables and compared each one.\n", (long long)copied.rows,
		copied.tables);
	return NULL;
}

static struct err *run_copy(struct command_call *call)
{
	struct arena *a = call->arena;
	struct installation in;
	size_t at;
	TRY(service_installation(call, &in));
	TRY(installation_find(&in, a, call_option(call, "town"), &at));
	struct town_options options = installation_town_options(&in, at, NULL);
	struct str to = call_option(call, "to"), from = town_url(a, &options);
	TRY(check_target(a, to));
	if (str_eq(from, to)) return ERR(a, ERR_USAGE, NULL, "the town is in that database");
	TRY(copy_between(call, from, to));
	TRY(installation_set_database(a, in.folder, at, to));
	call_printf(
		"The installation file names the new database. A server that runs must be started again: until "
		"then it shows what was, and answers whoever writes to come back later.\n");
	return NULL;
}

static const struct command_option copy_options[] = { OPTION_DATA, OPTION_TOWN,
	{ "to", "URL", "the empty database: postgresql://user@host/name?passfile=/path, or sqlite:/path/new.db",
		true },
	{ 0 } };

const struct command copy_commands[] = {
	{ "copy", NULL, 0, 0, "Moves a municipality to another database, and compares every row",
		"Meanwhile citizens can read, and are asked to send later what they send. At the end the old database "
		"refuses every write for good, and the installation file names the new one. Files and keys stay in the "
		"municipality's folder.",
		copy_options, run_copy },
	{ 0 },
};
