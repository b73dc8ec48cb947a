/*
 * The map for the browser (web/js/mapa.js), names in the reader's language, one line of JSON:
 *   {"features":[{"kind":"road","class":"main","name":"…","lines":[[lat, lon, lat, lon, …], …]}, …]}
 * Numbers are millionths of a degree, after a line's first pair as differences to the pair before.
 */
#pragma once
#include "core/map/map.h"

struct str map_json(struct arena *a, const struct map *m, struct str lang);
