/* /estilo: what everything is made of. */
#include "mod/styleguide/guide_base.html.h"
#include "mod/styleguide/pages.h"

/* Tokens of web/css/ventanilla.css that are colours, as its swatches are called. */
static const char colours[] =
	"town town-deep town-tint town-line town-glow ink ink-2 line-strong line ground ground-2 ok info warn bad sun";
/* Of web/icons.svg; tests/browser/styleguide.test.mjs holds the two lists against each other. */
static const char icons[] =
	"accessible adjustments alert-circle alert-triangle arrow-back-up arrow-down arrow-left "
	"arrow-right arrow-up bell building-bank building-store calendar calendar-event cash "
	"certificate chart-bar check chevron-left chevron-right circle-check clock clock-pause "
	"cloud-check coin copy crane current-location device-laptop download external-link eye "
	"file-certificate file-text hand-stop history home home-2 inbox info-circle keyboard language "
	"lock map-2 map-pin message minus pencil phone player-pause plus printer qrcode ruler-2 scale "
	"search shield-check shield-x sign-right signature tool trash user user-check users "
	"wheelchair x";

static struct guide_names names_of(struct request *r, const char *list)
{
	enum { NAMES_MAX = 100 };
	struct guide_names names = { ARENA_ARRAY(r->arena, struct str, NAMES_MAX), 0 };
	struct str rest = str_of(list);
	while (!str_is_none(rest)) {
		must(names.count < NAMES_MAX);
		names.items[names.count++] = str_cut(&rest, ' ');
	}
	return names;
}

static struct guide_tags tags_of(struct request *r)
{
	static const struct {
		enum part_tone tone;
		const char *icon;
	} kinds[] = {
		{ TONE_PLAIN, NULL },
		{ TONE_INFO, "clock-pause" },
		{ TONE_OK, "check" },
		{ TONE_WARN, "hand-stop" },
		{ TONE_BAD, "alert-triangle" },
		{ TONE_TOWN, "user" },
	};
	size_t count = sizeof(kinds) / sizeof(kinds[0]);
	struct guide_tags tags = { ARENA_ARRAY(r->arena, struct tag_view, count), count };
	for (size_t i = 0; i < count; i++)
		tags.items[i] = (struct tag_view){ kinds[i].tone, guide_text(r, MSG_STYLEGUIDE_TAG),
			str_of(kinds[i].icon) };
	return tags;
}

static struct guide_notices notices_of(struct request *r)
{
	static const enum part_tone tones[] = { TONE_PLAIN, TONE_OK, TONE_WARN, TONE_BAD };
	size_t count = sizeof(tones) / sizeof(tones[0]);
	struct guide_notices notices = { ARENA_ARRAY(r->arena, struct notice_view, count), count };
	for (size_t i = 0; i < count; i++)
		notices.items[i] = (struct notice_view){ .tone = tones[i],
			.title = i ? guide_text(r, MSG_STYLEGUIDE_NOTICE_TITLE) : STR_NONE,
			.text = guide_text(r, MSG_STYLEGUIDE_NOTICE_TEXT),
			.href = i == 2 ? STR("/estilo") : STR_NONE,
			.link = guide_text(r, MSG_STYLEGUIDE_SEE) };
	return notices;
}

struct err *guide_base_page(struct request *r, struct response *out)
{
	struct view *view = page_view(r);
	struct guide_base_view v = { .page = guide_page(r),
		.head = guide_head(r),
		.colours = names_of(r, colours),
		.icons = names_of(r, icons),
		.tags = tags_of(r),
		.notices = notices_of(r),
		.altered = guide_paper(r, VERDICT_ALTERED, MSG_STYLEGUIDE_ALTERED, MSG_STYLEGUIDE_ALTERED_LEAD) };
	guide_base_html(view, &v);
	page_send(out, view);
	return NULL;
}
