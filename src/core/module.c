#include "core/module.h"

const struct job_kind *module_job(struct str name)
{
	for (const struct module *const *m = modules; *m; m++) {
		for (const struct job_kind *k = (*m)->jobs; k && k->name; k++) {
			if (str_eq(str_of(k->name), name)) return k;
		}
	}
	return NULL;
}
