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
	return number_series_is_valid(n->series) && n->year >= 1900 && n->year <= 9999 && n->n >= 1 &&
		n->n <= 999999999999;
}

struct str number_format(struct arena *a, const struct number *n)
{
	must(is_valid(n));
	char digits[NUMBER_DIGITS + 6];
	int width = NUMBER_DIGITS;
	for (int64_t more = n->n / 1000000; more > 0; more /= 10)
		width++;
	str_put_digits(digits, width, n->n);
	char year[4];
	str_put_digits(year, 4, n->year);
	const struct str parts[] = { n->series, { year, 4 }, { digits, (size_t)width } };
	return arena_join(a, parts, 3, STR("-"));
}

static bool is_separator(int32_t c)
{
	return c == ' ' || c == '\t' || c == '-' || c == '_' || c == '/' || c == '.' || c == 0xa0 ||
		(c >= 0x2010 && c <= 0x2015) || c == 0x2212;
}

/* What stands between two separators: letters, or digits, or letters with the year behind them ("AN2026"). */
struct reading {
	char letters[NUMBER_SERIES_MAX];
	size_t letter_count;
	int64_t numbers[2]; /* year, number */
	size_t number_count;
};

static bool take_letters(struct reading *r, struct str *word)
{
	size_t n = 0;
	for (; n < word->n; n++) {
		char c = word->p[n];
		if (c >= 'a' && c <= 'z') c = (char)(c - 'a' + 'A');
		if (c < 'A' || c > 'Z') break;
		if (r->letter_count == NUMBER_SERIES_MAX) return false;
		r->letters[r->letter_count++] = c;
	}
	*word = str_slice(*word, n, word->n);
	return true;
}

static bool take_word(struct reading *r, struct str word)
{
	enum { YEAR_DIGITS = 4, NUMBER_DIGITS_MAX = 12 };
	if (r->letter_count == 0 && !take_letters(r, &word)) return false;
	if (word.n == 0) return true;
	if (r->number_count == 2 || r->letter_count == 0) return false;
	if (r->number_count == 0 ? word.n != YEAR_DIGITS : word.n > NUMBER_DIGITS_MAX) return false;
	return str_to_int64(word, 0, 999999999999, &r->numbers[r->number_count++]) && word.p[0] != '-';
}

/* Cuts at separators, of which there may be several in a row. */
static bool read_words(struct reading *r, struct str text)
{
	size_t start = 0;
	for (size_t at = 0; at < text.n;) {
		size_t before = at;
		if (!is_separator(utf8_next(text, &at))) continue;
		if (!take_word(r, str_slice(text, start, before))) return false;
		start = at;
	}
	return take_word(r, str_slice(text, start, text.n)) && r->number_count == 2;
}

bool number_parse(struct arena *a, struct str text, struct number *ret)
{
	enum { TYPED_MAX_BYTES = 100 };
	struct reading r = { .letter_count = 0 };
	if (text.n > TYPED_MAX_BYTES || !read_words(&r, text)) return false;
	struct number n = { { r.letters, r.letter_count }, (int)r.numbers[0], r.numbers[1] };
	if (!is_valid(&n)) return false;
	n.series = arena_str(a, n.series);
	*ret = n;
	return true;
}
