/*
 * Tokens of SQL, as much as both engines share: words, numbers, 'strings', :parameters, signs. What the
 * tool refuses anyway (double quotes, backticks, ?1, $1, @x) becomes SQL_BROKEN. Nothing here knows grammar.
 */
#include <strings.h>

#include "tools/sql2c/sql2c.h"

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

static size_t word_end(struct str s, size_t at)
{
	while (at < s.n && (is_letter(s.p[at]) || is_digit(s.p[at])))
		at++;
	return at;
}

/* `at` is the opening quote; a doubled quote stands for one. s.n + 1 when it never ends. */
static size_t string_end(struct str s, size_t at)
{
	for (at++; at < s.n; at++) {
		if (s.p[at] != '\'') continue;
		if (at + 1 < s.n && s.p[at + 1] == '\'')
			at++;
		else
			return at + 1;
	}
	return s.n + 1;
}

static size_t comment_end(struct str s, size_t at)
{
	if (s.p[at] == '-') {
		while (at < s.n && s.p[at] != '\n')
			at++;
		return at;
	}
	for (at += 2; at + 1 < s.n; at++) {
		if (s.p[at] == '*' && s.p[at + 1] == '/') return at + 2;
	}
	return s.n;
}

static bool is_comment(struct str s, size_t at)
{
	if (at + 1 >= s.n) return false;
	return (s.p[at] == '-' && s.p[at + 1] == '-') || (s.p[at] == '/' && s.p[at + 1] == '*');
}

static size_t sign_end(struct str s, size_t at)
{
	static const char *const doubles[] = { "<=", ">=", "<>", "!=", "==", "||", "::", "->", "<<", ">>" };
	for (size_t i = 0; at + 1 < s.n && i < sizeof doubles / sizeof *doubles; i++) {
		if (s.p[at] == doubles[i][0] && s.p[at + 1] == doubles[i][1]) return at + 2;
	}
	return at + 1;
}

/* Reads the token at `at`, which is neither white space nor the end; returns where it ends. */
static size_t token_read(struct str s, size_t at, struct sql_token *ret)
{
	size_t end;
	char c = s.p[at];
	if (is_comment(s, at)) {
		ret->kind = SQL_COMMENT;
		end = comment_end(s, at);
	} else if (is_letter(c)) {
		ret->kind = SQL_WORD;
		end = word_end(s, at);
	} else if (is_digit(c)) {
		ret->kind = SQL_NUMBER;
		end = word_end(s, at);
		if (end + 1 < s.n && s.p[end] == '.' && is_digit(s.p[end + 1])) end = word_end(s, end + 1);
	} else if (c == '\'') {
		end = string_end(s, at);
		ret->kind = end > s.n ? SQL_BROKEN : SQL_STRING;
		if (end > s.n) end = s.n;
	} else if (c == ':' && at + 1 < s.n && is_letter(s.p[at + 1])) {
		ret->kind = SQL_PARAM;
		end = word_end(s, at + 1);
		ret->text = str_slice(s, at + 1, end);
		return end;
	} else {
		ret->kind = c == '@' || (c > ' ' && c < 127 && !strchr("\"`[]?$#\\", c)) ? SQL_SIGN : SQL_BROKEN;
		end = sign_end(s, at);
	}
	ret->text = str_slice(s, at, end);
	return end;
}

static int lines_in(struct str s)
{
	int n = 0;
	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == '\n';
	return n;
}

static void token_add(struct arena *a, struct sql_tokens *to, size_t *room, struct sql_token t)
{
	if (to->count == *room) {
		size_t more = *room ? *room * 2 : 64;
		struct sql_token *items = ARENA_ARRAY(a, struct sql_token, more);
		if (to->count) memcpy(items, to->items, to->count * sizeof *items);
		to->items = items;
		*room = more;
	}
	to->items[to->count++] = t;
}

struct sql_tokens sql_lex(struct arena *a, struct str text, int first_line, bool keep_comments)
{
	struct sql_tokens to = { 0 };
	size_t room = 0, at = 0;
	int line = first_line;
	bool spaced = false;
	while (at < text.n) {
		if (is_space(text.p[at])) {
			line += text.p[at++] == '\n';
			spaced = true;
			continue;
		}
		struct sql_token t = { .line = line, .spaced = spaced };
		size_t end = token_read(text, at, &t);
		line += lines_in(str_slice(text, at, end));
		at = end;
		spaced = t.kind == SQL_COMMENT;
		if (t.kind != SQL_COMMENT || keep_comments) token_add(a, &to, &room, t);
	}
	token_add(a, &to, &room,
		(struct sql_token){ .kind = SQL_END, .text = STR(""), .line = line, .spaced = true });
	to.count--;
	return to;
}

bool sql_is(struct sql_token t, const char *word)
{
	if (t.kind != SQL_WORD && t.kind != SQL_SIGN) return false;
	return str_eq_ci(t.text, str_of(word));
}

bool sql_is_any(struct sql_token t, const char *const *words)
{
	for (; *words; words++) {
		if (sql_is(t, *words)) return true;
	}
	return false;
}

size_t sql_closing(const struct sql_token *t, size_t open, size_t end)
{
	int depth = 0;
	for (size_t i = open; i < end; i++) {
		if (sql_is(t[i], "("))
			depth++;
		else if (sql_is(t[i], ")") && --depth == 0)
			return i;
	}
	return end;
}

bool sql_is_name(struct str s)
{
	if (s.n == 0 || s.n > 60 || s.p[0] < 'a' || s.p[0] > 'z') return false;
	for (size_t i = 0; i < s.n; i++) {
		if (!(s.p[i] >= 'a' && s.p[i] <= 'z') && !is_digit(s.p[i]) && s.p[i] != '_') return false;
	}
	return true;
}

/* Levenshtein's distance, for names of at most 60 characters. */
static size_t distance(struct str a, struct str b)
{
	size_t row[64];
	if (a.n > 60 || b.n > 60) return 64;
	for (size_t j = 0; j <= b.n; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			size_t best = diagonal + (a.p[i - 1] != b.p[j - 1]);
			if (row[j] + 1 < best) best = row[j] + 1;
			if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
			diagonal = row[j];
			row[j] = best;
		}
	}
	return row[b.n];
}

struct str sql_nearest(struct str wanted, const struct str *candidates, size_t count)
{
	struct str best = STR_NONE;
	size_t limit = wanted.n / 3 + 1;
	for (size_t i = 0; i < count; i++) {
		size_t d = distance(wanted, candidates[i]);
		if (d > limit) continue;
		best = candidates[i];
		limit = d ? d - 1 : 0;
	}
	return best;
}
