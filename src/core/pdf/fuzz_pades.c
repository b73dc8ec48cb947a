/* Any bytes as a sealed PDF: examined or refused. Without a trusted certificate nothing is trusted, and what is
 * intact has a seal that covers all. */
#include "core/pdf/pades.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(64 * 1024 * 1024);
	struct pades_facts f = { 0 };
	struct str pdf = { size ? (const char *)data : "", size };
	struct err *e = pades_verify(a, pdf, &(struct pades_trust){ 0 }, &f);
	must(e || !f.trusted);
	must(e || f.stamp.state != TIMESTAMP_GOOD);
	must(e || !f.intact || (f.has_seal && f.covers_all && f.digest_ok && f.signature_ok));
	arena_free(a);
	return 0;
}
