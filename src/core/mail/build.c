/* GMime's headers name functions that base/banned.h poisons: they come first. */
#include <gmime/gmime.h>
#include <pthread.h>

#include "base/utf8.h"
#include "core/crypto/crypto.h"
#include "core/identity/identity.h"
#include "core/mail/mail.h"

enum { HEADER_MAX = 400 };

static pthread_once_t once = PTHREAD_ONCE_INIT;
static void start_gmime(void) { g_mime_init(); }

/* One line of plain text: whatever would end a header line becomes a blank (RFC 5322, 2.2). */
static const char *header_text(struct arena *a, struct str s)
{
	struct str cut = utf8_cut(s, HEADER_MAX);
	struct buf out = buf_new(a, HEADER_MAX + 1);
	size_t pos = 0;
	while (pos < cut.n) {
		size_t start = pos;
		int32_t c = utf8_next(cut, &pos);
		if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029)
			buf_add_char(&out, ' ');
		else
			buf_add(&out, str_slice(cut, start, pos));
	}
	return arena_cz(a, str_trim(buf_str(&out)));
}

static struct err *check_address(struct arena *a, struct str address)
{
	struct str canonical;
	if (mail_canonical(a, address, &canonical) && str_eq(canonical, address)) return NULL;
	return ERR(a, ERR_INVALID, NULL, "a mail address of %zu bytes is none", address.n);
}

static bool id_is_good(struct str id)
{
	for (size_t i = 0; i < id.n; i++) {
		char c = id.p[i];
		bool is_good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			c == '.' || c == '-' || c == '@';
		if (!is_good) return false;
	}
	return id.n > 2 && str_find_char(id, '@') > 0;
}

static struct err *check(struct arena *a, const struct mail *m)
{
	TRY(check_address(a, m->from));
	TRY(check_address(a, m->reply_to));
	TRY(check_address(a, m->to));
	if (!id_is_good(m->message_id)) return ERR(a, ERR_INVALID, NULL, "the mail's Message-ID is none");
	if (!utf8_valid(m->text) || !utf8_valid(m->html.markup) || !utf8_valid(m->subject) ||
		!utf8_valid(m->from_name))
		return ERR(a, ERR_INVALID, NULL, "a mail that is not UTF-8");
	return NULL;
}

/* Quoted-printable, because relays may break what is longer than 998 bytes or not ASCII (RFC 5321, 4.5.3.1.6). */
static void add_part(struct arena *a, GMimeMultipart *to, const char *subtype, struct str text)
{
	GMimePart *part = g_mime_part_new_with_type("text", subtype);
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(arena_cz(a, text), text.n);
	GMimeDataWrapper *content = g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT);
	g_mime_object_set_content_type_parameter(GMIME_OBJECT(part), "charset", "utf-8");
	g_mime_part_set_content(part, content);
	g_mime_part_set_content_encoding(part, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
	g_mime_multipart_add(to, GMIME_OBJECT(part));
	g_object_unref(content);
	g_object_unref(stream);
	g_object_unref(part);
}

/* From the Message-ID, for the same bytes at each try; "=_" never stands in quoted-printable (RFC 2045, 6.7). */
static const char *boundary_of(struct arena *a, const struct mail *m)
{
	struct sha256 hash = sha256_of(m->message_id);
	return arena_printf(a, "=_%.32s", hex_encode(a, sha256_str(&hash)).p).p;
}

static void set_date(GMimeMessage *message, const struct mail *m)
{
	GDateTime *utc = g_date_time_new_from_unix_utc(m->at.ms / 1000);
	GTimeZone *zone = g_time_zone_new_offset(m->offset_s);
	GDateTime *local = g_date_time_to_timezone(utc, zone);
	g_mime_message_set_date(message, local);
	g_date_time_unref(local);
	g_time_zone_unref(zone);
	g_date_time_unref(utc);
}

/* With the name in UTF-8, and not in whatever alphabet it would fit into. */
static void add_mailbox(InternetAddressList *to, const char *name, const char *address)
{
	InternetAddress *mailbox = internet_address_mailbox_new(name, address);
	internet_address_set_charset(mailbox, "utf-8");
	internet_address_list_add(to, mailbox);
	g_object_unref(mailbox);
}

static void set_headers(struct arena *a, GMimeMessage *message, const struct mail *m)
{
	GMimeObject *object = GMIME_OBJECT(message);
	const char *name = header_text(a, m->from_name);
	add_mailbox(g_mime_message_get_from(message), name, arena_cz(a, m->from));
	add_mailbox(g_mime_message_get_reply_to(message), name, arena_cz(a, m->reply_to));
	add_mailbox(g_mime_message_get_to(message), NULL, arena_cz(a, m->to));
	g_mime_message_set_subject(message, header_text(a, m->subject), "utf-8");
	set_date(message, m);
	g_mime_message_set_message_id(message, arena_cz(a, m->message_id));
	g_mime_object_set_header(object, "Content-Language", header_text(a, m->lang), NULL);
	/* So that nobody's absence is answered to us (RFC 3834, 5; the second is Exchange's). */
	g_mime_object_set_header(object, "Auto-Submitted", "auto-generated", NULL);
	g_mime_object_set_header(object, "X-Auto-Response-Suppress", "All", NULL);
}

struct err *mail_build(struct arena *a, const struct mail *m, struct str *ret)
{
	TRY(check(a, m));
	pthread_once(&once, start_gmime);
	GMimeMessage *message = g_mime_message_new(FALSE);
	GMimeMultipart *parts = g_mime_multipart_new_with_subtype("alternative");
	set_headers(a, message, m);
	g_mime_multipart_set_boundary(parts, boundary_of(a, m));
	add_part(a, parts, "plain", m->text);
	add_part(a, parts, "html", m->html.markup);
	g_mime_message_set_mime_part(message, GMIME_OBJECT(parts));
	GMimeFormatOptions *format = g_mime_format_options_new();
	g_mime_format_options_set_newline_format(format, GMIME_NEWLINE_FORMAT_DOS);
	char *bytes = g_mime_object_to_string(GMIME_OBJECT(message), format);
	*ret = arena_cstr(a, bytes);
	g_free(bytes);
	g_mime_format_options_free(format);
	g_object_unref(parts);
	g_object_unref(message);
	return NULL;
}
