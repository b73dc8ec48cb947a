#include <zlib.h>

#include "app/demo/papers.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/utf8.h"

enum { PAPER_MAX = 256 * 1024 };

/* --- PDF --------------------------------------------------------------------------------------------------- */

/* Latin-1 with the three characters escaped that end or nest a string. */
static void add_pdf_text(struct buf *out, struct str line)
{
	for (size_t at = 0; at < line.n;) {
		int32_t c = utf8_next(line, &at);
		if (c == '(' || c == ')' || c == '\\') buf_add_char(out, '\\');
		buf_add_char(out, c > 0 && c < 256 ? (char)(unsigned char)c : '-');
	}
}

static struct str pdf_content(struct arena *a, const struct str *lines, size_t count)
{
	struct buf out = buf_new(a, PAPER_MAX);
	buf_add(&out, STR("BT /F1 12 Tf 72 760 Td 20 TL\n"));
	for (size_t i = 0; i < count; i++) {
		buf_add_char(&out, '(');
		add_pdf_text(&out, lines[i]);
		buf_add(&out, STR(") Tj T*\n"));
	}
	buf_add(&out, STR("ET"));
	return buf_str(&out);
}

struct str paper_pdf(struct arena *a, const struct str *lines, size_t count)
{
	enum { OBJECTS = 5 };
	struct str content = pdf_content(a, lines, count);
	struct str objects[OBJECTS] = { STR("<</Type/Catalog/Pages 2 0 R>>"),
		STR("<</Type/Pages/Kids[3 0 R]/Count 1>>"),
		STR("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"),
		arena_printf(a, "<</Length %zu>>\nstream\n%.*s\nendstream", content.n, STR_FMT(content)),
		STR("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>") };
	size_t offsets[OBJECTS];
	struct buf out = buf_new(a, PAPER_MAX);
	buf_add(&out, STR("%PDF-1.4\n"));
	for (int i = 0; i < OBJECTS; i++) {
		offsets[i] = out.n;
		buf_printf(&out, "%d 0 obj\n", i + 1);
		buf_add(&out, objects[i]);
		buf_add(&out, STR("\nendobj\n"));
	}
	size_t table = out.n;
	buf_printf(&out, "xref\n0 %d\n0000000000 65535 f \n", OBJECTS + 1);
	for (int i = 0; i < OBJECTS; i++)
		buf_printf(&out, "%010zu 00000 n \n", offsets[i]);
	buf_printf(&out, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%zu\n%%%%EOF\n", OBJECTS + 1, table);
	return buf_str(&out);
}

/* --- PNG --------------------------------------------------------------------------------------------------- */

static void add_u32(struct buf *out, uint32_t n)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_add_char(out, (char)(n >> shift & 0xff));
}

static void add_chunk(struct buf *out, const char *type, struct str data)
{
	add_u32(out, (uint32_t)data.n);
	size_t start = out->n;
	buf_add(out, str_of(type));
	buf_add(out, data);
	add_u32(out, (uint32_t)crc32(0, (const Bytef *)out->p + start, (uInt)(out->n - start)));
}

enum { PNG_WIDTH = 320, PNG_HEIGHT = 240, PNG_ROW = PNG_WIDTH + 1 };

static void draw_box(unsigned char *pixels, int64_t left, int64_t top, int64_t right, int64_t bottom,
	unsigned char ink)
{
	for (int64_t y = top; y <= bottom; y++) {
		for (int64_t x = left; x <= right; x++) {
			bool is_edge = y - top < 2 || bottom - y < 2 || x - left < 2 || right - x < 2;
			if (is_edge) pixels[y * PNG_ROW + 1 + x] = ink;
		}
	}
}

struct str paper_png(struct dice *d, struct arena *a)
{
	unsigned char *pixels = arena_alloc(a, (size_t)PNG_ROW * PNG_HEIGHT);
	memset(pixels, 0xff, (size_t)PNG_ROW * PNG_HEIGHT);
	for (int y = 0; y < PNG_HEIGHT; y++)
		pixels[y * PNG_ROW] = 0; /* each row without a filter */
	draw_box(pixels, 20, 20, PNG_WIDTH - 21, PNG_HEIGHT - 21, 0x30);
	int64_t left = dice_between(d, 40, 120), top = dice_between(d, 40, 80);
	draw_box(pixels, left, top, left + dice_between(d, 60, 150), top + dice_between(d, 50, 120), 0x70);
	uLongf packed_bytes = compressBound((uLong)PNG_ROW * PNG_HEIGHT);
	char *packed = arena_alloc(a, packed_bytes);
	must(compress2((Bytef *)packed, &packed_bytes, pixels, (uLong)PNG_ROW * PNG_HEIGHT, 6) == Z_OK);
	struct buf header = buf_new(a, 64), out = buf_new(a, PAPER_MAX);
	add_u32(&header, PNG_WIDTH);
	add_u32(&header, PNG_HEIGHT);
	buf_add(&header, (struct str){ "\x08\0\0\0\0", 5 }); /* eight bits of grey */
	buf_add(&out, STR("\x89PNG\r\n\x1a\n"));
	add_chunk(&out, "IHDR", buf_str(&header));
	add_chunk(&out, "IDAT", (struct str){ packed, packed_bytes });
	add_chunk(&out, "IEND", STR(""));
	return buf_str(&out);
}

/* --- JPEG ---------------------------------------------------------------------------------------------------- */

/*
 * Baseline, grey, and only the mean of each 8×8 block: a block is its DC difference and an end-of-block. The tables
 * are ours: every DC size has a code of four bits, the one AC symbol a code of one bit.
 */
struct bits {
	struct buf *out;
	uint32_t pending;
	int count;
};

static void add_bits(struct bits *b, uint32_t value, int count)
{
	for (int i = count - 1; i >= 0; i--) {
		b->pending = b->pending << 1 | (value >> i & 1);
		if (++b->count < 8) continue;
		buf_add_char(b->out, (char)(b->pending & 0xff));
		if ((b->pending & 0xff) == 0xff) buf_add_char(b->out, '\0');
		b->pending = 0;
		b->count = 0;
	}
}

static void add_block(struct bits *b, int difference)
{
	int size = 0, magnitude = difference < 0 ? -difference : difference;
	while (magnitude >> size)
		size++;
	add_bits(b, (uint32_t)size, 4);
	if (size > 0) add_bits(b, (uint32_t)(difference < 0 ? difference + (1 << size) - 1 : difference), size);
	add_bits(b, 0, 1);
}

enum { JPEG_BLOCKS_X = 40, JPEG_BLOCKS_Y = 30, DC_SIZES = 12 };

static void add_jpeg_tables(struct buf *out)
{
	buf_add(out, STR("\xff\xd8\xff\xdb"));
	buf_add(out, (struct str){ "\0\x43\0", 3 });
	for (int i = 0; i < 64; i++)
		buf_add_char(out, 8); /* a DC step of one level */
	/* 240 rows of 320, one component */
	buf_add(out, (struct str){ "\xff\xc0\0\x0b\x08\0\xf0\x01\x40\x01\x01\x11\0", 13 });
	buf_add(out, (struct str){ "\xff\xc4\0\x1f\0\0\0\0\x0c\0\0\0\0\0\0\0\0\0\0\0\0", 21 });
	for (int size = 0; size < DC_SIZES; size++)
		buf_add_char(out, (char)size);
	buf_add(out, (struct str){ "\xff\xc4\0\x14\x10\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 22 });
	buf_add(out, (struct str){ "\xff\xda\0\x08\x01\x01\0\0\x3f\0", 10 });
}

struct str paper_jpeg(struct dice *d, struct arena *a)
{
	struct buf out = buf_new(a, PAPER_MAX);
	add_jpeg_tables(&out);
	struct bits bits = { .out = &out };
	int wall = (int)dice_between(d, 110, 170), door = (int)dice_between(d, 6, 28), before = 128;
	for (int y = 0; y < JPEG_BLOCKS_Y; y++) {
		for (int x = 0; x < JPEG_BLOCKS_X; x++) {
			bool is_sky = y<8, is_door = y> 15 && x >= door && x < door + 6;
			int level = is_sky ? 215 - y : is_door ? 60 : wall + (int)dice_below(d, 9);
			add_block(&bits, level - before);
			before = level;
		}
	}
	while (bits.count != 0)
		add_bits(&bits, 1, 1);
	buf_add(&out, STR("\xff\xd9"));
	return buf_str(&out);
}
