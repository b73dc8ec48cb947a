/* Answers: reading what people type, checking it, hiding, canonical JSON, fee, summary, documents. */
#include "core/definition/answers_state.h"
#include "core/definition/document_fill.h"
#include "core/definition/mask.h"
#include "core/definition/test_sample.h"

static const struct field *field(const struct answers *s, const char *id)
{
	const struct field *f = procedure_field(s->procedure, str_of(id));
	must(f);
	return f;
}

static struct answers *fresh(struct test *t) { return test_sample_answers(t, test_sample_pack(t), "{}"); }

static const struct field_answer *typed(struct test *t, struct answers *s, const char *id, const char *value)
{
	const struct field *f = field(s, id);
	struct answer_input *input = ARENA_NEW(t->arena, struct answer_input);
	*input = (struct answer_input){ str_of(id), str_of(value) };
	answers_read_field(s, f, -1, (struct answer_inputs){ input, 1 });
	return answer_of(s, f, -1);
}

/* What is wrong with one page, as "name key; name key". */
static struct str errors_of(struct test *t, const struct answers *s, size_t page)
{
	struct field_errors errors = answers_check_page(s, t->arena, &s->procedure->form.pages.items[page]);
	struct buf out = buf_new(t->arena, 4000);
	for (const struct field_error *e = errors.first; e; e = e->next)
		buf_printf(&out, "%s%.*s%s %.*s", out.n ? "; " : "", STR_FMT(e->name), e->is_warning ? "?" : "",
			STR_FMT(e->key ? str_of(e->key) : text_in(e->text, STR("es"))));
	return buf_str(&out);
}

TEST(answers_read_numbers_as_people_type_them)
{
	static const struct number_style mexico = { .decimal = '.', .thousands = ',' },
									 spain = { .decimal = ',', .thousands = '.' };
	static const struct {
		const char *text;
		const struct number_style *style;
		int64_t millionths;
	} good[] = {
		{ "8.5", &mexico, 8500000 },
		{ "8,5", &mexico, 8500000 },
		{ "1,234", &mexico, 1234000000 },
		{ "1,234.5", &mexico, 1234500000 },
		{ " 12 ", &mexico, 12000000 },
		{ "-3", &mexico, -3000000 },
		{ "−3", &mexico, -3000000 },
		{ "0.000001", &mexico, 1 },
		{ "8,5", &spain, 8500000 },
		{ "8.5", &spain, 8500000 },
		{ "1.234", &spain, 1234000000 },
		{ "1.234,5", &spain, 1234500000 },
		{ "12.5", NULL, 12500000 },
		{ "1,234,567.25", &mexico, 1234567250000 },
	};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		int64_t n = 0;
		CHECK(number_read(str_of(good[i].text), good[i].style, 6, &n));
		CHECK_INT(n, good[i].millionths);
	}
	static const char *const bad[] = { "", "ocho y medio", "8.5.1", "8.", ".5", "1,2345.6", "1e5", "0x10",
		"--1", "99999999999999", "0.0000001", "1 2", "NaN", NULL };
	for (const char *const *b = bad; *b; b++) {
		int64_t n = 7;
		CHECK(!number_read(str_of(*b), &mexico, 6, &n));
		CHECK_INT(n, 7);
	}
}

TEST(answers_keep_what_cannot_be_read)
{
	struct answers *s = fresh(t);
	const struct field_answer *a = typed(t, s, "frente", "ocho y medio");
	CHECK(!a->filled);
	CHECK_STR(a->raw, "ocho y medio");
	CHECK_STR(answer_display(s, t->arena, field(s, "frente"), -1, STR("es")), "ocho y medio");
	CHECK_STR(answers_to_json(t->arena, s, ANSWERS_DRAFT), "{\"frente\":{\"raw\":\"ocho y medio\"}}");
	CHECK_STR(answers_to_json(t->arena, s, ANSWERS_FILED), "{}");
	struct answers *again = test_sample_answers(t, s->pack, "{\"frente\":{\"raw\":\"ocho y medio\"}}");
	CHECK_STR(answer_of(again, field(s, "frente"), -1)->raw, "ocho y medio");
}

TEST(answers_read_dates)
{
	struct answers *s = fresh(t);
	static const char *const same[] = { "2026-11-24", "24/11/2026", "24-11-2026", "24.11.2026", "24 11 2026",
		NULL };
	for (const char *const *d = same; *d; d++)
		CHECK_INT(typed(t, s, "fecha", *d)->i, s->today.days);
	static const char *const bad[] = { "31/2/2026", "24/11/26", "11/24/2026", "24/11", "mañana",
		"24/11/2026x", NULL };
	for (const char *const *d = bad; *d; d++)
		CHECK(!typed(t, s, "fecha", *d)->filled);
	struct answer_input parts[] = { { STR("fecha.day"), STR("24") }, { STR("fecha.month"), STR("11") },
		{ STR("fecha.year"), STR("2026") } };
	answers_read_field(s, field(s, "fecha"), -1, (struct answer_inputs){ parts, 3 });
	CHECK_INT(answer_of(s, field(s, "fecha"), -1)->i, s->today.days);
	parts[1].value = STR("13");
	answers_read_field(s, field(s, "fecha"), -1, (struct answer_inputs){ parts, 3 });
	CHECK_STR(answer_of(s, field(s, "fecha"), -1)->raw, "24/13/2026");
}

TEST(answers_read_every_type)
{
	struct answers *s = fresh(t);
	CHECK_STR(typed(t, s, "nombre", "  Ana   ")->text, "Ana");
	CHECK_STR(typed(t, s, "nombre", "Mun\xCC\x83oz")->text, "Muñoz"); /* NFC */
	CHECK(!typed(t, s, "nombre",
		"a\x07"
		"b")
			   ->filled);
	CHECK_STR(typed(t, s, "notas", "uno\r\ndos")->text, "uno\ndos");
	CHECK_INT(typed(t, s, "costo", "$ 1,234.50")->i, 123450);
	CHECK_STR(typed(t, s, "curp", "boxw310820 hnerxn09")->text, "BOXW310820HNERXN09");
	CHECK_STR(typed(t, s, "telefono", "477 000 0000")->text, "+524770000000");
	CHECK_STR(typed(t, s, "correo", "Ana@CORREO.example")->text, "Ana@correo.example");
	CHECK_STR(typed(t, s, "clave", "01000123")->text, "01-000-123");
	CHECK_STR(typed(t, s, "placa", "abc 123")->text, "ABC-123");
	CHECK_STR(typed(t, s, "uso", "casa")->text, "casa");
	CHECK_STR(typed(t, s, "uso", "palacio")->raw, "palacio");
	CHECK_INT(typed(t, s, "tiene", "yes")->i, 1);
	const struct field_answer *point = typed(t, s, "punto", "21.1221, -101.6824");
	CHECK_INT(point->i, 211221000);
	CHECK_INT(point->longitude, -1016824000);
	CHECK(!typed(t, s, "punto", "95, 0")->filled);
	CHECK(!typed(t, s, "frente", "")->filled);
	CHECK(str_is_empty(typed(t, s, "frente", "")->raw));
}

TEST(answers_read_a_page_at_once)
{
	struct answers *s = fresh(t);
	struct answer_input inputs[] = { { STR("niveles.0.superficie"), STR("80") },
		{ STR("niveles.0.destino"), STR("Tienda") }, { STR("niveles.1.superficie"), STR("") },
		{ STR("niveles.2.superficie"), STR("20") }, { STR("niveles.999.superficie"), STR("1") },
		{ STR("predio.street"), STR("Calle de Ejemplo") }, { STR("predio.block"), STR("4") },
		{ STR("predio.lot"), STR("12") }, { STR("otro"), STR("x") } };
	typed(t, s, "frente", "2");
	answers_read_page(s, &s->procedure->form.pages.items[1], (struct answer_inputs){ inputs, 9 });
	CHECK_INT(answer_of(s, field(s, "niveles"), -1)->count, 2); /* the blank row and the far one are gone */
	CHECK_STR(answer_display(s, t->arena, field(s, "niveles"), -1, STR("es")),
		"Nivel 1: 80 m², Tienda\nNivel 2: 20 m²");
	CHECK_STR(answer_display(s, t->arena, field(s, "predio"), -1, STR("es")),
		"Calle de Ejemplo, Mz 4, lote 12");
	CHECK_STR(errors_of(t, s, 1), "");
}

TEST(answers_choices_stand_in_the_definitions_order)
{
	struct answers *s = fresh(t);
	struct answer_input inputs[] = { { STR("para"), STR("luz") }, { STR("para"), STR("agua") } };
	answers_read_field(s, field(s, "para"), -1, (struct answer_inputs){ inputs, 2 });
	CHECK_STR(answers_to_json(t->arena, s, ANSWERS_DRAFT), "{\"para\":[\"agua\",\"luz\"]}");
	CHECK_STR(answer_display(s, t->arena, field(s, "para"), -1, STR("es")), "Agua\nLuz");
}

TEST(answers_check_each_limit)
{
	const struct pack *pack = test_sample_pack(t);
	static const struct {
		const char *json, *errors;
		size_t page;
	} cases[] = {
		{ "{}", "nombre answer.required; frente answer.required; uso answer.required_choice", 0 },
		{ "{\"nombre\":\"Ana\",\"frente\":\"8.5\",\"uso\":\"casa\"}", "", 0 },
		{ "{\"nombre\":\"Una persona de nombre largo\",\"frente\":\"0.4\",\"uso\":\"local\"}",
			"nombre answer.too_long; frente answer.min; giro answer.required", 0 },
		{ "{\"nombre\":\"Ana\",\"frente\":\"2000.01\",\"uso\":\"casa\",\"fecha\":\"2026-11-25\"}",
			"frente answer.max; fecha answer.date_max; frente? Muy grande", 0 },
		{ "{\"nombre\":\"Ana\",\"frente\":\"1.005\",\"uso\":\"casa\",\"fecha\":\"1999-12-31\"}",
			"frente answer.decimals; fecha answer.date_min", 0 },
		{ "{\"frente\":2,\"tiene\":true}", "costo answer.required", 1 },
		{ "{\"frente\":2,\"tiene\":false}", "", 1 },
		{ "{\"frente\":2,\"costo\":\"0.99\",\"curp\":\"X\",\"rfc\":\"VACE460910SX6\",\"nif\":\"12345678A\"}",
			"costo answer.min; curp answer.curp.shape; rfc? answer.rfc.digit; nif answer.nif.digit", 1 },
		{ "{\"frente\":2,\"telefono\":\"12\",\"correo\":\"a@b\",\"clave\":\"9\",\"placa\":\"X\"}",
			"telefono answer.phone; correo answer.mail; clave answer.cadastral_key; placa Como ABC-123", 1 },
		{ "{\"frente\":2,\"predio\":{\"postal_code\":\"123\",\"block\":\"4\"}}",
			"predio.street answer.address.part; predio.number answer.address.part; predio.postal_code "
			"answer.address.shape",
			1 },
		{ "{\"frente\":2,\"archivo\":[{\"name\":\"a\"},{\"name\":\"b\"},{\"name\":\"c\"}]}",
			"archivo answer.too_many_files", 1 },
		{ "{\"frente\":2,\"niveles\":[{\"superficie\":\"60\"},{\"superficie\":\"x\"}]}",
			"niveles.0.destino answer.required; niveles.1.superficie answer.number", 1 },
		{ "{\"frente\":2,\"niveles\":[{\"superficie\":\"10\"},{\"superficie\":\"1\"},{\"superficie\":\"1\"},{\"superficie\":\"1\"}]}",
			"niveles answer.rows_max", 1 },
		{ "{\"frente\":\"1.5\",\"niveles\":[{\"superficie\":\"50\"},{\"superficie\":\"50\"},{\"superficie\":\"50.01\",\"destino\":\"x\"}]}",
			"niveles No cabe", 1 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct answers *s = test_sample_answers(t, pack, cases[i].json);
		CHECK_STR(errors_of(t, s, cases[i].page), cases[i].errors);
	}
}

TEST(answers_hidden_are_dropped_when_filed)
{
	struct answers *s = test_sample_answers(t, test_sample_pack(t),
		"{\"giro\":\"Tienda\",\"uso\":\"local\",\"frente\":2,\"nombre\":\"Ana\",\"tiene\":true}");
	CHECK_STR(answers_to_json(t->arena, s, ANSWERS_FILED),
		"{\"nombre\":\"Ana\",\"frente\":\"2\",\"uso\":\"local\",\"giro\":\"Tienda\",\"tiene\":true}");
	typed(t, s, "uso", "casa");
	typed(t, s, "frente", "1");
	CHECK(!field_is_visible(s, field(s, "giro"), -1));
	CHECK(!page_is_visible(s, &s->procedure->form.pages.items[1]));
	CHECK(!page_after(s, &s->procedure->form.pages.items[0]));
	CHECK_STR(answers_to_json(t->arena, s, ANSWERS_FILED),
		"{\"nombre\":\"Ana\",\"frente\":\"1\",\"uso\":\"casa\"}");
	/* The draft forgets nothing: choosing 'local' again brings it back. */
	CHECK(str_find(answers_to_json(t->arena, s, ANSWERS_DRAFT), STR("Tienda")) >= 0);
}

TEST(answers_json_is_canonical)
{
	const struct pack *pack = test_sample_pack(t);
	struct answers *s = test_sample_answers(t, pack,
		"{\"punto\":{\"lon\":\"-101.6824\",\"lat\":\"21.1221\"},\"frente\":\"8.50\",\"costo\":\"412\",\"fecha\":\"2026-11-24\","
		"\"predio\":{\"lot\":\"12\",\"street\":\"Calle\"},\"archivo\":[{\"name\":\"a.pdf\",\"bytes\":10,\"id\":\"1\"}],"
		"\"niveles\":[{\"superficie\":\"80.0\"}]}");
	struct str once = answers_to_json(t->arena, s, ANSWERS_FILED);
	CHECK_STR(once,
		"{\"frente\":\"8.5\",\"fecha\":\"2026-11-24\",\"costo\":\"412.00\",\"predio\":{\"street\":\"Calle\","
		"\"lot\":\"12\"},\"punto\":{\"lat\":\"21.1221\",\"lon\":\"-101.6824\"},\"archivo\":[{\"id\":\"1\",\"name\":\"a.pdf\","
		"\"type\":null,\"bytes\":10,\"sha256\":null}],\"niveles\":[{\"superficie\":\"80\"}]}");
	struct answers *again = test_sample_answers(t, pack, once.p);
	CHECK_STR(answers_to_json(t->arena, again, ANSWERS_FILED), once.p);
}

TEST(answers_refuse_what_is_not_of_the_form)
{
	const struct pack *pack = test_sample_pack(t);
	static const char *const bad[] = { "{\"fronte\":1}", "{\"frente\":{}}", "{\"frente\":true}",
		"{\"para\":\"agua\"}", "{\"para\":[\"gas\"]}", "{\"predio\":{\"calle\":\"x\"}}", "{\"niveles\":[1]}",
		"{\"niveles\":[{\"x\":1}]}", "{\"punto\":{\"lat\":\"1\"}}", "{\"archivo\":[{}]}", "{\"aviso\":\"x\"}",
		"{\"nombre\":\"a\\u0007\"}", "{\"niveles.superficie\":1}", NULL };
	for (const char *const *b = bad; *b; b++) {
		struct json *map;
		CHECK_OK(json_parse(t->arena, str_of(*b), &map));
		struct answers *s = answers_new(t->arena, pack, pack->procedures.items[0], DATE_NONE);
		CHECK_ERR(answers_from_json(s, map), ERR_INVALID);
		int lost = 0;
		CHECK_OK(answers_from_draft(s, map, &lost));
		CHECK_INT(lost, 1);
	}
	struct json *list;
	CHECK_OK(json_parse(t->arena, STR("[1]"), &list));
	CHECK_ERR(answers_from_json(fresh(t), list), ERR_MALFORMED);
}

TEST(answers_fee_line_by_line)
{
	struct answers *s = test_sample_answers(t, test_sample_pack(t), "{\"frente\":\"12.4\",\"tiene\":true}");
	struct fee_rows fee = answers_fee(s, t->arena, STR("es"));
	CHECK_INT(fee.count, 3);
	CHECK_INT(fee.total.cents, 26500 + 6360 - 3286);
	CHECK_STR(fee.items[0].explanation, "Tarifa base 265.00");
	CHECK_STR(fee.items[1].explanation,
		"Metro 26.50 × ([Frente 12.4 (porque no (Medido está contestado))] − 10) = 63.60");
	CHECK_STR(fee.items[2].explanation, "−Rebaja 10\u00A0% × (Alineamiento 265.00 + Metros 63.60) = −32.86");
	struct answer_input medido = { STR("medido"), STR("10") };
	answers_read_decision(s, (struct answer_inputs){ &medido, 1 });
	fee = answers_fee(s, t->arena, STR("es"));
	CHECK_INT(fee.count, 2);
	CHECK_INT(fee.total.cents, 26500 - 2650);
	CHECK_STR(answers_to_json(t->arena, s, ANSWERS_DECISION), "{\"medido\":\"10\"}");
	/* Nothing is known of the metres yet: the line does not apply, the total stands. */
	fee = answers_fee(fresh(t), t->arena, STR("es"));
	CHECK_INT(fee.total.cents, 26500);
	CHECK(fee.known);
}

TEST(answers_summary_shows_what_is_visible)
{
	struct answers *s = test_sample_answers(t, test_sample_pack(t),
		"{\"nombre\":\"Ana\",\"frente\":\"1\",\"uso\":\"casa\",\"fecha\":\"2026-11-24\"}");
	struct summary_rows rows = answers_summary(s, t->arena, STR("eu"));
	CHECK_INT(rows.count, 5);
	CHECK_STR(rows.items[0].label, "Izena");
	CHECK_STR(rows.items[1].value, "1 metros");
	CHECK_STR(rows.items[2].value, "2026/11/24");
	CHECK_STR(rows.items[3].value, "Una casa");
	CHECK_STR(rows.items[4].value, "");
	CHECK_STR(answers_applicant_name(s), "Ana");
	CHECK(!answer_with_role(s, ROLE_APPLICANT_MAIL));
	CHECK(!requirement_applies(s, &s->procedure->sheet.requirements.items[0]));
}

static struct str fact(const void *state, struct str name, struct str lang)
{
	(void)state, (void)lang;
	return str_eq(name, STR("reasons")) ? STR("Uno.\n2. Dos") : STR("$ 412.00");
}

TEST(document_fills_and_escapes)
{
	struct answers *s = test_sample_answers(t, test_sample_pack(t),
		"{\"nombre\":\"**Ana** [x](http://y) | <b>\",\"frente\":\"8.5\",\"uso\":\"local\",\"giro\":\"Tienda\",\"numero\":\"12\",\"tiene\":true}");
	static const struct document_facts facts = { .get = fact };
	CHECK_STR(document_fill(t->arena, procedure_document(s->procedure, STR("permiso")), s, &facts, STR("eu")),
		"# 12\n\nA \\*\\*Ana\\*\\* \\[x\\](http://y) \\| \\<b\\>, número **12**, frente 8.5 metros, Un local.\n"
		"Giro: Tienda. Tarifa $\u00A0265.00, total $ 412.00.\nTiene\n\nUno.\n\n2\\. Dos\n\n\n");
	CHECK_STR(markdown_escape(t->arena, STR("# t\n- x")), "\\# t - x");
	CHECK_STR(markdown_escape(t->arena, STR("3) a")), "3\\) a");
	CHECK_STR(markdown_escape(t->arena, STR("3.5")), "3.5");
}

TEST(document_body_mistakes_have_places)
{
	static const struct {
		const char *body;
		int line, column;
		const char *text;
	} cases[] = {
		{ "a\nb {{nombe}}", 2, 5, "unknown name 'nombe'; did you mean 'nombre'?" },
		{ "{{case.numbr}}", 1, 3, "unknown name 'case.numbr'; did you mean 'case.number'?" },
		{ "ñ {{if frente}}x{{end}}", 1, 8, "expected yes/no, found number" },
		{ "{{if tiene}}x", 1, 1, "this {{if}} has no {{end}}" },
		{ "x{{end}}", 1, 2, "there is no {{if}} for this" },
		{ "x {{nombre", 1, 3, "this {{ is not closed" },
	};
	const struct pack *pack = test_sample_pack(t);
	const struct procedure *p = pack->procedures.items[0];
	struct expr_name names[] = { { .id = STR("nombre"), .type = EXPR_TEXT, .line = 1 },
		{ .id = STR("frente"), .type = EXPR_NUMBER, .line = 1 },
		{ .id = STR("tiene"), .type = EXPR_YES_NO, .line = 1 } };
	struct expr_scope scope = { .items = names, .count = 3 };
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct findings f = findings_new(t->arena);
		document_parse(t->arena, str_of(cases[i].body), p, &scope, &f);
		CHECK_INT(f.count, 1);
		CHECK_STR(f.items[0].text, cases[i].text);
		CHECK_INT(f.items[0].line, cases[i].line);
		CHECK_INT(f.items[0].column, cases[i].column);
	}
}

TEST(mask_shapes)
{
	struct str out;
	CHECK(mask_is_good(STR("99-XA|9")));
	CHECK(!mask_is_good(STR("")));
	CHECK(!mask_is_good(STR("99|")));
	CHECK(mask_matches(STR("AA-9999|AAA-999"), STR("ABC-123")));
	CHECK(!mask_matches(STR("AA-9999|AAA-999"), STR("ABC-12")));
	CHECK(mask_canonical(t->arena, STR("99-999"), STR("12 345"), &out));
	CHECK_STR(out, "12-345");
	CHECK(!mask_canonical(t->arena, STR("99-999"), STR("12-3456"), &out));
	CHECK_STR(mask_example(t->arena, STR("99-999-A")), "12-345-A");
}

TEST(opening_hours_of_the_sample)
{
	const struct pack *p = test_sample_pack(t);
	struct date tuesday = DATE_NONE;
	date_of_ymd(2026, 11, 24, &tuesday);
	int until = 0;
	CHECK(openings_at(&p->hours, &p->calendar, tuesday, 8 * 60, &until));
	CHECK_INT(until, 15 * 60 + 30);
	CHECK(!openings_at(&p->hours, &p->calendar, tuesday, 15 * 60 + 30, &until));
	CHECK(openings_at(&p->hours, &p->calendar, date_add_days(tuesday, 4), 9 * 60,
		&until)); /* Saturday has hours */
	CHECK(!openings_at(&p->hours, &p->calendar, date_add_days(tuesday, -8), 9 * 60,
		&until)); /* 16 Nov: holiday */
	CHECK_INT(calendar_day_kind(&p->calendar, date_add_days(tuesday, -8)), DAY_HOLIDAY);
	CHECK_INT(calendar_day_kind(&p->calendar, tuesday), DAY_WORKING);
	CHECK_INT(calendar_day_kind(&p->calendar, date_add_days(tuesday, 4)), DAY_WEEKEND);
	CHECK_INT(calendar_day_kind(&p->calendar, date_add_days(tuesday, 62)), DAY_UNKNOWN);
}

/* Outside the outline of the town's map: told, and refused only when the procedure says so. */
TEST(answers_point_outside_the_town)
{
	static const char town_map[] =
		"{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{\"kind\":\"outline\"},"
		"\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[-102,21],[-101,21],[-101,22],[-102,22],[-102,21]]]}}]}";
	struct pack *pack = test_sample_pack(t);
	if (!pack) return;
	struct findings findings = findings_new(t->arena);
	pack->map.base = map_read(t->arena, str_of(town_map), &findings);
	CHECK(pack->map.base);
	struct answers *s = test_sample_answers(t, pack,
		"{\"nombre\":\"Ana\",\"frente\":2,\"uso\":\"casa\",\"punto\":{\"lat\":\"21.5\",\"lon\":\"-101.5\"}}");
	if (!s) return;
	CHECK_INT(answers_check(s, t->arena).warnings, 0);
	s = test_sample_answers(t, pack,
		"{\"nombre\":\"Ana\",\"frente\":2,\"uso\":\"casa\",\"punto\":{\"lat\":\"20.5\",\"lon\":\"-101.5\"}}");
	struct field_errors found = answers_check(s, t->arena);
	CHECK_INT(found.errors, 0);
	CHECK_INT(found.warnings, 1);
	CHECK_STR(str_of(found.first->key), "answer.point_far");
	((struct field *)procedure_field(s->procedure, STR("punto")))->only_inside = true;
	found = answers_check(s, t->arena);
	CHECK_INT(found.errors, 1);
	CHECK_STR(str_of(found.first->key), "answer.point_outside");
}
