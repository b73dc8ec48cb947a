#include "tools/tpl2c/template.h"

struct tpl_template *tpl_find(struct tpl_template *all, struct str name)
{
	for (struct tpl_template *t = all; t; t = t->next)
		if (str_eq(t->name, name)) return t;
	return NULL;
}

static void check_call(struct tpl_template *all, struct tpl_call call, bool is_layout, struct complaints *c)
{
	const struct tpl_template *callee = tpl_find(all, call.name);
	if (!callee) {
		complain(c, call.at, "there is no template '%.*s'", STR_FMT(call.name));
		return;
	}
	if (callee->has_body != is_layout)
		complain(c, call.at, "'%.*s' has %s {{body}}", STR_FMT(call.name), is_layout ? "no" : "a");
	if (str_is_none(callee->type) != str_is_none(call.c))
		complain(c, call.at, "'%.*s' takes %s", STR_FMT(call.name),
			str_is_none(callee->type)
				? "nothing"
				: arena_printf(c->out->arena, "a struct %.*s", STR_FMT(callee->type)).p);
}

static void check_nodes(struct tpl_template *all, const struct tpl_node *node, struct complaints *c)
{
	for (; node; node = node->next) {
		if (node->kind == TPL_NODE_CALL)
			check_call(all, (struct tpl_call){ node->text, node->c, node->at }, false, c);
		for (const struct tpl_branch *b = node->branches; b; b = b->next)
			check_nodes(all, b->inner, c);
		check_nodes(all, node->inner, c);
		check_nodes(all, node->otherwise, c);
	}
}

void tpl_check(struct tpl_template *all, struct complaints *c)
{
	for (struct tpl_template *t = all; t; t = t->next) {
		const struct tpl_template *first = tpl_find(all, t->name);
		if (first != t)
			complain(c, t->at, "a template '%.*s' exists already in %.*s", STR_FMT(t->name),
				STR_FMT(first->file));
		if (!str_is_none(t->layout.name)) check_call(all, t->layout, true, c);
		check_nodes(all, t->nodes, c);
	}
}
