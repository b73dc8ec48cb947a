#include "base/testing.h"
#include "core/merkle/note.h"

#define VKEY "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
#define TEXT "This is an example message.\n"
#define LINE                                                                                                 \
	"\xe2\x80\x94 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFX"   \
	"mRKuwHjG1Yu72IneyaQM=\n"

#define ROOT "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

static const struct str seed = STR("0123456789abcdef0123456789ABCDEF"),
						other = STR("another seed of thirty-two bytes");

/* The example of the signed-note specification. */
TEST(note_published_example)
{
	struct note_key key;
	struct note n;
	struct note_outcome o;
	CHECK(note_key_parse(t->arena, STR(VKEY), &key));
	CHECK_INT(key.id, 0x530d903a);
	CHECK_STR(note_key_format(t->arena, &key), VKEY);
	CHECK_OK(note_parse(t->arena, STR(TEXT "\n" LINE), &n));
	CHECK_STR(n.text, TEXT);
	CHECK_OK(note_verify(t->arena, &n, &key, 1, &o));
	CHECK(o.is_signed && o.key == &key && o.cosignatures == 0);
	CHECK_OK(note_parse(t->arena, STR("This is an example message!\n\n" LINE), &n));
	CHECK_ERR(note_verify(t->arena, &n, &key, 1, &o), ERR_INVALID);
	CHECK_OK(note_verify(t->arena, &n, NULL, 0, &o)); /* an unknown key says nothing */
	CHECK(!o.is_signed);
}

TEST(note_keys_that_are_none)
{
	static const char *const bad[] = { "", "example.com/foo", "example.com/foo+530d903a",
		"example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
		"+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", "example.com/foo+530d903a+Aeky",
		"a b+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k" };
	struct note_key key;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		CHECK(!note_key_parse(t->arena, str_of(bad[i]), &key));
}

TEST(note_forms_that_are_refused)
{
	static const char *const bad[] = { "", "\n", "text\n", "text\n\n", TEXT LINE, TEXT "\n" LINE "x",
		TEXT "\n" LINE "\n" /* then the text has a signature line and no signatures follow */,
		TEXT "\n- example.com/foo Uw2QOkn8\n", TEXT "\n\xe2\x80\x94 example.com/foo\n",
		TEXT "\n\xe2\x80\x94 example.com/foo Uw2QOg==\n", "a\tb\n\n" LINE, "a\r\n\n" LINE, "\xff\n\n" LINE };
	struct note n;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct err *e = note_parse(t->arena, str_of(bad[i]), &n);
		if (!e) test_fail(t, __FILE__, __LINE__, "took form %zu", i);
	}
	struct buf many = buf_new(t->arena, NOTE_MAX_BYTES * 2);
	buf_add(&many, STR(TEXT "\n"));
	for (int i = 0; i < NOTE_MAX_SIGNATURES; i++)
		buf_add(&many, STR(LINE));
	CHECK_OK(note_parse(t->arena, buf_str(&many), &n));
	CHECK_INT(n.count, NOTE_MAX_SIGNATURES);
	buf_add(&many, STR(LINE));
	CHECK_ERR(note_parse(t->arena, buf_str(&many), &n), ERR_TOO_LARGE);
}

/* tlog-checkpoint and tlog-cosignature: what we write, we read; a witness's time is under its signature. */
TEST(note_checkpoint_with_a_witness)
{
	struct checkpoint c = { STR("tramites.leon.example/registro/log"), 70000, sha256_of(STR("root")) }, back;
	struct str signed_note = note_sign(t->arena, checkpoint_format(t->arena, &c), c.origin, seed);
	struct note n;
	struct note_outcome o;
	CHECK_OK(note_parse(t->arena, signed_note, &n));
	CHECK_OK(checkpoint_parse(t->arena, n.text, &back));
	CHECK(str_eq(back.origin, c.origin) && back.size == 70000 && sha256_eq(&back.root, &c.root));
	struct str line = note_cosign(t->arena, &n, STR("witness.example/w1"), other, 1763800000);
	struct str whole = arena_printf(t->arena, "%s%s", signed_note.p, line.p);
	struct note_key keys[] = { note_key_new(c.origin, NOTE_ED25519, ed25519_public(t->arena, seed)),
		note_key_new(STR("witness.example/w1"), NOTE_COSIGNATURE, ed25519_public(t->arena, other)) };
	CHECK_OK(note_parse(t->arena, whole, &n));
	CHECK_OK(note_verify(t->arena, &n, keys, 2, &o));
	CHECK(o.is_signed && o.cosignatures == 1 && o.cosigned_at == 1763800000);
	CHECK_OK(note_parse(t->arena, arena_printf(t->arena, "%s%s", whole.p, line.p), &n));
	CHECK_OK(note_verify(t->arena, &n, keys, 2, &o));
	CHECK_INT(o.cosignatures, 1); /* twice the same witness is one */
	char *bytes = (char *)n.signatures[1].bytes.p;
	bytes[7] ^= 1; /* another time */
	CHECK_ERR(note_verify(t->arena, &n, keys, 2, &o), ERR_INVALID);
}

TEST(note_checkpoint_forms_that_are_refused)
{
	static const char *const bad[] = { "", "o\n1\n", "o\n01\n" ROOT "\n", "o\n-1\n" ROOT "\n", "o\n1\nAAAA\n",
		"a b\n1\n" ROOT "\n", "o\n\n" ROOT "\n", ("o\n1\n" ROOT) };
	struct checkpoint c;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		CHECK_ERR(checkpoint_parse(t->arena, str_of(bad[i]), &c), ERR_MALFORMED);
	CHECK_OK(checkpoint_parse(t->arena, STR("o\n0\n" ROOT "\nextension\n"), &c));
}
