/* The office's side of core/page.h: who is signed in, and the rail made of all modules' menus. */
#include "core/module.h"
#include "core/page.h"

enum { ENTRIES_MAX = 100 };

struct entries {
	const struct menu_entry *items[ENTRIES_MAX];
	size_t count;
};

/* What this person may open, by order; entries of the same order stay as the modules list them. */
static void collect(const struct who *who, struct entries *ret)
{
	ret->count = 0;
	for (const struct module *const *m = modules; *m; m++) {
		for (const struct menu_entry *e = (*m)->menu; e && e->key; e++) {
			if (!who_may(who, e->permission)) continue;
			must(ret->count < ENTRIES_MAX);
			size_t at = ret->count++;
			for (; at > 0 && ret->items[at - 1]->order > e->order; at--)
				ret->items[at] = ret->items[at - 1];
			ret->items[at] = e;
		}
	}
}

static struct str text_of_key(struct str lang, const char *key)
{
	enum message m;
	return key && i18n_find(str_of(key), &m) ? i18n_text(lang, m) : str_of(key ? key : "");
}

static bool same_group(const struct menu_entry *a, const struct menu_entry *b)
{
	return str_eq(str_of(a->group), str_of(b->group));
}

static struct look_group *group_for(struct look_groups *groups, struct str title, size_t room,
	struct arena *a)
{
	for (size_t i = 0; i < groups->count; i++)
		if (str_eq(groups->items[i].title, title)) return &groups->items[i];
	struct look_group *group = &groups->items[groups->count++];
	*group = (struct look_group){ .title = title, .links = { ARENA_ARRAY(a, struct look_link, room), 0 } };
	return group;
}

/* The entry whose path is the longest beginning of this page's. */
static void mark_current(struct look_groups *groups, struct str path)
{
	struct look_link *best = NULL;
	for (size_t g = 0; g < groups->count; g++) {
		for (size_t i = 0; i < groups->items[g].links.count; i++) {
			struct look_link *link = &groups->items[g].links.items[i];
			bool fits = str_starts_with(path, link->href) &&
				(path.n == link->href.n || path.p[link->href.n] == '/');
			if (fits && (!best || link->href.n > best->href.n)) best = link;
		}
	}
	if (best) best->is_current = true;
}

static struct look_groups rail_of(struct request *r)
{
	struct entries entries;
	collect(r->who, &entries);
	struct look_groups groups = { ARENA_ARRAY(r->arena, struct look_group, entries.count), 0 };
	for (size_t i = 0; i < entries.count; i++) {
		const struct menu_entry *e = entries.items[i];
		struct look_group *group = group_for(&groups, text_of_key(r->lang, e->group), entries.count,
			r->arena);
		group->is_extra = groups.count > 1 && !same_group(e, entries.items[0]);
		group->links.items[group->links.count++] = (struct look_link){ .href = str_of(e->path),
			.text = text_of_key(r->lang, e->key),
			.icon = str_of(e->icon) };
	}
	mark_current(&groups, r->path);
	return groups;
}

static struct str staff_words(struct request *r)
{
	const struct who *who = r->who;
	if (str_is_empty(who->post)) return who->name;
	return arena_printf(r->arena, "%.*s, %.*s", STR_FMT(who->name), STR_FMT(who->post));
}

struct office_view page_office(struct request *r, struct view *v, struct str title)
{
	struct page_look *look = ARENA_NEW(r->arena, struct page_look);
	const struct office *office = pack_office(town_pack(r->town), r->who->office);
	*look = *v->look;
	look->unit = office ? text_in(office->name, r->lang) : STR_NONE;
	look->staff = staff_words(r);
	look->rail = rail_of(r);
	look->may_search = who_may(r->who, PERM_CASE_READ);
	v->look = look;
	return (struct office_view){ .title = title };
}

void page_office_count(struct view *v, struct str path, struct str count, bool is_hot)
{
	const struct look_groups *rail = &v->look->rail;
	for (size_t g = 0; g < rail->count; g++) {
		for (size_t i = 0; i < rail->items[g].links.count; i++) {
			struct look_link *link = &rail->items[g].links.items[i];
			if (!str_eq(link->href, path)) continue;
			link->count = count;
			link->is_hot = is_hot;
		}
	}
}
