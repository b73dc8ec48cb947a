/*
 * Lexer and recursive descent:
 *
 *   or      = and { "or" and }              compare = sum [ ("=="|"!="|"<"|"<="|">"|">=") sum ]
 *   and     = not { "and" not }             sum     = product { ("+"|"-") product }
 *   not     = "not" not | compare           product = unary { ("*"|"/") unary }
 *   unary   = "-" unary | primary
 *   primary = number [ "%" | "days" ] | 'text' | "yes" | "no" | name | function "(" or { "," or } ")" | "(" or ")"
 *
 * Depth and number of nodes are bounded here, so whatever follows may recurse.
 */
#include "core/definition/expr_parse.h"
#include "base/utf8.h"

enum token_kind { TOKEN_END, TOKEN_NUMBER, TOKEN_TEXT, TOKEN_WORD, TOKEN_SIGN, TOKEN_WRONG };

struct token {
	enum token_kind kind;
	struct str text; /* as written; a quoted text without its quotes, doubled quotes single */
	int column;
};

struct parser {
	struct arena *arena;
	struct findings *findings;
	struct str source;
	size_t at;
	int line, column; /* of the expression in its file */
	int here;         /* column of `at` within the expression */
	struct token token;
	int depth, nodes;
	bool failed;
};

struct function {
	const char *name;
	enum expr_op op;
	int min, max; /* arguments */
};
static const struct function functions[] = {
	{ "if", EXPR_OP_IF, 3, 3 },
	{ "min", EXPR_OP_MIN, 2, 8 },
	{ "max", EXPR_OP_MAX, 2, 8 },
	{ "round", EXPR_OP_ROUND, 1, 2 },
	{ "age", EXPR_OP_AGE, 1, 1 },
	{ "filled", EXPR_OP_FILLED, 1, 1 },
	{ "contains", EXPR_OP_CONTAINS, 2, 2 },
	{ "sum", EXPR_OP_SUM, 1, 1 },
	{ "count", EXPR_OP_COUNT, 1, 2 },
	{ "date", EXPR_OP_VALUE, 1, 1 },
};

bool expr_is_reserved(struct str word)
{
	static const char *const words[] = { "and", "or", "not", "yes", "no", "today", "days", "day", "true",
		"false" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_eq(word, str_of(words[i]))) return true;
	for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
		if (str_eq(word, str_of(functions[i].name))) return true;
	return false;
}

static struct expr_node *fail(struct parser *p, int column, const char *what)
{
	if (!p->failed) finding_add(p->findings, p->line, p->column + column - 1, "%s", what);
	p->failed = true;
	return NULL;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_word_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

static void advance(struct parser *p)
{
	p->at++;
	if (p->at == p->source.n || ((unsigned char)p->source.p[p->at] & 0xC0) != 0x80) p->here++;
}

static char peek(const struct parser *p, size_t ahead)
{
	return p->at + ahead < p->source.n ? p->source.p[p->at + ahead] : '\0';
}

/* 'it''s' and "say" */
static void lex_text(struct parser *p)
{
	char quote = peek(p, 0);
	struct buf out = buf_new(p->arena, EXPR_MAX_BYTES);
	advance(p);
	while (p->at < p->source.n) {
		char c = peek(p, 0);
		if (c == quote && peek(p, 1) != quote) break;
		if (c == quote) advance(p);
		buf_add_char(&out, c);
		advance(p);
	}
	p->token.kind = p->at < p->source.n ? TOKEN_TEXT : TOKEN_WRONG;
	p->token.text = buf_str(&out);
	if (p->token.kind == TOKEN_WRONG)
		fail(p, p->token.column, "this quote is not closed");
	else
		advance(p);
}

static void lex_sign(struct parser *p)
{
	static const char *const signs[] = { "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "(", ")", ",",
		"%" };
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
		struct str sign = str_of(signs[i]);
		if (!str_starts_with(str_slice(p->source, p->at, p->source.n), sign)) continue;
		for (size_t n = 0; n < sign.n; n++)
			advance(p);
		p->token.kind = TOKEN_SIGN;
		p->token.text = sign;
		return;
	}
	p->token.kind = TOKEN_WRONG;
	fail(p, p->token.column,
		peek(p, 0) == '=' ? "'=' compares with '=='" : "this character means nothing here");
}

static void next(struct parser *p)
{
	while (peek(p, 0) == ' ')
		advance(p);
	p->token = (struct token){ .kind = TOKEN_END, .column = p->here };
	if (p->at == p->source.n) return;
	size_t start = p->at;
	if (is_digit(peek(p, 0))) {
		while (is_digit(peek(p, 0)))
			advance(p);
		if (peek(p, 0) == '.' && is_digit(peek(p, 1))) {
			advance(p);
			while (is_digit(peek(p, 0)))
				advance(p);
		}
		p->token.kind = TOKEN_NUMBER;
	} else if (is_word_start(peek(p, 0))) {
		while (is_word_start(peek(p, 0)) || is_digit(peek(p, 0)) ||
			(peek(p, 0) == '.' && is_word_start(peek(p, 1))))
			advance(p);
		p->token.kind = TOKEN_WORD;
	} else if (peek(p, 0) == '\'' || peek(p, 0) == '"') {
		lex_text(p);
		return;
	} else {
		lex_sign(p);
		return;
	}
	p->token.text = str_slice(p->source, start, p->at);
}

static bool is_token(const struct parser *p, enum token_kind kind, const char *text)
{
	return p->token.kind == kind && str_eq(p->token.text, str_of(text));
}

static bool accept(struct parser *p, enum token_kind kind, const char *text)
{
	if (!is_token(p, kind, text)) return false;
	next(p);
	return true;
}

static struct expr_node *node_new(struct parser *p, enum expr_op op, int column)
{
	if (++p->nodes > EXPR_MAX_NODES) return fail(p, column, "the expression is too long");
	struct expr_node *n = ARENA_NEW(p->arena, struct expr_node);
	n->op = op;
	n->type = EXPR_WRONG;
	n->column = column;
	return n;
}

static struct expr_node *parse_or(struct parser *p);

static struct expr_node *parse_binary(struct parser *p, enum expr_op op, int column, struct expr_node *left,
	struct expr_node *right)
{
	if (!left || !right) return NULL;
	struct expr_node *n = node_new(p, op, column);
	if (!n) return NULL;
	n->first = left;
	left->next = right;
	return n;
}

/* Decimal text to millionths; false past six decimals or 9·10^12. */
static bool millionths_of(struct str s, int64_t *ret)
{
	struct str rest = s, whole = str_cut(&rest, '.');
	int64_t n;
	if (!str_to_int64(whole, 0, 9000000000000, &n) || rest.n > 6) return false;
	int64_t fraction = 0;
	for (size_t i = 0; i < 6; i++)
		fraction = fraction * 10 + (i < rest.n ? rest.p[i] - '0' : 0);
	*ret = n * 1000000 + fraction;
	return true;
}

static struct expr_node *parse_number(struct parser *p)
{
	struct expr_node *n = node_new(p, EXPR_OP_VALUE, p->token.column);
	int64_t value = 0;
	if (!n) return NULL;
	if (!millionths_of(p->token.text, &value))
		return fail(p, p->token.column,
			"a number has at most six decimals and stays below nine million millions");
	bool is_whole = value % 1000000 == 0;
	next(p);
	n->type = EXPR_LITERAL;
	n->value = expr_int(EXPR_NUMBER, value);
	if (accept(p, TOKEN_SIGN, "%")) {
		n->type = EXPR_PERCENT;
		if (value % 100) return fail(p, n->column, "a percentage has at most four decimals");
		n->value = expr_int(EXPR_PERCENT, value / 100);
	} else if (is_token(p, TOKEN_WORD, "days") || is_token(p, TOKEN_WORD, "day")) {
		next(p);
		if (!is_whole || value / 1000000 > 1000000)
			return fail(p, n->column, "days are whole, at most a million");
		n->type = EXPR_DAYS;
		n->value = expr_int(EXPR_DAYS, value / 1000000);
	}
	return n;
}

/* date('2026-11-24') */
static struct expr_node *parse_date(struct parser *p, struct expr_node *n)
{
	struct date d;
	if (p->token.kind != TOKEN_TEXT || !date_parse(p->token.text, &d))
		return fail(p, p->token.column, "expected a date in quotes, as date('2026-11-24')");
	next(p);
	n->type = EXPR_DATE;
	n->value = expr_int(EXPR_DATE, d.days);
	if (!accept(p, TOKEN_SIGN, ")")) return fail(p, p->token.column, "expected ')'");
	return n;
}

static struct expr_node *parse_call(struct parser *p, const struct function *f, int column)
{
	struct expr_node *n = node_new(p, f->op, column);
	if (!n) return NULL;
	if (f->op == EXPR_OP_VALUE) return parse_date(p, n);
	struct expr_node **end = &n->first;
	int count = 0;
	do {
		struct expr_node *argument = parse_or(p);
		if (!argument) return NULL;
		*end = argument;
		end = &argument->next;
		count++;
	} while (accept(p, TOKEN_SIGN, ","));
	if (!accept(p, TOKEN_SIGN, ")")) return fail(p, p->token.column, "expected ',' or ')'");
	if (count < f->min || count > f->max) {
		return fail(p, column,
			arena_cz(p->arena,
				f->min == f->max ? arena_printf(p->arena, "%s() takes %d, found %d", f->name, f->min, count)
								 : arena_printf(p->arena, "%s() takes %d to %d, found %d", f->name, f->min,
									   f->max, count)));
	}
	return n;
}

static struct expr_node *parse_unknown_function(struct parser *p, struct str word, int column)
{
	struct near near = near_start(word);
	for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
		near_try(&near, str_of(functions[i].name));
	return fail(p, column,
		arena_cz(p->arena,
			arena_printf(p->arena, "there is no function '%.*s'%.*s", STR_FMT(word),
				STR_FMT(near_hint(p->arena, &near)))));
}

static struct expr_node *parse_word(struct parser *p)
{
	struct str word = p->token.text;
	int column = p->token.column;
	next(p);
	if (str_eq(word, STR("yes")) || str_eq(word, STR("no"))) {
		struct expr_node *n = node_new(p, EXPR_OP_VALUE, column);
		if (!n) return NULL;
		n->type = EXPR_YES_NO;
		n->value = expr_int(EXPR_YES_NO, word.n == 3);
		return n;
	}
	if (accept(p, TOKEN_SIGN, "(")) {
		for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
			if (str_eq(word, str_of(functions[i].name))) return parse_call(p, &functions[i], column);
		return parse_unknown_function(p, word, column);
	}
	if (str_eq(word, STR("true")) || str_eq(word, STR("false")))
		return fail(p, column, "write 'yes' or 'no'");
	if (expr_is_reserved(word) && !str_eq(word, STR("today")))
		return fail(p, column,
			arena_cz(p->arena, arena_printf(p->arena, "expected a value, found '%.*s'", STR_FMT(word))));
	struct expr_node *n = node_new(p, EXPR_OP_NAME, column);
	if (n) n->word = word;
	return n;
}

static struct expr_node *parse_primary(struct parser *p)
{
	int column = p->token.column;
	if (p->token.kind == TOKEN_NUMBER) return parse_number(p);
	if (p->token.kind == TOKEN_WORD) return parse_word(p);
	if (p->token.kind == TOKEN_TEXT) {
		struct expr_node *n = node_new(p, EXPR_OP_VALUE, column);
		if (!n) return NULL;
		n->type = EXPR_TEXT;
		n->value = (struct expr_value){ .type = EXPR_TEXT, .has = true, .text = p->token.text };
		next(p);
		return n;
	}
	if (accept(p, TOKEN_SIGN, "(")) {
		struct expr_node *n = parse_or(p);
		if (!n) return NULL;
		return accept(p, TOKEN_SIGN, ")") ? n : fail(p, p->token.column, "expected ')'");
	}
	return fail(p, column,
		p->token.kind == TOKEN_END ? "the expression ends where a value is expected" : "expected a value");
}

static struct expr_node *parse_prefix(struct parser *p, enum expr_op op, int column,
	struct expr_node *(*operand)(struct parser *))
{
	next(p);
	if (++p->depth > EXPR_MAX_DEPTH) return fail(p, column, "nested too deeply");
	struct expr_node *inner = operand(p);
	p->depth--;
	struct expr_node *n = inner ? node_new(p, op, column) : NULL;
	if (n) n->first = inner;
	return n;
}

static struct expr_node *parse_unary(struct parser *p)
{
	if (is_token(p, TOKEN_SIGN, "-")) return parse_prefix(p, EXPR_OP_NEGATE, p->token.column, parse_unary);
	return parse_primary(p);
}

static struct expr_node *parse_product(struct parser *p)
{
	struct expr_node *left = parse_unary(p);
	while (left && (is_token(p, TOKEN_SIGN, "*") || is_token(p, TOKEN_SIGN, "/"))) {
		enum expr_op op = p->token.text.p[0] == '*' ? EXPR_OP_MUL : EXPR_OP_DIV;
		int column = p->token.column;
		next(p);
		left = parse_binary(p, op, column, left, parse_unary(p));
	}
	return left;
}

static struct expr_node *parse_sum(struct parser *p)
{
	struct expr_node *left = parse_product(p);
	while (left && (is_token(p, TOKEN_SIGN, "+") || is_token(p, TOKEN_SIGN, "-"))) {
		enum expr_op op = p->token.text.p[0] == '+' ? EXPR_OP_ADD : EXPR_OP_SUB;
		int column = p->token.column;
		next(p);
		left = parse_binary(p, op, column, left, parse_product(p));
	}
	return left;
}

static bool comparison_of(const struct token *token, enum expr_op *ret)
{
	static const struct {
		const char *sign;
		enum expr_op op;
	} signs[] = {
		{ "==", EXPR_OP_EQ },
		{ "!=", EXPR_OP_NE },
		{ "<", EXPR_OP_LT },
		{ "<=", EXPR_OP_LE },
		{ ">", EXPR_OP_GT },
		{ ">=", EXPR_OP_GE },
	};
	for (size_t i = 0; token->kind == TOKEN_SIGN && i < sizeof signs / sizeof *signs; i++) {
		if (!str_eq(token->text, str_of(signs[i].sign))) continue;
		*ret = signs[i].op;
		return true;
	}
	return false;
}

static struct expr_node *parse_compare(struct parser *p)
{
	struct expr_node *left = parse_sum(p);
	enum expr_op op;
	if (!left || !comparison_of(&p->token, &op)) return left;
	int column = p->token.column;
	next(p);
	left = parse_binary(p, op, column, left, parse_sum(p));
	if (left && comparison_of(&p->token, &op))
		return fail(p, p->token.column, "comparisons do not chain: write 'a < b and b < c'");
	return left;
}

static struct expr_node *parse_not(struct parser *p)
{
	if (is_token(p, TOKEN_WORD, "not")) return parse_prefix(p, EXPR_OP_NOT, p->token.column, parse_not);
	return parse_compare(p);
}

static struct expr_node *parse_and(struct parser *p)
{
	struct expr_node *left = parse_not(p);
	while (left && is_token(p, TOKEN_WORD, "and")) {
		int column = p->token.column;
		next(p);
		left = parse_binary(p, EXPR_OP_AND, column, left, parse_not(p));
	}
	return left;
}

static struct expr_node *parse_or(struct parser *p)
{
	if (++p->depth > EXPR_MAX_DEPTH) return fail(p, p->token.column, "nested too deeply");
	struct expr_node *left = parse_and(p);
	while (left && is_token(p, TOKEN_WORD, "or")) {
		int column = p->token.column;
		next(p);
		left = parse_binary(p, EXPR_OP_OR, column, left, parse_and(p));
	}
	p->depth--;
	return left;
}

static int tree_height(const struct expr_node *n)
{
	int height = 0;
	for (const struct expr_node *k = n->first; k; k = k->next) {
		int inner = tree_height(k);
		if (inner > height) height = inner;
	}
	return height + 1;
}

struct expr_node *expr_parse(struct arena *a, struct str source, struct findings *findings, int line,
	int column)
{
	struct parser p = { .arena = a,
		.findings = findings,
		.source = source,
		.line = line,
		.column = column,
		.here = 1 };
	if (source.n > EXPR_MAX_BYTES) return fail(&p, 1, "the expression is too long");
	if (!utf8_is_plain(source, false)) return fail(&p, 1, "an expression is one line of plain text");
	next(&p);
	if (p.token.kind == TOKEN_END) return fail(&p, 1, "expected an expression, found nothing");
	struct expr_node *root = parse_or(&p);
	if (root && p.token.kind != TOKEN_END) {
		if (p.token.kind == TOKEN_WRONG) return NULL;
		return fail(&p, p.token.column,
			is_token(&p, TOKEN_SIGN, "%") || p.token.kind != TOKEN_SIGN ? "expected an operator or the end"
																		: "this closes or separates nothing");
	}
	/* Long chains are as high as deep brackets: what evaluates, shows and exports the tree recurses. */
	if (root && tree_height(root) > EXPR_MAX_DEPTH)
		return fail(&p, 1, "nested too deeply, or too many terms in a row");
	return p.failed ? NULL : root;
}
