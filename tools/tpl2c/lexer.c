#include "tools/tpl2c/lexer.h"

struct lexer {
	struct arena *arena;
	struct str text;
	size_t pos;
	struct place at; /* of `pos` */
	struct complaints *complaints;
	struct tpl_tokens found;
	size_t capacity;
};

bool tpl_is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

bool tpl_is_name_char(char c, bool first)
{
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_') return true;
	return !first && c >= '0' && c <= '9';
}

bool tpl_is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!tpl_is_name_char(s.p[i], i == 0)) return false;
	return s.n > 0;
}

struct place tpl_place(struct place from, struct str text, size_t offset)
{
	for (size_t i = 0; i < offset && i < text.n; i++) {
		if (text.p[i] == '\n') {
			from.line++;
			from.column = 1;
		} else {
			from.column++;
		}
	}
	return from;
}

static void move_to(struct lexer *l, size_t pos)
{
	l->at = tpl_place(l->at, str_slice(l->text, l->pos, pos), pos - l->pos);
	l->pos = pos;
}

static void keep(struct lexer *l, struct tpl_token token)
{
	if (l->found.count == l->capacity) {
		size_t capacity = l->capacity ? l->capacity * 2 : 64;
		struct tpl_token *items = ARENA_ARRAY(l->arena, struct tpl_token, capacity);
		if (l->found.count) memcpy(items, l->found.items, l->found.count * sizeof *items);
		l->found.items = items;
		l->capacity = capacity;
	}
	l->found.items[l->found.count++] = token;
}

static struct str first_word(struct str s)
{
	size_t n = 0;
	while (n < s.n && tpl_is_name_char(s.p[n], n == 0))
		n++;
	return str_slice(s, 0, n);
}

/* Directives that print nothing themselves. */
static bool is_silent(struct str keyword)
{
	static const char *const words[] = { "template", "layout", "if", "elif", "else", "for", "end" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_eq(keyword, str_of(words[i]))) return true;
	return false;
}

/* Is [from, to) alone on its line? Then the line's bounds: its start, and past its end. */
static bool stands_alone(struct str text, size_t from, size_t to, size_t *ret_start, size_t *ret_end)
{
	size_t start = from, end = to;
	while (start > 0 && (text.p[start - 1] == ' ' || text.p[start - 1] == '\t'))
		start--;
	if (start > 0 && text.p[start - 1] != '\n') return false;
	while (end < text.n && (text.p[end] == ' ' || text.p[end] == '\t' || text.p[end] == '\r'))
		end++;
	if (end < text.n && text.p[end] != '\n') return false;
	*ret_start = start;
	*ret_end = end < text.n ? end + 1 : end;
	return true;
}

static void keep_text(struct lexer *l, size_t to)
{
	if (to <= l->pos) return;
	struct str text = str_slice(l->text, l->pos, to);
	keep(l, (struct tpl_token){ .kind = TPL_TEXT, .text = text, .at = l->at });
	move_to(l, to);
}

/* The comment or directive that opens at `open`; its content and what follows its end. */
static bool find_end(struct lexer *l, size_t open, struct str *ret_inner, size_t *ret_after)
{
	bool is_comment = open + 2 < l->text.n && l->text.p[open + 2] == '#';
	struct str rest = str_slice(l->text, open + 2, l->text.n);
	/* "{{#}}" is no comment's end: the closing mark stands after the opening one. */
	ptrdiff_t n = is_comment ? str_find(str_slice(rest, 1, rest.n), STR("#}}")) : str_find(rest, STR("}}"));
	if (n < 0) return false;
	*ret_inner = is_comment ? STR_NONE : str_slice(rest, 0, (size_t)n);
	*ret_after = open + 2 + (size_t)n + (is_comment ? 4 : 2);
	return true;
}

static void keep_directive(struct lexer *l, size_t open, struct str inner, struct place at)
{
	struct str text = str_trim(inner);
	if (str_find(inner, STR("{{")) >= 0)
		complain(l->complaints, at, "{{ inside a directive: is a }} missing?");
	if (str_is_empty(text)) {
		complain(l->complaints, at, "empty directive");
		return;
	}
	struct place inside = tpl_place(at, str_slice(l->text, open, l->text.n),
		(size_t)(text.p - l->text.p) - open);
	keep(l, (struct tpl_token){ TPL_DIRECTIVE, text, first_word(text), inside });
}

struct tpl_tokens tpl_lex(struct arena *a, struct str file, struct str text, struct complaints *c)
{
	struct lexer l = { .arena = a, .text = text, .at = { file, 1, 1 }, .complaints = c };
	if (str_find_char(text, '\0') >= 0) {
		complain(c, l.at, "a NUL byte in the template");
		text.n = l.text.n = 0;
	}
	while (l.pos < text.n) {
		ptrdiff_t found = str_find(str_slice(text, l.pos, text.n), STR("{{"));
		if (found < 0) break;
		size_t open = l.pos + (size_t)found, after = 0, start = open, end = 0;
		struct str inner;
		if (!find_end(&l, open, &inner, &after)) {
			keep_text(&l, open);
			complain(c, l.at, "{{ without }}");
			l.pos = text.n;
			break;
		}
		bool silent = str_is_none(inner) || is_silent(first_word(str_trim(inner)));
		bool alone = silent && stands_alone(text, open, after, &start, &end) && start >= l.pos;
		keep_text(&l, alone ? start : open);
		move_to(&l, open);
		if (!str_is_none(inner)) keep_directive(&l, open, inner, l.at);
		move_to(&l, alone ? end : after);
	}
	keep_text(&l, text.n);
	keep(&l, (struct tpl_token){ .kind = TPL_END, .at = l.at });
	return l.found;
}
