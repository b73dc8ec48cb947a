#include "base/testing.h"
#include "core/asset.h"
#include "core/view.h"
#include "web/assets.h"
#include "i18n/core.h"

static struct view new_view(struct test *t, struct buf *out)
{
	*out = buf_new(t->arena, 64 * 1024);
	return (struct view){ .out = out, .arena = t->arena, .lang = STR("es"), .csrf = STR("a\"b") };
}

TEST(view_prints_by_type)
{
	struct buf out;
	struct view v = new_view(t, &out);
	VIEW_TEXT(&v, STR("<&>"));
	VIEW_TEXT(&v, -3);
	VIEW_TEXT(&v, (int64_t)1 << 40);
	VIEW_TEXT(&v, (size_t)7);
	VIEW_TEXT(&v, (const char *)"'\"");
	CHECK_STR(buf_str(&out), "&lt;&amp;&gt;-310995116277767&#39;&quot;");
	buf_clear(&out);
	VIEW_URL(&v, STR("javascript:alert(1)"));
	VIEW_URL(&v, STR(" JaVaScRiPt:x"));
	VIEW_URL(&v, STR("/a?b=c&d"));
	VIEW_URL_PART(&v, STR("a/b:c&"));
	VIEW_URL_PART(&v, 12);
	CHECK_STR(buf_str(&out), "##/a?b=c&amp;da%2Fb%3Ac%2612");
}

TEST(view_csrf_and_icons)
{
	struct buf out;
	struct view v = new_view(t, &out);
	view_csrf(&v);
	CHECK_STR(buf_str(&out), "<input type=\"hidden\" name=\"_csrf\" value=\"a&quot;b\">");
	buf_clear(&out);
	view_icon(&v, STR("home-2"));
	CHECK(str_find(buf_str(&out), STR("<use href=\"" ASSET_ICONS_SVG "#i-home-2\"/>")) > 0);
	buf_clear(&out);
	view_icon(&v, STR("x\"><script>"));
	view_icon(&v, STR_NONE);
	CHECK_STR(buf_str(&out), "");
}

TEST(view_messages_escape_text_and_values)
{
	struct buf out;
	struct view v = new_view(t, &out);
	view_message(&v, MSG_CORE_PAGE_TITLE,
		(const struct i18n_arg[]){ I18N_ARG("title", STR("<b>")), I18N_ARG("town", STR("\"x\"")), { 0 } });
	CHECK_STR(buf_str(&out), "&lt;b&gt; · &quot;x&quot;");
}

TEST(view_has)
{
	CHECK(VIEW_HAS(STR("x")) && !VIEW_HAS(STR("")) && !VIEW_HAS(STR_NONE));
	CHECK(!VIEW_HAS(DATE_NONE) && !VIEW_HAS(INSTANT_NONE) && VIEW_HAS(((struct date){ 0 })));
	CHECK(!VIEW_HAS(((struct html){ STR_NONE })) && VIEW_HAS(&t->failed) && !VIEW_HAS((const char *)NULL));
}

TEST(view_finish_refuses_a_cut_page)
{
	struct buf out = buf_new(t->arena, 4);
	struct view v = { .out = &out, .arena = t->arena };
	struct html page;
	VIEW_TEXT(&v, STR("1234"));
	CHECK_OK(view_finish(&v, &page));
	VIEW_TEXT(&v, STR("5"));
	CHECK_ERR(view_finish(&v, &page), ERR_INTERNAL);
}

TEST(asset_addresses)
{
	const struct asset *css = asset_find(STR("css/ventanilla.css"));
	CHECK(css != NULL);
	CHECK_STR(css->address, ASSET_CSS_VENTANILLA_CSS);
	CHECK(str_find(css->address, str_slice(css->version, 1, css->version.n - 1)) == sizeof("/activos/") - 1);
	CHECK(css->gzip.n > 0 && css->gzip.n < css->bytes.n / 3);
	CHECK(asset_by_address(css->address) == css);
	CHECK(asset_by_address(STR("/activos/000000000000/css/ventanilla.css")) == NULL);
	CHECK(asset_find(STR("nothing.css")) == NULL);
	/* The content policy has no place for other hosts or data:. */
	CHECK(str_find(css->bytes, STR("url(\"/activos/")) > 0);
	CHECK(str_find(css->bytes, STR("http")) < 0 && str_find(css->bytes, STR("url(data:")) < 0);
	CHECK(str_starts_with(asset_find(STR("fonts/piazzolla-latin.woff2"))->bytes, STR("wOF2")));
}
