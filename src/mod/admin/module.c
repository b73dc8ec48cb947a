#include "core/event/queries.h"
#include "mod/admin/pages.h"

struct str admin_word(struct request *r, const char *kind, struct str name)
{
	enum message m;
	struct str key = arena_printf(r->arena, "admin.%s-%.*s", kind, STR_FMT(name));
	char *p = (char *)key.p;
	for (size_t i = sizeof("admin.") - 1; i < key.n; i++)
		if (p[i] == '.') p[i] = '-';
	return i18n_find(key, &m) ? i18n_text(r->lang, m) : name;
}

struct err *admin_event(struct request *r, struct tx *tx, const char *type)
{
	return event_insert(tx->db, tx->arena,
		&(struct event_insert_in){ .type = str_of(type),
			.occurred_at = tx->now,
			.recorded_at = tx->now,
			.actor_kind = STR("staff"),
			.actor_id = r->who->staff_id,
			.channel = STR("web"),
			.office = str_is_none(r->who->office) ? STR("") : r->who->office,
			.compartment = STR("ordinary"),
			.procedure_slug = STR(""),
			.pack_version_id = town_pack_version(r->town) },
		NULL);
}

static const struct route routes[] = {
	ROUTE_GET(ADMIN_PATH, PERM_ADMIN, NULL, SHOWS_NOTHING, 0, admin_loaded_page),
	ROUTE_GET(ADMIN_PATH "/claves", PERM_ADMIN, NULL, SHOWS_NOTHING, 0, admin_keys_page),
	ROUTE_GET(ADMIN_JOBS, PERM_ADMIN, NULL, SHOWS_NOTHING, 0, admin_jobs_page),
	ROUTE_POST(ADMIN_JOBS "/{id}/reintentar", PERM_ADMIN, NULL, SHOWS_NOTHING, 0, NULL, admin_retry_commit,
		admin_retry_answer),
	ROUTE_GET(ADMIN_ACCOUNTS, PERM_ADMIN, NULL, SHOWS_PERSONAL, 0, admin_accounts_page),
	ROUTE_POST(ADMIN_ACCOUNTS "/{login}/cerrar", PERM_ADMIN, NULL, SHOWS_NOTHING, 0, admin_close_prepare,
		admin_close_commit, admin_accounts_answer),
	ROUTE_POST(ADMIN_ACCOUNTS "/{login}/abrir", PERM_ADMIN, NULL, SHOWS_NOTHING, 0, NULL, admin_open_commit,
		admin_accounts_answer),
	{ 0 },
};

const struct module admin_module = {
	.name = "admin",
	.routes = routes,
	.menu = (const struct menu_entry[]){ { "admin.loaded", "file-text", ADMIN_PATH, PERM_ADMIN, 210,
											 "admin.group" },
		{ "admin.keys", "lock", ADMIN_PATH "/claves", PERM_ADMIN, 220, "admin.group" },
		{ "admin.jobs", "tool", ADMIN_JOBS, PERM_ADMIN, 230, "admin.group" },
		{ "admin.accounts", "users", ADMIN_ACCOUNTS, PERM_ADMIN, 240, "admin.group" }, { 0 } },
};
