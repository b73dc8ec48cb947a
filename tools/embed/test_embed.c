/* Addresses by content, rewritten style sheets, compressed copies. */
#include <zlib.h>
#include "base/testing.h"
#include "tools/embed/embed.h"

static struct str prepare(struct test *t, const struct tree_file *files, size_t count,
	struct embed_assets *ret)
{
	struct buf text = buf_new(t->arena, 4096);
	struct complaints c = { .out = &text };
	struct tree_file *copy = ARENA_ARRAY(t->arena, struct tree_file, count);
	memcpy(copy, files, count * sizeof *files);
	embed_prepare(t->arena, STR("web"), (struct tree_files){ copy, count }, ret, &c);
	return buf_str(&text);
}

TEST(embed_addresses)
{
	struct embed_assets all;
	const struct tree_file files[] = {
		{ STR("a.css"), STR("p{background:url( 'fonts/x.woff2' )}q{fill:url(#g)}") },
		{ STR("css/b.css"), STR("@font-face{src:url(\"../fonts/x.woff2\") format(\"woff2\")}") },
		{ STR("fonts/x.woff2"), STR("abc") },
		{ STR("README.md"), STR("left out") },
	};
	CHECK_STR(prepare(t, files, 4, &all), "");
	CHECK_INT(all.count, 3);
	/* FIPS 180-4, SHA-256 of "abc": ba7816bf 8f01… */
	CHECK_STR(all.items[2].address, "/activos/ba7816bf8f01/fonts/x.woff2");
	CHECK_STR(all.items[0].bytes,
		"p{background:url(\"/activos/ba7816bf8f01/fonts/x.woff2\")}q{fill:url(#g)}");
	CHECK_STR(all.items[1].bytes,
		"@font-face{src:url(\"/activos/ba7816bf8f01/fonts/x.woff2\") format(\"woff2\")}");
	CHECK_STR(all.items[1].name, "ASSET_CSS_B_CSS");
	CHECK_STR(all.items[1].type, "text/css; charset=utf-8");
	CHECK(str_is_none(all.items[2].gzip));
}

TEST(embed_mistakes)
{
	static const struct {
		struct tree_file file;
		const char *why;
	} cases[] = {
		{ { { "a.css", 5 }, { "\n\np{x:url(gone.png)}", 19 } },
			"web/a.css:3:1: error: there is no 'gone.png'" },
		{ { { "a.css", 5 }, { "p{x:url(../../etc)}", 19 } }, "there is no '../../etc'" },
		{ { { "a.css", 5 }, { "p{x:url(https://x.example/y)}", 29 } }, "there is no 'https:" },
		{ { { "a.css", 5 }, { "p{x:url(data:image/png,x)}", 26 } }, "there is no 'data:" },
		{ { { "a.css", 5 }, { "@import 'b.css'", 15 } }, "@import" },
		{ { { "a.css", 5 }, { "p{x:url(y", 9 } }, "url( without )" },
		{ { { "a.exe", 5 }, { "x", 1 } }, "a file of unknown type" },
		{ { { "a b.css", 7 }, { "x", 1 } }, "a name with other characters" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct embed_assets all;
		struct str said = prepare(t, &cases[i].file, 1, &all);
		if (str_find(said, str_of(cases[i].why)) < 0)
			test_fail(t, __FILE__, __LINE__, "case %zu gave \"%.*s\"", i, STR_FMT(said));
	}
	struct embed_assets all;
	const struct tree_file twins[] = { { STR("a-b.js"), STR("x") }, { STR("a_b.js"), STR("y") } };
	CHECK(str_find(prepare(t, twins, 2, &all), STR("too like a-b.js")) >= 0);
}

TEST(embed_compresses)
{
	struct buf text = buf_new(t->arena, 64 * 1024);
	for (int i = 0; i < 1000; i++)
		buf_printf(&text, "p%d{color:red}", i);
	struct embed_assets all;
	const struct tree_file file = { STR("a.css"), buf_str(&text) };
	CHECK_STR(prepare(t, &file, 1, &all), "");
	struct str gzip = all.items[0].gzip;
	CHECK(gzip.n > 0 && gzip.n < text.n / 3);
	CHECK_INT((unsigned char)gzip.p[0], 0x1f); /* RFC 1952 */
	CHECK_INT((unsigned char)gzip.p[4], 0);    /* no time: the same bytes every build */
	char *plain = arena_alloc(t->arena, text.n);
	z_stream z = { .next_in = (unsigned char *)(uintptr_t)gzip.p,
		.avail_in = (unsigned)gzip.n,
		.next_out = (unsigned char *)plain,
		.avail_out = (unsigned)text.n };
	CHECK(inflateInit2(&z, 15 + 16) == Z_OK);
	int end = inflate(&z, Z_FINISH);
	inflateEnd(&z);
	CHECK_INT(end, Z_STREAM_END);
	CHECK(memcmp(plain, text.p, text.n) == 0);
}

TEST(embed_emits)
{
	struct embed_assets all;
	const struct tree_file file = {
		STR("icons.svg"),
		STR("<svg><symbol id=\"i-home-2\"><path/></symbol>\n<symbol id=\"i-x\"></symbol></svg>?\"\\\xc3\xb1")
	};
	CHECK_STR(prepare(t, &file, 1, &all), "");
	struct str header = embed_emit_header(t->arena, &all), source = embed_emit_source(t->arena, &all);
	CHECK(str_find(header, STR("#define ICON_HOME_2 \"/activos/")) >= 0);
	CHECK(str_find(header, STR("/icons.svg#i-home-2\"\n")) >= 0);
	CHECK(str_find(header, STR("#define ICON_X ")) >= 0);
	CHECK(str_find(source, STR("</svg>\\077\\042\\134\\303\\261\"")) >= 0);
	CHECK(str_find(source, STR("const size_t asset_count = 1;")) >= 0);
}
