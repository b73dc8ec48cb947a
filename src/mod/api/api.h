/*
 * The API for programs: the catalogue with its forms, filing, and every step of a case, by token.
 *
 * A program acts with the permissions and the scope of the member of staff its token was made for; what it does runs
 * through the same functions of core as the pages do. /api/v1/openapi.json describes all of it (openapi.c).
 */
#pragma once
#include "core/module.h"

extern const struct module api_module;

/* The description, OpenAPI 3.1, of every route in the program's tables that has a `route_api`. */
struct str api_openapi(struct arena *a);
