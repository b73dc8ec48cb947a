#include "base/testing.h"
#include "base/utf8.h"

/* RFC 3629, sections 3, 4 and 10; the first and last code point of each length, and around the gaps. */
TEST(utf8_valid_follows_rfc3629)
{
	static const char *const good[] = { "", "a", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80",
		"\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf",
		"\x41\xe2\x89\xa2\xce\x91\x2e" /* section 7 */, "\xed\x95\x9c\xea\xb5\xad\xec\x96\xb4",
		"\xef\xbb\xbf\xf0\xa3\x8e\xb4" };
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		CHECK(utf8_valid(str_of(good[i])));

	static const char *const bad[] = { "\x80", "\xbf", "a\x80", "\xc0\x80", "\xc1\xbf", "\xc3", "\xc3\x28",
		"\xe0\x80\x80", "\xe0\x9f\xbf", "\xe2\x82", "\xe2\x28\xa1", "\xe2\x82\x28", "\xed\xa0\x80",
		"\xed\xbf\xbf", "\xed\xa1\x8c\xed\xbe\xb4", "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf", "\xf0\x9f\x98",
		"\xf0\x28\x8c\xbc", "\xf0\x90\x28\xbc", "\xf0\x28\x8c\x28", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
		"\xf8\x88\x80\x80\x80", "\xfc\x84\x80\x80\x80\x80", "\xfe", "\xff", "\x2f\xc0\xae\x2e\x2f" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		CHECK(!utf8_valid(str_of(bad[i])));
	CHECK(!utf8_valid(STR("a\0b")));
	CHECK(utf8_valid(STR_NONE));
}

TEST(utf8_next_and_encode_are_inverse)
{
	for (int32_t c = 0; c <= 0x110000; c++) {
		char bytes[4];
		size_t n = utf8_encode(c, bytes), pos = 0;
		bool scalar = c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
		CHECK_INT(n > 0, scalar);
		if (!scalar) continue;
		CHECK_INT(utf8_next((struct str){ bytes, n }, &pos), c);
		CHECK_INT(pos, n);
	}
	char bytes[4];
	CHECK_INT(utf8_encode(-1, bytes), 0);
}

TEST(utf8_next_steps_over_broken_bytes)
{
	struct str s = STR("\xe2\x82x\xff");
	size_t pos = 0;
	CHECK_INT(utf8_next(s, &pos), -1);
	CHECK_INT(pos, 1);
	CHECK_INT(utf8_next(s, &pos), -1);
	CHECK_INT(utf8_next(s, &pos), 'x');
	CHECK_INT(utf8_next(s, &pos), -1);
	CHECK_INT(pos, 4);
	CHECK_INT(utf8_next(s, &pos), -1);
	CHECK_INT(pos, 4);
}

TEST(utf8_plain_text_has_no_controls)
{
	CHECK(utf8_is_plain(STR("Año Nuevo, 5 €"), false));
	CHECK(!utf8_is_plain(STR("a\nb"), false) && utf8_is_plain(STR("a\n\tb"), true));
	CHECK(!utf8_is_plain(STR("a\rb"), true) && !utf8_is_plain(STR("a\x1b[0m"), true));
	CHECK(!utf8_is_plain(STR("a\x7f"), true) && !utf8_is_plain(STR("a\0"), true));
	CHECK(!utf8_is_plain(STR("a\xc2\x85"), true)); /* C1 */
	CHECK(!utf8_is_plain(STR("a\xe2\x80\xae"
							 "fdp.exe"),
		true)); /* right-to-left override */
	CHECK(!utf8_is_plain(STR("a\xe2\x81\xa6"), true) && utf8_is_plain(STR("a\xe2\x80\xaf"), true));
	CHECK(!utf8_is_plain(STR("a\xff"), true));
}

/* Unicode Standard Annex 15, figures 3 to 5, and samples of NormalizationTest.txt. */
TEST(utf8_nfc_composes)
{
	static const char *const cases[][2] = {
		{ "abc", "abc" }, { "n\xcc\x83", "ñ" }, { "e\xcc\x81", "é" },
		{ "\xe2\x84\xab", "\xc3\x85" },                     /* Angstrom sign → Å */
		{ "\xe2\x84\xa6", "\xce\xa9" },                     /* Ohm sign → Ω */
		{ "\xe1\xb8\x8d\xcc\x87", "\xe1\xb8\x8d\xcc\x87" }, /* ḍ̇ has no composed form */
		{ "\xe1\xb8\x8b\xcc\xa3", "\xe1\xb8\x8d\xcc\x87" }, /* ḋ + dot below: the marks change places */
		{ "q\xcc\x87\xcc\xa3", "q\xcc\xa3\xcc\x87" },
		{ "\xef\xac\x81", "\xef\xac\x81" }, /* the ligature fi stays: that is compatibility */
		{ "\xe1\x84\x80\xe1\x85\xa1\xe1\x86\xa8", "\xea\xb0\x81" }, /* Hangul */
		{ "\xe0\xa5\x98", "\xe0\xa4\x95\xe0\xa4\xbc" },             /* a composition exclusion */
		{ "\xef\xa8\x8c", "\xe5\x85\x80" },                         /* a singleton */
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct str nfc = utf8_nfc(t->arena, str_of(cases[i][0]));
		CHECK_STR(nfc, cases[i][1]);
		CHECK_STR(utf8_nfc(t->arena, nfc), cases[i][1]);
		CHECK_INT(nfc.p[nfc.n], 0);
	}
	CHECK(str_is_none(utf8_nfc(t->arena, STR_NONE)));
}

TEST(utf8_counts_and_cuts_code_points)
{
	CHECK_INT(utf8_length(STR("ñandú €")), 7);
	CHECK_INT(utf8_length(STR_NONE), 0);
	CHECK_STR(utf8_cut(STR("ñandú"), 5), "ñandú");
	CHECK_STR(utf8_cut(STR("ñandú"), 4), "ñand");
	CHECK_STR(utf8_cut(STR("ñandú"), 1), "ñ");
	CHECK_STR(utf8_cut(STR("ñandú"), 0), "");
}

TEST(utf8_search_fold_keeps_letters_and_digits)
{
	static const char *const cases[][2] = {
		{ "García", "garcia" },
		{ "GARCI\xcc\x81"
		  "A",
			"garcia" },
		{ "Ñandú", "nandu" },
		{ "pingüino", "pinguino" },
		{ "  C. 5 de Mayo, #12-B ", "c 5 de mayo 12 b" },
		{ "Barakaldo (Bizkaia)", "barakaldo bizkaia" },
		{ "D'Açosta", "d acosta" },
		{ "Straße", "strasse" },
		{ "\xef\xac\x81n", "fin" },
		{ "N.º 7ª", "n o 7a" },
		{ "m²", "m2" },
		{ "\xef\xbc\xa1\xef\xbc\x91", "a1" },
		{ "co\xc2\xad"
		  "op",
			"coop" },
		{ "", "" },
		{ " \xe2\x80\x94 ", "" },
		{ "Ελλάς", "ελλασ" },
		{ "a\xff"
		  "b",
			"a b" },
		{ "😀x", "x" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		CHECK_STR(utf8_search_fold(t->arena, str_of(cases[i][0])), cases[i][1]);
	/* The longest decomposition there is still fits. */
	CHECK_INT(utf8_search_fold(t->arena, STR("\xef\xb7\xba")).n, 33);
}

TEST(utf8_sort_key_orders_as_spanish_and_basque_do)
{
	static const char *const sorted[] = { "Álvarez", "Alvarez B", "Cano", "Çanoz", "Caño", "Caoba", "Íñiguez",
		"nube", "nzuzi", "Ñandú", "oca", "Zubía" };
	struct str before = STR("");
	for (size_t i = 0; i < sizeof sorted / sizeof *sorted; i++) {
		struct str key = utf8_sort_key(t->arena, str_of(sorted[i]));
		CHECK(str_cmp(before, key) < 0);
		before = key;
	}
	CHECK_STR(utf8_sort_key(t->arena, STR("Peñá-Nieto")), "pen~a-nieto");
	CHECK_STR(utf8_sort_key(t->arena,
				  STR("PEN\xcc\x83"
					  "A")),
		"pen~a");
	CHECK_STR(utf8_sort_key(t->arena, STR("n\xcc\xa3\xcc\x83")), "n~"); /* another mark between */
	CHECK_STR(utf8_sort_key(t->arena, STR("na\xcc\x83")), "na");        /* a tilde on another letter */
}

/* ASCII is passed over eight bytes at a time: no control hides among them. */
TEST(utf8_plain_text_has_no_control_at_any_place)
{
	for (int c = 1; c < 0x80; c++) {
		for (size_t at = 0; at < 20; at++) {
			char text[] = "The quick brown foxes";
			struct str s = { text, sizeof(text) - 1 };
			text[at] = (char)c;
			CHECK(utf8_is_plain(s, false) == (c >= 0x20 && c < 0x7f));
			CHECK(utf8_is_plain(s, true) == ((c >= 0x20 && c < 0x7f) || c == '\n' || c == '\t'));
			CHECK_INT((int64_t)utf8_length(s), 21);
		}
	}
	CHECK_INT((int64_t)utf8_length(STR("Calle Peñón de los Baños")), 24);
}
