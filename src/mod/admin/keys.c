/* The keys, and what is to be done about them before it is too late. No secret is shown. */
#include "core/pdf/pades.h"
#include "mod/admin/admin.html.h"
#include "mod/admin/pages.h"

/* A trust service takes its time. */
enum { WARN_DAYS = 60, KEYS_MAX = 512 };

#define DAY_MS (INT64_C(24) * 3600 * 1000)

static struct tag_view state_tag(struct request *r, const struct key *key)
{
	static const enum part_tone tones[] = { [KEY_NEXT] = TONE_INFO,
		[KEY_ACTIVE] = TONE_OK,
		[KEY_RETIRED] = TONE_PLAIN,
		[KEY_COMPROMISED] = TONE_BAD };
	return (struct tag_view){ .tone = tones[key->state],
		.text = admin_word(r, "state", str_of(key_state_name(key->state))) };
}

static void warn(struct keys_view *v, enum part_tone tone, struct str title, struct str text)
{
	v->notices.items[v->notices.count++] = (struct notice_view){ .tone = tone, .title = title, .text = text };
}

/* Only what seals now, or will next, is anybody's worry. */
static void judge_certificate(struct request *r, struct keys_view *v, const struct key *key,
	struct key_row *row)
{
	struct instant from;
	struct err *unread = seal_key_validity(r->arena, key->public_key, &from, &row->certificate_until);
	if (unread) row->certificate_until = INSTANT_NONE;
	if (unread || (key->state != KEY_ACTIVE && key->state != KEY_NEXT)) return;
	int64_t left_ms = row->certificate_until.ms - r->now.ms;
	struct str title = arena_printf(r->arena, "%.*s, %.*s:", STR_FMT(row->purpose), STR_FMT(key->id));
	if (from.ms > r->now.ms)
		warn(v, TONE_WARN, title, i18n_text(r->lang, MSG_ADMIN_KEY_EARLY));
	else if (left_ms <= 0)
		warn(v, TONE_BAD, title, i18n_text(r->lang, MSG_ADMIN_KEY_EXPIRED));
	else if (left_ms < WARN_DAYS * DAY_MS)
		warn(v, TONE_WARN, title,
			i18n_format(r->arena, r->lang, MSG_ADMIN_KEY_EXPIRES,
				(const struct i18n_arg[]){ I18N_ARG("n", (int)(left_ms / DAY_MS)), { 0 } }));
}

static void warn_of_missing(struct request *r, struct keys_view *v)
{
	for (int p = 0; p < KEY_PURPOSE_MAX; p++) {
		const struct key *key;
		if (!keyring_active(r->town->keyring, r->arena, (enum key_purpose)p, STR_NONE, &key)) continue;
		warn(v, TONE_BAD, STR_NONE,
			i18n_format(r->arena, r->lang, MSG_ADMIN_KEY_NONE,
				(const struct i18n_arg[]){
					I18N_ARG("purpose",
						admin_word(r, "purpose", str_of(key_purpose_name((enum key_purpose)p)))),
					{ 0 } }));
	}
}

struct err *admin_keys_page(struct request *r, struct response *out)
{
	const struct key *key;
	struct view *view = page_view(r);
	struct keys_view v = { .page = page_office(r, view, i18n_text(r->lang, MSG_ADMIN_KEYS)),
		.notices = { ARENA_ARRAY(r->arena, struct notice_view, KEYS_MAX + KEY_PURPOSE_MAX), 0 },
		.rows = { ARENA_ARRAY(r->arena, struct key_row, KEYS_MAX), 0 } };
	warn_of_missing(r, &v);
	for (size_t n = 0; n < KEYS_MAX && (key = keyring_at(r->town->keyring, n)); n++) {
		struct key_row *row = &v.rows.items[v.rows.count++];
		*row = (struct key_row){ .purpose = admin_word(r, "purpose", str_of(key_purpose_name(key->purpose))),
			.label = key->label,
			.id = key->id,
			.place = admin_word(r, "place", str_of(key_place_name(key->place))),
			.state = state_tag(r, key),
			.from = key->from,
			.until = key->until,
			.certificate_until = INSTANT_NONE };
		if (key->kind == KEY_CERTIFIED) judge_certificate(r, &v, key, row);
	}
	admin_keys_html(view, &v);
	page_send(out, view);
	return NULL;
}
