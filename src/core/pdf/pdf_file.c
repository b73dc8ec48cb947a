/*
 * Cross-references and objects. Start at pdf_file_open().
 */
#include <zlib.h>

#include "core/pdf/pdf_file.h"

enum {
	FILE_BYTES_MAX = 64 * 1024 * 1024,
	OBJECTS_MAX = 400 * 1000,
	VALUES_MAX = 500 * 1000,
	INFLATED_BYTES_MAX = 48 * 1024 * 1024, /* of all streams together */
	UPDATES_MAX = 64,
	TRAILER_SEARCH_BYTES = 2048,
	SCAN_BYTES_MAX = 256 * 1024 * 1024, /* looked through for lost ends of streams */
	NESTING_MAX = 16,                   /* an object that is read because another is being read */
};

/* An object stream behind its filter, with its index of numbers and offsets. */
struct packed {
	struct str bytes;
	size_t first, count;
	struct {
		int64_t number, offset;
	} * at;
};

enum entry_kind { ENTRY_FREE, ENTRY_PLAIN, ENTRY_PACKED };

struct entry {
	enum entry_kind kind;
	uint32_t place; /* offset, or number of the object stream */
	uint32_t index; /* in the object stream */
	bool busy;      /* being read: a loop */
	const struct pdf_value *value;
	struct packed *packed; /* of an object stream that was opened */
};

struct pdf_file {
	struct arena *arena;
	struct str bytes;
	struct entry *entries;
	size_t count;
	size_t values_left, inflate_left, scan_left;
	int nesting;
	struct pdf_value trailer, null;
	bool rebuilt;
};

/* --- streams ---------------------------------------------------------------------------------------------- */

static bool inflate_all(struct pdf_file *f, struct str bytes, struct str *ret)
{
	z_stream z = { 0 };
	if (inflateInit(&z) != Z_OK) return false;
	size_t capacity = bytes.n * 4 + 256;
	if (capacity > f->inflate_left) capacity = f->inflate_left;
	char *out = arena_alloc(f->arena, capacity);
	z.next_in = (Bytef *)(bytes.p ? bytes.p : "");
	z.avail_in = (uInt)bytes.n;
	size_t n = 0;
	int state = Z_OK;
	while (state == Z_OK && capacity > n) {
		z.next_out = (Bytef *)out + n;
		z.avail_out = (uInt)(capacity - n);
		state = inflate(&z, Z_NO_FLUSH);
		n = capacity - z.avail_out;
		if (state != Z_OK || z.avail_out) break;
		/* Growing copies: twice the bytes are charged, so that the arena's sum stays bounded. */
		if (capacity * 3 > f->inflate_left) break;
		char *grown = arena_alloc(f->arena, capacity * 2);
		memcpy(grown, out, n);
		f->inflate_left -= capacity;
		out = grown;
		capacity *= 2;
	}
	inflateEnd(&z);
	f->inflate_left -= capacity < f->inflate_left ? capacity : f->inflate_left;
	if (state != Z_STREAM_END) return false;
	*ret = (struct str){ out, n };
	return true;
}

/* The neighbour nearest to their plane (PNG specification, 9.4). */
static int paeth(int left, int above, int corner)
{
	int p = left + above - corner, pa = abs(p - left), pb = abs(p - above), pc = abs(p - corner);
	return pa <= pb && pa <= pc ? left : pb <= pc ? above : corner;
}

static int predict(int kind, int left, int above, int corner)
{
	switch (kind) {
	case 1: return left;
	case 2: return above;
	case 3: return (left + above) / 2;
	case 4: return paeth(left, above, corner);
	default: return 0;
	}
}

/* PNG predictors (ISO 32000-1, 7.4.4.4): one tag byte before each row. */
static bool unpredict(struct pdf_file *f, struct str *bytes, int64_t columns, int64_t pixel)
{
	if (columns < 1 || columns > 65536 || pixel < 1 || pixel > columns) return false;
	size_t width = (size_t)columns, rows = bytes->n / (width + 1), back = (size_t)pixel;
	unsigned char *out = arena_alloc(f->arena, rows * width);
	const unsigned char *in = (const unsigned char *)bytes->p;
	for (size_t r = 0; r < rows; r++) {
		const unsigned char *row = in + r * (width + 1) + 1;
		unsigned char *to = out + r * width;
		const unsigned char *up = r ? to - width : NULL;
		for (size_t i = 0; i < width; i++) {
			int left = i >= back ? to[i - back] : 0, above = up ? up[i] : 0,
				corner = up && i >= back ? up[i - back] : 0;
			to[i] = (unsigned char)(row[i] + predict(row[-1], left, above, corner));
		}
	}
	*bytes = (struct str){ (const char *)out, rows * width };
	return true;
}

bool pdf_file_stream(struct pdf_file *f, const struct pdf_value *stream, struct str *ret)
{
	if (!stream || stream->type != PDF_STREAM) return false;
	const struct pdf_value *filter = pdf_file_get(f, stream, "Filter");
	const struct pdf_value *parms = pdf_file_get(f, stream, "DecodeParms");
	if (filter->type == PDF_ARRAY) {
		if (filter->count > 1) return false;
		parms = parms->type == PDF_ARRAY && parms->count ? pdf_file_follow(f, &parms->items[0]) : &f->null;
		filter = filter->count ? pdf_file_follow(f, &filter->items[0]) : &f->null;
	}
	struct str out = stream->text;
	if (filter->type != PDF_NULL) {
		if (!pdf_is_name(filter, "FlateDecode") || !inflate_all(f, stream->text, &out)) return false;
		int64_t predictor = pdf_file_get(f, parms, "Predictor")->integer;
		int64_t columns = pdf_file_get(f, parms, "Columns")->integer,
				colours = pdf_file_get(f, parms, "Colors")->integer;
		if (predictor >= 10 &&
			!unpredict(f, &out, (columns ? columns : 1) * (colours ? colours : 1), colours ? colours : 1))
			return false;
		if (predictor == 2) return false;
	}
	*ret = out;
	return true;
}

/* --- objects ------------------------------------------------------------------------------------------------ */

static struct pdf_parser parser_at(struct pdf_file *f, struct str bytes, size_t at)
{
	return (struct pdf_parser){ .arena = f->arena, .bytes = bytes, .at = at, .budget = &f->values_left };
}

static bool take_word(struct pdf_parser *p, const char *word)
{
	pdf_parse_space(p);
	if (!str_starts_with(str_slice(p->bytes, p->at, p->bytes.n), str_of(word))) return false;
	p->at += strlen(word);
	return true;
}

/* The bytes between "stream" and "endstream"; Length is believed only when "endstream" stands behind it. */
static bool take_stream(struct pdf_file *f, struct pdf_parser *p, struct pdf_value *v)
{
	if (p->at < p->bytes.n && p->bytes.p[p->at] == '\r') p->at++;
	if (p->at < p->bytes.n && p->bytes.p[p->at] == '\n') p->at++;
	size_t start = p->at;
	int64_t length = pdf_file_get(f, v, "Length")->integer;
	if (length >= 0 && (uint64_t)length <= p->bytes.n - start) {
		struct pdf_parser after = *p;
		after.at = start + (size_t)length;
		if (take_word(&after, "endstream")) {
			v->text = str_slice(p->bytes, start, start + (size_t)length);
			v->type = PDF_STREAM;
			return true;
		}
	}
	struct str rest = str_slice(p->bytes, start, p->bytes.n);
	if (rest.n > f->scan_left) rest.n = f->scan_left;
	ptrdiff_t end = str_find(rest, STR("endstream"));
	f->scan_left -= end < 0 ? rest.n : (size_t)end;
	if (end < 0) return false;
	v->text = str_slice(p->bytes, start, start + (size_t)end);
	v->type = PDF_STREAM;
	return true;
}

/* "12 0 obj" at `at`, with the right number when that is not negative. */
static bool read_plain(struct pdf_file *f, size_t at, int64_t number, struct pdf_value *ret)
{
	if (at >= f->bytes.n) return false;
	struct pdf_parser p = parser_at(f, f->bytes, at);
	struct pdf_value head[2];
	p.in_content = true;
	for (int i = 0; i < 2; i++)
		if (!pdf_parse_value(&p, &head[i]) || head[i].type != PDF_INTEGER) return false;
	if ((number >= 0 && head[0].integer != number) || !take_word(&p, "obj")) return false;
	p.in_content = false;
	if (!pdf_parse_value(&p, ret) || ret->type == PDF_WORD) return false;
	return ret->type != PDF_DICT || !take_word(&p, "stream") || take_stream(f, &p, ret);
}

/* Opens an object stream once (ISO 32000-1, 7.5.7). */
static struct packed *open_packed(struct pdf_file *f, int64_t number)
{
	const struct pdf_value *stream = pdf_file_object(f, number);
	if (stream->type != PDF_STREAM || (uint64_t)number >= f->count) return NULL;
	if (f->entries[number].packed) return f->entries[number].packed;
	struct packed *packed = f->entries[number].packed = ARENA_NEW(f->arena, struct packed);
	int64_t first = pdf_file_get(f, stream, "First")->integer, n = pdf_file_get(f, stream, "N")->integer;
	if (!pdf_file_stream(f, stream, &packed->bytes) || first < 0 || (uint64_t)first > packed->bytes.n)
		return packed;
	if (n < 0 || n > first) return packed; /* each entry of the index takes more than a byte */
	packed->first = (size_t)first;
	packed->at = arena_alloc_array(f->arena, (size_t)n, sizeof *packed->at);
	struct pdf_parser p = parser_at(f, packed->bytes, 0);
	p.in_content = true;
	for (int64_t i = 0; i < n; i++) {
		struct pdf_value pair[2];
		for (int k = 0; k < 2; k++)
			if (!pdf_parse_value(&p, &pair[k]) || pair[k].type != PDF_INTEGER) return packed;
		packed->at[i].number = pair[0].integer;
		packed->at[i].offset = pair[1].integer;
		packed->count++;
	}
	return packed;
}

static bool read_packed(struct pdf_file *f, const struct entry *e, int64_t number, struct pdf_value *ret)
{
	const struct packed *packed = open_packed(f, e->place);
	if (!packed || e->index >= packed->count || packed->at[e->index].number != number) return false;
	int64_t offset = packed->at[e->index].offset;
	if (offset < 0 || (uint64_t)offset >= packed->bytes.n - packed->first) return false;
	struct pdf_parser p = parser_at(f, packed->bytes, packed->first + (size_t)offset);
	return pdf_parse_value(&p, ret) && ret->type != PDF_WORD;
}

const struct pdf_value *pdf_file_object(struct pdf_file *f, int64_t number)
{
	if (number < 0 || (uint64_t)number >= f->count) return &f->null;
	struct entry *e = &f->entries[number];
	if (e->value) return e->value;
	if (e->busy || e->kind == ENTRY_FREE || f->nesting == NESTING_MAX) return &f->null;
	e->busy = true;
	f->nesting++;
	struct pdf_value *v = ARENA_NEW(f->arena, struct pdf_value);
	bool ok = e->kind == ENTRY_PLAIN ? read_plain(f, e->place, number, v) : read_packed(f, e, number, v);
	e->busy = false;
	f->nesting--;
	e->value = ok ? v : &f->null;
	return e->value;
}

const struct pdf_value *pdf_file_follow(struct pdf_file *f, const struct pdf_value *v)
{
	for (int i = 0; v && v->type == PDF_REF && i < 4; i++)
		v = pdf_file_object(f, v->integer);
	return v && v->type != PDF_REF ? v : &f->null;
}

const struct pdf_value *pdf_file_get(struct pdf_file *f, const struct pdf_value *dict, const char *key)
{
	return pdf_file_follow(f, pdf_dict_get(dict, key));
}

/* --- cross-references --------------------------------------------------------------------------------------- */

/* Newer sections are read first, so an entry that is there stays. */
static bool set_entry(struct pdf_file *f, int64_t number, enum entry_kind kind, int64_t place, int64_t index)
{
	if (number < 0 || number >= OBJECTS_MAX || place < 0 || place > UINT32_MAX) return false;
	if ((size_t)number >= f->count) {
		size_t count = (size_t)number + 1, room = count < 1024 ? 1024 : count * 2;
		if (room > OBJECTS_MAX) room = OBJECTS_MAX;
		struct entry *grown = ARENA_ARRAY(f->arena, struct entry, room);
		if (f->count) memcpy(grown, f->entries, f->count * sizeof *grown);
		f->entries = grown;
		f->count = room;
	}
	struct entry *e = &f->entries[number];
	if (e->kind == ENTRY_FREE && !e->busy)
		*e = (struct entry){ .kind = kind,
			.place = (uint32_t)place,
			.index = (uint32_t)index,
			.busy = kind == ENTRY_FREE };
	return true;
}

static bool read_table(struct pdf_file *f, struct pdf_parser *p)
{
	for (;;) {
		if (take_word(p, "trailer")) return true;
		struct pdf_value head[2], row[3];
		p->in_content = true;
		for (int i = 0; i < 2; i++)
			if (!pdf_parse_value(p, &head[i]) || head[i].type != PDF_INTEGER) return false;
		for (int64_t i = 0; i < head[1].integer; i++) {
			for (int k = 0; k < 3; k++)
				if (!pdf_parse_value(p, &row[k])) return false;
			*p->budget += 3; /* entries are not kept as values */
			bool used = row[2].type == PDF_WORD && str_eq(row[2].text, STR("n"));
			if (row[0].type != PDF_INTEGER ||
				!set_entry(f, head[0].integer + i, used ? ENTRY_PLAIN : ENTRY_FREE, row[0].integer, 0))
				return false;
		}
		p->in_content = false;
	}
}

static int64_t read_field(const unsigned char **at, int64_t width)
{
	int64_t value = 0;
	for (int64_t i = 0; i < width; i++)
		value = (value & 0xFFFFFFFFFFFF) << 8 | *(*at)++;
	return value;
}

/* The bytes of an entry's three fields, from /W. */
static bool read_widths(const struct pdf_value *w, int64_t *ret)
{
	int64_t width = 0;
	if (!w || w->type != PDF_ARRAY || w->count != 3) return false;
	for (int i = 0; i < 3; i++) {
		if (w->items[i].integer < 0 || w->items[i].integer > 8) return false;
		width += w->items[i].integer;
	}
	*ret = width;
	return true;
}

/* A cross-reference stream (ISO 32000-1, 7.5.8). */
static bool read_xref_stream(struct pdf_file *f, const struct pdf_value *v)
{
	struct str bytes;
	int64_t width;
	const struct pdf_value *w = pdf_dict_get(v, "W"), *index = pdf_dict_get(v, "Index"),
						   *size = pdf_dict_get(v, "Size");
	if (!read_widths(w, &width) || !size || !pdf_file_stream(f, v, &bytes)) return false;
	struct pdf_value whole[2] = { { .type = PDF_INTEGER }, *size };
	const struct pdf_value *ranges = index && index->type == PDF_ARRAY ? index->items : whole;
	size_t range_count = index && index->type == PDF_ARRAY ? index->count / 2 : 1;
	const unsigned char *at = (const unsigned char *)bytes.p, *end = at + bytes.n;
	for (size_t r = 0; r < range_count; r++) {
		for (int64_t i = 0; i < ranges[2 * r + 1].integer && width > 0 && end - at >= width; i++) {
			int64_t kind = w->items[0].integer ? read_field(&at, w->items[0].integer) : 1;
			int64_t place = read_field(&at, w->items[1].integer),
					extra = read_field(&at, w->items[2].integer);
			enum entry_kind k = kind == 1 ? ENTRY_PLAIN : kind == 2 ? ENTRY_PACKED : ENTRY_FREE;
			if (!set_entry(f, ranges[2 * r].integer + i, k, place, extra & 0xFFFFFFFF)) return false;
		}
	}
	return true;
}

/* One section and its dictionary. */
static bool read_section(struct pdf_file *f, size_t at, struct pdf_value *ret)
{
	struct pdf_parser p = parser_at(f, f->bytes, at);
	if (take_word(&p, "xref")) return read_table(f, &p) && pdf_parse_value(&p, ret) && ret->type == PDF_DICT;
	return read_plain(f, at, -1, ret) && ret->type == PDF_STREAM && read_xref_stream(f, ret);
}

static bool read_xrefs(struct pdf_file *f)
{
	struct str tail = f->bytes.n > TRAILER_SEARCH_BYTES
		? str_slice(f->bytes, f->bytes.n - TRAILER_SEARCH_BYTES, f->bytes.n)
		: f->bytes;
	ptrdiff_t found = -1;
	for (ptrdiff_t next = 0, base = 0; next >= 0;) {
		next = str_find(str_slice(tail, (size_t)base, tail.n), STR("startxref"));
		if (next >= 0) base = found = base + next + 1;
	}
	if (found < 0) return false;
	struct pdf_parser p = parser_at(f, tail, (size_t)found + 8);
	struct pdf_value place;
	if (!pdf_parse_value(&p, &place) || place.type != PDF_INTEGER) return false;
	int64_t at = place.integer;
	for (int i = 0; i < UPDATES_MAX && at > 0; i++) {
		struct pdf_value dict = { 0 };
		if ((uint64_t)at >= f->bytes.n || !read_section(f, (size_t)at, &dict)) return false;
		if (i == 0) f->trailer = dict;
		const struct pdf_value *hybrid = pdf_dict_get(&dict, "XRefStm"),
							   *previous = pdf_dict_get(&dict, "Prev");
		struct pdf_value more;
		if (hybrid && hybrid->integer > 0 && (uint64_t)hybrid->integer < f->bytes.n &&
			!read_section(f, (size_t)hybrid->integer, &more))
			return false;
		at = previous ? previous->integer : 0;
	}
	return pdf_file_get(f, &f->trailer, "Root")->type == PDF_DICT;
}

/* --- without cross-references -------------------------------------------------------------------------------- */

/* Steps back over digits that end before `at`; false when there are none. */
static bool digits_before(struct str s, size_t *at)
{
	size_t end = *at;
	while (end > 0 && (s.p[end - 1] == ' ' || s.p[end - 1] == '\n' || s.p[end - 1] == '\r'))
		end--;
	size_t start = end;
	while (start > 0 && end - start < 10 && s.p[start - 1] >= '0' && s.p[start - 1] <= '9')
		start--;
	*at = start;
	return start < end;
}

/* Finds "N G obj" everywhere; of several with one number the last counts. */
static void rebuild(struct pdf_file *f)
{
	f->rebuilt = true;
	f->entries = NULL;
	f->count = 0;
	f->trailer = (struct pdf_value){ 0 };
	size_t from = 0;
	for (ptrdiff_t hit; (hit = str_find(str_slice(f->bytes, from, f->bytes.n), STR(" obj"))) >= 0;) {
		size_t at = from + (size_t)hit;
		from = at + 4;
		bool has_generation = digits_before(f->bytes, &at);
		if (!has_generation || !digits_before(f->bytes, &at)) continue;
		struct pdf_parser p = parser_at(f, f->bytes, at);
		struct pdf_value number;
		p.in_content = true;
		if (!pdf_parse_value(&p, &number) || number.integer < 0 || number.integer >= OBJECTS_MAX) continue;
		if ((size_t)number.integer < f->count) f->entries[number.integer] = (struct entry){ 0 };
		if (!set_entry(f, number.integer, ENTRY_PLAIN, (int64_t)at, 0)) continue;
	}
	from = 0;
	for (ptrdiff_t hit; (hit = str_find(str_slice(f->bytes, from, f->bytes.n), STR("trailer"))) >= 0;) {
		struct pdf_parser p = parser_at(f, f->bytes, from + (size_t)hit + 7);
		struct pdf_value dict;
		if (pdf_parse_value(&p, &dict) && dict.type == PDF_DICT && pdf_dict_get(&dict, "Root"))
			f->trailer = dict;
		from += (size_t)hit + 7;
	}
}

struct err *pdf_file_open(struct arena *a, struct str bytes, struct pdf_file **ret)
{
	if (bytes.n > FILE_BYTES_MAX) return ERR(a, ERR_TOO_LARGE, NULL, "a PDF of %zu bytes", bytes.n);
	if (str_find(str_slice(bytes, 0, 1024), STR("%PDF-")) < 0)
		return ERR(a, ERR_MALFORMED, NULL, "no PDF header");
	struct pdf_file *f = ARENA_NEW(a, struct pdf_file);
	*f = (struct pdf_file){ .arena = a,
		.bytes = bytes,
		.values_left = VALUES_MAX,
		.inflate_left = INFLATED_BYTES_MAX,
		.scan_left = SCAN_BYTES_MAX };
	if (!read_xrefs(f)) rebuild(f);
	if (pdf_file_get(f, &f->trailer, "Root")->type != PDF_DICT)
		return ERR(a, ERR_MALFORMED, NULL, "the PDF has no catalogue");
	*ret = f;
	return NULL;
}

bool pdf_file_rebuilt(const struct pdf_file *f) { return f->rebuilt; }

int64_t pdf_file_object_max(const struct pdf_file *f) { return (int64_t)f->count - 1; }

const struct pdf_value *pdf_file_trailer(const struct pdf_file *f) { return &f->trailer; }
