/* `ventanilla verify`: documents, receipts and copies of the public log, against a published key history, offline. */
#include <sys/stat.h>

#include "app/command.h"
#include "app/read_file.h"
#include "core/i18n.h"
#include "core/keyring/history.h"
#include "core/pdf/pades.h"
#include "core/verify/verify.h"

enum { CERTIFICATES_MAX = 1024 * 1024 };

static struct err *read_history(const struct command_call *call, struct key_history *ret)
{
	struct str json;
	if (!call_has(call, "keys"))
		return ERR(call->arena, ERR_USAGE, NULL,
			"'verify' needs --keys FILE: the municipality's published key history");
	TRY(read_file(call->arena, call_option(call, "keys"), &json));
	return key_history_read(call->arena, json, ret);
}

static void print_fact(const char *name, struct str value)
{
	if (!str_is_empty(value)) call_printf("  %-14s %.*s\n", name, STR_FMT(value));
}

static void print_step(bool is_ok, bool is_advice, struct str what, struct str detail)
{
	call_printf("  %-4s %.*s%s%.*s\n",
		is_ok           ? "ok"
			: is_advice ? "note"
						: "BAD",
		STR_FMT(what), str_is_empty(detail) ? "" : ": ", STR_FMT(detail));
}

static struct err *conclude(struct arena *a, bool is_valid, struct str file)
{
	call_printf("%.*s: %s\n", STR_FMT(file), is_valid ? "valid" : "NOT valid");
	return is_valid ? NULL : ERR(a, ERR_INVALID, NULL, "%.*s does not hold", STR_FMT(file));
}

/* --- receipts and logs -------------------------------------------------------------------------------------- */

static struct str step_text(enum verify_step step)
{
	enum message m;
	struct str key = str_of(verify_step_key(step));
	return i18n_find(key, &m) ? i18n_text(STR("en"), m) : key;
}

static void print_report(struct arena *a, const struct verify_report *report)
{
	print_fact("number", report->entry.number);
	if (!str_is_empty(report->entry.number)) {
		print_fact("registered", instant_iso(a, report->entry.at));
		print_fact("subject", report->entry.subject);
	}
	print_fact("log", report->checkpoint.origin);
	for (size_t i = 0; i < report->count; i++) {
		const struct verify_finding *f = &report->findings[i];
		print_step(f->is_ok, f->is_advice, step_text(f->step), f->detail);
	}
}

static struct err *check_receipt(struct command_call *call, struct str file, struct str bytes)
{
	struct key_history history = { 0 };
	struct verify_report report;
	TRY(read_history(call, &history));
	TRY(verify_receipt(call->arena, bytes, &history, &report));
	print_report(call->arena, &report);
	return conclude(call->arena, report.is_valid, file);
}

static struct err *check_log(struct command_call *call, struct str folder)
{
	struct key_history history = { 0 };
	struct verify_report report;
	struct str old = STR_NONE;
	TRY(read_history(call, &history));
	if (call_has(call, "since")) TRY(read_file(call->arena, call_option(call, "since"), &old));
	struct verify_log log = verify_log_folder(call->arena, folder);
	TRY(verify_log(call->arena, &log, &history, old, &report));
	print_report(call->arena, &report);
	return conclude(call->arena, report.is_valid, folder);
}

/* --- documents ------------------------------------------------------------------------------------------------ */

/* Whom a document's seal may lead to: the organ seals of the history, or certificates given apart. */
static struct err *read_trusted(const struct command_call *call, struct str *ret)
{
	if (call_has(call, "certificates")) return read_file(call->arena, call_option(call, "certificates"), ret);
	struct key_history history = { 0 };
	TRY(read_history(call, &history));
	struct buf pem = buf_new(call->arena, CERTIFICATES_MAX);
	for (size_t i = 0; i < history.count; i++) {
		if (history.items[i].purpose == KEY_ORGAN_SEAL) buf_add(&pem, history.items[i].public_key);
	}
	*ret = buf_str(&pem);
	return NULL;
}

/* Who vouches for time stamps is nobody of the municipality: the reader brings the authority's certificates. */
static struct err *read_trust(const struct command_call *call, struct pades_trust *ret)
{
	*ret = (struct pades_trust){ .stamps = { .pem = STR("") } };
	if (call_has(call, "time-stamps"))
		TRY(read_file(call->arena, call_option(call, "time-stamps"), &ret->stamps.pem));
	return read_trusted(call, &ret->seals);
}

/* An authority that is not known decides nothing; a token that does not hold does. */
static void print_stamp(struct arena *a, const struct timestamp_facts *stamp)
{
	bool is_bad = stamp->state == TIMESTAMP_BAD;
	if (stamp->state == TIMESTAMP_NONE) return;
	if (!instant_is_none(stamp->at)) print_fact("stamped time", instant_iso(a, stamp->at));
	print_fact("stamped by", stamp->authority);
	print_step(!is_bad, false, STR("the time stamp is of this signature"), is_bad ? stamp->problem : STR(""));
	if (is_bad) return;
	print_step(stamp->state == TIMESTAMP_GOOD, true, STR("its authority is trusted"), stamp->problem);
}

static struct err *check_document(struct command_call *call, struct str file, struct str bytes)
{
	struct pades_facts facts;
	struct pades_trust trust;
	TRY(read_trust(call, &trust));
	TRY(pades_verify(call->arena, bytes, &trust, &facts));
	print_step(facts.has_seal, false, STR("it carries a seal"), STR(""));
	if (facts.has_seal) {
		print_fact("seal", facts.signer);
		print_fact("organ", facts.organ);
		print_fact("organisation", facts.organization);
		print_fact("claimed time", instant_iso(call->arena, facts.claimed));
		print_fact("certificate", facts.fingerprint);
		print_step(facts.covers_all, false, STR("the seal covers the whole file"), STR(""));
		print_step(facts.digest_ok, false, STR("the bytes are those that were sealed"), STR(""));
		print_step(facts.signature_ok, false, STR("the signature holds"), STR(""));
		print_step(facts.trusted, false, STR("its certificate is the municipality's"), facts.problem);
		print_stamp(call->arena, &facts.stamp);
	}
	bool is_valid = facts.intact && facts.trusted && facts.stamp.state != TIMESTAMP_BAD;
	return conclude(call->arena, is_valid, file);
}

static bool is_folder(struct arena *a, struct str path)
{
	struct stat st;
	return stat(arena_cz(a, path), &st) == 0 && S_ISDIR(st.st_mode);
}

static struct err *run_verify(struct command_call *call)
{
	struct str file = call->arguments[0], bytes;
	if (is_folder(call->arena, file)) return check_log(call, file);
	TRY(read_file(call->arena, file, &bytes));
	if (str_starts_with(bytes, STR("%PDF"))) return check_document(call, file, bytes);
	return check_receipt(call, file, bytes);
}

static const struct command_option verify_options[] = {
	{ "keys", "FILE", "the municipality's key history, as it publishes it and 'keys history' prints it",
		false },
	{ "certificates", "FILE", "for a PDF, certificates to trust instead of those in the history", false },
	{ "time-stamps", "FILE", "for a PDF, certificates (PEM) of authorities whose time stamps are trusted",
		false },
	{ "since", "FILE", "for a log, an older checkpoint that it must have grown from", false },
	{ 0 },
};

const struct command verify_commands[] = {
	{ "verify", "FILE", 1, 1, "Checks a document (PDF), a receipt (JSON) or a copied log (folder) offline",
		"It needs no database and no network: what the municipality published is enough. "
		"A revoked document is still intact; whether it was revoked only the municipality's check page tells.",
		verify_options, run_verify },
	{ 0 },
};
