#include "mod/portal/portal.h"
#include "mod/portal/pages.h"

const struct module portal_module = {
	.name = "portal",
	.routes = (const struct route[]){ ROUTE_GET("/", PERM_PUBLIC, NULL, SHOWS_NOTHING, 0, portal_home_page),
		ROUTE_GET("/tramites", PERM_PUBLIC, NULL, SHOWS_NOTHING, 0, portal_catalogue_page),
		ROUTE_GET("/tramites/{slug}", PERM_PUBLIC, NULL, SHOWS_NOTHING, 0, portal_sheet_page),
		ROUTE_GET("/oficinas", PERM_PUBLIC, NULL, SHOWS_NOTHING, 0, portal_offices_page),
		ROUTE_GET("/accesibilidad", PERM_PUBLIC, NULL, SHOWS_NOTHING, 0, portal_accessibility_page),
		ROUTE_GET("/privacidad", PERM_PUBLIC, NULL, SHOWS_NOTHING, 0, portal_privacy_page),
		/* A cookie and nothing else: no commit. */
		ROUTE_POST("/idioma", PERM_PUBLIC, NULL, SHOWS_NOTHING, 0, NULL, NULL, portal_language_answer),
		ROUTE_GET("/activos/municipio/{file}", PERM_PUBLIC, NULL, SHOWS_NOTHING, 0, portal_style_page),
		ROUTE_GET("/robots.txt", PERM_PUBLIC, NULL, SHOWS_NOTHING, 0, portal_robots_page),
		ROUTE_GET("/sitio.webmanifest", PERM_PUBLIC, NULL, SHOWS_NOTHING, 0, portal_manifest_page), { 0 } },
};
