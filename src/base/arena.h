/*
 * An arena: memory that lives exactly as long as one request, one job or one command.
 *
 * Allocation never fails to the caller: a true out-of-memory, or an arena that passes its own limit
 * (`arena_new(max)`), stops the process, because limits that people outside can reach are checked where
 * the input is read (body, field, row count), never here. Nothing is freed singly. Under AddressSanitizer
 * released memory is poisoned, so a use after the request's end is reported.
 *
 * An arena belongs to one thread at a time; handing a request to the writer hands its arena along.
 */
#pragma once
#include "base/str.h"
#include <stdarg.h>

struct arena;

/* `max_bytes` bounds the sum of all blocks. The caller frees with arena_free(). */
struct arena *arena_new(size_t max_bytes);
void arena_free(struct arena *a);          /* runs the deferred calls, newest first; NULL is fine */
void arena_reset(struct arena *a);         /* the same, but keeps the arena (and its first block) for reuse */
size_t arena_bytes(const struct arena *a); /* bytes handed out since the last reset: a metric */

/* Zeroed memory, aligned for any type. Size 0 gives a valid pointer. */
void *arena_alloc(struct arena *a, size_t bytes);
void *arena_alloc_array(struct arena *a, size_t count, size_t item_bytes); /* overflow stops the process */
#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, count) ((type *)arena_alloc_array((a), (count), sizeof(type)))

/* Copies; the results are NUL-terminated. STR_NONE stays STR_NONE. */
struct str arena_str(struct arena *a, struct str s);
struct str arena_cstr(struct arena *a, const char *s);
const char *arena_cz(struct arena *a, struct str s); /* the same copy as a C string; "" for none */
struct str arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct str arena_vprintf(struct arena *a, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));
struct str arena_join(struct arena *a, const struct str *parts, size_t count, struct str separator);

/* Calls `release(resource)` when the arena is reset or freed, in reverse order of registration: for
 * statements, files and library handles. */
void arena_defer(struct arena *a, void (*release)(void *resource), void *resource);
