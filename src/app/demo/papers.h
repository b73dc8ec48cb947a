/* Small files that citizens of the demonstration attach: a PDF with words, a PNG plan, a JPEG photograph. */
#pragma once
#include "app/demo/dice.h"
#include "base/arena.h"

/* One page with these lines (Latin letters). */
struct str paper_pdf(struct arena *a, const struct str *lines, size_t count);
/* A plot of land as a drawing of lines on white. */
struct str paper_png(struct dice *d, struct arena *a);
/* A grey picture of a front, in blocks: sky, wall, door. */
struct str paper_jpeg(struct dice *d, struct arena *a);
