/* Choice of language for texts of definitions. */
#include "core/definition/text.h"

/* "es-MX" and "es" share "es". */
static struct str base_of(struct str lang)
{
	ptrdiff_t hyphen = str_find_char(lang, '-');
	return hyphen < 0 ? lang : str_slice(lang, 0, (size_t)hyphen);
}

static const struct text_entry *text_entry_in(struct text t, struct str lang)
{
	struct str base = base_of(lang);
	const struct text_entry *near = NULL;
	for (size_t i = 0; i < t.count; i++) {
		if (str_eq_ci(t.items[i].lang, lang)) return &t.items[i];
		if (!near && str_eq_ci(base_of(t.items[i].lang), base)) near = &t.items[i];
	}
	if (near) return near;
	return t.count ? &t.items[0] : NULL;
}

struct str text_in(struct text t, struct str lang)
{
	const struct text_entry *e = text_entry_in(t, lang);
	return e ? e->text : STR_NONE;
}

struct str text_lang(struct text t, struct str lang)
{
	const struct text_entry *e = text_entry_in(t, lang);
	return e ? e->lang : STR_NONE;
}

struct text text_of(struct arena *a, struct str lang, struct str s)
{
	struct text t = { .items = ARENA_NEW(a, struct text_entry), .count = 1 };
	t.items[0] = (struct text_entry){ .lang = lang, .text = s };
	return t;
}

bool source_is_address(struct str source)
{
	return str_starts_with(source, STR("https://")) || str_starts_with(source, STR("http://"));
}
