#include "base/utf8.h"
#include "core/codes/number.h"

bool number_series_is_valid(struct str series)
{
	if (series.n < 1 || series.n > NUMBER_SERIES_MAX) return false;
	for (size_t i = 0; i < series.n; i++)
		if (series.p[i] < 'A' || series.p[i] > 'Z') return false;
	return true;
}

static bool is_valid(const struct number *n)
{
	return number_series_is_valid(n->series) && n->year >= 1900 && n->year <= 9999 && n->n >= 1
		&& n->n <= 999999999999;
}

struct str number_format(struct arena *a, const struct number *n)
{
	must(is_valid(n));
	return arena_printf(a, "%.*s-%d-%0*lld", STR_FMT(n->series), n->year, NUMBER_DIGITS, (long long)n->n);
}

static bool is_separator(int32_t c)
{
	return c == ' ' || c == '\t' || c == '-' || c == '_' || c == '/' || c == '.' || c == 0xa0
		|| (c >= 0x2010 && c <= 0x2015) || c == 0x2212;
}

/* Letters, then year, then number, whatever stands between them. */
static bool read_parts(struct str text, char letters[static NUMBER_SERIES_MAX], size_t *ret_letters, int64_t parts[2])
{
	int part = -1; /* the number being read */
	int digits[2] = { 0, 0 };
	bool separated = true;
	for (size_t at = 0; at < text.n;) {
		int32_t c = utf8_next(text, &at);
		if (c >= 'a' && c <= 'z') c -= 'a' - 'A';
		if (is_separator(c)) {
			separated = true;
		} else if (c >= 'A' && c <= 'Z' && part < 0 && *ret_letters < NUMBER_SERIES_MAX) {
			if (separated && *ret_letters) return false;
			letters[(*ret_letters)++] = (char)c;
			separated = false;
		} else if (c >= '0' && c <= '9') {
			if (part < 1 && (separated || part < 0)) part++;
			if (separated && digits[part]) return false;
			if (++digits[part] > 12) return false;
			parts[part] = parts[part] * 10 + (c - '0');
			separated = false;
		} else {
			return false;
		}
	}
	return part == 1 && digits[0] == 4;
}

bool number_parse(struct arena *a, struct str text, struct number *ret)
{
	char letters[NUMBER_SERIES_MAX];
	size_t count = 0;
	int64_t parts[2] = { 0, 0 };
	if (text.n > 100 || !read_parts(text, letters, &count, parts)) return false;
	struct number n = { { letters, count }, (int)parts[0], parts[1] };
	if (!is_valid(&n)) return false;
	n.series = arena_str(a, n.series);
	*ret = n;
	return true;
}
