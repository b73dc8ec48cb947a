#include "mod/verify/pages.h"
#include "core/case/case.h"
#include "core/codes/code.h"
#include "core/file/file.h"
#include "core/page.h"
#include "mod/verify/examine.h"
#include "mod/verify/verify.html.h"
#include "web/form.h"
#include "web/limits.h"
#include "i18n/verify.h"

enum { FACTS_MAX = 8 };

/* Keys cannot be guessed (130 bits); the limit keeps the attempt from being free. */
static const struct limit_rule attempts = { "verify", 30, 300 };

static const struct {
	enum message title, lead, below;
	const char *icon;
	enum seal_mark mark;
	bool is_bad;
} words[] = {
	[VERDICT_NONE] = { MSG_VERIFY_TITLE, MSG_VERIFY_LEAD, MSG_VERIFY_TITLE, "shield-check", SEAL_ARCH,
		false },
	[VERDICT_VALID] = { MSG_VERIFY_VALID, MSG_VERIFY_VALID_LEAD, MSG_VERIFY_VALID_SEAL, "shield-check",
		SEAL_CHECK, false },
	[VERDICT_EXPIRED] = { MSG_VERIFY_EXPIRED, MSG_VERIFY_EXPIRED_LEAD, MSG_VERIFY_EXPIRED_SEAL, "shield-x",
		SEAL_CROSS, true },
	[VERDICT_REVOKED] = { MSG_VERIFY_REVOKED, MSG_VERIFY_REVOKED_LEAD, MSG_VERIFY_REVOKED_SEAL, "shield-x",
		SEAL_CROSS, true },
	[VERDICT_PREPARING] = { MSG_VERIFY_PREPARING, MSG_VERIFY_PREPARING_LEAD, MSG_VERIFY_PREPARING_SEAL,
		"shield-check", SEAL_ARCH, false },
	[VERDICT_ALTERED] = { MSG_VERIFY_ALTERED, MSG_VERIFY_ALTERED_LEAD, MSG_VERIFY_ALTERED_SEAL, "shield-x",
		SEAL_CROSS, true },
	[VERDICT_FOREIGN] = { MSG_VERIFY_FOREIGN, MSG_VERIFY_FOREIGN_LEAD, MSG_VERIFY_FOREIGN_SEAL, "shield-x",
		SEAL_CROSS, true },
	[VERDICT_UNKNOWN] = { MSG_VERIFY_UNKNOWN, MSG_VERIFY_UNKNOWN_LEAD, MSG_VERIFY_UNKNOWN_SEAL, "shield-x",
		SEAL_CROSS, true },
};

static void add_fact(struct verify_view *v, const struct request *r, enum message key, struct str value)
{
	must(v->facts.rows.count < FACTS_MAX);
	if (!str_is_empty(value))
		v->facts.rows.items[v->facts.rows.count++] = (struct summary_line){ .key = i18n_text(r->lang, key),
			.value = value };
}

/* "Desarrollo Urbano, Municipio de León" */
static struct err *issuer(struct request *r, const struct finding_of_document *f, struct str *ret)
{
	struct case_record c;
	TRY(case_load(r->town, r->db, r->arena, f->case_id, &c));
	struct str town = text_in(c.pack->full_name, r->lang);
	*ret = !c.department
		? town
		: arena_printf(r->arena, "%.*s, %.*s", STR_FMT(text_in(c.department->name, r->lang)), STR_FMT(town));
	return NULL;
}

static struct str seal_words(const struct request *r, const struct finding_of_document *f)
{
	if (!f->was_file) return STR_NONE;
	if (!f->seal.has_seal) return i18n_text(r->lang, MSG_VERIFY_SEAL_NONE);
	return i18n_text(r->lang, f->seal.intact ? MSG_VERIFY_SEAL_INTACT : MSG_VERIFY_SEAL_BROKEN);
}

/* "24 de noviembre de 2026, 14:05 (Autoridad de Sellado)" */
static struct str stamp_words(const struct request *r, const struct timestamp_facts *stamp)
{
	if (stamp->state == TIMESTAMP_NONE) return STR_NONE;
	if (stamp->state == TIMESTAMP_BAD) return i18n_text(r->lang, MSG_VERIFY_STAMP_BAD);
	struct i18n_arg args[] = { I18N_ARG("at",
								   i18n_datetime(r->arena, r->lang, r->town->zone, stamp->at, I18N_PLAIN)),
		I18N_ARG("authority", str_is_empty(stamp->authority) ? STR("?") : stamp->authority), { 0 } };
	bool is_good = stamp->state == TIMESTAMP_GOOD;
	return i18n_format(r->arena, r->lang, is_good ? MSG_VERIFY_STAMP_GOOD : MSG_VERIFY_STAMP_UNKNOWN, args);
}

static struct err *add_facts(struct request *r, const struct finding_of_document *f, struct verify_view *v)
{
	v->facts.rows.items = ARENA_ARRAY(r->arena, struct summary_line, FACTS_MAX);
	if (f->has_document) {
		const struct zone *zone = r->town->zone;
		struct str who;
		TRY(issuer(r, f, &who));
		struct instant issued = f->issued_at;
		add_fact(v, r, MSG_VERIFY_FACT_KIND, f->title);
		add_fact(v, r, MSG_VERIFY_FACT_ISSUER, who);
		if (!instant_is_none(issued))
			add_fact(v, r, MSG_VERIFY_FACT_ISSUED,
				i18n_date(r->arena, r->lang, zone_date(zone, issued), I18N_PLAIN));
		add_fact(v, r, MSG_VERIFY_FACT_UNTIL, i18n_date(r->arena, r->lang, f->valid_until, I18N_PLAIN));
		if (!instant_is_none(f->revoked_at))
			add_fact(v, r, MSG_VERIFY_FACT_REVOKED,
				i18n_date(r->arena, r->lang, zone_date(zone, f->revoked_at), I18N_PLAIN));
		add_fact(v, r, MSG_VERIFY_FACT_NUMBER, f->registry_number);
	}
	add_fact(v, r, MSG_VERIFY_FACT_SEAL, seal_words(r, f));
	add_fact(v, r, MSG_VERIFY_FACT_STAMP, stamp_words(r, &f->seal.stamp));
	return NULL;
}

static void add_form(const struct request *r, struct verify_view *v, struct str error)
{
	v->key_control = (struct form_control){ .kind = CONTROL_TEXT,
		.id = STR("clave"),
		.name = STR("clave"),
		.label = i18n_text(r->lang, MSG_VERIFY_KEY),
		.hint = i18n_text(r->lang, MSG_VERIFY_KEY_HINT),
		.error = error,
		.width = CONTROL_WIDTH_FULL };
	v->file_control = (struct form_control){ .kind = CONTROL_FILE,
		.id = STR("archivo"),
		.name = STR("archivo"),
		.label = i18n_text(r->lang, MSG_VERIFY_FILE),
		.accept = STR("application/pdf,.pdf") };
}

static struct err *send(struct request *r, struct response *out, const struct verify_view *v)
{
	struct view *view = page_view(r);
	verify_html(view, v);
	page_send(out, view);
	return NULL;
}

struct err *verify_page(struct request *r, struct response *out)
{
	struct verify_view v = { .page = { .title = i18n_text(r->lang, MSG_VERIFY_TITLE) } };
	add_form(r, &v, STR_NONE);
	out->cache = CACHE_REVALIDATE;
	return send(r, out, &v);
}

static struct err *show(struct request *r, struct response *out, const struct finding_of_document *f,
	struct str typed)
{
	struct str town = text_in(town_pack(r->town)->full_name, r->lang), key;
	struct i18n_arg args[] = { I18N_ARG("town", town), { 0 } };
	struct verify_view v = { .verdict = f->verdict,
		.is_bad = words[f->verdict].is_bad,
		.title = i18n_text(r->lang, words[f->verdict].title),
		.lead = i18n_format(r->arena, r->lang, words[f->verdict].lead, args),
		.icon = str_of(words[f->verdict].icon),
		.compare = f->verdict == VERDICT_VALID ? i18n_text(r->lang, MSG_VERIFY_COMPARE) : STR_NONE };
	v.page.title = v.title;
	struct str rim[] = { text_in(town_pack(r->town)->seal_name, r->lang),
		text_in(town_pack(r->town)->seal_legend, r->lang) };
	v.seal = (struct seal_view){ arena_join(r->arena, rim, 2, STR(" · ")),
		i18n_text(r->lang, words[f->verdict].below), v.title, words[f->verdict].mark, v.is_bad };
	if (!f->was_file && code_parse(r->arena, CODE_KEY, typed, &key)) {
		v.key = code_format(r->arena, key);
		v.download_key = f->file_id && f->verdict == VERDICT_VALID ? key : STR_NONE;
	}
	struct str at = i18n_datetime(r->arena, r->lang, r->town->zone, r->now, I18N_LONG);
	v.checked_at = i18n_format(r->arena, r->lang, MSG_VERIFY_CHECKED,
		(struct i18n_arg[]){ I18N_ARG("at", at), { 0 } });
	TRY(add_facts(r, f, &v));
	add_form(r, &v, STR_NONE);
	return send(r, out, &v);
}

/* Nothing that could be looked at: at the key, or at the file. */
static struct err *nothing_given(struct request *r, struct response *out, bool is_file)
{
	struct verify_view v = { .page = { .title = i18n_text(r->lang, MSG_VERIFY_TITLE), .has_errors = true } };
	add_form(r, &v, is_file ? STR_NONE : i18n_text(r->lang, MSG_VERIFY_NOTHING));
	if (is_file) v.file_control.error = i18n_text(r->lang, MSG_VERIFY_FILE_BAD);
	out->status = 422;
	return send(r, out, &v);
}

static struct err *take_attempt(struct request *r)
{
	return r->town->limits ? limits_take(r->town->limits, &attempts, r, STR_NONE, NULL) : NULL;
}

struct err *verify_answer(struct request *r, struct response *out)
{
	struct finding_of_document f;
	struct str typed = form_text(r->form, STR("clave"));
	const struct upload *file = form_upload(r->form, STR("archivo"));
	TRY(take_attempt(r));
	if (file && (file->is_too_large || file->facts.bytes == 0)) return nothing_given(r, out, true);
	if (file)
		TRY(examine_upload(r, file, &f));
	else if (str_is_empty(typed))
		return nothing_given(r, out, false);
	else
		TRY(examine_key(r, typed, &f));
	return show(r, out, &f, typed);
}

struct err *verify_document_answer(struct request *r, struct response *out)
{
	struct finding_of_document f;
	TRY(take_attempt(r));
	TRY(examine_key(r, form_text(r->form, STR("clave")), &f));
	if (!f.file_id || f.verdict != VERDICT_VALID)
		return ERR(r->arena, ERR_NOT_FOUND, NULL, "no issued document has that key");
	struct file_info info;
	struct file_reader *reader;
	TRY(file_open_stored(r->town, r->db, r->arena, f.file_id, &info, &reader));
	struct str name = arena_printf(r->arena, "%.*s.pdf", STR_FMT(f.registry_number));
	response_stored_file(out, reader, info.bytes, info.media_type, name);
	return NULL;
}
