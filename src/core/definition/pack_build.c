/* A pack from its files: pack.yaml, then calendars, then procedures; then what must agree across them. */
#include "core/definition/look_check.h"
#include "core/definition/mask.h"
#include "core/definition/procedure_read.h"
#include "core/definition/schema_pack.h"
#include "base/zone.h"

static struct reader reader_start(struct arena *a, struct findings *findings, const struct pack *p,
	struct pack_files files)
{
	return (struct reader){ .arena = a, .findings = findings, .languages = p->languages, .files = files };
}

/* Languages first: every text is checked against them. */
static void read_languages(struct reader *r, const struct yaml_node *root)
{
	const struct yaml_node *list = yaml_get(root, STR("languages"));
	if (!list || list->kind != YAML_LIST) return;
	r->languages.items = ARENA_ARRAY(r->arena, struct str, list->count);
	for (const struct yaml_node *c = list->first; c; c = c->next)
		if (c->kind == YAML_SCALAR) r->languages.items[r->languages.count++] = c->text;
}

static void check_logo(struct reader *r, struct pack *p)
{
	if (!p->look.logo_svg.n) return;
	const struct pack_file *file = reader_file(r, p->look.logo_svg);
	const char *problem = file ? logo_problem(file->text) : "there is no such file in the pack";
	if (problem) reader_error(r, &p->look.logo_svg, "%s", problem);
	p->look.logo_svg = file ? file->text : STR_NONE;
}

/* Errors of the map are told at their place in its own file. */
static void read_map(struct reader *r, struct pack *p)
{
	struct pack_map *m = &p->map;
	if (!m->file.n) return;
	const struct pack_file *file = str_ends_with(m->file, STR(".geojson")) ? reader_file(r, m->file) : NULL;
	if (!file) {
		reader_error(r, &m->file, "there is no such file in the pack (its name ends in .geojson)");
		return;
	}
	struct str before = r->findings->file;
	r->findings->file = file->path;
	m->base = map_read(r->arena, file->text, r->findings);
	r->findings->file = before;
	if (m->base && m->has_center && !map_holds(m->base, m->center))
		reader_error(r, &m->center, "'center' lies outside the map's outline");
}

static void check_department(struct reader *r, const struct pack *p, const struct str *id)
{
	struct near near = near_start(*id);
	if (id->n == 0 || pack_department(p, *id)) return;
	for (size_t i = 0; i < p->departments.count; i++)
		near_try(&near, p->departments.items[i].id);
	reader_error(r, id, "there is no department '%.*s'%.*s", STR_FMT(*id),
		STR_FMT(near_hint(r->arena, &near)));
}

static void check_town(struct reader *r, struct pack *p, const struct pack_options *options)
{
	struct zone *zone;
	if (p->zone.n && zone_load(r->arena, p->zone, &zone))
		reader_error(r, &p->zone, "there is no time zone '%.*s'", STR_FMT(p->zone));
	if (p->country.n != 2) reader_error(r, &p->country, "a country is two capital letters (ISO 3166)");
	if (p->currency.n != 3) reader_error(r, &p->currency, "a currency is three capital letters (ISO 4217)");
	if (p->cadastral_mask.n && !mask_is_good(p->cadastral_mask))
		reader_error(r, &p->cadastral_mask, "this is not a mask (9, A, X, |)");
	if (p->regime.n && options && options->regime_known && !options->regime_known(p->regime))
		reader_error(r, &p->regime, "the program knows no regime '%.*s'", STR_FMT(p->regime));
	for (size_t i = 0; i < p->officers.count; i++)
		check_department(r, p, &p->officers.items[i].department);
	for (size_t i = 0; i < p->offices.count; i++)
		for (size_t j = 0; j < p->offices.items[i].departments.count; j++)
			check_department(r, p, &p->offices.items[i].departments.items[j]);
	check_logo(r, p);
	read_map(r, p);
}

static struct pack *read_town(struct arena *a, struct pack_files files, const struct pack_options *options,
	struct findings *findings)
{
	struct pack *p = ARENA_NEW(a, struct pack);
	struct reader r = reader_start(a, findings, p, files);
	const struct pack_file *file = reader_file(&r, STR("pack.yaml"));
	findings->file = STR("pack.yaml");
	if (!file) {
		finding_add(findings, 0, 0, "there is no pack.yaml");
		return NULL;
	}
	struct yaml_node *root = yaml_parse(a, file->text, findings);
	if (!root) return NULL;
	read_languages(&r, root);
	int before = findings->errors;
	schema_read(&r, root, &pack_schema, p);
	check_town(&r, p, options);
	if (findings->errors == before) look_check(&r, &p->look);
	return p->languages.count ? p : NULL;
}

static bool is_in(struct str path, const char *folder, const char *ending)
{
	return str_starts_with(path, str_of(folder)) && str_ends_with(path, str_of(ending));
}

/* ---- calendars --------------------------------------------------------------------------------------- */

static void add_year(struct arena *a, struct calendar *c, const struct calendar_file *file)
{
	struct calendar_year *years = ARENA_ARRAY(a, struct calendar_year, c->year_count + 1);
	struct calendar_day *days = ARENA_ARRAY(a, struct calendar_day, c->day_count + file->days.count);
	/* Files come in the order of their names, so years and days stay in order. */
	if (c->year_count) memcpy(years, c->years, c->year_count * sizeof *years);
	if (c->day_count) memcpy(days, c->days, c->day_count * sizeof *days);
	if (file->days.count) memcpy(days + c->day_count, file->days.items, file->days.count * sizeof *days);
	years[c->year_count++] = (struct calendar_year){ .year = file->year,
		.title = file->title,
		.source = file->source,
		.published_on = file->published_on };
	c->day_count += file->days.count;
	c->years = years;
	c->days = days;
}

static void read_calendars(struct arena *a, struct pack *p, struct pack_files files,
	struct findings *findings)
{
	for (size_t i = 0; i < files.count; i++) {
		const struct pack_file *file = &files.items[i];
		if (!is_in(file->path, "calendars/", ".yaml")) continue;
		struct reader r = reader_start(a, findings, p, files);
		struct calendar_file year = { 0 };
		findings->file = file->path;
		struct yaml_node *root = yaml_parse(a, file->text, findings);
		if (!root) continue;
		schema_read(&r, root, &calendar_schema, &year);
		struct str name = arena_printf(a, "calendars/%d.yaml", year.year);
		if (!str_eq(name, file->path))
			finding_add(findings, 1, 1, "the calendar of %d is %.*s", year.year, STR_FMT(name));
		else
			add_year(a, &p->calendar, &year);
	}
	findings->file = STR("pack.yaml");
	if (p->calendar.year_count == 0)
		finding_warn(findings, 0, 0, "no list of non-working days is published: no date can be computed");
}

/* ---- procedures -------------------------------------------------------------------------------------- */

static void read_procedures(struct arena *a, struct pack *p, struct pack_files files,
	struct findings *findings)
{
	p->procedures.items = ARENA_ARRAY(a, struct procedure *, files.count);
	for (size_t i = 0; i < files.count; i++) {
		const struct pack_file *file = &files.items[i];
		if (!is_in(file->path, "procedures/", ".yaml")) continue;
		struct procedure *procedure = procedure_read(a, p, files, file, findings);
		if (!procedure) continue;
		struct str name = arena_printf(a, "procedures/%.*s.yaml", STR_FMT(procedure->id));
		findings->file = file->path;
		if (procedure->id.n && !str_eq(name, file->path))
			finding_add(findings, 1, 1, "a procedure with this id is %.*s", STR_FMT(name));
		p->procedures.items[p->procedures.count++] = procedure;
	}
}

/* Prefixes differ, and requirements that another procedure yields name one that exists. */
static void check_across(struct pack *p, const struct pack_options *options, struct findings *findings)
{
	for (size_t i = 0; i < p->procedures.count; i++) {
		const struct procedure *x = p->procedures.items[i];
		findings->file = x->files[0].path;
		for (size_t j = 0; j < i; j++)
			if (str_eq(p->procedures.items[j]->prefix, x->prefix))
				finding_add(findings, 1, 1, "the prefix '%.*s' is already that of %.*s", STR_FMT(x->prefix),
					STR_FMT(p->procedures.items[j]->id));
		for (size_t j = 0; j < x->sheet.requirements.count; j++) {
			struct str needed = x->sheet.requirements.items[j].procedure;
			struct near near = near_start(needed);
			for (size_t k = 0; k < p->procedures.count; k++)
				near_try(&near, p->procedures.items[k]->id);
			if (needed.n && !pack_procedure(p, needed))
				finding_add(findings, 1, 1,
					"the requirement '%.*s' names the procedure '%.*s', which does not exist%.*s",
					STR_FMT(x->sheet.requirements.items[j].id), STR_FMT(needed),
					STR_FMT(near_hint(findings->arena, &near)));
		}
		if (x->regime.n && options && options->regime_known && !options->regime_known(x->regime))
			finding_add(findings, 1, 1, "the program knows no regime '%.*s'", STR_FMT(x->regime));
	}
}

struct err *pack_build(struct arena *a, struct str slug, struct pack_files files,
	const struct pack_options *options, struct findings *findings, struct pack **ret)
{
	int before = findings->errors;
	struct pack *p = read_town(a, files, options, findings);
	if (p) {
		p->slug = slug;
		read_calendars(a, p, files, findings);
		read_procedures(a, p, files, findings);
		check_across(p, options, findings);
	}
	findings_sort(findings);
	*ret = findings->errors == before ? p : NULL;
	return NULL;
}

struct err *pack_load(struct arena *a, const char *folder, const struct pack_options *options,
	struct pack **ret)
{
	struct pack_files files;
	TRY(pack_read_folder(a, folder, &files));
	struct findings findings = findings_new(a);
	struct pack *p;
	struct str slug = str_of(folder), rest = slug;
	while (!str_is_none(rest)) {
		struct str part = str_cut(&rest, '/');
		if (part.n) slug = part;
	}
	TRY(pack_build(a, slug, files, options, &findings, &p));
	if (!p) {
		struct buf out = buf_new(a, 100000);
		findings_print(&findings, &out);
		return ERR(a, ERR_INVALID, "pack.invalid", "%.*s", STR_FMT(buf_str(&out)));
	}
	*ret = p;
	return NULL;
}
