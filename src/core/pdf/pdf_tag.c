/*
 * Builds and writes the structure tree and the parent tree. Start at pdf_tags_write().
 */
#include "core/pdf/pdf_tag.h"
#include "base/err.h"

/* One child of an element: another element, marked content of a page, or an annotation. */
struct pdf_kid {
	struct pdf_kid *next;
	struct pdf_elem *elem;
	int page, content; /* when neither elem nor annotation is set */
	int annotation;
};

struct page_content {
	struct pdf_elem **elems; /* by marked-content number */
	int count, capacity;
};

struct link_back {
	struct pdf_elem *elem;
	struct link_back *next;
};

struct pdf_tags {
	struct arena *arena;
	struct pdf_writer *writer;
	struct pdf_elem *root;
	struct pdf_elem *first, *last; /* all attached, in order */
	struct page_content *pages;
	int page_count, page_capacity;
	struct link_back *annotations, *last_annotation;
	int annotation_count;
};

static const char *const tag_names[] = {
#define X(tag, name) [tag] = name,
	PDF_TAGS(X)
#undef X
};

struct pdf_tags *pdf_tags_new(struct arena *a, struct pdf_writer *w)
{
	struct pdf_tags *t = ARENA_NEW(a, struct pdf_tags);
	t->arena = a;
	t->writer = w;
	t->root = pdf_elem_new(t, NULL, TAG_DOCUMENT);
	pdf_elem_attach(t, t->root);
	return t;
}

struct pdf_elem *pdf_tags_root(struct pdf_tags *t) { return t->root; }

struct pdf_elem *pdf_elem_new(struct pdf_tags *t, struct pdf_elem *parent, enum pdf_tag tag)
{
	struct pdf_elem *e = ARENA_NEW(t->arena, struct pdf_elem);
	e->tag = tag;
	e->parent = parent;
	return e;
}

static void add_kid(struct pdf_tags *t, struct pdf_elem *e, struct pdf_kid value)
{
	struct pdf_kid *kid = ARENA_NEW(t->arena, struct pdf_kid);
	*kid = value;
	*(e->last_kid ? &e->last_kid->next : &e->kids) = kid;
	e->last_kid = kid;
}

void pdf_elem_attach(struct pdf_tags *t, struct pdf_elem *e)
{
	if (e->number) return;
	e->number = pdf_writer_reserve(t->writer);
	if (e->parent) {
		pdf_elem_attach(t, e->parent);
		add_kid(t, e->parent, (struct pdf_kid){ .elem = e });
	}
	*(t->last ? &t->last->next : &t->first) = e;
	t->last = e;
}

static struct page_content *page_of(struct pdf_tags *t, int page)
{
	if (page >= t->page_capacity) {
		int capacity = page * 2 + 8;
		struct page_content *grown = ARENA_ARRAY(t->arena, struct page_content, (size_t)capacity);
		if (t->page_count) memcpy(grown, t->pages, (size_t)t->page_count * sizeof *grown);
		t->pages = grown;
		t->page_capacity = capacity;
	}
	if (page >= t->page_count) t->page_count = page + 1;
	return &t->pages[page];
}

int pdf_elem_content(struct pdf_tags *t, struct pdf_elem *e, int page)
{
	pdf_elem_attach(t, e);
	struct page_content *p = page_of(t, page);
	if (p->count == p->capacity) {
		p->capacity = p->capacity ? p->capacity * 2 : 64;
		struct pdf_elem **grown = ARENA_ARRAY(t->arena, struct pdf_elem *, (size_t)p->capacity);
		if (p->count) memcpy(grown, p->elems, (size_t)p->count * sizeof *grown);
		p->elems = grown;
	}
	add_kid(t, e, (struct pdf_kid){ .page = page, .content = p->count });
	p->elems[p->count] = e;
	return p->count++;
}

int pdf_elem_annotation(struct pdf_tags *t, struct pdf_elem *e, int page, int annotation, int page_count)
{
	pdf_elem_attach(t, e);
	add_kid(t, e, (struct pdf_kid){ .page = page, .annotation = annotation });
	struct link_back *back = ARENA_NEW(t->arena, struct link_back);
	back->elem = e;
	*(t->last_annotation ? &t->last_annotation->next : &t->annotations) = back;
	t->last_annotation = back;
	return page_count + t->annotation_count++;
}

static void put_attributes(struct buf *b, const struct pdf_elem *e)
{
	if (e->tag == TAG_HEADER)
		buf_printf(b, "/A<</O/Table/Scope/%s>>", e->scope == SCOPE_ROW ? "Row" : "Column");
	if (e->tag == TAG_LIST) buf_printf(b, "/A<</O/List/ListNumbering/%s>>", e->ordered ? "Decimal" : "Disc");
	if (e->tag == TAG_FIGURE && e->box[2] > 0) {
		buf_add(b, STR("/A<</O/Layout/Placement/Block/BBox["));
		pdf_put_numbers(b, 4, e->box);
		buf_add(b, STR("]>>"));
	}
	if (!str_is_empty(e->alt)) {
		buf_add(b, STR("/Alt"));
		pdf_put_text(b, e->alt);
	}
}

static void put_kids(struct buf *b, const struct pdf_elem *e, int own_page, const int *page_objects)
{
	buf_add(b, STR("/K["));
	for (const struct pdf_kid *kid = e->kids; kid; kid = kid->next) {
		if (kid->elem)
			buf_printf(b, "%d 0 R ", kid->elem->number);
		else if (kid->annotation)
			buf_printf(b, "<</Type/OBJR/Obj %d 0 R/Pg %d 0 R>>", kid->annotation, page_objects[kid->page]);
		else if (kid->page == own_page)
			buf_printf(b, "%d ", kid->content);
		else
			buf_printf(b, "<</Type/MCR/Pg %d 0 R/MCID %d>>", page_objects[kid->page], kid->content);
	}
	buf_add(b, STR("]"));
}

static void write_elem(struct pdf_tags *t, const struct pdf_elem *e, int tree, const int *page_objects)
{
	int own_page = -1;
	for (const struct pdf_kid *kid = e->kids; kid && own_page < 0; kid = kid->next)
		if (!kid->elem) own_page = kid->page;
	struct buf *b = pdf_writer_open(t->writer, e->number);
	buf_printf(b, "<</Type/StructElem/S/%s/P %d 0 R", tag_names[e->tag],
		e->parent ? e->parent->number : tree);
	if (own_page >= 0) buf_printf(b, "/Pg %d 0 R", page_objects[own_page]);
	put_attributes(b, e);
	put_kids(b, e, own_page, page_objects);
	buf_add(b, STR(">>"));
	pdf_writer_close(t->writer);
}

/* From page and marked-content number, and from annotation, back to the element. */
static int write_parent_tree(struct pdf_tags *t, int page_count)
{
	int number = pdf_writer_reserve(t->writer);
	struct buf *b = pdf_writer_open(t->writer, number);
	buf_add(b, STR("<</Nums["));
	for (int i = 0; i < page_count; i++) {
		buf_printf(b, "%d[", i);
		for (int k = 0; i < t->page_count && k < t->pages[i].count; k++)
			buf_printf(b, "%d 0 R ", t->pages[i].elems[k]->number);
		buf_add(b, STR("]"));
	}
	int key = page_count;
	for (const struct link_back *back = t->annotations; back; back = back->next)
		buf_printf(b, "%d %d 0 R ", key++, back->elem->number);
	buf_add(b, STR("]>>"));
	pdf_writer_close(t->writer);
	return number;
}

int pdf_tags_write(struct pdf_tags *t, const int *page_objects, int page_count)
{
	int tree = pdf_writer_reserve(t->writer);
	for (const struct pdf_elem *e = t->first; e; e = e->next) {
		must(e->tag != TAG_FIGURE || !str_is_empty(e->alt));
		write_elem(t, e, tree, page_objects);
	}
	int parents = write_parent_tree(t, page_count);
	struct buf *b = pdf_writer_open(t->writer, tree);
	buf_printf(b, "<</Type/StructTreeRoot/K[%d 0 R]/ParentTree %d 0 R/ParentTreeNextKey %d>>",
		t->root->number, parents, page_count + t->annotation_count);
	pdf_writer_close(t->writer);
	return tree;
}
