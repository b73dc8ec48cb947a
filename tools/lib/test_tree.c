#include <sys/stat.h>
#include <unistd.h>
#include "base/testing.h"
#include "tools/lib/tree.h"

TEST(tree_reads_and_writes)
{
	char pattern[] = "/tmp/tree-test-XXXXXX";
	CHECK(mkdtemp(pattern) != NULL);
	struct str root = str_of(pattern);
	bool changed = false;
	CHECK_OK(tree_write(t->arena, root, STR("b/c/two.html"), STR("2"), &changed));
	CHECK(changed);
	CHECK_OK(tree_write(t->arena, root, STR("a.html"), STR("1"), &changed));
	CHECK_OK(tree_write(t->arena, root, STR(".hidden.html"), STR("-"), &changed));
	CHECK_OK(tree_write(t->arena, root, STR("other.txt"), STR("-"), &changed));
	CHECK_OK(tree_write(t->arena, root, STR("a.html"), STR("1"), &changed));
	CHECK(!changed);
	struct tree_files files;
	CHECK_OK(tree_read(t->arena, root, (const char *const[]){ ".html", NULL }, &files));
	CHECK_INT(files.count, 2);
	CHECK_STR(files.items[0].path, "a.html");
	CHECK_STR(files.items[1].path, "b/c/two.html");
	CHECK_STR(files.items[1].text, "2");
	static const char *const made[] = { "b/c/two.html", "a.html", ".hidden.html", "other.txt" };
	for (size_t i = 0; i < 4; i++)
		unlink(arena_printf(t->arena, "%s/%s", pattern, made[i]).p);
	rmdir(arena_printf(t->arena, "%s/b/c", pattern).p);
	rmdir(arena_printf(t->arena, "%s/b", pattern).p);
	CHECK(rmdir(pattern) == 0);
	CHECK_ERR(tree_read(t->arena, root, (const char *const[]){ "", NULL }, &files), ERR_NOT_FOUND);
}

TEST(tree_complaints_have_the_form_editors_read)
{
	struct buf text = buf_new(t->arena, 1000);
	struct complaints c = { .out = &text };
	complain(&c, (struct place){ STR("src/x.html"), 3, 7 }, "no %s", "such");
	CHECK_INT(c.count, 1);
	CHECK_STR(buf_str(&text), "src/x.html:3:7: error: no such\n");
}
