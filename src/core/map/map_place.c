#include "core/map/map_place.h"

void map_step_print(const struct map_step *step, struct buf *out)
{
	if (!step) return;
	map_step_print(step->up, out);
	if (!step->key)
		buf_printf(out, "[%zu]", step->index);
	else
		buf_printf(out, "%s%s", step->up ? "." : "", step->key);
}

static size_t skip_space(struct str s, size_t at)
{
	while (at < s.n && strchr(" \t\r\n", s.p[at]))
		at++;
	return at;
}

static size_t skip_string(struct str s, size_t at)
{
	for (at++; at < s.n && s.p[at] != '"'; at++)
		at += s.p[at] == '\\';
	return at + 1;
}

/* Past the value that begins at `at`. */
static size_t skip_value(struct str s, size_t at)
{
	int depth = 0;
	while (at < s.n) {
		char c = s.p[at];
		if (c == '"') {
			at = skip_string(s, at);
			if (depth == 0) return at;
			continue;
		}
		if (depth == 0 && strchr(",]} \t\r\n", c)) return at;
		if (c == '[' || c == '{') depth++;
		at++;
		if ((c == ']' || c == '}') && --depth == 0) return at;
	}
	return at;
}

/* The child's place, or s.n. */
static size_t child(struct str s, size_t at, const struct map_step *step)
{
	bool is_map = at < s.n && s.p[at] == '{';
	if (at >= s.n || is_map != (step->key != NULL) || (!is_map && s.p[at] != '[')) return s.n;
	at = skip_space(s, at + 1);
	for (size_t i = 0; at < s.n && s.p[at] != ']' && s.p[at] != '}'; i++) {
		bool is_it = !is_map && i == step->index;
		if (is_map) {
			size_t end = skip_string(s, at);
			is_it = end >= at + 2 && str_eq(str_slice(s, at + 1, end - 1), str_of(step->key));
			at = skip_space(s, end);
			at = skip_space(s, at + 1); /* the colon */
		}
		if (is_it) return at;
		at = skip_space(s, skip_value(s, at));
		if (at < s.n && s.p[at] == ',') at = skip_space(s, at + 1);
	}
	return s.n;
}

static size_t find(struct str s, const struct map_step *step)
{
	if (!step) return skip_space(s, 0);
	size_t around = find(s, step->up), at = child(s, around, step);
	return at < s.n ? at : around;
}

void map_step_find(struct str text, const struct map_step *step, int *ret_line, int *ret_column)
{
	size_t at = find(text, step);
	int line = 1, column = 1;
	for (size_t i = 0; i < at && i < text.n; i++) {
		bool is_end = text.p[i] == '\n';
		bool is_inside = ((unsigned char)text.p[i] & 0xc0) == 0x80; /* of a UTF-8 sequence */
		line += is_end;
		column = is_end ? 1 : column + !is_inside;
	}
	*ret_line = line;
	*ret_column = column;
}
