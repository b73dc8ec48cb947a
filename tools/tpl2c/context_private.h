/* What the two files of the context tracker share: context.c reads literal text, boundary.c the directives. */
#pragma once
#include "tools/tpl2c/context.h"

/* Complains once and breaks the context. */
void tpl_context_refuse(struct tpl_context *ctx, struct place at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The name of a tag, or of an attribute, is complete. */
void tpl_context_begin_tag(struct tpl_context *ctx, struct str name);
void tpl_context_begin_attribute(struct tpl_context *ctx, struct str name, struct place at);
