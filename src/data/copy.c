/*
 * The statements are made here from the register of columns, as no query can name every table. Start at
 * copy_database().
 */
#include "data/copy.h"
#include "base/buf.h"
#include "data/db_engine.h"
#include "data/register_clock.h"

enum {
	COLUMNS_MAX = 100,
	TEXT_MAX = 64 * 1024,
	ROW_BYTES_MAX = STMT_EACH_ROW_BYTES,
	PROGRESS_ROWS = 1000,
	STATEMENT_INDEX = 1000, /* beside those that src/data numbers by hand */
};

struct table {
	const char *name;
	const struct column_register *columns;
	int column_count;
	struct query count, read, write;
};

struct copying {
	struct arena *arena;
	const struct copy_options *options;
	struct db *source, *target;
	struct table *tables;
	int table_count, statements;
	struct copy_progress progress;
	struct arena *row; /* reset for each */
};

struct cell {
	bool is_null;
	int64_t number;
	struct str text;
};

/* --- what there is --------------------------------------------------------------------------------------- */

static bool is_same_table(const struct column_register *a, const struct column_register *b)
{
	return b->table && strcmp(a->table, b->table) == 0;
}

static const struct column_register *id_of(const struct table *t)
{
	for (int i = 0; i < t->column_count; i++)
		if (t->columns[i].type == COL_ID) return &t->columns[i];
	return NULL;
}

/* "a, b, c", or "?1, ?2, ?3" in the way of the engine. */
static void add_list(struct buf *out, const struct table *t, const char *mark)
{
	for (int i = 0; i < t->column_count; i++) {
		if (i) buf_add(out, STR(", "));
		if (mark)
			buf_printf(out, "%s%d", mark, i + 1);
		else
			buf_add(out, str_of(t->columns[i].column));
	}
}

/* By its id, or, of a table without one, by everything: both engines compare bytes. */
static void add_order(struct buf *out, const struct table *t)
{
	const struct column_register *id = id_of(t);
	buf_add(out, STR(" ORDER BY "));
	for (int i = 0; i < t->column_count; i++) {
		if (id && id != &t->columns[i]) continue;
		buf_printf(out, "%s%s NULLS FIRST", i && !id ? ", " : "", t->columns[i].column);
	}
}

static const char *insert_text(struct arena *a, const struct table *t, const char *mark)
{
	struct buf out = buf_new(a, TEXT_MAX);
	buf_printf(&out, "INSERT INTO %s (", t->name);
	add_list(&out, t, NULL);
	buf_add(&out, STR(") VALUES ("));
	add_list(&out, t, mark);
	buf_add(&out, STR(")"));
	return arena_cz(a, buf_str(&out));
}

static void fill_statements(struct copying *c, struct table *t)
{
	struct buf out = buf_new(c->arena, TEXT_MAX);
	buf_add(&out, STR("SELECT "));
	add_list(&out, t, NULL);
	buf_printf(&out, " FROM %s", t->name);
	add_order(&out, t);
	const char *read = arena_cz(c->arena, buf_str(&out));
	const char *count = arena_printf(c->arena, "SELECT count(*) FROM %s", t->name).p;
	t->count = (struct query){ .name = t->name,
		.sqlite = count,
		.postgresql = count,
		.index = STATEMENT_INDEX + c->statements++,
		.columns = 1 };
	t->read = (struct query){ .name = t->name,
		.sqlite = read,
		.postgresql = read,
		.index = STATEMENT_INDEX + c->statements++,
		.columns = t->column_count };
	t->write = (struct query){ .name = t->name,
		.sqlite = insert_text(c->arena, t, "?"),
		.postgresql = insert_text(c->arena, t, "$"),
		.index = STATEMENT_INDEX + c->statements++,
		.params = t->column_count,
		.writes = true };
}

static void list_tables(struct copying *c)
{
	size_t columns = 0;
	while (c->options->columns[columns].table)
		columns++;
	c->tables = ARENA_ARRAY(c->arena, struct table, columns);
	for (const struct column_register *at = c->options->columns; at->table;) {
		struct table *t = &c->tables[c->table_count++];
		t->name = at->table;
		t->columns = at;
		while (is_same_table(t->columns, at)) {
			at++;
			t->column_count++;
		}
		must(t->column_count <= COLUMNS_MAX);
		fill_statements(c, t);
	}
}

/* --- rows ------------------------------------------------------------------------------------------------- */

static struct cell read_cell(struct stmt *s, struct arena *a, enum column_type type, int at)
{
	struct cell cell = { .is_null = stmt_is_null(s, at) };
	if (cell.is_null) return cell;
	switch (type) {
	case COL_ID:
	case COL_INT:
	case COL_INSTANT:
	case COL_MONEY: cell.number = stmt_int(s, at); break;
	case COL_BOOL: cell.number = stmt_bool(s, at); break;
	case COL_TEXT:
	case COL_BYTES:
	case COL_DATE:
	case COL_JSON: cell.text = stmt_text(s, a, at); break;
	}
	return cell;
}

static void bind_cell(struct stmt *s, int at, enum column_type type, const struct cell *cell)
{
	if (cell->is_null) {
		stmt_bind_null(s, at);
		return;
	}
	switch (type) {
	case COL_ID:
	case COL_INT:
	case COL_INSTANT:
	case COL_MONEY: stmt_bind_int(s, at, cell->number); break;
	case COL_BOOL: stmt_bind_bool(s, at, cell->number != 0); break;
	case COL_BYTES: stmt_bind_bytes(s, at, cell->text); break;
	case COL_TEXT:
	case COL_DATE:
	case COL_JSON: stmt_bind_text(s, at, cell->text); break;
	}
}

static void read_row(const struct table *t, struct stmt *s, struct arena *a, struct cell *ret)
{
	for (int i = 0; i < t->column_count; i++)
		ret[i] = read_cell(s, a, t->columns[i].type, i);
}

static void tell(struct copying *c, const struct table *t, bool is_end)
{
	c->progress.table = t->name;
	if (!is_end) c->progress.rows++;
	if (c->options->progress && (is_end || c->progress.rows % PROGRESS_ROWS == 0))
		c->options->progress(c->options->state, &c->progress);
}

static struct err *write_row(struct copying *c, const struct table *t, const struct cell *cells)
{
	struct stmt *s;
	bool row;
	TRY(db_statement(c->target, c->row, &t->write, &s));
	for (int i = 0; i < t->column_count; i++)
		bind_cell(s, i + 1, t->columns[i].type, &cells[i]);
	struct err *e = stmt_step(s, c->row, &row);
	stmt_done(s);
	return e;
}

/* What goes wrong is told from a row's arena; it has to outlive it. */
static struct err *kept(struct copying *c, struct err *e) { return e ? err_copy(c->arena, e) : NULL; }

static struct err *copy_rows(struct copying *c, const struct table *t, struct stmt *from)
{
	struct cell cells[COLUMNS_MAX];
	bool row;
	for (;;) {
		arena_reset(c->row);
		TRY(stmt_step(from, c->row, &row));
		if (!row) return NULL;
		read_row(t, from, c->row, cells);
		TRY(write_row(c, t, cells));
		tell(c, t, false);
	}
}

static struct err *copy_table(struct copying *c, const struct table *t)
{
	struct stmt *from;
	TRY(db_statement(c->source, c->arena, &t->read, &from));
	struct err *e = kept(c, copy_rows(c, t, from));
	stmt_done(from);
	if (!e) tell(c, t, true);
	return e;
}

/* --- comparing ---------------------------------------------------------------------------------------------- */

static bool is_equal(const struct cell *a, const struct cell *b)
{
	return a->is_null == b->is_null && a->number == b->number && a->text.n == b->text.n &&
		(a->text.n == 0 || memcmp(a->text.p, b->text.p, a->text.n) == 0);
}

static struct err *compare_rows(struct copying *c, const struct table *t, struct stmt *from, struct stmt *to)
{
	struct cell left[COLUMNS_MAX], right[COLUMNS_MAX];
	for (int64_t at = 1;; at++) {
		bool has_left, has_right;
		arena_reset(c->row);
		TRY(stmt_step(from, c->row, &has_left));
		TRY(stmt_step(to, c->row, &has_right));
		if (has_left != has_right)
			return ERR(c->row, ERR_INVALID, NULL, "%s: row %lld is only on one side", t->name, (long long)at);
		if (!has_left) return NULL;
		read_row(t, from, c->row, left);
		read_row(t, to, c->row, right);
		for (int i = 0; i < t->column_count; i++)
			if (!is_equal(&left[i], &right[i]))
				return ERR(c->row, ERR_INVALID, NULL, "%s.%s: row %lld arrived otherwise than it was",
					t->name, t->columns[i].column, (long long)at);
		tell(c, t, false);
	}
}

static struct err *compare_table(struct copying *c, const struct table *t)
{
	struct stmt *from, *to;
	TRY(db_statement(c->source, c->arena, &t->read, &from));
	struct err *e = db_statement(c->target, c->arena, &t->read, &to);
	if (!e) {
		e = kept(c, compare_rows(c, t, from, to));
		stmt_done(to);
	}
	stmt_done(from);
	if (!e) tell(c, t, true);
	return e;
}

/* --- before and after ---------------------------------------------------------------------------------------- */

static struct err *ask_number(struct db *db, struct arena *a, const struct query *q, int64_t *ret)
{
	struct stmt *s;
	bool row = false;
	TRY(db_statement(db, a, q, &s));
	struct err *e = stmt_step(s, a, &row);
	if (!e) *ret = row ? stmt_int(s, 0) : 0;
	stmt_done(s);
	return e;
}

static const struct query tables_query = { .name = "copy_tables",
	.sqlite = "SELECT count(*) FROM sqlite_schema WHERE type = 'table'",
	.postgresql =
		"SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename <> 'commit_mark'",
	.index = 31,
	.columns = 1 };

static struct err *prepare_target(struct copying *c)
{
	int64_t there;
	int applied;
	TRY(ask_number(c->target, c->arena, &tables_query, &there));
	if (there)
		return ERR(c->arena, ERR_CONFLICT, NULL, "the target has %lld tables already: it must be empty",
			(long long)there);
	return migrate_apply(c->target, c->arena, c->options->migrations, c->options->now, &applied);
}

/* PostgreSQL gives ids from counters of its own. SQLite looks for the largest. */
static struct err *set_counters(struct copying *c)
{
	struct buf out = buf_new(c->arena, TEXT_MAX);
	for (int i = 0; i < c->table_count; i++) {
		const struct table *t = &c->tables[i];
		const struct column_register *id = id_of(t);
		if (!id) continue;
		buf_printf(&out,
			"SELECT setval(pg_get_serial_sequence('%s', '%s'), coalesce(max(%s), 0) + 1, false) FROM %s;",
			t->name, id->column, id->column, t->name);
	}
	must(!buf_overflowed(&out));
	return db_script(c->target, c->arena, "", arena_cz(c->arena, buf_str(&out)));
}

/* The register's time goes on where it stood. */
static struct err *copy_clock(struct copying *c)
{
	struct instant at;
	TRY(register_clock_make(c->source, c->arena));
	TRY(register_clock_read(c->source, c->arena, &at));
	TRY(register_clock_make(c->target, c->arena));
	return register_clock_advance(c->target, c->arena, at);
}

static struct err *fill_target(struct copying *c)
{
	for (int i = 0; i < c->table_count; i++) {
		int64_t rows;
		TRY(ask_number(c->source, c->arena, &c->tables[i].count, &rows));
		c->progress.of += 2 * rows;
	}
	for (int i = 0; i < c->table_count; i++)
		TRY(copy_table(c, &c->tables[i]));
	TRY(set_counters(c));
	TRY(copy_clock(c));
	for (int i = 0; i < c->table_count; i++)
		TRY(compare_table(c, &c->tables[i]));
	return NULL;
}

/* --- closing the source -------------------------------------------------------------------------------------- */

static const char marker_text[] = "CREATE TABLE moved_away (target TEXT NOT NULL, at BIGINT NOT NULL)";
static const struct query marker_insert = { .name = "copy_marker",
	.sqlite = "INSERT INTO moved_away (target, at) VALUES (?1, ?2)",
	.postgresql = "INSERT INTO moved_away (target, at) VALUES ($1::text, $2::bigint)",
	.index = 32,
	.params = 2,
	.writes = true };
static const struct query marker_there = { .name = "copy_marker_there",
	.sqlite = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'moved_away'",
	.postgresql =
		"SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'moved_away'",
	.index = 33,
	.columns = 1 };
static const struct query marker_read = { .name = "copy_marker_read",
	.sqlite = "SELECT target FROM moved_away",
	.postgresql = "SELECT target FROM moved_away",
	.index = 34,
	.columns = 1 };

/* Each statement that would write meets a trigger; the engines' codes for it are ERR_UNAVAILABLE. */
static struct err *shut(struct copying *c)
{
	struct buf sqlite = buf_new(c->arena, TEXT_MAX), postgresql = buf_new(c->arena, TEXT_MAX);
	buf_add(&postgresql,
		STR("CREATE FUNCTION moved_away() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION "
			"'moved away' USING ERRCODE = 'cannot_connect_now'; END $$;"));
	static const char *const acts[] = { "INSERT", "UPDATE", "DELETE" };
	for (int i = 0; i < c->table_count; i++) {
		const char *name = c->tables[i].name;
		for (size_t k = 0; k < sizeof acts / sizeof *acts; k++)
			buf_printf(&sqlite,
				"CREATE TRIGGER moved_away_%s_%s BEFORE %s ON %s BEGIN SELECT RAISE(ABORT, 'moved away'); END;",
				name, acts[k], acts[k], name);
		buf_printf(&postgresql,
			"CREATE TRIGGER moved_away BEFORE INSERT OR UPDATE OR DELETE ON %s FOR EACH STATEMENT EXECUTE "
			"FUNCTION moved_away();",
			name);
	}
	must(!buf_overflowed(&sqlite) && !buf_overflowed(&postgresql));
	return db_script(c->source, c->arena, arena_cz(c->arena, buf_str(&sqlite)),
		arena_cz(c->arena, buf_str(&postgresql)));
}

static struct err *close_source(struct copying *c)
{
	struct stmt *s;
	bool row;
	TRY(db_script(c->source, c->arena, marker_text, marker_text));
	TRY(db_statement(c->source, c->arena, &marker_insert, &s));
	stmt_bind_text(s, 1, c->options->target_name);
	stmt_bind_instant(s, 2, c->options->now);
	struct err *e = stmt_step(s, c->arena, &row);
	stmt_done(s);
	return e ? e : shut(c);
}

struct err *copy_moved_to(struct db *db, struct arena *a, struct str *ret)
{
	struct stmt *s;
	int64_t there;
	bool row = false;
	*ret = STR_NONE;
	TRY(ask_number(db, a, &marker_there, &there));
	if (!there) return NULL;
	TRY(db_statement(db, a, &marker_read, &s));
	struct err *e = stmt_step(s, a, &row);
	if (!e) *ret = row ? stmt_text(s, a, 0) : STR("");
	stmt_done(s);
	return e;
}

/* --- the whole -------------------------------------------------------------------------------------------------- */

static struct err *copy_locked(struct copying *c)
{
	TRY(migrate_check(c->source, c->arena, c->options->migrations));
	TRY(db_begin(c->target, c->arena));
	struct err *e = fill_target(c);
	if (e) {
		db_rollback(c->target);
		return e;
	}
	TRY(db_commit(c->target, c->arena));
	return close_source(c);
}

struct err *copy_database(struct arena *a, struct db *source, struct db *target, const struct copy_options *o,
	struct copied *ret)
{
	struct copying c = { .arena = a, .options = o, .source = source, .target = target };
	struct str moved;
	list_tables(&c);
	TRY(copy_moved_to(source, a, &moved));
	if (!str_is_none(moved))
		return ERR(a, ERR_CONFLICT, NULL, "the rows were moved to %.*s before", STR_FMT(moved));
	TRY(prepare_target(&c));
	c.row = arena_new(ROW_BYTES_MAX);
	struct err *e = db_begin(source, a);
	if (!e) {
		e = copy_locked(&c);
		if (!e)
			e = db_commit(source, a);
		else
			db_rollback(source);
	}
	arena_free(c.row);
	*ret = (struct copied){ c.table_count, c.progress.rows / 2 };
	return e;
}
