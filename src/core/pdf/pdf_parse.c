/*
 * Tokens and values. Start at pdf_parse_value().
 */
#include "core/pdf/pdf_parse.h"

enum {
	DEPTH_MAX = 48,
	STRING_BYTES_MAX = 1024 * 1024,
	FIRST_ITEMS = 8,
	MEMORY_BYTES_MAX = 160 * 1024 * 1024
};

static bool is_white(int c) { return c == 0 || c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == ' '; }

static bool is_delimiter(int c)
{
	return c == '(' || c == ')' || c == '<' || c == '>' || c == '[' || c == ']' || c == '{' || c == '}' ||
		c == '/' || c == '%';
}

/* The byte at distance `n`, or -1 past the end. */
static int peek(const struct pdf_parser *p, size_t n)
{
	return n < p->bytes.n - p->at ? (unsigned char)p->bytes.p[p->at + n] : -1;
}

static bool is_regular(int c) { return c >= 0 && !is_white(c) && !is_delimiter(c); }

void pdf_parse_space(struct pdf_parser *p)
{
	for (;;) {
		while (p->at < p->bytes.n && is_white(peek(p, 0)))
			p->at++;
		if (peek(p, 0) != '%') return;
		while (p->at < p->bytes.n && peek(p, 0) != '\n' && peek(p, 0) != '\r')
			p->at++;
	}
}

static bool fail(struct pdf_parser *p)
{
	p->failed = true;
	return false;
}

static int hex_digit(int c)
{
	if (c >= '0' && c <= '9') return c - '0';
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') return (c | 0x20) - 'a' + 10;
	return -1;
}

/* --- strings and names ----------------------------------------------------------------------------------- */

static bool parse_hex_string(struct pdf_parser *p, struct pdf_value *v)
{
	v->from = p->at++;
	size_t start = p->at;
	while (peek(p, 0) >= 0 && peek(p, 0) != '>')
		p->at++;
	if (peek(p, 0) != '>' || p->at - start > STRING_BYTES_MAX) return fail(p);
	char *out = arena_alloc(p->arena, (p->at - start) / 2 + 2);
	size_t n = 0;
	int high = -1;
	for (size_t i = start; i < p->at; i++) {
		int d = hex_digit((unsigned char)p->bytes.p[i]);
		if (d < 0 && !is_white((unsigned char)p->bytes.p[i])) return fail(p);
		if (d < 0) continue;
		if (high < 0) {
			high = d;
		} else {
			out[n++] = (char)(high << 4 | d);
			high = -1;
		}
	}
	if (high >= 0) out[n++] = (char)(high << 4);
	v->to = ++p->at;
	v->type = PDF_STRING;
	v->text = (struct str){ out, n };
	return true;
}

/* What a backslash stands for; moves past it. -1: nothing (a line break that was escaped). */
static int parse_escape(struct pdf_parser *p)
{
	int c = peek(p, 0);
	p->at++;
	if (c == 'n') return '\n';
	if (c == 'r') return '\r';
	if (c == 't') return '\t';
	if (c == 'b') return '\b';
	if (c == 'f') return '\f';
	if (c == '\n') return -1;
	if (c == '\r') {
		if (peek(p, 0) == '\n') p->at++;
		return -1;
	}
	if (c < '0' || c > '7') return c;
	int code = c - '0';
	for (int i = 0; i < 2 && peek(p, 0) >= '0' && peek(p, 0) <= '7'; i++, p->at++)
		code = code * 8 + peek(p, 0) - '0';
	return code & 255;
}

static bool parse_string(struct pdf_parser *p, struct pdf_value *v)
{
	v->from = p->at;
	size_t end = p->at + 1;
	/* The closing parenthesis first: it bounds the memory. */
	for (int depth = 1; depth > 0; end++) {
		if (end >= p->bytes.n || end - p->at > STRING_BYTES_MAX) return fail(p);
		char c = p->bytes.p[end];
		if (c == '\\')
			end++;
		else if (c == '(')
			depth++;
		else if (c == ')')
			depth--;
	}
	char *out = arena_alloc(p->arena, end - p->at);
	size_t n = 0;
	p->at++;
	while (p->at < end - 1) {
		int c = peek(p, 0);
		p->at++;
		if (c == '\\') c = parse_escape(p);
		if (c >= 0) out[n++] = (char)c;
	}
	p->at = v->to = end;
	v->type = PDF_STRING;
	v->text = (struct str){ out, n };
	return true;
}

static bool parse_name(struct pdf_parser *p, struct pdf_value *v)
{
	size_t start = ++p->at, n = 0;
	while (is_regular(peek(p, 0)))
		p->at++;
	struct str raw = str_slice(p->bytes, start, p->at);
	v->type = PDF_NAME;
	v->text = raw;
	if (str_find_char(raw, '#') < 0) return true;
	char *out = arena_alloc(p->arena, raw.n + 1);
	for (size_t i = 0; i < raw.n; i++) {
		int high = i + 2 < raw.n ? hex_digit((unsigned char)raw.p[i + 1]) : -1;
		int low = i + 2 < raw.n ? hex_digit((unsigned char)raw.p[i + 2]) : -1;
		bool coded = raw.p[i] == '#' && high >= 0 && low >= 0;
		out[n++] = (char)(coded ? high << 4 | low : raw.p[i]);
		if (coded) i += 2;
	}
	v->text = (struct str){ out, n };
	return true;
}

/* --- numbers, words, references ---------------------------------------------------------------------------- */

/* True when the word is a number; signs and one point are allowed, as readers do. */
static bool word_number(struct str word, struct pdf_value *v)
{
	size_t i = word.n && (word.p[0] == '-' || word.p[0] == '+') ? 1 : 0, digits = 0;
	double value = 0, place = 1;
	bool point = false;
	int64_t whole = 0;
	for (; i < word.n; i++) {
		if (word.p[i] == '.' && !point) {
			point = true;
			continue;
		}
		if (word.p[i] < '0' || word.p[i] > '9') return false;
		digits++;
		if (point) place /= 10;
		value = point ? value + (word.p[i] - '0') * place : value * 10 + (word.p[i] - '0');
		if (whole < INT64_MAX / 10 - 10) whole = whole * 10 + (word.p[i] - '0');
	}
	if (!digits || digits > 40) return false;
	bool negative = word.p[0] == '-';
	v->type = point ? PDF_REAL : PDF_INTEGER;
	v->real = negative ? -value : value;
	v->integer = point ? 0 : negative ? -whole : whole;
	return true;
}

/* After an integer: " G R" makes it a reference. */
static void maybe_reference(struct pdf_parser *p, struct pdf_value *v)
{
	size_t back = p->at;
	pdf_parse_space(p);
	size_t start = p->at;
	while (peek(p, 0) >= '0' && peek(p, 0) <= '9' && p->at - start < 6)
		p->at++;
	bool digits = p->at > start;
	pdf_parse_space(p);
	if (digits && peek(p, 0) == 'R' && !is_regular(peek(p, 1)) && v->integer >= 0) {
		p->at++;
		v->type = PDF_REF;
		return;
	}
	p->at = back;
}

static bool parse_word(struct pdf_parser *p, struct pdf_value *v)
{
	size_t start = p->at;
	while (is_regular(peek(p, 0)))
		p->at++;
	if (p->at == start) return fail(p);
	v->text = str_slice(p->bytes, start, p->at);
	if (word_number(v->text, v)) {
		if (v->type == PDF_INTEGER && !p->in_content) maybe_reference(p, v);
	} else if (str_eq(v->text, STR("true")) || str_eq(v->text, STR("false"))) {
		v->type = PDF_BOOL;
		v->integer = v->text.p[0] == 't';
	} else if (!str_eq(v->text, STR("null"))) {
		v->type = PDF_WORD;
	}
	return true;
}

/* --- arrays and dictionaries ------------------------------------------------------------------------------- */

static bool parse(struct pdf_parser *p, struct pdf_value *ret, int depth);

/* Values up to the closing bracket. */
static bool parse_items(struct pdf_parser *p, struct pdf_value *v, const char *close, int depth)
{
	size_t capacity = 0, length = strlen(close);
	for (;;) {
		pdf_parse_space(p);
		if (str_starts_with(str_slice(p->bytes, p->at, p->bytes.n), str_of(close))) break;
		if (v->count == capacity) {
			capacity = capacity ? capacity * 2 : FIRST_ITEMS;
			struct pdf_value *grown = ARENA_ARRAY(p->arena, struct pdf_value, capacity);
			if (v->count) memcpy(grown, v->items, v->count * sizeof *grown);
			v->items = grown;
		}
		if (!parse(p, &v->items[v->count], depth + 1)) return fail(p);
		v->count++;
	}
	p->at += length;
	return true;
}

static bool parse_dict(struct pdf_parser *p, struct pdf_value *v, int depth)
{
	p->at += 2;
	v->type = PDF_DICT;
	if (!parse_items(p, v, ">>", depth) || v->count % 2) return fail(p);
	for (size_t i = 0; i < v->count; i += 2)
		if (v->items[i].type != PDF_NAME) return fail(p);
	return true;
}

static bool parse(struct pdf_parser *p, struct pdf_value *ret, int depth)
{
	pdf_parse_space(p);
	int c = peek(p, 0);
	if (c < 0 || p->failed) return false;
	if (depth > DEPTH_MAX || *p->budget == 0 || arena_bytes(p->arena) > MEMORY_BYTES_MAX) return fail(p);
	(*p->budget)--;
	struct pdf_value v = { 0 };
	bool ok;
	if (c == '<' && peek(p, 1) == '<') {
		ok = parse_dict(p, &v, depth);
	} else if (c == '<') {
		ok = parse_hex_string(p, &v);
	} else if (c == '(') {
		ok = parse_string(p, &v);
	} else if (c == '/') {
		ok = parse_name(p, &v);
	} else if (c == '[') {
		p->at++;
		v.type = PDF_ARRAY;
		ok = parse_items(p, &v, "]", depth);
	} else {
		ok = parse_word(p, &v);
	}
	if (ok) *ret = v;
	return ok;
}

bool pdf_parse_value(struct pdf_parser *p, struct pdf_value *ret) { return parse(p, ret, 0); }

const struct pdf_value *pdf_dict_get(const struct pdf_value *dict, const char *key)
{
	if (!dict || (dict->type != PDF_DICT && dict->type != PDF_STREAM)) return NULL;
	for (size_t i = 0; i + 1 < dict->count; i += 2)
		if (str_eq(dict->items[i].text, str_of(key))) return &dict->items[i + 1];
	return NULL;
}

bool pdf_is_name(const struct pdf_value *v, const char *name)
{
	return v && v->type == PDF_NAME && str_eq(v->text, str_of(name));
}
