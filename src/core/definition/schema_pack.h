/* The tables of pack.yaml and of a year's calendar. */
#pragma once
#include "core/definition/schema.h"

struct calendar_file {
	int year;
	struct text title;
	struct date published_on;
	struct str source;
	struct {
		struct calendar_day *items;
		size_t count;
	} days;
};
extern const struct schema pack_schema, calendar_schema;
