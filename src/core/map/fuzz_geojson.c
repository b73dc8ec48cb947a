/* Any bytes as a map: read or refused with a finding; what is read is drawn at every zoom and sent to the browser. */
#include "base/err.h"
#include "core/map/map_draw.h"
#include "core/map/map_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(512 * 1024 * 1024);
	struct findings findings = findings_new(a);
	struct map *m = map_read(a, (struct str){ size ? (const char *)data : "", size }, &findings);
	must((m != NULL) == (findings.errors == 0));
	for (int zoom = 10; m && zoom <= MERCATOR_ZOOM_MAX; zoom += 3) {
		struct map_drawing d = { .map = m,
			.lang = STR("es"),
			.middle = map_middle(m),
			.zoom = zoom,
			.width = 640,
			.height = 400,
			.has_marker = true };
		d.marker = mercator_point(d.middle);
		map_draw(a, &d);
		map_holds(m, d.marker);
		map_neighbourhood(m, d.marker);
	}
	if (m) map_json(a, m, STR("es"));
	arena_free(a);
	return 0;
}
