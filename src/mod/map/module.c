#include "mod/map/map.h"

const struct module map_module = {
	.name = "map",
	.routes = (const struct route[]){ ROUTE_GET("/mapa/{hash}/{file}", PERM_PUBLIC, NULL, SHOWS_NOTHING, 0,
										  map_shapes_page),
		{ 0 } },
};
