#include "core/i18n.h"
#include "core/layout/parts.h"
#include "i18n/core.h"

/* Boxes are 41 × 35 with 7 between; a week is a row of five. */
enum {
	BOX_STEP_X = 48,
	BOX_STEP_Y = 42,
	BOX_LEFT = 1,
	BOX_TOP = 1,
	PER_WEEK = 5,
	ROW_MIN = 12,
	TEXT_X = 22,
	TEXT_Y = 25,
	TEXT_Y_ROW = 27
};

void days_view_fill(struct arena *a, struct str lang, const enum strip_day *days, size_t count, bool is_row,
	struct days_view *ret)
{
	struct strip_box *boxes = ARENA_ARRAY(a, struct strip_box, count);
	int per_row = is_row && count > 0 ? (int)count : PER_WEEK, number = 0, used = 0;
	bool is_paused_now = false;
	for (int i = 0; i < (int)count; i++) {
		int column = i % per_row, row = i / per_row;
		bool is_paused = days[i] == STRIP_PAUSED;
		if (!is_paused) number++;
		if (days[i] == STRIP_PAUSED || days[i] == STRIP_USED || days[i] == STRIP_TODAY)
			is_paused_now = is_paused;
		if (days[i] == STRIP_USED) used++;
		boxes[i] = (struct strip_box){
			.state = days[i],
			.label = is_paused ? STR("II") : arena_printf(a, "%d", number),
			.x = BOX_LEFT + column * BOX_STEP_X,
			.y = BOX_TOP + row * BOX_STEP_Y,
			.text_x = TEXT_X + column * BOX_STEP_X,
			.text_y = (is_row ? TEXT_Y_ROW : TEXT_Y) + row * BOX_STEP_Y,
		};
	}
	int columns = (int)count < per_row ? (int)count : per_row;
	if (is_row && columns < ROW_MIN) columns = ROW_MIN; /* a short strip is not drawn larger */
	int rows = ((int)count + per_row - 1) / per_row;
	*ret = (struct days_view){
		.label = i18n_format(a, lang, is_paused_now ? MSG_CORE_DAYS_LABEL_PAUSED : MSG_CORE_DAYS_LABEL,
			(const struct i18n_arg[]){ I18N_ARG("n", number), I18N_ARG("used", used), { 0 } }),
		.boxes = { boxes, count },
		.width = columns * BOX_STEP_X - 4,
		.height = rows * BOX_STEP_Y - 4,
		.is_row = is_row,
	};
}
