/* Writing the installation file: a first one, and one town more. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/installation.h"
#include "core/definition/yaml_edit.h"

enum { FILE_BYTES_MAX = 256 * 1024, FILE_MODE = 0600 };

/* All or nothing: a temporary beside it, then the name. */
static struct err *replace_file(struct arena *a, struct str path, struct str text)
{
	struct str temporary = arena_printf(a, "%.*s.new", STR_FMT(path));
	int fd = open(temporary.p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, FILE_MODE);
	if (fd < 0) return ERR(a, ERR_UNAVAILABLE, NULL, "%s: %s", temporary.p, strerror(errno));
	bool is_written = write(fd, text.p, text.n) == (ssize_t)text.n && fsync(fd) == 0;
	if (close(fd) != 0 || !is_written || rename(temporary.p, arena_cz(a, path)) != 0)
		return ERR(a, ERR_UNAVAILABLE, NULL, "%.*s cannot be written: %s", STR_FMT(path), strerror(errno));
	return NULL;
}

static struct str town_yaml(struct arena *a, const struct installation_town *town)
{
	struct buf out = buf_new(a, FILE_BYTES_MAX);
	buf_printf(&out, "folder: %.*s\n", STR_FMT(yaml_quote(a, town->folder)));
	if (!str_is_empty(town->database))
		buf_printf(&out, "database: %.*s\n", STR_FMT(yaml_quote(a, town->database)));
	buf_add(&out, STR("hosts: ["));
	for (size_t i = 0; i < town->host_count; i++)
		buf_printf(&out, "%s%.*s", i ? ", " : "", STR_FMT(yaml_quote(a, town->hosts[i])));
	buf_printf(&out, "]\npublic_url: %.*s", STR_FMT(yaml_quote(a, town->public_url)));
	if (town->has_mail)
		buf_printf(&out, "\nmail: {folder: %.*s, from: %.*s, reply_to: %.*s}",
			STR_FMT(yaml_quote(a, town->mail.folder)), STR_FMT(yaml_quote(a, town->mail.from)),
			STR_FMT(yaml_quote(a, town->mail.reply_to)));
	return buf_str(&out);
}

static void add_indented(struct buf *out, struct str block)
{
	const char *start = "  - ";
	while (!str_is_none(block)) {
		struct str line = str_cut(&block, '\n');
		buf_printf(out, "%s%.*s\n", start, STR_FMT(line));
		start = "    ";
	}
}

struct err *installation_write(struct arena *a, const struct installation *in)
{
	struct str path = arena_printf(a, "%.*s/installation.yaml", STR_FMT(in->folder));
	if (access(path.p, F_OK) == 0) return ERR(a, ERR_CONFLICT, NULL, "%s is already there", path.p);
	struct buf out = buf_new(a, FILE_BYTES_MAX);
	buf_printf(&out,
		"# What this machine serves. Every key: docs/configuration.md\n"
		"address: %.*s\nport: %d\n",
		STR_FMT(in->app.address), in->app.port);
	buf_add(&out, STR("towns:\n"));
	for (size_t i = 0; i < in->town_count; i++)
		add_indented(&out, town_yaml(a, &in->towns[i]));
	return replace_file(a, path, buf_str(&out));
}

struct err *installation_add(struct arena *a, struct str folder, const struct installation_town *town)
{
	struct str path = arena_printf(a, "%.*s/installation.yaml", STR_FMT(folder));
	if (access(path.p, F_OK) != 0) {
		struct installation fresh = { .folder = folder,
			.app = { .address = STR("127.0.0.1"), .port = 8080 },
			.towns = (struct installation_town *)town,
			.town_count = 1 };
		return installation_write(a, &fresh);
	}
	struct installation before, after;
	struct str source, changed;
	TRY(installation_load(a, folder, &before));
	TRY(installation_read(a, folder, &source));
	struct findings findings = findings_new(a);
	struct yaml_node *root = yaml_parse(a, source, &findings);
	must(root != NULL); /* it was read a moment ago */
	TRY(yaml_edit_append(a, source, yaml_get(root, STR("towns")), town_yaml(a, town), &changed));
	TRY(installation_parse(a, folder, changed, &after));
	return replace_file(a, path, changed);
}

struct err *installation_set_database(struct arena *a, struct str folder, size_t at, struct str url)
{
	struct installation after;
	struct str source, changed;
	TRY(installation_read(a, folder, &source));
	struct findings findings = findings_new(a);
	struct yaml_node *root = yaml_parse(a, source, &findings);
	must(root != NULL); /* whoever knows `at` has read it */
	const struct yaml_node *town = yaml_item(yaml_get(root, STR("towns")), at);
	const struct yaml_node *known = yaml_get(town, STR("database"));
	if (known)
		TRY(yaml_edit_set(a, source, known, yaml_quote(a, url), &changed));
	else
		TRY(yaml_edit_add(a, source, town, STR("database"), yaml_quote(a, url), &changed));
	TRY(installation_parse(a, folder, changed, &after));
	return replace_file(a, arena_printf(a, "%.*s/installation.yaml", STR_FMT(folder)), changed);
}
