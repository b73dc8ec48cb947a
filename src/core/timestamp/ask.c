/* The way to the time-stamp server and back (RFC 3161, 3.4). */
#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include "core/crypto/crypto.h"
#include "core/timestamp/timestamp.h"

enum { AUTHORITY_MAX = 512 * 1024, NONCE_BYTES = 16 };

static pthread_once_t once = PTHREAD_ONCE_INIT;
static void start_curl(void) { curl_global_init(CURL_GLOBAL_DEFAULT); }

/* --- whom to trust -------------------------------------------------------------------------------------- */

struct err *timestamp_trust_of(struct arena *a, const struct timestamp_settings *s,
	struct timestamp_trust *ret)
{
	*ret = (struct timestamp_trust){ .pem = STR(""), .takes_system_ones = s && str_is_empty(s->authority) };
	if (!s || ret->takes_system_ones) return NULL;
	char *bytes = arena_alloc(a, AUTHORITY_MAX + 2);
	int fd = open(arena_cz(a, s->authority), O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, bytes, AUTHORITY_MAX + 1);
	int failure = errno;
	if (fd >= 0) close(fd);
	if (n < 0)
		return ERR(a, ERR_UNAVAILABLE, NULL, "the time stamps' authority %.*s: %s", STR_FMT(s->authority),
			strerror(failure));
	if (n > AUTHORITY_MAX)
		return ERR(a, ERR_UNAVAILABLE, NULL, "the time stamps' authority %.*s is longer than %d bytes",
			STR_FMT(s->authority), AUTHORITY_MAX);
	ret->pem = (struct str){ bytes, (size_t)n };
	return NULL;
}

/* --- the request ---------------------------------------------------------------------------------------- */

struct exchange {
	struct str question;
	char *reply;
	size_t n;
	bool is_too_long;
	const struct timestamp_call *call;
};

static size_t take(char *from, size_t size, size_t count, void *state)
{
	struct exchange *x = state;
	size_t n = size * count;
	x->is_too_long = n > TIMESTAMP_REPLY_MAX - x->n;
	if (x->is_too_long) return 0;
	memcpy(x->reply + x->n, from, n);
	x->n += n;
	return n;
}

static int is_over(void *state, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	const struct timestamp_call *call = ((const struct exchange *)state)->call;
	(void)a, (void)b, (void)c, (void)d;
	return call->leaves_off && call->leaves_off(call->state) ? 1 : 0;
}

/* No redirect is followed: where the town's hashes go is what its installation file says. */
static void set_way(CURL *curl, struct arena *a, const struct timestamp_settings *s, struct exchange *x)
{
	curl_easy_setopt(curl, CURLOPT_URL, arena_cz(a, s->server));
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)TIMESTAMP_CONNECT_SECONDS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)TIMESTAMP_SECONDS_MAX);
	curl_easy_setopt(curl, CURLOPT_POST, 1L);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, x->question.p);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)x->question.n);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, x);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, is_over);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, x);
}

static bool is_reply(const char *type)
{
	static const struct str wanted = STR("application/timestamp-reply");
	return type && str_eq_ci(str_slice(str_of(type), 0, wanted.n), wanted);
}

static struct err *outcome(struct arena *a, CURL *curl, CURLcode result, const struct exchange *x)
{
	long status = 0;
	const char *type = NULL;
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
	if (x->is_too_long)
		return ERR(a, ERR_UNAVAILABLE, NULL, "the time-stamp server's answer is longer than %d bytes",
			TIMESTAMP_REPLY_MAX);
	if (result != CURLE_OK)
		return ERR(a, ERR_UNAVAILABLE, NULL, "the time-stamp server is away: %s", curl_easy_strerror(result));
	if (status != 200)
		return ERR(a, ERR_UNAVAILABLE, NULL, "the time-stamp server answers with HTTP %ld", status);
	if (!is_reply(type))
		return ERR(a, ERR_UNAVAILABLE, NULL, "what the time-stamp server sends is no time stamp");
	return NULL;
}

static struct err *perform(struct arena *a, const struct timestamp_settings *s, struct exchange *x)
{
	pthread_once(&once, start_curl);
	CURL *curl = curl_easy_init();
	must(curl != NULL);
	struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/timestamp-query");
	headers = curl_slist_append(headers, "Accept: application/timestamp-reply");
	set_way(curl, a, s, x);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	struct err *e = outcome(a, curl, curl_easy_perform(curl), x);
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	return e;
}

struct err *timestamp_get(struct arena *a, const struct timestamp_settings *s,
	const struct timestamp_call *call, struct str *ret_token)
{
	struct timestamp_trust trust;
	TRY(timestamp_trust_of(a, s, &trust));
	struct timestamp_question question = timestamp_ask(a, call->bytes, crypto_random(a, NONCE_BYTES),
		call->machine_now());
	struct exchange x = { .question = question.der,
		.reply = arena_alloc(a, TIMESTAMP_REPLY_MAX),
		.call = call };
	TRY(perform(a, s, &x));
	return timestamp_answer(a, &question, (struct str){ x.reply, x.n }, &trust, call->machine_now(),
		ret_token);
}
