/*
 * What every generator does: read all files of one kind below a folder, say what is wrong with file, line
 * and column, and write results only where they changed (so that make rebuilds only what must be).
 *
 * Not for product code: it reads whole files and speaks to a terminal.
 */
#pragma once
#include "base/buf.h"
#include "base/err.h"

struct tree_file {
	struct str path; /* below the root, with '/' */
	struct str text;
};
struct tree_files {
	struct tree_file *items;
	size_t count;
};

/* All regular files below `root` whose name ends with one of `suffixes` (NULL-terminated; "" takes all), in
 * byte order of their paths. Names beginning with '.' are passed over. */
MUST_USE struct err *tree_read(struct arena *a, struct str root, const char *const *suffixes,
	struct tree_files *ret);
/* Writes `text` to root/path, making folders, unless the file already holds exactly that. */
MUST_USE struct err *tree_write(struct arena *a, struct str root, struct str path, struct str text,
	bool *ret_changed);

/* Where in a source something stands. Line and column count from 1; the column counts bytes. */
struct place {
	struct str file;
	int line, column;
};

/* The complaints of one run, in the form editors understand: "file:line:column: error: text". All are
 * collected, so that one run names every mistake. */
struct complaints {
	struct buf *out;
	int count;
};
void complain(struct complaints *c, struct place at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* "--source DIR --out DIR" of a command line. False, with usage on standard error, for anything else. */
bool tree_arguments(int argc, char **argv, const char *tool, struct str *ret_source, struct str *ret_out);
/* Prints complaints or the error to standard error; the exit code: 0, or 1 when there was either. */
int tree_finish(struct arena *a, const char *tool, const struct complaints *c, const struct err *e);
