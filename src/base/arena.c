/*
 * Arenas: a chain of blocks from which memory is handed out by moving a mark. The newest block is the one
 * that hands out; a request larger than a block gets a block of its own size. Start at arena_alloc().
 *
 * Under AddressSanitizer everything that is not handed out is poisoned, with a gap after each allocation,
 * so that both a use after the reset and a step past the end are reported.
 */
#include <sanitizer/asan_interface.h>
#include <stdalign.h>

#include "base/arena.h"
#include "base/err.h"

struct block {
	struct block *older;
	size_t capacity, used; /* of `bytes` */
	alignas(max_align_t) char bytes[];
};

struct deferred {
	struct deferred *older;
	void (*release)(void *resource);
	void *resource;
};

struct arena {
	struct block *newest;
	struct block *first; /* kept over a reset */
	struct deferred *deferred;
	size_t max_bytes, block_bytes, handed_bytes;
};

enum {
	FIRST_BLOCK_BYTES = 8 * 1024,
	LARGEST_STEP_BYTES = 1024 * 1024,
	ALIGN = alignof(max_align_t),
	SHORT_BYTES = 128,
};

/* The sanitizer's header defines __has_feature for compilers without it. */
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
enum { GAP_BYTES = ALIGN };
#else
enum { GAP_BYTES = 0 };
#endif

_Noreturn static void give_up(const char *why, size_t bytes)
{
	fprintf(stderr, "arena: %s (%zu bytes wanted)\n", why, bytes);
	abort();
}

struct arena *arena_new(size_t max_bytes)
{
	struct arena *a = calloc(1, sizeof *a);
	if (!a) give_up("out of memory", sizeof *a);
	a->max_bytes = max_bytes;
	return a;
}

/* A block with room for `bytes`, twice the last one's size as long as the limit leaves room for that. */
static void add_block(struct arena *a, size_t bytes)
{
	size_t taken = a->block_bytes, left = a->max_bytes > taken ? a->max_bytes - taken : 0;
	if (bytes > left) give_up("the limit of this arena is passed", bytes);

	size_t capacity = a->newest ? a->newest->capacity : FIRST_BLOCK_BYTES / 2;
	capacity = capacity < LARGEST_STEP_BYTES / 2 ? capacity * 2 : LARGEST_STEP_BYTES;
	if (capacity > left) capacity = left;
	if (capacity < bytes) capacity = bytes;

	struct block *b = malloc(sizeof *b + capacity);
	if (!b) give_up("out of memory", capacity);
	*b = (struct block){ .older = a->newest, .capacity = capacity };
	ASAN_POISON_MEMORY_REGION(b->bytes, capacity);
	a->newest = b;
	a->block_bytes += capacity;
	if (!a->first) a->first = b;
}

void *arena_alloc(struct arena *a, size_t bytes)
{
	size_t wanted = bytes ? bytes : 1;
	if (wanted > SIZE_MAX / 2) give_up("an impossible size", bytes);
	size_t step = (wanted + GAP_BYTES + ALIGN - 1) / ALIGN * ALIGN;

	struct block *b = a->newest;
	if (!b || b->capacity - b->used < step) {
		add_block(a, step);
		b = a->newest;
	}
	void *p = b->bytes + b->used;
	b->used += step;
	a->handed_bytes += bytes;
	ASAN_UNPOISON_MEMORY_REGION(p, wanted);
	return memset(p, 0, wanted);
}

void *arena_alloc_array(struct arena *a, size_t count, size_t item_bytes)
{
	size_t bytes;
	if (__builtin_mul_overflow(count, item_bytes, &bytes)) give_up("an array too large to count", count);
	return arena_alloc(a, bytes);
}

void arena_defer(struct arena *a, void (*release)(void *resource), void *resource)
{
	struct deferred *d = ARENA_NEW(a, struct deferred);
	*d = (struct deferred){ a->deferred, release, resource };
	a->deferred = d;
}

static void run_deferred(struct arena *a)
{
	while (a->deferred) {
		struct deferred *d = a->deferred;
		a->deferred = d->older;
		d->release(d->resource);
	}
}

/* Frees the blocks newer than `last`; NULL frees all. */
static void free_blocks(struct arena *a, const struct block *last)
{
	while (a->newest != last) {
		struct block *b = a->newest;
		a->newest = b->older;
		a->block_bytes -= b->capacity;
		ASAN_UNPOISON_MEMORY_REGION(b->bytes, b->capacity);
		free(b);
	}
}

void arena_reset(struct arena *a)
{
	run_deferred(a);
	free_blocks(a, a->first);
	a->handed_bytes = 0;
	if (!a->first) return;
	a->first->used = 0;
	ASAN_POISON_MEMORY_REGION(a->first->bytes, a->first->capacity);
}

void arena_free(struct arena *a)
{
	if (!a) return;
	run_deferred(a);
	free_blocks(a, NULL);
	free(a);
}

size_t arena_bytes(const struct arena *a) { return a->handed_bytes; }

struct str arena_str(struct arena *a, struct str s)
{
	if (str_is_none(s)) return STR_NONE;
	must(s.n < SIZE_MAX);
	char *p = arena_alloc(a, s.n + 1);
	memcpy(p, s.p, s.n);
	return (struct str){ p, s.n };
}

struct str arena_cstr(struct arena *a, const char *s) { return arena_str(a, str_of(s)); }

const char *arena_cz(struct arena *a, struct str s) { return str_is_none(s) ? "" : arena_str(a, s).p; }

struct str arena_vprintf(struct arena *a, const char *format, va_list args)
{
	va_list again;
	char text[SHORT_BYTES]; /* nearly all are short, and then formatted once */
	va_copy(again, args);
	int n = vsnprintf(text, sizeof text, format, again);
	va_end(again);
	must(n >= 0);
	char *p = arena_alloc(a, (size_t)n + 1);
	if ((size_t)n < sizeof text)
		memcpy(p, text, (size_t)n + 1);
	else
		vsnprintf(p, (size_t)n + 1, format, args);
	return (struct str){ p, (size_t)n };
}

struct str arena_printf(struct arena *a, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	struct str s = arena_vprintf(a, format, args);
	va_end(args);
	return s;
}

struct str arena_join(struct arena *a, const struct str *parts, size_t count, struct str separator)
{
	size_t n = 0;
	for (size_t i = 0; i < count; i++)
		n += parts[i].n + (i > 0 ? separator.n : 0);
	char *p = arena_alloc(a, n + 1), *at = p;
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && separator.n) at = mempcpy(at, separator.p, separator.n);
		if (parts[i].n) at = mempcpy(at, parts[i].p, parts[i].n);
	}
	return (struct str){ p, n };
}
