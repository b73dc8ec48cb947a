/* Every provoked mistake is reported, once, at its place, with what was expected; and all of them in one run. */
#include "core/definition/test_sample.h"
#include "core/definition/schema_pack.h"
#include "core/definition/schema_procedure.h"

struct slip {
	const char *from, *to; /* in the sample procedure */
	int line, column;
	const char *text;
};

static bool reported(struct test *t, const struct findings *f, int line, int column, const char *text)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->items[i].line == line && f->items[i].column == column &&
			str_eq(f->items[i].text, str_of(text)))
			return true;
	for (size_t i = 0; i < f->count; i++)
		printf("# found %.*s:%d:%d: %.*s\n", STR_FMT(f->items[i].file), f->items[i].line, f->items[i].column,
			STR_FMT(f->items[i].text));
	test_fail(t, __FILE__, __LINE__, "not reported: %d:%d: %s", line, column, text);
	return false;
}

static void expect(struct test *t, const struct slip *slips, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct findings f;
		struct str text = test_sample_replace(t, test_sample_procedure, slips[i].from, slips[i].to);
		if (test_sample_build(t, str_of(test_sample_town), text, &f))
			test_fail(t, __FILE__, __LINE__, "accepted: %s", slips[i].to);
		reported(t, &f, slips[i].line, slips[i].column, slips[i].text);
	}
}
#define EXPECT(slips) expect(t, slips, sizeof slips / sizeof *slips)

TEST(sample_is_without_errors)
{
	struct findings f;
	CHECK(test_sample_build(t, str_of(test_sample_town), str_of(test_sample_procedure), &f));
	CHECK_INT(f.count, 0);
}

/* The seven of reference/definitions.md. */
TEST(schema_reports_the_seven)
{
	static const struct slip slips[] = {
		{ "          unit: {es: metros}\n", "          requiered: true\n", 26, 11,
			"'requiered' is not a key of a field; did you mean 'required'?" },
		{ "type: number\n", "type: integr\n", 24, 17,
			"'integr' is not a known 'type' (text, textarea, number, money, date, choice, choices, yes_no, curp, rfc, nif, "
			"phone, mail, address, point, cadastral_key, attachment, group, heading, note)" },
		{ "        - id: frente\n          type", "        - type", 23, 11,
			"this field lacks 'id'; expected a name (small letters, digits and _)" },
		{ "title: {es: Uno}", "title: Página 2", 20, 14,
			"'title' should be a text per language (es:, eu:, …), found 'Página 2'" },
		{ "required: false, min: 2000-01-01", "max_size_mb: 3, required: false", 29, 55,
			"'max_size_mb' does not apply to a field of type date; it is for: attachment" },
		{ "id: uso\n", "id: frente\n", 30, 15, "the id 'frente' is already used at line 23" },
	};
	EXPECT(slips);
}

TEST(schema_reports_all_in_one_run_sorted)
{
	struct findings f;
	struct str text = test_sample_replace(t, test_sample_procedure, "version: 1", "version: uno");
	text = test_sample_replace(t, text.p, "unit: {es: metros}", "unidad: {es: metros}");
	text = test_sample_replace(t, text.p, "then: archive", "then: burn");
	CHECK(!test_sample_build(t, str_of(test_sample_town), text, &f));
	CHECK_INT(f.errors, 3);
	CHECK_STR(f.items[0].text, "'version' should be a whole number from 1 to 100000, found 'uno'");
	CHECK_STR(f.items[1].text, "'unidad' is not a key of a field; did you mean 'unit'?");
	CHECK_STR(f.items[2].text, "'burn' is not a known 'then' (erase, archive, anonymise)");
	CHECK(f.items[0].line < f.items[1].line && f.items[1].line < f.items[2].line);
}

TEST(schema_reports_wrong_values)
{
	static const struct slip slips[] = {
		{ "term: 15 working_days", "term: quince días", 12, 9,
			"'term' should be a span such as '15 working_days', '15-30 calendar_days', '12 months' or 'permanent', found "
			"'quince días'" },
		{ "term: 15 working_days", "term: {is: 15 working_days, sorce: demo}", 12, 31,
			"'sorce' is not a key of a span: is, note, source" },
		{ "min: 0.5", "min: medio", 27, 16,
			"'min' should be a number with a decimal point and at most six decimals, found 'medio'" },
		{ "amount: 412.00", "amount: 412.005", 11, 17,
			"'amount' should be an amount such as 412.00, found '412.005'" },
		{ "min: 2000-01-01", "min: 2000-02-30", 29, 77, "expected date, found a number without unit" },
		{ "{es: Muestra, eu: Lagina}", "{es: Muestra, fr: Exemple}", 4, 21,
			"'fr' is not a language of this pack (es, eu)" },
		{ "{es: Muestra, eu: Lagina}", "{eu: Lagina}", 4, 7, "this text lacks the main language 'es:'" },
		{ "channels: [online]", "channels: [onlin]", 14, 14,
			"'onlin' is not a known 'channels' (online, in_person, phone); did you mean 'online'?" },
		{ "prefix: MU", "prefix: mu", 2, 9, "a prefix is 1 to 6 capital letters" },
		{ "id: muestra\n", "id: Muestra\n", 1, 5,
			"'id' should be an id (small letters, digits, - and _), found 'Muestra'" },
		{ "final: true}\n    - {id: negado", "final: yes}\n    - {id: negado", 81, 109,
			"'final' should be true or false, found 'yes'" },
		{ "pattern_message: {es: Como ABC-123}", "hint: {es: x}", 52, 81,
			"a 'pattern' needs a 'pattern_message' that says how to mend it" },
		{ "pattern: AAA-999", "pattern: ---", 52, 81,
			"'---' is not a mask: 9 is a digit, A a letter, X either, | stands for 'or'" },
		{ "moment: on_delivery", "free: true", 11, 8,
			"a fee is free or has an amount and a moment, not both" },
		{ "{effect: unknown}", "{effect: negative, confirmed: true}", 13, 42,
			"a confirmed rule of silence names its legal basis and is not a sample" },
	};
	EXPECT(slips);
}

TEST(schema_checks_references)
{
	static const struct slip slips[] = {
		{ "department: obras", "department: obra", 6, 13,
			"there is no department 'obra'; did you mean 'obras'?" },
		{ "topic: casa", "topic: caza", 7, 8, "there is no topic 'caza'; did you mean 'casa'?" },
		{ "officer: titular", "officer: director", 87, 98, "there is no officer 'director'" },
		{ "to: negado", "to: negada", 85, 46, "there is no state 'negada'; did you mean 'negado'?" },
		{ "document: permiso, ", "document: permit, ", 84, 104,
			"'approve' issues a document 'permit', which this procedure lacks" },
		{ "body: {es: documents/permiso.md}", "body: {es: documents/otro.md}", 87, 66,
			"there is no file 'documents/otro.md'" },
		{ "grant: numero", "grant: nombres", 87, 114, "there is no decision field of one line 'nombres'" },
		{ "field: archivo", "field: fichero", 15, 60, "there is no field 'fichero' in the form" },
		{ "role: applicant_phone", "role: applicant_mail", 47, 68,
			"the role applicant_mail is for a field of type mail, not phone" },
		{ "id: tiene,", "id: not,", 42, 16, "'not' is a word of the expression language; choose another" },
		{ "id: linea,", "id: frente,", 75, 10, "the id 'frente' is already used at line 23" },
		{ "needs: [reasons], ", "", 85, 16, "a refusal needs 'reasons'" },
		{ "turn: town", "turn: town, final: true", 80, 88, "a final state has no way out" },
		{ "retention: {span: 5 years, then: archive}\n", "", 1, 5,
			"a procedure with a form needs a 'retention'" },
	};
	EXPECT(slips);
}

TEST(schema_compiles_expressions_in_place)
{
	static const struct slip slips[] = {
		{ "when: frente > 1", "when: fronte > 1", 40, 13, "unknown name 'fronte'; did you mean 'frente'?" },
		{ "when: uso == 'local'}\n        - {id: para", "when: uso == 'lokal'}\n        - {id: para", 36, 66,
			"'lokal' is not an option of 'uso'; did you mean 'local'?" },
		{ "when: frente > 1", "when: frente > costo", 40, 22,
			"'costo' comes later (line 43); an expression can only look back" },
		{ "required: tiene", "required: frente", 43, 66, "expected yes/no, found number" },
		{ "amount: tarifa}", "amount: frente}", 75, 52,
			"expected amount, found number: name the figure as an amount under 'constants'" },
		{ "when: superficie > 50", "when: niveles > 50", 62, 77, "cannot compare group with number" },
		{ "amount: -rebaja * (linea + metros)", "amount: linea + suma", 77, 67, "unknown name 'suma'" },
		{ "linea, label: {es: Alineamiento}, amount: tarifa",
			"linea, label: {es: Alineamiento}, amount: metros", 75, 52,
			"'metros' comes later (line 76); an expression can only look back" },
		{ "max: today", "max: hoy", 29, 94, "unknown name 'hoy'" },
		{ "when: frente > 1", "when: numero == '1'", 40, 13,
			"'numero' comes later (line 68); an expression can only look back" },
	};
	EXPECT(slips);
}

TEST(schema_checks_the_town)
{
	static const struct slip slips[] = {
		{ "zone: UTC", "zone: America/Leon", 7, 7, "there is no time zone 'America/Leon'" },
		{ "department: obras}", "department: obra}", 18, 59,
			"there is no department 'obra'; did you mean 'obras'?" },
		{ "town: '#0b5c49'", "town: '#9fc6b6'", 20, 14,
			"town on paper has a contrast of 1.87:1; at least 4.5:1 is needed" },
		{ "town: '#0b5c49'", "town: green", 20, 14,
			"'town' should be a colour such as '#0b5c49' (quoted, small letters), found 'green'" },
		{ "'sat 9:00-13:00'", "'sat 9-13'", 14, 31,
			"'hours' should be a list of hours such as 'mon-fri 8:00-15:30', found 'sat 9-13'" },
		{ "country: MX", "country: México", 5, 10, "a country is two capital letters (ISO 3166)" },
		{ "logo: logo.svg", "logo: escudo.svg", 20, 139, "there is no such file in the pack" },
	};
	for (size_t i = 0; i < sizeof slips / sizeof *slips; i++) {
		struct findings f;
		struct str town = test_sample_replace(t, test_sample_town, slips[i].from, slips[i].to);
		CHECK(!test_sample_build(t, town, str_of(test_sample_procedure), &f));
		CHECK(reported(t, &f, slips[i].line, slips[i].column, slips[i].text));
	}
}

/* A file that is no YAML is one finding; the rest of the pack is checked all the same. */
TEST(schema_goes_on_after_a_broken_file)
{
	struct findings f;
	struct str town = test_sample_replace(t, test_sample_town, "currency: MXN", "currency: PESOS");
	CHECK(!test_sample_build(t, town, STR("id: 'muestra\nprefix: MU\n"), &f));
	CHECK_INT(f.errors, 2);
	CHECK(reported(t, &f, 8, 11, "a currency is three capital letters (ISO 4217)"));
	CHECK(reported(t, &f, 1, 5, "the quote that opens here is not closed on this line"));
}

/* The manual of keys is these tables: `UPDATE=1 make check-core` writes it anew. */
TEST(schema_reference_is_up_to_date)
{
	static const char path[] = "docs/definitions-reference.md";
	struct buf out = buf_new(t->arena, 400000);
	buf_add(&out,
		STR("# Every key of a definition\n\nWritten from the tables that check the files; an asterisk marks what "
			"is compulsory. How to use it: [definitions.md](definitions.md).\n\n# procedures/\n"));
	schema_describe(&procedure_schema, &out);
	buf_add(&out, STR("\n# pack.yaml\n"));
	schema_describe(&pack_schema, &out);
	buf_add(&out, STR("\n# calendars/\n"));
	schema_describe(&calendar_schema, &out);
	if (getenv("UPDATE")) {
		FILE *write = fopen(path, "wb");
		CHECK(write);
		fwrite(out.p, 1, out.n, write);
		fclose(write);
	}
	FILE *f = fopen(path, "rb");
	CHECK(f);
	char *bytes = arena_alloc(t->arena, 400000);
	size_t n = fread(bytes, 1, 400000, f);
	fclose(f);
	CHECK(str_eq((struct str){ bytes, n }, buf_str(&out)));
}
