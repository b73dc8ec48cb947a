/* Look-ups in a pack. */
#include "core/definition/pack.h"

/* For lists of structs whose first member is the id. */
static const void *find(const void *items, size_t count, size_t size, struct str id)
{
	for (size_t i = 0; i < count; i++) {
		const char *item = (const char *)items + i * size;
		if (str_eq(*(const struct str *)(const void *)item, id)) return item;
	}
	return NULL;
}

const struct procedure *pack_procedure(const struct pack *p, struct str slug)
{
	for (size_t i = 0; i < p->procedures.count; i++)
		if (str_eq(p->procedures.items[i]->id, slug)) return p->procedures.items[i];
	return NULL;
}

const struct department *pack_department(const struct pack *p, struct str id)
{
	return find(p->departments.items, p->departments.count, sizeof(struct department), id);
}

const struct office *pack_office(const struct pack *p, struct str id)
{
	return find(p->offices.items, p->offices.count, sizeof(struct office), id);
}

const struct officer *pack_officer(const struct pack *p, struct str id)
{
	return find(p->officers.items, p->officers.count, sizeof(struct officer), id);
}

const struct topic *pack_topic(const struct pack *p, struct str id)
{
	return find(p->topics.items, p->topics.count, sizeof(struct topic), id);
}

struct text pack_text(const struct pack *p, struct str id)
{
	const struct pack_text *t = find(p->texts.items, p->texts.count, sizeof(struct pack_text), id);
	return t ? t->text : (struct text){ 0 };
}

bool openings_at(const struct openings *o, const struct calendar *c, struct date day, int minute,
	int *ret_until_minute)
{
	enum day_kind kind = calendar_day_kind(c, day);
	if (kind == DAY_HOLIDAY) return false;
	for (size_t i = 0; i < o->count; i++) {
		const struct opening *x = &o->items[i];
		if (!(x->weekdays >> date_weekday(day) & 1) || minute < x->from_minute || minute >= x->to_minute)
			continue;
		*ret_until_minute = x->to_minute;
		return true;
	}
	return false;
}

struct str pack_map_origin(const struct pack_map *m)
{
	struct str rest = m->tiles;
	if (!str_starts_with(rest, STR("https://"))) return STR_NONE;
	ptrdiff_t slash = str_find_char(str_slice(rest, sizeof "https://" - 1, rest.n), '/');
	return slash < 0 ? rest : str_slice(rest, 0, sizeof "https://" - 1 + (size_t)slash);
}
