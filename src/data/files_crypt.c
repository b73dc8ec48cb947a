#include <openssl/evp.h>

#include "data/files_crypt.h"

enum { NONCE_BYTES = 12, AAD_BYTES = 32 };

static void put_u64(unsigned char *to, uint64_t v)
{
	for (int i = 0; i < 8; i++)
		to[i] = (unsigned char)(v >> (56 - 8 * i));
}

/* "ventanilla-file1", the chunk's number, and the length (all ones when it is not the last). */
static void aad_make(unsigned char aad[static AAD_BYTES], uint64_t number, int64_t total)
{
	memcpy(aad, "ventanilla-file1", 16);
	put_u64(aad + 16, number);
	put_u64(aad + 24, (uint64_t)total);
}

static bool begin(EVP_CIPHER_CTX *ctx, const char *key, uint64_t number, int64_t total, int encrypt)
{
	unsigned char nonce[NONCE_BYTES] = { 0 }, aad[AAD_BYTES];
	int n;
	put_u64(nonce + 4, number);
	aad_make(aad, number, total);
	return EVP_CipherInit_ex(ctx, EVP_aes_256_gcm(), NULL, (const unsigned char *)key, nonce, encrypt) == 1 &&
		EVP_CipherUpdate(ctx, NULL, &n, aad, AAD_BYTES) == 1;
}

bool chunk_seal(EVP_CIPHER_CTX *ctx, const char *key, uint64_t number, int64_t total, struct str plain,
	char *out)
{
	int n = 0, rest = 0;
	must(plain.n <= CHUNK_BYTES);
	return begin(ctx, key, number, total, 1) &&
		EVP_CipherUpdate(ctx, (unsigned char *)out, &n, (const unsigned char *)plain.p, (int)plain.n) == 1 &&
		EVP_CipherFinal_ex(ctx, (unsigned char *)out + n, &rest) == 1 &&
		EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, TAG_BYTES, out + plain.n) == 1;
}

bool chunk_open(EVP_CIPHER_CTX *ctx, const char *key, uint64_t number, int64_t total, struct str sealed,
	char *out)
{
	int n = 0, rest = 0;
	char tag[TAG_BYTES];
	if (sealed.n < TAG_BYTES || sealed.n > CHUNK_BYTES + TAG_BYTES) return false;
	size_t plain = sealed.n - TAG_BYTES;
	memcpy(tag, sealed.p + plain, TAG_BYTES);
	return begin(ctx, key, number, total, 0) &&
		EVP_CipherUpdate(ctx, (unsigned char *)out, &n, (const unsigned char *)sealed.p, (int)plain) == 1 &&
		EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, TAG_BYTES, tag) == 1 &&
		EVP_CipherFinal_ex(ctx, (unsigned char *)out + n, &rest) == 1;
}
