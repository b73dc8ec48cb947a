#include "mod/verify/verify.h"
#include "mod/verify/pages.h"

const struct module verify_module = {
	.name = "verify",
	.routes = (const struct route[]){ ROUTE_GET("/verificar", PERM_PUBLIC, NULL, SHOWS_NOTHING, 0,
										  verify_page),
		ROUTE_POST("/verificar", PERM_PUBLIC, NULL, SHOWS_NOTHING, ROUTE_UPLOAD | ROUTE_SLOW, NULL, NULL,
			verify_answer),
		ROUTE_POST("/verificar/documento", PERM_HOLDER, NULL, SHOWS_NOTHING, ROUTE_SLOW, NULL, NULL,
			verify_document_answer),
		{ 0 } },
};
