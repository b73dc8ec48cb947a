/* Bodies against schemas: what passes, and every kind of fault at its place. */
#include "base/testing.h"
#include "mod/api/schema.h"

/* "field:kind …" of all faults. */
static struct str faults_of(struct test *t, const char *schema, const char *body)
{
	static const char *const kinds[] = { "missing", "unknown", "type", "length", "range", "choice" };
	struct json *tree;
	struct err *e = json_parse(t->arena, str_of(body), &tree);
	if (e) return STR("no JSON");
	struct buf out = buf_new(t->arena, 10000);
	for (struct schema_fault *f = schema_check(t->arena, schema_find(schema), tree); f; f = f->next)
		buf_printf(&out, "%s%.*s:%s", out.n ? " " : "", STR_FMT(f->field), kinds[f->kind]);
	return buf_str(&out);
}

#define FAULTS(schema, body, wanted) CHECK_STR(faults_of(t, schema, body), wanted)

TEST(schema_takes_what_is_sound)
{
	FAULTS("Step", "{\"revision\":1}", "");
	FAULTS("Remark", "{\"text\":\"dos\\nlíneas\"}", "");
	FAULTS("Payment", "{\"revision\":3,\"folio\":\"A-1\",\"amount\":\"412.00\",\"method\":\"efectivo\"}", "");
	FAULTS("Payment", "{\"revision\":3,\"folio\":\"A-1\",\"amount\":412,\"method\":\"efectivo\"}", "");
	FAULTS("Payment", "{\"revision\":3,\"folio\":\"A-1\",\"amount\":412.5,\"method\":\"efectivo\"}", "");
	FAULTS("CorrectionRequest", "{\"revision\":1,\"reason\":\"r\",\"items\":[{\"field\":\"frente\"}]}", "");
	FAULTS("CaseQuery", "{}", "");
}

TEST(schema_names_what_is_missing_and_what_it_does_not_know)
{
	FAULTS("Step", "{}", "revision:missing");
	FAULTS("Step", "{\"revision\":1,\"rev\":2}", "rev:unknown");
	FAULTS("Filing", "{\"x\":1}", "answers:missing declaration:missing x:unknown");
	FAULTS("Step", "[]", ":type");
	FAULTS("Step", "\"1\"", ":type");
}

TEST(schema_tells_types_apart)
{
	FAULTS("Step", "{\"revision\":\"1\"}", "revision:type");
	FAULTS("Step", "{\"revision\":null}", "revision:type");
	FAULTS("Step", "{\"revision\":1.5}", "revision:type");
	FAULTS("Filing", "{\"answers\":[],\"declaration\":1}", "answers:type declaration:type");
	FAULTS("Remark", "{\"text\":{}}", "text:type");
	FAULTS("Remark", "{\"text\":\"a\\u0007b\"}", "text:type");
	FAULTS("Payment", "{\"revision\":1,\"folio\":\"a\\nb\",\"amount\":\"x\",\"method\":1}",
		"folio:type amount:type method:type");
	FAULTS("Payment", "{\"revision\":1,\"folio\":\"A\",\"amount\":\"1.\",\"method\":\"efectivo\"}",
		"amount:type");
	FAULTS("CorrectionRequest", "{\"revision\":1,\"reason\":\"r\",\"items\":{}}", "items:type");
	FAULTS("CorrectionRequest", "{\"revision\":1,\"reason\":\"r\",\"items\":[1,{\"field\":2}]}",
		"items.0:type items.1.field:type");
}

TEST(schema_holds_to_its_bounds)
{
	FAULTS("Step", "{\"revision\":0}", "revision:range");
	FAULTS("Step", "{\"revision\":-1}", "revision:range");
	FAULTS("Remark", "{\"text\":\"  \"}", "text:missing");
	FAULTS("CorrectionRequest", "{\"revision\":1,\"reason\":\"r\",\"items\":[]}", "items:missing");
	FAULTS("CaseQuery", "{\"box\":\"mías\"}", "box:choice");
	FAULTS("CaseQuery", "{\"box\":\"\"}", "box:choice");
	FAULTS("CaseQuery", "{\"box\":\"mine team\"}", "box:choice");
	struct buf long_text = buf_new(t->arena, 20000);
	buf_add(&long_text, STR("{\"text\":\""));
	for (int i = 0; i < 5000; i++)
		buf_add(&long_text, STR("ñ"));
	struct str fits = arena_printf(t->arena, "%.*s\"}", STR_FMT(buf_str(&long_text)));
	buf_add(&long_text, STR("ñ\"}"));
	FAULTS("Remark", fits.p, "");
	FAULTS("Remark", buf_str(&long_text).p, "text:length");
}

/* A body made to be wrong in many places does not grow the answer without end. */
TEST(schema_stops_telling_at_some_point)
{
	struct buf body = buf_new(t->arena, 100000);
	buf_add(&body, STR("{\"revision\":1"));
	for (int i = 0; i < 1000; i++)
		buf_printf(&body, ",\"m%d\":1", i);
	buf_add(&body, STR("}"));
	struct json *tree;
	CHECK_OK(json_parse(t->arena, buf_str(&body), &tree));
	int count = 0;
	for (struct schema_fault *f = schema_check(t->arena, schema_find("Step"), tree); f; f = f->next)
		count++;
	CHECK_INT(count, SCHEMA_FAULTS_MAX);
}
