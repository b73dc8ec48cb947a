/* The invented people of the demonstration pass the program's own checks; its papers are what they claim; the same
 * seed gives the same again. */
#include "app/demo/papers.h"
#include "app/demo/people.h"
#include "base/testing.h"
#include "core/file/file.h"
#include "core/identity/identity.h"

static struct pack mexico(void) { return (struct pack){ .country = STR("MX") }; }

TEST(demo_people_have_sound_numbers)
{
	struct pack pack = mexico();
	struct dice dice = dice_of(7);
	for (int i = 0; i < 500; i++) {
		struct person p = person_draw(&dice, t->arena, &pack, i);
		struct str mail, phone;
		CHECK_INT(curp_check(p.curp), IDENTITY_OK);
		CHECK_INT(rfc_check(p.rfc), IDENTITY_OK);
		CHECK_INT(nif_check(p.nif), IDENTITY_OK);
		CHECK(mail_canonical(t->arena, p.mail, &mail));
		CHECK(str_ends_with(mail, STR(".example")));
		CHECK(phone_canonical(t->arena, p.phone, STR("+52"), 10, &phone));
	}
}

TEST(demo_is_the_same_at_every_run)
{
	struct pack pack = mexico();
	struct dice one = dice_of(42), other = dice_of(42), third = dice_of(43);
	int different = 0;
	for (int i = 0; i < 50; i++) {
		struct person p = person_draw(&one, t->arena, &pack, i);
		CHECK(str_eq(p.name, person_draw(&other, t->arena, &pack, i).name));
		different += str_eq(p.name, person_draw(&third, t->arena, &pack, i).name) ? 0 : 1;
	}
	CHECK(different > 40);
	CHECK(str_eq(paper_jpeg(&one, t->arena), paper_jpeg(&other, t->arena)));
}

TEST(demo_papers_are_what_they_claim)
{
	struct dice dice = dice_of(1);
	struct str lines[] = { STR("Escritura (ejemplo) número 12"), STR("\\ no es el fin") };
	struct str pdf = paper_pdf(t->arena, lines, 2), png = paper_png(&dice, t->arena),
			   jpeg = paper_jpeg(&dice, t->arena);
	CHECK_INT(media_of(pdf), MEDIA_PDF);
	CHECK_INT(media_of(png), MEDIA_PNG);
	CHECK_INT(media_of(jpeg), MEDIA_JPEG);
	CHECK(str_find(pdf, STR("(Escritura \\(ejemplo\\) n\xfamero 12)")) > 0);
	CHECK(str_ends_with(jpeg, STR("\xff\xd9")));
}

TEST(demo_dice_stay_in_range)
{
	struct dice dice = dice_of(3);
	bool low = false, high = false;
	for (int i = 0; i < 2000; i++) {
		int64_t n = dice_between(&dice, -3, 3);
		CHECK(n >= -3 && n <= 3);
		low |= n == -3;
		high |= n == 3;
	}
	CHECK(low && high);
}
