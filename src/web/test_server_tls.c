/*
 * TLS: served, with its own headers, and a new certificate taken over while a connection lives.
 */
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "web/test_serving.h"

#define HELLO "GET /hello HTTP/1.1\r\nHost: town.test\r\n\r\n"

struct files {
	const char *folder, *certificate, *key;
};

static void write_pair(struct test *t, const struct files *f, const char *name)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x = X509_new();
	must(key && x);
	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_gmtime_adj(X509_getm_notBefore(x), -3600);
	X509_gmtime_adj(X509_getm_notAfter(x), 3600);
	X509_set_pubkey(x, key);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC, (const unsigned char *)name, -1,
		-1, 0);
	X509_set_issuer_name(x, X509_get_subject_name(x));
	X509_sign(x, key, EVP_sha256());
	FILE *out = fopen(f->certificate, "w");
	if (!out || !PEM_write_X509(out, x)) test_fail(t, __FILE__, __LINE__, "cannot write %s", f->certificate);
	if (out) fclose(out);
	out = fopen(f->key, "w");
	if (!out || !PEM_write_PrivateKey(out, key, NULL, NULL, 0, NULL, NULL))
		test_fail(t, __FILE__, __LINE__, "cannot write %s", f->key);
	if (out) fclose(out);
	X509_free(x);
	EVP_PKEY_free(key);
}

static struct files files_new(struct test *t)
{
	char *folder = (char *)(uintptr_t)arena_cz(t->arena, STR("/tmp/web-tls-XXXXXX"));
	must(mkdtemp(folder));
	return (struct files){ folder, arena_printf(t->arena, "%s/chain.pem", folder).p,
		arena_printf(t->arena, "%s/key.pem", folder).p };
}

static void files_remove(const struct files *f)
{
	unlink(f->certificate);
	unlink(f->key);
	rmdir(f->folder);
}

static SSL *connect_tls(struct test *t, SSL_CTX *context, int port)
{
	SSL *ssl = SSL_new(context);
	SSL_set_fd(ssl, client_connect(t, port));
	if (SSL_connect(ssl) != 1) test_fail(t, __FILE__, __LINE__, "no handshake");
	return ssl;
}

static void disconnect(SSL *ssl)
{
	close(SSL_get_fd(ssl));
	SSL_free(ssl);
}

static struct str name_of_peer(struct test *t, SSL *ssl)
{
	char name[100] = "";
	X509 *x = SSL_get1_peer_certificate(ssl);
	if (x) X509_NAME_get_text_by_NID(X509_get_subject_name(x), NID_commonName, name, sizeof name);
	X509_free(x);
	return arena_cstr(t->arena, name);
}

static struct str ask(struct test *t, SSL *ssl)
{
	char bytes[8192];
	struct buf in = buf_new(t->arena, 65536);
	SSL_write(ssl, HELLO, (int)strlen(HELLO));
	while (!str_ends_with(buf_str(&in), STR("hello\n"))) {
		int n = SSL_read(ssl, bytes, sizeof bytes);
		if (n <= 0) return STR("");
		buf_add(&in, (struct str){ bytes, (size_t)n });
	}
	return buf_str(&in);
}

TEST(server_tls_takes_a_new_certificate_without_dropping_connections)
{
	struct serving s;
	struct files f = files_new(t);
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	write_pair(t, &f, "first.test");
	serving_start(&s, t,
		(struct server_options){ .tls_certificate = str_of(f.certificate), .tls_key = str_of(f.key) });

	SSL *old = connect_tls(t, context, s.port);
	CHECK_STR(name_of_peer(t, old), "first.test");
	struct str answer = ask(t, old);
	CHECK(str_starts_with(answer, STR("HTTP/1.1 200")));
	CHECK(str_find(answer, STR("Strict-Transport-Security: max-age=")) > 0);

	write_pair(t, &f, "second.test");
	CHECK_OK(server_reload(s.server, t->arena));
	SSL *new = connect_tls(t, context, s.port);
	CHECK_STR(name_of_peer(t, new), "second.test");
	CHECK(ask(t, old).n > 0);
	CHECK(ask(t, new).n > 0);

	/* A pair that does not fit leaves the one in use. */
	struct files other = files_new(t);
	write_pair(t, &other, "third.test");
	CHECK_INT(rename(other.certificate, f.certificate), 0);
	CHECK_ERR(server_reload(s.server, t->arena), ERR_UNAVAILABLE);
	SSL *newer = connect_tls(t, context, s.port);
	CHECK_STR(name_of_peer(t, newer), "second.test");

	disconnect(old);
	disconnect(new);
	disconnect(newer);
	SSL_CTX_free(context);
	serving_stop(&s);
	files_remove(&f);
	files_remove(&other);
}

static int64_t cpu_us(void)
{
	struct rusage used;
	getrusage(RUSAGE_SELF, &used);
	return (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000LL + used.ru_utime.tv_usec +
		used.ru_stime.tv_usec;
}

/* A client that connects and says nothing must not hold a handshake for ever, nor keep the loop spinning
 * while it does: the library would ask to be called again and again. */
TEST(server_tls_cuts_a_handshake_that_does_not_come)
{
	struct serving s;
	struct files f = files_new(t);
	write_pair(t, &f, "town.test");
	serving_start(&s, t,
		(struct server_options){ .tls_certificate = str_of(f.certificate),
			.tls_key = str_of(f.key),
			.header_ms = 1000 });
	int64_t before_us = cpu_us();
	int fd = client_connect(t, s.port);
	client_send(t, fd, STR("\x16\x03\x01\x01")); /* a handshake's first bytes */
	CHECK(client_is_closed(fd));
	CHECK(cpu_us() - before_us < 300 * 1000);
	close(fd);
	serving_stop(&s);
	files_remove(&f);
}

static struct err *begin_never(void *state, struct exchange *x)
{
	(void)state;
	(void)x;
	return NULL;
}

static void handle_never(void *state, struct exchange *x)
{
	(void)state;
	(void)x;
}

static struct instant clock_never(void *state)
{
	(void)state;
	return INSTANT_NONE;
}

TEST(server_tls_does_not_start_without_its_files)
{
	struct server *server;
	struct server_options o = { .tls_certificate = STR("/nonexistent/chain.pem"),
		.tls_key = STR("/nonexistent/key.pem"),
		.hooks = { .begin = begin_never, .handle = handle_never, .clock = clock_never } };
	CHECK_ERR(server_start(t->arena, &o, &server), ERR_UNAVAILABLE);
}
