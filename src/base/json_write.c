/*
 * Writing JSON: commas, brackets and escapes, so that callers only say what is there. Reading is in json.c.
 */
#include "base/json.h"
#include "base/utf8.h"

enum { MAX_LEVELS = 64 };

struct json_writer json_writer(struct buf *out) { return (struct json_writer){ .out = out }; }

/* Before any value or key: the comma that separates it from the one before on its level. */
static void separate(struct json_writer *w)
{
	if (w->after_key) {
		w->after_key = false;
		return;
	}
	uint64_t level = UINT64_C(1) << w->depth;
	if (w->has_item & level) buf_add_char(w->out, ',');
	w->has_item |= level;
}

void json_open(struct json_writer *w, char bracket)
{
	must(bracket == '{' || bracket == '[');
	separate(w);
	must(w->depth < MAX_LEVELS - 1);
	w->depth++;
	w->has_item &= ~(UINT64_C(1) << w->depth);
	buf_add_char(w->out, bracket);
}

void json_close(struct json_writer *w, char bracket)
{
	must((bracket == '}' || bracket == ']') && w->depth > 0 && !w->after_key);
	w->depth--;
	buf_add_char(w->out, bracket);
}

/* The escape of one code point, or none when it stands for itself. */
static struct str escape_of(int32_t c, char room[static 7])
{
	switch (c) {
	case '"': return STR("\\\"");
	case '\\': return STR("\\\\");
	case '\n': return STR("\\n");
	case '\r': return STR("\\r");
	case '\t': return STR("\\t");
	case -1: return STR("\xef\xbf\xbd"); /* U+FFFD, the replacement character */
	default: break;
	}
	if (c >= 0x20) return STR_NONE;
	snprintf(room, 7, "\\u%04x", (unsigned)c & 0x1f); /* what is left here is below U+0020 */
	return (struct str){ room, 6 };
}

/* Printable ASCII but the two that are escaped: most of what is ever written. */
static bool is_plain(char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; }

/* Whether the eight bytes at `pos` are all plain, looked at together. */
static bool is_eight_plain(struct str s, size_t pos)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones << 7;
	uint64_t word;
	if (s.n - pos < sizeof(word)) return false;
	memcpy(&word, s.p + pos, sizeof(word));
	uint64_t quote = word ^ ones * '"', backslash = word ^ ones * '\\', del = word ^ ones * 0x7f;
	uint64_t below = word - ones * 0x20; /* a borrow out of a byte: one of them is below the space */
	return ((word | below | (quote - ones) | (backslash - ones) | (del - ones)) & highs) == 0;
}

static size_t plain_end(struct str s, size_t pos)
{
	while (is_eight_plain(s, pos))
		pos += sizeof(uint64_t);
	while (pos < s.n && is_plain(s.p[pos]))
		pos++;
	return pos;
}

static void add_quoted(struct buf *out, struct str s)
{
	buf_add_char(out, '"');
	size_t from = 0;
	for (size_t pos = 0; pos < s.n;) {
		pos = plain_end(s, pos);
		if (pos == s.n) break;
		size_t at = pos;
		char room[7];
		struct str escape = escape_of(utf8_next(s, &pos), room);
		if (str_is_none(escape)) continue;
		buf_add(out, str_slice(s, from, at));
		buf_add(out, escape);
		from = pos;
	}
	buf_add(out, str_slice(s, from, s.n));
	buf_add_char(out, '"');
}

void json_key(struct json_writer *w, struct str key)
{
	must(!w->after_key);
	separate(w);
	add_quoted(w->out, key);
	buf_add_char(w->out, ':');
	w->after_key = true;
}

void json_add_text(struct json_writer *w, struct str s)
{
	if (str_is_none(s)) {
		json_add_null(w);
		return;
	}
	separate(w);
	add_quoted(w->out, s);
}

void json_add_int(struct json_writer *w, int64_t i)
{
	separate(w);
	buf_add_int(w->out, i);
}

void json_add_bool(struct json_writer *w, bool b)
{
	separate(w);
	buf_add(w->out, b ? STR("true") : STR("false"));
}

void json_add_null(struct json_writer *w)
{
	separate(w);
	buf_add(w->out, STR("null"));
}

void json_field(struct json_writer *w, struct str key, struct str text)
{
	json_key(w, key);
	json_add_text(w, text);
}

static void add_children(struct json_writer *w, const struct json *parent)
{
	for (const struct json *child = parent->first; child; child = child->next) {
		if (parent->kind == JSON_MAP) json_key(w, child->key);
		json_add_tree(w, child);
	}
}

void json_add_tree(struct json_writer *w, const struct json *tree)
{
	switch (tree->kind) {
	case JSON_NULL: json_add_null(w); break;
	case JSON_BOOL: json_add_bool(w, tree->b); break;
	case JSON_INT: json_add_int(w, tree->i); break;
	case JSON_TEXT: json_add_text(w, tree->text); break;
	case JSON_DECIMAL:
		separate(w);
		buf_add(w->out, tree->text);
		break;
	case JSON_LIST:
		json_open(w, '[');
		add_children(w, tree);
		json_close(w, ']');
		break;
	case JSON_MAP:
		json_open(w, '{');
		add_children(w, tree);
		json_close(w, '}');
		break;
	}
}
