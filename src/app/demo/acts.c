#include "app/demo/acts.h"
#include "app/demo/fill.h"
#include "core/draft/draft_file.h"

/* One act inside its commit. */
struct scene {
	const struct acting *acting;
	struct story *story;
	struct case_record record; /* of acts on a case that exists */
	struct case_step step;
	/* Prepared before the commit. */
	struct filled filled;
	struct upload *uploads;
	struct case_upload *again; /* the file a correction brings */
};
typedef struct err *scene_fn(struct tx *tx, struct scene *scene);

static struct case_by by_staff(const struct scene *scene, int64_t staff_id)
{
	return (struct case_by){ .as = WHO_STAFF,
		.staff_id = staff_id,
		.channel = STR("counter"),
		.office = scene->acting->staff->office };
}

/* --- beginning and filing ------------------------------------------------------------------------------------------ */

static struct err *store_files(const struct acting *acting, struct arena *work, struct scene *scene)
{
	scene->uploads = ARENA_ARRAY(work, struct upload, scene->filled.file_count);
	for (size_t i = 0; i < scene->filled.file_count; i++) {
		const struct fill_file *file = &scene->filled.files[i];
		struct upload *upload = &scene->uploads[i];
		*upload = (struct upload){ .field = file->field->id,
			.file_name = file->name,
			.head = str_slice(file->bytes, 0, 4096) };
		TRY(file_store(acting->town->files, work, file->bytes, &upload->facts));
	}
	return NULL;
}

static struct err *begin_scene(struct tx *tx, struct scene *scene)
{
	struct story *s = scene->story;
	struct town *t = scene->acting->town;
	struct draft_start start = { .town = t,
		.pack_version = town_pack_version(t),
		.slug = s->procedure->id,
		.lang = town_pack(t)->languages.items[0],
		.channel = s->is_at_counter ? STR("counter") : STR("web"),
		.staff_id = s->is_at_counter ? scene->acting->staff->counter : 0 };
	struct draft seen = { 0 }, draft;
	struct str cookie;
	TRY(draft_start(tx, &start, &seen.id, &cookie));
	seen.code = draft_code_of_cookie(cookie);
	TRY(draft_again(tx, t, &seen, &draft));
	for (size_t i = 0; i < scene->filled.file_count; i++)
		TRY(draft_attach(tx, t, &draft, scene->filled.files[i].field, &scene->uploads[i],
			scene->filled.files[i].media));
	const struct answers *answers = scene->filled.answers;
	for (const struct page *page = page_after(answers, NULL); page; page = page_after(answers, page))
		TRY(draft_store(tx, &draft, answers, page, true));
	s->draft_id = draft.id;
	s->draft_code = arena_str(scene->acting->arena, seen.code);
	return NULL;
}

static struct err *file_scene(struct tx *tx, struct scene *scene)
{
	struct story *s = scene->story;
	struct town *t = scene->acting->town;
	struct draft seen = { .id = s->draft_id, .code = s->draft_code }, draft;
	struct answers *answers;
	TRY(draft_again(tx, t, &seen, &draft));
	TRY(draft_read(&draft, t, tx->db, tx->arena, tx->now, &answers));
	struct filing filing = { .town = t,
		.pack_version = draft.pack_version,
		.procedure = draft.procedure,
		.answers = answers,
		.lang = draft.lang,
		.by = s->is_at_counter ? by_staff(scene, scene->acting->staff->counter) : case_by_citizen,
		.draft_id = draft.id };
	struct filed filed;
	TRY(filing_record(tx, &filing, &filed));
	s->case_id = filed.case_id;
	s->number = arena_str(scene->acting->arena, filed.number);
	s->status_code = arena_str(scene->acting->arena, filed.status_code);
	s->key = arena_str(scene->acting->arena, filed.key);
	return NULL;
}

/* --- the office ------------------------------------------------------------------------------------------------------ */

static const char *const notes[] = { "Revisado: los datos coinciden con lo que adjuntó.",
	"Hablé con la persona por teléfono; confirma la dirección.",
	"Falta confirmar un dato con la otra área antes de decidir.",
	"Es la segunda vez que lo pide; la anterior caducó sin usarse." };
static const char *const questions[] = { "Buenas tardes, ¿ya tienen alguna novedad de mi trámite?",
	"¿Puede recoger el documento otra persona de mi familia?",
	"Me urge para contratar el agua. ¿Cuánto falta?",
	"Subí el documento completo, ¿se alcanza a leer la última hoja?" };
static const char *const replies[] = {
	"Buen día. Su expediente está en revisión y va en tiempo. Le avisaremos por este medio.",
	"Sí, con una autorización firmada y copia de su identificación.",
	"La fecha límite que ve en esta página es la última; casi siempre terminamos antes.",
	"Se lee bien, gracias. No hace falta que lo suba otra vez."
};
static const char *const asked[] = {
	"La imagen está borrosa y no se leen los datos. Súbala otra vez, por favor.",
	"Falta la última hoja, donde está el sello.", "El dato no coincide con el documento que adjuntó."
};
static const char *const refusals[] = {
	"Lo que pide no se puede conceder en este lugar con las normas vigentes. Puede solicitar una opinión técnica antes de volver a presentarlo.",
	"La documentación no acredita lo que se declara y el plazo para corregirla ya venció."
};

static struct err *take_scene(struct tx *tx, struct scene *scene)
{
	return case_take(tx, &scene->step, scene->story->clerk);
}

static struct err *note_scene(struct tx *tx, struct scene *scene)
{
	return case_say(tx, &scene->step, MESSAGE_NOTE, str_of(DICE_PICK(scene->acting->dice, notes)));
}

static struct err *question_scene(struct tx *tx, struct scene *scene)
{
	scene->step.by = case_by_citizen;
	return case_say(tx, &scene->step, MESSAGE_CITIZEN, str_of(DICE_PICK(scene->acting->dice, questions)));
}

static struct err *reply_scene(struct tx *tx, struct scene *scene)
{
	return case_say(tx, &scene->step, MESSAGE_STAFF, str_of(DICE_PICK(scene->acting->dice, replies)));
}

/* What is asked for again: an attachment where there is one, else something that was typed. */
static const struct field *faulty_field(const struct case_record *c)
{
	const struct field *typed = NULL;
	const struct pages *pages = &c->procedure->form.pages;
	for (size_t p = 0; p < pages->count; p++) {
		for (size_t i = 0; i < pages->items[p].fields.count; i++) {
			const struct field *f = &pages->items[p].fields.items[i];
			const struct field_answer *answer = answer_of(c->answers, f, -1);
			if (!answer || !answer->filled) continue;
			if (f->type == FIELD_ATTACHMENT) return f;
			if (f->type == FIELD_NUMBER || f->type == FIELD_TEXTAREA ||
				(f->type == FIELD_TEXT && f->role == ROLE_NONE))
				typed = f;
		}
	}
	return typed;
}

static struct err *ask_scene(struct tx *tx, struct scene *scene)
{
	const struct field *f = faulty_field(&scene->record);
	if (!f) {
		scene->story->is_asked = false; /* a form of choices alone: nothing to be typed again */
		return NULL;
	}
	struct case_item item = { f->id,
		str_of(f->type == FIELD_ATTACHMENT ? asked[dice_below(scene->acting->dice, 2)] : asked[2]) };
	return case_ask_correction(tx, &scene->step, STR("Para continuar necesitamos que corrija lo siguiente."),
		(struct case_items){ &item, 1 });
}

static struct err *correct_scene(struct tx *tx, struct scene *scene)
{
	scene->step.by = case_by_citizen;
	const struct field *f = faulty_field(&scene->record);
	int64_t attachment;
	if (scene->again)
		TRY(case_attach(tx, scene->acting->town, scene->record.row.id, scene->again, &attachment));
	else if (f)
		(void)fill_again(scene->acting->dice, tx->arena, scene->record.answers, f);
	return case_answer_correction(tx, &scene->step, scene->record.answers);
}

static struct err *decide_scene(struct tx *tx, struct scene *scene)
{
	struct answers *answers = scene->record.answers;
	if (scene->story->is_refused)
		return case_decide(tx, &scene->step, OUTCOME_REFUSED,
			str_of(DICE_PICK(scene->acting->dice, refusals)), answers);
	TRY(fill_decision(scene->acting->dice, tx->arena, answers));
	return case_decide(tx, &scene->step, OUTCOME_APPROVED,
		STR("La solicitud cumple con los requisitos y con la normativa aplicable."), answers);
}

static struct err *sign_scene(struct tx *tx, struct scene *scene)
{
	scene->step.by = by_staff(scene, scene->acting->staff->officer);
	TRY(case_sign(tx, &scene->step));
	struct case_record after;
	TRY(case_load(scene->acting->town, tx->db, tx->arena, scene->record.row.id, &after));
	scene->story->is_free = case_is_paid(&after);
	return NULL;
}

static struct err *pay_scene(struct tx *tx, struct scene *scene)
{
	scene->step.by = by_staff(scene, scene->acting->staff->cashier);
	struct str folio = arena_printf(tx->arena, "C-%06d", 40000 + scene->story->n * 7);
	return case_pay(tx, &scene->step, folio, scene->record.row.fee,
		scene->story->n % 3 == 0 ? STR("tarjeta") : STR("efectivo"));
}

static struct err *deliver_scene(struct tx *tx, struct scene *scene)
{
	if (!scene->story->is_at_counter) scene->step.by = case_by_citizen;
	return case_deliver(tx, &scene->step);
}

static struct err *withdraw_scene(struct tx *tx, struct scene *scene)
{
	scene->step.by = case_by_citizen;
	return case_withdraw(tx, &scene->step);
}

/* --- running ----------------------------------------------------------------------------------------------------------- */

static const struct {
	scene_fn *run;
	bool has_case;
} scenes[] = {
	[ACT_BEGIN] = { begin_scene, false },
	[ACT_FILE] = { file_scene, false },
	[ACT_TAKE] = { take_scene, true },
	[ACT_NOTE] = { note_scene, true },
	[ACT_QUESTION] = { question_scene, true },
	[ACT_REPLY] = { reply_scene, true },
	[ACT_ASK] = { ask_scene, true },
	[ACT_CORRECT] = { correct_scene, true },
	[ACT_DECIDE] = { decide_scene, true },
	[ACT_SIGN] = { sign_scene, true },
	[ACT_PAY] = { pay_scene, true },
	[ACT_DELIVER] = { deliver_scene, true },
	[ACT_WITHDRAW] = { withdraw_scene, true },
};

struct act_input {
	struct scene *scene;
	enum act act;
	struct dice dice; /* as it stood: a commit that runs twice draws the same */
};

static struct err *act_commit(struct tx *tx, void *input)
{
	struct act_input *in = input;
	struct scene *scene = in->scene;
	*scene->acting->dice = in->dice;
	if (scenes[in->act].has_case) {
		TRY(case_load(scene->acting->town, tx->db, tx->arena, scene->story->case_id, &scene->record));
		scene->step = (struct case_step){ .town = scene->acting->town,
			.case_id = scene->record.row.id,
			.revision = scene->record.row.revision,
			.by = by_staff(scene, scene->story->clerk) };
	}
	return scenes[in->act].run(tx, scene);
}

static struct err *prepare_form(const struct acting *acting, struct arena *work, struct scene *scene)
{
	struct town *t = acting->town;
	struct date today = zone_date(t->zone, town_now(t));
	TRY(fill_form(acting->dice, work, town_pack(t), scene->story->procedure, today, scene->story->n,
		&scene->filled));
	return store_files(acting, work, scene);
}

/* A better copy of what was asked for again. */
static struct err *prepare_correction(const struct acting *acting, struct arena *work, struct scene *scene)
{
	struct db *db;
	TRY(town_connect(acting->town, work, &db));
	struct err *e = case_load(acting->town, db, work, scene->story->case_id, &scene->record);
	db_close(db);
	TRY(e);
	const struct field *f = faulty_field(&scene->record);
	if (!f || f->type != FIELD_ATTACHMENT) return NULL;
	struct fill_file file = fill_file(acting->dice, work, town_pack(acting->town), f);
	scene->again = ARENA_NEW(work, struct case_upload);
	*scene->again = (struct case_upload){ .field = f->id, .file_name = file.name, .media = (int)file.media };
	return file_store(acting->town->files, work, file.bytes, &scene->again->facts);
}

struct err *act_run(const struct acting *acting, struct arena *work, struct story *s, enum act act)
{
	struct scene scene = { .acting = acting, .story = s };
	if (act == ACT_BEGIN) TRY(prepare_form(acting, work, &scene));
	if (act == ACT_CORRECT) TRY(prepare_correction(acting, work, &scene));
	struct act_input in = { &scene, act, *acting->dice };
	struct err *e = writer_run(acting->town->writer, work, act_commit, &in);
	return e ? err_wrap(work, e, "%s of case %d (%.*s)", act_name(act), s->n, STR_FMT(s->procedure->id))
			 : NULL;
}
