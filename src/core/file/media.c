/* Which kind of file it is, by its first bytes. */
#include "core/definition/procedure.h"
#include "core/file/file.h"

static const struct {
	enum media media;
	const char *type, *extension;
	unsigned accepted;
} kinds[] = {
	{ MEDIA_OTHER, "application/octet-stream", "bin", 0 },
	{ MEDIA_PDF, "application/pdf", "pdf", ACCEPT_PDF },
	{ MEDIA_JPEG, "image/jpeg", "jpg", ACCEPT_JPEG },
	{ MEDIA_PNG, "image/png", "png", ACCEPT_PNG },
	{ MEDIA_DXF, "image/vnd.dxf", "dxf", ACCEPT_DXF },
};

struct str media_type(enum media m) { return str_of(kinds[m].type); }

struct str media_extension(enum media m) { return str_of(kinds[m].extension); }

unsigned media_accepted_bit(enum media m) { return kinds[m].accepted; }

enum media media_of_type(struct str type)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (str_eq(type, str_of(kinds[i].type))) return kinds[i].media;
	}
	return MEDIA_OTHER;
}

/* A text DXF begins, after comments (group 999), with group 0 and the word SECTION; a binary one has a sentinel. */
static bool is_dxf(struct str head)
{
	if (str_starts_with(head, STR("AutoCAD Binary DXF\r\n\x1a"))) return true;
	struct str rest = head;
	for (int pairs = 0; pairs < 50 && !str_is_none(rest); pairs++) {
		struct str group = str_trim(str_cut(&rest, '\n'));
		struct str value = str_trim(str_cut(&rest, '\n'));
		if (str_eq(group, STR("0"))) return str_eq(value, STR("SECTION"));
		if (!str_eq(group, STR("999"))) return false;
	}
	return false;
}

enum media media_of(struct str head)
{
	if (str_find(str_slice(head, 0, 1024), STR("%PDF-")) >= 0) return MEDIA_PDF;
	if (str_starts_with(head, STR("\xff\xd8\xff"))) return MEDIA_JPEG;
	if (str_starts_with(head, STR("\x89PNG\r\n\x1a\n"))) return MEDIA_PNG;
	return is_dxf(head) ? MEDIA_DXF : MEDIA_OTHER;
}
