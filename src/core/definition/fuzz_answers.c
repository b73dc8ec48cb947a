/*
 * Any text as answers to León's procedures: as JSON, and as posted name=value lines. What is taken is checked, shown
 * and priced, and its canonical JSON is read back to the same bytes. Runs from the root of the tree.
 */
#include "core/definition/document_fill.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct pack *leon(void)
{
	static struct arena *kept;
	static struct pack *pack;
	if (!kept) {
		kept = arena_new(64 * 1024 * 1024);
		must(!pack_load(kept, "packs/leon", NULL, &pack));
	}
	return pack;
}

static struct str fact(const void *state, struct str name, struct str lang)
{
	(void)state, (void)lang;
	return name;
}

static void use(struct arena *a, struct answers *s)
{
	static const struct document_facts facts = { .get = fact };
	struct date today = { 20000 };
	answers_check(s, a);
	answers_check_decision(s, a);
	answers_fee(s, a, STR("en"));
	answers_summary(s, a, STR("es"));
	for (size_t i = 0; i < s->procedure->documents.count; i++)
		document_fill(a, &s->procedure->documents.items[i], s, &facts, STR("es"));

	struct str filed = answers_to_json(a, s, ANSWERS_FILED);
	struct json *map;
	must(!json_parse(a, filed, &map));
	struct answers *again = answers_new(a, s->pack, s->procedure, today);
	must(!answers_from_json(again, map));
	must(str_eq(answers_to_json(a, again, ANSWERS_FILED), filed));
}

static struct answer_inputs posted(struct arena *a, struct str text)
{
	enum { INPUTS_MAX = 200 };
	struct answer_input *items = ARENA_ARRAY(a, struct answer_input, INPUTS_MAX);
	size_t n = 0;
	while (!str_is_none(text) && n < INPUTS_MAX) {
		struct str line = str_cut(&text, '\n');
		items[n].name = str_cut(&line, '=');
		items[n++].value = line;
	}
	return (struct answer_inputs){ items, n };
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0) return 0;
	const struct pack *pack = leon();
	struct arena *a = arena_new(512 * 1024 * 1024);
	const struct procedure *p = pack->procedures.items[data[0] % pack->procedures.count];
	struct str text = { (const char *)data + 1, size - 1 };
	struct answers *s = answers_new(a, pack, p, (struct date){ 20000 });
	struct json *map;
	int lost = 0;
	if (!json_parse(a, text, &map)) {
		if (!answers_from_draft(s, map, &lost)) use(a, s);
	} else {
		struct answer_inputs inputs = posted(a, text);
		for (size_t i = 0; i < p->form.pages.count; i++)
			answers_read_page(s, &p->form.pages.items[i], inputs);
		answers_read_decision(s, inputs);
		use(a, s);
	}
	arena_free(a);
	return 0;
}
