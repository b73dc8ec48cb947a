#include "core/verify/verify_internal.h"

static const char *const step_keys[] = {
#define X(step, key) [step] = (key),
	VERIFY_STEPS(X)
#undef X
};

const char *verify_step_key(enum verify_step step)
{
	must(step < VERIFY_STEP_MAX);
	return step_keys[step];
}

bool report_add(struct verify_report *r, enum verify_step step, bool is_ok, struct str detail)
{
	must(r->count < VERIFY_STEP_MAX);
	r->findings[r->count++] = (struct verify_finding){ step, is_ok, step == VERIFY_WITNESS, detail };
	return is_ok;
}

void report_conclude(struct verify_report *r)
{
	r->is_valid = r->count > 0;
	for (size_t i = 0; i < r->count; i++)
		if (!r->findings[i].is_ok && !r->findings[i].is_advice) r->is_valid = false;
}

/* The log's signing keys under the log's name, and the witnesses. */
static size_t note_keys(struct arena *a, const struct key_history *h, struct note_key *keys)
{
	size_t count = 0;
	for (size_t i = 0; i < h->count && count < VERIFY_KEYS_MAX; i++)
		if (h->items[i].purpose == KEY_LOG_SIGNING)
			keys[count++] = note_key_new(h->origin, NOTE_ED25519, h->items[i].public_key);
	for (size_t i = 0; i < h->witness_count && count < VERIFY_KEYS_MAX; i++)
		if (note_key_parse(a, h->witnesses[i], &keys[count])) count++;
	return count;
}

static const struct public_key *owner(const struct key_history *h, const struct note_key *k)
{
	for (size_t i = 0; i < h->count; i++)
		if (h->items[i].purpose == KEY_LOG_SIGNING && str_eq(h->items[i].public_key, k->public_key))
			return &h->items[i];
	return NULL;
}

static bool check_note(struct arena *a, const struct note *n, const struct key_history *h,
	struct note_outcome *ret_outcome, const struct public_key **ret_key, struct str *ret_detail)
{
	struct note_key *keys = ARENA_ARRAY(a, struct note_key, VERIFY_KEYS_MAX);
	struct err *e = note_verify(a, n, keys, note_keys(a, h, keys), ret_outcome);
	if (e)
		*ret_detail = str_of(e->detail);
	else if (!ret_outcome->is_signed)
		*ret_detail = STR("no signature by a key of the history");
	else
		*ret_key = owner(h, ret_outcome->key);
	return !e && ret_outcome->is_signed;
}

/* A retired key signed while it was active, so what it signed cannot speak of later days. What a compromised one
 * signed may have been made by anybody since; only a witness's time tells. */
static bool check_key(const struct public_key *k, const struct note_outcome *o, struct instant newest,
	struct str *ret_detail)
{
	bool never_used = k->state == KEY_NEXT || instant_is_none(k->from);
	bool too_late = !instant_is_none(k->until) && !instant_is_none(newest) && newest.ms > k->until.ms;
	bool unsure = k->state == KEY_COMPROMISED &&
		(o->cosignatures == 0 || instant_is_none(k->until) || o->cosigned_at >= k->until.ms / 1000);
	if (never_used)
		*ret_detail = STR("the key had not been put to use");
	else if (too_late)
		*ret_detail = STR("the entry is later than the key's last day");
	else if (unsure)
		*ret_detail = STR("the key was compromised and no witness saw the checkpoint before");
	return !never_used && !too_late && !unsure;
}

static bool read_note(struct arena *a, struct str bytes, const struct key_history *h, struct note *note,
	struct checkpoint *c, struct str *ret_detail)
{
	struct err *e = note_parse(a, bytes, note);
	if (!e) e = checkpoint_parse(a, note->text, c);
	if (e)
		*ret_detail = str_of(e->detail);
	else if (!str_eq(c->origin, h->origin))
		*ret_detail = STR("a checkpoint of another log");
	return !e && str_eq(c->origin, h->origin);
}

bool report_checkpoint(struct verify_report *r, struct arena *a, struct str bytes,
	const struct key_history *h, struct instant newest)
{
	struct note note;
	struct note_outcome outcome = { 0 };
	const struct public_key *key = NULL;
	struct str detail = STR("");
	bool ok = read_note(a, bytes, h, &note, &r->checkpoint, &detail);
	if (!report_add(r, VERIFY_CHECKPOINT, ok, detail)) return false;
	ok = check_note(a, &note, h, &outcome, &key, &detail);
	if (!report_add(r, VERIFY_SIGNATURE, ok, detail)) return false;
	must(key);
	r->key_id = key->id;
	r->witnesses = outcome.cosignatures;
	r->cosigned_at = outcome.cosigned_at;
	r->is_witnessed = outcome.cosignatures > 0;
	ok = check_key(key, &outcome, newest, &detail);
	report_add(r, VERIFY_KEY, ok, detail);
	report_add(r, VERIFY_WITNESS, r->is_witnessed,
		r->is_witnessed ? STR("") : STR("no witness has cosigned it"));
	return ok;
}

bool checkpoint_holds(struct arena *a, struct str bytes, const struct key_history *h, struct checkpoint *ret)
{
	struct note note;
	struct note_outcome outcome = { 0 };
	const struct public_key *key = NULL;
	struct str detail;
	return read_note(a, bytes, h, &note, ret, &detail) && check_note(a, &note, h, &outcome, &key, &detail);
}
