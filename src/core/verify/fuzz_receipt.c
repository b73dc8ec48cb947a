/* Receipts and key histories of any origin: a report comes out, and it is valid only for what was signed. */
#include "core/verify/verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(512 * 1024 * 1024);
	struct str bytes = { (const char *)data, size };
	struct key_history history = { .origin = STR("leon.example/registro") }, read;
	struct public_key key = { .purpose = KEY_LOG_SIGNING,
		.kind = KEY_ED25519,
		.state = KEY_ACTIVE,
		.id = STR("1"),
		.from = { 0 },
		.until = INSTANT_NONE };
	key.public_key = ed25519_public(a, STR("a seed that no fuzzer will guess"));
	history.items = &key;
	history.count = 1;
	struct verify_report report;
	must(!verify_receipt(a, bytes, &history, &report));
	must(!report.is_valid && report.count >= 1);
	(void)key_history_read(a, bytes, &read);
	arena_free(a);
	return 0;
}
