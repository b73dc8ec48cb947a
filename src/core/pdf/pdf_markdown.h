/*
 * CommonMark with GitHub's tables, as tagged blocks in the flow: paragraphs, headings, lists in lists, tables,
 * quotes, rules, links. Images, HTML and headings that skip a level are refused.
 */
#pragma once
#include "core/pdf/sheet.h"

/* `last_level`: level of the heading above (2 under a section's heading); "#" is one below the base level
 * of 2. Blocks go under `parent` into the paper's flow. */
MUST_USE struct err *pdf_markdown_flow(struct sheet *p, struct str markdown, struct pdf_elem *parent);
/* Paragraphs of markdown as spans of `elem`, in `base` style, each on a line of its own; any other block is refused. */
MUST_USE struct err *pdf_markdown_spans(struct sheet *p, struct str markdown, struct pdf_style base,
	struct pdf_elem *elem, const struct pdf_span **ret, size_t *ret_count);
