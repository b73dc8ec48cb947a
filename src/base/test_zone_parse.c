#include "base/buf.h"
#include "base/testing.h"
#include "base/zone.h"

/* A TZif file is built from its parts, so that one of them at a time can be wrong. */
struct sample {
	char version;
	int64_t at_s[4];
	int at_count, type_count, chars, leaps;
	int offset_s[2];
	int index; /* of every change */
	const char *footer;
};

static const struct sample plain = { .version = '2',
	.at_s = { 100, 200 },
	.at_count = 2,
	.type_count = 2,
	.chars = 4,
	.offset_s = { 0, 3600 },
	.index = 1,
	.footer = "\nCET-1\n" };

static void add_number(struct buf *b, uint64_t n, int bytes)
{
	for (int i = bytes - 1; i >= 0; i--)
		buf_add_char(b, (char)(n >> (8 * i)));
}

static void add_zeros(struct buf *b, int count)
{
	for (int i = 0; i < count; i++)
		buf_add_char(b, '\0');
}

static void add_header(struct buf *b, const struct sample *s, bool empty)
{
	buf_add(b, STR("TZif"));
	buf_add_char(b, s->version);
	add_zeros(b, 15);
	const int counts[] = { 0, 0, s->leaps, s->at_count, s->type_count, s->chars };
	for (int i = 0; i < 6; i++)
		add_number(b, empty ? 0 : (uint64_t)counts[i], 4);
}

static struct str file_of(struct test *t, const struct sample *s)
{
	struct buf b = buf_new(t->arena, 64 * 1024);
	add_header(&b, s, true);
	add_header(&b, s, false);
	for (int i = 0; i < s->at_count && i < 4; i++)
		add_number(&b, (uint64_t)s->at_s[i], 8);
	for (int i = 0; i < s->at_count && i < 4; i++)
		add_number(&b, (uint64_t)s->index, 1);
	for (int i = 0; i < s->type_count && i < 2; i++) {
		add_number(&b, (uint32_t)s->offset_s[i], 4);
		add_number(&b, 0, 2);
	}
	add_zeros(&b, s->chars);
	add_zeros(&b, s->leaps * 12);
	buf_add(&b, str_of(s->footer));
	return buf_str(&b);
}

static bool accepted(struct test *t, const struct sample *s)
{
	struct zone *z = NULL;
	struct err *e = zone_parse(t->arena, file_of(t, s), &z);
	return !e && z;
}

static bool footer_accepted(struct test *t, const char *rule)
{
	struct sample s = plain;
	s.footer = arena_printf(t->arena, "\n%s\n", rule).p;
	return accepted(t, &s);
}

TEST(zone_parse_takes_the_plain_sample)
{
	struct zone *z;
	CHECK_OK(zone_parse(t->arena, file_of(t, &plain), &z));
	CHECK_INT(zone_clock(z, (struct instant){ 99999 }).offset_s, 0);
	CHECK_INT(zone_clock(z, (struct instant){ 100000 }).offset_s, 3600);
	CHECK_INT(zone_clock(z, (struct instant){ 300000 }).offset_s, 3600);
	CHECK_INT(zone_clock(z, (struct instant){ -1 }).offset_s, 0);
	CHECK_STR(zone_name(z), "");
	struct sample s = plain;
	s.version = '4';
	s.footer = "\n\n"; /* nothing known after the table: its last offset stays */
	CHECK_OK(zone_parse(t->arena, file_of(t, &s), &z));
	CHECK_INT(zone_clock(z, (struct instant){ 300000 }).offset_s, 3600);
	s.at_count = 0;
	CHECK_OK(zone_parse(t->arena, file_of(t, &s), &z));
	CHECK_INT(zone_clock(z, (struct instant){ 300000 }).offset_s, 0);
}

TEST(zone_parse_refuses_each_wrong_part)
{
	struct sample wrong[] = { plain, plain, plain, plain, plain, plain, plain, plain, plain, plain, plain };
	wrong[0].version = '\0';
	wrong[1].version = '5';
	wrong[2].at_s[1] = 100; /* not ascending */
	wrong[3].index = 2;
	wrong[4].type_count = 0;
	wrong[5].chars = 0;
	wrong[6].leaps = 1;
	wrong[7].offset_s[1] = 27 * 3600;
	wrong[8].offset_s[0] = -26 * 3600;
	wrong[9].at_count = 0x7fffffff; /* more than the file holds */
	wrong[10].type_count = 0x7fffffff;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		CHECK(!accepted(t, &wrong[i]));
}

TEST(zone_parse_refuses_every_shortened_file)
{
	struct str whole = file_of(t, &plain);
	for (size_t n = 0; n < whole.n; n++) {
		struct zone *z = NULL;
		/* A copy of exactly that length, so that the sanitizer sees a byte read too far. */
		struct str part = arena_str(t->arena, str_slice(whole, 0, n));
		CHECK_ERR(zone_parse(t->arena, part, &z), ERR_MALFORMED);
	}
}

/* RFC 8536, section 3.3 and its examples; POSIX.1-2017, section 8.3. */
TEST(zone_footer_rules)
{
	static const char *const good[] = { "UTC0", "CST6", "CET-1CEST,M3.5.0,M10.5.0/3", "<-03>3",
		"<+0545>-5:45", "EST5EDT,M3.2.0,M11.1.0", "HST10", "NZST-12NZDT,M9.5.0,M4.1.0/3",
		"IST-1GMT0,M10.5.0,M3.5.0/1", "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "EET-2EEST,M3.4.4/50,M10.4.4/50",
		"XXX3EDT4,0/0,J365/23", "EST5EDT4:30:30,J60/2:00:00,365/+3" };
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		CHECK(footer_accepted(t, good[i]));
	static const char *const bad[] = { "C1", "CET", "CET-1CEST", "CET-1CEST,M3.5.0",
		"CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.0.0,M10.5.0",
		"CET-1CEST,M3.5.7,M10.5.0", "CET-25", "CET-1CEST,J0,J365", "CET-1CEST,J366,J365", "CET-1CEST,366,0",
		"CET-1CEST,M3.5.0/168,M10.5.0", "<CET-1", "CET-1:60", "CET-1CEST,M3.5.0,M10.5.0,", "CET-1 ",
		":Europe/Madrid", "<>-1", "CET-1CEST,M3.5.0/,M10.5.0" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		CHECK(!footer_accepted(t, bad[i]));
	struct sample s = plain;
	s.footer = "CET-1\n";
	CHECK(!accepted(t, &s));
	s.footer = "\nCET-1";
	CHECK(!accepted(t, &s));
}

static struct str offset_by(struct test *t, const char *rule, const char *utc)
{
	struct sample s = plain;
	struct zone *z;
	struct instant at;
	s.footer = arena_printf(t->arena, "\n%s\n", rule).p;
	if (zone_parse(t->arena, file_of(t, &s), &z) || !instant_parse(str_of(utc), &at)) return STR("refused");
	return arena_printf(t->arena, "%d", zone_clock(z, at).offset_s);
}

TEST(zone_footer_days_in_all_three_forms)
{
	/* J60 is 1 March in every year; 59 is 29 February in a leap year and 1 March otherwise. */
	CHECK_STR(offset_by(t, "AAA0BBB,J60/0,J300/0", "2024-02-29T23:59:59Z"), "0");
	CHECK_STR(offset_by(t, "AAA0BBB,J60/0,J300/0", "2024-03-01T00:00:00Z"), "3600");
	CHECK_STR(offset_by(t, "AAA0BBB,J60/0,J300/0", "2023-02-28T23:59:59Z"), "0");
	CHECK_STR(offset_by(t, "AAA0BBB,J60/0,J300/0", "2023-03-01T00:00:00Z"), "3600");
	CHECK_STR(offset_by(t, "AAA0BBB,59/0,300/0", "2024-02-28T23:59:59Z"), "0");
	CHECK_STR(offset_by(t, "AAA0BBB,59/0,300/0", "2024-02-29T00:00:00Z"), "3600");
	CHECK_STR(offset_by(t, "AAA0BBB,59/0,300/0", "2023-03-01T00:00:00Z"), "3600");
	/* The fifth Thursday means the last, here the fourth: 23 February 2023. */
	CHECK_STR(offset_by(t, "AAA0BBB,M2.5.4/0,M10.1.0/0", "2023-02-22T23:59:59Z"), "0");
	CHECK_STR(offset_by(t, "AAA0BBB,M2.5.4/0,M10.1.0/0", "2023-02-23T00:00:00Z"), "3600");
	/* RFC 8536, 3.3.1: summer time all year, also over the turn of the year. */
	CHECK_STR(offset_by(t, "XXX3EDT4,0/0,J365/23", "2027-07-01T00:00:00Z"), "-14400");
	CHECK_STR(offset_by(t, "XXX3EDT4,0/0,J365/23", "2028-01-01T03:00:00Z"), "-14400");
	CHECK_STR(offset_by(t, "XXX3EDT4,0/0,J365/23", "2028-01-01T03:59:59Z"), "-14400");
	/* Summer over New Year, in the south. */
	CHECK_STR(offset_by(t, "AAA0BBB,M10.1.0,M3.1.0", "2030-01-15T00:00:00Z"), "3600");
	CHECK_STR(offset_by(t, "AAA0BBB,M10.1.0,M3.1.0", "2030-07-15T00:00:00Z"), "0");
}
