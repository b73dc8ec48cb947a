/* `ventanilla init`: makes a municipality and enters it in the installation file. */
#include <errno.h>
#include <sys/stat.h>

#include "app/service.h"

static struct err *make_data_folder(struct arena *a, struct str folder)
{
	if (mkdir(arena_cz(a, folder), 0700) == 0 || errno == EEXIST) return NULL;
	return ERR(a, ERR_UNAVAILABLE, NULL, "%.*s: %s", STR_FMT(folder), strerror(errno));
}

static struct str last_part(struct str path)
{
	struct str part = STR("");
	while (!str_is_none(path)) {
		struct str next = str_cut(&path, '/');
		if (!str_is_empty(next)) part = next;
	}
	return part;
}

static struct err *read_hosts(const struct command_call *call, struct installation_town *town)
{
	struct str rest = call_option(call, "host");
	town->hosts = ARENA_ARRAY(call->arena, struct str, INSTALLATION_HOSTS_MAX);
	while (!str_is_none(rest)) {
		if (town->host_count == INSTALLATION_HOSTS_MAX)
			return ERR(call->arena, ERR_USAGE, NULL, "at most %d hosts", INSTALLATION_HOSTS_MAX);
		town->hosts[town->host_count++] = str_trim(str_cut(&rest, ','));
	}
	return NULL;
}

static struct err *read_start(const struct command_call *call, struct instant *ret)
{
	struct str text = call_option(call, "simulated");
	if (str_is_none(text)) {
		*ret = INSTANT_NONE;
		return NULL;
	}
	if (!instant_parse(text, ret))
		return ERR(call->arena, ERR_USAGE, NULL, "--simulated takes an instant as 2026-06-01T08:00:00-06:00");
	return NULL;
}

static struct err *run_init(struct command_call *call)
{
	struct arena *a = call->arena;
	struct str data = call_option(call, "data"), pack = call_option(call, "pack");
	struct installation_town town = { .folder = last_part(pack),
		.public_url = call_option(call, "public-url") };
	struct instant start;
	TRY(read_hosts(call, &town));
	TRY(read_start(call, &start));
	TRY(make_data_folder(a, data));
	struct town_options options = { .folder = arena_printf(a, "%.*s/%.*s", STR_FMT(data),
										STR_FMT(town.folder)),
		.database = call_option(call, "database"),
		.hosts = town.hosts,
		.host_count = town.host_count,
		.public_url = town.public_url };
	town.database = options.database;
	TRY(town_create(a, &options, pack, start));
	TRY(installation_add(a, data, &town));
	call_printf("Made %.*s in %.*s. 'ventanilla staff add' makes the first account.\n", STR_FMT(town.folder),
		STR_FMT(data));
	return NULL;
}

static const struct command_option init_options[] = {
	OPTION_DATA,
	{ "pack", "FOLDER", "the municipality's pack: its last part names the folder in DIR", true },
	{ "host", "NAMES", "host names under which it is served, separated by commas", true },
	{ "public-url", "URL", "its public address, for codes on paper and links in mails", true },
	{ "database", "URL", "another database than SQLite in the folder", false },
	{ "simulated", "INSTANT",
		"a demonstration with a clock of its own that starts then; it never becomes a live one", false },
	{ 0 },
};

const struct command init_commands[] = {
	{ "init", NULL, 0, 0, "Makes a municipality: database, keys and first pack version",
		"It is entered in DIR/installation.yaml, which is made when it is not there. Nothing that exists is replaced.",
		init_options, run_init },
	{ 0 },
};
