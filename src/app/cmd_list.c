/* `ventanilla routes|permissions|jobs|tables`: the tables that the program runs on, as text separated by tabs. */
#include "app/command.h"
#include "core/module.h"
#include "core/session/session.h"
#include "data/schema.h"

static const char *method_name(enum method m)
{
	switch (m) {
	case METHOD_GET: return "GET";
	case METHOD_HEAD: return "HEAD";
	case METHOD_POST: return "POST";
	case METHOD_PUT: return "PUT";
	case METHOD_DELETE: return "DELETE";
	case METHOD_OTHER: break;
	}
	return "?";
}

static struct str flags_text(struct arena *a, unsigned flags)
{
	static const struct {
		unsigned flag;
		const char *name;
	} names[] = { { ROUTE_SLOW, "slow" }, { ROUTE_UPLOAD, "upload" }, { ROUTE_TOKEN, "token" },
		{ ROUTE_NO_CSRF, "no-csrf" }, { ROUTE_STREAM, "stream" } };
	struct buf out = buf_new(a, 100);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (flags & names[i].flag) buf_printf(&out, "%s%s", out.n ? "," : "", names[i].name);
	}
	return out.n ? buf_str(&out) : STR("-");
}

/* Who gets past the permission of each address; what an object rule says then is another matter. */
static void print_roles(void)
{
	const uint64_t anonymous = who_anonymous.permissions;
	call_printf("method\tpath\tanonymous");
	for (const struct role *role = roles; role->name; role++)
		call_printf("\t%s", role->name);
	call_printf("\n");
	for (const struct module *const *m = modules; *m; m++) {
		for (const struct route *r = (*m)->routes; r && r->path; r++) {
			enum permission needed = (enum permission)r->permission;
			call_printf("%s\t%s\t%s", method_name(r->method), r->path,
				permission_in(anonymous, needed) ? "yes" : "-");
			for (const struct role *role = roles; role->name; role++)
				call_printf("\t%s", permission_in(role->permissions, needed) ? "yes" : "-");
			call_printf("\n");
		}
	}
}

static struct err *run_routes(struct command_call *call)
{
	static const char *const shows[] = { "nothing", "personal", "sensitive" };
	if (call_has(call, "roles")) {
		print_roles();
		return NULL;
	}
	call_printf("module\tmethod\tpath\tpermission\tobject\tshows\tflags\n");
	for (const struct module *const *m = modules; *m; m++) {
		for (const struct route *r = (*m)->routes; r && r->path; r++)
			call_printf("%s\t%s\t%s\t%s\t%s\t%s\t%.*s\n", (*m)->name, method_name(r->method), r->path,
				permission_name((enum permission)r->permission), r->rule ? "rule" : "-", shows[r->shows],
				STR_FMT(flags_text(call->arena, r->flags)));
	}
	return NULL;
}

static struct err *run_permissions(struct command_call *call)
{
	(void)call;
	call_printf("permission\ttitle");
	for (const struct role *r = roles; r->name; r++)
		call_printf("\t%s", r->name);
	call_printf("\n");
	for (int p = PERM_PUBLIC; p < PERMISSION_MAX; p++) {
		call_printf("%s\t%s", permission_name((enum permission)p), permission_title((enum permission)p));
		for (const struct role *r = roles; r->name; r++)
			call_printf("\t%s", permission_in(r->permissions, (enum permission)p) ? "yes" : "-");
		call_printf("\n");
	}
	return NULL;
}

static struct err *run_jobs(struct command_call *call)
{
	(void)call;
	call_printf("module\tjob\tattempts\tbackoff_s\tevery_s\n");
	for (const struct module *const *m = modules; *m; m++) {
		for (const struct job_kind *k = (*m)->jobs; k && k->name; k++)
			call_printf("%s\t%s\t%d\t%d\t%d\n", (*m)->name, k->name, k->max_attempts, k->backoff_s,
				k->every_s);
	}
	return NULL;
}

static struct err *run_tables(struct command_call *call)
{
	(void)call;
	call_printf("table\tcolumn\tclass\tsubject\tretention\n");
	for (const struct column_register *c = schema_columns; c->table; c++)
		call_printf("%s\t%s\t%s\t%s\t%s\n", c->table, c->column, c->class, c->subject ? c->subject : "-",
			c->retention ? c->retention : "-");
	return NULL;
}

static struct err *run_queries(struct command_call *call)
{
	(void)call;
	call_printf("query\tplace\tkind\thot\tscope\treason\n");
	for (const struct query_register *q = schema_queries; q->name; q++)
		call_printf("%s\t%s\t%s\t%s\t%s\t%s\n", q->name, q->place, q->kind, q->hot ? "hot" : "-",
			q->scoped       ? "scoped"
				: q->system ? "system"
							: "-",
			q->system ? q->system : "-");
	return NULL;
}

static const struct command_option routes_options[] = {
	{ "roles", NULL, "each address with the roles that may enter, as in tests/permissions.tsv", false },
	{ 0 },
};

const struct command list_commands[] = {
	{ "routes", NULL, 0, 0, "Prints every address with its permission, object rule and what it shows", NULL,
		routes_options, run_routes },
	{ "permissions", NULL, 0, 0, "Prints what may be done, and which roles may", NULL, NULL,
		run_permissions },
	{ "jobs", NULL, 0, 0, "Prints what is done after commits and at intervals", NULL, NULL, run_jobs },
	{ "tables", NULL, 0, 0, "Prints every column with what it holds of people and how long it is kept", NULL,
		NULL, run_tables },
	{ "queries", NULL, 0, 0, "Prints every query, and why those without a scope may do without", NULL, NULL,
		run_queries },
	{ 0 },
};
