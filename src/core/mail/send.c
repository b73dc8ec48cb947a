#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include "core/mail/mail.h"

enum { PASSWORD_MAX = 1000 };

static pthread_once_t once = PTHREAD_ONCE_INIT;
static void start_curl(void) { curl_global_init(CURL_GLOBAL_DEFAULT); }

struct sending {
	struct str rest;
	bool has_begun; /* the server took sender and recipient, and asked for the message */
	bool (*leaves_off)(void *state);
	void *state;
};

static int is_over(void *state, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	const struct sending *s = state;
	(void)a, (void)b, (void)c, (void)d;
	return s->leaves_off && s->leaves_off(s->state) ? 1 : 0;
}

static size_t give(char *to, size_t size, size_t count, void *state)
{
	struct sending *s = state;
	size_t n = size * count < s->rest.n ? size * count : s->rest.n;
	memcpy(to, s->rest.p, n);
	s->rest = str_slice(s->rest, n, s->rest.n);
	s->has_begun = true;
	return n;
}

/* The file's first line. */
static bool read_password(struct arena *a, struct str path, const char **ret)
{
	char *bytes = arena_alloc(a, PASSWORD_MAX + 1);
	int fd = open(arena_cz(a, path), O_RDONLY | O_CLOEXEC);
	if (fd < 0) return false;
	ssize_t n = read(fd, bytes, PASSWORD_MAX);
	close(fd);
	struct str rest = { bytes, n > 0 ? (size_t)n : 0 };
	*ret = arena_cz(a, str_trim(str_cut(&rest, '\n')));
	return n > 0;
}

/* RFC 4954, 6: what these codes refuse is us, not the mail; the administrator mends it. */
static bool is_about_us(long code) { return code == 530 || code == 534 || code == 535 || code == 538; }

/* 5yz in answer to sender, recipient or message; the same at connecting or signing in is a server that is not well. */
static enum mail_outcome outcome_of(CURLcode result, long code, bool has_begun)
{
	if (result == CURLE_OK) return MAIL_ACCEPTED;
	bool is_about_mail = result == CURLE_SEND_ERROR || (has_begun && result == CURLE_WEIRD_SERVER_REPLY);
	return is_about_mail && code >= 500 && code < 600 && !is_about_us(code) ? MAIL_REFUSED : MAIL_LATER;
}

static void set_way(CURL *curl, struct arena *a, const struct mail_settings *s)
{
	/* The path is what we call ourselves in EHLO: our domain, not the machine's name. */
	struct str url = arena_printf(a, "%.*s/%.*s", STR_FMT(s->server), STR_FMT(mail_domain(s->from)));
	curl_easy_setopt(curl, CURLOPT_URL, url.p);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(curl, CURLOPT_USE_SSL, s->needs_tls ? (long)CURLUSESSL_ALL : (long)CURLUSESSL_TRY);
	curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (!str_is_empty(s->authority)) curl_easy_setopt(curl, CURLOPT_CAINFO, arena_cz(a, s->authority));
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)MAIL_CONNECT_SECONDS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)MAIL_SECONDS_MAX);
}

static struct mail_answer perform(CURL *curl, struct arena *a, struct sending *sending)
{
	long code = 0;
	curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
	curl_easy_setopt(curl, CURLOPT_READDATA, sending);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, is_over);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, sending);
	CURLcode result = curl_easy_perform(curl);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
	return (struct mail_answer){ .outcome = outcome_of(result, code, sending->has_begun),
		.code = (int)code,
		.detail = arena_printf(a, "%s, last reply %ld", curl_easy_strerror(result), code) };
}

struct mail_answer mail_send(struct arena *a, const struct mail_settings *s, struct str to,
	struct str message, bool (*leaves_off)(void *state), void *state)
{
	pthread_once(&once, start_curl);
	const char *password = NULL;
	if (!str_is_empty(s->user) && !read_password(a, s->password_file, &password))
		return (struct mail_answer){ MAIL_LATER, 0, STR("the password's file cannot be read") };
	CURL *curl = curl_easy_init();
	must(curl != NULL);
	struct sending sending = { .rest = message, .leaves_off = leaves_off, .state = state };
	struct curl_slist *recipients = curl_slist_append(NULL, arena_cz(a, to));
	set_way(curl, a, s);
	if (password) {
		curl_easy_setopt(curl, CURLOPT_USERNAME, arena_cz(a, s->user));
		curl_easy_setopt(curl, CURLOPT_PASSWORD, password);
	}
	curl_easy_setopt(curl, CURLOPT_MAIL_FROM, arena_cz(a, s->from));
	curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
	struct mail_answer answer = perform(curl, a, &sending);
	curl_slist_free_all(recipients);
	curl_easy_cleanup(curl);
	return answer;
}
