/*
 * The bounded builder. The piece that would pass the maximum is dropped whole, and every later one too, so
 * that what remains is always a beginning of what was meant and never a text with a hole.
 */
#include "base/buf.h"
#include "base/err.h"

enum { FIRST_BYTES = 256, SHORT_BYTES = 128 };

struct buf buf_new(struct arena *a, size_t max_bytes)
{
	must(max_bytes < SIZE_MAX);
	return (struct buf){ .arena = a, .max = max_bytes };
}

/* Makes room for `n` more bytes and the NUL; false when the maximum forbids it. */
static bool reserve(struct buf *b, size_t n)
{
	if (b->overflowed) return false;
	if (n > b->max - b->n) {
		b->overflowed = true;
		return false;
	}
	size_t wanted = b->n + n + 1;
	if (wanted <= b->capacity) return true;

	size_t capacity = b->capacity ? b->capacity : FIRST_BYTES;
	while (capacity < wanted)
		capacity = capacity > SIZE_MAX / 2 ? wanted : capacity * 2;
	if (capacity > b->max + 1) capacity = b->max + 1;
	char *p = arena_alloc(b->arena, capacity);
	if (b->n) memcpy(p, b->p, b->n);
	b->p = p;
	b->capacity = capacity;
	return true;
}

void buf_add(struct buf *b, struct str s)
{
	if (s.n == 0 || !reserve(b, s.n)) return;
	memcpy(b->p + b->n, s.p, s.n);
	b->n += s.n;
	b->p[b->n] = '\0';
}

void buf_add_char(struct buf *b, char c)
{
	/* Where there is room it is two stores; capacity counts the NUL and never passes the maximum. */
	if (b->n + 1 < b->capacity && !b->overflowed) {
		b->p[b->n++] = c;
		b->p[b->n] = '\0';
		return;
	}
	buf_add(b, (struct str){ &c, 1 });
}

void buf_add_int(struct buf *b, int64_t n)
{
	char digits[20]; /* "-9223372036854775808" */
	size_t at = sizeof digits;
	uint64_t left = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
	do {
		digits[--at] = (char)('0' + left % 10);
		left /= 10;
	} while (left);
	if (n < 0) digits[--at] = '-';
	buf_add(b, (struct str){ digits + at, sizeof digits - at });
}

void buf_printf(struct buf *b, const char *format, ...)
{
	va_list args, again;
	char text[SHORT_BYTES]; /* nearly all are short, and then formatted once */
	va_start(args, format);
	va_copy(again, args);
	int n = vsnprintf(text, sizeof text, format, again);
	va_end(again);
	must(n >= 0);
	if ((size_t)n < sizeof text) {
		buf_add(b, (struct str){ text, (size_t)n });
	} else if (reserve(b, (size_t)n)) {
		vsnprintf(b->p + b->n, (size_t)n + 1, format, args);
		b->n += (size_t)n;
	}
	va_end(args);
}

void buf_clear(struct buf *b)
{
	b->n = 0;
	b->overflowed = false;
	if (b->p) b->p[0] = '\0';
}

struct str buf_str(const struct buf *b) { return b->p ? (struct str){ b->p, b->n } : STR(""); }
