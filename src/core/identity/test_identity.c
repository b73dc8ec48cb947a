/* Published vectors of identity numbers, and slips of each kind. */
#include "base/testing.h"
#include "core/identity/identity.h"

static bool all_give(enum identity_result (*check)(struct str), const char *const *list,
	enum identity_result wanted)
{
	for (; *list; list++)
		if (check(str_of(*list)) != wanted) return false;
	return true;
}

/* CURP: python-stdnum's examples, npm curp's, and one of a SAT test certificate. */
TEST(curp_accepts_published_numbers)
{
	CHECK(all_give(curp_check,
		(const char *const[]){ "BOXW310820HNERXN09", "HEGG560427MVZRRL04", "BEML920313HMCLNS09",
			"PEGL890909MJCRMS08", "GOCA741120HVZMNR00", NULL },
		IDENTITY_OK));
}

TEST(curp_says_what_is_wrong)
{
	CHECK_INT(curp_check(STR("HEGT761003MDFRNN09")), IDENTITY_DIGIT); /* a SAT test certificate has it */
	CHECK_INT(curp_check(STR("BOXW310820HNERXN0")), IDENTITY_SHAPE);
	CHECK_INT(curp_check(STR("BOXW310820ZNERXN09")), IDENTITY_SHAPE); /* sex Z */
	CHECK_INT(curp_check(STR("BOXW310230HNERXN09")), IDENTITY_DATE);
	CHECK_INT(curp_check(STR("BOXW310820HXXRXN09")), IDENTITY_PLACE);
	CHECK_INT(curp_check(STR("")), IDENTITY_SHAPE);
	CHECK_INT(curp_check(STR_NONE), IDENTITY_SHAPE);
}

/* Position 17 tells the century: 29 February 1900 did not exist, that of 2000 did. */
TEST(curp_reads_the_century)
{
	CHECK_INT(curp_check(STR("BOXW000229HNERXN00")), IDENTITY_DATE);
	CHECK(curp_check(STR("BOXW000229HNERXNA0")) != IDENTITY_DATE);
}

TEST(rfc_accepts_published_numbers)
{
	CHECK(all_give(rfc_check,
		(const char *const[]){ "GODE561231GR8", "MAB9307148T4", "SAT970701NN3", "EKU9003173C9",
			"XIA190128J61", "SMA0112284B2", "GOCA741120HY0", NULL },
		IDENTITY_OK));
}

TEST(rfc_says_what_is_wrong)
{
	CHECK_INT(rfc_check(STR("VACE460910SX6")), IDENTITY_DIGIT);
	CHECK_INT(rfc_check(STR("XAXX010101000")), IDENTITY_DIGIT); /* público en general: formally wrong */
	CHECK_INT(rfc_check(STR("XEXX010101000")), IDENTITY_OK);    /* extranjero */
	CHECK_INT(rfc_check(STR("GODE561331GR8")), IDENTITY_DATE);
	CHECK_INT(rfc_check(STR("GODE56123GR8")), IDENTITY_SHAPE);
	CHECK_INT(rfc_check(STR("GODE561231GR8GODE561231GR8")), IDENTITY_SHAPE);
}

/* Ñ and & are letters here, and Ñ is two bytes. */
TEST(rfc_counts_letters_not_bytes)
{
	CHECK(rfc_check(STR("Ñ&A930714AAA")) != IDENTITY_SHAPE);
	CHECK(rfc_check(identity_canonical(t->arena, STR("ñ&a-930714-aaa"))) != IDENTITY_SHAPE);
}

/* Anexo of the RFC rules: GOMEZ DIAZ EMMA gives GR. */
TEST(rfc_homoclave_of_the_example)
{
	char homoclave[3];
	CHECK(rfc_homoclave(STR("GOMEZ DIAZ EMMA"), homoclave));
	CHECK_STR(str_of(homoclave), "GR");
	CHECK(!rfc_homoclave(STR("gomez"), homoclave));
}

TEST(nif_accepts_published_numbers)
{
	CHECK(all_give(nif_check,
		(const char *const[]){ "12345678Z", "00000000T", "54362315K", "99999999R", "X2482300W", "X5253868R",
			"Y0000000Z", "Z0000000M", "M1234567L", "J99216582", "B64717838", "A13585625", "B58378431",
			"P2807900B", "Q2826000H", "Q4800687H", NULL },
		IDENTITY_OK));
}

TEST(nif_says_what_is_wrong)
{
	CHECK_INT(nif_check(STR("J99216583")), IDENTITY_DIGIT);
	CHECK_INT(nif_check(STR("12345678A")), IDENTITY_DIGIT);
	CHECK_INT(nif_check(STR("1234567Z")), IDENTITY_SHAPE);
	CHECK_INT(nif_check(STR("123456789")), IDENTITY_SHAPE);
	CHECK_INT(nif_check(STR("I1234567A")), IDENTITY_SHAPE);
	CHECK_INT(nif_check(STR_NONE), IDENTITY_SHAPE);
}

TEST(identity_canonical_form)
{
	CHECK_STR(identity_canonical(t->arena, STR(" 12.345.678-z ")), "12345678Z");
	CHECK_STR(identity_canonical(t->arena, STR("boxw310820 hnerxn09")), "BOXW310820HNERXN09");
	CHECK_STR(identity_canonical(t->arena, STR("")), "");
	CHECK_STR(identity_canonical(t->arena,
				  STR("\xff"
					  "A")),
		"?A");
}

TEST(phone_becomes_e164)
{
	struct str n;
	CHECK(phone_canonical(t->arena, STR("477 000-0000"), STR("+52"), 10, &n));
	CHECK_STR(n, "+524770000000");
	CHECK(phone_canonical(t->arena, STR("+34 944 78 00 00"), STR("+52"), 10, &n));
	CHECK_STR(n, "+34944780000");
	CHECK(phone_canonical(t->arena, STR("0034944780000"), STR("+52"), 10, &n));
	CHECK_STR(n, "+34944780000");
	CHECK(!phone_canonical(t->arena, STR("477 000 000"), STR("+52"), 10, &n));
	CHECK(!phone_canonical(t->arena, STR("477 000 000x"), STR("+52"), 10, &n));
	CHECK(!phone_canonical(t->arena, STR(""), STR("+52"), 10, &n));
	CHECK(!phone_canonical(t->arena, STR("+1234567890123456789"), STR("+52"), 10, &n));
	CHECK(!phone_canonical(t->arena, STR("00"), STR("+52"), 10, &n));
}

TEST(mail_addresses)
{
	struct str m;
	CHECK(mail_canonical(t->arena, STR(" Ana.Perez+x@Correo.EXAMPLE "), &m));
	CHECK_STR(m, "Ana.Perez+x@correo.example");
	static const char *const bad[] = { "", "@", "a@", "@b.c", "a@b", "a b@c.d", "a@b..c", ".a@b.c", "a.@b.c",
		"a..b@c.d", "a@-b.c", "a@b.c-", "a@b.1", "a@b@c.d", "a\nb@c.d", "a@b.c\r\nBcc: x@y.z",
		"a@[127.0.0.1]", NULL };
	for (const char *const *b = bad; *b; b++)
		CHECK(!mail_canonical(t->arena, str_of(*b), &m));
}
