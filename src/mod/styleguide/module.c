#include "core/dispatch/dispatch.h"
#include "mod/styleguide/pages.h"

/* Off unless it was asked for, and never where a town is live, whatever the settings say. */
static struct err *guide_rule(struct request *r, bool *ret_allowed)
{
	*ret_allowed = r->town->app->options.style_guide && r->town->is_simulated;
	return NULL;
}

const struct module styleguide_module = {
	.name = "styleguide",
	.needs = (const char *const[]){ "office", "portal", "tracking", "verify", NULL },
	.routes =
		(const struct route[]){
			ROUTE_GET("/estilo", PERM_PUBLIC, guide_rule, SHOWS_NOTHING, 0, guide_base_page),
			ROUTE_GET("/estilo/formularios", PERM_PUBLIC, guide_rule, SHOWS_NOTHING, 0, guide_forms_page),
			ROUTE_GET("/estilo/expediente", PERM_PUBLIC, guide_rule, SHOWS_NOTHING, 0, guide_case_page),
			ROUTE_GET("/estilo/oficina", PERM_PUBLIC, guide_rule, SHOWS_NOTHING, 0, guide_office_page),
			{ 0 },
		},
};
