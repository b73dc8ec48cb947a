#include "base/testing.h"
#include "core/codes/code.h"

TEST(code_takes_its_bits_in_order)
{
	const struct str bytes = STR("\x00\x44\x32\x14\xc7\x42\x54\xb6\x35\xcf\x84\x65\x3a\x56\xd7\xc6\x75");
	CHECK_STR(code_of_random(t->arena, CODE_STATUS, bytes), "0123456789AB");
	CHECK_STR(code_of_random(t->arena, CODE_KEY, bytes), "0123456789ABCDEFGHJKMNPQRS");
	CHECK_STR(code_format(t->arena, STR("3F7KQ9XM2BTD")), "3F7K-Q9XM-2BTD");
	CHECK_STR(code_format(t->arena, STR("3F7KQ9XM2BTD4WE8HR5NYC6PZA")), "3F7K-Q9XM-2BTD-4WE8-HR5N-YC6P-ZA");
}

TEST(code_uses_all_random_bits_of_its_length)
{
	for (int bit = 0; bit < 130; bit++) {
		char bytes[CODE_RANDOM_BYTES] = { 0 };
		bytes[bit / 8] = (char)(0x80 >> bit % 8);
		struct str key = code_of_random(t->arena, CODE_KEY, (struct str){ bytes, sizeof bytes });
		struct str status = code_of_random(t->arena, CODE_STATUS, (struct str){ bytes, sizeof bytes });
		CHECK(!str_eq(key, STR("00000000000000000000000000")));
		CHECK(str_eq(status, STR("000000000000")) == (bit >= 60));
	}
}

TEST(code_is_read_as_people_type_it)
{
	static const char *const typed[] = { "10F7-KQ9X-M2BT", "10f7kq9xm2bt", " lo f7 kq9x m2bt\n",
		"IOF7\xe2\x80\x94KQ9X-M2BT" };
	struct str code;
	for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++) {
		CHECK(code_parse(t->arena, CODE_STATUS, str_of(typed[i]), &code));
		CHECK_STR(code, "10F7KQ9XM2BT");
	}
	static const char *const bad[] = { "", "10F7-KQ9X-M2B", "10F7-KQ9X-M2BTX", "10F7-KQ9X-M2BU",
		"10F7-KQ9X-M2B\xc3\x91", "10F7-KQ9X-M2B\xff", "10F7+KQ9X+M2BT" };
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		CHECK(!code_parse(t->arena, CODE_STATUS, str_of(bad[i]), &code));
	CHECK(!code_parse(t->arena, CODE_KEY, STR("10F7-KQ9X-M2BT"), &code));
}

/* What is stored is bound to the kind and the key; the same characters of another kind do not match. */
TEST(code_is_stored_as_a_hash)
{
	struct str key = STR("an HMAC key of thirty-two bytes.");
	struct sha256 h = code_hash(key, CODE_STATUS, STR("10F7KQ9XM2BT"));
	CHECK_STR(hex_encode(t->arena, sha256_str(&h)),
		"edb3f8355dc5165ca8a97ec062860ec12af5f1c570dc7412ddba00d2ec754a3e");
	CHECK(code_matches(key, CODE_STATUS, STR("10F7KQ9XM2BT"), sha256_str(&h)));
	CHECK(!code_matches(key, CODE_STATUS, STR("10F7KQ9XM2BV"), sha256_str(&h)));
	CHECK(!code_matches(STR("another key"), CODE_STATUS, STR("10F7KQ9XM2BT"), sha256_str(&h)));
	CHECK(!code_matches(key, CODE_STATUS, STR("10F7KQ9XM2BT"), STR("")));
}
