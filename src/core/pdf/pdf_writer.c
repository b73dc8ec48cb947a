/*
 * Objects, streams, cross-references. All bytes grow in one builder; offsets are remembered by number.
 * Start at pdf_writer_open() and pdf_writer_finish().
 */
#include <openssl/evp.h>
#include <math.h>
#include <zlib.h>

#include "core/pdf/pdf_writer.h"
#include "base/utf8.h"

enum {
	FILE_BYTES_MAX = 48 * 1024 * 1024,
	OBJECTS_MAX = 200000,
	DEFLATE_LEVEL = 3,
};

struct pdf_writer {
	struct arena *arena;
	struct buf out;
	size_t *offsets;     /* by number; 0: not written yet */
	int count, capacity; /* numbers from 1 to count are taken */
	z_stream deflate;
};

static void deflate_release(void *resource) { deflateEnd(resource); }

struct pdf_writer *pdf_writer_new(struct arena *a)
{
	struct pdf_writer *w = ARENA_NEW(a, struct pdf_writer);
	w->arena = a;
	w->out = buf_new(a, FILE_BYTES_MAX);
	must(deflateInit(&w->deflate, DEFLATE_LEVEL) == Z_OK);
	arena_defer(a, deflate_release, &w->deflate);
	/* Four bytes above 127 tell transports that the file is binary (ISO 32000-1, 7.5.2). */
	buf_add(&w->out, STR("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n"));
	return w;
}

int pdf_writer_reserve(struct pdf_writer *w)
{
	must(w->count < OBJECTS_MAX);
	if (w->count + 1 >= w->capacity) {
		int capacity = w->capacity ? w->capacity * 2 : 256;
		size_t *grown = ARENA_ARRAY(w->arena, size_t, (size_t)capacity);
		if (w->count) memcpy(grown, w->offsets, (size_t)(w->count + 1) * sizeof *grown);
		w->offsets = grown;
		w->capacity = capacity;
	}
	return ++w->count;
}

struct buf *pdf_writer_open(struct pdf_writer *w, int number)
{
	must(number > 0 && number <= w->count && !w->offsets[number]);
	w->offsets[number] = w->out.n;
	buf_add_int(&w->out, number);
	buf_add(&w->out, STR(" 0 obj\n"));
	return &w->out;
}

void pdf_writer_close(struct pdf_writer *w) { buf_add(&w->out, STR("\nendobj\n")); }

int pdf_writer_add(struct pdf_writer *w, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int number = pdf_writer_reserve(w);
	buf_add(pdf_writer_open(w, number), arena_vprintf(w->arena, format, args));
	pdf_writer_close(w);
	va_end(args);
	return number;
}

static void stream(struct pdf_writer *w, int number, struct str entries, struct str filter, struct str bytes)
{
	struct buf *b = pdf_writer_open(w, number);
	buf_add(b, STR("<<"));
	buf_add(b, entries);
	buf_add(b, filter);
	buf_add(b, STR("/Length "));
	buf_add_int(b, (int64_t)bytes.n);
	buf_add(b, STR(">>\nstream\n"));
	buf_add(b, bytes);
	buf_add(b, STR("\nendstream"));
	pdf_writer_close(w);
}

/* Deflates all of `bytes` with a fresh state of `z`. */
static struct str deflated(struct arena *a, z_stream *z, struct str bytes)
{
	must(bytes.n < FILE_BYTES_MAX);
	size_t room = deflateBound(z, (uLong)bytes.n);
	char *p = arena_alloc(a, room);
	must(deflateReset(z) == Z_OK);
	z->next_in = (Bytef *)(bytes.p ? bytes.p : "");
	z->avail_in = (uInt)bytes.n;
	z->next_out = (Bytef *)p;
	z->avail_out = (uInt)room;
	must(deflate(z, Z_FINISH) == Z_STREAM_END);
	return (struct str){ p, room - z->avail_out };
}

void pdf_writer_stream(struct pdf_writer *w, int number, struct str entries, struct str bytes)
{
	stream(w, number, entries, STR("/Filter/FlateDecode"), deflated(w->arena, &w->deflate, bytes));
}

void pdf_writer_stream_plain(struct pdf_writer *w, int number, struct str entries, struct str bytes)
{
	stream(w, number, entries, STR(""), bytes);
}

void pdf_writer_stream_deflated(struct pdf_writer *w, int number, struct str entries, struct str bytes)
{
	stream(w, number, entries, STR("/Filter/FlateDecode"), bytes);
}

struct str pdf_writer_deflate(struct arena *a, struct str bytes)
{
	z_stream z = { 0 };
	must(deflateInit(&z, Z_BEST_COMPRESSION) == Z_OK);
	struct str out = deflated(a, &z, bytes);
	deflateEnd(&z);
	return out;
}

/* The file's ID is a digest of its bytes: no clock, no chance (ISO 32000-1, 14.4 leaves the choice). */
static void put_trailer(struct pdf_writer *w, int root, int info)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	must(EVP_Digest(w->out.p, w->out.n, digest, NULL, EVP_sha256(), NULL) == 1);
	char id[33];
	for (int i = 0; i < 16; i++)
		snprintf(id + 2 * i, 3, "%02X", digest[i]);
	buf_printf(&w->out, "trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]>>\n", w->count + 1, root,
		info, id, id);
}

struct err *pdf_writer_finish(struct pdf_writer *w, int root, int info, struct str *ret_pdf)
{
	size_t start = w->out.n;
	for (int i = 1; i <= w->count; i++)
		must(w->offsets[i] != 0);
	struct buf table = buf_new(w->arena, (size_t)(w->count + 1) * 20 + 64);
	buf_printf(&table, "xref\n0 %d\n0000000000 65535 f \n", w->count + 1);
	for (int i = 1; i <= w->count; i++) {
		char line[21] = "0000000000 00000 n \n";
		size_t left = w->offsets[i];
		for (int at = 9; at >= 0; at--, left /= 10)
			line[at] = (char)('0' + left % 10);
		buf_add(&table, (struct str){ line, 20 });
	}
	buf_add(&w->out, buf_str(&table));
	put_trailer(w, root, info);
	buf_printf(&w->out, "startxref\n%zu\n%%%%EOF\n", start);
	if (buf_overflowed(&w->out))
		return ERR(w->arena, ERR_TOO_LARGE, NULL, "the PDF would pass %d bytes", FILE_BYTES_MAX);
	*ret_pdf = buf_str(&w->out);
	return NULL;
}

/* --- values ------------------------------------------------------------------------------------------- */

void pdf_put_number(struct buf *b, double value)
{
	must(fabs(value) < 1e7);
	char text[16];
	size_t at = sizeof text;
	long hundredths = lround(fabs(value) * 100);
	long whole = hundredths / 100;
	int fraction = (int)(hundredths % 100);
	text[--at] = ' ';
	if (fraction % 10) text[--at] = (char)('0' + fraction % 10);
	if (fraction) {
		text[--at] = (char)('0' + fraction / 10);
		text[--at] = '.';
	}
	do {
		text[--at] = (char)('0' + whole % 10);
		whole /= 10;
	} while (whole);
	if (value < 0 && hundredths) text[--at] = '-';
	buf_add(b, (struct str){ text + at, sizeof text - at });
}

void pdf_put_fine(struct buf *b, double value)
{
	must(fabs(value) < 1e7);
	char text[20];
	size_t at = sizeof text;
	int64_t left = llround(fabs(value) * 1e6);
	text[--at] = ' ';
	for (int i = 0; i < 6; i++, left /= 10)
		text[--at] = (char)('0' + left % 10);
	text[--at] = '.';
	do {
		text[--at] = (char)('0' + left % 10);
		left /= 10;
	} while (left);
	if (value < 0) text[--at] = '-';
	buf_add(b, (struct str){ text + at, sizeof text - at });
}

void pdf_put_numbers(struct buf *b, size_t count, const double *values)
{
	for (size_t i = 0; i < count; i++)
		pdf_put_number(b, values[i]);
}

void pdf_put_hex16(struct buf *b, unsigned value)
{
	static const char digit[] = "0123456789ABCDEF";
	char text[4] = { digit[value >> 12 & 15], digit[value >> 8 & 15], digit[value >> 4 & 15],
		digit[value & 15] };
	buf_add(b, (struct str){ text, 4 });
}

void pdf_put_text(struct buf *b, struct str utf8)
{
	buf_add(b, STR("<FEFF"));
	for (size_t at = 0; at < utf8.n;) {
		int32_t c = utf8_next(utf8, &at);
		if (c < 0) c = 0xFFFD;
		if (c >= 0x10000) {
			pdf_put_hex16(b, 0xD800 + ((unsigned)(c - 0x10000) >> 10));
			pdf_put_hex16(b, 0xDC00 + ((unsigned)(c - 0x10000) & 0x3FF));
		} else {
			pdf_put_hex16(b, (unsigned)c);
		}
	}
	buf_add_char(b, '>');
}
