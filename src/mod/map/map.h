/*
 * The town's map for the browser: /mapa/{hash}/{lang}.json, what core/map/map_json.h writes, kept for ever because the
 * address changes with the map. Nothing of anybody is in it, and nothing is told by fetching it: it is the whole town.
 */
#pragma once
#include "core/module.h"

extern const struct module map_module;

page_fn map_shapes_page;
