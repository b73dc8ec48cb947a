/* What is loaded: the pack in force, and since when each procedure stands as it is. */
#include "core/town/queries.h"
#include "mod/admin/admin.html.h"
#include "mod/admin/pages.h"

static struct str department_name(struct request *r, struct str id)
{
	const struct department *d = pack_department(town_pack(r->town), id);
	return d ? text_in(d->name, r->lang) : id;
}

/* A pack that was loaded before this was recorded has no such row: nothing is said then. */
static struct err *fill(struct request *r, const struct procedure *p, struct loaded_row *row)
{
	struct pack_file_unchanged_since_row first;
	struct pack_in_force_first_row force;
	bool found, known = false;
	*row = (struct loaded_row){ .name = text_in(p->name, r->lang),
		.slug = p->id,
		.department = department_name(r, p->department),
		.version = p->version,
		.pack_version = town_pack_version(r->town),
		.since = INSTANT_NONE };
	TRY(pack_file_unchanged_since(r->db, r->arena,
		&(struct pack_file_unchanged_since_in){
			.path = arena_printf(r->arena, "procedures/%.*s.yaml", STR_FMT(p->id)),
			.pack_version_id = row->pack_version },
		&first, &found));
	if (found) row->pack_version = first.pack_version_id;
	TRY(pack_in_force_first(r->db, r->arena,
		&(struct pack_in_force_first_in){ .pack_version_id = row->pack_version }, &force, &known));
	if (!known) return NULL;
	row->since = force.since;
	row->by = force.loaded_by;
	return NULL;
}

struct err *admin_loaded_page(struct request *r, struct response *out)
{
	const struct pack *pack = town_pack(r->town);
	struct view *view = page_view(r);
	struct pack_in_force_last_row force;
	bool known;
	struct loaded_view v = { .page = page_office(r, view, i18n_text(r->lang, MSG_ADMIN_LOADED)),
		.town = text_in(pack->full_name, r->lang),
		.version = town_pack_version(r->town),
		.since = INSTANT_NONE,
		.rows = { ARENA_ARRAY(r->arena, struct loaded_row, pack->procedures.count), 0 } };
	TRY(pack_in_force_last(r->db, r->arena, &force, &known));
	if (known && force.pack_version_id == v.version) {
		v.since = force.since;
		v.by = force.loaded_by;
	}
	for (size_t i = 0; i < pack->procedures.count; i++)
		TRY(fill(r, pack->procedures.items[i], &v.rows.items[v.rows.count++]));
	admin_loaded_html(view, &v);
	page_send(out, view);
	return NULL;
}
