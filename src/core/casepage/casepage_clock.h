/* The clock's half of casepage.h: casepage.c's own. */
#pragma once
#include "core/casepage/casepage.h"

/* Fills p->clock from p->deadline. */
void casepage_clock(struct request *r, enum casepage_for whom, struct casepage *p);
struct deadline_view casepage_due_of(struct request *r, const struct deadline *d);
