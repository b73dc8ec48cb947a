/* Fields of León's definitions as questions: what is asked, what is hidden, what stands in the inputs. */
#include "base/testing.h"
#include "core/question/question.h"

static struct answers *fresh(struct test *t, const char *slug)
{
	struct pack *pack = NULL;
	struct date today;
	struct err *e = pack_load(t->arena, "packs/leon", NULL, &pack);
	if (e) {
		test_fail(t, __FILE__, __LINE__, "%s", e->detail);
		return NULL;
	}
	must(date_of_ymd(2026, 11, 24, &today));
	return answers_new(t->arena, pack, pack_procedure(pack, str_of(slug)), today);
}

static const struct page *page_of(const struct answers *s, const char *id)
{
	return procedure_page(s->procedure, str_of(id));
}

static struct questions ask(struct test *t, struct answers *s, const char *page,
	const struct field_error *errors)
{
	struct question_context c = { .answers = s, .lang = STR("es"), .errors = errors, .form = STR("paso") };
	return questions_of_fields(t->arena, &c, &page_of(s, page)->fields);
}

static const struct question *find(const struct questions *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (str_eq(list->items[i].name, str_of(name))) return &list->items[i];
	return NULL;
}

static void read(struct answers *s, const char *page, const struct answer_input *items, size_t count)
{
	answers_read_page(s, page_of(s, page), (struct answer_inputs){ items, count });
}
#define READ(s, page, ...)                                                                                   \
	read(s, page, (const struct answer_input[]){ __VA_ARGS__ },                                              \
		sizeof((const struct answer_input[]){ __VA_ARGS__ }) / sizeof(struct answer_input))
#define IN(name, value)                                                                                      \
	{                                                                                                        \
		STR(name), STR(value)                                                                                \
	}

#define ALIGNMENT "alineamiento-y-numero-oficial"

TEST(question_conditions_hide_until_their_answer_is_given)
{
	struct answers *s = fresh(t, ALIGNMENT);
	if (!s) return;
	struct questions before = ask(t, s, "titular", NULL);
	CHECK(find(&before, "titular_nombre")->is_hidden);
	CHECK(!str_is_empty(find(&before, "titular_nombre")->when));
	CHECK(!find(&before, "calidad")->is_hidden);
	CHECK_STR(questions_shown(t->arena, &before), "calidad tipo_titular");
	READ(s, "titular", IN("calidad", "apoderado"), IN("tipo_titular", "fisica"));
	struct questions after = ask(t, s, "titular", NULL);
	CHECK(!find(&after, "titular_nombre")->is_hidden);
	CHECK(!find(&after, "carta_poder")->is_hidden);
	CHECK(find(&after, "titular_rfc")->is_hidden);
}

TEST(question_keeps_what_was_typed_readable_or_not)
{
	struct answers *s = fresh(t, ALIGNMENT);
	if (!s) return;
	READ(s, "predio", IN("frente", "ocho y medio"), IN("domicilio.street", "Calle <b> & \"Ñ\""),
		IN("hoy_hay", "casa"));
	struct questions q = ask(t, s, "predio", NULL);
	CHECK_STR(find(&q, "frente")->control.value, "ocho y medio");
	CHECK_STR(find(&q, "domicilio")->parts.items[0].control.value, "Calle <b> & \"Ñ\"");
	CHECK(find(&q, "hoy_hay")->control.choices.items[1].is_chosen);
	READ(s, "predio", IN("frente", "1,234.5"));
	q = ask(t, s, "predio", NULL);
	CHECK_STR(find(&q, "frente")->control.value, "1234.5");
	CHECK_STR(find(&q, "frente")->control.unit, "metros");
}

/* Two numbers pasted from a map. */
TEST(question_point_splits_its_two_numbers)
{
	struct answers *s = fresh(t, ALIGNMENT);
	if (!s) return;
	READ(s, "predio", IN("ubicacion", "21.1223, -101.6841"));
	struct questions q = ask(t, s, "predio", NULL);
	CHECK_INT(find(&q, "ubicacion")->kind, QUESTION_POINT);
	CHECK_STR(find(&q, "ubicacion")->parts.items[0].control.value, "21.1223");
	CHECK_STR(find(&q, "ubicacion")->parts.items[1].control.value, "-101.6841");
	READ(s, "predio", IN("ubicacion.lat", "veinte"), IN("ubicacion.lon", "x"));
	q = ask(t, s, "predio", NULL);
	CHECK_STR(find(&q, "ubicacion")->parts.items[0].control.value, "veinte");
	CHECK_STR(find(&q, "ubicacion")->parts.items[1].control.value, "x");
}

TEST(question_errors_stand_at_their_field_and_lead_to_it)
{
	struct answers *s = fresh(t, ALIGNMENT);
	if (!s) return;
	struct field_errors found = answers_check_page(s, t->arena, page_of(s, "titular"));
	struct question_context c = { .answers = s, .lang = STR("es"), .errors = found.first };
	struct error_summary_view summary = questions_errors(t->arena, &c);
	struct questions q = ask(t, s, "titular", found.first);
	CHECK_INT(summary.lines.count, 2);
	CHECK_STR(summary.lines.items[0].href, "#calidad.propietario");
	CHECK(!str_is_empty(find(&q, "calidad")->control.error));
	CHECK(str_eq(find(&q, "calidad")->control.error, summary.lines.items[0].text));
	CHECK(str_is_empty(find(&q, "titular_nombre")->control.error));
}

TEST(question_rows_grow_by_one_and_never_past_their_most)
{
	struct answers *s = fresh(t, "permiso-de-construccion");
	if (!s) return;
	const struct field *group = NULL;
	const struct page *page = NULL;
	for (size_t p = 0; p < s->procedure->form.pages.count && !group; p++) {
		page = &s->procedure->form.pages.items[p];
		for (size_t i = 0; i < page->fields.count; i++)
			if (page->fields.items[i].type == FIELD_GROUP) group = &page->fields.items[i];
	}
	CHECK(group != NULL);
	struct question_context c = { .answers = s, .lang = STR("es"), .form = STR("paso") };
	struct questions q = questions_of_fields(t->arena, &c, &page->fields);
	const struct question *rows = find(&q, arena_cz(t->arena, group->id));
	size_t least = rows->rows.count;
	CHECK(least >= 1);
	CHECK(str_is_none(rows->rows.items[0].remove_value)); /* the last one stays */
	c.extra_row = group;
	q = questions_of_fields(t->arena, &c, &page->fields);
	rows = find(&q, arena_cz(t->arena, group->id));
	CHECK(rows->rows.count == least || rows->rows.count == 1);
	struct str name = rows->rows.items[0].questions.items[0].name;
	CHECK(str_starts_with(name, arena_printf(t->arena, "%.*s.0.", STR_FMT(group->id))));
}

/* What the page of conditions gives to the browser: no answer that no condition names. */
TEST(question_script_tells_only_what_conditions_mention)
{
	struct answers *s = fresh(t, ALIGNMENT);
	if (!s) return;
	READ(s, "usted", IN("nombre", "Ofelia"), IN("apellidos", "Muñoz"));
	READ(s, "predio", IN("hoy_hay", "casa"));
	struct question_context c = { .answers = s, .lang = STR("es") };
	struct str script = questions_script(t->arena, &c, &page_of(s, "uso")->fields);
	CHECK(str_find(script, STR("\"motivo\":\"list")) >= 0);
	CHECK(str_find(script, STR("Ofelia")) < 0);
	struct json *json;
	CHECK_OK(json_parse(t->arena, script, &json));
}

/* A sum over rows needs to know the rows, wherever they stand. */
TEST(question_script_counts_the_rows_that_a_condition_sums)
{
	struct answers *s = fresh(t, "permiso-de-construccion");
	if (!s) return;
	struct question_context c = { .answers = s, .lang = STR("es") };
	struct str here = questions_script(t->arena, &c, &page_of(s, "obra")->fields);
	CHECK(str_find(here, STR("\"niveles\":\"group\"")) >= 0);
	READ(s, "obra", IN("tipo_obra", "nueva"), IN("niveles.0.superficie", "45.5"),
		IN("niveles.1.superficie", "30"));
	/* The same conditions as if they stood on a page without the rows. */
	const struct fields *all = &page_of(s, "obra")->fields;
	struct fields some = { ARENA_ARRAY(t->arena, struct field, all->count), 0 };
	for (size_t i = 0; i < all->count; i++)
		if (str_eq(all->items[i].id, STR("responsiva"))) some.items[some.count++] = all->items[i];
	struct str elsewhere = questions_script(t->arena, &c, &some);
	CHECK(str_find(elsewhere, STR("\"niveles\":[\"integer\",\"2\"]")) >= 0);
	CHECK(
		str_find(elsewhere, STR("[\"rows\",[[\"integer\",\"45500000\"],[\"integer\",\"30000000\"]]]")) >= 0);
}

/* A map's button posted with the form: the point that comes back, and what the map shows then. */
static struct questions after(struct test *t, struct answers *s, const char *name, const char *value)
{
	struct form *form;
	struct str body = arena_printf(t->arena,
		"_vista.ubicacion=21122200+-101682200+13&ubicacion.lat=21.1&ubicacion.lon=-101.7&%s=%s&_mapa.ubicacion.y=%s",
		name, value, str_ends_with(str_of(name), STR(".x")) ? "200" : "x");
	must(!form_parse(t->arena, body, &form));
	answers_read_page(s, page_of(s, "predio"), questions_inputs(t->arena, form));
	struct question_context c = { .answers = s,
		.lang = STR("es"),
		.form = STR("paso"),
		.has_map_buttons = true };
	c.posted = form;
	return questions_of_fields(t->arena, &c, &page_of(s, "predio")->fields);
}

TEST(question_map_buttons_put_the_point_and_move_the_map)
{
	static const struct {
		const char *name, *value, *lat, *lon, *view;
	} cases[] = {
		{ "_mapa", "ubicacion.centro", "21.1222", "-101.6822", "21122200 -101682200 15" },
		{ "_mapa", "ubicacion.quitar", "", "", "21122200 -101682200 13" },
		{ "_mapa", "ubicacion.acercar", "21.1", "-101.7", "21122200 -101682200 14" },
		{ "_mapa", "ubicacion.alejar", "21.1", "-101.7", "21122200 -101682200 12" },
		{ "_mapa.ubicacion.x", "420", "21.1222", "-101.665034", "21122200 -101665034 15" },
		{ "_mapa.ubicacion.x", "641", "21.1", "-101.7", "21122200 -101682200 13" },
		{ "_mapa", "otro.centro", "21.1", "-101.7", "21122200 -101682200 13" },
		{ "_mapa", "ubicacioncentro", "21.1", "-101.7", "21122200 -101682200 13" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct answers *s = fresh(t, ALIGNMENT);
		if (!s) return;
		struct questions q = after(t, s, cases[i].name, cases[i].value);
		const struct question *point = find(&q, "ubicacion");
		CHECK(point->map);
		CHECK_STR(point->parts.items[0].control.value, cases[i].lat);
		CHECK_STR(point->parts.items[1].control.value, cases[i].lon);
		CHECK_STR(point->map->view, cases[i].view);
	}
}

/* The map opens where the point is; one that lies outside the town is said, and the map stays in the town. */
TEST(question_point_says_where_it_lies)
{
	struct answers *s = fresh(t, ALIGNMENT);
	if (!s) return;
	struct questions q = ask(t, s, "predio", NULL);
	CHECK(str_is_none(find(&q, "ubicacion")->where));
	CHECK(!find(&q, "ubicacion")->map->has_buttons); /* a form that does not heed them gets none */
	READ(s, "predio", IN("ubicacion", "21.1511, -101.6702"));
	q = ask(t, s, "predio", NULL);
	CHECK_STR(find(&q, "ubicacion")->where,
		"Los Paraísos. El punto queda a 0 m al norte de Punto de ayuda Norte.");
	CHECK_STR(find(&q, "ubicacion")->map->view, "21151100 -101670200 15");
	READ(s, "predio", IN("ubicacion", "19.4326, -99.1332"));
	q = ask(t, s, "predio", NULL);
	CHECK(str_starts_with(find(&q, "ubicacion")->where, STR("El punto queda fuera de León.")));
	CHECK_STR(find(&q, "ubicacion")->map->view, "21122200 -101682200 13");
}
