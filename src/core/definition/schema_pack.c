/* pack.yaml and calendars/YYYY.yaml, key by key. */
#include "core/definition/schema_pack.h"
#include "core/definition/answers.h"
#include "core/definition/mask.h"

#define IN(type, member) .offset = offsetof(struct type, member)

/* ---- small values ------------------------------------------------------------------------------------ */

static bool weekday_of(struct str s, int *ret)
{
	static const char *const days[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };
	for (int i = 0; i < 7; i++)
		if (str_eq(s, str_of(days[i]))) return *ret = i, true;
	return false;
}

/* "mon-fri", "sat", "mon,wed" → bits */
static bool weekdays_of(struct str s, unsigned *ret)
{
	unsigned bits = 0;
	struct str rest = s;
	while (!str_is_none(rest)) {
		struct str last = str_cut(&rest, ','), first = str_cut(&last, '-');
		int from, to;
		if (!weekday_of(first, &from)) return false;
		if (str_is_none(last))
			to = from;
		else if (!weekday_of(last, &to) || to < from)
			return false;
		for (int day = from; day <= to; day++)
			bits |= 1u << day;
	}
	*ret = bits;
	return true;
}

static bool minute_of(struct str s, int *ret)
{
	int64_t hour, minute;
	struct str rest = s, first = str_cut(&rest, ':');
	if (rest.n != 2 || !str_to_int64(first, 0, 24, &hour) || !str_to_int64(rest, 0, 59, &minute))
		return false;
	*ret = (int)(hour * 60 + minute);
	return *ret <= 24 * 60;
}

/* hours: ["mon-fri 8:00-15:30", "sat 9:00-13:00"] */
static void read_openings(struct reader *r, const struct yaml_node *node, void *target)
{
	static const char expected[] = "a list of hours such as 'mon-fri 8:00-15:30'";
	struct openings *o = target;
	if (node->kind != YAML_LIST) {
		reader_wrong(r, node, expected);
		return;
	}
	o->items = ARENA_ARRAY(r->arena, struct opening, node->count);
	for (const struct yaml_node *c = node->first; c; c = c->next) {
		struct opening x;
		struct str rest = c->text, days = str_cut(&rest, ' '), to = str_trim(rest), from = str_cut(&to, '-');
		if (!weekdays_of(days, &x.weekdays) || !minute_of(from, &x.from_minute) ||
			!minute_of(to, &x.to_minute) || x.from_minute >= x.to_minute)
			reader_wrong(r, c, expected);
		else
			o->items[o->count++] = x;
	}
}

static void read_weekend(struct reader *r, const struct yaml_node *node, void *target)
{
	if (node->kind != YAML_SCALAR || !weekdays_of(node->text, target))
		reader_wrong(r, node, "days such as 'sat,sun'");
}

/* "21.1221, -101.6822": latitude, longitude */
static bool point_of(struct reader *r, const struct yaml_node *node, int32_t *ret_lat_e7, int32_t *ret_lon_e7)
{
	struct yaml_node part = *node;
	int64_t at[2] = { 0, 0 };
	struct str rest = node->text;
	for (int i = 0; i < 2; i++) {
		part.text = str_trim(str_cut(&rest, ','));
		if (!reader_decimal(r, &part, &at[i])) return false;
	}
	if (at[0] < -90000000 || at[0] > 90000000 || at[1] < -180000000 || at[1] > 180000000) {
		reader_wrong(r, node, "latitude, longitude");
		return false;
	}
	*ret_lat_e7 = (int32_t)(at[0] * 10);
	*ret_lon_e7 = (int32_t)(at[1] * 10);
	return true;
}

static void read_point(struct reader *r, const struct yaml_node *node, void *target)
{
	struct office *o = (struct office *)((char *)target - offsetof(struct office, latitude_e7));
	o->has_point = point_of(r, node, &o->latitude_e7, &o->longitude_e7);
}

static void read_center(struct reader *r, const struct yaml_node *node, void *target)
{
	struct pack_map *m = (struct pack_map *)((char *)target - offsetof(struct pack_map, center));
	m->has_center = point_of(r, node, &m->center.lat_e7, &m->center.lon_e7);
}

static void read_colour(struct reader *r, const struct yaml_node *node, void *target)
{
	uint32_t rgb = 0;
	bool good = node->kind == YAML_SCALAR && node->text.n == 7 && node->text.p[0] == '#';
	for (size_t i = 1; good && i < 7; i++) {
		const char *digits = "0123456789abcdef",
				   *at = node->text.p[i] ? strchr(digits, node->text.p[i]) : NULL;
		good = at != NULL;
		rgb = rgb << 4 | (uint32_t)(good ? at - digits : 0);
	}
	if (good)
		memcpy(target, &rgb, sizeof rgb);
	else
		reader_wrong(r, node, "a colour such as '#0b5c49' (quoted, small letters)");
}

static void read_separator(struct reader *r, const struct yaml_node *node, void *target)
{
	bool good = node->kind == YAML_SCALAR && node->text.n <= 1 &&
		(node->text.n == 0 || strchr(".,' ", node->text.p[0]));
	if (good)
		*(char *)target = node->text.n ? node->text.p[0] : '\0';
	else
		reader_wrong(r, node, "one of '.', ',', a space, an apostrophe, or ''");
}

/* ---- tables ------------------------------------------------------------------------------------------ */

static const struct schema_row department_rows[] = {
	{ "id", KIND_SLUG, IN(department, id), .required = true },
	{ "name", KIND_TEXT, IN(department, name), .required = true },
	{ "short_name", KIND_TEXT, IN(department, short_name) },
	{ "duties", KIND_TEXT, IN(department, duties), .help = "what it answers for" },
	{ "phone", KIND_LINE, IN(department, phone) },
	{ "mail", KIND_LINE, IN(department, mail) },
	{ "source", KIND_LINE, IN(department, source) },
};
static const struct schema department_schema = { .what = "a department",
	.size = sizeof(struct department),
	SCHEMA_ROWS(department_rows) };

static const struct schema_row office_rows[] = {
	{ "id", KIND_SLUG, IN(office, id), .required = true },
	{ "name", KIND_TEXT, IN(office, name), .required = true },
	{ "address", KIND_TEXT, IN(office, address), .required = true },
	{ "note", KIND_TEXT, IN(office, note) },
	{ "departments", KIND_STRINGS, IN(office, departments), .help = "attended there" },
	{ "phone", KIND_LINE, IN(office, phone) },
	{ "mail", KIND_LINE, IN(office, mail) },
	{ "point", KIND_CUSTOM, IN(office, latitude_e7), .read = read_point, .help = "latitude, longitude" },
	{ "hours", KIND_CUSTOM, IN(office, hours), .required = true, .read = read_openings,
		.help = "a list of hours such as 'mon-fri 8:00-15:30'" },
	{ "walk_ins", KIND_BOOL, IN(office, takes_walk_ins) },
	{ "appointments", KIND_BOOL, IN(office, takes_appointments) },
	{ "source", KIND_LINE, IN(office, source) },
};
static const struct schema office_schema = { .what = "an office",
	.size = sizeof(struct office),
	SCHEMA_ROWS(office_rows) };

static const struct schema_row officer_rows[] = {
	{ "id", KIND_SLUG, IN(officer, id), .required = true },
	{ "post", KIND_TEXT, IN(officer, post), .required = true, .help = "the post, not a person" },
	{ "department", KIND_SLUG, IN(officer, department), .required = true },
	{ "competence", KIND_TEXT, IN(officer, competence), .help = "the paragraph that founds it" },
	{ "source", KIND_LINE, IN(officer, source) },
};
static const struct schema officer_schema = { .what = "an officer",
	.size = sizeof(struct officer),
	SCHEMA_ROWS(officer_rows) };

static const struct schema_row topic_rows[] = {
	{ "id", KIND_SLUG, IN(topic, id), .required = true },
	{ "name", KIND_TEXT, IN(topic, name), .required = true },
	{ "icon", KIND_SLUG, IN(topic, icon) },
};
static const struct schema topic_schema = { .what = "a topic",
	.size = sizeof(struct topic),
	SCHEMA_ROWS(topic_rows) };

static const struct schema_row text_rows[] = {
	{ "id", KIND_SLUG, IN(pack_text, id), .required = true },
	{ "text", KIND_TEXT, IN(pack_text, text), .required = true },
};
static const struct schema text_schema = { .what = "a text",
	.size = sizeof(struct pack_text),
	SCHEMA_ROWS(text_rows) };

static const char *const part_names[] = {
#define X(e, name) #name,
	ADDRESS_PARTS(X)
#undef X
		NULL
};
static const struct schema_row rule_rows[] = {
	{ "part", KIND_ENUM, IN(address_rule, part), .required = true, .names = part_names },
	{ "label", KIND_TEXT, IN(address_rule, label), .required = true },
	{ "hint", KIND_TEXT, IN(address_rule, hint) },
	{ "required", KIND_BOOL, IN(address_rule, required) },
	{ "or_parts", KIND_STRINGS, IN(address_rule, or_parts),
		.help = "required unless all of these are given" },
	{ "max_length", KIND_INT, IN(address_rule, max_length), .min = 1, .max = 200 },
	{ "pattern", KIND_LINE, IN(address_rule, pattern), .help = "a mask" },
	{ "shown", KIND_TEXT, IN(address_rule, shown), .help = "on one line: 'Mz {}'" },
};
static void rule_finish(struct reader *r, const struct yaml_node *node, void *target)
{
	(void)node;
	struct address_rule *rule = target;
	if (!rule->max_length) rule->max_length = 120;
	if (rule->pattern.n && !mask_is_good(rule->pattern))
		reader_error(r, &rule->pattern, "this is not a mask (9, A, X, |)");
}
static const struct schema rule_schema = { .what = "a part of an address",
	.size = sizeof(struct address_rule),
	.finish = rule_finish,
	SCHEMA_ROWS(rule_rows) };

static const struct schema_row address_rows[] = {
	{ "without_number", KIND_LINE, IN(address_rules, without_number), .help = "'s/n'" },
	{ "parts", KIND_LIST, .offset = 0, .required = true, .sub = &rule_schema, .max = 10 },
};
static const struct schema address_schema = { .what = "an address",
	.size = sizeof(struct address_rules),
	SCHEMA_ROWS(address_rows) };

static const struct schema_row look_rows[] = {
	{ "town", KIND_CUSTOM, IN(look, colours[LOOK_TOWN]), .required = true, .read = read_colour,
		.help = "a colour" },
	{ "town-deep", KIND_CUSTOM, IN(look, colours[LOOK_TOWN_DEEP]), .required = true, .read = read_colour,
		.help = "a colour" },
	{ "town-tint", KIND_CUSTOM, IN(look, colours[LOOK_TOWN_TINT]), .required = true, .read = read_colour,
		.help = "a colour" },
	{ "town-line", KIND_CUSTOM, IN(look, colours[LOOK_TOWN_LINE]), .required = true, .read = read_colour,
		.help = "a colour" },
	{ "town-glow", KIND_CUSTOM, IN(look, colours[LOOK_TOWN_GLOW]), .required = true, .read = read_colour,
		.help = "a colour" },
	{ "on-town", KIND_CUSTOM, IN(look, colours[LOOK_ON_TOWN]), .required = true, .read = read_colour,
		.help = "a colour" },
	{ "logo", KIND_LINE, IN(look, logo_svg), .help = "the file of the mark" },
};
static const struct schema look_schema = { .what = "a look",
	.size = sizeof(struct look),
	SCHEMA_ROWS(look_rows) };

static const struct schema_row map_rows[] = {
	{ "file", KIND_LINE, IN(pack_map, file), .required = true, .help = "GeoJSON, in the pack's folder" },
	{ "center", KIND_CUSTOM, IN(pack_map, center), .read = read_center,
		.help = "where it opens: latitude, longitude" },
	{ "zoom", KIND_INT, IN(pack_map, zoom), .min = PACK_MAP_ZOOM_MIN, .max = MERCATOR_ZOOM_MAX,
		.help = "how close it opens" },
	{ "max_zoom", KIND_INT, IN(pack_map, max_zoom), .min = PACK_MAP_ZOOM_MIN, .max = MERCATOR_ZOOM_MAX,
		.help = "the closest one can go" },
	{ "tiles", KIND_LINE, IN(pack_map, tiles),
		.help = "pictures from a server of the town's own: 'https://…/{z}/{x}/{y}.png'" },
	{ "attribution", KIND_TEXT, IN(pack_map, attribution), .help = "whose data it is" },
	{ "source", KIND_LINE, IN(pack_map, source) },
};
static void map_start(void *target)
{
	struct pack_map *m = target;
	m->zoom = PACK_MAP_ZOOM;
	m->max_zoom = PACK_MAP_ZOOM_MAX;
}
/* The place of each of the three numbers once, and nothing that would be no address. */
static bool is_tile_address(struct str s)
{
	static const char *const holes[] = { "{z}", "{x}", "{y}" };
	size_t braces = 0;
	if (!str_starts_with(s, STR("https://"))) return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] <= ' ' || s.p[i] > '~' || strchr("\"'<>;,\\", s.p[i])) return false;
		braces += s.p[i] == '{' || s.p[i] == '}';
	}
	size_t host = sizeof "https://" - 1, end = host;
	while (end < s.n && s.p[end] != '/')
		end++;
	for (int i = 0; i < 3; i++)
		if (str_find(str_slice(s, end, s.n), str_of(holes[i])) < 0) return false;
	return end > host && braces == 6;
}
static void map_finish(struct reader *r, const struct yaml_node *node, void *target)
{
	(void)node;
	struct pack_map *m = target;
	if (m->max_zoom < m->zoom) reader_error(r, &m->max_zoom, "'max_zoom' is less than 'zoom'");
	if (m->tiles.n && !is_tile_address(m->tiles))
		reader_error(r, &m->tiles, "'tiles' is an address such as 'https://mapas.example/{z}/{x}/{y}.png'");
}
static const struct schema map_schema = { .what = "a map",
	.size = sizeof(struct pack_map),
	.start = map_start,
	.finish = map_finish,
	SCHEMA_ROWS(map_rows) };

static const struct schema_row number_rows[] = {
	{ "decimal", KIND_CUSTOM, IN(number_style, decimal), .required = true, .read = read_separator,
		.help = "a sign" },
	{ "thousands", KIND_CUSTOM, IN(number_style, thousands), .required = true, .read = read_separator,
		.help = "a sign, or ''" },
	{ "currency", KIND_LINE, IN(number_style, currency), .required = true, .help = "its sign" },
	{ "currency_after", KIND_BOOL, IN(number_style, currency_after) },
};
static const struct schema number_schema = { .what = "a way of writing numbers",
	.size = sizeof(struct number_style),
	SCHEMA_ROWS(number_rows) };

static const struct schema_row pack_rows[] = {
	{ "name", KIND_TEXT, IN(pack, name), .required = true, .help = "'León'" },
	{ "full_name", KIND_TEXT, IN(pack, full_name), .required = true, .help = "'Municipio de León'" },
	{ "state", KIND_TEXT, IN(pack, state), .required = true, .help = "state or province" },
	{ "country_name", KIND_TEXT, IN(pack, country_name), .required = true },
	{ "country", KIND_LINE, IN(pack, country), .required = true, .help = "ISO 3166" },
	{ "hosts", KIND_STRINGS, IN(pack, hosts), .required = true },
	{ "zone", KIND_LINE, IN(pack, zone), .required = true, .help = "of the tz database" },
	{ "currency", KIND_LINE, IN(pack, currency), .required = true, .help = "ISO 4217" },
	{ "numbers", KIND_MAP, IN(pack, numbers), .required = true, .sub = &number_schema },
	{ "languages", KIND_STRINGS, IN(pack, languages), .required = true, .help = "the first is the main one" },
	{ "regime", KIND_SLUG, IN(pack, regime), .required = true,
		.help = "rules of the clock, unless a procedure says" },
	{ "phone", KIND_LINE, IN(pack, phone) },
	{ "mail", KIND_LINE, IN(pack, mail) },
	{ "phone_prefix", KIND_LINE, IN(pack, phone_prefix), .required = true, .help = "'+52'" },
	{ "phone_digits", KIND_INT, IN(pack, phone_digits), .required = true, .min = 4, .max = 14 },
	{ "hours", KIND_CUSTOM, IN(pack, hours), .required = true, .read = read_openings,
		.help = "a list of hours such as 'mon-fri 8:00-15:30'" },
	{ "hours_note", KIND_TEXT, IN(pack, hours_source_note) },
	{ "weekend", KIND_CUSTOM, IN(pack, calendar.weekend), .required = true, .read = read_weekend,
		.help = "days such as 'sat,sun'" },
	{ "holiday_law", KIND_SLUG, IN(pack, holiday_law), .help = "what to propose a year's list by" },
	{ "departments", KIND_LIST, IN(pack, departments), .required = true, .sub = &department_schema,
		.max = 200 },
	{ "offices", KIND_LIST, IN(pack, offices), .required = true, .sub = &office_schema, .max = 200 },
	{ "officers", KIND_LIST, IN(pack, officers), .required = true, .sub = &officer_schema, .max = 200 },
	{ "topics", KIND_LIST, IN(pack, topics), .required = true, .sub = &topic_schema, .max = 30 },
	{ "look", KIND_MAP, IN(pack, look), .required = true, .sub = &look_schema },
	{ "map", KIND_MAP, IN(pack, map), .sub = &map_schema,
		.help = "the town's map, for questions that ask for a point" },
	{ "seal_name", KIND_TEXT, IN(pack, seal_name), .required = true, .help = "around the seal" },
	{ "seal_legend", KIND_TEXT, IN(pack, seal_legend), .help = "below it" },
	{ "texts", KIND_LIST, IN(pack, texts), .sub = &text_schema, .max = 100 },
	{ "address", KIND_MAP, IN(pack, address), .required = true, .sub = &address_schema },
	{ "cadastral_mask", KIND_LINE, IN(pack, cadastral_mask), .help = "9 digit, A letter, X either" },
	{ "cadastral_hint", KIND_TEXT, IN(pack, cadastral_hint) },
	{ "demo", KIND_BOOL, IN(pack, is_demo), .help = "a demonstration: pages say so" },
	{ "source", KIND_LINE, IN(pack, source) },
};
const struct schema pack_schema = { .what = "a pack", .size = sizeof(struct pack), SCHEMA_ROWS(pack_rows) };

static const struct schema_row day_rows[] = {
	{ "date", KIND_DATE, IN(calendar_day, day), .required = true },
	{ "name", KIND_TEXT, IN(calendar_day, reason), .required = true },
	{ "source", KIND_LINE, IN(calendar_day, source) },
};
static const struct schema day_schema = { .what = "a day",
	.size = sizeof(struct calendar_day),
	SCHEMA_ROWS(day_rows) };

static const struct schema_row calendar_rows[] = {
	{ "year", KIND_INT, IN(calendar_file, year), .required = true, .min = 1900, .max = 2200 },
	{ "title", KIND_TEXT, IN(calendar_file, title), .required = true, .help = "of the publication" },
	{ "published_on", KIND_DATE, IN(calendar_file, published_on) },
	{ "source", KIND_LINE, IN(calendar_file, source), .required = true,
		.help = "where it was published, or 'demo'" },
	{ "days", KIND_LIST, IN(calendar_file, days), .required = true, .sub = &day_schema, .max = 366 },
};
static void calendar_start(void *target) { ((struct calendar_file *)target)->published_on = DATE_NONE; }
static void calendar_finish(struct reader *r, const struct yaml_node *node, void *target)
{
	(void)node;
	const struct calendar_file *c = target;
	for (size_t i = 0; i < c->days.count; i++) {
		const struct calendar_day *d = &c->days.items[i];
		if (date_year(d->day) != c->year) reader_error(r, &d->day, "this day is not of the year %d", c->year);
		if (i && d->day.days <= c->days.items[i - 1].day.days)
			reader_error(r, &d->day, "days stand in order, each once");
	}
}
const struct schema calendar_schema = { .what = "a calendar",
	.size = sizeof(struct calendar_file),
	.start = calendar_start,
	.finish = calendar_finish,
	SCHEMA_ROWS(calendar_rows) };
