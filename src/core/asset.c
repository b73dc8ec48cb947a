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
