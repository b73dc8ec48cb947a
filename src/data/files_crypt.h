/*
 * How a stored file is encrypted: AES-256-GCM in chunks of 64 KiB under the file's own key. The nonce is the
 * chunk's number (a key serves one file, so none repeats). The authenticated data of each chunk holds its
 * number; that of the last also the file's length and that it is the last. So chunks cannot be changed,
 * swapped, dropped at the end or added. Private to src/data.
 */
#pragma once
#include <openssl/evp.h>

#include "data/files.h"

enum { CHUNK_BYTES = 64 * 1024, TAG_BYTES = 16 };

/* Plain bytes → CHUNK + TAG bytes in `out`. `total` is the file's length for the last chunk, else -1. */
MUST_USE bool chunk_seal(EVP_CIPHER_CTX *ctx, const char *key, uint64_t number, int64_t total,
	struct str plain, char *out);
/* The reverse; false when a bit differs. `sealed` includes the tag. */
MUST_USE bool chunk_open(EVP_CIPHER_CTX *ctx, const char *key, uint64_t number, int64_t total,
	struct str sealed, char *out);

/* An empty file has one empty chunk. */
static inline uint64_t chunk_count(int64_t bytes)
{
	return bytes == 0 ? 1 : ((uint64_t)bytes + CHUNK_BYTES - 1) / CHUNK_BYTES;
}
