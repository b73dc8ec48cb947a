/* The file store: there and back at every size around a chunk, and every way to tamper with a stored file. */
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "data/files_store.h"
#include "data/test_support.h"

static struct str pattern(struct test *t, size_t n)
{
	char *p = arena_alloc(t->arena, n + 1);
	for (size_t i = 0; i < n; i++)
		p[i] = (char)(i * 31 + (i >> 8) * 7 + 3);
	return (struct str){ p, n };
}

/* Where the file lies on the disk. */
static const char *disk_path(struct test *t, struct str folder, struct str name)
{
	char path[FILE_PATH_BYTES];
	file_path(name, path);
	return arena_printf(t->arena, "%.*s/%s", STR_FMT(folder), path).p;
}

TEST(files_round_trip_at_all_sizes)
{
	static const size_t sizes[] = { 0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES,
		3 * CHUNK_BYTES + 17 };
	struct files *f;
	CHECK_OK(files_open(t->arena, support_folder(t), &f));
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct file_facts facts;
		struct str bytes = pattern(t, sizes[i]), got;
		CHECK_OK(file_store(f, t->arena, bytes, &facts));
		CHECK_INT(facts.bytes, sizes[i]);
		CHECK_INT(facts.name.n, FILE_NAME_CHARS);
		CHECK_INT(facts.sha256.n, 32);
		CHECK_OK(file_load(f, t->arena, facts.name, facts.key, facts.bytes, 1 << 20, &got));
		CHECK(str_eq(got, bytes));
	}
}

/* FIPS 180-4's example: the hash is that of the plain bytes. */
TEST(files_hash_is_sha256_of_the_plain_bytes)
{
	static const char abc[] = "\xba\x78\x16\xbf\x8f\x01\xcf\xea\x41\x41\x40\xde\x5d\xae\x22\x23"
							  "\xb0\x03\x61\xa3\x96\x17\x7a\x9c\xb4\x10\xff\x61\xf2\x00\x15\xad";
	struct files *f;
	struct file_facts facts;
	CHECK_OK(files_open(t->arena, support_folder(t), &f));
	CHECK_OK(file_store(f, t->arena, STR("abc"), &facts));
	CHECK(str_eq(facts.sha256, (struct str){ abc, 32 }));
}

TEST(files_streams_in_pieces_and_reads_ranges)
{
	struct files *f;
	struct file_writer *w;
	struct file_reader *r;
	struct file_facts facts;
	struct str bytes = pattern(t, 200000), got;
	CHECK_OK(files_open(t->arena, support_folder(t), &f));
	CHECK_OK(file_create(f, t->arena, 200000, &w));
	for (size_t at = 0, n = 1; at < bytes.n; at += n, n = n * 3 % 9973 + 1) {
		if (n > bytes.n - at) n = bytes.n - at;
		CHECK_OK(file_write(w, str_slice(bytes, at, at + n)));
	}
	CHECK_OK(file_finish(w, &facts));
	CHECK_OK(file_open(f, t->arena, facts.name, facts.key, facts.bytes, &r));
	static const size_t ranges[][2] = { { 0, 10 }, { 65530, 12 }, { 65536, 65536 }, { 131072, 1 },
		{ 199999, 1 }, { 10, 199990 }, { 5, 5 } };
	for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
		CHECK_OK(file_read(r, t->arena, (int64_t)ranges[i][0], ranges[i][1], &got));
		CHECK(str_eq(got, str_slice(bytes, ranges[i][0], ranges[i][0] + ranges[i][1])));
	}
	CHECK_OK(file_read(r, t->arena, 199990, 1000, &got));
	CHECK_INT(got.n, 10);
	CHECK_OK(file_read(r, t->arena, 200000, 1000, &got));
	CHECK_INT(got.n, 0);
}

TEST(files_limit)
{
	struct files *f;
	struct file_writer *w;
	struct str got;
	struct file_facts facts;
	CHECK_OK(files_open(t->arena, support_folder(t), &f));
	CHECK_OK(file_create(f, t->arena, 5, &w));
	CHECK_OK(file_write(w, STR("abcde")));
	CHECK_ERR(file_write(w, STR("f")), ERR_TOO_LARGE);
	CHECK_OK(file_finish(w, &facts));
	CHECK_ERR(file_load(f, t->arena, facts.name, facts.key, facts.bytes, 4, &got), ERR_TOO_LARGE);
}

/* --- tampering ------------------------------------------------------------------------------------------ */

static bool reads(struct test *t, struct files *f, const struct file_facts *facts)
{
	struct str got;
	return file_load(f, t->arena, facts->name, facts->key, facts->bytes, 1 << 20, &got) == NULL;
}

TEST(files_notice_a_changed_bit)
{
	struct files *f;
	struct file_facts facts;
	struct str folder = support_folder(t);
	CHECK_OK(files_open(t->arena, folder, &f));
	CHECK_OK(file_store(f, t->arena, pattern(t, CHUNK_BYTES + 100), &facts));
	int fd = open(disk_path(t, folder, facts.name), O_RDWR);
	CHECK(fd >= 0);
	static const off_t places[] = { 0, 1000, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + TAG_BYTES,
		CHUNK_BYTES + 130 };
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		char byte, other;
		CHECK_INT(pread(fd, &byte, 1, places[i]), 1);
		other = (char)(byte ^ 4);
		CHECK_INT(pwrite(fd, &other, 1, places[i]), 1);
		CHECK(!reads(t, f, &facts));
		CHECK_INT(pwrite(fd, &byte, 1, places[i]), 1);
		CHECK(reads(t, f, &facts));
	}
	close(fd);
}

/* Cut anywhere, at a chunk's end too, and even if the length on record is made to fit. */
TEST(files_notice_truncation_and_growth)
{
	struct files *f;
	struct file_facts facts;
	struct str folder = support_folder(t);
	CHECK_OK(files_open(t->arena, folder, &f));
	CHECK_OK(file_store(f, t->arena, pattern(t, 2 * CHUNK_BYTES), &facts));
	const char *path = disk_path(t, folder, facts.name);
	CHECK(reads(t, f, &facts));
	CHECK_INT(truncate(path, 2 * (CHUNK_BYTES + TAG_BYTES) + 1), 0);
	CHECK(!reads(t, f, &facts));
	CHECK_INT(truncate(path, CHUNK_BYTES + TAG_BYTES), 0);
	CHECK(!reads(t, f, &facts));
	facts.bytes = CHUNK_BYTES;
	CHECK(!reads(t, f, &facts));
	CHECK_INT(truncate(path, TAG_BYTES), 0);
	facts.bytes = 0;
	CHECK(!reads(t, f, &facts));
}

TEST(files_notice_swapped_chunks)
{
	struct files *f;
	struct file_facts facts;
	struct str folder = support_folder(t);
	enum { SEALED = CHUNK_BYTES + TAG_BYTES };
	CHECK_OK(files_open(t->arena, folder, &f));
	CHECK_OK(file_store(f, t->arena, pattern(t, 3 * CHUNK_BYTES), &facts));
	char *chunks = arena_alloc(t->arena, 2 * SEALED);
	int fd = open(disk_path(t, folder, facts.name), O_RDWR);
	CHECK_INT(pread(fd, chunks, 2 * SEALED, 0), 2 * SEALED);
	CHECK_INT(pwrite(fd, chunks + SEALED, SEALED, 0), SEALED);
	CHECK_INT(pwrite(fd, chunks, SEALED, SEALED), SEALED);
	close(fd);
	CHECK(!reads(t, f, &facts));
}

TEST(files_need_their_own_key_and_a_real_name)
{
	struct files *f;
	struct file_facts one, two;
	struct file_reader *r;
	CHECK_OK(files_open(t->arena, support_folder(t), &f));
	CHECK_OK(file_store(f, t->arena, STR("one"), &one));
	CHECK_OK(file_store(f, t->arena, STR("two"), &two));
	CHECK(!str_eq(one.key, two.key) && !str_eq(one.name, two.name));
	struct file_facts mixed = one;
	mixed.key = two.key;
	CHECK(!reads(t, f, &mixed));
	CHECK_ERR(file_open(f, t->arena, STR("../../etc/passwd"), one.key, 3, &r), ERR_INTERNAL);
	CHECK_ERR(file_erase(f, t->arena, STR("tmp")), ERR_INTERNAL);
}

/* --- erasing and collecting ----------------------------------------------------------------------------- */

TEST(files_erase)
{
	struct files *f;
	struct file_facts facts;
	struct file_reader *r;
	CHECK_OK(files_open(t->arena, support_folder(t), &f));
	CHECK_OK(file_store(f, t->arena, STR("x"), &facts));
	CHECK_OK(file_erase(f, t->arena, facts.name));
	CHECK_ERR(file_open(f, t->arena, facts.name, facts.key, 1, &r), ERR_GONE);
	CHECK_OK(file_erase(f, t->arena, facts.name));
}

static bool is_the_kept_one(void *state, struct str name) { return str_eq(*(const struct str *)state, name); }

static void make_old(const char *path)
{
	struct timeval old[2] = { { 1000, 0 }, { 1000, 0 } };
	must(utimes(path, old) == 0);
}

TEST(files_collect_orphans_only_when_old)
{
	struct files *f;
	struct str folder = support_folder(t);
	struct file_facts kept, orphan, fresh;
	struct file_writer *unfinished;
	int erased = -1;
	CHECK_OK(files_open(t->arena, folder, &f));
	CHECK_OK(file_store(f, t->arena, STR("kept"), &kept));
	CHECK_OK(file_store(f, t->arena, STR("orphan"), &orphan));
	CHECK_OK(file_store(f, t->arena, STR("fresh"), &fresh));
	CHECK_OK(file_create(f, t->arena, 10, &unfinished));
	make_old(disk_path(t, folder, kept.name));
	make_old(disk_path(t, folder, orphan.name));
	CHECK_OK(
		files_collect(f, t->arena, (struct instant){ 2000 * 1000 }, is_the_kept_one, &kept.name, &erased));
	CHECK_INT(erased, 1);
	CHECK(reads(t, f, &kept) && reads(t, f, &fresh) && !reads(t, f, &orphan));
	struct instant tomorrow = { instant_of_machine().ms + 86400 * 1000 };
	CHECK_OK(files_collect(f, t->arena, tomorrow, is_the_kept_one, &kept.name, &erased));
	CHECK_INT(erased, 2); /* `fresh`, and what was never finished */
	CHECK(reads(t, f, &kept));
	file_abandon(unfinished);
}

/* An upload that ends in the middle leaves nothing behind. */
TEST(files_abandoned_with_the_arena)
{
	struct files *f;
	struct str folder = support_folder(t);
	struct file_writer *w;
	struct arena *request = arena_new(1024 * 1024);
	CHECK_OK(files_open(t->arena, folder, &f));
	CHECK_OK(file_create(f, request, 10, &w));
	CHECK_OK(file_write(w, STR("abc")));
	arena_free(request);
	CHECK_INT(rmdir(arena_printf(t->arena, "%.*s/tmp", STR_FMT(folder)).p), 0);
}

TEST(files_folder_must_be_private)
{
	struct files *f;
	struct str folder = support_folder(t);
	CHECK_INT(chmod(folder.p, 0755), 0);
	CHECK_ERR(files_open(t->arena, folder, &f), ERR_UNAVAILABLE);
	CHECK_INT(chmod(folder.p, 0700), 0);
	CHECK_ERR(files_open(t->arena, STR("/nonexistent"), &f), ERR_UNAVAILABLE);
}
