/* Checks of a town's look when its pack is read. */
#pragma once
#include "core/definition/schema.h"

/* A finding for each pair of colours that falls short. */
void look_check(struct reader *r, const struct look *look);
/* NULL when the SVG is harmless. */
const char *logo_problem(struct str svg);
/* "paper", "ground"…: for the test that compares them with the style sheet. */
uint32_t look_common_colour(const char *name);
