/* Field errors: one a field, the first that matters; then the rules over several fields. */
#include "core/definition/answers_state.h"
#include "core/definition/mask.h"
#include "core/definition/expr_words.h"
#include "core/identity/identity.h"
#include "base/utf8.h"

struct checking {
	const struct answers *answers;
	struct arena *arena;
	struct field_errors *errors;
	const struct page *page;
	const struct field *field;
	struct str name;
	int row;
};

static struct field_error *add_at(struct checking *c, struct str name, const char *key)
{
	struct field_error *e = ARENA_NEW(c->arena, struct field_error);
	*e = (struct field_error){ .name = name, .field = c->field, .page = c->page, .key = key };
	if (c->field)
		e->params[0] = (struct message_param){ .name = "label", .text = field_short_label(c->field) };
	*c->errors->end = e;
	c->errors->end = &e->next;
	c->errors->errors++;
	return e;
}

static void make_warning(struct checking *c, struct field_error *e)
{
	e->is_warning = true;
	c->errors->errors--;
	c->errors->warnings++;
}

static void fail(struct checking *c, const char *key) { add_at(c, c->name, key); }

static void fail_with(struct checking *c, const char *key, const char *param, struct str value)
{
	struct field_error *e = add_at(c, c->name, key);
	e->params[1] = (struct message_param){ .name = param, .value = value };
}

static void fail_int(struct checking *c, const char *key, const char *param, int64_t n)
{
	fail_with(c, key, param, arena_printf(c->arena, "%lld", (long long)n));
}

static const struct number_style *style_of(const struct checking *c) { return &c->answers->pack->numbers; }

/* ---- by type ----------------------------------------------------------------------------------------- */

static void check_line(struct checking *c, const struct field *f, const struct field_answer *answer)
{
	size_t length = utf8_length(answer->text);
	if (length > (size_t)f->max_length)
		fail_int(c, "answer.too_long", "max", f->max_length);
	else if (length < (size_t)f->min_length)
		fail_int(c, "answer.too_short", "min", f->min_length);
	else if (f->pattern.n && !mask_matches(f->pattern, answer->text)) {
		struct field_error *e = add_at(c, c->name, NULL);
		e->text = f->pattern_message;
	}
}

static void check_number(struct checking *c, const struct field *f, const struct field_answer *answer)
{
	int64_t step = 1;
	bool is_money = f->type == FIELD_MONEY;
	for (int i = is_money ? 2 : f->decimals; i < (is_money ? 2 : 6); i++)
		step *= 10;
	const struct number_style *style = style_of(c);
	if (answer->i % step)
		fail_int(c, f->decimals ? "answer.decimals" : "answer.whole", "max", f->decimals);
	else if (f->has_min && answer->i < f->min)
		fail_with(c, "answer.min", "min",
			is_money ? money_display(c->arena, money_of_cents(f->min), style)
					 : number_display(c->arena, f->min, 0, style));
	else if (f->has_max && answer->i > f->max)
		fail_with(c, "answer.max", "max",
			is_money ? money_display(c->arena, money_of_cents(f->max), style)
					 : number_display(c->arena, f->max, 0, style));
}

static struct str date_words(struct checking *c, int64_t days)
{
	return expr_show_value(c->arena, expr_int(EXPR_DATE, days), c->answers->pack->languages.items[0],
		style_of(c));
}

static void check_date(struct checking *c, const struct field *f, const struct field_answer *answer)
{
	struct expr_env env = answers_env(c->answers, c->row);
	struct expr_value min = f->min_date ? expr_eval(f->min_date, &env) : expr_none(EXPR_DATE);
	struct expr_value max = f->max_date ? expr_eval(f->max_date, &env) : expr_none(EXPR_DATE);
	if (f->has_min) min = expr_int(EXPR_DATE, f->min);
	if (f->has_max) max = expr_int(EXPR_DATE, f->max);
	if (min.has && answer->i < min.i)
		fail_with(c, "answer.date_min", "min", date_words(c, min.i));
	else if (max.has && answer->i > max.i)
		fail_with(c, "answer.date_max", "max", date_words(c, max.i));
}

static void check_identity(struct checking *c, const struct field *f, const struct field_answer *answer)
{
	static const char *const curp[] = { "", "answer.curp.shape", "answer.curp.date", "answer.curp.place",
		"answer.curp.digit" };
	static const char *const rfc[] = { "", "answer.rfc.shape", "answer.rfc.date", "answer.rfc.shape",
		"answer.rfc.digit" };
	static const char *const nif[] = { "", "answer.nif.shape", "answer.nif.shape", "answer.nif.shape",
		"answer.nif.digit" };
	enum identity_result result = f->type == FIELD_CURP ? curp_check(answer->text)
		: f->type == FIELD_RFC                          ? rfc_check(answer->text)
														: nif_check(answer->text);
	if (result == IDENTITY_OK) return;
	struct field_error *e = add_at(c, c->name,
		(f->type == FIELD_CURP         ? curp
				: f->type == FIELD_RFC ? rfc
									   : nif)[result]);
	/* About 1.5 % of real RFCs have a check digit that disagrees: warn, do not refuse. */
	if (f->type == FIELD_RFC && result == IDENTITY_DIGIT) make_warning(c, e);
}

/* A map may be coarse at the town's edge: unless the procedure says otherwise, who files decides. */
static void check_point(struct checking *c, const struct field *f, const struct field_answer *answer)
{
	const struct map *map = c->answers->pack->map.base;
	struct map_point at = { (int32_t)answer->i, (int32_t)answer->longitude };
	if (!map || map_holds(map, at)) return;
	struct field_error *e = add_at(c, c->name, f->only_inside ? "answer.point_outside" : "answer.point_far");
	e->params[1] = (struct message_param){ .name = "town", .text = c->answers->pack->name };
	if (!f->only_inside) make_warning(c, e);
}

static bool has_parts(const struct postal_address *address, const struct str_list *parts)
{
	for (size_t i = 0; i < parts->count; i++) {
		int part = 0;
		while (part < ADDRESS_PART_MAX &&
			!str_eq(parts->items[i], str_of(address_part_name((enum address_part)part))))
			part++;
		if (part == ADDRESS_PART_MAX || address->parts[part].n == 0) return false;
	}
	return parts->count > 0;
}

static void check_address(struct checking *c, const struct field_answer *answer)
{
	const struct address_rules *rules = &c->answers->pack->address;
	for (size_t i = 0; i < rules->count; i++) {
		const struct address_rule *rule = &rules->items[i];
		struct str part = answer->address->parts[rule->part];
		struct str name = arena_printf(c->arena, "%.*s.%s", STR_FMT(c->name),
			address_part_name((enum address_part)rule->part));
		const char *key = NULL;
		if (part.n == 0 && rule->required && !has_parts(answer->address, &rule->or_parts))
			key = "answer.address.part";
		else if (part.n && rule->pattern.n && !mask_matches(rule->pattern, part))
			key = "answer.address.shape";
		else if (rule->max_length && utf8_length(part) > (size_t)rule->max_length)
			key = "answer.address.long";
		if (!key) continue;
		struct field_error *e = add_at(c, name, key);
		e->params[1] = (struct message_param){ .name = "part", .text = rule->label };
		if (rule->pattern.n)
			e->params[2] = (struct message_param){ .name = "example",
				.value = mask_example(c->arena, rule->pattern) };
	}
}

static void check_fields(struct checking *c, const struct fields *fields, int row);

static void check_group(struct checking *c, const struct field *f, const struct field_answer *answer)
{
	if ((int)answer->count < f->min_rows)
		fail_int(c, "answer.rows_min", "min", f->min_rows);
	else if ((int)answer->count > f->max_rows)
		fail_int(c, "answer.rows_max", "max", f->max_rows);
	for (size_t row = 0; row < answer->count; row++)
		check_fields(c, &f->fields, (int)row);
}

/* Something was typed that is no value of the type. */
static void check_raw(struct checking *c, const struct field *f)
{
	const struct pack *pack = c->answers->pack;
	switch (f->type) {
	case FIELD_NUMBER:
		fail_with(c, "answer.number", "example", number_display(c->arena, 8500000, 0, style_of(c)));
		break;
	case FIELD_MONEY:
		fail_with(c, "answer.money", "example", amount_display(c->arena, 123450, style_of(c)));
		break;
	case FIELD_DATE: fail(c, "answer.date"); break;
	case FIELD_YES_NO:
	case FIELD_CHOICE:
	case FIELD_CHOICES: fail(c, "answer.choice"); break;
	case FIELD_PHONE: fail_int(c, "answer.phone", "digits", pack->phone_digits); break;
	case FIELD_MAIL: fail(c, "answer.mail"); break;
	case FIELD_POINT: fail(c, "answer.point"); break;
	case FIELD_CADASTRAL_KEY:
		fail_with(c, "answer.cadastral_key", "example", mask_example(c->arena, pack->cadastral_mask));
		break;
	default: fail(c, "answer.text"); break;
	}
}

static const char *required_key(const struct field *f)
{
	switch (f->type) {
	case FIELD_CHOICE:
	case FIELD_CHOICES:
	case FIELD_YES_NO: return "answer.required_choice";
	case FIELD_ATTACHMENT: return "answer.required_file";
	case FIELD_POINT: return "answer.required_point";
	default: return "answer.required";
	}
}

static void check_filled(struct checking *c, const struct field *f, const struct field_answer *answer)
{
	switch (f->type) {
	case FIELD_TEXT:
	case FIELD_TEXTAREA: check_line(c, f, answer); break;
	case FIELD_NUMBER:
	case FIELD_MONEY: check_number(c, f, answer); break;
	case FIELD_DATE: check_date(c, f, answer); break;
	case FIELD_CURP:
	case FIELD_RFC:
	case FIELD_NIF: check_identity(c, f, answer); break;
	case FIELD_ADDRESS: check_address(c, answer); break;
	case FIELD_POINT: check_point(c, f, answer); break;
	case FIELD_ATTACHMENT:
		if ((int)answer->count > f->max_files) fail_int(c, "answer.too_many_files", "max", f->max_files);
		break;
	default: break;
	}
}

static void check_field(struct checking *c, const struct field *f, int row)
{
	const struct field_answer *answer = answer_of(c->answers, f, row);
	if (!answer || !answer->visible || !field_type_has_answer(f->type)) return;
	c->field = f;
	c->row = row;
	c->name = f->group ? arena_printf(c->arena, "%.*s.%d.%.*s", STR_FMT(f->group->id), row, STR_FMT(f->id))
					   : f->id;
	if (f->type == FIELD_GROUP)
		check_group(c, f, answer);
	else if (answer->raw.n)
		check_raw(c, f);
	else if (answer->filled)
		check_filled(c, f, answer);
	else if (field_is_required(c->answers, f, row)) {
		if (f->type == FIELD_ADDRESS) c->name = arena_printf(c->arena, "%.*s.street", STR_FMT(c->name));
		fail(c, required_key(f));
	}
}

static void check_fields(struct checking *c, const struct fields *fields, int row)
{
	for (size_t i = 0; i < fields->count; i++)
		check_field(c, &fields->items[i], row);
}

/* ---- rules over several fields ------------------------------------------------------------------------ */

struct last_page {
	const struct answers *answers;
	int page;
};

static void take_page(void *state, const struct expr_name *name)
{
	struct last_page *last = state;
	if (name->is_constant || str_eq(name->id, STR("today"))) return;
	const struct field *f = procedure_field(last->answers->procedure, name->id);
	if (f && f->page > last->page) last->page = f->page;
}

/* A check without a field is told on the last page it asks about. */
static int page_of_check(const struct answers *s, const struct form_check *check)
{
	const struct field *f = check->field.n ? procedure_field(s->procedure, check->field) : NULL;
	struct last_page last = { s, 0 };
	expr_names(check->rule, take_page, &last);
	return f ? f->page : last.page;
}

static void check_rules(struct checking *c, int page)
{
	const struct procedure *p = c->answers->procedure;
	struct expr_env env = answers_env(c->answers, -1);
	for (size_t i = 0; i < p->form.checks.count; i++) {
		const struct form_check *check = &p->form.checks.items[i];
		if (page_of_check(c->answers, check) != page || !expr_is_true(check->when, &env)) continue;
		if (!expr_is_broken(check->rule, &env)) continue;
		c->field = check->field.n ? procedure_field(p, check->field) : NULL;
		struct field_error *e = add_at(c, check->field.n ? check->field : STR(""), NULL);
		e->text = check->message;
		e->is_warning = check->is_warning;
		if (!check->is_warning) continue;
		c->errors->errors--;
		c->errors->warnings++;
	}
}

static void check_page(const struct answers *s, struct arena *a, const struct page *page,
	struct field_errors *errors)
{
	struct checking c = { .answers = s, .arena = a, .errors = errors, .page = page, .row = -1 };
	check_fields(&c, &page->fields, -1);
	check_rules(&c, (int)(page - s->procedure->form.pages.items));
}

struct field_errors answers_check_page(const struct answers *s, struct arena *a, const struct page *page)
{
	struct field_errors *kept = ARENA_NEW(a, struct field_errors);
	kept->end = &kept->first;
	check_page(s, a, page, kept);
	return *kept;
}

struct field_errors answers_check(const struct answers *s, struct arena *a)
{
	struct field_errors *kept = ARENA_NEW(a, struct field_errors);
	kept->end = &kept->first;
	for (const struct page *page = page_after(s, NULL); page; page = page_after(s, page))
		check_page(s, a, page, kept);
	return *kept;
}

struct field_errors answers_check_decision(const struct answers *s, struct arena *a)
{
	struct field_errors *kept = ARENA_NEW(a, struct field_errors);
	kept->end = &kept->first;
	struct checking c = { .answers = s, .arena = a, .errors = kept, .row = -1 };
	check_fields(&c, &s->procedure->form.decision, -1);
	return *kept;
}
