/* The two forms of a notice: the page in the town's colours, and plain text that lacks nothing. */
#include "base/utf8.h"
#include "core/notice/notice.html.h"
#include "core/notice/notice_content.h"
#include "core/page.h"
#include "i18n/notice.h"

enum { PAGE_MAX = 512 * 1024, TEXT_MAX = 256 * 1024, STYLE_MAX = 4096 };

/* --- the page ------------------------------------------------------------------------------------------------ */

/*
 * Mail fetches nothing: no font, no picture, no sheet. Paper and ink are those of web/css/ventanilla.css; the town's
 * colours come from its pack, which pack_check() has measured (on dark paper: test_notice.c).
 */
static struct html style_of(struct arena *a, const struct look *look)
{
	uint32_t town = look->colours[LOOK_TOWN], on = look->colours[LOOK_ON_TOWN];
	uint32_t deep = look->colours[LOOK_TOWN_DEEP], glow = look->colours[LOOK_TOWN_GLOW];
	struct buf out = buf_new(a, STYLE_MAX);
	buf_add(&out,
		STR("<style>body{margin:0;padding:24px 16px;background:#f5f4ef;color:#17211d;"
			"font:18px/1.5 \"Atkinson Hyperlegible Next\",\"Atkinson Hyperlegible\",\"Segoe UI\",Roboto,Helvetica,Arial,"
			"sans-serif}"
			"main{max-width:560px;margin:0 auto;padding:32px;background:#fff;border-radius:0 0 8px 8px;"
			"overflow-wrap:anywhere}"
			"h1{font:700 30px/1.15 Piazzolla,Georgia,serif;margin:16px 0}p{margin:0 0 16px}"
			"ul{margin:0 0 16px;padding-left:20px}li{margin-bottom:8px}"
			"dl{margin:24px 0;border-top:1px solid #d9dad2}dt{font-weight:700;padding-top:12px}"
			"dd{margin:0;padding-bottom:12px;border-bottom:1px solid #d9dad2}"
			".go{display:inline-block;padding:14px 24px;border-radius:8px;font-weight:700;text-decoration:none}"
			".due{padding:12px 16px;border-left:6px solid #7d4a00;background:#fdeecb}"
			".town{font-weight:700;margin:0}.small{font-size:15px;color:#4a5651}"
			".demo{max-width:592px;margin:0 auto;padding:8px 16px;background:#17211d;color:#fff;font-size:15px}"));
	buf_printf(&out, "main{border-top:6px solid #%06x}a{color:#%06x}a.go{background:#%06x;color:#%06x}", town,
		town, town, on);
	buf_printf(&out,
		"@media (max-width:420px){body{padding:0}main{padding:24px 16px;border-radius:0}h1{font-size:26px}}"
		"@media (prefers-color-scheme:dark){body{background:#101714;color:#f0f2ee}main{background:#1a2420}"
		".small{color:#b8c2bd}a{color:#%06x}a.go{background:#%06x;color:#%06x}"
		".due{background:#3a2a08;border-color:#ffc453}dl,dd{border-color:#3b4742}.demo{background:#3b4742}}</style>",
		glow, glow, deep);
	return html_of_generated(buf_str(&out));
}

struct err *notice_page(const struct case_record *c, struct arena *a, struct instant now,
	const struct notice_content *v, struct html *ret)
{
	struct buf out = buf_new(a, PAGE_MAX);
	struct locale locale = page_locale(a, c->pack);
	struct page_look look = { .now = now };
	struct view view = { .out = &out,
		.arena = a,
		.lang = v->lang,
		.zone = c->town->zone,
		.locale = &locale,
		.look = &look };
	struct notice_content styled = *v;
	styled.style = style_of(a, &c->pack->look);
	notice_mail_html(&view, &styled);
	return view_finish(&view, ret);
}

/* --- plain text ---------------------------------------------------------------------------------------------- */

static void add_wrapped_line(struct buf *out, struct str line, struct str indent)
{
	size_t column = 0;
	while (!str_is_none(line)) {
		struct str word = str_cut(&line, ' ');
		size_t width = utf8_length(word);
		if (width == 0) continue;
		if (column > 0 && column + 1 + width > NOTICE_COLUMNS) {
			buf_add_char(out, '\n');
			buf_add(out, indent);
			column = indent.n;
		} else if (column > 0) {
			buf_add_char(out, ' ');
			column++;
		}
		buf_add(out, word);
		column += width;
	}
	buf_add_char(out, '\n');
}

/* A paragraph keeps the line ends that somebody typed. */
static void add_paragraph(struct buf *out, struct str text)
{
	if (str_is_empty(text)) return;
	while (!str_is_none(text))
		add_wrapped_line(out, str_trim(str_cut(&text, '\n')), STR(""));
	buf_add_char(out, '\n');
}

static void add_facts(struct arena *a, struct buf *out, const struct notice_facts *facts, const char *mark)
{
	struct str indent = str_of(*mark ? "  " : "");
	for (size_t i = 0; i < facts->count; i++)
		add_wrapped_line(out,
			arena_printf(a, "%s%.*s: %.*s", mark, STR_FMT(facts->items[i].key),
				STR_FMT(facts->items[i].value)),
			indent);
	if (facts->count) buf_add_char(out, '\n');
}

struct str notice_text(struct arena *a, const struct notice_content *v)
{
	struct buf out = buf_new(a, TEXT_MAX);
	if (!str_is_none(v->demo)) add_paragraph(&out, arena_printf(a, "[%.*s]", STR_FMT(v->demo)));
	struct str sub = str_is_empty(v->sub) ? STR("") : arena_printf(a, ", %.*s", STR_FMT(v->sub));
	add_paragraph(&out, arena_printf(a, "%.*s%.*s", STR_FMT(v->town), STR_FMT(sub)));
	add_paragraph(&out, v->title);
	add_paragraph(&out, v->greeting);
	for (size_t i = 0; i < v->text.count; i++)
		add_paragraph(&out, v->text.items[i]);
	add_facts(a, &out, &v->missing, "- ");
	if (!str_is_none(v->due))
		add_paragraph(&out, arena_printf(a, "%.*s%.*s", STR_FMT(v->due), STR_FMT(v->due_more)));
	add_paragraph(&out, arena_printf(a, "%.*s:\n%.*s", STR_FMT(v->button), STR_FMT(v->href)));
	add_facts(a, &out, &v->facts, "");
	add_paragraph(&out, v->help);
	add_paragraph(&out, v->safety);
	add_wrapped_line(&out, v->why, STR(""));
	return buf_str(&out);
}
