/* Notes and checkpoints of any origin: what parses must survive being verified and written again. */
#include "core/merkle/note.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(16 * 1024 * 1024);
	struct str bytes = { (const char *)data, size };
	struct note n;
	struct note_key key;
	struct note_outcome o;
	struct checkpoint c, again;
	(void)note_key_parse(a, bytes, &key);
	if (!note_parse(a, bytes, &n)) {
		must(str_starts_with(bytes, n.text) && n.count <= NOTE_MAX_SIGNATURES);
		must(note_key_parse(a, STR("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"),
			&key));
		if (note_verify(a, &n, &key, 1, &o) == NULL) must(o.cosignatures == 0);
		if (!checkpoint_parse(a, n.text, &c)) {
			must(!checkpoint_parse(a, checkpoint_format(a, &c), &again));
			must(again.size == c.size && sha256_eq(&again.root, &c.root) && str_eq(again.origin, c.origin));
		}
	}
	arena_free(a);
	return 0;
}
