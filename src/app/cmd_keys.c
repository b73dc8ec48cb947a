/* `ventanilla keys list|history|import|rotate|retire`: the keyring of a municipality. No secret is ever printed. */
#include "app/read_file.h"
#include "app/service.h"
#include "core/keyring/history.h"

/* The keyring without the rest of the town: it must be reachable when the town does not open. */
static struct err *folder_of(const struct command_call *call, struct str *ret)
{
	struct installation in;
	size_t at;
	TRY(service_installation(call, &in));
	TRY(installation_find(&in, call->arena, call_option(call, "town"), &at));
	*ret = arena_printf(call->arena, "%.*s/keys", STR_FMT(in.towns[at].folder));
	return NULL;
}

static struct err *open_keys(const struct command_call *call, struct keyring **ret)
{
	struct str folder;
	TRY(folder_of(call, &folder));
	return keyring_open(call->arena, folder, str_of(getenv("CREDENTIALS_DIRECTORY")), ret);
}

static struct err *open_keys_to_change(const struct command_call *call, struct keyring **ret)
{
	struct str folder;
	TRY(folder_of(call, &folder));
	return keyring_open_to_change(call->arena, folder, str_of(getenv("CREDENTIALS_DIRECTORY")), ret);
}

static void print_key(struct arena *a, const struct key *key)
{
	static const char *const places[] = { "file", "credential" };
	call_printf("%-22s %.*s  %-11s %-10s %-24.*s %-24.*s %.*s\n", key_purpose_name(key->purpose),
		STR_FMT(key->id), key_state_name(key->state), places[key->place], STR_FMT(instant_iso(a, key->from)),
		STR_FMT(instant_iso(a, key->until)), STR_FMT(key->label));
}

static struct err *run_list(struct command_call *call)
{
	struct keyring *keyring;
	TRY(open_keys(call, &keyring));
	call_printf("%-22s %-17s %-11s %-10s %-24s %-24s %s\n", "purpose", "id", "state", "place", "from",
		"until", "label");
	for (size_t n = 0; keyring_at(keyring, n); n++)
		print_key(call->arena, keyring_at(keyring, n));
	return NULL;
}

/* Keys of a simulated town carry its own time, else its documents would be older than their seal. */
static struct err *now_of(const struct command_call *call, struct instant *ret)
{
	struct town *town;
	TRY(service_town(call, &town));
	*ret = town_now(town);
	town_close(town);
	return NULL;
}

static struct err *purpose_of(const struct command_call *call, enum key_purpose *ret)
{
	if (key_purpose_find(call_option(call, "purpose"), ret)) return NULL;
	struct near near = near_start(call_option(call, "purpose"));
	for (int p = 0; p < KEY_PURPOSE_MAX; p++)
		near_try(&near, str_of(key_purpose_name((enum key_purpose)p)));
	return ERR(call->arena, ERR_USAGE, NULL, "there is no such purpose%.*s",
		STR_FMT(near_hint(call->arena, &near)));
}

static struct err *run_import(struct command_call *call)
{
	struct keyring *keyring;
	enum key_purpose purpose;
	struct instant now;
	struct str private_pem, certificates_pem;
	const struct key *key;
	TRY(purpose_of(call, &purpose));
	TRY(read_file(call->arena, call_option(call, "key"), &private_pem));
	TRY(read_file(call->arena, call_option(call, "certificates"), &certificates_pem));
	TRY(now_of(call, &now));
	TRY(open_keys_to_change(call, &keyring));
	TRY(keyring_import(keyring, call->arena, purpose, call_option(call, "label"), private_pem,
		certificates_pem, now, &key));
	print_key(call->arena, key);
	return NULL;
}

static struct err *run_rotate(struct command_call *call)
{
	struct keyring *keyring;
	enum key_purpose purpose;
	struct instant now;
	const struct key *key;
	TRY(purpose_of(call, &purpose));
	struct str label = call_option(call, "label");
	TRY(now_of(call, &now));
	TRY(open_keys_to_change(call, &keyring));
	TRY(keyring_rotate(keyring, call->arena, purpose, str_is_none(label) ? STR("") : label, now, &key));
	print_key(call->arena, key);
	call_printf("A running server uses it within seconds.\n");
	return NULL;
}

static struct err *run_retire(struct command_call *call)
{
	struct keyring *keyring;
	struct instant now;
	TRY(now_of(call, &now));
	TRY(open_keys_to_change(call, &keyring));
	TRY(keyring_retire(keyring, call->arena, call_option(call, "id"), call_has(call, "compromised"), now));
	const struct key *key = keyring_by_id(keyring, call_option(call, "id"));
	if (key) print_key(call->arena, key);
	return NULL;
}

/* What anyone needs to check receipts, documents and the log years later: public keys only. */
static struct err *run_history(struct command_call *call)
{
	struct town *town;
	TRY(service_town(call, &town));
	struct str json = key_history_write(call->arena, town->keyring, town_origin(town, call->arena), NULL, 0);
	call_printf("%.*s\n", STR_FMT(json));
	town_close(town);
	return NULL;
}

static const struct command_option list_options[] = { OPTION_DATA, OPTION_TOWN, { 0 } };
static const struct command_option rotate_options[] = {
	OPTION_DATA,
	OPTION_TOWN,
	{ "purpose", "NAME", "what the key is for, as 'keys list' prints it", true },
	{ "label", "TEXT", "which of several organ seals", false },
	{ 0 },
};
static const struct command_option import_options[] = {
	OPTION_DATA,
	OPTION_TOWN,
	{ "purpose", "NAME", "what the key is for, as 'keys list' prints it", true },
	{ "label", "TEXT", "which of several organ seals", false },
	{ "key", "FILE", "the private key, PEM, not encrypted", true },
	{ "certificates", "FILE", "its certificate and then those above it, PEM", true },
	{ 0 },
};
static const struct command_option retire_options[] = {
	OPTION_DATA,
	OPTION_TOWN,
	{ "id", "ID", "the key, as 'keys list' prints it", true },
	{ "compromised", NULL, "somebody else may have it: what it signed from now on is worth nothing", false },
	{ 0 },
};

const struct command keys_commands[] = {
	{ "keys list", NULL, 0, 0, "Prints the keys of a municipality, without their secrets", NULL, list_options,
		run_list },
	{ "keys history", NULL, 0, 0, "Prints the public key history that 'verify' takes", NULL, list_options,
		run_history },
	{ "keys import", NULL, 0, 0, "Takes in an organ's seal that a trust service issued",
		"It is used at once when there is none for its purpose and label; otherwise it is the next one, which "
		"'keys rotate' makes the active one.",
		import_options, run_import },
	{ "keys rotate", NULL, 0, 0, "Makes the next key of a purpose the active one and retires the former",
		NULL, rotate_options, run_rotate },
	{ "keys retire", NULL, 0, 0, "Retires a key that is not active, or declares one compromised", NULL,
		retire_options, run_retire },
	{ 0 },
};
