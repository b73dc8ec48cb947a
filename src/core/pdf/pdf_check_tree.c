/*
 * The structure tree: known types, right parents, marked content that is there, headings, tables, lists,
 * figures, annotations (ISO 14289-1, 7.1 to 7.18). Start at check_tree().
 */
#include "core/pdf/pdf_check_parts.h"

enum { DEPTH_MAX = 60, ELEMENTS_MAX = 200 * 1000, COLUMNS_MAX = 1000, ANNOTATIONS_MAX = 5000 };

static const char *const standard_types =
	"Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H "
	"H1 H2 H3 H4 H5 H6 L LI Lbl LBody Table TR TH TD THead TBody TFoot Span Quote Note Reference BibEntry Code Link Annot "
	"Ruby RB RT RP Warichu WT WP Figure Formula Form";

struct walk {
	struct checker *c;
	const struct pdf_value *role_map, *parent_tree;
	int heading; /* level of the last one */
	int elements;
};

struct element {
	const struct pdf_value *dict;
	int64_t number; /* 0: not an indirect object */
	struct str type;
	int64_t page; /* its Pg, or that of the nearest above; an object number */
	int depth;
};

static bool is(struct str type, const char *name) { return str_eq(type, str_of(name)); }

static bool is_among(struct str type, const char *names)
{
	struct str rest = str_of(names);
	while (!str_is_none(rest))
		if (str_eq(str_cut(&rest, ' '), type)) return true;
	return false;
}

static void add(struct walk *w, enum pdf_rule rule, const struct element *e, const char *what)
{
	check_add(w->c, rule, check_page_index(w->c, e->page) + 1, "%.*s (object %lld): %s",
		STR_FMT(str_slice(e->type, 0, 40)), (long long)e->number, what);
}

/* The entry of a number tree (ISO 32000-1, 7.9.7). */
static const struct pdf_value *number_tree_get(struct walk *w, const struct pdf_value *node, int64_t key,
	int depth)
{
	const struct pdf_value *nums = pdf_file_get(w->c->file, node, "Nums"),
						   *kids = pdf_file_get(w->c->file, node, "Kids");
	if (!check_step(w->c, 10 + nums->count + kids->count)) return NULL;
	for (size_t i = 0; nums->type == PDF_ARRAY && i + 1 < nums->count; i += 2)
		if (nums->items[i].type == PDF_INTEGER && nums->items[i].integer == key) return &nums->items[i + 1];
	for (size_t i = 0; kids->type == PDF_ARRAY && i < kids->count && depth < 8; i++) {
		const struct pdf_value *kid = pdf_file_follow(w->c->file, &kids->items[i]);
		const struct pdf_value *limits = pdf_file_get(w->c->file, kid, "Limits");
		if (limits->type == PDF_ARRAY && limits->count == 2 &&
			(key < limits->items[0].integer || key > limits->items[1].integer))
			continue;
		const struct pdf_value *found = number_tree_get(w, kid, key, depth + 1);
		if (found) return found;
	}
	return NULL;
}

static struct str type_of(struct walk *w, const struct pdf_value *dict)
{
	const struct pdf_value *s = pdf_file_get(w->c->file, dict, "S");
	for (int i = 0; i < 8 && s->type == PDF_NAME && !is_among(s->text, standard_types); i++) {
		const struct pdf_value *mapped = pdf_file_get(w->c->file, w->role_map,
			arena_cz(w->c->arena, s->text));
		if (mapped->type != PDF_NAME) break;
		s = mapped;
	}
	return s->type == PDF_NAME ? s->text : STR("");
}

/* --- content ---------------------------------------------------------------------------------------------------- */

static void claim(struct walk *w, const struct element *e, int64_t page_object, int64_t number)
{
	int page = check_page_index(w->c, page_object);
	if (page < 0) return add(w, PDF_RULE_MCID, e, "content of a page that is not there");
	struct check_mcid *m = check_mcid_at(w->c, &w->c->pages[page], number);
	if (!m || !m->seen) return add(w, PDF_RULE_MCID, e, "its MCID is not on the page");
	if (m->element) return add(w, PDF_RULE_MCID, e, "its MCID belongs to another element too");
	m->element = e->number;
	const struct pdf_value *key = pdf_file_get(w->c->file, w->c->pages[page].dict, "StructParents");
	const struct pdf_value *list = pdf_file_follow(w->c->file,
		number_tree_get(w, w->parent_tree, key->integer, 0));
	if (key->type != PDF_INTEGER || list->type != PDF_ARRAY || number < 0 ||
		(uint64_t)number >= list->count || list->items[number].type != PDF_REF ||
		list->items[number].integer != e->number)
		add(w, PDF_RULE_MCID, e, "the parent tree does not lead from its MCID back to it");
}

/* --- rules by type ------------------------------------------------------------------------------------------------- */

static const struct pdf_value *kid_at(struct walk *w, const struct pdf_value *kids, size_t i)
{
	return pdf_file_follow(w->c->file, kids->type == PDF_ARRAY ? &kids->items[i] : kids);
}

static size_t kid_count(const struct pdf_value *kids)
{
	return kids->type == PDF_ARRAY ? kids->count : kids->type != PDF_NULL;
}

static bool is_element(const struct pdf_value *kid)
{
	return kid->type == PDF_DICT && pdf_dict_get(kid, "S");
}

static bool has_text(struct walk *w, const struct pdf_value *dict, const char *key)
{
	const struct pdf_value *v = pdf_file_get(w->c->file, dict, key);
	return v->type == PDF_STRING && v->text.n > 0 && !str_eq(v->text, STR("\xFE\xFF"));
}

/* An attribute of the element: /A is a dictionary or an array of them. */
static const struct pdf_value *attribute(struct walk *w, const struct pdf_value *dict, const char *key)
{
	const struct pdf_value *a = pdf_file_get(w->c->file, dict, "A");
	for (size_t i = 0; i < kid_count(a); i++) {
		const struct pdf_value *v = pdf_file_get(w->c->file, kid_at(w, a, i), key);
		if (v->type != PDF_NULL) return v;
	}
	return pdf_file_get(w->c->file, NULL, key);
}

static void check_heading(struct walk *w, const struct element *e)
{
	int level = e->type.p[1] - '0';
	if (w->heading == 0 && level != 1)
		add(w, PDF_RULE_HEADING, e, "the first heading is not H1");
	else if (level > w->heading + 1)
		add(w, PDF_RULE_HEADING, e, "skips a level");
	w->heading = level;
}

/* Cells of a row, spans counted; -1 when spans over rows make counting pointless. */
static int row_width(struct walk *w, const struct pdf_value *row, bool *ret_header)
{
	const struct pdf_value *kids = pdf_file_get(w->c->file, row, "K");
	int width = 0;
	if (!check_step(w->c, 10 * kid_count(kids))) return -1;
	for (size_t i = 0; i < kid_count(kids); i++) {
		const struct pdf_value *cell = kid_at(w, kids, i);
		struct str type = type_of(w, cell);
		if (is(type, "TH")) *ret_header = true;
		if (attribute(w, cell, "RowSpan")->integer > 1) return -1;
		int64_t span = attribute(w, cell, "ColSpan")->integer;
		if (is(type, "TH") || is(type, "TD")) width += span > 1 && span < COLUMNS_MAX ? (int)span : 1;
		if (width > COLUMNS_MAX) return -1;
	}
	return width;
}

/* All rows, also those in THead, TBody and TFoot; `width` 0: not known yet. */
static void check_rows(struct walk *w, const struct element *table, const struct pdf_value *group, int *width,
	bool *ret_header, int depth)
{
	const struct pdf_value *kids = pdf_file_get(w->c->file, group, "K");
	if (!check_step(w->c, 10 * kid_count(kids))) return;
	for (size_t i = 0; i < kid_count(kids); i++) {
		const struct pdf_value *kid = kid_at(w, kids, i);
		struct str type = type_of(w, kid);
		if (is_among(type, "THead TBody TFoot") && depth == 0) {
			check_rows(w, table, kid, width, ret_header, 1);
		} else if (is(type, "TR")) {
			int n = row_width(w, kid, ret_header);
			if (*width == 0) *width = n;
			if (n >= 0 && *width >= 0 && n != *width) {
				add(w, PDF_RULE_TABLE, table, "rows of different width");
				*width = -1;
			}
		}
	}
}

static void check_table(struct walk *w, const struct element *e)
{
	int width = 0;
	bool header = false;
	check_rows(w, e, e->dict, &width, &header, 0);
	if (!header) add(w, PDF_RULE_TABLE, e, "no header cell");
}

static void check_cell(struct walk *w, const struct element *e)
{
	const struct pdf_value *scope = attribute(w, e->dict, "Scope");
	bool known = pdf_is_name(scope, "Row") || pdf_is_name(scope, "Column") || pdf_is_name(scope, "Both");
	if (!known) add(w, PDF_RULE_TABLE, e, "no Scope");
}

/* What may stand in what: for the types whose children are fixed. */
static void check_kid(struct walk *w, const struct element *e, struct str kid)
{
	static const struct {
		const char *parents, *kids;
		enum pdf_rule rule;
	} known[] = {
		{ "Table", "TR THead TBody TFoot Caption", PDF_RULE_TABLE },
		{ "THead TBody TFoot", "TR", PDF_RULE_TABLE },
		{ "TR", "TH TD", PDF_RULE_TABLE },
		{ "L", "L LI Caption", PDF_RULE_LIST },
		{ "LI", "Lbl LBody", PDF_RULE_LIST },
	};
	static const struct {
		const char *kids, *parents;
		enum pdf_rule rule;
	} bound[] = {
		{ "TR", "Table THead TBody TFoot", PDF_RULE_TABLE },
		{ "TH TD", "TR", PDF_RULE_TABLE },
		{ "THead TBody TFoot", "Table", PDF_RULE_TABLE },
		{ "LI", "L", PDF_RULE_LIST },
		{ "LBody", "LI", PDF_RULE_LIST },
	};
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (is_among(e->type, known[i].parents) && !is_among(kid, known[i].kids))
			add(w, known[i].rule, e, "a child of the wrong type");
	for (size_t i = 0; i < sizeof bound / sizeof bound[0]; i++)
		if (is_among(kid, bound[i].kids) && !is_among(e->type, bound[i].parents))
			add(w, bound[i].rule, e, "a child of the wrong type");
}

static void check_element(struct walk *w, const struct element *e)
{
	size_t kids = kid_count(pdf_file_get(w->c->file, e->dict, "K"));
	if (!is_among(e->type, standard_types)) add(w, PDF_RULE_TREE, e, "not a standard structure type");
	if (e->type.n == 2 && e->type.p[0] == 'H' && e->type.p[1] >= '1' && e->type.p[1] <= '6')
		check_heading(w, e);
	if (is(e->type, "Table")) check_table(w, e);
	if (is(e->type, "TH")) check_cell(w, e);
	if (is_among(e->type, "L LI") && kids == 0) add(w, PDF_RULE_LIST, e, "empty");
	if (is_among(e->type, "Figure Formula") && !has_text(w, e->dict, "Alt") &&
		!has_text(w, e->dict, "ActualText"))
		add(w, PDF_RULE_FIGURE, e, "no alternative text");
}

/* --- walking -------------------------------------------------------------------------------------------------------- */

static void visit(struct walk *w, struct element *e);

static void visit_kid(struct walk *w, const struct element *e, const struct pdf_value *reference)
{
	const struct pdf_value *kid = pdf_file_follow(w->c->file, reference);
	const struct pdf_value *page = pdf_dict_get(kid, "Pg");
	int64_t page_object = page && page->type == PDF_REF ? page->integer : e->page;
	if (kid->type == PDF_INTEGER) {
		claim(w, e, e->page, kid->integer);
	} else if (pdf_is_name(pdf_file_get(w->c->file, kid, "Type"), "MCR")) {
		claim(w, e, page_object, pdf_file_get(w->c->file, kid, "MCID")->integer);
	} else if (is_element(kid)) {
		const struct pdf_value *parent = pdf_dict_get(kid, "P");
		struct element inner = { .dict = kid,
			.type = type_of(w, kid),
			.page = page_object,
			.depth = e->depth + 1 };
		inner.number = reference->type == PDF_REF ? reference->integer : 0;
		if (!parent || parent->type != PDF_REF || parent->integer != e->number)
			add(w, PDF_RULE_TREE, &inner, "its P does not lead to its parent");
		if (e->type.n) check_kid(w, e, inner.type);
		visit(w, &inner);
	} else if (!pdf_is_name(pdf_file_get(w->c->file, kid, "Type"), "OBJR")) {
		add(w, PDF_RULE_TREE, e, "a child that is neither element nor content");
	}
}

static void visit(struct walk *w, struct element *e)
{
	if (++w->elements > ELEMENTS_MAX || e->depth > DEPTH_MAX) {
		if (e->depth > DEPTH_MAX || w->elements == ELEMENTS_MAX + 1)
			add(w, PDF_RULE_TREE, e, "the tree is too deep or too large");
		return;
	}
	w->c->report.elements++;
	check_element(w, e);
	const struct pdf_value *raw = pdf_dict_get(e->dict, "K"), *kids = pdf_file_follow(w->c->file, raw);
	if (kids->type == PDF_ARRAY) {
		for (size_t i = 0; i < kids->count; i++)
			visit_kid(w, e, &kids->items[i]);
	} else if (kids->type != PDF_NULL) {
		visit_kid(w, e, raw);
	}
}

/* --- annotations ------------------------------------------------------------------------------------------------------- */

static bool refers_to(struct walk *w, const struct pdf_value *dict, int64_t annotation)
{
	const struct pdf_value *kids = pdf_file_get(w->c->file, dict, "K");
	for (size_t i = 0; i < kid_count(kids); i++) {
		const struct pdf_value *object = pdf_dict_get(kid_at(w, kids, i), "Obj");
		if (object && object->type == PDF_REF && object->integer == annotation) return true;
	}
	return false;
}

static void check_annotation(struct walk *w, int page, const struct pdf_value *reference)
{
	const struct pdf_value *note = pdf_file_follow(w->c->file, reference);
	const struct pdf_value *subtype = pdf_file_get(w->c->file, note, "Subtype");
	if (pdf_is_name(subtype, "Popup")) return;
	bool link = pdf_is_name(subtype, "Link"), widget = pdf_is_name(subtype, "Widget");
	int64_t flags = pdf_file_get(w->c->file, note, "F")->integer;
	/* Print set; Invisible, Hidden, NoView and ToggleNoView clear (ISO 19005-2, 6.3.2). */
	if ((flags & 4) == 0 || (flags & (1 | 2 | 32 | 256)))
		check_add(w->c, PDF_RULE_ANNOTATION, page + 1, "flags %lld", (long long)flags);
	if (!has_text(w, note, "Contents") && !(widget && has_text(w, note, "TU")))
		check_add(w->c, PDF_RULE_ANNOTATION, page + 1, "an annotation without Contents or TU");
	const struct pdf_value *key = pdf_file_get(w->c->file, note, "StructParent");
	const struct pdf_value *e = pdf_file_follow(w->c->file,
		number_tree_get(w, w->parent_tree, key->integer, 0));
	struct str type = key->type == PDF_INTEGER ? type_of(w, e) : STR("");
	if (!is(type, link ? "Link" : widget ? "Form" : "Annot"))
		check_add(w->c, PDF_RULE_ANNOTATION, page + 1, "an annotation outside its structure element");
	else if (reference->type != PDF_REF || !refers_to(w, e, reference->integer))
		check_add(w->c, PDF_RULE_ANNOTATION, page + 1, "its element does not refer to the annotation");
	const struct pdf_value *action = pdf_file_get(w->c->file, pdf_file_get(w->c->file, note, "A"), "S");
	if (action->type != PDF_NULL && !pdf_is_name(action, "URI") && !pdf_is_name(action, "GoTo"))
		check_add(w->c, PDF_RULE_ACTIVE, page + 1, "an action of kind %.*s",
			STR_FMT(str_slice(action->text, 0, 40)));
}

static void check_annotations(struct walk *w, int page)
{
	const struct pdf_value *notes = pdf_file_get(w->c->file, w->c->pages[page].dict, "Annots");
	if (notes->type != PDF_ARRAY || notes->count == 0) return;
	if (!pdf_is_name(pdf_file_get(w->c->file, w->c->pages[page].dict, "Tabs"), "S"))
		check_add(w->c, PDF_RULE_TABS, page + 1, "a page with annotations and without Tabs S");
	for (size_t i = 0; i < notes->count && i < ANNOTATIONS_MAX; i++)
		check_annotation(w, page, &notes->items[i]);
}

void check_tree(struct checker *c)
{
	const struct pdf_value *reference = pdf_dict_get(c->root, "StructTreeRoot"),
						   *tree = pdf_file_follow(c->file, reference);
	struct walk w = { .c = c,
		.role_map = pdf_file_get(c->file, tree, "RoleMap"),
		.parent_tree = pdf_file_get(c->file, tree, "ParentTree") };
	if (tree->type != PDF_DICT) {
		check_add(c, PDF_RULE_TREE, 0, "no structure tree");
		return;
	}
	struct element root = { .dict = tree,
		.type = STR(""),
		.number = reference->type == PDF_REF ? reference->integer : 0 };
	const struct pdf_value *kids = pdf_dict_get(tree, "K"), *list = pdf_file_follow(c->file, kids);
	for (size_t i = 0; list->type == PDF_ARRAY && i < list->count; i++)
		visit_kid(&w, &root, &list->items[i]);
	if (list->type == PDF_DICT) visit_kid(&w, &root, kids);
	if (c->report.elements == 0) check_add(c, PDF_RULE_TREE, 0, "an empty structure tree");
	for (int i = 0; i < c->page_count; i++) {
		for (int k = 0; k < c->pages[i].mcid_count; k++)
			if (c->pages[i].mcids[k].seen && !c->pages[i].mcids[k].element)
				check_add(c, PDF_RULE_MCID, i + 1, "MCID %d belongs to no element", k);
		check_annotations(&w, i);
	}
}
