/* Contrast by WCAG 2, against its own examples and the figures of the look; the common colours against the sheet. */
#include "base/testing.h"
#include "core/definition/look_check.h"

/* WCAG 2.2, "contrast ratio": black on white is 21:1; #767676 is the well-known grey that just passes 4.5:1. */
TEST(look_contrast_of_wcag)
{
	CHECK_INT(look_contrast(0x000000, 0xffffff), 2100);
	CHECK_INT(look_contrast(0xffffff, 0xffffff), 100);
	CHECK_INT(look_contrast(0x767676, 0xffffff), 454);
	CHECK(look_contrast(0x777777, 0xffffff) < 450);
	CHECK_INT(look_contrast(0xffffff, 0x767676), 454);
}

TEST(look_contrast_of_the_two_towns)
{
	CHECK_INT(look_contrast(0x0b5c49, 0xffffff) / 10, 79); /* León, "8.0" rounded */
	CHECK_INT(look_contrast(0x1d4f91, 0xffffff) / 10, 81); /* Barakaldo */
	CHECK_INT(look_contrast(0xb9e0cf, 0x083a2f) / 10, 88);
	CHECK_INT(look_contrast(0xffffff, 0x083a2f) / 10, 126);
}

TEST(look_common_colours_are_those_of_the_sheet)
{
	static char css[100000];
	FILE *f = fopen("web/css/ventanilla.css", "rb");
	CHECK(f);
	size_t n = fread(css, 1, sizeof css - 1, f);
	fclose(f);
	struct str sheet = { css, n };
	static const char *const names[] = { "paper", "ground", "ground-2", "warn-tint", "ink-2" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct str rule = arena_printf(t->arena, "--%s: #%06x;", names[i], look_common_colour(names[i]));
		CHECK(str_find(sheet, rule) >= 0);
	}
}

TEST(look_css_of_a_town)
{
	struct look look = { .colours = { 0x0b5c49, 0x083a2f, 0xe4f0ea, 0x9fc6b6, 0xb9e0cf, 0xffffff } };
	CHECK_STR(look_css(t->arena, &look, STR("leon")),
		"[data-town=\"leon\"]{--town:#0b5c49;--town-deep:#083a2f;"
		"--town-tint:#e4f0ea;--town-line:#9fc6b6;--town-glow:#b9e0cf;--on-town:#ffffff;}\n");
}

TEST(logo_holds_shapes_only)
{
	CHECK(!logo_problem(
		STR("<svg viewBox=\"0 0 1 1\"><title>x</title><path d=\"M0 0\" stroke-opacity=\".5\"/></svg>")));
	CHECK(logo_problem(STR("<svg><script>1</script></svg>")));
	CHECK(logo_problem(STR("<svg onload=\"x\"/>")));
	CHECK(logo_problem(STR("<svg><image/></svg>")));
	CHECK(logo_problem(STR("<svg><g style=\"x\"/></svg>")));
	CHECK(logo_problem(STR("<svg><path fill=\"url(#a)\"/></svg>")));
	CHECK(logo_problem(STR("<!DOCTYPE svg><svg/>")));
	CHECK(logo_problem(STR("<svg>&x;</svg>")));
}
