/*
 * What the tracker knows of elements and attributes by name: which have no end tag, which are refused and
 * why, which attributes are addresses and which take no values. Tables and look-ups, nothing else.
 */
#pragma once
#include "tools/tpl2c/context.h"

bool html_is_void(struct str element);
/* Why the element may not stand in a template (inside svg or outside); NULL when it may. What is not known
 * is refused. */
const char *html_refused_element(struct str element, bool is_foreign);
/* Why the attribute may not stand in a template at all; NULL when it may. */
const char *html_refused_attribute(struct str attribute);
enum html_attr html_attribute_kind(struct str attribute);
/* TEXT, RCDATA or RAWTEXT: how a browser reads what stands inside (outside svg). */
enum html_state html_content_of(struct str element);
/* Must be empty in a template: <script src="…"></script>, <iframe …></iframe>. */
bool html_must_be_empty(struct str element);
/* The open element that a browser closes by itself when it meets `child` there; NULL: none. */
const struct html_element *html_closed_by(const struct html_element *open, struct str child);
/* An element that may not stand anywhere inside another of its own kind: a, button, form, label. */
bool html_never_nested(struct str element);
