#include "base/testing.h"
#include "core/registry/entry.h"
#include "core/registry/receipt.h"

static struct entry sample(struct test *t)
{
	struct entry_file *file = ARENA_NEW(t->arena, struct entry_file);
	*file = (struct entry_file){ STR("plano.pdf"), STR("application/pdf"), 52000,
		STR("0123456789abcdef0123456789abcdef") };
	struct entry e = { .origin = STR("leon.example/registro"),
		.kind = REGISTRY_IN,
		.number = STR("E-2026-018342"),
		.at = { 1794329527123 },
		.presented = { 1794329527123 },
		.subject = STR("Línea «uno»\n\"dos\""),
		.party = STR("Ana"),
		.content_sha256 = STR("ABCDEFGHABCDEFGHABCDEFGHABCDEFGH"),
		.files = file,
		.file_count = 1 };
	must(date_of_ymd(2026, 11, 10, &e.effect));
	return e;
}

/* The form is fixed for ever: docs/registry-format.md. A change here needs a new version. */
TEST(entry_canonical_form_is_fixed)
{
	struct entry e = sample(t);
	struct str s;
	CHECK_OK(entry_canonical(t->arena, &e, &s));
	CHECK_STR(s,
		"{\"format\":\"ventanilla-entry/v1\",\"origin\":\"leon.example/registro\",\"kind\":\"in\","
		"\"number\":\"E-2026-018342\",\"at\":\"2026-11-10T16:52:07.123Z\",\"presented\":\"2026-11-10T16:52:07.123Z\","
		"\"effect\":\"2026-11-10\",\"channel\":\"\",\"office\":\"\",\"subject\":\"Línea «uno»\\n\\\"dos\\\"\","
		"\"party\":\"Ana\",\"party_id\":\"\",\"representative\":\"\",\"representative_id\":\"\",\"from_body\":\"\","
		"\"department\":\"\",\"procedure\":\"\",\"case_number\":\"\",\"content_sha256\":"
		"\"4142434445464748414243444546474841424344454647484142434445464748\",\"files\":[{\"name\":\"plano.pdf\","
		"\"media_type\":\"application/pdf\",\"bytes\":52000,\"sha256\":"
		"\"3031323334353637383961626364656630313233343536373839616263646566\"}]}");
}

TEST(entry_reads_back_only_its_own_form)
{
	struct entry e = sample(t), back;
	struct str s;
	CHECK_OK(entry_canonical(t->arena, &e, &s));
	CHECK_OK(entry_parse(t->arena, s, &back));
	CHECK(str_eq(back.number, e.number) && back.at.ms == e.at.ms && back.effect.days == e.effect.days);
	CHECK(back.file_count == 1 && back.files[0].bytes == 52000 && str_eq(back.subject, e.subject));
	CHECK_ERR(entry_parse(t->arena, arena_printf(t->arena, "%s ", s.p), &back), ERR_MALFORMED);
	CHECK_ERR(entry_parse(t->arena, arena_printf(t->arena, " %s", s.p), &back), ERR_MALFORMED);
	CHECK_ERR(entry_parse(t->arena, STR("{}"), &back), ERR_MALFORMED);
	CHECK_ERR(entry_parse(t->arena, STR(""), &back), ERR_MALFORMED);
	/* Another escape of the same letter is another form. */
	struct str escaped = arena_str(t->arena, s);
	ptrdiff_t at = str_find(s, STR("\"Ana\""));
	CHECK(at > 0);
	struct str parts[] = { str_slice(escaped, 0, (size_t)at), STR("\"\\u0041na\""),
		str_slice(escaped, (size_t)at + 5, s.n) };
	CHECK_ERR(entry_parse(t->arena, arena_join(t->arena, parts, 3, STR("")), &back), ERR_MALFORMED);
}

TEST(entry_refuses_what_cannot_be_recorded)
{
	struct entry e = sample(t);
	struct str s;
	e.party = STR("\xff");
	CHECK_ERR(entry_canonical(t->arena, &e, &s), ERR_INVALID);
	e = sample(t);
	e.content_sha256 = STR("short");
	CHECK_ERR(entry_canonical(t->arena, &e, &s), ERR_INVALID);
	e = sample(t);
	e.file_count = ENTRY_MAX_FILES + 1;
	CHECK_ERR(entry_canonical(t->arena, &e, &s), ERR_INVALID);
	e = sample(t);
	char *big = arena_alloc(t->arena, ENTRY_MAX_BYTES);
	memset(big, 'x', ENTRY_MAX_BYTES);
	e.subject = (struct str){ big, ENTRY_MAX_BYTES };
	CHECK_ERR(entry_canonical(t->arena, &e, &s), ERR_TOO_LARGE);
}

TEST(entry_commitment_hides_and_binds)
{
	struct str salt = STR("0123456789abcdef0123456789abcdef"),
			   other = STR("0123456789abcdef0123456789abcdeg");
	struct sha256 x = entry_commitment(salt, STR("a")), y = entry_commitment(other, STR("a")),
				  z = entry_commitment(salt, STR("b"));
	CHECK(!sha256_eq(&x, &y) && !sha256_eq(&x, &z));
	struct sha256 direct = sha256_of(STR("0123456789abcdef0123456789abcdef"
										 "a"));
	CHECK(sha256_eq(&x, &direct));
}

TEST(receipt_is_read_as_written_and_nothing_else)
{
	struct sha256 nodes[2] = { sha256_of(STR("a")), sha256_of(STR("b")) };
	struct receipt r = { STR("{\"x\":\"\n\"}"), STR("0123456789abcdef0123456789abcdef"), 41, { nodes, 2 },
		STR("note\n") },
				   back;
	struct str s = receipt_write(t->arena, &r);
	CHECK_OK(receipt_read(t->arena, s, &back));
	CHECK(str_eq(back.canonical, r.canonical) && str_eq(back.salt, r.salt) && back.leaf_index == 41);
	CHECK(back.proof.count == 2 && sha256_eq(&back.proof.items[1], &nodes[1]) &&
		str_eq(back.checkpoint, r.checkpoint));
	static const char *const bad[] = {
		"", "{}", "[]", "{\"format\":\"ventanilla-receipt/v1\"}",
		"{\"format\":\"ventanilla-receipt/v2\",\"entry\":\"\",\"salt\":\"\",\"leaf_index\":1,\"proof\":[],\"checkpoint\":\"\"}"
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		CHECK_ERR(receipt_read(t->arena, str_of(bad[i]), &back), ERR_MALFORMED);
}
