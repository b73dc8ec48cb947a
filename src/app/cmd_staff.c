/* `ventanilla staff …` and `token …`: people who work for the town hall, and the programs that act for them. */
#include <termios.h>
#include <unistd.h>

#include "app/account.h"
#include "app/service.h"
#include "core/session/queries.h"
#include "core/staff/queries.h"

enum { TOKEN_DAYS_MAX = 3650 };

/* From the terminal without echo, or a line of standard input. */
static struct err *read_password(struct arena *a, struct str *ret)
{
	char line[512];
	struct termios before, quiet;
	bool is_terminal = tcgetattr(STDIN_FILENO, &before) == 0;
	if (is_terminal) {
		fputs("Password: ", stderr);
		quiet = before;
		quiet.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	}
	const char *got = fgets(line, sizeof(line), stdin);
	if (is_terminal) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
		fputs("\n", stderr);
	}
	if (!got) return ERR(a, ERR_USAGE, NULL, "the password is read from standard input, and there was none");
	*ret = arena_str(a, str_trim(str_of(line)));
	return NULL;
}

static struct err *read_roles(const struct command_call *call, struct account *account)
{
	struct str rest = call_option(call, "roles");
	while (!str_is_none(rest)) {
		struct str role = str_trim(str_cut(&rest, ','));
		struct near near = near_start(role);
		for (const struct role *r = roles; r->name; r++)
			near_try(&near, str_of(r->name));
		if (role_permissions(role) == 0)
			return ERR(call->arena, ERR_USAGE, NULL, "there is no role '%.*s'%.*s", STR_FMT(role),
				STR_FMT(near_hint(call->arena, &near)));
		if (account->role_count == ACCOUNT_ROLES_MAX)
			return ERR(call->arena, ERR_USAGE, NULL, "at most %d roles", ACCOUNT_ROLES_MAX);
		account->roles[account->role_count++] = role;
	}
	return NULL;
}

static struct err *run_add(struct command_call *call)
{
	struct account account = { .login = call_option(call, "login"),
		.name = call_option(call, "name"),
		.post = call_option(call, "post"),
		.department = call_option(call, "department") };
	struct town *town;
	int64_t id = 0;
	TRY(read_roles(call, &account));
	TRY(read_password(call->arena, &account.password));
	TRY(service_town(call, &town));
	struct err *e = account_add(town, call->arena, &account, &id);
	if (!e) call_printf("Account %.*s, number %lld.\n", STR_FMT(account.login), (long long)id);
	town_close(town);
	return e;
}

static struct err *print_staff(struct command_call *call, struct town *town)
{
	struct db *db;
	struct staff_all_rows rows;
	TRY(town_connect(town, call->arena, &db));
	struct err *e = staff_all(db, call->arena, &rows);
	for (size_t i = 0; !e && i < rows.count; i++)
		call_printf("%.*s\t%s\t%.*s\t%.*s\n", STR_FMT(rows.items[i].login),
			rows.items[i].is_active ? "open" : "closed", STR_FMT(rows.items[i].display_name),
			STR_FMT(rows.items[i].post));
	db_close(db);
	return e;
}

static struct err *run_list(struct command_call *call)
{
	struct town *town;
	TRY(service_town(call, &town));
	struct err *e = print_staff(call, town);
	town_close(town);
	return e;
}

static struct err *set_active(struct command_call *call, bool is_active)
{
	struct town *town;
	TRY(service_town(call, &town));
	struct err *e = account_set_active(town, call->arena, call_option(call, "login"), is_active);
	town_close(town);
	return e;
}

static struct err *run_close(struct command_call *call) { return set_active(call, false); }

static struct err *run_reopen(struct command_call *call) { return set_active(call, true); }

static struct err *run_password(struct command_call *call)
{
	struct town *town;
	struct str password = STR_NONE;
	TRY(read_password(call->arena, &password));
	TRY(service_town(call, &town));
	struct err *e = account_set_password(town, call->arena, call_option(call, "login"), password);
	town_close(town);
	return e;
}

static struct err *run_token(struct command_call *call)
{
	struct town *town;
	struct str token = STR("");
	int64_t days;
	TRY(call_number(call, "days", 1, TOKEN_DAYS_MAX, 365, &days));
	TRY(service_town(call, &town));
	struct err *e = account_token(town, call->arena, call_option(call, "login"), call_option(call, "name"),
		days, &token);
	if (!e) call_printf("%.*s\n", STR_FMT(token));
	town_close(town);
	return e;
}

static struct err *print_tokens(struct command_call *call, struct town *town)
{
	struct db *db;
	struct api_token_all_rows rows;
	TRY(town_connect(town, call->arena, &db));
	struct err *e = api_token_all(db, call->arena, &(struct api_token_all_in){ .now = town_now(town) },
		&rows);
	for (size_t i = 0; !e && i < rows.count; i++) {
		struct str until = date_iso(call->arena, zone_date(town->zone, rows.items[i].expires_at));
		call_printf("%lld\t%.*s\t%.*s\t%.*s\n", (long long)rows.items[i].id, STR_FMT(rows.items[i].login),
			STR_FMT(until), STR_FMT(rows.items[i].name));
	}
	db_close(db);
	return e;
}

static struct err *run_tokens(struct command_call *call)
{
	struct town *town;
	TRY(service_town(call, &town));
	struct err *e = print_tokens(call, town);
	town_close(town);
	return e;
}

static struct err *run_token_end(struct command_call *call)
{
	struct town *town;
	int64_t id;
	TRY(call_number(call, "number", 1, INT64_MAX, 0, &id));
	TRY(service_town(call, &town));
	struct err *e = account_token_end(town, call->arena, id);
	town_close(town);
	return e;
}

static const struct command_option add_options[] = {
	OPTION_DATA,
	OPTION_TOWN,
	{ "login", "NAME", "what they type to sign in: lower-case letters, digits, '.', '-'", true },
	{ "name", "TEXT", "their name, as citizens read it", true },
	{ "post", "TEXT", "their post, as it stands under what they sign", true },
	{ "roles", "NAMES", "clerk, officer, counter, cashier, administrator; separated by commas", true },
	{ "department", "ID", "whose cases they see, by its id in the pack; every department when left out",
		false },
	{ 0 },
};
static const struct command_option list_options[] = { OPTION_DATA, OPTION_TOWN, { 0 } };
static const struct command_option login_options[] = {
	OPTION_DATA,
	OPTION_TOWN,
	{ "login", "NAME", "the account", true },
	{ 0 },
};
static const struct command_option token_options[] = {
	OPTION_DATA,
	OPTION_TOWN,
	{ "login", "NAME", "the member of staff whose rights it carries", true },
	{ "name", "TEXT", "what it is for, as lists show it", true },
	{ "days", "N", "how long it is good; a year when left out", false },
	{ 0 },
};

static const struct command_option end_options[] = {
	OPTION_DATA,
	OPTION_TOWN,
	{ "number", "N", "its number, as token list prints it", true },
	{ 0 },
};

const struct command staff_commands[] = {
	{ "staff add", NULL, 0, 0, "Makes an account for a member of staff",
		"The password is read from standard input.", add_options, run_add },
	{ "staff list", NULL, 0, 0, "Lists the accounts", "A line an account: login, open or closed, name, post.",
		list_options, run_list },
	{ "staff close", NULL, 0, 0,
		"Closes the account of somebody who leaves: its sessions and tokens end at once", NULL, login_options,
		run_close },
	{ "staff reopen", NULL, 0, 0, "Opens a closed account again", NULL, login_options, run_reopen },
	{ "staff password", NULL, 0, 0, "Gives an account a new password, and ends its sessions",
		"The password is read from standard input.", login_options, run_password },
	{ "token create", NULL, 0, 0, "Makes an API token and prints it, once", NULL, token_options, run_token },
	{ "token list", NULL, 0, 0, "Lists the API tokens that are good",
		"A line a token: number, account, last day, what it is for.", list_options, run_tokens },
	{ "token end", NULL, 0, 0, "Withdraws an API token: it opens nothing from then on", NULL, end_options,
		run_token_end },
	{ 0 },
};
