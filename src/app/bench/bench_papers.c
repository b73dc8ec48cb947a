/* How many permits a second: one case is filed, approved and signed, and its permit printed again and again. */
#include "app/bench/bench.h"
#include "app/demo/fill.h"
#include "core/case/filing.h"
#include "core/document/issue.h"
#include "core/document/paper.h"
#include "core/document/queries.h"
#include "core/staff/queries.h"

enum { PAPER_ARENA_MAX = 64 * 1024 * 1024 };

struct deciding {
	struct town *town;
	struct filled *filled;
	const struct procedure *procedure;
	struct dice dice;
	int64_t officer, document_id;
};

static struct err *decide(struct tx *tx, struct deciding *d, const struct filed *filed)
{
	struct case_step step = { .town = d->town, .case_id = filed->case_id, .revision = 1 };
	step.by = (struct case_by){ .as = WHO_STAFF, .staff_id = d->officer, .channel = STR("counter") };
	struct case_record c;
	TRY(case_take(tx, &step, d->officer));
	TRY(case_load(d->town, tx->db, tx->arena, filed->case_id, &c));
	TRY(fill_decision(&d->dice, tx->arena, c.answers));
	step.revision = c.row.revision;
	TRY(case_decide(tx, &step, OUTCOME_APPROVED,
		STR("La solicitud cumple con los requisitos y con la normativa aplicable."), c.answers));
	TRY(case_load(d->town, tx->db, tx->arena, filed->case_id, &c));
	step.revision = c.row.revision;
	return case_sign(tx, &step);
}

static struct err *decide_commit(struct tx *tx, void *input)
{
	struct deciding *d = input;
	struct filing filing = { .town = d->town,
		.pack_version = town_pack_version(d->town),
		.procedure = d->procedure,
		.answers = d->filled->answers,
		.lang = STR("es"),
		.by = case_by_citizen };
	struct filed filed;
	struct document_of_case_rows rows;
	TRY(filing_record(tx, &filing, &filed));
	TRY(decide(tx, d, &filed));
	TRY(document_of_case(tx->db, tx->arena, &(struct document_of_case_in){ .case_id = filed.case_id },
		&rows));
	for (size_t i = 0; i < rows.count; i++) {
		if (str_eq(rows.items[i].kind, STR("permit"))) d->document_id = rows.items[i].id;
	}
	return d->document_id ? NULL : ERR(tx->arena, ERR_INTERNAL, NULL, "the signature froze no permit");
}

/* The same permit with considerations, as longer ones have them: two pages. */
static struct err *lengthen(struct arena *a, struct print *print)
{
	static const char paragraph[] =
		"Se revisó la documentación presentada, se visitó el predio y se midió el frente sobre la banqueta. Las medidas "
		"coinciden con las del documento que acredita el predio y con el plano de la zona, y no hay afectación por "
		"vialidades, arroyos ni derechos de vía. La solicitud cumple con los requisitos y con la normativa aplicable.";
	struct str one = str_of(paragraph), parts[] = { one, one, one, one, one, one };
	struct document_view v;
	TRY(paper_read_document(a, print->content, &v));
	struct document_section *sections = ARENA_ARRAY(a, struct document_section, v.section_count + 1);
	for (size_t i = 0; i < v.section_count; i++)
		sections[i] = v.sections[i];
	sections[v.section_count] = (struct document_section){ .heading = STR("Consideraciones"),
		.markdown = arena_join(a, parts, sizeof(parts) / sizeof(parts[0]), STR("\n\n")) };
	v.sections = sections;
	v.section_count++;
	print->content = paper_write_document(a, &v);
	return NULL;
}

static struct err *make_permit(struct town *t, struct arena *a, struct print *ret)
{
	struct deciding d = { .town = t, .dice = dice_of(7) };
	struct db *db;
	struct staff_by_login_row officer;
	bool found;
	TRY(town_connect(t, a, &db));
	struct err *e = staff_by_login(db, a, &(struct staff_by_login_in){ .login = STR("omar") }, &officer,
		&found);
	db_close(db);
	TRY(e);
	d.procedure = pack_procedure(town_pack(t), STR("alineamiento-y-numero-oficial"));
	if (!found || !d.procedure) return ERR(a, ERR_USAGE, NULL, "this town was not made by 'bench fill'");
	d.officer = officer.id;
	struct filled filled;
	TRY(fill_form(&d.dice, a, town_pack(t), d.procedure, zone_date(t->zone, town_now(t)), 1, &filled));
	d.filled = &filled;
	TRY(writer_run(t->writer, a, decide_commit, &d));
	TRY(town_connect(t, a, &db));
	e = document_print(t, db, a, d.document_id, ret);
	db_close(db);
	return e ? e : lengthen(a, ret);
}

/* Again and again, as the printer's process does it: the key stays on its shelf. */
static struct err *measure(struct town *t, struct arena *a, const struct print *print, double seconds,
	double *ret_rate, struct str *ret_pdf)
{
	struct arena *work = arena_new(PAPER_ARENA_MAX);
	struct seal_shelf *shelf = seal_shelf_new(a);
	int64_t begun = monotonic_us(), end = begun + (int64_t)(seconds * 1e6), count = 0;
	struct err *e = NULL;
	struct str pdf = STR_NONE;
	while (!e && monotonic_us() < end) {
		arena_reset(work);
		e = print_run(work, t->press, shelf, print, &pdf);
		count++;
	}
	*ret_rate = (double)count / ((double)(monotonic_us() - begun) / 1e6);
	e = err_copy(a, e);
	if (!e) *ret_pdf = arena_str(a, pdf);
	arena_free(work);
	return e;
}

struct err *bench_papers(struct town *t, struct arena *a, double seconds, struct bench_papers *ret)
{
	struct print sealed, laid_out;
	TRY(make_permit(t, a, &sealed));
	laid_out = sealed;
	laid_out.is_sealed_apart = true; /* and so not here */
	TRY(measure(t, a, &laid_out, seconds, &ret->layouts, &ret->pdf));
	return measure(t, a, &sealed, seconds, &ret->sealed, &ret->pdf);
}
