/*
 * Any bytes as a definition: they are read or refused; what is read goes through the schema of a procedure and is
 * edited at a node that the input chooses. What an edit returns can be read again.
 */
#include "core/definition/procedure_read.h"
#include "core/definition/yaml_edit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The n-th node, counted along the tree. */
static const struct yaml_node *pick(const struct yaml_node *node, size_t *n)
{
	if (!*n) return node;
	for (const struct yaml_node *c = node->first; c; c = c->next) {
		--*n;
		const struct yaml_node *found = pick(c, n);
		if (!*n) return found;
	}
	return node;
}

static void edit(struct arena *a, struct str source, const struct yaml_node *root)
{
	size_t n = source.n % 7;
	const struct yaml_node *node = pick(root, &n);
	struct str out[4] = { STR_NONE, STR_NONE, STR_NONE, STR_NONE };
	struct err *errors[4] = { yaml_edit_set(a, source, node, STR("x"), &out[0]),
		yaml_edit_delete(a, source, node, &out[1]), yaml_edit_append(a, source, node, STR("{a: 1}"), &out[2]),
		yaml_edit_add(a, source, node, STR("key"), STR("es: x\neu: y"), &out[3]) };
	for (int i = 0; i < 4; i++) {
		struct findings findings = findings_new(a);
		must(errors[i] || yaml_parse(a, out[i], &findings));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(512 * 1024 * 1024);
	struct str source = { size ? (const char *)data : "", size };
	struct findings findings = findings_new(a);
	struct yaml_node *root = yaml_parse(a, source, &findings);
	must(root || findings.errors > 0);
	if (root) edit(a, source, root);

	struct pack_file file = { STR("procedures/x.yaml"), source };
	struct findings all = findings_new(a);
	procedure_read(a, NULL, (struct pack_files){ &file, 1 }, &file, &all);
	findings_sort(&all);
	arena_free(a);
	return 0;
}
