/* Reading order of a procedure's file, and what follows from its position: slots, pages, groups. */
#include "core/definition/procedure_read.h"
#include "core/definition/schema_procedure.h"

const struct pack_file *reader_file(const struct reader *r, struct str path)
{
	for (size_t i = 0; i < r->files.count; i++)
		if (str_eq(r->files.items[i].path, path)) return &r->files.items[i];
	return NULL;
}

static void place(struct fields *fields, int page, const struct field *group, int *next)
{
	for (size_t i = 0; i < fields->count; i++) {
		struct field *f = &fields->items[i];
		int row_next = 0;
		f->page = page;
		f->group = group;
		f->index = (*next)++;
		if (f->type == FIELD_GROUP) place(&f->fields, page, f, &row_next);
	}
}

void procedure_place_fields(struct procedure *p)
{
	int next = 0;
	for (size_t i = 0; i < p->form.pages.count; i++)
		place(&p->form.pages.items[i].fields, (int)i, NULL, &next);
	place(&p->form.decision, -1, NULL, &next);
	p->form.slots = next;
	p->is_online = p->form.pages.count > 0;
}

static void add_file(struct reader *r, struct procedure *p, const struct pack_file *file)
{
	struct definition_file *files = ARENA_ARRAY(r->arena, struct definition_file, p->file_count + 1);
	if (p->file_count) memcpy(files, p->files, p->file_count * sizeof *files);
	files[p->file_count] = (struct definition_file){ file->path, file->text };
	p->files = files;
	p->file_count++;
}

/* "workflow: licencia" is workflows/licencia.yaml. Its mistakes are told with its own name. */
static void read_shared_workflow(struct reader *r, struct procedure *p)
{
	struct str id = p->workflow.id;
	struct str path = arena_printf(r->arena, "workflows/%.*s.yaml", STR_FMT(id));
	const struct pack_file *file = reader_file(r, path);
	if (!file) {
		reader_error(r, &p->workflow, "there is no %.*s", STR_FMT(path));
		return;
	}
	struct str own = r->findings->file;
	r->findings->file = path;
	struct yaml_node *root = yaml_parse(r->arena, file->text, r->findings);
	if (root) schema_read(r, root, &workflow_schema, &p->workflow);
	workflow_check(r, p);
	r->findings->file = own;
	add_file(r, p, file);
}

static void read_bodies(struct reader *r, struct procedure *p)
{
	for (size_t i = 0; i < p->documents.count; i++) {
		struct document *d = &p->documents.items[i];
		for (size_t j = 0; j < d->body_count; j++) {
			struct document_body *body = &d->bodies[j];
			const struct pack_file *file = reader_file(r, body->file);
			if (!file) {
				reader_error(r, &body->file, "there is no file '%.*s'", STR_FMT(body->file));
				continue;
			}
			body->text = file->text;
			add_file(r, p, file);
		}
	}
}

struct procedure *procedure_read(struct arena *a, const struct pack *pack, struct pack_files files,
	const struct pack_file *file, struct findings *findings)
{
	struct reader r = { .arena = a, .findings = findings, .files = files };
	if (pack) r.languages = pack->languages;
	findings->file = file->path;
	struct yaml_node *root = yaml_parse(a, file->text, findings);
	if (!root) return NULL;
	struct procedure *p = ARENA_NEW(a, struct procedure);
	schema_read(&r, root, &procedure_schema, p);
	add_file(&r, p, file);
	procedure_place_fields(p);
	if (p->workflow.id.n)
		read_shared_workflow(&r, p);
	else if (p->workflow.states.count)
		workflow_check(&r, p);
	read_bodies(&r, p);
	procedure_compile(&r, p);
	procedure_check(&r, p, pack);
	return p;
}
