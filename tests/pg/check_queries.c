/*
 * Every query of the program on PostgreSQL: prepared in a schema with all migrations, its parameters and
 * columns compared with what the generated C binds and reads. `make check-pg` runs it.
 *
 *   check_queries GEN      GEN: the folder of the generated code; VENTANILLA_TEST_PG: the server
 */
#include <libpq-fe.h>
#include <stdio.h>
#include <unistd.h>

#include "data/migrate.h"
#include "data/schema.h"

enum { TYPES_MAX = 200, SOURCE_MAX_BYTES = 16 * 1024 * 1024 };
/* pg_type.dat */
enum { OID_BOOL = 16, OID_BYTEA = 17, OID_INT8 = 20, OID_INT2 = 21, OID_INT4 = 23, OID_TEXT = 25 };

struct use { /* what the generated C does with a parameter or column: "int", "text"… */
	struct str kinds[TYPES_MAX];
	int count;
};

static int passed, failed;

static bool fits(struct str kind, Oid type, bool is_column)
{
	if (str_eq(kind, STR("bool"))) return type == OID_BOOL;
	if (str_eq(kind, STR("bytes"))) return type == OID_BYTEA;
	if (str_eq(kind, STR("text"))) return type == OID_TEXT || (is_column && type == OID_BYTEA);
	if (str_eq(kind, STR("date"))) return type == OID_TEXT;
	if (str_eq(kind, STR("int")) || str_eq(kind, STR("instant")) || str_eq(kind, STR("money")))
		return type == OID_INT8 || (is_column && (type == OID_INT4 || type == OID_INT2));
	return false;
}

static struct str read_source(struct arena *a, const char *gen, const char *unit)
{
	struct str path = arena_printf(a, "%s/%s/queries.c", gen, unit);
	FILE *f = fopen(path.p, "r");
	if (!f) return STR("");
	char *bytes = arena_alloc(a, SOURCE_MAX_BYTES);
	size_t n = fread(bytes, 1, SOURCE_MAX_BYTES, f);
	fclose(f);
	return (struct str){ bytes, n };
}

/* The text of one query's function: to the next query. */
static struct str function_of(struct arena *a, struct str source, const char *name)
{
	struct str mark = STR("\nstatic const struct query ");
	ptrdiff_t at = str_find(source, arena_printf(a, "%s%s_query = {", mark.p, name));
	if (at < 0) return STR("");
	struct str rest = str_slice(source, (size_t)at + mark.n, source.n);
	ptrdiff_t end = str_find(rest, mark);
	return end < 0 ? rest : str_slice(rest, 0, (size_t)end);
}

static void use_note(struct use *use, struct str kind, int at)
{
	if (at < 0 || at >= TYPES_MAX || str_eq(kind, STR("null"))) return;
	use->kinds[at] = kind;
	if (at >= use->count) use->count = at + 1;
}

/* Reads "stmt_bind_int(s, 3, …" and "stmt_text(s, a, 2)". */
static void uses_read(struct str function, struct use *ret_params, struct use *ret_columns)
{
	struct str rest = function;
	*ret_params = *ret_columns = (struct use){ 0 };
	for (;;) {
		ptrdiff_t at = str_find(rest, STR("stmt_"));
		if (at < 0) return;
		rest = str_slice(rest, (size_t)at + 5, rest.n);
		ptrdiff_t open = str_find(rest, STR("(s, "));
		if (open < 0 || open > 20) continue;
		struct str kind = str_slice(rest, 0, (size_t)open);
		const char *argument = rest.p + open + 4;
		while (*argument && *argument != ')' && (*argument < '0' || *argument > '9'))
			argument++; /* past the arena's name */
		char *end;
		long index = strtol(argument, &end, 10);
		if (end == argument) continue;
		if (str_starts_with(kind, STR("bind_")))
			use_note(ret_params, str_slice(kind, 5, kind.n), (int)index - 1);
		else if (!str_eq(kind, STR("is_null")))
			use_note(ret_columns, kind, (int)index);
	}
}

static void complain(const struct query_register *q, const char *what, int at, struct str kind, Oid type)
{
	printf("not ok %s (%s): %s %d is bound or read as \"%.*s\", and PostgreSQL has type %u\n", q->name, q->place,
		what, at, STR_FMT(kind), type);
}

static bool types_agree(const struct query_register *q, const PGresult *d, struct str function)
{
	struct use params, columns;
	bool good = true;
	uses_read(function, &params, &columns);
	if (PQnparams(d) != params.count || (columns.count && PQnfields(d) != columns.count)) {
		printf("not ok %s (%s): %d parameters and %d columns, in C %d and %d\n", q->name, q->place, PQnparams(d),
			PQnfields(d), params.count, columns.count);
		return false;
	}
	for (int i = 0; i < params.count; i++) {
		if (fits(params.kinds[i], PQparamtype(d, i), false)) continue;
		complain(q, "parameter", i + 1, params.kinds[i], PQparamtype(d, i));
		good = false;
	}
	for (int i = 0; i < columns.count; i++) {
		if (fits(columns.kinds[i], PQftype(d, i), true)) continue;
		complain(q, "column", i, columns.kinds[i], PQftype(d, i));
		good = false;
	}
	return good;
}

static bool query_check(PGconn *c, struct arena *a, const char *gen, const struct query_register *q)
{
	struct str function = function_of(a, read_source(a, gen, q->unit), q->name);
	if (str_is_empty(function)) {
		printf("not ok %s (%s): not in the generated code\n", q->name, q->place);
		return false;
	}
	PGresult *prepared = PQprepare(c, "", q->postgresql, 0, NULL);
	bool good = PQresultStatus(prepared) == PGRES_COMMAND_OK;
	if (!good) printf("not ok %s (%s): %s", q->name, q->place, PQresultErrorMessage(prepared));
	PQclear(prepared);
	if (!good) return false;
	PGresult *described = PQdescribePrepared(c, "");
	good = types_agree(q, described, function);
	PQclear(described);
	return good;
}

/* A schema with everything in it; its URL. */
static struct err *schema_make(struct arena *a, struct str server, struct str *ret_url)
{
	struct str name = arena_printf(a, "queries_%d", (int)getpid());
	struct str url = arena_printf(a, "%.*s&options=-csearch_path%%3D%s", STR_FMT(server), name.p);
	PGconn *c = PQconnectdb(arena_cz(a, server));
	PQclear(PQexec(c, arena_printf(a, "CREATE SCHEMA %s", name.p).p));
	PQfinish(c);
	struct db *db;
	int applied;
	TRY(db_open(a, url, DB_WRITE, &db));
	struct err *e = migrate_apply(db, a, schema_migrations, (struct instant){ 1 }, &applied);
	db_close(db);
	*ret_url = url;
	return e;
}

int main(int argc, char **argv)
{
	struct arena *a = arena_new((size_t)1024 * 1024 * 1024);
	const char *server = getenv("VENTANILLA_TEST_PG");
	struct str url;
	if (argc != 2 || !server) {
		fprintf(stderr, "usage: VENTANILLA_TEST_PG=URL check_queries GEN\n");
		return 64;
	}
	struct err *e = schema_make(a, str_of(server), &url);
	if (e) {
		printf("not ok migrations: %s\n0 passed, 1 failed\n", err_describe(a, e).p);
		return 1;
	}
	PGconn *c = PQconnectdb(url.p);
	for (const struct query_register *q = schema_queries; q->name; q++) {
		struct arena *own = arena_new(2 * SOURCE_MAX_BYTES);
		bool good = query_check(c, own, argv[1], q);
		passed += good;
		failed += !good;
		arena_free(own);
	}
	PQfinish(c);
	arena_free(a);
	printf("%d passed, %d failed\n", passed, failed);
	return failed > 0;
}
