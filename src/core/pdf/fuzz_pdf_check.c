/* Any bytes as a PDF: examined or refused, within bounded time and memory. */
#include "core/pdf/pdf_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(64 * 1024 * 1024);
	struct pdf_report *report = ARENA_NEW(a, struct pdf_report);
	struct str pdf = { size ? (const char *)data : "", size };
	struct err *e = pdf_check(a, pdf, report);
	must(e || report->count <= PDF_FINDINGS_MAX);
	arena_free(a);
	return 0;
}
