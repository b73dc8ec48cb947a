#include "app/demo/fill.h"
#include "app/demo/papers.h"
#include "base/utf8.h"
#include "core/crypto/crypto.h"
#include "core/definition/mask.h"

enum { INPUTS_MAX = 600, FILES_MAX = 60, TRIES = 40, MILLION = 1000000 };

struct filling {
	struct dice *dice;
	struct arena *arena;
	const struct pack *pack;
	struct answers *answers;
	struct person person;
	struct answer_input inputs[INPUTS_MAX];
	size_t input_count;
	struct fill_file *files;
	size_t file_count;
	int tries; /* how often this page was refused: values are sought further away each time */
};

static void add_input(struct filling *w, struct str name, struct str value)
{
	must(w->input_count < INPUTS_MAX);
	if (!str_is_empty(value)) w->inputs[w->input_count++] = (struct answer_input){ name, value };
}

static struct str part_name(struct filling *w, struct str name, const char *part)
{
	return arena_printf(w->arena, "%.*s.%s", STR_FMT(name), part);
}

/* --- single values ------------------------------------------------------------------------------------------ */

static struct str mask_draw(struct filling *w, struct str mask)
{
	struct str rest = mask;
	struct str one = str_cut(&rest, '|');
	struct buf out = buf_new(w->arena, MASK_MAX + 1);
	for (size_t i = 0; i < one.n; i++) {
		char c = one.p[i];
		if (c == '9' || c == 'X')
			buf_add_char(&out, (char)('0' + dice_below(w->dice, 10)));
		else if (c == 'A')
			buf_add_char(&out, (char)('A' + dice_below(w->dice, 26)));
		else
			buf_add_char(&out, c);
	}
	return buf_str(&out);
}

static const char *const trades[] = { "Estética", "Papelería", "Taller de bicicletas", "Fonda", "Farmacia",
	"Zapatería", "Ferretería", "Panadería", "Café", "Tienda de abarrotes" };
static const char *const shops[] = { "La Esquina de Siempre", "El Buen Paso", "Luz de Luna", "Tres Nogales",
	"La Azotea", "Punto y Coma" };
static const char *const works[] = {
	"Se levantará una barda nueva de bloque con castillos a cada tres metros y se repondrá el portón.",
	"Ampliación de una recámara en planta alta sobre la losa que ya existe; no cambia la fachada.",
	"El predio está entre dos casas terminadas. La esquina norte tiene un poste de la luz.",
	"Necesito el número para contratar el agua y la luz; la casa se terminó el mes pasado.",
	"Es para escriturar. El predio viene de una subdivisión y todavía no tiene número en la puerta.",
	"Local de una planta con baño y dos ventanas a la calle. Se pintará el frente y se pondrá un anuncio pequeño."
};
static const char *const uses[] = { "Casa habitación", "Vivienda y local comercial", "Bodega pequeña",
	"Local comercial" };

static bool id_has(const struct field *f, const char *part) { return str_find(f->id, str_of(part)) >= 0; }

static const char *const conditions[] = { "Retirarse dos metros del paramento por la línea de luz.",
	"Conservar libre la esquina para la visibilidad de quien maneja.",
	"No ocupar la banqueta con escalones ni rampas." };
static const char *const zones[] = { "Habitacional de densidad media", "Habitacional de densidad alta",
	"Mixta de barrio" };

static struct str number_text(struct filling *w, int64_t from, int64_t to)
{
	return arena_printf(w->arena, "%lld", (long long)dice_between(w->dice, from, to));
}

/* What a field with such a name is about. */
static struct str text_of_hint(struct filling *w, const struct field *f)
{
	static const char *const long_numbers[] = { "folio", "escritura", "expediente", "cuenta", "registro",
		"cedula", "permiso" };
	static const char *const short_numbers[] = { "notari", "lote", "manzana", "numero", "hoja", "grupo",
		"clave" };
	struct dice *d = w->dice;
	for (size_t i = 0; i < sizeof(long_numbers) / sizeof(long_numbers[0]); i++) {
		if (id_has(f, long_numbers[i])) return number_text(w, 1000, 98999);
	}
	for (size_t i = 0; i < sizeof(short_numbers) / sizeof(short_numbers[0]); i++) {
		if (id_has(f, short_numbers[i])) return number_text(w, 1, 240);
	}
	if (id_has(f, "giro") || id_has(f, "actividad")) return str_of(DICE_PICK(d, trades));
	if (id_has(f, "negocio") || id_has(f, "comercial") || id_has(f, "denominacion"))
		return str_of(DICE_PICK(d, shops));
	if (id_has(f, "restriccion") || id_has(f, "condicion") || id_has(f, "observacion"))
		return str_of(DICE_PICK(d, conditions));
	if (id_has(f, "zona")) return str_of(DICE_PICK(d, zones));
	if (id_has(f, "uso") || id_has(f, "destino")) return str_of(DICE_PICK(d, uses));
	if (id_has(f, "nombre") || id_has(f, "represent") || id_has(f, "propietari") || id_has(f, "perito"))
		return person_draw(d, w->arena, w->pack, (int)dice_below(d, 9000)).name;
	return f->type == FIELD_TEXTAREA ? str_of(DICE_PICK(d, works)) : STR("Para un contrato de servicios");
}

static struct str text_draw(struct filling *w, const struct field *f)
{
	if (!str_is_empty(f->pattern)) return mask_draw(w, f->pattern);
	struct str text = text_of_hint(w, f);
	return f->max_length > 0 ? utf8_cut(text, (size_t)f->max_length) : text;
}

/* By what the role means; STR_NONE when it means nothing here. */
static struct str role_draw(struct filling *w, const struct field *f)
{
	const struct person *p = &w->person;
	switch (f->role) {
	case ROLE_APPLICANT_NAME: return p->name;
	case ROLE_APPLICANT_GIVEN: return p->given;
	case ROLE_APPLICANT_SURNAMES:
		return id_has(f, "segundo") ? p->second_surname : id_has(f, "primer") ? p->surname : p->surnames;
	case ROLE_REPRESENTED_NAME: return person_draw(w->dice, w->arena, w->pack, 9001).name;
	default: return STR_NONE;
	}
}

/* Millionths as decimal text. */
static struct str decimal_text(struct arena *a, int64_t millionths, int decimals)
{
	int64_t step = 1;
	for (int i = decimals; i < 6; i++)
		step *= 10;
	int64_t n = millionths / step, unit = MILLION / step;
	if (unit <= 1) return arena_printf(a, "%lld", (long long)n);
	return arena_printf(a, "%lld.%0*lld", (long long)(n / unit), decimals, (long long)(n % unit));
}

static struct str number_draw(struct filling *w, const struct field *f)
{
	static const struct {
		const char *part;
		int64_t from, to;
	} usual[] = { { "ancho", 1, 5 }, { "alto", 1, 3 }, { "largo", 2, 8 }, { "ancho_calle", 6, 18 },
		{ "banqueta", 1, 3 }, { "frente", 5, 14 }, { "fondo", 12, 28 }, { "superficie", 60, 240 },
		{ "niveles", 1, 3 }, { "metros", 6, 60 }, { "cajones", 1, 4 }, { "personas", 1, 5 },
		{ "viviendas", 1, 4 }, { "cuantos", 1, 3 }, { "dias", 3, 20 } };
	int64_t from = 1, to = 60;
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
		if (id_has(f, usual[i].part)) from = usual[i].from, to = usual[i].to;
	}
	from *= MILLION, to *= MILLION;
	if (f->has_min && from < f->min) from = f->min;
	if (f->has_max && to > f->max) to = f->max;
	if (to < from) to = from;
	int decimals = f->decimals > 2 ? 2 : f->decimals;
	return decimal_text(w->arena, dice_between(w->dice, from, to), decimals);
}

static struct str money_draw(struct filling *w, const struct field *f)
{
	int64_t from = f->has_min ? f->min : 10000,
			to = f->has_max && f->max < from + 9000000 ? f->max : from + 9000000;
	return money_plain(w->arena, money_of_cents(dice_between(w->dice, from, to) / 100 * 100));
}

static struct str date_draw(struct filling *w, const struct field *f)
{
	int64_t today = w->answers->today.days;
	int64_t from = f->has_min ? f->min : today - 20000, to = f->has_max ? f->max : today - 1;
	if (f->role == ROLE_NONE && id_has(f, "nacimiento")) return date_iso(w->arena, w->person.born);
	if (to < from) to = from;
	int64_t days = 500 * (1 + w->tries);
	if (to - from > days) from = to - days;
	return date_iso(w->arena, (struct date){ (int32_t)dice_between(w->dice, from, to) });
}

/* --- fields --------------------------------------------------------------------------------------------------- */

static void draw_choices(struct filling *w, const struct field *f, struct str name)
{
	size_t first = (size_t)dice_below(w->dice, (int64_t)f->options.count), count = 0;
	for (size_t i = 0; i < f->options.count; i++) {
		bool is_taken = i == first || dice_chance(w->dice, 25);
		if (is_taken && count++ < 3) add_input(w, name, f->options.items[i].id);
	}
}

static void draw_address(struct filling *w, struct str name)
{
	struct postal_address address = address_draw(w->dice, w->arena, w->pack);
	for (int p = 0; p < ADDRESS_PART_MAX; p++)
		add_input(w, part_name(w, name, address_part_name((enum address_part)p)), address.parts[p]);
}

static struct str degrees_text(struct arena *a, int64_t e7)
{
	int64_t size = e7 < 0 ? -e7 : e7;
	return arena_printf(a, "%s%lld.%06lld", e7 < 0 ? "-" : "", (long long)(size / 10000000),
		(long long)(size % 10000000 / 10));
}

static void draw_point(struct filling *w, struct str name)
{
	int64_t latitude, longitude;
	point_draw(w->dice, w->pack, &latitude, &longitude);
	add_input(w, part_name(w, name, "lat"), degrees_text(w->arena, latitude));
	add_input(w, part_name(w, name, "lon"), degrees_text(w->arena, longitude));
}

static void draw_field(struct filling *w, const struct field *f, struct str name);

static void draw_group(struct filling *w, const struct field *f, struct str name)
{
	int64_t least = f->min_rows > 0 ? f->min_rows : 1,
			most = f->max_rows > 0 && f->max_rows < 3 ? f->max_rows : 3;
	int64_t rows = dice_between(w->dice, least, most < least ? least : most);
	for (int64_t row = 0; row < rows; row++) {
		for (size_t i = 0; i < f->fields.count; i++)
			draw_field(w, &f->fields.items[i],
				arena_printf(w->arena, "%.*s.%lld.%.*s", STR_FMT(name), (long long)row,
					STR_FMT(f->fields.items[i].id)));
	}
}

static struct str simple_draw(struct filling *w, const struct field *f)
{
	switch (f->type) {
	case FIELD_TEXT:
	case FIELD_TEXTAREA: {
		struct str by_role = role_draw(w, f);
		return str_is_none(by_role) ? text_draw(w, f) : by_role;
	}
	case FIELD_NUMBER: return number_draw(w, f);
	case FIELD_MONEY: return money_draw(w, f);
	case FIELD_DATE: return date_draw(w, f);
	case FIELD_CHOICE: return f->options.items[dice_below(w->dice, (int64_t)f->options.count)].id;
	case FIELD_YES_NO: return dice_chance(w->dice, 40) ? STR("yes") : STR("no");
	case FIELD_CURP: return w->person.curp;
	case FIELD_RFC: return w->person.rfc;
	case FIELD_NIF: return w->person.nif;
	case FIELD_PHONE: return w->person.phone;
	case FIELD_MAIL: return w->person.mail;
	case FIELD_CADASTRAL_KEY:
		return mask_draw(w,
			str_is_empty(w->pack->cadastral_mask) ? STR("99-999-999") : w->pack->cadastral_mask);
	default: return STR_NONE;
	}
}

static void draw_field(struct filling *w, const struct field *f, struct str name)
{
	switch (f->type) {
	case FIELD_CHOICES: draw_choices(w, f, name); break;
	case FIELD_ADDRESS: draw_address(w, name); break;
	case FIELD_POINT: draw_point(w, name); break;
	case FIELD_GROUP: draw_group(w, f, name); break;
	default: add_input(w, name, simple_draw(w, f)); break;
	}
}

static void read_again(struct filling *w, const struct field *f)
{
	w->input_count = 0;
	draw_field(w, f, f->id);
	answers_read_field(w->answers, f, -1, (struct answer_inputs){ w->inputs, w->input_count });
}

/* --- attachments -------------------------------------------------------------------------------------------------- */

static struct str file_bytes(struct filling *w, const struct field *f, enum media *ret)
{
	bool takes_photo = f->accept & ACCEPT_JPEG, takes_plan = f->accept & ACCEPT_PNG;
	if (takes_photo && (id_has(f, "foto") || !(f->accept & ACCEPT_PDF) || dice_chance(w->dice, 25))) {
		*ret = MEDIA_JPEG;
		return paper_jpeg(w->dice, w->arena);
	}
	if (takes_plan && (id_has(f, "croquis") || id_has(f, "plano") || dice_chance(w->dice, 10))) {
		*ret = MEDIA_PNG;
		return paper_png(w->dice, w->arena);
	}
	struct str lines[] = { text_in(f->label, STR("es")),
		STR("Documento de muestra para la demostración; no tiene validez."), w->person.name,
		arena_printf(w->arena, "Hoja %lld", (long long)dice_between(w->dice, 1, 900)) };
	*ret = MEDIA_PDF;
	return paper_pdf(w->arena, lines, sizeof(lines) / sizeof(lines[0]));
}

static struct fill_file file_draw(struct filling *w, const struct field *f)
{
	struct fill_file file = { .field = f };
	file.bytes = file_bytes(w, f, &file.media);
	file.name = arena_printf(w->arena, "%.*s.%.*s", STR_FMT(f->id), STR_FMT(media_extension(file.media)));
	return file;
}

static void attach(struct filling *w, const struct field *f)
{
	must(w->file_count < FILES_MAX);
	struct fill_file *file = &w->files[w->file_count++];
	*file = file_draw(w, f);
	struct sha256 hash = sha256_of(file->bytes);
	struct attachment attachment = { .id = STR("1"),
		.name = file->name,
		.type = media_type(file->media),
		.bytes = (int64_t)file->bytes.n,
		.sha256 = hex_encode(w->arena, sha256_str(&hash)) };
	answers_set_files(w->answers, f, -1, &attachment, 1);
}

static void attach_page(struct filling *w, const struct page *page)
{
	for (size_t i = 0; i < page->fields.count; i++) {
		const struct field *f = &page->fields.items[i];
		if (f->type != FIELD_ATTACHMENT || !field_is_visible(w->answers, f, -1)) continue;
		if (field_is_required(w->answers, f, -1) || dice_chance(w->dice, 30)) attach(w, f);
	}
}

/* --- pages --------------------------------------------------------------------------------------------------------- */

static struct err *unsatisfied(const struct filling *w, const struct field_error *e)
{
	return ERR(w->arena, ERR_INVALID, NULL, "the demonstration finds no answer for %.*s of %.*s (%s)",
		STR_FMT(e->name), STR_FMT(w->answers->procedure->id), e->key ? e->key : "a check of the form");
}

/* Draws the faulty fields anew until the check is content. */
static struct err *mend(struct filling *w, const struct page *page)
{
	for (int tries = 0;; tries++) {
		w->tries = tries;
		struct field_errors errors = answers_check_page(w->answers, w->arena, page);
		if (errors.errors == 0) return NULL;
		for (const struct field_error *e = errors.first; e; e = e->next) {
			if (e->is_warning) continue;
			const struct field *f = e->field && e->field->group ? e->field->group : e->field;
			if (tries == TRIES || !f) return unsatisfied(w, e);
			if (f->type == FIELD_ATTACHMENT)
				attach(w, f);
			else
				read_again(w, f);
		}
	}
}

static struct err *fill_page(struct filling *w, const struct page *page)
{
	w->input_count = 0;
	for (size_t i = 0; i < page->fields.count; i++) {
		const struct field *f = &page->fields.items[i];
		bool is_wanted = f->required || f->required_when || f->role != ROLE_NONE || dice_chance(w->dice, 55);
		if (f->type != FIELD_ATTACHMENT && field_type_has_answer(f->type) && is_wanted)
			draw_field(w, f, f->id);
	}
	answers_read_page(w->answers, page, (struct answer_inputs){ w->inputs, w->input_count });
	attach_page(w, page);
	return mend(w, page);
}

struct err *fill_form(struct dice *d, struct arena *a, const struct pack *pack, const struct procedure *p,
	struct date today, int n, struct filled *ret)
{
	struct filling *w = ARENA_NEW(a, struct filling);
	w->dice = d;
	w->arena = a;
	w->pack = pack;
	w->answers = answers_new(a, pack, p, today);
	w->person = person_draw(d, a, pack, n);
	w->files = ARENA_ARRAY(a, struct fill_file, FILES_MAX);
	for (const struct page *page = page_after(w->answers, NULL); page; page = page_after(w->answers, page))
		TRY(fill_page(w, page));
	*ret = (struct filled){ w->answers, w->person, w->files, w->file_count };
	return NULL;
}

struct err *fill_decision(struct dice *d, struct arena *a, struct answers *answers)
{
	struct filling *w = ARENA_NEW(a, struct filling);
	w->dice = d;
	w->arena = a;
	w->pack = answers->pack;
	w->answers = answers;
	w->person = person_draw(d, a, answers->pack, 0);
	const struct fields *fields = &answers->procedure->form.decision;
	for (size_t i = 0; i < fields->count; i++) {
		const struct field *f = &fields->items[i];
		if (f->type != FIELD_ATTACHMENT && field_type_has_answer(f->type) && f->required)
			draw_field(w, f, f->id);
	}
	answers_read_decision(answers, (struct answer_inputs){ w->inputs, w->input_count });
	for (int tries = 0;; tries++) {
		struct field_errors errors = answers_check_decision(answers, a);
		if (errors.errors == 0) return NULL;
		for (const struct field_error *e = errors.first; e; e = e->next) {
			if (e->is_warning) continue;
			if (tries == TRIES || !e->field) return unsatisfied(w, e);
			read_again(w, e->field);
		}
	}
}

bool fill_again(struct dice *d, struct arena *a, struct answers *answers, const struct field *f)
{
	if (f->type != FIELD_TEXT && f->type != FIELD_TEXTAREA && f->type != FIELD_NUMBER) return false;
	struct filling *w = ARENA_NEW(a, struct filling);
	*w = (struct filling){ .dice = d,
		.arena = a,
		.pack = answers->pack,
		.answers = answers,
		.person = person_draw(d, a, answers->pack, 0) };
	read_again(w, f);
	return true;
}

struct fill_file fill_file(struct dice *d, struct arena *a, const struct pack *pack, const struct field *f)
{
	struct filling *w = ARENA_NEW(a, struct filling);
	*w = (struct filling){ .dice = d, .arena = a, .pack = pack, .person = person_draw(d, a, pack, 0) };
	return file_draw(w, f);
}
