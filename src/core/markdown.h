/*
 * Longer texts of a pack (notes in forms, the privacy notice) as HTML. CommonMark; raw HTML and
 * unsafe addresses in it are dropped.
 */
#pragma once
#include "base/err.h"
#include "base/html.h"

struct html markdown_html(struct arena *a, struct str markdown);
