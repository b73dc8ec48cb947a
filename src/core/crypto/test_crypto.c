#include "base/testing.h"
#include "core/crypto/crypto.h"

static struct str unhex(struct test *t, const char *hex)
{
	struct str ret = STR_NONE;
	if (!hex_decode(t->arena, str_of(hex), &ret)) test_fail(t, __FILE__, __LINE__, "bad hex %s", hex);
	return ret;
}

static struct str digest_hex(struct test *t, struct sha256 h) { return hex_encode(t->arena, sha256_str(&h)); }

/* FIPS 180-4 example; RFC 4231, test case 2. */
TEST(crypto_digests)
{
	CHECK_STR(digest_hex(t, sha256_of(STR("abc"))),
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	CHECK_STR(digest_hex(t, sha256_of(STR_NONE)),
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	const struct str parts[] = { STR("a"), STR_NONE, STR("bc") };
	CHECK_STR(digest_hex(t, sha256_of_parts(parts, 3)),
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	CHECK_STR(digest_hex(t, hmac_sha256(STR("Jefe"), STR("what do ya want for nothing?"))),
		"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	struct sha256 x = sha256_of(STR("x")), y = x;
	CHECK(sha256_eq(&x, &y));
	y.b[31] ^= 1;
	CHECK(!sha256_eq(&x, &y) && !sha256_from(STR("short"), &x));
}

/* RFC 8032, 7.1, test 2. */
TEST(crypto_ed25519)
{
	struct str seed = unhex(t, "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
	struct str public_key = ed25519_public(t->arena, seed);
	CHECK_STR(hex_encode(t->arena, public_key),
		"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
	struct str signature = ed25519_sign(t->arena, seed, STR("\x72"));
	CHECK_STR(hex_encode(t->arena, signature),
		"92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
		"085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
	CHECK(ed25519_verify(public_key, STR("\x72"), signature));
	CHECK(!ed25519_verify(public_key, STR("\x73"), signature));
	CHECK(!ed25519_verify(public_key, STR("\x72"), str_slice(signature, 0, 63)));
	CHECK(!ed25519_verify(str_slice(public_key, 0, 31), STR("\x72"), signature));
}

/* RFC 3394, 4.6: 256 bits of key data with a 256-bit key. */
TEST(crypto_key_wrap)
{
	struct str kek = unhex(t, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
	struct str key = unhex(t, "00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f"), back;
	struct str wrapped = aes_wrap(t->arena, kek, key);
	CHECK_STR(hex_encode(t->arena, wrapped),
		"28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21");
	CHECK(aes_unwrap(t->arena, kek, wrapped, &back) && str_eq(back, key));
	for (size_t i = 0; i < wrapped.n; i++) {
		char *changed = (char *)arena_str(t->arena, wrapped).p;
		changed[i] ^= 0x40;
		CHECK(!aes_unwrap(t->arena, kek, (struct str){ changed, wrapped.n }, &back));
	}
	CHECK(!aes_unwrap(t->arena, key, wrapped, &back)); /* another wrapping key */
	CHECK(!aes_unwrap(t->arena, kek, str_slice(wrapped, 0, 32), &back) &&
		!aes_unwrap(t->arena, kek, STR("x"), &back));
}

/* RFC 4648, section 10. */
TEST(crypto_base64)
{
	static const char *const pairs[][2] = { { "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" },
		{ "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" } };
	struct str back;
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		CHECK_STR(base64_encode(t->arena, str_of(pairs[i][0])), pairs[i][1]);
		CHECK(base64_decode(t->arena, str_of(pairs[i][1]), &back));
		CHECK_STR(back, pairs[i][0]);
	}
	static const char *const bad[] = { "Zg=", "Zg", "Zh==", "Zm9=", "Z===", "====", "Zg==Zg==", "Zm 9",
		"Zm9\n", "-_9v" };
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		CHECK(!base64_decode(t->arena, str_of(bad[i]), &back));
	CHECK(hex_decode(t->arena, STR("00fFa0"), &back) && back.n == 3 && (uint8_t)back.p[1] == 0xff);
	CHECK(!hex_decode(t->arena, STR("0"), &back) && !hex_decode(t->arena, STR("0g"), &back));
}

TEST(crypto_random_is_not_the_same_twice)
{
	struct str x = crypto_random(t->arena, 32), y = crypto_random(t->arena, 32);
	CHECK(x.n == 32 && y.n == 32 && !str_eq(x, y));
}
