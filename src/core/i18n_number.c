/* Whole numbers and money as a municipality writes them. */
#include "core/i18n.h"

#define NO_BREAK_SPACE "\xC2\xA0"
#define MINUS "\xE2\x88\x92"

/* The digits of `n` in groups of three. */
static void add_grouped(char *out, size_t room, uint64_t n, struct str group)
{
	char digits[24];
	int count = snprintf(digits, sizeof digits, "%llu", (unsigned long long)n);
	size_t used = strlen(out);
	for (int i = 0; i < count; i++) {
		if (i > 0 && (count - i) % 3 == 0)
			used += (size_t)snprintf(out + used, room - used, "%.*s", STR_FMT(group));
		if (used + 1 >= room) return;
		out[used++] = digits[i];
		out[used] = '\0';
	}
}

static uint64_t magnitude(int64_t n) { return n < 0 ? 0 - (uint64_t)n : (uint64_t)n; }

struct str i18n_number_in(struct i18n_space *s, const struct locale *l, int64_t n)
{
	snprintf(s->bytes, sizeof s->bytes, "%s", n < 0 ? MINUS : "");
	add_grouped(s->bytes, sizeof s->bytes, magnitude(n), l->group);
	return str_of(s->bytes);
}

struct str i18n_money_in(struct i18n_space *s, const struct locale *l, struct money m)
{
	size_t room = sizeof s->bytes;
	uint64_t cents = magnitude(m.cents);
	snprintf(s->bytes, room, "%s", m.cents < 0 ? MINUS : "");
	size_t used = strlen(s->bytes);
	if (l->currency_first)
		snprintf(s->bytes + used, room - used, "%.*s" NO_BREAK_SPACE, STR_FMT(l->currency));
	add_grouped(s->bytes, room, cents / 100, l->group);
	used = strlen(s->bytes);
	snprintf(s->bytes + used, room - used, "%.*s%02u", STR_FMT(l->decimal), (unsigned)(cents % 100));
	used = strlen(s->bytes);
	if (!l->currency_first)
		snprintf(s->bytes + used, room - used, NO_BREAK_SPACE "%.*s", STR_FMT(l->currency));
	return str_of(s->bytes);
}

struct str i18n_number(struct arena *a, const struct locale *l, int64_t n)
{
	struct i18n_space s;
	return arena_str(a, i18n_number_in(&s, l, n));
}

struct str i18n_money(struct arena *a, const struct locale *l, struct money m)
{
	struct i18n_space s;
	return arena_str(a, i18n_money_in(&s, l, m));
}
