/*
 * The files of web/ inside the program (tools/embed puts them there). An asset's address carries the hash of
 * its content and may be cached for ever; templates name assets by path ({{asset css/ventanilla.css}}), and
 * one that does not exist does not compile.
 */
#pragma once
#include "web/response.h"

struct asset {
	struct str path;    /* "css/ventanilla.css" */
	struct str address; /* "/activos/0123456789ab/css/ventanilla.css" */
	struct str version; /* its strong ETag: "0123456789ab", quotes included */
	struct str type;
	struct str bytes;
	struct str gzip; /* none when it is not smaller */
};
extern const struct asset assets[]; /* generated; by path */
extern const size_t asset_count;

/* NULL when there is none. An address with another hash is none: it would be cached for ever wrongly. */
const struct asset *asset_find(struct str path);
const struct asset *asset_by_address(struct str address);
