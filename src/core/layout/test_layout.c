/* The layouts and parts as pages: what stands in them, and what must not. */
#include "base/testing.h"
#include "core/layout/citizen.html.h"
#include "core/layout/error_page.h"
#include "core/layout/form.html.h"
#include "core/layout/office.html.h"
#include "core/layout/parts.html.h"

struct stage {
	struct buf out;
	struct page_look look;
	struct locale locale;
	struct view view;
};

static struct view *stage(struct test *t, const char *lang)
{
	struct stage *s = ARENA_NEW(t->arena, struct stage);
	struct zone *zone = NULL;
	if (zone_load(t->arena, STR("America/Mexico_City"), &zone) || !locale_find(STR("es-MX"), &s->locale))
		test_fail(t, __FILE__, __LINE__, "no zone");
	s->out = buf_new(t->arena, 256 * 1024);
	static struct look_link nav[] = {
		{ .href = { "/tramites", 9 }, .text = { "Tr&mites", 8 }, .is_current = true }
	};
	static struct look_language langs[] = { { { "es", 2 }, { "español", 8 }, true },
		{ { "eu", 2 }, { "euskara", 7 }, false } };
	s->look = (struct page_look){ .name = STR("Municipio de <León>"),
		.town = STR("leon"),
		.is_demo = true,
		.nav = { nav, 1 },
		.languages = { langs, 2 },
		.path = STR("/tramites?q=\"x\""),
		.phone = STR("477 000 0000"),
		.phone_href = STR("tel:+524770000000"),
		.now = { 1795538520000 },
		.staff = STR("Persona A") };
	s->view = (struct view){ .out = &s->out,
		.arena = t->arena,
		.lang = str_of(lang),
		.zone = zone,
		.locale = &s->locale,
		.csrf = STR("TOKEN"),
		.look = &s->look };
	return &s->view;
}

static bool has(const struct view *v, const char *text)
{
	return str_find(buf_str(v->out), str_of(text)) >= 0;
}

TEST(layout_citizen)
{
	struct view *v = stage(t, "es");
	struct page_crumb crumbs[] = { { STR("Trámites"), STR("/tramites") }, { STR("Uno"), STR_NONE } };
	struct page_view page = { .title = STR("A & B"), .crumbs = { crumbs, 2 } };
	citizen_layout_html_open(v, &page);
	citizen_layout_html_close(v, &page);
	CHECK(str_starts_with(buf_str(v->out), STR("<!doctype html>\n<html lang=\"es\" data-town=\"leon\">\n")));
	CHECK(str_ends_with(buf_str(v->out), STR("</body>\n</html>")));
	CHECK(has(v, "<title>A &amp; B · Municipio de &lt;León&gt;</title>"));
	CHECK(has(v, "<a class=\"skip\" href=\"#main\">Ir al contenido</a>"));
	CHECK(has(v, "<aside class=\"demo\""));
	CHECK(has(v, "<a href=\"/tramites\" aria-current=\"page\">Tr&amp;mites</a>"));
	CHECK(has(v, "<main id=\"main\" class=\"main stack\">"));
	CHECK(has(v, "<li><span aria-current=\"page\">Uno</span></li>"));
	CHECK(has(v, "href=\"tel:+524770000000\""));
	CHECK(has(v, "value=\"/tramites?q=&quot;x&quot;\""));
	CHECK(has(v, "Hora oficial del registro: martes 24 de noviembre de 2026, 10:42."));
	/* The content policy: default-src 'none'; style-src 'self'. */
	CHECK(!has(v, "style=") && !has(v, "<style") && !has(v, "<script") && !has(v, " on"));
}

TEST(layout_without_demo_and_languages)
{
	struct view *v = stage(t, "eu");
	struct page_look look = *v->look;
	look.is_demo = false;
	look.languages.count = 1;
	look.stylesheet = STR("/activos/0/leon.css");
	v->look = &look;
	struct page_view page = { .title = STR("x"), .has_errors = true, .is_hidden = true };
	citizen_wide_layout_html_open(v, &page);
	citizen_wide_layout_html_close(v, &page);
	CHECK(has(v, "<title>Errorea: x · "));
	CHECK(has(v, "content=\"noindex\"") && has(v, "<link rel=\"stylesheet\" href=\"/activos/0/leon.css\">"));
	CHECK(!has(v, "class=\"demo\"") && !has(v, "/idioma") && !has(v, "breadcrumbs"));
}

TEST(layout_office)
{
	struct view *v = stage(t, "es");
	struct office_key keys[] = { { STR("J"), STR("bajar") } };
	struct office_view page = { .title = STR("Míos"), .search = STR("\"García\""), .keys = { keys, 1 } };
	struct page_look look = *v->look;
	office_layout_html_open(v, &page);
	CHECK(!has(v, "/oficina/buscar")); /* a cashier reads no cases: a search would only be refused */
	look.may_search = true;
	v = stage(t, "es");
	v->look = &look;
	office_layout_html_open(v, &page);
	office_layout_html_close(v, &page);
	CHECK(has(v, "<body class=\"office\">") && has(v, "value=\"&quot;García&quot;\""));
	CHECK(has(v, "action=\"/oficina/salir\"><input type=\"hidden\" name=\"_csrf\" value=\"TOKEN\">"));
	CHECK(has(v, "<p class=\"keys\"><span><span class=\"kbd\">J</span> bajar</span>"));
	CHECK(!has(v, "site-footer"));
}

TEST(layout_error_pages)
{
	static const int statuses[] = { 400, 401, 403, 404, 405, 409, 410, 413, 415, 421, 422, 429, 500, 503,
		418 };
	static const char *const langs[] = { "es", "en", "eu" };
	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
		for (size_t l = 0; l < 3; l++) {
			struct view *v = stage(t, langs[l]);
			error_page_write(v, statuses[i], STR_NONE, STR("ABCD"));
			struct html page;
			CHECK_OK(view_finish(v, &page));
			CHECK(has(v, "ABCD") && has(v, "<h1>") && has(v, "href=\"/\""));
		}
	CHECK_STR(error_page_title(STR("es"), 404), "No encontramos esta página");
	CHECK_STR(error_page_title(STR("es"), 418), "Algo falló de nuestro lado");
	struct view *v = stage(t, "es");
	struct page_look office = *v->look;
	office.path = STR("/oficina/caja");
	v->look = &office;
	error_page_write(v, 403, STR_NONE, STR_NONE);
	CHECK(has(v, "class=\"button\" href=\"/oficina\"")); /* whoever works there goes back to work */
	v = stage(t, "es");
	error_page_write(v, 409, STR("Otra persona <ya>"), STR_NONE);
	CHECK(has(v, "<p class=\"lead\">Otra persona &lt;ya&gt;</p>"));
	v = stage(t, "es");
	v->look = NULL;
	error_page_write(v, 421, STR_NONE, STR_NONE);
	CHECK(has(v, "<h1>Aquí no hay ningún municipio</h1>"));
}

static struct view *control(struct test *t, struct form_control c)
{
	struct view *v = stage(t, "es");
	form_control_html(v, &c);
	return v;
}

TEST(form_control_text)
{
	struct view *v = control(t,
		(struct form_control){ .id = STR("frente"),
			.name = STR("frente"),
			.label = STR("Frente"),
			.hint = STR("De lado a lado"),
			.error = STR("Escriba un número"),
			.value = STR("\"ocho\""),
			.unit = STR("metros"),
			.input_mode = STR("decimal") });
	CHECK(has(v,
		"<div class=\"form-group form-group--error\">\n<label class=\"label\" for=\"frente\">Frente</label>\n"
		"<p class=\"hint\" id=\"frente-h\">De lado a lado</p>\n<p class=\"error-message\" id=\"frente-e\">"));
	CHECK(has(v,
		"<input type=\"text\" class=\"input input--error\" id=\"frente\" name=\"frente\" value=\"&quot;ocho&quot;\" "
		"inputmode=\"decimal\" aria-invalid=\"true\" aria-describedby=\"frente-h frente-e frente-u\">"));
	CHECK(has(v, "<span class=\"affix__unit\" id=\"frente-u\">metros</span>"));
	v = control(t,
		(struct form_control){ .id = STR("a"), .name = STR("a"), .label = STR("A"), .is_title = true });
	CHECK(has(v, "<h1><label for=\"a\">A</label></h1>"));
	CHECK(!has(v, "aria-describedby") && !has(v, "aria-invalid") && !has(v, "hint"));
}

TEST(form_control_choices)
{
	struct form_choice choices[] = { { STR("u1"), STR("t"), STR("Terreno"), STR_NONE, false },
		{ STR("u2"), STR("c"), STR("Casa"), STR("También"), true } };
	struct form_control c = { .kind = CONTROL_RADIO,
		.id = STR("uso"),
		.name = STR("uso"),
		.label = STR("¿Qué hay?"),
		.choices = { choices, 2 } };
	struct view *v = control(t, c);
	CHECK(has(v, "<legend class=\"fieldset__legend\">¿Qué hay?</legend>"));
	CHECK(
		has(v, "<input type=\"radio\" id=\"u1\" name=\"uso\" value=\"t\"><label for=\"u1\">Terreno</label>"));
	CHECK(has(v, "value=\"c\" checked aria-describedby=\"u2-h\">"));
	c.kind = CONTROL_CHECKBOX;
	CHECK(has(control(t, c), "<input type=\"checkbox\" id=\"u2\" name=\"uso\" value=\"c\" checked"));
	c.kind = CONTROL_SELECT;
	c.empty_choice = STR("Elija");
	v = control(t, c);
	CHECK(has(v,
		"<option value=\"\">Elija</option>\n<option value=\"t\">Terreno</option>\n"
		"<option value=\"c\" selected>Casa</option>"));
}

TEST(form_control_others)
{
	struct view *v = control(t,
		(struct form_control){ .kind = CONTROL_TEXTAREA,
			.id = STR("m"),
			.name = STR("m"),
			.label = STR("M"),
			.value = STR("\n</textarea>") });
	CHECK(has(v, "rows=\"5\">\n\n&lt;/textarea&gt;</textarea>"));
	v = control(t,
		(struct form_control){ .kind = CONTROL_DATE,
			.id = STR("d"),
			.name = STR("d"),
			.label = STR("D"),
			.month = STR("11") });
	CHECK(has(v, "id=\"d-month\" name=\"d.month\" value=\"11\" maxlength=\"2\""));
	struct file_row rows[] = { { .kind = STR("PDF"),
		.name = STR("<x>.pdf"),
		.facts = STR("1 MB"),
		.remove_form = STR("quitar"),
		.remove_name = STR("n"),
		.remove_value = STR("7") } };
	v = control(t,
		(struct form_control){ .kind = CONTROL_FILE,
			.id = STR("f"),
			.name = STR("f"),
			.label = STR("F"),
			.accept = STR(".pdf"),
			.files = { rows, 1 } });
	CHECK(has(v, "<p class=\"file__name\">&lt;x&gt;.pdf</p>"));
	CHECK(has(v, "form=\"quitar\" name=\"n\" value=\"7\""));
	CHECK(has(v, "<input type=\"file\" id=\"f\" name=\"f\" accept=\".pdf\">"));
}

TEST(parts_deadline_says_it_three_times)
{
	static const struct {
		struct deadline_view v;
		const char *class, *number, *word;
	} cases[] = {
		{ { DUE_FAR, 9, false, { "lun 7 dic", 9 } }, "\"deadline\"", ">9<", "días hábiles" },
		{ { DUE_SOON, 1, false, { "x", 1 } }, "deadline--soon", ">1<", "día hábil\n" },
		{ { DUE_FAR, 30, true, { "x", 1 } }, "\"deadline\"", ">30<", "días naturales" },
		{ { DUE_TODAY, 0, false, { "x", 1 } }, "deadline--today", ">0<", "Vence hoy" },
		{ { DUE_LATE, 3, false, { "x", 1 } }, "deadline--late", ">−3<", "Vencido" },
		{ { DUE_PAUSED, 0, false, { "x", 1 } }, "deadline--pause", ">II<", "En pausa" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct view *v = stage(t, "es");
		deadline_html(v, &cases[i].v);
		CHECK(has(v, cases[i].class) && has(v, cases[i].number) && has(v, cases[i].word));
	}
	struct view *v = stage(t, "es");
	deadline_html(v, &(struct deadline_view){ .tone = DUE_NONE });
	CHECK_STR(buf_str(v->out), "");
}

TEST(parts_days_strip)
{
	const enum strip_day days[] = { STRIP_USED, STRIP_USED, STRIP_PAUSED, STRIP_LEFT, STRIP_LEFT, STRIP_DUE };
	struct days_view strip;
	days_view_fill(t->arena, STR("es"), days, 6, false, &strip);
	CHECK_STR(strip.label, "Van 2 de 5 días hábiles; el plazo está en pausa");
	CHECK_INT(strip.width, 236);
	CHECK_INT(strip.height, 80);
	CHECK_STR(strip.boxes.items[2].label, "II");
	CHECK_STR(strip.boxes.items[5].label, "5");
	CHECK_INT(strip.boxes.items[5].x, 1);
	CHECK_INT(strip.boxes.items[5].y, 43);
	struct view *v = stage(t, "es");
	days_html(v, &strip);
	CHECK(has(v, "<svg class=\"days\" viewBox=\"0 0 236 80\" role=\"img\" aria-label=\"Van 2 de 5"));
	CHECK(has(v,
		"<rect class=\"due\" x=\"1.5\" y=\"43.5\" width=\"41\" height=\"35\" rx=\"4\"/><text x=\"22\" y=\"67\">5</text>"));
	days_view_fill(t->arena, STR("es"), days, 0, true, &strip);
	CHECK_INT(strip.boxes.count, 0);
}

TEST(parts_error_summary_and_pager)
{
	struct view *v = stage(t, "es");
	struct error_summary_line lines[] = { { STR("#a"), STR("Falta <a>") } };
	error_summary_html(v, &(struct error_summary_view){ { lines, 1 } });
	CHECK(
		has(v, "Falta corregir 1 cosa para seguir") && has(v, "<li><a href=\"#a\">Falta &lt;a&gt;</a></li>"));
	v = stage(t, "es");
	error_summary_html(v, &(struct error_summary_view){ { lines, 0 } });
	pager_html(v, &(struct pager_view){ .text = STR("x") });
	CHECK_STR(buf_str(v->out), "");
}
