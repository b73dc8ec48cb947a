#include "tools/po2c/plural.h"

enum { PLURAL_MAX_DEPTH = 40, PLURAL_TRIED = 1000 };

struct plural_reader {
	struct str text;
	size_t pos;
	int64_t n;
	bool failed;
	int depth;
};

static int64_t read_choice(struct plural_reader *r);

static bool read_mark(struct plural_reader *r, const char *mark)
{
	while (r->pos < r->text.n && (r->text.p[r->pos] == ' ' || r->text.p[r->pos] == '\t'))
		r->pos++;
	if (!str_starts_with(str_slice(r->text, r->pos, r->text.n), str_of(mark))) return false;
	r->pos += strlen(mark);
	return true;
}

static int64_t read_atom(struct plural_reader *r)
{
	if (++r->depth > PLURAL_MAX_DEPTH) r->failed = true;
	int64_t value = 0;
	if (r->failed) return 0;
	if (read_mark(r, "!")) {
		value = !read_atom(r);
	} else if (read_mark(r, "(")) {
		value = read_choice(r);
		if (!read_mark(r, ")")) r->failed = true;
	} else if (read_mark(r, "n")) {
		value = r->n;
	} else {
		size_t from = r->pos;
		while (r->pos < r->text.n && r->text.p[r->pos] >= '0' && r->text.p[r->pos] <= '9')
			r->pos++;
		if (!str_to_int64(str_slice(r->text, from, r->pos), 0, 1000000, &value)) r->failed = true;
	}
	r->depth--;
	return value;
}

static int64_t apply(struct plural_reader *r, const char *mark, int64_t a, int64_t b)
{
	if ((mark[0] == '/' || mark[0] == '%') && b == 0) {
		r->failed = true;
		return 0;
	}
	switch (mark[0]) {
	case '*': return (int64_t)((uint64_t)a * (uint64_t)b);
	case '/': return a / b;
	case '%': return a % b;
	case '+': return (int64_t)((uint64_t)a + (uint64_t)b);
	case '-': return (int64_t)((uint64_t)a - (uint64_t)b);
	case '<': return mark[1] ? a <= b : a < b;
	case '>': return mark[1] ? a >= b : a > b;
	case '=': return a == b;
	case '!': return a != b;
	case '&': return a && b;
	default: return a || b;
	}
}

static bool number_follows(struct plural_reader *r)
{
	(void)read_mark(r, "");
	return r->pos < r->text.n && r->text.p[r->pos] >= '1' && r->text.p[r->pos] <= '9';
}

/* The levels of C, loosest first. Both sides are always read: there are no effects to skip. */
static int64_t read_level(struct plural_reader *r, int level)
{
	static const char *const levels[][5] = { { "||" }, { "&&" }, { "==", "!=" }, { "<=", ">=", "<", ">" },
		{ "+", "-" }, { "*", "/", "%" } };
	if (level == (int)(sizeof levels / sizeof *levels)) return read_atom(r);
	int64_t left = read_level(r, level + 1);
	for (bool more = true; more && !r->failed;) {
		more = false;
		for (int i = 0; i < 5 && levels[level][i] && !more; i++) {
			if (!read_mark(r, levels[level][i])) continue;
			/* Divisors are written out, so that no n can make one nought. */
			if (strchr("/%", levels[level][i][0]) && !number_follows(r)) r->failed = true;
			int64_t right = read_level(r, level + 1);
			left = apply(r, levels[level][i], left, right);
			more = true;
		}
	}
	return left;
}

static int64_t read_choice(struct plural_reader *r)
{
	int64_t chosen = read_level(r, 0);
	if (r->failed || !read_mark(r, "?")) return chosen;
	if (++r->depth > PLURAL_MAX_DEPTH) r->failed = true;
	int64_t yes = read_choice(r);
	if (!read_mark(r, ":")) r->failed = true;
	int64_t no = read_choice(r);
	r->depth--;
	return chosen ? yes : no;
}

int64_t plural_of(struct str expression, int64_t n)
{
	struct plural_reader r = { .text = expression, .n = n };
	int64_t form = read_choice(&r);
	(void)read_mark(&r, "");
	return r.failed || r.pos != r.text.n ? -1 : form;
}

bool plural_check(struct str expression, int count)
{
	for (int64_t n = 0; n <= PLURAL_TRIED; n++) {
		int64_t form = plural_of(expression, n);
		if (form < 0 || form >= count) return false;
	}
	return true;
}
