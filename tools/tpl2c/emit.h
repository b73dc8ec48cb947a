/* Writes the C of one file's templates. The result is meant to be read: it looks like what one would write. */
#pragma once
#include "tools/tpl2c/template.h"

/* `first`: the file's templates, checked. `all`: where called ones are looked up. */
struct str tpl_emit_header(struct arena *a, const struct tpl_template *first);
struct str tpl_emit_source(struct arena *a, const struct tpl_template *first, struct tpl_template *all);
