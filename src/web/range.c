/* One byte range, read strictly: what is not exactly "bytes=a-b", "bytes=a-" or "bytes=-n" is the whole. */
#include "web/range.h"

enum range range_parse(struct str header, int64_t size, int64_t *ret_first, int64_t *ret_length)
{
	struct str unit = STR("bytes="), last = header, first;
	if (header.n <= unit.n || !str_eq_ci(str_slice(header, 0, unit.n), unit)) return RANGE_WHOLE;
	last = str_trim(str_slice(header, unit.n, header.n));
	if (str_find_char(last, ',') >= 0 || str_find_char(last, '-') < 0) return RANGE_WHOLE;
	first = str_cut(&last, '-');

	int64_t from, to;
	if (str_is_empty(first)) {
		int64_t count;
		if (!str_to_int64(last, 0, INT64_MAX, &count)) return RANGE_WHOLE;
		if (count == 0 || size == 0) return RANGE_UNSATISFIABLE;
		from = count < size ? size - count : 0;
		to = size - 1;
	} else {
		if (!str_to_int64(first, 0, INT64_MAX, &from)) return RANGE_WHOLE;
		if (str_is_empty(last))
			to = INT64_MAX;
		else if (!str_to_int64(last, from, INT64_MAX, &to))
			return RANGE_WHOLE;
		if (from >= size) return RANGE_UNSATISFIABLE;
		if (to >= size) to = size - 1;
	}
	*ret_first = from;
	*ret_length = to - from + 1;
	return RANGE_PART;
}
