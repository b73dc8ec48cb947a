/*
 * A PDF file opened for examination: cross-references (tables, streams, chains of updates), objects on demand,
 * object streams, Flate with predictors. A file whose cross-references cannot be read is searched for objects
 * instead. Encrypted files are opened, but their strings and streams stay as they are.
 */
#pragma once
#include "base/err.h"
#include "core/pdf/pdf_parse.h"

struct pdf_file;

/* `a` is scratch memory that lives as long as the file is used: up to some 200 MB. Use one of its own. */
MUST_USE struct err *pdf_file_open(struct arena *a, struct str bytes, struct pdf_file **ret);
bool pdf_file_rebuilt(const struct pdf_file *f);       /* its cross-references were broken */
int64_t pdf_file_object_max(const struct pdf_file *f); /* the highest object number */
const struct pdf_value *pdf_file_trailer(const struct pdf_file *f);
/* The object, or a null value when there is none. Never NULL. */
const struct pdf_value *pdf_file_object(struct pdf_file *f, int64_t number);
/* Follows a reference (and one more, should it lead to a reference); NULL gives the null value. */
const struct pdf_value *pdf_file_follow(struct pdf_file *f, const struct pdf_value *v);
/* pdf_dict_get() and follow. Never NULL. */
const struct pdf_value *pdf_file_get(struct pdf_file *f, const struct pdf_value *dict, const char *key);
/* The bytes of a stream behind its filters (Flate alone, or none). False when they cannot be had. */
bool pdf_file_stream(struct pdf_file *f, const struct pdf_value *stream, struct str *ret);
