#include "tools/tpl2c/emit.h"

enum { EMIT_MAX = 16 * 1024 * 1024 };

struct emitter {
	struct buf *out;
	const struct tpl_template *template;
	struct tpl_template *all;
	int depth;
};

static void indent(struct emitter *e)
{
	for (int i = 0; i < e->depth; i++)
		buf_add_char(e->out, '\t');
}

/* The compiler's complaints about what follows name the template. */
static void emit_line(struct emitter *e, struct place at)
{
	buf_printf(e->out, "#line %d \"%.*s\"\n", at.line, STR_FMT(e->template->file));
	indent(e);
}

/* "…" of C; each line of the markup on a line of its own. */
static void emit_literal(struct emitter *e, struct str s)
{
	buf_add_char(e->out, '"');
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c == '"' || c == '\\')
			buf_printf(e->out, "\\%c", c);
		else if (c == '\n')
			buf_add(e->out, STR("\\n"));
		else if (c < ' ' || c == 0x7f)
			buf_printf(e->out, "\\%03o", c);
		else
			buf_add_char(e->out, (char)c);
		if (c == '\n' && i + 1 < s.n) {
			buf_add(e->out, STR("\"\n"));
			indent(e);
			buf_add(e->out, STR("\t\""));
		}
	}
	buf_add_char(e->out, '"');
}

/* "case.title" → CASE_TITLE */
static void emit_upper(struct emitter *e, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c >= 'a' && c <= 'z') c = (char)(c - ('a' - 'A'));
		bool is_plain = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		buf_add_char(e->out, is_plain ? c : '_');
	}
}

/* A path as a pointer to what it names. */
static void emit_pointer(struct emitter *e, struct str type, struct str c)
{
	if (str_starts_with(c, STR("*")))
		buf_add(e->out, str_slice(c, 1, c.n));
	else
		buf_printf(e->out, "VIEW_POINTER(struct %.*s, %.*s)", STR_FMT(type), STR_FMT(c));
}

static void emit_call(struct emitter *e, struct tpl_call call, const char *suffix)
{
	const struct tpl_template *callee = tpl_find(e->all, call.name);
	emit_line(e, call.at);
	buf_printf(e->out, "%.*s_html%s(out", STR_FMT(call.name), suffix);
	if (!str_is_none(call.c)) {
		buf_add(e->out, STR(", "));
		emit_pointer(e, callee->type, call.c);
	}
	buf_add(e->out, STR(");\n"));
}

static void emit_message(struct emitter *e, const struct tpl_node *node)
{
	size_t count = 0;
	for (const struct tpl_arg *arg = node->args; arg; arg = arg->next)
		count++;
	if (str_is_none(node->c)) {
		buf_add(e->out, STR("_Static_assert(MSG_"));
		emit_upper(e, node->text);
		buf_printf(e->out, "_args == %zu", count);
		for (const struct tpl_arg *arg = node->args; arg; arg = arg->next) {
			buf_add(e->out, STR(" && MSG_"));
			emit_upper(e, node->text);
			buf_printf(e->out, "_has_%.*s", STR_FMT(arg->name));
		}
		buf_add(e->out, STR(", \"the catalogue's text takes other values\");\n"));
		emit_line(e, node->at);
	}
	buf_add(e->out, STR("view_message(out, "));
	if (str_is_none(node->c)) {
		buf_add(e->out, STR("MSG_"));
		emit_upper(e, node->text);
	} else {
		buf_add(e->out, node->c);
	}
	if (!count) {
		buf_add(e->out, STR(", NULL);\n"));
		return;
	}
	buf_add(e->out, STR(", (const struct i18n_arg[]){ "));
	for (const struct tpl_arg *arg = node->args; arg; arg = arg->next)
		buf_printf(e->out, "I18N_ARG(\"%.*s\", %.*s), ", STR_FMT(arg->name), STR_FMT(arg->c));
	buf_add(e->out, STR("{ 0 } });\n"));
}

static void emit_value(struct emitter *e, const struct tpl_node *node)
{
	const char *macro = node->slot == HTML_SLOT_URL ? "VIEW_URL"
		: node->slot == HTML_SLOT_URL_PART          ? "VIEW_URL_PART"
													: "VIEW_TEXT";
	buf_printf(e->out, "%s(out, %.*s);\n", macro, STR_FMT(node->c));
}

static void emit_nodes(struct emitter *e, const struct tpl_node *node);

static void emit_inner(struct emitter *e, const struct tpl_node *nodes)
{
	e->depth++;
	emit_nodes(e, nodes);
	e->depth--;
}

static void emit_if(struct emitter *e, const struct tpl_node *node)
{
	for (const struct tpl_branch *b = node->branches; b; b = b->next) {
		if (b != node->branches) {
			emit_line(e, b->at);
			buf_add(e->out, STR("} else "));
		}
		if (!str_is_none(b->c)) buf_printf(e->out, "if (%.*s) ", STR_FMT(b->c));
		buf_add(e->out, STR("{\n"));
		emit_inner(e, b->inner);
	}
	indent(e);
	buf_add(e->out, STR("}\n"));
}

static void emit_for(struct emitter *e, const struct tpl_node *node)
{
	struct str var = node->var, list = node->c;
	buf_printf(e->out, "for (size_t %.*s_at = 0; %.*s_at < (%.*s).count; %.*s_at++) {\n", STR_FMT(var),
		STR_FMT(var), STR_FMT(list), STR_FMT(var));
	if (node->var_is_used) {
		e->depth++;
		emit_line(e, node->at);
		buf_printf(e->out, "const __typeof__(*(%.*s).items) *%.*s = &(%.*s).items[%.*s_at];\n", STR_FMT(list),
			STR_FMT(var), STR_FMT(list), STR_FMT(var));
		e->depth--;
	}
	emit_inner(e, node->inner);
	indent(e);
	buf_add(e->out, STR("}\n"));
	if (!node->otherwise) return;
	emit_line(e, node->at);
	buf_printf(e->out, "if ((%.*s).count == 0) {\n", STR_FMT(list));
	emit_inner(e, node->otherwise);
	indent(e);
	buf_add(e->out, STR("}\n"));
}

static void emit_named(struct emitter *e, const char *before, struct str name, const char *after)
{
	buf_add(e->out, str_of(before));
	emit_upper(e, name);
	buf_add(e->out, str_of(after));
}

static void emit_node(struct emitter *e, const struct tpl_node *node)
{
	if (node->kind == TPL_NODE_MARKUP) {
		indent(e);
		buf_add(e->out, STR("VIEW_MARKUP(out, "));
		emit_literal(e, node->text);
		buf_add(e->out, STR(");\n"));
		return;
	}
	if (node->kind == TPL_NODE_CALL) {
		emit_call(e, (struct tpl_call){ node->text, node->c, node->at }, "");
		return;
	}
	emit_line(e, node->at);
	switch (node->kind) {
	case TPL_NODE_VALUE: emit_value(e, node); break;
	case TPL_NODE_RAW: buf_printf(e->out, "html_raw(out->out, %.*s);\n", STR_FMT(node->c)); break;
	case TPL_NODE_MESSAGE: emit_message(e, node); break;
	case TPL_NODE_ICON:
		if (str_is_none(node->c))
			emit_named(e, "VIEW_ICON(out, ICON_", node->text, ");\n");
		else
			buf_printf(e->out, "view_icon(out, %.*s);\n", STR_FMT(node->c));
		break;
	case TPL_NODE_ASSET: emit_named(e, "VIEW_MARKUP(out, ASSET_", node->text, ");\n"); break;
	case TPL_NODE_CSRF: buf_add(e->out, STR("view_csrf(out);\n")); break;
	case TPL_NODE_IF: emit_if(e, node); break;
	case TPL_NODE_FOR: emit_for(e, node); break;
	case TPL_NODE_BODY: /* stands where one function ends and the other begins: emit_template() */
	case TPL_NODE_MARKUP:
	case TPL_NODE_CALL: break;
	}
}

static void emit_nodes(struct emitter *e, const struct tpl_node *node)
{
	for (; node && node->kind != TPL_NODE_BODY; node = node->next)
		emit_node(e, node);
}

static void emit_signature(struct buf *out, const struct tpl_template *t, const char *suffix)
{
	buf_printf(out, "void %.*s_html%s(struct view *out", STR_FMT(t->name), suffix);
	if (!str_is_none(t->type))
		buf_printf(out, ", const struct %.*s *%.*s", STR_FMT(t->type), STR_FMT(t->param));
	buf_add_char(out, ')');
}

static void emit_start(struct emitter *e, const char *suffix)
{
	const struct tpl_template *t = e->template;
	buf_add_char(e->out, '\n');
	emit_signature(e->out, t, suffix);
	buf_add(e->out, STR("\n{\n"));
	bool maybe_unused = t->has_body || !t->param_is_used;
	if (!str_is_none(t->type) && maybe_unused) buf_printf(e->out, "\t(void)%.*s;\n", STR_FMT(t->param));
	if (t->has_body || !t->nodes) buf_add(e->out, STR("\t(void)out;\n"));
}

/* A page is one function. A layout is two: what stands before {{body}}, and what stands after. */
static void emit_template(struct emitter *e)
{
	const struct tpl_template *t = e->template;
	bool has_layout = !str_is_none(t->layout.name);
	emit_start(e, t->has_body ? "_open" : "");
	if (has_layout) emit_call(e, t->layout, "_open");
	emit_nodes(e, t->nodes);
	if (t->has_body) {
		buf_add(e->out, STR("}\n"));
		emit_start(e, "_close");
		const struct tpl_node *body = t->nodes;
		while (body->kind != TPL_NODE_BODY)
			body = body->next;
		emit_nodes(e, body->next);
	}
	if (has_layout) emit_call(e, t->layout, "_close");
	buf_add(e->out, STR("}\n"));
}

static bool is_of_file(const struct tpl_template *t, const struct tpl_template *first)
{
	return t && t->file.p == first->file.p;
}

struct str tpl_emit_header(struct arena *a, const struct tpl_template *first)
{
	struct buf out = buf_new(a, EMIT_MAX);
	buf_printf(&out,
		"/* Generated by tpl2c from %.*s: edit that file. */\n#pragma once\n#include \"core/view.h\"\n",
		STR_FMT(first->file));
	for (const struct tpl_template *t = first; is_of_file(t, first); t = t->next)
		for (const struct tpl_include *i = t->includes; i; i = i->next)
			buf_printf(&out, "#include \"%.*s\"\n", STR_FMT(i->path));
	buf_add_char(&out, '\n');
	for (const struct tpl_template *t = first; is_of_file(t, first); t = t->next) {
		emit_signature(&out, t, t->has_body ? "_open" : "");
		buf_add(&out, STR(";\n"));
		if (!t->has_body) continue;
		emit_signature(&out, t, "_close");
		buf_add(&out, STR(";\n"));
	}
	return buf_str(&out);
}

/* What the nodes of a file refer to. */
struct uses {
	struct tpl_template *all;
	struct buf *out;
	bool assets;
};

static void include(struct uses *u, const char *folder, struct str file)
{
	struct str line = arena_printf(u->out->arena, "#include \"%s%.*s.h\"\n", folder, STR_FMT(file));
	if (str_find(buf_str(u->out), line) < 0) buf_add(u->out, line);
}

static void include_template(struct uses *u, struct str name)
{
	include(u, "", tpl_find(u->all, name)->path);
}

/* The constants of a key's family. */
static void include_words(struct uses *u, struct str key) { include(u, "i18n/", str_cut(&key, '.')); }

static void find_uses(struct uses *u, const struct tpl_node *node)
{
	for (; node; node = node->next) {
		if (node->kind == TPL_NODE_MESSAGE && str_is_none(node->c)) include_words(u, node->text);
		if (node->kind == TPL_NODE_ICON || node->kind == TPL_NODE_ASSET) u->assets = true;
		if (node->kind == TPL_NODE_CALL) include_template(u, node->text);
		for (const struct tpl_branch *b = node->branches; b; b = b->next)
			find_uses(u, b->inner);
		find_uses(u, node->inner);
		find_uses(u, node->otherwise);
	}
}

struct str tpl_emit_source(struct arena *a, const struct tpl_template *first, struct tpl_template *all)
{
	struct buf out = buf_new(a, EMIT_MAX);
	buf_printf(&out, "/* Generated by tpl2c from %.*s: edit that file. */\n#include \"%.*s.h\"\n",
		STR_FMT(first->file), STR_FMT(first->path));
	struct uses u = { .all = all, .out = &out };
	for (const struct tpl_template *t = first; is_of_file(t, first); t = t->next) {
		if (!str_is_none(t->layout.name)) include_template(&u, t->layout.name);
		find_uses(&u, t->nodes);
	}
	if (u.assets) buf_add(&out, STR("#include \"web/assets.h\"\n"));
	/* A struct of the wrong kind for a called template is a mistake, not a warning. */
	buf_add(&out, STR("#pragma GCC diagnostic error \"-Wincompatible-pointer-types\"\n"));
	for (const struct tpl_template *t = first; is_of_file(t, first); t = t->next) {
		struct emitter e = { .out = &out, .template = t, .all = all, .depth = 1 };
		emit_template(&e);
	}
	must(!buf_overflowed(&out));
	return buf_str(&out);
}
