#include "tools/tpl2c/expr.h"
#include "tools/tpl2c/template.h"

enum { PARSE_MAX_DEPTH = 60, MARKUP_MAX = 4 * 1024 * 1024 };

struct parser {
	struct arena *arena;
	struct complaints *complaints;
	const struct tpl_token *next; /* the token to read */
	struct tpl_template *template;
	struct tpl_context ctx;
	struct tpl_var *vars;
	int depth;        /* of {{if}} and {{for}} */
	bool is_at_start; /* of the template: nothing but white space was read */
};

/* A list being built. */
struct nodes {
	struct tpl_node *first, **end;
};

static struct tpl_node *add_node(struct parser *p, struct nodes *list, enum tpl_node_kind kind,
	struct place at)
{
	struct tpl_node *node = ARENA_NEW(p->arena, struct tpl_node);
	*node = (struct tpl_node){ .kind = kind, .at = at };
	if (!list->first) list->end = &list->first;
	*list->end = node;
	list->end = &node->next;
	return node;
}

static struct tpl_node *parse_block(struct parser *p);

static bool is_directive(const struct tpl_token *token, const char *keyword)
{
	return token->kind == TPL_DIRECTIVE && str_eq(token->keyword, str_of(keyword));
}

/* White space at a template's start and end is the file's, not the page's. */
static void trim_template(struct parser *p, const struct tpl_token *token, struct str *text, struct place *at)
{
	if (p->depth > 0) return;
	size_t skip = 0;
	while (p->is_at_start && skip < text->n && tpl_is_space(text->p[skip]))
		skip++;
	*at = tpl_place(*at, *text, skip);
	*text = str_slice(*text, skip, text->n);
	bool is_last = token[1].kind == TPL_END || is_directive(&token[1], "template");
	while (is_last && text->n > 0 && tpl_is_space(text->p[text->n - 1]))
		text->n--;
}

static void parse_text(struct parser *p, struct nodes *list)
{
	const struct tpl_token *token = p->next++;
	struct buf out = buf_new(p->arena, MARKUP_MAX);
	struct str literal = token->text;
	struct place at = token->at;
	trim_template(p, token, &literal, &at);
	tpl_context_boundary(&p->ctx, at); /* a comment may have split a name */
	tpl_context_feed(&p->ctx, literal, at, &out);
	struct str text = buf_str(&out);
	if (!str_is_empty(text)) add_node(p, list, TPL_NODE_MARKUP, token->at)->text = text;
}

/* --- directives that print ------------------------------------------------------------------------------ */

static void parse_value(struct parser *p, struct nodes *list, struct tpl_reader *r, struct place at)
{
	struct tpl_node *node = add_node(p, list, TPL_NODE_VALUE, at);
	node->slot = tpl_context_value(&p->ctx, at, "a value");
	r->pos = 0;
	node->c = tpl_read_value(r);
}

static void parse_formatted(struct parser *p, struct nodes *list, struct tpl_reader *r,
	const struct tpl_token *token)
{
	struct tpl_node *node = add_node(p, list, TPL_NODE_VALUE, token->at);
	node->slot = tpl_context_value(&p->ctx, token->at, "a formatted value");
	if (node->slot == HTML_SLOT_URL) tpl_reader_fail(r, "a formatted value is no address");
	node->c = tpl_read_formatted(r, token->keyword);
}

/* {{index c}} counts from 0, {{position c}} from 1. */
static void parse_index(struct parser *p, struct nodes *list, struct tpl_reader *r,
	const struct tpl_token *token)
{
	struct tpl_node *node = add_node(p, list, TPL_NODE_VALUE, token->at);
	node->slot = tpl_context_value(&p->ctx, token->at, "a position");
	struct str name = tpl_read_word(r);
	struct tpl_var *var = tpl_var_find(p->vars, name);
	if (!var || str_is_none(var->list)) {
		tpl_reader_fail(r, "'%.*s' is no loop's variable", STR_FMT(name));
		return;
	}
	var->is_index_used = true;
	bool from_one = str_eq(token->keyword, STR("position"));
	node->c = arena_printf(p->arena, "(int)%.*s_at%s", STR_FMT(name), from_one ? " + 1" : "");
}

static bool is_key(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!tpl_is_name_char(s.p[i], false) && s.p[i] != '.' && s.p[i] != '-') return false;
	return s.n > 0 && s.p[0] >= 'a' && s.p[0] <= 'z';
}

static void parse_message(struct parser *p, struct nodes *list, struct tpl_reader *r, struct place at)
{
	struct tpl_node *node = add_node(p, list, TPL_NODE_MESSAGE, at);
	node->slot = tpl_context_value(&p->ctx, at, "a text");
	if (node->slot == HTML_SLOT_URL || node->slot == HTML_SLOT_URL_PART)
		tpl_reader_fail(r, "a text of the catalogue is no address");
	if (tpl_read_sees_path(r)) {
		node->c = tpl_read_path(r);
	} else {
		node->text = tpl_read_bare(r);
		if (!is_key(node->text)) tpl_reader_fail(r, "a key of the catalogue expected, such as case.title");
	}
	struct tpl_arg **end = &node->args;
	while (!r->has_failed && !tpl_read_is_at_end(r)) {
		struct tpl_arg *arg = ARENA_NEW(p->arena, struct tpl_arg);
		arg->name = tpl_read_word(r);
		if (str_is_empty(arg->name)) tpl_reader_fail(r, "name=value expected here");
		for (const struct tpl_arg *other = node->args; other; other = other->next)
			if (str_eq(other->name, arg->name))
				tpl_reader_fail(r, "'%.*s' is given twice", STR_FMT(arg->name));
		tpl_read_expect(r, "=");
		arg->c = tpl_read_value(r);
		*end = arg;
		end = &arg->next;
	}
}

static void parse_icon(struct parser *p, struct nodes *list, struct tpl_reader *r, struct place at)
{
	tpl_context_markup(&p->ctx, at, "an icon");
	struct tpl_node *node = add_node(p, list, TPL_NODE_ICON, at);
	if (tpl_read_sees_path(r)) {
		node->c = tpl_read_path(r);
		return;
	}
	node->text = tpl_read_bare(r);
	if (!is_key(node->text)) tpl_reader_fail(r, "an icon's name expected, such as clock");
}

static void parse_asset(struct parser *p, struct nodes *list, struct tpl_reader *r, struct place at)
{
	tpl_context_asset(&p->ctx, at);
	struct tpl_node *node = add_node(p, list, TPL_NODE_ASSET, at);
	node->text = tpl_read_bare(r);
	if (str_is_empty(node->text)) tpl_reader_fail(r, "an asset's path expected, such as css/ventanilla.css");
}

/* name(path) or name(). */
static struct tpl_call read_call(struct tpl_reader *r, struct place at)
{
	struct tpl_call call = { .name = tpl_read_word(r), .at = at };
	if (str_is_empty(call.name)) tpl_reader_fail(r, "a template's name expected here");
	tpl_read_expect(r, "(");
	if (!tpl_read_mark(r, ")")) {
		call.c = tpl_read_path(r);
		tpl_read_expect(r, ")");
	}
	return call;
}

static void parse_call(struct parser *p, struct nodes *list, struct tpl_reader *r, struct place at)
{
	tpl_context_markup(&p->ctx, at, "another template");
	struct tpl_call call = read_call(r, at);
	struct tpl_node *node = add_node(p, list, TPL_NODE_CALL, at);
	node->text = call.name;
	node->c = call.c;
}

static void parse_body(struct parser *p, struct nodes *list, struct tpl_reader *r, struct place at)
{
	tpl_context_markup(&p->ctx, at, "{{body}}");
	if (p->depth > 0) tpl_reader_fail(r, "{{body}} cannot stand inside {{if}} or {{for}}");
	if (p->template->has_body) tpl_reader_fail(r, "a layout has one {{body}}");
	p->template->has_body = true;
	add_node(p, list, TPL_NODE_BODY, at);
}

/* --- if and for ------------------------------------------------------------------------------------------ */

/* The directive that ended a block; a template's end is complained of as a missing {{end}}. */
static bool ends_with(struct parser *p, const char *keyword, struct place opened, const char *what)
{
	if (!is_directive(p->next, keyword)) {
		complain(p->complaints, opened, "this {{%s}} has no {{end}}", what);
		return false;
	}
	struct tpl_reader r = tpl_reader(p->arena, p->complaints, *p->next++, p->vars);
	tpl_read_end(&r);
	return true;
}

/* One way: starts in `from`; where it ends is joined into *joined. */
static struct tpl_node *parse_way(struct parser *p, const struct tpl_context *from,
	struct tpl_context *joined, bool is_first)
{
	p->ctx = *from;
	p->depth++;
	struct tpl_node *nodes = parse_block(p);
	p->depth--;
	tpl_context_boundary(&p->ctx, p->next->at);
	if (is_first)
		*joined = p->ctx;
	else
		tpl_context_join(joined, &p->ctx, p->next->at);
	return nodes;
}

static void parse_if(struct parser *p, struct nodes *list, struct tpl_reader *r, struct place at)
{
	struct tpl_node *node = add_node(p, list, TPL_NODE_IF, at);
	struct tpl_branch *branch = ARENA_NEW(p->arena, struct tpl_branch);
	branch->c = tpl_read_condition(r);
	branch->at = at;
	tpl_read_end(r);
	tpl_context_boundary(&p->ctx, at);
	struct tpl_context from = p->ctx, joined;
	node->branches = branch;
	branch->inner = parse_way(p, &from, &joined, true);
	while (is_directive(p->next, "elif")) {
		struct tpl_reader next = tpl_reader(p->arena, p->complaints, *p->next, p->vars);
		branch = branch->next = ARENA_NEW(p->arena, struct tpl_branch);
		branch->at = p->next++->at;
		branch->c = tpl_read_condition(&next);
		tpl_read_end(&next);
		branch->inner = parse_way(p, &from, &joined, false);
	}
	if (is_directive(p->next, "else")) {
		branch = branch->next = ARENA_NEW(p->arena, struct tpl_branch);
		branch->at = p->next->at;
		ends_with(p, "else", at, "if");
		branch->inner = parse_way(p, &from, &joined, false);
	} else {
		tpl_context_join(&joined, &from, p->next->at);
	}
	p->ctx = joined;
	ends_with(p, "end", at, "if");
}

static bool is_reserved(struct str name)
{
	static const char *const words[] = { "out", "look", "view", "index", "last", "true", "false", "auto",
		"break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum", "extern",
		"float", "for", "goto", "if", "inline", "int", "long", "register", "restrict", "return", "short",
		"signed", "sizeof", "static", "struct", "switch", "typedef", "union", "unsigned", "void", "volatile",
		"while", "bool", "asm", "typeof" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_eq(name, str_of(words[i]))) return true;
	return false;
}

static struct tpl_var *new_var(struct parser *p, struct tpl_reader *r, struct str name, struct str list)
{
	if (!tpl_is_name(name) || is_reserved(name) || str_ends_with(name, STR("_at")))
		tpl_reader_fail(r, "'%.*s' cannot be a name here", STR_FMT(name));
	else if (tpl_var_find(p->vars, name))
		tpl_reader_fail(r, "'%.*s' is already in use", STR_FMT(name));
	struct tpl_var *var = ARENA_NEW(p->arena, struct tpl_var);
	*var = (struct tpl_var){ .name = name, .list = list, .outer = p->vars };
	return var;
}

static void parse_for(struct parser *p, struct nodes *list, struct tpl_reader *r, struct place at)
{
	struct tpl_node *node = add_node(p, list, TPL_NODE_FOR, at);
	node->var = tpl_read_word(r);
	if (!str_eq(tpl_read_word(r), STR("in"))) tpl_reader_fail(r, "{{for x in v.list}} expected");
	node->c = tpl_read_path(r);
	struct tpl_var *var = new_var(p, r, node->var, node->c);
	tpl_read_end(r);
	tpl_context_boundary(&p->ctx, at);
	tpl_context_loop(&p->ctx);
	struct tpl_context from = p->ctx, joined;
	p->vars = var;
	node->inner = parse_way(p, &from, &joined, true);
	p->vars = var->outer;
	node->var_is_used = var->is_used;
	node->index_is_used = var->is_index_used;
	/* The body runs again from where it ended, so it must end as it began. */
	tpl_context_join(&joined, &from, p->next->at);
	if (is_directive(p->next, "else")) {
		ends_with(p, "else", at, "for");
		node->otherwise = parse_way(p, &from, &joined, false);
	}
	p->ctx = joined;
	ends_with(p, "end", at, "for");
}

/* --- a block --------------------------------------------------------------------------------------------- */

typedef void parse_fn(struct parser *p, struct nodes *list, struct tpl_reader *r, struct place at);

static void parse_raw(struct parser *p, struct nodes *list, struct tpl_reader *r, struct place at)
{
	tpl_context_markup(&p->ctx, at, "{{raw}}");
	add_node(p, list, TPL_NODE_RAW, at)->c = tpl_read_path(r);
}

static void parse_csrf(struct parser *p, struct nodes *list, struct tpl_reader *r, struct place at)
{
	(void)r;
	tpl_context_csrf(&p->ctx, at);
	add_node(p, list, TPL_NODE_CSRF, at);
}

static parse_fn *directive_for(struct str keyword)
{
	static const struct {
		const char *keyword;
		parse_fn *parse;
	} table[] = { { "if", parse_if }, { "for", parse_for }, { "t", parse_message }, { "icon", parse_icon },
		{ "asset", parse_asset }, { "call", parse_call }, { "raw", parse_raw }, { "csrf", parse_csrf },
		{ "body", parse_body } };
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (str_eq(keyword, str_of(table[i].keyword))) return table[i].parse;
	return NULL;
}

static void parse_directive(struct parser *p, struct nodes *list)
{
	const struct tpl_token *token = p->next++;
	struct str word = token->keyword;
	struct tpl_reader r = tpl_reader(p->arena, p->complaints, *token, p->vars);
	/* A name in scope wins over a keyword, so that new keywords break no template. */
	if (tpl_var_find(p->vars, word) || str_eq(word, STR("look")) || str_eq(word, STR("view"))) {
		parse_value(p, list, &r, token->at);
	} else if (directive_for(word)) {
		directive_for(word)(p, list, &r, token->at);
	} else if (tpl_is_format(word)) {
		parse_formatted(p, list, &r, token);
	} else if (str_eq(word, STR("index")) || str_eq(word, STR("position"))) {
		parse_index(p, list, &r, token);
	} else {
		r.pos = 0;
		tpl_reader_fail(&r, "'%.*s' is neither a directive nor a name in scope", STR_FMT(token->text));
	}
	tpl_read_end(&r);
}

static bool ends_block(const struct tpl_token *token)
{
	static const char *const words[] = { "end", "else", "elif", "template", "layout" };
	if (token->kind == TPL_END) return true;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (is_directive(token, words[i])) return true;
	return false;
}

static struct tpl_node *parse_block(struct parser *p)
{
	struct nodes list = { 0 };
	if (p->depth > PARSE_MAX_DEPTH) {
		complain(p->complaints, p->next->at, "too deep");
		while (p->next->kind != TPL_END)
			p->next++;
	}
	while (!ends_block(p->next)) {
		if (p->next->kind == TPL_TEXT)
			parse_text(p, &list);
		else
			parse_directive(p, &list);
		p->is_at_start = false;
	}
	return list.first;
}

/* --- templates ------------------------------------------------------------------------------------------- */

/* {{template name(struct type v) include "…" …}} */
static void parse_signature(struct parser *p)
{
	struct tpl_template *t = p->template;
	struct tpl_reader r = tpl_reader(p->arena, p->complaints, *p->next++, NULL);
	t->name = tpl_read_word(&r);
	if (str_is_empty(t->name)) tpl_reader_fail(&r, "{{template name(struct type v)}} expected");
	tpl_read_expect(&r, "(");
	if (!tpl_read_mark(&r, ")")) {
		if (!str_eq(tpl_read_word(&r), STR("struct"))) tpl_reader_fail(&r, "'struct' expected here");
		t->type = tpl_read_word(&r);
		t->param = tpl_read_word(&r);
		if (!r.has_failed && (str_is_empty(t->type) || str_is_empty(t->param)))
			tpl_reader_fail(&r, "a struct's name and the parameter's expected");
		tpl_read_expect(&r, ")");
		p->vars = new_var(p, &r, t->param, STR_NONE);
	}
	struct tpl_include **end = &t->includes;
	if (!tpl_read_is_at_end(&r) && !str_eq(tpl_read_word(&r), STR("include")))
		tpl_reader_fail(&r, "include \"…\" expected here");
	while (!r.has_failed && !tpl_read_is_at_end(&r)) {
		struct tpl_include *include = ARENA_NEW(p->arena, struct tpl_include);
		include->path = tpl_read_quoted(&r);
		if (str_is_none(include->path)) tpl_reader_fail(&r, "a header in quotes expected here");
		*end = include;
		end = &include->next;
	}
}

static bool is_blank(const struct tpl_token *token)
{
	return token->kind == TPL_TEXT && str_is_empty(str_trim(token->text));
}

static void parse_template(struct parser *p)
{
	struct tpl_template *t = p->template;
	p->ctx = tpl_context(p->arena, p->complaints);
	parse_signature(p);
	const struct tpl_token *after = is_blank(p->next) ? p->next + 1 : p->next;
	if (is_directive(after, "layout")) {
		struct tpl_reader r = tpl_reader(p->arena, p->complaints, *after, p->vars);
		t->layout = read_call(&r, after->at);
		tpl_read_end(&r);
		p->next = after + 1;
	}
	p->is_at_start = true;
	t->nodes = parse_block(p);
	while (p->next->kind != TPL_END && !is_directive(p->next, "template")) {
		bool is_layout = is_directive(p->next, "layout");
		complain(p->complaints, p->next->at,
			is_layout ? "{{layout}} must come right after {{template}}" : "this ends or continues nothing");
		p->next++;
		p->ctx.is_broken = true;
		(void)parse_block(p);
	}
	tpl_context_end(&p->ctx, p->next->at);
	t->param_is_used = p->vars && p->vars->is_used;
}

struct tpl_template *tpl_parse(struct arena *a, struct str file, struct str path, struct str text,
	struct complaints *c)
{
	struct tpl_tokens tokens = tpl_lex(a, file, text, c);
	struct parser p = { .arena = a, .complaints = c, .next = tokens.items };
	struct tpl_template *first = NULL, **end = &first;
	if (is_blank(p.next)) p.next++;
	if (!is_directive(p.next, "template"))
		complain(c, p.next->at, "a template begins with {{template name(…)}}");
	while (is_directive(p.next, "template")) {
		p.template = ARENA_NEW(a, struct tpl_template);
		*p.template = (struct tpl_template){ .file = file, .path = path, .at = p.next->at };
		p.vars = NULL;
		p.depth = 0;
		parse_template(&p);
		*end = p.template;
		end = &p.template->next;
	}
	return first;
}
