/*
 * CSRF tokens: base64url of a mask and of the masked pair (hour of issue, HMAC). Unmasked, the same cookie
 * has the same token for an hour; masked, no two pages carry the same bytes.
 */
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "web/csrf.h"
#include "web/entropy.h"
#include "web/form.h"

enum {
	COOKIE_CHARS = 26,
	HOUR_BYTES = 4,
	MAC_BYTES = 32,
	SECRET_BYTES = HOUR_BYTES + MAC_BYTES,
	TOKEN_BYTES = 2 * SECRET_BYTES,
	TOKEN_CHARS = (TOKEN_BYTES + 2) / 3 * 4, /* base64: TOKEN_BYTES is a multiple of three */
	HOUR_MS = 3600 * 1000,
};
_Static_assert(TOKEN_BYTES % 3 == 0, "a token needs no padding");

struct str csrf_cookie_new(struct arena *a) { return entropy_base32(a, COOKIE_CHARS); }

bool csrf_cookie_is_sound(struct str cookie)
{
	if (cookie.n != COOKIE_CHARS) return false;
	for (size_t i = 0; i < cookie.n; i++)
		if (str_find_char(STR("abcdefghijklmnopqrstuvwxyz234567"), cookie.p[i]) < 0) return false;
	return true;
}

/* What is masked: the hour, and the HMAC over hour and cookie. */
static void secret_make(struct str key, struct str cookie, const unsigned char hour[static HOUR_BYTES],
	unsigned char out[static SECRET_BYTES])
{
	unsigned char message[HOUR_BYTES + COOKIE_CHARS];
	unsigned mac_bytes = MAC_BYTES;
	must(key.n == CSRF_KEY_BYTES && cookie.n == COOKIE_CHARS);
	memcpy(message, hour, HOUR_BYTES);
	memcpy(message + HOUR_BYTES, cookie.p, COOKIE_CHARS);
	memcpy(out, hour, HOUR_BYTES);
	must(HMAC(EVP_sha256(), key.p, CSRF_KEY_BYTES, message, sizeof message, out + HOUR_BYTES, &mac_bytes));
}

struct str csrf_token(struct arena *a, struct str key, struct str cookie, struct instant now)
{
	unsigned char token[TOKEN_BYTES], secret[SECRET_BYTES];
	uint32_t hours = (uint32_t)(now.ms / HOUR_MS);
	unsigned char hour[HOUR_BYTES] = { (unsigned char)(hours >> 24), (unsigned char)(hours >> 16),
		(unsigned char)(hours >> 8), (unsigned char)hours };
	secret_make(key, cookie, hour, secret);
	entropy_fill(token, SECRET_BYTES);
	for (int i = 0; i < SECRET_BYTES; i++)
		token[SECRET_BYTES + i] = token[i] ^ secret[i];

	char *text = arena_alloc(a, TOKEN_CHARS + 1);
	EVP_EncodeBlock((unsigned char *)text, token, TOKEN_BYTES);
	for (int i = 0; i < TOKEN_CHARS; i++) {
		if (text[i] == '+') text[i] = '-';
		if (text[i] == '/') text[i] = '_';
	}
	return (struct str){ text, TOKEN_CHARS };
}

static bool token_decode(struct str text, unsigned char out[static SECRET_BYTES])
{
	unsigned char plain[TOKEN_CHARS], token[TOKEN_BYTES];
	if (text.n != TOKEN_CHARS) return false;
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		bool is_digit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		if (!is_digit && c != '-' && c != '_') return false;
		plain[i] = (unsigned char)(c == '-' ? '+' : c == '_' ? '/' : c);
	}
	if (EVP_DecodeBlock(token, plain, TOKEN_CHARS) != TOKEN_BYTES) return false;
	for (int i = 0; i < SECRET_BYTES; i++)
		out[i] = token[i] ^ token[SECRET_BYTES + i];
	return true;
}

static struct err *refuse(const struct request *r, const char *key, const char *why)
{
	return ERR(r->arena, ERR_FORBIDDEN, key, "%s", why);
}

/* What the browser itself says about where the request came from. "none" is somebody's own doing: a reload, a
 * bookmark. A browser that says nothing is judged by the token alone. */
static struct err *check_origin(const struct request *r)
{
	struct str site = request_header(r, STR("sec-fetch-site")), origin = request_header(r, STR("origin"));
	if (!str_is_none(site) && !str_eq(site, STR("same-origin")) && !str_eq(site, STR("none")))
		return refuse(r, "csrf.foreign", "Sec-Fetch-Site names another site");
	if (str_is_none(origin)) return NULL;
	struct str own = arena_printf(r->arena, "%s://%.*s", r->is_tls ? "https" : "http",
		STR_FMT(request_header(r, STR("host"))));
	return str_eq_ci(origin, own) ? NULL : refuse(r, "csrf.foreign", "Origin is another");
}

bool csrf_came_from_here(const struct request *r)
{
	bool says_so = str_eq(request_header(r, STR("sec-fetch-site")), STR("same-origin")) ||
		!str_is_none(request_header(r, STR("origin")));
	return says_so && !check_origin(r);
}

static struct err *check_token(const struct request *r, struct str key, struct str cookie,
	const unsigned char secret[static SECRET_BYTES])
{
	unsigned char expected[SECRET_BYTES];
	secret_make(key, cookie, secret, expected);
	if (!str_eq_secret((struct str){ (const char *)secret, SECRET_BYTES },
			(struct str){ (const char *)expected, SECRET_BYTES }))
		return refuse(r, "csrf.stale", "the token belongs to another cookie or key");

	int64_t hours = (int64_t)secret[0] << 24 | secret[1] << 16 | secret[2] << 8 | secret[3];
	int64_t age_ms = r->now.ms - hours * HOUR_MS;
	/* One hour of grace towards the future: a municipality's clock may be set back a little. */
	if (age_ms < -HOUR_MS || age_ms > (CSRF_MAX_AGE_S + 3600) * 1000LL)
		return refuse(r, "csrf.stale", "the token is too old");
	return NULL;
}

struct err *csrf_check(const struct request *r, const struct str *keys, size_t key_count)
{
	unsigned char secret[SECRET_BYTES];
	struct err *wrong = NULL;
	TRY(check_origin(r));
	struct str cookie = request_cookie(r, STR(CSRF_COOKIE)), token = request_header(r, STR(CSRF_HEADER));
	if (r->form && form_has(r->form, STR(CSRF_FIELD))) token = form_text(r->form, STR(CSRF_FIELD));
	if (str_is_none(token)) return refuse(r, "csrf.missing", "no token");
	if (!csrf_cookie_is_sound(cookie)) return refuse(r, "csrf.missing", "no cookie");
	if (!token_decode(token, secret)) return refuse(r, "csrf.forged", "a token that is none");
	must(key_count > 0);
	for (size_t i = 0; i < key_count; i++)
		if (!(wrong = check_token(r, keys[i], cookie, secret))) return NULL;
	return wrong;
}
