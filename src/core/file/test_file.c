/* Attachments: told by their content, opened by nobody before the scanner has, replaced when it refuses them. */
#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/case/test_town.h"
#include "core/file/file.h"
#include "core/file/queries.h"
#include "core/job/job.h"

/* --- types -------------------------------------------------------------------------------------------------------------- */

TEST(media_is_told_by_content_and_not_by_name)
{
	static const struct {
		const char *head;
		size_t n;
		enum media media;
	} files[] = {
		{ "%PDF-1.7\n", 9, MEDIA_PDF },
		{ "\n\n%PDF-1.4", 10,
			MEDIA_PDF }, /* ISO 32000: the header may stand anywhere in the first 1024 bytes */
		{ "\xff\xd8\xff\xe0", 4, MEDIA_JPEG },
		{ "\x89PNG\r\n\x1a\n", 8, MEDIA_PNG },
		{ "  0\r\nSECTION\r\n  2\r\nHEADER\r\n", 27, MEDIA_DXF },
		{ "999\nmade by hand\n0\nSECTION\n", 27, MEDIA_DXF },
		{ "AutoCAD Binary DXF\r\n\x1a", 21, MEDIA_DXF },
		{ "MZ\x90\0", 4, MEDIA_OTHER }, /* a program called plano.pdf */
		{ "<html><script>", 14, MEDIA_OTHER },
		{ "GIF89a", 6, MEDIA_OTHER },
		{ "PK\x03\x04", 4, MEDIA_OTHER },
		{ "0\nsection\n", 10, MEDIA_OTHER },
		{ "", 0, MEDIA_OTHER },
	};
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		struct str head = { files[i].head, files[i].n };
		if (media_of(head) != files[i].media)
			test_fail(t, __FILE__, __LINE__, "case %zu is %d, not %d", i, (int)media_of(head),
				(int)files[i].media);
	}
}

TEST(file_sizes_as_people_read_them)
{
	const struct number_style style = { .decimal = '.', .thousands = ',' };
	CHECK_STR(file_size_text(t->arena, 0, &style), "0 KB");
	CHECK_STR(file_size_text(t->arena, 1, &style), "1 KB");
	CHECK_STR(file_size_text(t->arena, 640 * 1000, &style), "640 KB");
	CHECK_STR(file_size_text(t->arena, 1840 * 1000, &style), "1.8 MB");
	CHECK_STR(file_size_text(t->arena, 25 * 1024 * 1024, &style), "26.2 MB");
}

/* --- a scanner that knows one signature --------------------------------------------------------------------------------- */

/* Speaks clamd's INSTREAM: chunks, each after its length, a zero length, then the verdict. "VIRUS" is one, "CONFUSE"
 * makes it say something else. */
struct scanner {
	struct str path;
	int listener;
	pthread_t thread;
	int asked;
};

static bool read_all(int fd, char *to, size_t n)
{
	while (n > 0) {
		ssize_t got = read(fd, to, n);
		if (got <= 0) return false;
		to += got;
		n -= (size_t)got;
	}
	return true;
}

static void serve_one(int fd)
{
	static const char ok[] = "stream: OK", found[] = "stream: Prueba-Virus FOUND",
					  odd[] = "INSTREAM size limit exceeded";
	char command[10], bytes[64 * 1024];
	uint32_t length = 1;
	struct str verdict = { ok, sizeof ok };
	if (!read_all(fd, command, sizeof command)) return;
	while (read_all(fd, (char *)&length, sizeof length) && ntohl(length) > 0) {
		size_t n = ntohl(length);
		if (n > sizeof bytes || !read_all(fd, bytes, n)) return;
		if (str_find((struct str){ bytes, n }, STR("VIRUS")) >= 0)
			verdict = (struct str){ found, sizeof found };
		if (str_find((struct str){ bytes, n }, STR("CONFUSE")) >= 0)
			verdict = (struct str){ odd, sizeof odd };
	}
	(void)!write(fd, verdict.p, verdict.n);
}

static void *scanner_main(void *input)
{
	struct scanner *s = input;
	for (int fd; (fd = accept(s->listener, NULL, NULL)) >= 0; close(fd)) {
		s->asked++;
		serve_one(fd);
	}
	return NULL;
}

static bool scanner_start(struct scanner *s, struct test_town *tt)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	*s = (struct scanner){ .path = arena_printf(tt->arena, "%.*s/clamd.sock", STR_FMT(tt->folder)) };
	memcpy(address.sun_path, s->path.p, s->path.n);
	s->listener = socket(AF_UNIX, SOCK_STREAM, 0);
	if (bind(s->listener, (const struct sockaddr *)&address, sizeof address) || listen(s->listener, 4))
		return false;
	tt->options.scanner = s->path;
	return !pthread_create(&s->thread, NULL, scanner_main, s) && test_town_reopen(tt);
}

static void scanner_stop(struct scanner *s)
{
	shutdown(s->listener, SHUT_RDWR);
	close(s->listener);
	pthread_join(s->thread, NULL);
}

static struct str state_of(struct test_town *tt, const char *field)
{
	struct str sql = arena_printf(tt->arena,
		"SELECT f.scan || '/' || a.state FROM attachment a JOIN stored_file f ON f.id = a.file_id WHERE a.field = '%s'",
		field);
	return test_text(tt, arena_cz(tt->arena, sql));
}

static struct err *open_first(struct test_town *tt)
{
	struct file_info info;
	struct file_reader *reader;
	return file_open_stored(tt->town, tt->db, tt->arena, test_number(tt, "SELECT min(id) FROM stored_file"),
		&info, &reader);
}

TEST(file_is_opened_by_nobody_before_the_scanner)
{
	struct test_town tt;
	struct scanner scanner;
	if (!test_town_open(t, &tt) || !scanner_start(&scanner, &tt)) return;
	struct filed filed = test_file(&tt, &(struct test_filing){ .with_files = true });
	struct err *before = open_first(&tt);
	int ran = test_drain(&tt);
	struct err *after = open_first(&tt);
	scanner_stop(&scanner);
	CHECK(filed.case_id);
	CHECK(before && before->code == ERR_FORBIDDEN && str_eq(str_of(before->key), STR("file.quarantine")));
	CHECK(ran >= 3);
	CHECK_OK(after);
	CHECK_STR(state_of(&tt, "identificacion"), "clean/given");
	CHECK_INT(scanner.asked, 2);
}

TEST(file_with_a_virus_is_refused_and_another_asked_for)
{
	struct test_town tt;
	struct scanner scanner;
	if (!test_town_open(t, &tt) || !scanner_start(&scanner, &tt)) return;
	struct filed filed = test_file(&tt,
		&(struct test_filing){ .with_files = true, .file_bytes = "%PDF-1.7 VIRUS" });
	CHECK(filed.case_id); /* the filing stands */
	int ran = test_drain(&tt);
	struct err *after = open_first(&tt);
	scanner_stop(&scanner);
	CHECK(ran >= 3);
	CHECK_STR(state_of(&tt, "identificacion"), "infected/refused");
	CHECK_STR(state_of(&tt, "documento_predio"), "clean/given");
	CHECK(after && after->code == ERR_FORBIDDEN);
	CHECK_STR(test_text(&tt, "SELECT reason FROM attachment WHERE field = 'identificacion'"),
		"file.infected");
	CHECK(str_find(test_text(&tt, "SELECT text FROM case_message"), STR("ine.pdf")) >= 0);
	CHECK_STR(test_text(&tt, "SELECT kind FROM case_message"), "staff");
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM job WHERE state = 'dead'"), 0);
	CHECK_STR(test_record(&tt, filed.case_id).row.state, "received"); /* and the clock runs on */
}

/* Nobody has looked: it waits, and is looked at when the scanner is back. */
TEST(file_waits_for_a_scanner_that_is_down_or_confused)
{
	struct test_town tt;
	struct scanner scanner;
	if (!test_town_open(t, &tt)) return;
	tt.options.scanner = arena_printf(t->arena, "%.*s/clamd.sock", STR_FMT(tt.folder));
	CHECK(test_town_reopen(&tt));
	CHECK(test_file(&tt, &(struct test_filing){ .with_files = true, .file_bytes = "%PDF-1.7 CONFUSE" })
			  .case_id);
	CHECK(test_drain(&tt) >= 3);
	CHECK_STR(state_of(&tt, "identificacion"), "quarantine/given");
	CHECK_STR(state_of(&tt, "documento_predio"), "quarantine/given");
	CHECK(scanner_start(&scanner, &tt));
	bool moved = test_town_forward(&tt, 60);
	int ran = test_drain(&tt);
	scanner_stop(&scanner);
	CHECK(moved && ran >= 2);
	CHECK_STR(state_of(&tt, "identificacion"), "quarantine/given"); /* not a verdict: tried again later */
	CHECK_STR(state_of(&tt, "documento_predio"), "clean/given");
}

TEST(file_of_a_town_without_scanner_says_so)
{
	struct test_town tt;
	if (!test_town_open(t, &tt)) return;
	CHECK(test_file(&tt, &(struct test_filing){ .with_files = true }).case_id);
	CHECK(test_drain(&tt) >= 3);
	CHECK_STR(state_of(&tt, "identificacion"), "unscanned/given");
	CHECK_OK(open_first(&tt));
}

/* Erasure destroys the key: the bytes are noise, and a job that comes later has nothing to do. */
TEST(file_without_key_is_gone)
{
	struct test_town tt;
	struct scanner scanner;
	if (!test_town_open(t, &tt) || !scanner_start(&scanner, &tt)) return;
	struct filed filed = test_file(&tt, &(struct test_filing){ .with_files = true });
	bool wrote = test_write(&tt, "UPDATE stored_file SET wrapped_key = NULL");
	int ran = test_drain(&tt);
	struct err *after = open_first(&tt);
	scanner_stop(&scanner);
	CHECK(filed.case_id && wrote && ran >= 3);
	CHECK(after && after->code == ERR_GONE);
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM job WHERE kind = 'file.scan' AND state <> 'done'"), 0);
}
