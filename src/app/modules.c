/*
 * THE list: every module of the program. What is not here is not served, has no jobs, no permission, no menu entry.
 * Core services come first, city systems after them; the order has no meaning beyond that.
 */
#include "core/document/issue.h"
#include "core/file/file.h"

const struct module *const modules[] = {
	&file_module,
	&document_module,
	NULL,
};
