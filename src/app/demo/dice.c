#include "app/demo/dice.h"
#include "base/err.h"

uint64_t dice_next(struct dice *d)
{
	uint64_t x = d->state += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

int64_t dice_below(struct dice *d, int64_t below)
{
	must(below > 0);
	return (int64_t)(dice_next(d) % (uint64_t)below);
}

int64_t dice_between(struct dice *d, int64_t from, int64_t to) { return from + dice_below(d, to - from + 1); }

bool dice_chance(struct dice *d, int percent) { return dice_below(d, 100) < percent; }
