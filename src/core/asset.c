#include "core/asset.h"

const struct asset *asset_find(struct str path)
{
	for (size_t i = 0; i < asset_count; i++)
		if (str_eq(assets[i].path, path)) return &assets[i];
	return NULL;
}

const struct asset *asset_by_address(struct str address)
{
	for (size_t i = 0; i < asset_count; i++)
		if (str_eq(assets[i].address, address)) return &assets[i];
	return NULL;
}

struct err *asset_page(struct request *r, struct response *out)
{
	const struct asset *asset = asset_by_address(r->path);
	if (!asset) return ERR(r->arena, ERR_NOT_FOUND, NULL, "no such asset");
	out->content_type = asset->type;
	out->body = asset->bytes;
	out->gzip = asset->gzip;
	out->cache = CACHE_FOREVER;
	out->is_fixed = true;
	return NULL;
}
