/* The town's six colours: contrast by WCAG 2 (relative luminance), and the small style sheet. */
#include <math.h>
#include "core/definition/look_check.h"

const char *look_token_name(enum look_token token)
{
	static const char *const names[] = {
#define X(e, name) name,
		LOOK_TOKENS(X)
#undef X
	};
	return names[token];
}

static double channel_luminance(uint32_t byte)
{
	double c = byte / 255.0;
	return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double luminance(uint32_t rgb)
{
	return 0.2126 * channel_luminance(rgb >> 16 & 255) + 0.7152 * channel_luminance(rgb >> 8 & 255) +
		0.0722 * channel_luminance(rgb & 255);
}

int look_contrast(uint32_t a, uint32_t b)
{
	double x = luminance(a), y = luminance(b);
	double ratio = (fmax(x, y) + 0.05) / (fmin(x, y) + 0.05);
	return (int)(ratio * 100); /* cut, not rounded: 4.499 does not pass 4.5 */
}

/* What of the common sheet the town's colours meet. Equal to web/css/ventanilla.css; test_look.c compares. */
static const struct {
	const char *name;
	uint32_t rgb;
} common[] = {
	{ "paper", 0xffffff },
	{ "ground", 0xf5f4ef },
	{ "ground-2", 0xeae9e1 },
	{ "warn-tint", 0xfdeecb },
	{ "ink-2", 0x4a5651 },
};

struct pair {
	const char *front, *back;
	int least; /* × 100 */
};
static const struct pair pairs[] = {
	{ "town", "paper", 450 },
	{ "town", "ground", 450 },
	{ "town", "ground-2", 450 },
	{ "town", "town-tint", 450 },
	{ "town", "warn-tint", 450 },
	{ "on-town", "town-deep", 700 },
	{ "ink-2", "town-tint", 450 },
	{ "town-glow", "town-deep", 700 },
	{ "town-line", "town-deep", 300 },
	{ "on-town", "town", 450 },
};

static uint32_t colour_of(const struct look *look, const char *name)
{
	for (size_t i = 0; i < sizeof common / sizeof *common; i++)
		if (strcmp(common[i].name, name) == 0) return common[i].rgb;
	for (int i = 0; i < LOOK_TOKEN_MAX; i++)
		if (strcmp(look_token_name((enum look_token)i), name) == 0) return look->colours[i];
	return 0;
}

static int look_token_named(const char *name)
{
	for (int i = 0; i < LOOK_TOKEN_MAX; i++)
		if (strcmp(look_token_name((enum look_token)i), name) == 0) return i;
	return -1;
}

void look_check(struct reader *r, const struct look *look)
{
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		int is = look_contrast(colour_of(look, pairs[i].front), colour_of(look, pairs[i].back));
		if (is >= pairs[i].least) continue;
		/* Told at the front colour; where that is one of the common sheet, at the back. */
		int at = look_token_named(pairs[i].front);
		const void *place = &look->colours[at >= 0 ? at : look_token_named(pairs[i].back)];
		reader_error(r, place, "%s on %s has a contrast of %d.%02d:1; at least %d.%d:1 is needed",
			pairs[i].front, pairs[i].back, is / 100, is % 100, pairs[i].least / 100,
			pairs[i].least % 100 / 10);
	}
}

uint32_t look_common_colour(const char *name) { return colour_of(&(struct look){ 0 }, name); }

struct str look_css(struct arena *a, const struct look *look, struct str slug)
{
	struct buf out = buf_new(a, 1000);
	buf_printf(&out, "[data-town=\"%.*s\"]{", STR_FMT(slug));
	for (int i = 0; i < LOOK_TOKEN_MAX; i++)
		buf_printf(&out, "--%s:#%06x;", look_token_name((enum look_token)i), look->colours[i]);
	buf_add(&out, STR("}\n"));
	return buf_str(&out);
}

/* ---- the mark ---------------------------------------------------------------------------------------- */

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == ':' || c == '-';
}

/* Served inline and drawn on paper: shapes only. */
const char *logo_problem(struct str svg)
{
	static const char *const elements[] = { "svg", "g", "path", "rect", "circle", "ellipse", "line",
		"polyline", "polygon", "title", "desc", NULL };
	if (svg.n > 20000) return "the mark is larger than 20 kB";
	if (!str_starts_with(str_trim(svg), STR("<svg"))) return "the mark does not start with <svg";
	for (size_t i = 0; i < svg.n; i++) {
		if (svg.p[i] != '<') continue;
		size_t from = i + 1 + (i + 1 < svg.n && svg.p[i + 1] == '/'), to = from;
		while (to < svg.n && is_name_char(svg.p[to]))
			to++;
		struct str name = str_slice(svg, from, to);
		int at = 0;
		while (elements[at] && !str_eq(name, str_of(elements[at])))
			at++;
		if (!elements[at])
			return "the mark may hold shapes only: g, path, rect, circle, ellipse, line, polyline, polygon";
	}
	static const char *const words[] = { " on", "href", "url(", "style", "javascript", "&", NULL };
	for (int i = 0; words[i]; i++)
		if (str_find(svg, str_of(words[i])) >= 0)
			return "the mark may hold no events, references, styles or entities";
	return NULL;
}
