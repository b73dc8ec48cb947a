/*
 * A module: one city system, declared as one constant table. src/app/modules.c lists them all; nothing is
 * registered at run time. The dispatcher, the job runner, the menus, the command line (`ventanilla routes`,
 * `jobs`, `permissions`) and the whole-table tests read these tables.
 */
#pragma once
#include "core/permission.h"
#include "web/route.h"

struct job_context;

/* Work after a commit: may be slow, may fail, is retried. Reads context->input and context->effects. */
typedef struct err *job_fn(struct job_context *j);

struct job_kind {
	const char *name; /* "document.issue" */
	job_fn *run;
	int max_attempts; /* then 'dead', which staff see */
	int backoff_s;    /* doubled at each try */
	int every_s;      /* 0: only when a commit asks for it; otherwise also repeated at this interval */
};

/* Which threads run a module's jobs. What waits for other people's machines has its own, and one such wait holds up no
 * other: no paper waits for a mail server. */
enum job_lane {
	JOB_LANE_OWN,
	JOB_LANE_OUTSIDE, /* mail */
	JOB_LANE_STAMP, /* papers that wait for a time stamp; there are such threads where the town asks for stamps */
	JOB_LANE_MAX
};

struct menu_entry {
	const char *key; /* message key of its text */
	const char *icon;
	const char *path;
	enum permission permission;
	int order;         /* by tens */
	const char *group; /* message key of the group's heading */
};

struct metric_row {
	const char *name, *help;
};

struct module {
	const char *name;
	const char *const *needs;         /* names of other modules whose public header it includes; NULL-ended */
	const struct route *routes;       /* ends with path NULL */
	const struct menu_entry *menu;    /* staff menu; ends with key NULL */
	const struct job_kind *jobs;      /* ends with name NULL */
	const struct metric_row *metrics; /* ends with name NULL */
	enum job_lane jobs_lane;
};

/* The list, in src/app/modules.c; NULL-ended. Core services appear in it as modules of their own. */
extern const struct module *const modules[];
const struct job_kind *module_job(struct str name); /* NULL when no module has it */
enum job_lane module_job_lane(struct str name);     /* JOB_LANE_OWN when no module has it */
