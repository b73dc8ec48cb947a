/* Answers as they stand in inputs: readable again by answers.h, in the town's notation of numbers. */
#include "core/question/question_internal.h"

enum { E7 = 10 * 1000 * 1000, E7_DIGITS = 7 };

struct str question_degrees(struct arena *a, int64_t e7)
{
	int64_t whole = (e7 < 0 ? -e7 : e7) / E7, rest = (e7 < 0 ? -e7 : e7) % E7;
	struct str s = arena_printf(a, "%s%lld.%0*lld", e7 < 0 ? "-" : "", (long long)whole, E7_DIGITS,
		(long long)rest);
	while (str_ends_with(s, STR("0")) && !str_ends_with(s, STR(".0")))
		s.n--;
	return arena_str(a, s);
}

struct str question_value(struct arena *a, const struct pack *pack, const struct field *f,
	const struct field_answer *answer)
{
	struct number_style plain = pack->numbers;
	plain.thousands = 0;
	if (!answer->filled) return answer->raw;
	switch (f->type) {
	case FIELD_NUMBER: return number_display(a, answer->i, 0, &plain);
	case FIELD_MONEY: return amount_display(a, answer->i, &plain);
	case FIELD_DATE: return date_iso(a, (struct date){ (int32_t)answer->i });
	case FIELD_YES_NO: return answer->i ? STR("yes") : STR("no");
	default: return answer->text;
	}
}

struct str question_landmarks(struct arena *a, const struct pack *pack, struct str lang)
{
	enum { LONGEST = 64 * 1024 };
	struct buf out = buf_new(a, LONGEST);
	struct json_writer w = json_writer(&out);
	json_open(&w, '[');
	for (size_t i = 0; i < pack->offices.count; i++) {
		const struct office *office = &pack->offices.items[i];
		if (!office->has_point) continue;
		json_open(&w, '[');
		json_add_text(&w, text_in(office->name, lang));
		json_add_int(&w, office->latitude_e7);
		json_add_int(&w, office->longitude_e7);
		json_close(&w, ']');
	}
	json_close(&w, ']');
	return buf_str(&out);
}
