#include "core/module.h"

static const struct job_kind *find(struct str name, const struct module **ret)
{
	for (const struct module *const *m = modules; *m; m++) {
		for (const struct job_kind *k = (*m)->jobs; k && k->name; k++) {
			*ret = *m;
			if (str_eq(str_of(k->name), name)) return k;
		}
	}
	return NULL;
}

const struct job_kind *module_job(struct str name)
{
	const struct module *module;
	return find(name, &module);
}

enum job_lane module_job_lane(struct str name)
{
	const struct module *module;
	return find(name, &module) ? module->jobs_lane : JOB_LANE_OWN;
}
