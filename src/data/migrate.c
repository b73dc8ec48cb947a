/*
 * Applies what is missing of the program's migrations, in one transaction, and refuses a database that went
 * another way: a changed text, an unknown or newer migration, a gap before an applied one.
 */
#include "data/migrate.h"
#include "data/db_engine.h"

struct applied {
	struct str unit, name, checksum;
};
struct applied_list {
	struct applied *items;
	size_t count;
};

static const char table_text[] =
	"CREATE TABLE IF NOT EXISTS schema_migration (unit TEXT NOT NULL, name TEXT NOT NULL, "
	"checksum TEXT NOT NULL, applied_at BIGINT NOT NULL, PRIMARY KEY (unit, name))";

static const struct query table_query = { .name = "migration_table",
	.sqlite = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migration'",
	.postgresql =
		"SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'schema_migration'",
	.index = 11,
	.columns = 1 };
static const struct query list_query = { .name = "migration_list",
	.sqlite = "SELECT unit, name, checksum FROM schema_migration ORDER BY unit, name",
	.postgresql = "SELECT unit, name, checksum FROM schema_migration ORDER BY unit, name",
	.index = 12,
	.columns = 3 };
static const struct query insert_query = { .name = "migration_insert",
	.sqlite = "INSERT INTO schema_migration (unit, name, checksum, applied_at) VALUES (?1, ?2, ?3, ?4)",
	.postgresql = "INSERT INTO schema_migration (unit, name, checksum, applied_at) "
				  "VALUES ($1::text, $2::text, $3::text, $4::bigint)",
	.index = 13,
	.params = 4,
	.writes = true };

static struct err *has_table(struct db *db, struct arena *a, bool *ret)
{
	struct stmt *s;
	bool row = false;
	TRY(db_statement(db, a, &table_query, &s));
	struct err *e = stmt_step(s, a, &row);
	if (!e) *ret = row && stmt_int(s, 0) > 0;
	stmt_done(s);
	return e;
}

static struct err *applied_read(struct db *db, struct arena *a, struct applied_list *ret)
{
	struct stmt *s;
	struct err *e;
	bool row = false;
	size_t room = 0;
	struct applied_list list = { 0 };
	TRY(db_statement(db, a, &list_query, &s));
	while (!(e = stmt_step(s, a, &row)) && row) {
		list.items = stmt_room(a, list.items, list.count, &room, sizeof *list.items);
		list.items[list.count++] = (struct applied){ stmt_text(s, a, 0), stmt_text(s, a, 1),
			stmt_text(s, a, 2) };
	}
	stmt_done(s);
	if (!e) *ret = list;
	return e;
}

static const struct applied *applied_find(const struct applied_list *list, const struct migration *m)
{
	for (size_t i = 0; i < list->count; i++) {
		if (str_eq(list->items[i].unit, str_of(m->unit)) && str_eq(list->items[i].name, str_of(m->name)))
			return &list->items[i];
	}
	return NULL;
}

static bool is_known(const struct migration *all, const struct applied *one)
{
	for (; all->unit; all++) {
		if (str_eq(one->unit, str_of(all->unit)) && str_eq(one->name, str_of(all->name))) return true;
	}
	return false;
}

/* The database's history must be the beginning of the program's, unit by unit. */
static struct err *history_check(struct arena *a, const struct applied_list *list,
	const struct migration *all)
{
	for (size_t i = 0; i < list->count; i++) {
		if (!is_known(all, &list->items[i]))
			return ERR(a, ERR_CONFLICT, NULL,
				"the database has migration %.*s/%.*s, which this program does not know: it is newer",
				STR_FMT(list->items[i].unit), STR_FMT(list->items[i].name));
	}
	for (const struct migration *m = all; m->unit; m++) {
		const struct applied *done = applied_find(list, m);
		if (done && !str_eq(done->checksum, str_of(m->checksum)))
			return ERR(a, ERR_CONFLICT, NULL, "migration %s/%s was changed after it was applied", m->unit,
				m->name);
		if (done) continue;
		for (size_t i = 0; i < list->count; i++) {
			if (str_eq(list->items[i].unit, str_of(m->unit)) &&
				str_cmp(list->items[i].name, str_of(m->name)) > 0)
				return ERR(a, ERR_CONFLICT, NULL,
					"migration %s/%s comes before %.*s, which is applied already", m->unit, m->name,
					STR_FMT(list->items[i].name));
		}
	}
	return NULL;
}

static struct err *one_apply(struct db *db, struct arena *a, const struct migration *m, struct instant now)
{
	struct err *e = db_script(db, a, m->sqlite, m->postgresql);
	if (e) return err_wrap(a, e, "migration %s/%s", m->unit, m->name);
	struct stmt *s;
	bool row;
	TRY(db_statement(db, a, &insert_query, &s));
	stmt_bind_text(s, 1, str_of(m->unit));
	stmt_bind_text(s, 2, str_of(m->name));
	stmt_bind_text(s, 3, str_of(m->checksum));
	stmt_bind_instant(s, 4, now);
	e = stmt_step(s, a, &row);
	stmt_done(s);
	return e;
}

static struct err *all_apply(struct db *db, struct arena *a, const struct migration *all, struct instant now,
	int *ret)
{
	struct applied_list list;
	int count = 0;
	TRY(db_script(db, a, table_text, table_text));
	TRY(applied_read(db, a, &list));
	TRY(history_check(a, &list, all));
	for (const struct migration *m = all; m->unit; m++) {
		if (applied_find(&list, m)) continue;
		TRY(one_apply(db, a, m, now));
		count++;
	}
	*ret = count;
	return NULL;
}

struct err *migrate_apply(struct db *db, struct arena *a, const struct migration *all, struct instant now,
	int *ret_applied)
{
	int count = 0;
	TRY(db_begin(db, a));
	struct err *e = all_apply(db, a, all, now, &count);
	if (e) {
		db_rollback(db);
		return e;
	}
	TRY(db_commit(db, a));
	*ret_applied = count;
	return NULL;
}

struct err *migrate_check(struct db *db, struct arena *a, const struct migration *all)
{
	struct applied_list list = { 0 };
	bool exists = false;
	TRY(has_table(db, a, &exists));
	if (exists) TRY(applied_read(db, a, &list));
	TRY(history_check(a, &list, all));
	for (const struct migration *m = all; m->unit; m++) {
		if (!applied_find(&list, m))
			return ERR(a, ERR_UNAVAILABLE, NULL, "migration %s/%s is not applied: run the upgrade", m->unit,
				m->name);
	}
	return NULL;
}
