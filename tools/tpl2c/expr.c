#include <stdarg.h>
#include "tools/tpl2c/expr.h"

enum { EXPR_MAX_DEPTH = 50 };

struct tpl_reader tpl_reader(struct arena *a, struct complaints *c, struct tpl_token token,
	struct tpl_var *vars)
{
	return (struct tpl_reader){ .arena = a,
		.complaints = c,
		.text = token.text,
		.at = token.at,
		.pos = token.keyword.n,
		.vars = vars };
}

static void skip_space(struct tpl_reader *r)
{
	while (r->pos < r->text.n && tpl_is_space(r->text.p[r->pos]))
		r->pos++;
}

void tpl_reader_fail(struct tpl_reader *r, const char *format, ...)
{
	if (r->has_failed) return;
	r->has_failed = true;
	va_list args;
	va_start(args, format);
	struct str text = arena_vprintf(r->arena, format, args);
	va_end(args);
	complain(r->complaints, tpl_place(r->at, r->text, r->pos), "%s", text.p);
	r->pos = r->text.n;
}

struct str tpl_read_word(struct tpl_reader *r)
{
	skip_space(r);
	size_t from = r->pos;
	while (r->pos < r->text.n && tpl_is_name_char(r->text.p[r->pos], r->pos == from))
		r->pos++;
	return str_slice(r->text, from, r->pos);
}

bool tpl_read_mark(struct tpl_reader *r, const char *mark)
{
	skip_space(r);
	struct str rest = str_slice(r->text, r->pos, r->text.n);
	if (!str_starts_with(rest, str_of(mark))) return false;
	r->pos += strlen(mark);
	return true;
}

void tpl_read_expect(struct tpl_reader *r, const char *mark)
{
	if (!r->has_failed && !tpl_read_mark(r, mark)) tpl_reader_fail(r, "'%s' expected here", mark);
}

struct str tpl_read_quoted(struct tpl_reader *r)
{
	if (!tpl_read_mark(r, "\"")) return STR_NONE;
	struct str rest = str_slice(r->text, r->pos, r->text.n);
	ptrdiff_t n = str_find_char(rest, '"');
	if (n < 0) {
		tpl_reader_fail(r, "a quote is not closed");
		return STR_NONE;
	}
	r->pos += (size_t)n + 1;
	return str_slice(rest, 0, (size_t)n);
}

struct str tpl_read_bare(struct tpl_reader *r)
{
	skip_space(r);
	size_t from = r->pos;
	while (r->pos < r->text.n && !tpl_is_space(r->text.p[r->pos]))
		r->pos++;
	return str_slice(r->text, from, r->pos);
}

bool tpl_read_is_at_end(struct tpl_reader *r)
{
	skip_space(r);
	return r->pos >= r->text.n;
}

void tpl_read_end(struct tpl_reader *r)
{
	if (r->has_failed || tpl_read_is_at_end(r)) return;
	struct str rest = str_slice(r->text, r->pos, r->text.n);
	tpl_reader_fail(r, "'%.*s' is not understood here", STR_FMT(rest));
}

struct tpl_var *tpl_var_find(struct tpl_var *vars, struct str name)
{
	for (struct tpl_var *v = vars; v; v = v->outer)
		if (str_eq(v->name, name)) return v;
	return NULL;
}

/* What every template can name without declaring it, and the C pointer behind it. */
static struct str builtin(struct str name)
{
	if (str_eq(name, STR("look"))) return STR("out->look");
	if (str_eq(name, STR("view"))) return STR("out");
	return STR_NONE;
}

bool tpl_read_sees_path(struct tpl_reader *r)
{
	size_t pos = r->pos;
	struct str word = tpl_read_word(r);
	r->pos = pos;
	return tpl_var_find(r->vars, word) || !str_is_none(builtin(word));
}

/* ".a.b" and "->c", as they are; empty when no member follows. */
static struct str read_members(struct tpl_reader *r)
{
	size_t from = r->pos;
	for (;;) {
		struct str rest = str_slice(r->text, r->pos, r->text.n);
		size_t mark = str_starts_with(rest, STR(".")) ? 1 : str_starts_with(rest, STR("->")) ? 2 : 0;
		if (!mark) break;
		r->pos += mark;
		if (r->pos >= r->text.n || !tpl_is_name_char(r->text.p[r->pos], true)) {
			tpl_reader_fail(r, "a member's name expected here");
			return STR("");
		}
		(void)tpl_read_word(r);
	}
	return str_slice(r->text, from, r->pos);
}

struct str tpl_read_path(struct tpl_reader *r)
{
	struct str root = tpl_read_word(r);
	if (str_is_empty(root)) {
		tpl_reader_fail(r, "a value expected here");
		return STR("");
	}
	struct tpl_var *var = tpl_var_find(r->vars, root);
	struct str pointer = var ? var->name : builtin(root);
	if (str_is_none(pointer)) {
		tpl_reader_fail(r, "'%.*s' is not known here", STR_FMT(root));
		return STR("");
	}
	if (var) var->is_used = true;
	struct str members = read_members(r);
	if (str_is_empty(members)) return arena_printf(r->arena, "*%.*s", STR_FMT(pointer));
	struct str rest = str_slice(members, members.p[0] == '.' ? 1 : 2, members.n);
	return arena_printf(r->arena, "%.*s->%.*s", STR_FMT(pointer), STR_FMT(rest));
}

/* --- formats ------------------------------------------------------------------------------------------- */

struct format {
	const char *keyword, *c_name;
	const char *form; /* the form when none is named; NULL: takes no form */
};
static const struct format formats[] = {
	{ "date", "VIEW_DATE", "LONG" },
	{ "day", "VIEW_DATE", "SHORT" },
	{ "datetime", "VIEW_DATETIME", "SHORT" },
	{ "time", "VIEW_TIME", NULL },
	{ "iso", "VIEW_ISO", NULL },
	{ "money", "VIEW_MONEY", NULL },
	{ "number", "VIEW_NUMBER", NULL },
};
static const struct {
	const char *word, *form;
} forms[] = { { "long", "LONG" }, { "plain", "PLAIN" }, { "weekday", "WEEKDAY" }, { "short", "SHORT" },
	{ "brief", "BRIEF" } };

static const struct format *find_format(struct str keyword)
{
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (str_eq(keyword, str_of(formats[i].keyword))) return &formats[i];
	return NULL;
}

bool tpl_is_format(struct str keyword) { return find_format(keyword) != NULL; }

static const char *read_form(struct tpl_reader *r, const char *otherwise)
{
	size_t pos = r->pos;
	struct str word = tpl_read_word(r);
	if (!tpl_var_find(r->vars, word))
		for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
			if (str_eq(word, str_of(forms[i].word))) return forms[i].form;
	r->pos = pos;
	return otherwise;
}

struct str tpl_read_formatted(struct tpl_reader *r, struct str keyword)
{
	const struct format *f = find_format(keyword);
	must(f);
	const char *form = f->form ? read_form(r, f->form) : NULL;
	struct str path = tpl_read_path(r);
	if (form) return arena_printf(r->arena, "%s(out, I18N_%s, %.*s)", f->c_name, form, STR_FMT(path));
	return arena_printf(r->arena, "%s(out, %.*s)", f->c_name, STR_FMT(path));
}

/* index(c) and last(c), whose parentheses may be left out. */
static struct str read_loop_word(struct tpl_reader *r, bool is_index)
{
	bool has_parenthesis = tpl_read_mark(r, "(");
	struct str name = tpl_read_word(r);
	struct tpl_var *var = tpl_var_find(r->vars, name);
	if (!var || str_is_none(var->list)) {
		tpl_reader_fail(r, "'%.*s' is no loop's variable", STR_FMT(name));
		return STR("");
	}
	if (has_parenthesis) tpl_read_expect(r, ")");
	var->is_index_used = true;
	if (is_index) return arena_printf(r->arena, "(int)%.*s_at", STR_FMT(name));
	return arena_printf(r->arena, "%.*s_at + 1 == (%.*s).count", STR_FMT(name), STR_FMT(var->list));
}

struct str tpl_read_value(struct tpl_reader *r)
{
	size_t pos = r->pos;
	struct str word = tpl_read_word(r);
	bool is_call = tpl_read_mark(r, "(");
	if (is_call && tpl_is_format(word)) {
		struct str text = tpl_read_formatted(r, word);
		tpl_read_expect(r, ")");
		return text;
	}
	r->pos = pos;
	if (is_call && str_eq(word, STR("index"))) {
		(void)tpl_read_word(r);
		return read_loop_word(r, true);
	}
	return tpl_read_path(r);
}

/* --- conditions ---------------------------------------------------------------------------------------- */

struct operand {
	struct str c;
	bool is_text; /* a string literal */
	bool is_path;
};

static struct str read_or(struct tpl_reader *r, int depth);

static bool is_constant(struct str word)
{
	for (size_t i = 0; i < word.n; i++)
		if (word.p[i] >= 'a' && word.p[i] <= 'z') return false;
	return tpl_is_name(word);
}

static struct operand read_number(struct tpl_reader *r)
{
	size_t from = r->pos;
	while (r->pos < r->text.n && r->text.p[r->pos] >= '0' && r->text.p[r->pos] <= '9')
		r->pos++;
	struct str digits = str_slice(r->text, from, r->pos);
	int64_t n = 0;
	if (!str_to_int64(digits, 0, INT32_MAX, &n)) tpl_reader_fail(r, "a number that is too large");
	return (struct operand){ .c = arena_printf(r->arena, "%lld", (long long)n) };
}

static struct operand read_operand(struct tpl_reader *r)
{
	struct str quoted = tpl_read_quoted(r);
	if (!str_is_none(quoted)) {
		if (str_find_char(quoted, '\\') >= 0 || str_find_char(quoted, '\n') >= 0)
			tpl_reader_fail(r, "no backslash and no line end in a text");
		return (
			struct operand){ .c = arena_printf(r->arena, "STR(\"%.*s\")", STR_FMT(quoted)), .is_text = true };
	}
	skip_space(r);
	if (r->pos < r->text.n && r->text.p[r->pos] >= '0' && r->text.p[r->pos] <= '9') return read_number(r);
	size_t pos = r->pos;
	struct str word = tpl_read_word(r);
	if (!tpl_var_find(r->vars, word)) {
		if (str_eq(word, STR("index"))) return (struct operand){ .c = read_loop_word(r, true) };
		if (str_eq(word, STR("last"))) return (struct operand){ .c = read_loop_word(r, false) };
		if (str_eq(word, STR("true")) || str_eq(word, STR("false")) || is_constant(word))
			return (struct operand){ .c = word };
	}
	r->pos = pos;
	return (struct operand){ .c = tpl_read_path(r), .is_path = true };
}

static struct str read_comparison(struct tpl_reader *r)
{
	static const char *const marks[] = { "==", "!=", "<=", ">=", "<", ">" };
	struct operand left = read_operand(r);
	if (left.is_path && tpl_read_mark(r, "?"))
		return arena_printf(r->arena, "VIEW_HAS(%.*s)", STR_FMT(left.c));
	const char *mark = NULL;
	for (size_t i = 0; !mark && i < sizeof marks / sizeof *marks; i++)
		if (tpl_read_mark(r, marks[i])) mark = marks[i];
	if (!mark) {
		if (left.is_text) tpl_reader_fail(r, "a text is no condition");
		return left.c;
	}
	struct operand right = read_operand(r);
	if (!left.is_text && !right.is_text)
		return arena_printf(r->arena, "%.*s %s %.*s", STR_FMT(left.c), mark, STR_FMT(right.c));
	if (mark[1] != '=' || mark[0] == '<' || mark[0] == '>')
		tpl_reader_fail(r, "a text can be compared with == and != only");
	return arena_printf(r->arena, "%sstr_eq(%.*s, %.*s)", mark[0] == '!' ? "!" : "", STR_FMT(left.c),
		STR_FMT(right.c));
}

static struct str read_not(struct tpl_reader *r, int depth)
{
	if (depth > EXPR_MAX_DEPTH) tpl_reader_fail(r, "too many parentheses");
	if (r->has_failed) return STR("");
	if (tpl_read_mark(r, "!")) {
		struct str denied = read_not(r, depth + 1);
		return arena_printf(r->arena, "!(%.*s)", STR_FMT(denied));
	}
	if (!tpl_read_mark(r, "(")) return read_comparison(r);
	struct str inner = read_or(r, depth + 1);
	tpl_read_expect(r, ")");
	return inner; /* whoever joins it to another condition sets parentheses */
}

static struct str read_and(struct tpl_reader *r, int depth)
{
	struct str left = read_not(r, depth);
	while (!r->has_failed && tpl_read_mark(r, "&&")) {
		struct str right = read_not(r, depth);
		left = arena_printf(r->arena, "(%.*s) && (%.*s)", STR_FMT(left), STR_FMT(right));
	}
	return left;
}

static struct str read_or(struct tpl_reader *r, int depth)
{
	struct str left = read_and(r, depth);
	while (!r->has_failed && tpl_read_mark(r, "||")) {
		struct str right = read_and(r, depth);
		left = arena_printf(r->arena, "(%.*s) || (%.*s)", STR_FMT(left), STR_FMT(right));
	}
	return left;
}

struct str tpl_read_condition(struct tpl_reader *r) { return read_or(r, 0); }
