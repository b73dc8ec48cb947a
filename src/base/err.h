/*
 * Errors: a function that can fail returns `struct err *`, and NULL is fine.
 *
 * An error has a code (it decides the HTTP status and the exit code), a message key for the person who
 * asked (looked up in the catalogues; NULL: the code's own general text), and a detail that goes to the
 * log and nowhere else. Whoever returns an error does not log it; only the dispatcher, the job runner and
 * the command line do. Outputs come last, are called ret_… and stay untouched on error. "Not found" is a
 * `bool *ret_found`, not an error, in look-ups. A bug is `must(condition)`, which aborts.
 */
#pragma once
#include "base/arena.h"

/* X(code, HTTP status, exit code): the one list. */
#define ERR_CODES(X)                                                                                         \
	X(ERR_INTERNAL, 500, 70)    /* ours: a bug or a broken part */                                           \
	X(ERR_INVALID, 422, 65)     /* the input was read and refused; fields say why */                         \
	X(ERR_MALFORMED, 400, 65)   /* the input cannot be read */                                               \
	X(ERR_SIGN_IN, 401, 77)     /* who are you */                                                            \
	X(ERR_FORBIDDEN, 403, 77)   /* not you */                                                                \
	X(ERR_NOT_FOUND, 404, 66)   /**/                                                                         \
	X(ERR_METHOD, 405, 64)      /**/                                                                         \
	X(ERR_CONFLICT, 409, 75)    /* somebody was faster; read again */                                        \
	X(ERR_GONE, 410, 66)        /**/                                                                         \
	X(ERR_TOO_LARGE, 413, 65)   /**/                                                                         \
	X(ERR_WRONG_TYPE, 415, 65)  /**/                                                                         \
	X(ERR_WRONG_HOST, 421, 64)  /**/                                                                         \
	X(ERR_LIMITED, 429, 75)     /* too many; later */                                                        \
	X(ERR_UNAVAILABLE, 503, 69) /* a part is down or full; later */                                          \
	X(ERR_USAGE, 400, 64)       /* command line */

enum err_code {
#define X(code, http, exit) code,
	ERR_CODES(X) ERR_CODE_MAX
#undef X
};

struct err {
	enum err_code code;
	const char *key;    /* message key for the person, or NULL */
	const char *detail; /* for the log only: may hold anything but personal data */
	const char *file;
	int line;
	const struct err *cause; /* or NULL */
};

#define MUST_USE __attribute__((warn_unused_result))

/* err_new is called through ERR(): err = ERR(arena, ERR_CONFLICT, "case.taken", "case %lld", id). */
struct err *err_new(struct arena *a, enum err_code code, const char *key, const char *file, int line,
	const char *format, ...) __attribute__((format(printf, 6, 7), returns_nonnull));
#define ERR(arena, code, key, ...) err_there(err_new((arena), (code), (key), __FILE__, __LINE__, __VA_ARGS__))
/* Wraps `cause` with a sentence about what was being done; code and key are the cause's. NULL stays NULL. */
#define err_wrap(arena, cause, ...)                                                                          \
	({                                                                                                       \
		struct err *wrapped_ = (cause);                                                                      \
		wrapped_ ? err_there(err_around((arena), wrapped_, __VA_ARGS__)) : NULL;                             \
	})
struct err *err_around(struct arena *a, struct err *cause, const char *format, ...)
	__attribute__((format(printf, 3, 4), returns_nonnull));
/* A deep copy into another arena (to outlive the one that failed). NULL stays NULL. */
static inline struct err *err_copy(struct arena *a, const struct err *e);
struct err *err_copy_of(struct arena *a, const struct err *e) __attribute__((returns_nonnull));

/* Says what returns_nonnull says once more, for static analysis, which sees one file at a time. */
static inline struct err *err_there(struct err *e)
{
	if (!e) __builtin_unreachable();
	return e;
}
static inline struct err *err_copy(struct arena *a, const struct err *e)
{
	return e ? err_there(err_copy_of(a, e)) : NULL;
}

int err_http_status(const struct err *e); /* 200 for NULL */
int err_exit_code(const struct err *e);   /* 0 for NULL */
const char *err_code_name(enum err_code code);
/* "detail (file:line) ← cause …" for the log. */
struct str err_describe(struct arena *a, const struct err *e);

/* The one flow macro: returns the error of a call that failed. */
#define TRY(call)                                                                                            \
	do {                                                                                                     \
		struct err *try_err_ = (call);                                                                       \
		if (try_err_) return try_err_;                                                                       \
	} while (0)

/* A condition that only a bug can break. Aborts with file and line; never compiled out. */
#define must(condition) ((condition) ? (void)0 : must_fail(#condition, __FILE__, __LINE__))
_Noreturn void must_fail(const char *condition, const char *file, int line);
