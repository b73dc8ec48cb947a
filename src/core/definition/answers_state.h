/* What follows from answers, computed in the order of the form: for answers*.c alone. */
#pragma once
#include "core/definition/answers.h"

struct answers_state {
	bool stale;
	bool *pages;             /* visible, by index */
	struct expr_value *fees; /* of the fee lines, by index: 0 when a line does not apply */
	bool *fee_applies;
};

/* After a change of any answer. */
void answers_touch(struct answers *s);
/* Brings `visible`, pages and fees up to date. */
void answers_refresh(const struct answers *s);
struct field_answer *answer_slot(const struct answers *s, const struct field *f, int row);
/* Forgets one answer. */
void answer_clear(struct field_answer *answer);
void answer_set_text(struct field_answer *answer, struct str text);
void answer_set_raw(struct field_answer *answer, struct str raw);
void answer_set_int(struct field_answer *answer, int64_t i);
struct answers_row answers_row_new(struct arena *a, const struct field *group);

/* Text → value, by the field's type. Typed as people do (`style`), or strictly (style NULL: point as decimal sign).
 * `text` is trimmed NFC. Only for types of one input. */
void answer_take(const struct answers *s, const struct field *f, struct field_answer *answer, struct str text,
	const struct number_style *style);
/* "1,234.5", "1234.5", "8,5" where no doubt is possible. */
bool number_read(struct str text, const struct number_style *style, int places, int64_t *ret);
