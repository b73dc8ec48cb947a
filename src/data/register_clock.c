#include "data/register_clock.h"
#include "data/db_engine.h"

static const char table_text[] =
	"CREATE TABLE IF NOT EXISTS register_clock (one INTEGER PRIMARY KEY CHECK (one = 1), "
	"ms BIGINT NOT NULL); INSERT INTO register_clock (one, ms) VALUES (1, 0) ON CONFLICT (one) DO NOTHING";
static const struct query get_query = { .name = "clock_get",
	.sqlite = "SELECT ms FROM register_clock",
	.postgresql = "SELECT ms FROM register_clock",
	.index = 21,
	.columns = 1 };
static const struct query set_query = { .name = "clock_set",
	.sqlite = "UPDATE register_clock SET ms = ?1 WHERE ms < ?1",
	.postgresql = "UPDATE register_clock SET ms = $1::bigint WHERE ms < $1::bigint",
	.index = 22,
	.params = 1,
	.writes = true };

struct err *register_clock_make(struct db *db, struct arena *a)
{
	return db_script(db, a, table_text, table_text);
}

struct err *register_clock_read(struct db *db, struct arena *a, struct instant *ret)
{
	struct stmt *s;
	bool row = false;
	*ret = (struct instant){ 0 };
	TRY(db_statement(db, a, &get_query, &s));
	struct err *e = stmt_step(s, a, &row);
	if (!e && row) ret->ms = stmt_int(s, 0);
	stmt_done(s);
	return e;
}

struct err *register_clock_advance(struct db *db, struct arena *a, struct instant to)
{
	struct stmt *s;
	bool row;
	TRY(db_statement(db, a, &set_query, &s));
	stmt_bind_instant(s, 1, to);
	struct err *e = stmt_step(s, a, &row);
	stmt_done(s);
	return e;
}
