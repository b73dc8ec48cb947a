/*
 * Any bytes as an answer to one question, and as a token. Whatever is believed is over the question's bytes, at the time
 * that the seeds' authority told (its key is gone), so that only what no signature covers can have been changed.
 */
#include "core/timestamp/timestamp.h"

static const char authority[] = "-----BEGIN CERTIFICATE-----\n"
								"MIIBujCCAWGgAwIBAgIQW1BFzSCLmmlvRtMQw8yJ2jAKBggqhkjOPQQDAjAsMQsw\n"
								"CQYDVQQGEwJFUzEdMBsGA1UEAwwUQXV0b3JpZGFkIGRlIG11ZXN0cmEwIBcNNzAw\n"
								"MTAxMDAwMDAwWhgPMjEwMDAxMDEwMDAwMDBaMCwxCzAJBgNVBAYTAkVTMR0wGwYD\n"
								"VQQDDBRBdXRvcmlkYWQgZGUgbXVlc3RyYTBZMBMGByqGSM49AgEGCCqGSM49AwEH\n"
								"A0IABO+vB4mX8IVtKbxpT3dPLZ07eMEzdeVjfyb0omXruowUDluPeDHXAnIVLTPw\n"
								"kOIGgMV4SNBLGS95ZO4kQsRjsHCjYzBhMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0P\n"
								"AQH/BAQDAgEGMB0GA1UdDgQWBBQRxJpqGduBscVTGA40w/+bMfY3ozAfBgNVHSME\n"
								"GDAWgBQRxJpqGduBscVTGA40w/+bMfY3ozAKBggqhkjOPQQDAgNHADBEAiAoUmqT\n"
								"rTfc4daF7HJFqLcEwEp4EvHVS0gjPw916hcXbAIgDi6078DS2hzxSuqJzNT5ShOI\n"
								"gzOALihMwCBjvUjKgmI=\n"
								"-----END CERTIFICATE-----\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(16 * 1024 * 1024);
	const struct timestamp_trust trust = { .pem = str_of(authority) }, nobody = { .pem = STR("") };
	const struct instant noon = { INT64_C(1795348800000) };
	const struct str value = STR("the value of a signature");
	struct str bytes = { size ? (const char *)data : "", size }, token;
	struct timestamp_question q = timestamp_ask(a, value, STR("0123456789abcdef"), noon);
	if (!timestamp_answer(a, &q, bytes, &trust, noon, &token)) {
		struct timestamp_facts f = timestamp_examine(a, token, value, &trust);
		must(f.state == TIMESTAMP_GOOD && f.at.ms == noon.ms);
	}
	struct timestamp_facts f = timestamp_examine(a, bytes, value, &trust);
	must(f.state != TIMESTAMP_GOOD || f.at.ms == noon.ms);
	must(f.state != TIMESTAMP_NONE && (f.state == TIMESTAMP_GOOD || !str_is_empty(f.problem)));
	must(timestamp_examine(a, bytes, value, &nobody).state != TIMESTAMP_GOOD);
	arena_free(a);
	return 0;
}
