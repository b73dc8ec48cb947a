/*
 * From cmark-gfm's tree to spans and blocks. Start at pdf_markdown_flow().
 */
#include <cmark-gfm.h>
#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>
#include <pthread.h>

#include "core/pdf/pdf_markdown.h"
#include "core/pdf/pdf_table.h"

enum { MARKDOWN_BYTES_MAX = 256 * 1024, DEPTH_MAX = 8, SPANS_FIRST = 8 };

#define INDENT 14.7 /* 1.4 em of the body, as the screens indent lists */

struct writer {
	struct sheet *paper;
	int last_heading;
};

static pthread_once_t extensions_once = PTHREAD_ONCE_INIT;

static void tree_release(void *resource) { cmark_node_free(resource); }

static struct err *parse(struct arena *a, struct str markdown, cmark_node **ret)
{
	if (markdown.n > MARKDOWN_BYTES_MAX)
		return ERR(a, ERR_TOO_LARGE, NULL, "markdown of %zu bytes", markdown.n);
	pthread_once(&extensions_once, cmark_gfm_core_extensions_ensure_registered);
	cmark_parser *parser = cmark_parser_new(CMARK_OPT_DEFAULT | CMARK_OPT_VALIDATE_UTF8);
	must(parser);
	cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension("table"));
	cmark_parser_feed(parser, markdown.p ? markdown.p : "", markdown.n);
	*ret = cmark_parser_finish(parser);
	cmark_parser_free(parser);
	must(*ret);
	arena_defer(a, tree_release, *ret);
	return NULL;
}

static bool is(cmark_node *node, const char *type)
{
	return strcmp(cmark_node_get_type_string(node), type) == 0;
}

static struct err *refuse(struct writer *w, cmark_node *node, const char *what)
{
	return ERR(w->paper->doc->arena, ERR_INVALID, "pdf.markdown", "line %d: %s",
		cmark_node_get_start_line(node), what);
}

/* --- inlines -------------------------------------------------------------------------------------------- */

struct span_list {
	struct pdf_span *at;
	size_t count, capacity;
};

static void add_span(struct writer *w, struct span_list *l, struct str text, const struct pdf_span *like)
{
	if (l->count == l->capacity) {
		size_t capacity = l->capacity ? l->capacity * 2 : SPANS_FIRST;
		struct pdf_span *grown = ARENA_ARRAY(w->paper->doc->arena, struct pdf_span, capacity);
		if (l->count) memcpy(grown, l->at, l->count * sizeof *grown);
		l->at = grown;
		l->capacity = capacity;
	}
	l->at[l->count] = *like;
	l->at[l->count++].text = text;
}

/* Strong outweighs emphasis: there is no bold italic cut. */
static enum pdf_face cut_of(cmark_node_type type, enum pdf_face around)
{
	if (type == CMARK_NODE_STRONG) return around == PDF_TITLE ? PDF_TITLE : PDF_SANS_BOLD;
	return around == PDF_SANS ? PDF_SANS_ITALIC : around;
}

static struct err *link_of(struct writer *w, cmark_node *n, struct pdf_span *span)
{
	span->uri = arena_cstr(w->paper->doc->arena, cmark_node_get_url(n));
	if (!str_starts_with(span->uri, STR("https://")) && !str_starts_with(span->uri, STR("mailto:")))
		return refuse(w, n, "a link leads to https:// or mailto: only");
	span->elem = pdf_elem_new(w->paper->doc->tags, span->elem, TAG_LINK);
	span->style.colour = w->paper->styles.link.colour;
	span->style.underline = true;
	return NULL;
}

static struct err *collect(struct writer *w, cmark_node *node, const struct pdf_span *like,
	struct span_list *l, int depth)
{
	if (depth == DEPTH_MAX) return refuse(w, node, "emphasis nested too deep");
	for (cmark_node *n = cmark_node_first_child(node); n; n = cmark_node_next(n)) {
		struct pdf_span inner = *like;
		cmark_node_type type = cmark_node_get_type(n);
		if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE) {
			add_span(w, l, arena_cstr(w->paper->doc->arena, cmark_node_get_literal(n)), like);
		} else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK) {
			add_span(w, l, type == CMARK_NODE_SOFTBREAK ? STR(" ") : STR("\n"), like);
		} else if (type == CMARK_NODE_STRONG || type == CMARK_NODE_EMPH) {
			inner.style.cut = cut_of(type, like->style.cut);
			TRY(collect(w, n, &inner, l, depth + 1));
		} else if (type == CMARK_NODE_LINK) {
			TRY(link_of(w, n, &inner));
			TRY(collect(w, n, &inner, l, depth + 1));
		} else {
			return refuse(w, n, type == CMARK_NODE_IMAGE ? "images are not taken" : "HTML is not taken");
		}
	}
	return NULL;
}

static struct err *set_inlines(struct writer *w, cmark_node *node, struct pdf_style style,
	struct pdf_elem *elem, double width, struct pdf_para **ret)
{
	struct span_list l = { 0 };
	struct pdf_span like = { .style = style, .elem = elem };
	TRY(collect(w, node, &like, &l, 0));
	if (l.count == 0) add_span(w, &l, STR(""), &like);
	return pdf_text_set(w->paper->doc, l.at, l.count, width, ret);
}

struct err *pdf_markdown_spans(struct sheet *p, struct str markdown, struct pdf_style base,
	struct pdf_elem *elem, const struct pdf_span **ret, size_t *ret_count)
{
	struct writer w = { .paper = p };
	cmark_node *root;
	TRY(parse(p->doc->arena, markdown, &root));
	struct span_list l = { 0 };
	struct pdf_span like = { .style = base, .elem = elem };
	for (cmark_node *n = cmark_node_first_child(root); n; n = cmark_node_next(n)) {
		if (cmark_node_get_type(n) != CMARK_NODE_PARAGRAPH)
			return refuse(&w, n, "only paragraphs are wanted here");
		if (l.count > 0) add_span(&w, &l, STR("\n"), &like);
		TRY(collect(&w, n, &like, &l, 0));
	}
	if (l.count == 0) add_span(&w, &l, STR(""), &like);
	*ret = l.at;
	*ret_count = l.count;
	return NULL;
}

/* --- blocks --------------------------------------------------------------------------------------------- */

static struct err *put_blocks(struct writer *w, cmark_node *parent_node, struct pdf_elem *parent, bool tight,
	int depth);

static struct err *put_paragraph(struct writer *w, cmark_node *node, struct pdf_elem *parent, bool tight)
{
	struct pdf_elem *e = tight ? parent : pdf_elem_new(w->paper->doc->tags, parent, TAG_P);
	struct pdf_para *para;
	TRY(set_inlines(w, node, w->paper->styles.body, e, w->paper->flow->width, &para));
	pdf_flow_para(w->paper->flow, para, w->paper->flow->x);
	pdf_flow_space(w->paper->flow, tight ? 1.5 : 6);
	return NULL;
}

static struct err *put_heading(struct writer *w, cmark_node *node, struct pdf_elem *parent)
{
	int level = cmark_node_get_heading_level(node) + 2;
	if (level > w->last_heading + 1 || level > 6) return refuse(w, node, "this heading skips a level");
	w->last_heading = level;
	struct pdf_elem *e = pdf_elem_new(w->paper->doc->tags, parent, (enum pdf_tag)(TAG_H1 + level - 1));
	struct pdf_para *para;
	TRY(set_inlines(w, node, w->paper->styles.h3, e, w->paper->flow->width, &para));
	pdf_flow_space(w->paper->flow, 9);
	for (size_t i = 0; i < para->line_count; i++) {
		pdf_row_line(w->paper->flow, pdf_flow_row(w->paper->flow, para->lines[i].height), para, i,
			w->paper->flow->x, 0);
		pdf_flow_keep(w->paper->flow);
	}
	pdf_flow_space(w->paper->flow, 2);
	return NULL;
}

/* The label stands in the first line of the item's text, to the left of its indent. */
static struct err *put_item(struct writer *w, cmark_node *node, struct pdf_elem *list, struct str label,
	bool tight, int depth)
{
	struct pdf_flow *f = w->paper->flow;
	struct pdf_elem *item = pdf_elem_new(f->doc->tags, list, TAG_ITEM);
	struct pdf_elem *body = pdf_elem_new(f->doc->tags, item, TAG_BODY);
	struct pdf_para *para;
	TRY(pdf_text_set_one(f->doc, label, w->paper->styles.body, pdf_elem_new(f->doc->tags, item, TAG_LABEL),
		f->width, &para));
	struct pdf_row *row = pdf_flow_row(f, 0);
	row->keep_next = true;
	pdf_row_line(f, row, para, 0, f->x + INDENT - 4.2 - para->lines[0].width, 0);
	f->x += INDENT;
	f->width -= INDENT;
	TRY(put_blocks(w, node, body, tight, depth + 1));
	f->x -= INDENT;
	f->width += INDENT;
	pdf_flow_space(f, tight ? 1.5 : 6);
	return NULL;
}

static struct err *put_list(struct writer *w, cmark_node *node, struct pdf_elem *parent, int depth)
{
	if (depth >= DEPTH_MAX) return refuse(w, node, "lists nested too deep");
	struct pdf_elem *list = pdf_elem_new(w->paper->doc->tags, parent, TAG_LIST);
	list->ordered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST;
	bool tight = cmark_node_get_list_tight(node);
	int number = cmark_node_get_list_start(node);
	for (cmark_node *n = cmark_node_first_child(node); n; n = cmark_node_next(n), number++) {
		struct str label = list->ordered ? arena_printf(w->paper->doc->arena, "%d.", number) : STR("•");
		TRY(put_item(w, n, list, label, tight, depth));
	}
	pdf_flow_space(w->paper->flow, depth > 0 && tight ? 1.5 : 6);
	return NULL;
}

static struct err *put_table(struct writer *w, cmark_node *node, struct pdf_elem *parent)
{
	struct pdf_flow *f = w->paper->flow;
	const struct sheet_styles *s = &w->paper->styles;
	struct pdf_table_look look = { .pad_x = MM(4),
		.pad_y = MM(1),
		.line = s->line,
		.head_fill = &w->paper->brand->town_tint };
	const uint8_t *align = cmark_gfm_extensions_get_table_alignments(node);
	struct pdf_table *t = pdf_table_begin(f, parent, cmark_gfm_extensions_get_table_columns(node), &look);
	pdf_flow_space(f, 4);
	for (cmark_node *row = cmark_node_first_child(node); row; row = cmark_node_next(row)) {
		bool head = is(row, "table_header");
		int i = 0;
		pdf_table_row(t, head);
		for (cmark_node *cell = cmark_node_first_child(row); cell; cell = cmark_node_next(cell), i++) {
			struct pdf_elem *e = pdf_table_cell(t, false);
			if (!cmark_node_first_child(cell)) continue;
			struct pdf_style style = head ? s->strong : s->body;
			style.tabular = true;
			struct pdf_para *para;
			TRY(set_inlines(w, cell, style, e, 0, &para));
			pdf_table_put(t, para,
				align[i] == 'r'       ? ALIGN_RIGHT
					: align[i] == 'c' ? ALIGN_CENTRE
									  : ALIGN_LEFT);
		}
	}
	pdf_table_end(t);
	pdf_flow_space(f, 8);
	return NULL;
}

static struct err *put_quote(struct writer *w, cmark_node *node, struct pdf_elem *parent, int depth)
{
	if (depth >= DEPTH_MAX) return refuse(w, node, "quotes nested too deep");
	struct pdf_flow *f = w->paper->flow;
	struct pdf_row *before = f->last;
	f->x += INDENT;
	f->width -= INDENT;
	TRY(put_blocks(w, node, pdf_elem_new(f->doc->tags, parent, TAG_QUOTE), false, depth + 1));
	f->x -= INDENT;
	f->width += INDENT;
	/* A bar at its left, row by row: over the space before each but the first. */
	struct pdf_row *first = before ? before->next : f->first;
	for (struct pdf_row *row = first; row; row = row->next) {
		double above = row == first ? 0 : row->before;
		pdf_row_box(f, row, (double[4]){ f->x + 2, -above, 1.6, row->height + above }, 0, 0,
			w->paper->brand->town_line);
	}
	return NULL;
}

static struct err *put_code(struct writer *w, cmark_node *node, struct pdf_elem *parent)
{
	struct str text = arena_cstr(w->paper->doc->arena, cmark_node_get_literal(node));
	TRY(pdf_flow_text(w->paper->flow, str_trim(text), w->paper->styles.body,
		pdf_elem_new(w->paper->doc->tags, parent, TAG_P)));
	pdf_flow_space(w->paper->flow, 6);
	return NULL;
}

static void put_rule(struct writer *w)
{
	struct pdf_flow *f = w->paper->flow;
	pdf_flow_space(f, 6);
	pdf_row_rule(f, pdf_flow_row(f, 1), f->x, 0.5, f->width, 0.6, w->paper->styles.line);
	pdf_flow_space(f, 6);
}

static struct err *put_blocks(struct writer *w, cmark_node *parent_node, struct pdf_elem *parent, bool tight,
	int depth)
{
	for (cmark_node *n = cmark_node_first_child(parent_node); n; n = cmark_node_next(n)) {
		cmark_node_type type = cmark_node_get_type(n);
		if (type == CMARK_NODE_PARAGRAPH)
			TRY(put_paragraph(w, n, parent, tight));
		else if (type == CMARK_NODE_HEADING)
			TRY(put_heading(w, n, parent));
		else if (type == CMARK_NODE_LIST)
			TRY(put_list(w, n, parent, depth));
		else if (type == CMARK_NODE_BLOCK_QUOTE)
			TRY(put_quote(w, n, parent, depth));
		else if (type == CMARK_NODE_CODE_BLOCK)
			TRY(put_code(w, n, parent));
		else if (type == CMARK_NODE_THEMATIC_BREAK)
			put_rule(w);
		else if (is(n, "table"))
			TRY(put_table(w, n, parent));
		else
			return refuse(w, n, "HTML is not taken");
	}
	return NULL;
}

struct err *pdf_markdown_flow(struct sheet *p, struct str markdown, struct pdf_elem *parent)
{
	struct writer w = { .paper = p, .last_heading = 2 };
	cmark_node *root;
	TRY(parse(p->doc->arena, markdown, &root));
	return put_blocks(&w, root, parent, false, 0);
}
