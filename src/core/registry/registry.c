#include "core/registry/registry.h"

#include "core/registry/log_internal.h"

struct err *registry_number(struct tx *tx, const struct zone *zone, struct str series, struct number *ret)
{
	struct registry_series_get_row row;
	bool found = false;
	int64_t changed = 0;
	int year = date_year(zone_date(zone, tx->now));
	must(number_series_is_valid(series));
	TRY(registry_series_advance(tx->db, tx->arena,
		&(struct registry_series_advance_in){ .series = series, .year = year }, &changed));
	if (changed == 0)
		TRY(registry_series_begin(tx->db, tx->arena,
			&(struct registry_series_begin_in){ .series = series, .year = year }, NULL));
	TRY(registry_series_get(tx->db, tx->arena,
		&(struct registry_series_get_in){ .series = series, .year = year }, &row, &found));
	must(found);
	*ret = (struct number){ series, year, row.last_number };
	return NULL;
}

/* Fills in what the registry itself says. */
static struct err *complete(struct tx *tx, const struct registry_facts *facts, const struct number *number,
	struct entry *e)
{
	*e = facts->entry;
	e->number = number_format(tx->arena, number);
	e->at = tx->now;
	if (instant_is_none(e->presented)) e->presented = tx->now;
	if (date_is_none(e->effect)) e->effect = zone_date(facts->zone, e->presented);
	if (e->presented.ms > e->at.ms)
		return ERR(tx->arena, ERR_INVALID, NULL,
			"an entry cannot have been presented after it was registered");
	return NULL;
}

static struct err *insert(struct tx *tx, const struct registry_facts *facts, const struct number *number,
	const struct entry *e, struct registry_entry *r)
{
	struct registry_entry_insert_in in = { .name = r->number,
		.series = number->series,
		.year = number->year,
		.number = number->n,
		.at = r->at,
		.channel = str_is_none(e->channel) ? STR("") : e->channel,
		.office = str_is_none(e->office) ? STR("") : e->office,
		.department_id = facts->department_id,
		.compartment = facts->compartment,
		.procedure = str_is_none(e->procedure) ? STR("") : e->procedure,
		.case_number = str_is_none(e->case_number) ? STR("") : e->case_number,
		.has_case_id = facts->case_id != 0,
		.case_id = facts->case_id,
		.canonical = r->canonical,
		.salt = r->salt,
		.commitment = r->commitment,
		.leaf_index = r->leaf_index };
	return registry_entry_insert(tx->db, tx->arena, &in, &r->id);
}

struct err *registry_record(struct tx *tx, const struct registry_facts *facts, struct registry_entry *ret)
{
	struct number number;
	struct entry e;
	struct registry_entry r = { 0 };
	struct str series = facts->entry.kind == REGISTRY_IN ? STR(SERIES_IN) : STR(SERIES_OUT);
	if (facts->number)
		number = *facts->number;
	else
		TRY(registry_number(tx, facts->zone, series, &number));
	must(str_eq(number.series, series));
	TRY(complete(tx, facts, &number, &e));
	TRY(entry_canonical(tx->arena, &e, &r.canonical));
	r.number = e.number;
	r.at = e.at;
	r.salt = tx_random(tx, ENTRY_SALT_BYTES);
	struct sha256 commitment = entry_commitment(r.salt, r.canonical);
	r.commitment = arena_str(tx->arena, sha256_str(&commitment));
	TRY(log_append(tx, &commitment, &r.leaf_index));
	TRY(insert(tx, facts, &number, &e, &r));
	*ret = r;
	return NULL;
}

static struct registry_entry of_row(const struct registry_entry_row *row)
{
	return (struct registry_entry){ .id = row->id,
		.number = row->name,
		.at = row->at,
		.canonical = row->canonical,
		.salt = row->salt,
		.commitment = row->commitment,
		.leaf_index = row->leaf_index };
}

struct err *registry_find(struct db *db, struct arena *a, struct str number, struct scope scope,
	struct registry_entry *ret, bool *ret_found)
{
	struct registry_entry_row row;
	bool found;
	TRY(registry_entry_find(db, a, &(struct registry_entry_find_in){ .name = number, .scope = scope }, &row,
		&found));
	if (found) *ret = of_row(&row);
	*ret_found = found;
	return NULL;
}

struct err *registry_find_system(struct db *db, struct arena *a, struct str number,
	struct registry_entry *ret, bool *ret_found)
{
	struct registry_entry_row row;
	bool found;
	TRY(registry_entry_find_any(db, a, &(struct registry_entry_find_any_in){ .name = number }, &row, &found));
	if (found) *ret = of_row(&row);
	*ret_found = found;
	return NULL;
}
