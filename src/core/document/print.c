#include "core/document/print.h"
#include "core/document/paper.h"

enum { PRINT_JSON_MAX = 16 * 1024 * 1024 };

static struct err *lay_out(struct arena *a, const struct press *press, const struct print *p, struct str *ret)
{
	if (p->is_receipt) {
		struct receipt_view v;
		TRY(paper_read_receipt(a, p->content, &v));
		v.brand = p->brand;
		v.labels = p->labels;
		v.check = p->check;
		v.code = p->code;
		v.stub_text = arena_printf(a, "%.*s\n\n**%.*s**", STR_FMT(v.stub_text), STR_FMT(p->case_key));
		return receipt_render(a, press, &v, ret);
	}
	struct document_view v;
	TRY(paper_read_document(a, p->content, &v));
	v.brand = p->brand;
	v.labels = p->labels;
	v.check = p->check;
	return document_render(a, press, &v, ret);
}

struct err *print_run(struct arena *a, const struct press *press, struct seal_shelf *shelf,
	const struct print *p, struct str *ret_pdf)
{
	struct str pdf;
	const struct seal_key *key;
	TRY(lay_out(a, press, p, &pdf));
	if (p->is_sealed_apart) {
		*ret_pdf = pdf;
		return NULL;
	}
	TRY(seal_shelf_load(shelf, a, p->seal_private_pem, p->seal_certificates_pem, &key));
	return pades_seal(a, pdf, key, p->claimed, ret_pdf);
}

/* The texts by name: one table writes and reads them. */
#define FIELD(name)                                                                                          \
	{                                                                                                        \
#name, offsetof(struct print, name)                                                                  \
	}
static const struct {
	const char *name;
	size_t offset;
} fields[] = { FIELD(content), FIELD(brand.name), FIELD(brand.sub), FIELD(brand.logo_svg),
	FIELD(brand.seal_text), FIELD(brand.watermark), FIELD(labels.page), FIELD(labels.margin),
	FIELD(labels.check), FIELD(labels.seal_alt), FIELD(labels.qr_alt), FIELD(labels.seal_field),
	FIELD(check.key), FIELD(check.address), FIELD(check.qr), FIELD(code), FIELD(case_key),
	FIELD(seal_private_pem), FIELD(seal_certificates_pem) };
enum { FIELDS = sizeof(fields) / sizeof(fields[0]), COLOURS = 4 };

static int64_t pack_rgb(struct paper_rgb c) { return (int64_t)c.r << 16 | (int64_t)c.g << 8 | c.b; }

static struct paper_rgb unpack_rgb(int64_t n)
{
	return (struct paper_rgb){ (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n };
}

struct str print_write(struct arena *a, const struct print *p)
{
	struct buf out = buf_new(a, PRINT_JSON_MAX);
	struct json_writer w = json_writer(&out);
	const int64_t numbers[] = { pack_rgb(p->brand.town), pack_rgb(p->brand.town_deep),
		pack_rgb(p->brand.town_tint), pack_rgb(p->brand.town_line), p->claimed.ms, p->is_receipt,
		p->is_sealed_apart };
	json_open(&w, '{');
	for (size_t i = 0; i < FIELDS; i++) {
		struct str text;
		memcpy(&text, (const char *)p + fields[i].offset, sizeof(text));
		json_field(&w, str_of(fields[i].name), text);
	}
	json_key(&w, STR("numbers"));
	json_open(&w, '[');
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		json_add_int(&w, numbers[i]);
	json_close(&w, ']');
	json_close(&w, '}');
	return buf_str(&out);
}

struct err *print_read(struct arena *a, struct str json, struct print *ret)
{
	struct json *tree;
	struct print p = { 0 };
	int64_t numbers[COLOURS + 3];
	size_t count = 0;
	TRY(json_parse(a, json, &tree));
	for (size_t i = 0; i < FIELDS; i++) {
		struct str text = json_text(tree, str_of(fields[i].name));
		memcpy((char *)&p + fields[i].offset, &text, sizeof(text));
	}
	const struct json *list = json_get(tree, STR("numbers"));
	for (const struct json *n = list ? list->first : NULL; n && count < COLOURS + 3; n = n->next)
		numbers[count++] = n->kind == JSON_INT ? n->i : 0;
	if (count != COLOURS + 3) return ERR(a, ERR_MALFORMED, NULL, "a print job lacks its numbers");
	p.brand.town = unpack_rgb(numbers[0]);
	p.brand.town_deep = unpack_rgb(numbers[1]);
	p.brand.town_tint = unpack_rgb(numbers[2]);
	p.brand.town_line = unpack_rgb(numbers[3]);
	p.claimed = (struct instant){ numbers[COLOURS] };
	p.is_receipt = numbers[COLOURS + 1] != 0;
	p.is_sealed_apart = numbers[COLOURS + 2] != 0;
	*ret = p;
	return NULL;
}
