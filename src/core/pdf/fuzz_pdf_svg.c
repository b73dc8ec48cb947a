/* Any bytes as a drawing: read or refused, and what was read can be placed on a page. */
#include "core/pdf/pdf_svg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(64 * 1024 * 1024);
	struct press *press = NULL;
	struct err *e = press_open(a, &(struct press_paths){ .fonts = STR("assets/fonts") }, &press);
	must(!e);
	struct pdf_doc *d = pdf_doc_new(a, press, STR("es"));
	struct pdf_drawing drawing = { 0 };
	e = pdf_svg_read(d, (struct str){ size ? (const char *)data : "", size }, (struct paper_rgb){ 1, 2, 3 },
		&drawing);
	must(e || (drawing.width > 0 && drawing.height > 0));
	if (!e) {
		struct pdf_page *p = pdf_page_new(d);
		pdf_page_artifact(p, ARTIFACT_LAYOUT);
		pdf_page_draw(p, &drawing, 10, 10, 100, 100);
	}
	arena_free(a);
	return 0;
}
