/*
 * Puts the files of web/ into the program: each under an address that carries the hash of its content, so
 * that browsers may keep it for ever, with a compressed copy where that is smaller. Style sheets' url(…) are
 * rewritten to those addresses. Start with embed_prepare().
 */
#pragma once
#include "tools/lib/tree.h"

struct embed_asset {
	struct str path;    /* css/ventanilla.css */
	struct str source;  /* as complaints name it */
	struct str version; /* 0123456789ab: of the content */
	struct str address; /* /activos/0123456789ab/css/ventanilla.css */
	struct str name;    /* of its macro: ASSET_CSS_VENTANILLA_CSS */
	struct str type;
	struct str bytes, gzip; /* gzip none: not smaller */
};
struct embed_assets {
	struct embed_asset *items; /* by path */
	size_t count;
};

/* `root` names the files in complaints. */
void embed_prepare(struct arena *a, struct str root, struct tree_files files, struct embed_assets *ret,
	struct complaints *c);
/* "assets.h": an ASSET_… for each address, an ICON_… for each symbol of icons.svg. "assets.c": the bytes. */
struct str embed_emit_header(struct arena *a, const struct embed_assets *all);
struct str embed_emit_source(struct arena *a, const struct embed_assets *all);
