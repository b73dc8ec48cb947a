/* Numbers and amounts as the town writes them. */
#include "core/definition/expr.h"

/* Digits of n with the thousands separator. */
static void add_grouped(struct buf *out, uint64_t n, char thousands)
{
	char digits[24];
	int count = 0;
	do
		digits[count++] = (char)('0' + n % 10);
	while (n /= 10);
	while (count--) {
		buf_add_char(out, digits[count]);
		if (thousands && count && count % 3 == 0) buf_add_char(out, thousands);
	}
}

/* `scaled` ÷ 10^places, at least `least` decimals. */
static struct str display(struct arena *a, int64_t scaled, int places, int least,
	const struct number_style *style)
{
	struct buf out = buf_new(a, 64);
	uint64_t unit = 1, all = scaled < 0 ? 0 - (uint64_t)scaled : (uint64_t)scaled;
	for (int i = 0; i < places; i++)
		unit *= 10;
	uint64_t fraction = all % unit;
	if (scaled < 0) buf_add(&out, STR("−"));
	add_grouped(&out, all / unit, style->thousands);
	char decimals[8];
	int shown = places;
	for (int i = places - 1; i >= 0; i--, fraction /= 10)
		decimals[i] = (char)('0' + fraction % 10);
	while (shown > least && decimals[shown - 1] == '0')
		shown--;
	if (shown) {
		buf_add_char(&out, style->decimal);
		buf_add(&out, (struct str){ decimals, (size_t)shown });
	}
	return buf_str(&out);
}

struct str number_display(struct arena *a, int64_t millionths, int decimals, const struct number_style *style)
{
	return display(a, millionths, 6, decimals, style);
}

struct str amount_display(struct arena *a, int64_t cents, const struct number_style *style)
{
	return display(a, cents, 2, 2, style);
}

struct str percent_display(struct arena *a, int64_t millionths, const struct number_style *style)
{
	/* Millionths of one are hundredths of a percent with four places. */
	struct str figure = display(a, millionths, 4, 0, style);
	return arena_printf(a, "%.*s\u00A0%%", STR_FMT(figure));
}

struct str money_display(struct arena *a, struct money m, const struct number_style *style)
{
	struct str amount = amount_display(a, m.cents, style);
	if (!style->currency.n) return amount;
	/* A no-break space keeps sign and figure on one line. */
	return style->currency_after
		? arena_printf(a, "%.*s\u00A0%.*s", STR_FMT(amount), STR_FMT(style->currency))
		: arena_printf(a, "%.*s\u00A0%.*s", STR_FMT(style->currency), STR_FMT(amount));
}
