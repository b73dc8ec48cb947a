#include "core/crypto/crypto.h"

static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

struct str base64_encode(struct arena *a, struct str bytes)
{
	size_t n = (bytes.n + 2) / 3 * 4, at = 0;
	char *p = arena_alloc(a, n + 1);
	const uint8_t *in = (const uint8_t *)bytes.p;
	for (size_t i = 0; i < bytes.n; i += 3) {
		uint32_t v = (uint32_t)in[i] << 16;
		if (i + 1 < bytes.n) v |= (uint32_t)in[i + 1] << 8;
		if (i + 2 < bytes.n) v |= in[i + 2];
		p[at++] = base64_digits[v >> 18];
		p[at++] = base64_digits[v >> 12 & 63];
		p[at++] = i + 1 < bytes.n ? base64_digits[v >> 6 & 63] : '=';
		p[at++] = i + 2 < bytes.n ? base64_digits[v & 63] : '=';
	}
	return (struct str){ p, n };
}

static int base64_value(char c)
{
	if (c >= 'A' && c <= 'Z') return c - 'A';
	if (c >= 'a' && c <= 'z') return c - 'a' + 26;
	if (c >= '0' && c <= '9') return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool base64_decode(struct arena *a, struct str text, struct str *ret)
{
	if (text.n % 4) return false;
	size_t padding = 0, at = 0;
	while (padding < 2 && padding < text.n && text.p[text.n - 1 - padding] == '=')
		padding++;
	size_t digits = text.n - padding, n = text.n / 4 * 3 - padding;
	char *p = arena_alloc(a, n + 1);
	uint32_t v = 0;
	int bits = 0;
	for (size_t i = 0; i < digits; i++) {
		int d = base64_value(text.p[i]);
		if (d < 0) return false;
		v = v << 6 | (uint32_t)d;
		bits += 6;
		if (bits < 8) continue;
		bits -= 8;
		p[at++] = (char)(v >> bits & 0xff);
		v &= (1u << bits) - 1;
	}
	if (v != 0 || at != n) return false; /* bits left over must be zero, so that each text has one reading */
	*ret = (struct str){ p, n };
	return true;
}

struct str hex_encode(struct arena *a, struct str bytes)
{
	char *p = arena_alloc(a, bytes.n * 2 + 1);
	for (size_t i = 0; i < bytes.n; i++) {
		p[2 * i] = "0123456789abcdef"[(uint8_t)bytes.p[i] >> 4];
		p[2 * i + 1] = "0123456789abcdef"[(uint8_t)bytes.p[i] & 15];
	}
	return (struct str){ p, bytes.n * 2 };
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9') return c - '0';
	if (c >= 'a' && c <= 'f') return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool hex_decode(struct arena *a, struct str text, struct str *ret)
{
	if (text.n % 2) return false;
	char *p = arena_alloc(a, text.n / 2 + 1);
	for (size_t i = 0; i < text.n; i += 2) {
		int high = hex_value(text.p[i]), low = hex_value(text.p[i + 1]);
		if (high < 0 || low < 0) return false;
		p[i / 2] = (char)(high << 4 | low);
	}
	*ret = (struct str){ p, text.n / 2 };
	return true;
}
