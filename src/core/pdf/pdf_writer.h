/*
 * The bottom of the PDF writer: numbered objects, streams, cross-reference table, trailer. Knows nothing of
 * pages or text. Objects are written in any order; a number may be reserved before its object is written.
 * The file is PDF 1.7 with a classical table, and the same calls give the same bytes.
 */
#pragma once
#include "base/buf.h"
#include "base/err.h"

struct pdf_writer;

struct pdf_writer *pdf_writer_new(struct arena *a);
/* A new object number. Each reserved number must be written before pdf_writer_finish(). */
int pdf_writer_reserve(struct pdf_writer *w);
/* Starts object `number`; its body goes into the returned builder, then pdf_writer_close(). */
struct buf *pdf_writer_open(struct pdf_writer *w, int number);
void pdf_writer_close(struct pdf_writer *w);
/* A whole object with a new number, which is returned. */
int pdf_writer_add(struct pdf_writer *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Stream objects. `entries` stands in the dictionary beside Length (and Filter): "/Length1 12". */
void pdf_writer_stream(struct pdf_writer *w, int number, struct str entries, struct str bytes);
void pdf_writer_stream_plain(struct pdf_writer *w, int number, struct str entries, struct str bytes);
/* Bytes that pdf_writer_deflate() of this program made before. */
void pdf_writer_stream_deflated(struct pdf_writer *w, int number, struct str entries, struct str bytes);
struct str pdf_writer_deflate(struct arena *a, struct str bytes);
MUST_USE struct err *pdf_writer_finish(struct pdf_writer *w, int root, int info, struct str *ret_pdf);

/* --- values ------------------------------------------------------------------------------------------- */

/* A real number with at most two decimals and a following space. */
void pdf_put_number(struct buf *b, double value);
void pdf_put_numbers(struct buf *b, size_t count, const double *values);
#define PDF_PUT(b, ...)                                                                                      \
	pdf_put_numbers((b), sizeof((double[]){ __VA_ARGS__ }) / sizeof(double), (const double[]){ __VA_ARGS__ })
/* The same with six decimals: of a direction, and of what is added up many times. */
void pdf_put_fine(struct buf *b, double value);
/* A text string: UTF-16BE in hexadecimal, so that no byte of a text can look like PDF syntax. */
void pdf_put_text(struct buf *b, struct str utf8);
void pdf_put_hex16(struct buf *b, unsigned value);
