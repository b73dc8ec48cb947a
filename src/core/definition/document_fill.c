/* Bodies of documents: a small parser with places, and filling with escaped values. */
#include "core/definition/document_fill.h"
#include "core/definition/expr_words.h"

enum { BODY_DEPTH = 8, FILLED_MAX = 512 * 1024 };

struct body_parser {
	struct arena *arena;
	struct str body;
	size_t at;
	int line, column;
	const struct procedure *procedure;
	const struct expr_scope *scope;
	struct findings *findings;
	int depth;
};

static void move_to(struct body_parser *p, size_t to)
{
	for (; p->at < to; p->at++) {
		unsigned char c = (unsigned char)p->body.p[p->at];
		if (c == '\n') {
			p->line++;
			p->column = 1;
		} else if ((c & 0xC0) != 0x80) {
			p->column++;
		}
	}
}

static bool is_fact(struct str name)
{
	static const char *const facts[] = {
#define X(name) name,
		DOCUMENT_FACTS(X)
#undef X
	};
	for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
		if (str_eq(name, str_of(facts[i]))) return true;
	return false;
}

static void unknown_fact(struct body_parser *p, struct str name)
{
	struct near near = near_start(name);
#define X(fact) near_try(&near, STR(fact));
	DOCUMENT_FACTS(X)
#undef X
	for (size_t i = 0; i < p->scope->count; i++)
		near_try(&near, p->scope->items[i].id);
	finding_add(p->findings, p->line, p->column + 2, "unknown name '%.*s'%.*s", STR_FMT(name),
		STR_FMT(near_hint(p->arena, &near)));
}

/* {{name}}: a fact, or an expression; one that is just a field is shown as the field shows itself. */
static void parse_name(struct body_parser *p, struct str inside, struct document_part *part)
{
	part->text = inside;
	part->kind = PART_FACT;
	if (is_fact(inside)) return;
	bool dotted = str_find_char(inside, '.') > 0 && str_find_char(inside, '(') < 0 &&
		str_find_char(inside, ' ') < 0;
	if (dotted) {
		unknown_fact(p, inside);
		return;
	}
	part->kind = PART_NAME;
	part->field = procedure_field(p->procedure, inside);
	if (part->field && !part->field->group) return;
	part->condition = expr_compile(p->arena, inside, p->scope, EXPR_TYPE_MAX, p->findings, p->line,
		p->column + 2);
}

enum block_end { BLOCK_EOF, BLOCK_ELSE, BLOCK_END };
static enum block_end parse_block(struct body_parser *p, const struct document_part **ret);

/* `line` and `column` are those of the opening braces; the parser stands after them. */
static void parse_if(struct body_parser *p, struct str condition, struct document_part *part, int line,
	int column)
{
	part->kind = PART_IF;
	part->condition = expr_compile(p->arena, condition, p->scope, EXPR_YES_NO, p->findings, line, column + 5);
	if (p->depth == BODY_DEPTH) {
		finding_add(p->findings, line, column, "{{if}} nested too deeply");
		p->at = p->body.n;
		return;
	}
	p->depth++;
	enum block_end end = parse_block(p, &part->then);
	if (end == BLOCK_ELSE) end = parse_block(p, &part->otherwise);
	p->depth--;
	if (end != BLOCK_END) finding_add(p->findings, line, column, "this {{if}} has no {{end}}");
}

/* The position of the next "{{", or the end. */
static size_t next_hole(const struct body_parser *p)
{
	ptrdiff_t at = str_find(str_slice(p->body, p->at, p->body.n), STR("{{"));
	return at < 0 ? p->body.n : p->at + (size_t)at;
}

/* What stands between the braces at the parser's place; *ret_after is past them. False when they do not close. */
static bool hole_inside(struct body_parser *p, struct str *ret, size_t *ret_after)
{
	ptrdiff_t close = str_find(str_slice(p->body, p->at, p->body.n), STR("}}"));
	if (close < 0) {
		finding_add(p->findings, p->line, p->column, "this {{ is not closed");
		p->at = p->body.n;
		return false;
	}
	*ret = str_trim(str_slice(p->body, p->at + 2, p->at + (size_t)close));
	*ret_after = p->at + (size_t)close + 2;
	return true;
}

static struct document_part *add_part(struct body_parser *p, const struct document_part ***end)
{
	struct document_part *part = ARENA_NEW(p->arena, struct document_part);
	**end = part;
	*end = (const struct document_part **)&part->next;
	return part;
}

static void parse_hole(struct body_parser *p, struct str inside, size_t after, struct document_part *part)
{
	int line = p->line, column = p->column;
	if (!str_starts_with(inside, STR("if "))) {
		parse_name(p, inside, part);
		move_to(p, after);
		return;
	}
	move_to(p, after);
	parse_if(p, str_trim(str_slice(inside, 3, inside.n)), part, line, column);
}

static enum block_end parse_block(struct body_parser *p, const struct document_part **ret)
{
	const struct document_part **end = ret;
	while (p->at < p->body.n) {
		size_t hole = next_hole(p), after;
		struct str inside;
		if (hole > p->at) add_part(p, &end)->text = str_slice(p->body, p->at, hole);
		move_to(p, hole);
		if (hole == p->body.n || !hole_inside(p, &inside, &after)) break;
		bool is_else = str_eq(inside, STR("else"));
		if (!is_else && !str_eq(inside, STR("end"))) {
			parse_hole(p, inside, after, add_part(p, &end));
			continue;
		}
		if (p->depth == 0) finding_add(p->findings, p->line, p->column, "there is no {{if}} for this");
		move_to(p, after);
		if (p->depth) return is_else ? BLOCK_ELSE : BLOCK_END;
	}
	return BLOCK_EOF;
}

const struct document_part *document_parse(struct arena *a, struct str body,
	const struct procedure *procedure, const struct expr_scope *scope, struct findings *findings)
{
	struct body_parser p = { .arena = a,
		.body = body,
		.line = 1,
		.column = 1,
		.procedure = procedure,
		.scope = scope,
		.findings = findings };
	const struct document_part *first = NULL;
	parse_block(&p, &first);
	return first;
}

/* ---- filling ------------------------------------------------------------------------------------------ */

struct str markdown_escape(struct arena *a, struct str text)
{
	struct buf out = buf_new(a, text.n * 2 + 1);
	size_t digits = 0;
	while (digits < text.n && text.p[digits] >= '0' && text.p[digits] <= '9')
		digits++;
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		bool at_start = (i == 0 && strchr("#+-=", c)) ||
			(i == digits && digits && (c == ')' || c == '.') && (i + 1 == text.n || text.p[i + 1] == ' '));
		if (at_start || strchr("\\`*_[]<>|~&", c)) buf_add_char(&out, '\\');
		buf_add_char(&out, c == '\n' ? ' ' : c);
	}
	return buf_str(&out);
}

const struct document_body *document_body_in(const struct document *d, struct str lang)
{
	for (size_t i = 0; i < d->body_count; i++)
		if (str_eq(d->bodies[i].lang, lang)) return &d->bodies[i];
	return d->body_count ? &d->bodies[0] : NULL;
}

struct filling {
	struct arena *arena;
	const struct answers *answers;
	const struct document_facts *facts;
	struct str lang;
	struct buf *out;
};

/* The rows of a group become a list; the lines of other values stand after each other. */
static void fill_lines(const struct filling *f, const struct field *field, struct str shown)
{
	bool is_list = field->type == FIELD_GROUP;
	const char *separator = "";
	while (!str_is_none(shown)) {
		struct str line = markdown_escape(f->arena, str_cut(&shown, '\n'));
		buf_add(f->out, is_list ? STR("- ") : str_of(separator));
		buf_add(f->out, line);
		if (is_list) buf_add_char(f->out, '\n');
		separator = field->type == FIELD_TEXTAREA ? " " : ", ";
	}
}

static void fill_name(const struct filling *f, const struct document_part *part)
{
	struct expr_env env = answers_env(f->answers, -1);
	if (part->field) {
		if (field_is_visible(f->answers, part->field, -1))
			fill_lines(f, part->field, answer_display(f->answers, f->arena, part->field, -1, f->lang));
		return;
	}
	const struct number_style *style = &f->answers->pack->numbers;
	struct expr_value v = expr_eval(part->condition, &env);
	struct str shown = v.has && v.type == EXPR_AMOUNT ? money_display(f->arena, money_of_cents(v.i), style)
		: v.has && v.type == EXPR_TEXT                ? v.text
		: v.has                                       ? expr_show_value(f->arena, v, f->lang, style)
													  : STR("");
	buf_add(f->out, markdown_escape(f->arena, shown));
}

/* Reasons may be several paragraphs; they stand on a line of their own. */
static void fill_fact(const struct filling *f, struct str name)
{
	struct str value = f->facts ? f->facts->get(f->facts->state, name, f->lang) : STR_NONE;
	if (!str_eq(name, STR("reasons"))) {
		buf_add(f->out, markdown_escape(f->arena, value));
		return;
	}
	while (value.n) {
		struct str line = str_trim(str_cut(&value, '\n'));
		if (!line.n) continue;
		buf_add(f->out, markdown_escape(f->arena, line));
		buf_add(f->out, STR("\n\n"));
	}
}

static void fill_parts(const struct filling *f, const struct document_part *part)
{
	for (; part; part = part->next) {
		struct expr_env env = answers_env(f->answers, -1);
		switch (part->kind) {
		case PART_TEXT: buf_add(f->out, part->text); break;
		case PART_FACT: fill_fact(f, part->text); break;
		case PART_NAME: fill_name(f, part); break;
		case PART_IF:
			fill_parts(f, expr_is_true(part->condition, &env) ? part->then : part->otherwise);
			break;
		}
	}
}

/* "# 123": what is granted, as the body's first line. A decision field: the clerk's words, not a citizen's. */
static void fill_grant(const struct filling *f, const struct document *d)
{
	const struct field *field = d->grant.n ? procedure_field(f->answers->procedure, d->grant) : NULL;
	struct str shown = field ? answer_display(f->answers, f->arena, field, -1, f->lang) : STR("");
	if (shown.n) buf_printf(f->out, "# %.*s\n\n", STR_FMT(shown));
}

struct str document_fill(struct arena *a, const struct document *d, const struct answers *answers,
	const struct document_facts *facts, struct str lang)
{
	const struct document_body *body = document_body_in(d, lang);
	struct buf out = buf_new(a, FILLED_MAX);
	if (!body) return STR("");
	struct filling f = { .arena = a, .answers = answers, .facts = facts, .lang = body->lang, .out = &out };
	if (!str_starts_with(body->text, STR("# "))) fill_grant(&f, d);
	fill_parts(&f, body->parts);
	return buf_str(&out);
}
