#include "base/html.h"
#include "base/testing.h"

static struct str written(struct test *t, void (*write)(struct buf *, struct str), const char *s)
{
	struct buf b = buf_new(t->arena, 4096);
	write(&b, str_of(s));
	return buf_str(&b);
}

TEST(html_text_escapes_the_five)
{
	CHECK_STR(written(t, html_text, "<a href=\"x\" title='y'>R&D</a>"),
		"&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;R&amp;D&lt;/a&gt;");
	CHECK_STR(written(t, html_text, "Alineamiento y Número"), "Alineamiento y Número");
	CHECK_STR(written(t, html_text, ""), "");
	CHECK_STR(written(t, html_text, NULL), "");
	CHECK_STR(written(t, html_text, "&amp;"), "&amp;amp;");
}

TEST(html_url_lets_known_schemes_paths_and_fragments_pass)
{
	static const char *const good[] = { "https://leon.example/a?b=c", "HTTP://leon.example",
		"mailto:a@b.example", "tel:+524771234567", "/tramites/x", "tramites/x", "../x", "#top", "?page=2", "",
		"/a:b", "x/y:z", "#a:b" };
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		CHECK_STR(written(t, html_url, good[i]), good[i]);
	CHECK_STR(written(t, html_url, "/a?b=1&c=\"2\""), "/a?b=1&amp;c=&quot;2&quot;");
}

/* The WHATWG URL standard's parser removes tabs and line ends, trims, and reads '\' as '/'. */
TEST(html_url_refuses_what_could_run_or_lead_elsewhere)
{
	static const char *const bad[] = { "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)",
		"java\nscript:alert(1)", "java\tscript:x", "\x01javascript:x", "data:text/html,x", "vbscript:x",
		"file:///etc/passwd", "blob:x", ":x", "//evil.example/", "/\\evil.example", "\\\\evil.example",
		"http\\:x", "/\t/evil.example", "ftp://x", "javascript\x7f:x" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		CHECK_STR(written(t, html_url, bad[i]), "#");
}

/* RFC 3986, section 2.3. */
TEST(html_url_part_encodes_all_but_the_unreserved)
{
	CHECK_STR(written(t, html_url_part, "AZaz09-._~"), "AZaz09-._~");
	CHECK_STR(written(t, html_url_part, "a b/c?d=e&f#g%ñ+"), "a%20b%2Fc%3Fd%3De%26f%23g%25%C3%B1%2B");
}

TEST(html_raw_takes_markup_only)
{
	struct buf b = buf_new(t->arena, 64);
	html_raw(&b, html_of_generated(STR("<b>x</b>")));
	CHECK_STR(buf_str(&b), "<b>x</b>");
}
