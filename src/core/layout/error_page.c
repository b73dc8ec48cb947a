#include "core/layout/error_page.h"
#include "core/layout/error.html.h"
#include "i18n/core.h"

struct error_texts {
	int status;
	enum message title, text, what_to_do;
};

/* The last stands for every other status. */
static const struct error_texts texts[] = {
	{ 400, MSG_CORE_ERROR_400_TITLE, MSG_CORE_ERROR_400_TEXT, MSG_CORE_ERROR_400_DO },
	{ 401, MSG_CORE_ERROR_401_TITLE, MSG_CORE_ERROR_401_TEXT, MSG_CORE_ERROR_401_DO },
	{ 403, MSG_CORE_ERROR_403_TITLE, MSG_CORE_ERROR_403_TEXT, MSG_CORE_ERROR_403_DO },
	{ 404, MSG_CORE_ERROR_404_TITLE, MSG_CORE_ERROR_404_TEXT, MSG_CORE_ERROR_404_DO },
	{ 405, MSG_CORE_ERROR_405_TITLE, MSG_CORE_ERROR_405_TEXT, MSG_CORE_ERROR_405_DO },
	{ 409, MSG_CORE_ERROR_409_TITLE, MSG_CORE_ERROR_409_TEXT, MSG_CORE_ERROR_409_DO },
	{ 410, MSG_CORE_ERROR_410_TITLE, MSG_CORE_ERROR_410_TEXT, MSG_CORE_ERROR_410_DO },
	{ 413, MSG_CORE_ERROR_413_TITLE, MSG_CORE_ERROR_413_TEXT, MSG_CORE_ERROR_413_DO },
	{ 415, MSG_CORE_ERROR_415_TITLE, MSG_CORE_ERROR_415_TEXT, MSG_CORE_ERROR_415_DO },
	{ 421, MSG_CORE_ERROR_421_TITLE, MSG_CORE_ERROR_421_TEXT, MSG_CORE_ERROR_421_DO },
	{ 422, MSG_CORE_ERROR_422_TITLE, MSG_CORE_ERROR_422_TEXT, MSG_CORE_ERROR_422_DO },
	{ 429, MSG_CORE_ERROR_429_TITLE, MSG_CORE_ERROR_429_TEXT, MSG_CORE_ERROR_429_DO },
	{ 503, MSG_CORE_ERROR_503_TITLE, MSG_CORE_ERROR_503_TEXT, MSG_CORE_ERROR_503_DO },
	{ 500, MSG_CORE_ERROR_500_TITLE, MSG_CORE_ERROR_500_TEXT, MSG_CORE_ERROR_500_DO },
};

static const struct error_texts *texts_of(int status)
{
	const struct error_texts *t = texts;
	while (t->status != status && t->status != 500)
		t++;
	return t;
}

struct str error_page_title(struct str lang, int status) { return i18n_text(lang, texts_of(status)->title); }

void error_page_write(struct view *out, int status, struct str message, struct str request_id)
{
	const struct error_texts *t = texts_of(status);
	struct str title = i18n_text(out->lang, t->title);
	bool is_office = out->look && str_starts_with(out->look->path, STR("/oficina"));
	struct error_view v = {
		.page = { .title = title, .is_hidden = true },
		.title = title,
		.text = str_is_empty(message) ? i18n_text(out->lang, t->text) : message,
		.what_to_do = i18n_text(out->lang, t->what_to_do),
		.request_id = request_id,
		.back_href = is_office ? STR("/oficina") : STR("/"),
		.back_text = i18n_text(out->lang, is_office ? MSG_CORE_ERROR_OFFICE : MSG_CORE_ERROR_HOME),
	};
	if (out->look)
		error_page_html(out, &v);
	else
		error_bare_html(out, &v);
}
