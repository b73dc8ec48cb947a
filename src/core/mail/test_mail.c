/* What leaves is what RFC 5322, 2045 and 2047 allow, and no value can become a header. */
#include "base/testing.h"
#include "core/mail/mail.h"

static struct mail sample(void)
{
	struct instant at = { INT64_C(1795025100000) }; /* 2026-11-18T18:05:00Z */
	return (struct mail){ .from_name = STR("Municipio de León, Guanajuato"),
		.from = STR("avisos@leon.example"),
		.reply_to = STR("ventanilla@leon.example"),
		.to = STR("ofelia@correo.example"),
		.subject = STR("Le toca a usted: Alineamiento y Número Oficial, expediente AN-2026-002614"),
		.message_id = STR("aviso.0123abcd@leon.example"),
		.lang = STR("es"),
		.at = at,
		.offset_s = -6 * 3600,
		.text = STR("Hola:\n.punto\nUna línea con = y espacio al final \nFin\n"),
		.html = html_of_generated(STR("<p>Hola, León</p>")) };
}

static struct str built(struct test *t, const struct mail *m)
{
	struct str bytes = STR("");
	struct err *e = mail_build(t->arena, m, &bytes);
	if (e) test_fail(t, __FILE__, __LINE__, "mail_build: %s", e->detail);
	return bytes;
}

static struct str head_of(struct str bytes)
{
	ptrdiff_t end = str_find(bytes, STR("\r\n\r\n"));
	return end < 0 ? STR("") : str_slice(bytes, 0, (size_t)end + 2);
}

/* How many header fields of that name there are (RFC 5322, 3.6: most at most once). */
static int fields(struct arena *a, struct str bytes, const char *name)
{
	struct str rest = arena_printf(a, "\r\n%.*s", STR_FMT(head_of(bytes)));
	struct str wanted = arena_printf(a, "\r\n%s:", name);
	int count = 0;
	for (ptrdiff_t at; (at = str_find(rest, wanted)) >= 0; count++)
		rest = str_slice(rest, (size_t)at + 2, rest.n);
	return count;
}

static bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); }
static int hex(char c) { return c <= '9' ? c - '0' : c - 'A' + 10; }

/* RFC 2045, 6.7, read back: soft breaks away, =XX to bytes, CRLF to LF. */
static struct str unquoted(struct arena *a, struct str s)
{
	struct buf out = buf_new(a, s.n + 1);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '=' && i + 2 < s.n && s.p[i + 1] == '\r')
			i += 2;
		else if (s.p[i] == '=' && i + 2 < s.n && is_hex(s.p[i + 1]) && is_hex(s.p[i + 2])) {
			buf_add_char(&out, (char)(hex(s.p[i + 1]) * 16 + hex(s.p[i + 2])));
			i += 2;
		} else if (s.p[i] != '\r')
			buf_add_char(&out, s.p[i]);
	}
	return buf_str(&out);
}

/* RFC 5322, 2.1.1 and 2.3; RFC 2045, 2.7: lines of at most 998, here of 78; CR and LF only together; 7 bit. */
TEST(mail_lines_are_short_and_seven_bit)
{
	struct mail m = sample();
	m.text = STR(
		"una línea muy larga, una línea muy larga, una línea muy larga, una línea muy larga, una línea muy "
		"larga, sin ningún salto\n");
	struct str rest = built(t, &m);
	CHECK(rest.n > 0 && str_ends_with(rest, STR("\n")));
	for (size_t i = 0; i < rest.n; i++) {
		CHECK((unsigned char)rest.p[i] < 0x80 && rest.p[i] != 0);
		CHECK(rest.p[i] != '\n' || (i > 0 && rest.p[i - 1] == '\r'));
		CHECK(rest.p[i] != '\r' || (i + 1 < rest.n && rest.p[i + 1] == '\n'));
	}
	while (!str_is_none(rest))
		CHECK(str_cut(&rest, '\n').n <= 79);
}

/* RFC 5322, 3.6: each field that must be there, once; RFC 3834, 5; RFC 2045, 4. */
TEST(mail_has_its_headers_once)
{
	static const char *const names[] = { "From", "Reply-To", "To", "Subject", "Date", "Message-Id",
		"MIME-Version", "Content-Type", "Auto-Submitted", "Content-Language" };
	struct mail m = sample();
	struct str bytes = built(t, &m);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		CHECK_INT(fields(t->arena, bytes, names[i]), 1);
	CHECK(str_find(bytes, STR("Date: Wed, 18 Nov 2026 12:05:00 -0600\r\n")) >= 0);
	CHECK(str_find(bytes, STR("Message-Id: <aviso.0123abcd@leon.example>\r\n")) >= 0);
	CHECK(str_find(bytes, STR("Auto-Submitted: auto-generated\r\n")) >= 0);
	CHECK(str_find(bytes, STR("multipart/alternative")) >= 0);
}

/* RFC 2047, 2 and 5: an encoded word is at most 75 characters, and its line at most 76. */
TEST(mail_subject_is_encoded_in_short_words)
{
	struct mail m = sample();
	m.subject = STR("ñandú ñandú ñandú ñandú ñandú ñandú ñandú ñandú ñandú ñandú ñandú ñandú ñandú ñandú");
	struct str head = head_of(built(t, &m));
	int words = 0;
	CHECK(str_find(head, STR("ñ")) < 0);
	while (!str_is_none(head)) {
		struct str line = str_trim(str_cut(&head, '\n'));
		CHECK(line.n <= 78);
		ptrdiff_t at = str_find(line, STR("=?"));
		if (at < 0) continue;
		struct str word = str_slice(line, (size_t)at, line.n);
		ptrdiff_t end = str_find(word, STR("?="));
		CHECK(end > 0 && end + 2 <= 75);
		words++;
	}
	CHECK(words >= 2);
}

/* Both parts come back byte for byte, the dot and the blank at a line's end too (RFC 2045, 6.7, rule 3). */
TEST(mail_parts_come_back_as_they_were)
{
	struct mail m = sample();
	struct str bytes = built(t, &m);
	struct str plain = unquoted(t->arena, str_slice(bytes, head_of(bytes).n, bytes.n));
	CHECK(str_find(plain, m.text) > 0);
	CHECK(str_find(plain, m.html.markup) > str_find(plain, m.text)); /* the best last: RFC 2046, 5.1.4 */
	CHECK(str_find(bytes, STR("=3D")) > 0);
	CHECK(str_find(bytes, STR("al final=20")) > 0);
}

/* A retry hands over the same bytes. */
TEST(mail_is_the_same_each_time)
{
	struct mail m = sample();
	CHECK(str_eq(built(t, &m), built(t, &m)));
}

TEST(mail_values_never_become_headers)
{
	static const char *const attacks[] = { "hola\r\nBcc: otro@correo.example",
		"hola\nBcc: otro@correo.example", "hola\rBcc: otro@correo.example", "hola\r\n\r\n<p>otro cuerpo</p>",
		"hola\xe2\x80\xa8"
		"Bcc: x@y.example",
		"hola\xc2\x85"
		"Bcc: x@y.example",
		"=?utf-8?q?hola=0D=0ABcc:_otro@correo.example?=" };
	for (size_t i = 0; i < sizeof(attacks) / sizeof(attacks[0]); i++) {
		struct mail m = sample();
		m.subject = m.from_name = m.lang = str_of(attacks[i]);
		struct str bytes = built(t, &m);
		CHECK_INT(fields(t->arena, bytes, "Bcc"), 0);
		CHECK_INT(fields(t->arena, bytes, "Subject"), 1);
		CHECK(
			str_find(head_of(bytes), STR("otro cuerpo")) < 0 || str_find(head_of(bytes), STR("\r\n<p>")) < 0);
	}
}

TEST(mail_takes_addresses_and_ids_only)
{
	static const char *const wrong[] = { "", "ofelia", "ofelia@correo.example\r\nBcc: x@y.example",
		"a@b.example, c@d.example", "Ofelia <ofelia@correo.example>", "ofelia@correo.example>" };
	struct str bytes;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct mail m = sample();
		m.to = str_of(wrong[i]);
		CHECK_ERR(mail_build(t->arena, &m, &bytes), ERR_INVALID);
		m = sample();
		m.message_id = str_of(wrong[i]);
		if (i != 0 && i != 1) CHECK_ERR(mail_build(t->arena, &m, &bytes), ERR_INVALID);
	}
	struct mail m = sample();
	m.text = STR("\xff\xfe");
	CHECK_ERR(mail_build(t->arena, &m, &bytes), ERR_INVALID);
}

TEST(mail_server_addresses)
{
	CHECK_STR(mail_server_host(STR("smtp://correo.leon.example:587")), "correo.leon.example");
	CHECK_STR(mail_server_host(STR("smtps://correo.leon.example")), "correo.leon.example");
	CHECK_STR(mail_server_host(STR("smtp://[::1]:2525")), "::1");
	CHECK_STR(mail_server_host(STR("smtp://127.0.0.1:25")), "127.0.0.1");
	static const char *const wrong[] = { "", "correo.leon.example", "http://correo.leon.example", "smtp://",
		"smtp://a:b@correo.example", "smtp://correo.example:0", "smtp://correo.example:99999",
		"smtp://correo.example/x", "smtp://[::1", "smtp://[::1]x", "smtp://correo example" };
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		CHECK(str_is_none(mail_server_host(str_of(wrong[i]))));
}

TEST(mail_addresses_are_masked)
{
	CHECK_STR(mail_masked(t->arena, STR("ofelia@correo.example")), "o•••@correo.example");
	CHECK_STR(mail_masked(t->arena, STR("x@y.example")), "x•••@y.example");
}

/* Nobody listens there: later, not never, and the log's words name nobody. */
TEST(mail_without_a_server_waits)
{
	struct mail_settings s = { .server = STR("smtp://127.0.0.1:1"), .from = STR("avisos@leon.example") };
	struct mail_answer answer = mail_send(t->arena, &s, STR("ofelia@correo.example"), STR("x\r\n"), NULL,
		NULL);
	CHECK_INT(answer.outcome, MAIL_LATER);
	CHECK_INT(answer.code, 0);
	CHECK(str_find(answer.detail, STR("ofelia")) < 0);
	s.user = STR("ventanilla");
	s.password_file = STR("/nonexistent/password");
	answer = mail_send(t->arena, &s, STR("ofelia@correo.example"), STR("x\r\n"), NULL, NULL);
	CHECK_INT(answer.outcome, MAIL_LATER);
}
