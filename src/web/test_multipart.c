/*
 * Multipart bodies (RFC 7578, RFC 2046), fed whole and in every possible cut, and broken in every way that
 * was thought of.
 */
#include "base/testing.h"
#include "web/disposition.h"
#include "web/form_add.h"
#include "web/multipart.h"

#define TYPE "multipart/form-data; boundary=XyZ"
#define PART "--XyZ\r\nContent-Disposition: form-data; "

/* A sink that writes down what it is told: "<field|name>" bytes "</>", "<!>" when a file breaks off. */
struct record {
	struct buf out;
	enum err_code fails; /* every `bytes` with this, when not 0 */
	struct arena *arena;
};

static struct err *record_begin(void *state, struct form *form, struct str field, struct str file_name)
{
	struct record *r = state;
	(void)form;
	buf_printf(&r->out, "<%.*s|%.*s>", STR_FMT(field), STR_FMT(file_name));
	return NULL;
}

static struct err *record_bytes(void *state, struct str bytes)
{
	struct record *r = state;
	if (r->fails) return ERR(r->arena, r->fails, NULL, "the sink is full");
	buf_add(&r->out, bytes);
	return NULL;
}

static struct err *record_end(void *state)
{
	struct record *r = state;
	buf_add(&r->out, STR("</>"));
	return NULL;
}

static void record_abandon(void *state)
{
	struct record *r = state;
	buf_add(&r->out, STR("<!>"));
}

static const struct multipart_sink recorder = { record_begin, record_bytes, record_end, record_abandon };

struct parsed {
	struct form *form;
	struct record record;
};

/* `step`: bytes at a time; 0 for all at once. */
static struct err *parse(struct arena *a, const char *type, struct str body, size_t step, struct parsed *ret)
{
	struct multipart *m;
	ret->form = form_new(a);
	ret->record = (struct record){ .out = buf_new(a, 1 << 22), .arena = a, .fails = ret->record.fails };
	TRY(multipart_new(ret->form, str_of(type), &recorder, &ret->record, &m));
	for (size_t at = 0; at < body.n;) {
		size_t to = step ? at + step : body.n;
		struct err *e = multipart_feed(m, str_slice(body, at, to));
		if (e) multipart_abandon(m);
		if (e) return e;
		at = to;
	}
	struct err *e = multipart_finish(m);
	if (e) multipart_abandon(m);
	return e;
}

TEST(multipart_reads_fields_and_files_however_cut)
{
	struct str body = STR(PART
		"name=\"nombre\"\r\n\r\nMar\xc3\xad"
		"a\r\n" PART "name=\"plano\"; filename=\"plano final.pdf\"\r\nContent-Type: application/pdf\r\n\r\n"
		"%PDF\r\n--Xy\r\n-\r\r\n--XyA\r\n\r\n" PART "name=nota\r\n\r\n\r\n"
		"--XyZ--\r\nepilogue");
	/* "--XyA" is no delimiter: what only begins like one is content. */
	for (size_t step = 0; step <= body.n; step++) {
		struct parsed p = { 0 };
		CHECK_OK(parse(t->arena, TYPE, body, step, &p));
		CHECK_STR(form_text(p.form, STR("nombre")), "María");
		CHECK_STR(form_text(p.form, STR("nota")), "");
		CHECK_STR(buf_str(&p.record.out), "<plano|plano final.pdf>%PDF\r\n--Xy\r\n-\r\r\n--XyA\r\n</>");
	}
}

TEST(multipart_reports_no_file_for_an_input_left_alone)
{
	struct parsed p = { 0 };
	struct str body = STR(
		PART "name=\"a\"; filename=\"\"\r\nContent-Type: application/octet-stream\r\n\r\n\r\n" PART
			 "name=\"b\"; filename=\"empty.txt\"\r\n\r\n\r\n" PART
			 "name=\"c\"; filename=\"\"\r\n\r\nx\r\n--XyZ--\r\n");
	CHECK_OK(parse(t->arena, TYPE, body, 0, &p));
	CHECK_STR(buf_str(&p.record.out), "<b|empty.txt></><c|>x</>");
	CHECK(!form_has(p.form, STR("a")));
}

TEST(multipart_cleans_file_names)
{
	static const char *const names[][2] = {
		{ "C:\\\\Users\\\\Ana\\\\plano.pdf", "plano.pdf" },
		{ "../../etc/passwd", "passwd" },
		{ "a%22b\\\"c.pdf", "a\"b\"c.pdf" },
		{ "a%0D%0Ab", "a  b" },
		{ "\xe2\x80\xaegnp.exe", "gnp.exe" }, /* a right-to-left override hides what it is */
		{ "nombre\x01.pdf", "nombre.pdf" },
		{ "  espacio .pdf ", "espacio .pdf" },
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct parsed p = { 0 };
		struct str body = arena_printf(t->arena, PART "name=\"f\"; filename=\"%s\"\r\n\r\nx\r\n--XyZ--",
			names[i][0]);
		CHECK_OK(parse(t->arena, TYPE, body, 0, &p));
		CHECK_STR(buf_str(&p.record.out), arena_printf(t->arena, "<f|%s>x</>", names[i][1]).p);
	}
	struct str long_name = arena_printf(t->arena,
		"%0190d\xc3\xb1\xc3\xb1\xc3\xb1\xc3\xb1\xc3\xb1\xc3\xb1.pdf", 1);
	CHECK_INT(disposition_clean(t->arena, long_name).n, 200);
	struct str cut = disposition_clean(t->arena, arena_printf(t->arena, "x%s", long_name.p));
	CHECK_INT(cut.n, 199); /* not in the middle of a letter */
}

TEST(multipart_reads_boundaries_as_browsers_write_them)
{
	static const char *const types[] = {
		"multipart/form-data; boundary=XyZ",
		"multipart/form-data;boundary=\"XyZ\"",
		"Multipart/Form-Data; charset=utf-8; Boundary=XyZ",
	};
	struct parsed p = { 0 };
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		CHECK_OK(parse(t->arena, types[i], STR(PART "name=a\r\n\r\n1\r\n--XyZ--"), 0, &p));
}

TEST(multipart_refuses_bad_boundaries)
{
	static const char *const types[] = {
		"multipart/form-data",
		"multipart/form-data; boundary=",
		"multipart/form-data; boundary=\"XyZ",
		"multipart/form-data; boundary=X; boundary=Y",
		"multipart/form-data; boundary=\"a\r\nb\"",
		"multipart/form-data; boundary=\"ends with blank \"",
		"multipart/form-data; boundary=12345678901234567890123456789012345678901234567890123456789012345678901",
	};
	struct parsed p = { 0 };
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		CHECK_ERR(parse(t->arena, types[i], STR(""), 0, &p), ERR_MALFORMED);
	CHECK_ERR(parse(t->arena, "multipart/mixed; boundary=XyZ", STR(""), 0, &p), ERR_WRONG_TYPE);
}

TEST(multipart_refuses_broken_bodies_however_cut)
{
	static const char *const bodies[] = {
		"",
		"--XyZ",
		"preamble\r\n--XyZ\r\n",
		PART "name=a\r\n\r\n1",                                  /* truncated in a field */
		PART "name=a; filename=b\r\n\r\n1",                      /* in a file */
		PART "name=a; filename=b\r\n\r\n1\r\n--XyZ-",            /* in the last boundary */
		PART "name=a\r\n",                                       /* in the headers */
		PART "name=a\r\n\r\n1\r\n--XyZ..",                       /* neither CRLF nor -- */
		"--XyZ\r\nContent-Type: text/plain\r\n\r\n1\r\n--XyZ--", /* no disposition */
		"--XyZ\r\n\r\n1\r\n--XyZ--",                             /* no headers */
		"--XyZ\r\nContent-Disposition: attachment; name=a\r\n\r\n1\r\n--XyZ--",
		PART "name=a\r\nContent-Disposition: form-data; name=b\r\n\r\n1\r\n--XyZ--",
		PART "name=a\r\nContent-Transfer-Encoding: base64\r\n\r\nMQ==\r\n--XyZ--",
		PART "filename=a\r\n\r\n1\r\n--XyZ--", /* no name */
		PART "name=\"\"\r\n\r\n1\r\n--XyZ--",
		PART "name=\"a\r\n\r\n1\r\n--XyZ--", /* an open quote */
		PART "name=a; name=b\r\n\r\n1\r\n--XyZ--",
		PART "name=a; filename=b; filename=c\r\n\r\n1\r\n--XyZ--",
		PART "name=\xff\r\n\r\n1\r\n--XyZ--",
		PART "name=a\r\n\r\n\xff\r\n--XyZ--",
		PART "name=a\r\n\r\n\x01\r\n--XyZ--",
		PART "name=a; filename=\xff\r\n\r\n1\r\n--XyZ--",
		"--XyZ\r\nno colon\r\n\r\n1\r\n--XyZ--",
		"--XyZ\r\nContent-Disposition : form-data; name=a\r\n\r\n1\r\n--XyZ--",
	};
	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		struct str body = str_of(bodies[i]);
		for (size_t step = 0; step <= 40 && step <= body.n; step++) {
			struct parsed p = { 0 };
			struct err *e = parse(t->arena, TYPE, body, step, &p);
			if (!e || e->code != ERR_MALFORMED)
				test_fail(t, __FILE__, __LINE__, "case %zu in steps of %zu: %s", i, step,
					e ? e->detail : "taken");
		}
	}
	/* A file that has begun is abandoned, not ended. */
	struct parsed p = { 0 };
	CHECK_ERR(parse(t->arena, TYPE, STR(PART "name=a; filename=b\r\n\r\n1\r\n--Xy"), 0, &p), ERR_MALFORMED);
	CHECK_STR(buf_str(&p.record.out), "<a|b>1<!>");
}

TEST(multipart_is_bounded)
{
	struct parsed p = { 0 };
	struct arena *a = t->arena;
	struct buf parts = buf_new(a, 1 << 20), files = buf_new(a, 1 << 20);
	for (int i = 0; i <= MULTIPART_MAX_PARTS; i++)
		buf_printf(&parts, PART "name=f%d\r\n\r\n1\r\n", i);
	buf_add(&parts, STR("--XyZ--"));
	CHECK_ERR(parse(a, TYPE, buf_str(&parts), 0, &p), ERR_TOO_LARGE);
	for (int i = 0; i <= MULTIPART_MAX_FILES; i++)
		buf_printf(&files, PART "name=f%d; filename=x\r\n\r\n1\r\n", i);
	buf_add(&files, STR("--XyZ--"));
	CHECK_ERR(parse(a, TYPE, buf_str(&files), 0, &p), ERR_TOO_LARGE);

	struct str header = arena_printf(a, PART "name=a\r\nX: %0*d\r\n\r\n1\r\n--XyZ--", MULTIPART_MAX_HEADER,
		1);
	CHECK_ERR(parse(a, TYPE, header, 0, &p), ERR_TOO_LARGE);
	struct str value = arena_printf(a, PART "name=a\r\n\r\n%0*d\r\n--XyZ--", FORM_MAX_VALUE + 1, 1);
	CHECK_ERR(parse(a, TYPE, value, 0, &p), ERR_TOO_LARGE);
	CHECK_ERR(parse(a, TYPE, value, 7, &p), ERR_TOO_LARGE);
	struct str name = arena_printf(a, PART "name=%0*d; filename=b\r\n\r\n1\r\n--XyZ--", FORM_MAX_NAME + 1, 1);
	CHECK_ERR(parse(a, TYPE, name, 0, &p), ERR_TOO_LARGE);
}

TEST(multipart_passes_the_sinks_error_on)
{
	struct parsed p = { .record = { .fails = ERR_UNAVAILABLE } };
	CHECK_ERR(parse(t->arena, TYPE, STR(PART "name=a; filename=b\r\n\r\n1\r\n--XyZ--"), 0, &p),
		ERR_UNAVAILABLE);
	CHECK_STR(buf_str(&p.record.out), "<a|b><!>");
}

TEST(disposition_writes_names_for_every_browser)
{
	CHECK_STR(disposition_write(t->arena, false, STR("Resolución 12\".pdf")),
		"attachment; filename=\"Resoluci__n 12_.pdf\"; filename*=UTF-8''Resoluci%C3%B3n%2012%22.pdf");
	CHECK_STR(disposition_write(t->arena, true, STR("")), "inline; filename=\"file\"; filename*=UTF-8''file");
}
