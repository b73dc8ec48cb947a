/* Collecting and printing findings; near names by edit distance. */
#include "core/definition/finding.h"
#include <stdarg.h>

struct findings findings_new(struct arena *a) { return (struct findings){ .arena = a }; }

__attribute__((format(printf, 5, 0))) static void finding_put(struct findings *f, int line, int column,
	bool is_warning, const char *format, va_list args)
{
	if (is_warning)
		f->warnings++;
	else
		f->errors++;
	if (f->count == FINDINGS_MAX) return;
	if (f->count == f->capacity) {
		size_t capacity = f->capacity ? f->capacity * 2 : 16;
		struct finding *items = ARENA_ARRAY(f->arena, struct finding, capacity);
		if (f->count) memcpy(items, f->items, f->count * sizeof *items);
		f->items = items;
		f->capacity = capacity;
	}
	f->items[f->count++] = (struct finding){ .file = f->file,
		.line = line,
		.column = column,
		.is_warning = is_warning,
		.text = arena_vprintf(f->arena, format, args) };
}

void finding_add(struct findings *f, int line, int column, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	finding_put(f, line, column, false, format, args);
	va_end(args);
}

void finding_warn(struct findings *f, int line, int column, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	finding_put(f, line, column, true, format, args);
	va_end(args);
}

static int finding_compare(const void *left, const void *right)
{
	const struct finding *a = left, *b = right;
	int by_file = str_cmp(a->file, b->file);
	if (by_file) return by_file;
	if (a->line != b->line) return a->line < b->line ? -1 : 1;
	if (a->column != b->column) return a->column < b->column ? -1 : 1;
	return str_cmp(a->text, b->text);
}

void findings_sort(struct findings *f)
{
	if (f->count) qsort(f->items, f->count, sizeof *f->items, finding_compare);
}

void findings_print(const struct findings *f, struct buf *out)
{
	for (size_t i = 0; i < f->count; i++) {
		const struct finding *x = &f->items[i];
		buf_add(out, x->file);
		if (x->line) buf_printf(out, ":%d:%d", x->line, x->column);
		buf_printf(out, ": %s: ", x->is_warning ? "warning" : "error");
		buf_add(out, x->text);
		buf_add_char(out, '\n');
	}
	int more = f->errors + f->warnings - (int)f->count;
	if (more > 0) buf_printf(out, "… and %d more\n", more);
}

enum { NEAR_MAX_WORD = 40 };

/* Optimal string alignment distance: one for a letter wrong, missing, too many, or two swapped. */
static size_t near_distance(struct str a, struct str b)
{
	size_t rows[3][NEAR_MAX_WORD + 1];
	size_t *before = rows[0], *last = rows[1], *now = rows[2];
	for (size_t j = 0; j <= b.n; j++)
		last[j] = before[j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		now[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			size_t cost = a.p[i - 1] == b.p[j - 1] ? 0 : 1;
			size_t best = last[j - 1] + cost;
			if (last[j] + 1 < best) best = last[j] + 1;
			if (now[j - 1] + 1 < best) best = now[j - 1] + 1;
			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1] &&
				before[j - 2] + 1 < best)
				best = before[j - 2] + 1;
			now[j] = best;
		}
		size_t *free_row = before;
		before = last;
		last = now;
		now = free_row;
	}
	return last[b.n];
}

struct near near_start(struct str word)
{
	return (struct near){ .word = word, .best = STR_NONE, .distance = word.n / 3 + 2 };
}

void near_try(struct near *n, struct str candidate)
{
	if (n->word.n == 0 || n->word.n > NEAR_MAX_WORD || candidate.n > NEAR_MAX_WORD) return;
	/* A beginning ("require" for "required_when") is near enough too. */
	size_t distance = near_distance(n->word, candidate);
	if (n->word.n >= 4 && str_starts_with(candidate, n->word) && distance > 2) distance = 2;
	if (distance < n->distance) {
		n->distance = distance;
		n->best = candidate;
	}
}

struct str near_hint(struct arena *a, const struct near *n)
{
	if (str_is_none(n->best)) return STR("");
	return arena_printf(a, "; did you mean '%.*s'?", STR_FMT(n->best));
}
