/* `ventanilla keys list|history|request|import|rotate|retire`: the keyring of a municipality. No secret is ever printed. */
#include "app/read_file.h"
#include "app/service.h"
#include "core/keyring/history.h"
#include "core/pdf/pades.h"
#include "core/token/token.h"

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
	call_printf("%-22s %.*s  %-11s %-10s %-24.*s %-24.*s %.*s\n", key_purpose_name(key->purpose),
		STR_FMT(key->id), key_state_name(key->state), key_place_name(key->place),
		STR_FMT(instant_iso(a, key->from)), STR_FMT(instant_iso(a, key->until)), STR_FMT(key->label));
	if (key->place == KEY_IN_TOKEN && !str_is_empty(key->uri)) call_printf("  %.*s\n", STR_FMT(key->uri));
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

static struct err *import(const struct command_call *call, struct keyring *keyring, enum key_purpose purpose,
	struct instant now, const struct key **ret)
{
	struct str private_pem, certificates_pem, label = call_option(call, "label"),
											  uri = call_option(call, "token");
	TRY(read_file(call->arena, call_option(call, "certificates"), &certificates_pem));
	if (!str_is_none(uri))
		return keyring_adopt(keyring, call->arena, purpose, label, uri, certificates_pem, now, ret);
	TRY(read_file(call->arena, call_option(call, "key"), &private_pem));
	return keyring_import(keyring, call->arena, purpose, label, private_pem, certificates_pem, now, ret);
}

static struct err *run_import(struct command_call *call)
{
	struct keyring *keyring;
	enum key_purpose purpose;
	struct instant now;
	const struct key *key;
	if (call_has(call, "key") == call_has(call, "token"))
		return ERR(call->arena, ERR_USAGE, NULL,
			"'keys import' needs either --key or --token: where the key is");
	TRY(purpose_of(call, &purpose));
	TRY(now_of(call, &now));
	TRY(open_keys_to_change(call, &keyring));
	TRY(import(call, keyring, purpose, now, &key));
	print_key(call->arena, key);
	return NULL;
}

static struct err *generate(const struct command_call *call)
{
	struct str algorithm = call_option(call, "generate");
	if (str_eq(algorithm, STR("rsa-3072")))
		return token_generate(call->arena, call_option(call, "token"), TOKEN_RSA_3072);
	if (str_eq(algorithm, STR("ec-p256")))
		return token_generate(call->arena, call_option(call, "token"), TOKEN_EC_P256);
	return ERR(call->arena, ERR_USAGE, NULL, "--generate takes rsa-3072 or ec-p256");
}

/* The names are the town's own, as its seal shows them. */
static struct err *run_request(struct command_call *call)
{
	struct town *town;
	struct str pem;
	if (call_has(call, "generate")) TRY(generate(call));
	TRY(service_town(call, &town));
	const struct pack *pack = town_pack(town);
	struct str lang = pack->languages.items[0];
	struct seal_subject subject = { .common_name = text_in(pack->seal_name, lang),
		.organization = text_in(pack->full_name, lang),
		.country = pack->country };
	struct err *e = seal_key_request(call->arena, &subject, call_option(call, "token"), &pem);
	town_close(town);
	if (!e) call_print(pem);
	return e;
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
	{ "key", "FILE", "the private key, PEM, not encrypted", false },
	{ "token", "URI", "or the PKCS#11 URI of a key that stays in its token", false },
	{ "certificates", "FILE", "its certificate and then those above it, PEM", true },
	{ 0 },
};
static const struct command_option request_options[] = {
	OPTION_DATA,
	OPTION_TOWN,
	{ "token", "URI", "the PKCS#11 URI of the key", true },
	{ "generate", "KIND", "make the key there first: rsa-3072 or ec-p256", false },
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
	{ "keys request", NULL, 0, 0,
		"Prints the certificate request (PKCS#10) for a seal's key in a PKCS#11 token",
		"The URI (RFC 7512) names token and key, the library with module-path and the file of the PIN with "
		"pin-source; a PIN never stands in it. What the trust service issues for it goes to 'keys import --token'.",
		request_options, run_request },
	{ "keys rotate", NULL, 0, 0, "Makes the next key of a purpose the active one and retires the former",
		NULL, rotate_options, run_rotate },
	{ "keys retire", NULL, 0, 0, "Retires a key that is not active, or declares one compromised", NULL,
		retire_options, run_retire },
	{ 0 },
};
