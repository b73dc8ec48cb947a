/*
 * Content streams: what paints lies in a tagged sequence or an artifact, sequences are balanced and do not mix
 * (ISO 14289-1, 7.1), and nothing is used that PDF/A-2 forbids on a page. Start at check_content().
 */
#include "core/pdf/pdf_check_parts.h"
#include "base/buf.h"

enum {
	OPERANDS_MAX = 40,
	MARKS_MAX = 60,
	STATES_MAX = 28,
	FORMS_DEEP_MAX = 8,
	PAGE_BYTES_MAX = 256 * 1024 * 1024
};

enum mark_kind { MARK_OTHER, MARK_TAGGED, MARK_ARTIFACT };

struct content {
	struct checker *c;
	int page;
	struct pdf_parser parser;
	const struct pdf_value *resources;
	struct pdf_value operands[OPERANDS_MAX];
	size_t count;
	enum mark_kind marks[MARKS_MAX];
	int depth, text_depth; /* text_depth: marks open at BT; -1 outside text */
	struct check_font *font, *saved[STATES_MAX];
	int states;
	int forms; /* how deep in form objects */
};

static void run(struct content *s);

static bool marked(const struct content *s, enum mark_kind kind)
{
	for (int i = 0; i < s->depth; i++)
		if (s->marks[i] == kind) return true;
	return false;
}

static const struct pdf_value *operand(const struct content *s, size_t from_end)
{
	static const struct pdf_value none;
	return from_end < s->count ? &s->operands[s->count - 1 - from_end] : &none;
}

static const struct pdf_value *resource(struct content *s, const char *kind, struct str name)
{
	const struct pdf_value *all = pdf_file_get(s->c->file, s->resources, kind);
	return pdf_dict_get(all, arena_cz(s->parser.arena, name));
}

/* --- marks ------------------------------------------------------------------------------------------------- */

static void begin_tagged(struct content *s, int64_t number)
{
	if (marked(s, MARK_TAGGED) || marked(s, MARK_ARTIFACT))
		check_add(s->c, PDF_RULE_NESTING, s->page + 1, "MCID %lld inside another mark", (long long)number);
	struct check_mcid *m = check_mcid_at(s->c, &s->c->pages[s->page], number);
	if (!m) check_add(s->c, PDF_RULE_MCID, s->page + 1, "MCID %lld is out of range", (long long)number);
	/* A form has marks of its own, which its page does not know. */
	else if (s->forms == 0 && ++m->seen > 1)
		check_add(s->c, PDF_RULE_MCID, s->page + 1, "MCID %lld stands twice", (long long)number);
}

static void begin_mark(struct content *s, bool has_properties)
{
	const struct pdf_value *tag = operand(s, has_properties ? 1 : 0),
						   *properties = has_properties ? operand(s, 0) : NULL;
	if (properties && properties->type == PDF_NAME)
		properties = pdf_file_follow(s->c->file, resource(s, "Properties", properties->text));
	const struct pdf_value *mcid = properties ? pdf_dict_get(properties, "MCID") : NULL;
	enum mark_kind kind = pdf_is_name(tag, "Artifact") ? MARK_ARTIFACT : mcid ? MARK_TAGGED : MARK_OTHER;
	if (kind == MARK_ARTIFACT && marked(s, MARK_TAGGED))
		check_add(s->c, PDF_RULE_NESTING, s->page + 1, "an artifact inside tagged content");
	if (kind == MARK_TAGGED) begin_tagged(s, mcid->integer);
	if (s->depth == MARKS_MAX) {
		check_add(s->c, PDF_RULE_NESTING, s->page + 1, "marks nested too deep");
		s->parser.failed = true;
		return;
	}
	s->marks[s->depth++] = kind;
}

static void end_mark(struct content *s)
{
	if (s->depth > 0 && s->depth != s->text_depth)
		s->depth--;
	else
		check_add(s->c, PDF_RULE_NESTING, s->page + 1, "EMC without its beginning");
}

static void paint(struct content *s, struct str operator)
{
	s->c->report.operators++;
	if (!marked(s, MARK_TAGGED) && !marked(s, MARK_ARTIFACT))
		check_add(s->c, PDF_RULE_CONTENT, s->page + 1, "%.*s outside of tag and artifact", STR_FMT(operator));
}

/* --- operators ----------------------------------------------------------------------------------------------- */

static void forbid(struct content *s, const char *what)
{
	check_add(s->c, PDF_RULE_ARCHIVE, s->page + 1, "%s", what);
}

static void set_state(struct content *s)
{
	const struct pdf_value *g = pdf_file_follow(s->c->file, resource(s, "ExtGState", operand(s, 0)->text));
	const struct pdf_value *fill = pdf_file_get(s->c->file, g, "ca"),
						   *stroke = pdf_file_get(s->c->file, g, "CA");
	const struct pdf_value *mask = pdf_file_get(s->c->file, g, "SMask"),
						   *blend = pdf_file_get(s->c->file, g, "BM");
	bool opaque = (fill->type == PDF_NULL || fill->real >= 1) &&
		(stroke->type == PDF_NULL || stroke->real >= 1);
	if (!opaque || (mask->type != PDF_NULL && !pdf_is_name(mask, "None")) ||
		(blend->type != PDF_NULL && !pdf_is_name(blend, "Normal")))
		forbid(s, "transparency");
}

/* A form paints as if its operators stood here. */
static void do_object(struct content *s, struct str operator)
{
	const struct pdf_value *object = pdf_file_follow(s->c->file, resource(s, "XObject", operand(s, 0)->text));
	if (pdf_is_name(pdf_file_get(s->c->file, object, "Subtype"), "Image")) {
		if (pdf_file_get(s->c->file, object, "SMask")->type != PDF_NULL) forbid(s, "transparency");
		paint(s, operator);
		return;
	}
	struct str bytes;
	if (s->forms == FORMS_DEEP_MAX || !pdf_file_stream(s->c->file, object, &bytes)) {
		check_add(s->c, PDF_RULE_CONTENT, s->page + 1, "a form object that cannot be read");
		return;
	}
	if (pdf_file_get(s->c->file, object, "Group")->type != PDF_NULL) forbid(s, "transparency group");
	struct content *inner = ARENA_NEW(s->parser.arena, struct content);
	*inner = (struct content){ .c = s->c,
		.page = s->page,
		.parser = s->parser,
		.forms = s->forms + 1,
		.text_depth = -1 };
	const struct pdf_value *own = pdf_file_get(s->c->file, object, "Resources");
	inner->resources = own->type == PDF_DICT ? own : s->resources;
	inner->parser.bytes = bytes;
	inner->parser.at = 0;
	if (marked(s, MARK_TAGGED) || marked(s, MARK_ARTIFACT))
		inner->marks[inner->depth++] = marked(s, MARK_TAGGED) ? MARK_TAGGED : MARK_ARTIFACT;
	run(inner);
	s->parser.failed = s->parser.failed || s->c->operations_left == 0;
}

/* An inline image: its data end at EI between white space. */
static void skip_image(struct content *s)
{
	struct str rest = str_slice(s->parser.bytes, s->parser.at, s->parser.bytes.n);
	ptrdiff_t end = str_find(rest, STR("\nEI"));
	s->parser.at = end < 0 ? s->parser.bytes.n : s->parser.at + (size_t)end + 3;
}

static void show(struct content *s, const struct pdf_value *v)
{
	if (v->type == PDF_STRING) check_font_show(s->c, s->font, v->text, s->page);
	for (size_t i = 0; v->type == PDF_ARRAY && i < v->count; i++)
		if (v->items[i].type == PDF_STRING) check_font_show(s->c, s->font, v->items[i].text, s->page);
}

static void save_state(struct content *s)
{
	if (s->states < STATES_MAX)
		s->saved[s->states] = s->font;
	else if (s->states == STATES_MAX)
		forbid(s, "more than 28 saved states (ISO 19005-2, 6.1.13)");
	s->states++;
}

static void restore_state(struct content *s)
{
	if (s->states == 0) return check_add(s->c, PDF_RULE_CONTENT, s->page + 1, "Q without q");
	s->states--;
	if (s->states < STATES_MAX) s->font = s->saved[s->states];
}

static bool is_one_of(struct str word, const char *list)
{
	struct str rest = str_of(list);
	while (!str_is_none(rest))
		if (str_eq(str_cut(&rest, ' '), word)) return true;
	return false;
}

/* Device colours: RGB and grey go through the output intent of our papers, CMYK has none (ISO 19005-2, 6.2.4.3). */
static void check_colour(struct content *s, struct str op)
{
	const struct pdf_value *space = operand(s, 0);
	bool cmyk = is_one_of(op, "k K") || (is_one_of(op, "cs CS") && pdf_is_name(space, "DeviceCMYK"));
	bool rgb = is_one_of(op, "rg RG g G") ||
		(is_one_of(op, "cs CS") && (pdf_is_name(space, "DeviceRGB") || pdf_is_name(space, "DeviceGray")));
	if ((cmyk && s->c->intent_components != 4) || (rgb && s->c->intent_components != 3))
		forbid(s, "device colour without its output intent");
}

static void text_operator(struct content *s, struct str op)
{
	if (str_eq(op, STR("BT"))) {
		s->text_depth = s->depth;
	} else if (str_eq(op, STR("ET"))) {
		if (s->text_depth != s->depth)
			check_add(s->c, PDF_RULE_NESTING, s->page + 1, "a mark crosses the end of a text");
		s->text_depth = -1;
	} else if (str_eq(op, STR("Tf"))) {
		const struct pdf_value *reference = resource(s, "Font", operand(s, 1)->text);
		s->font = reference ? check_font_open(s->c, reference, s->page) : NULL;
	} else {
		paint(s, op);
		show(s, operand(s, 0));
	}
}

static void operate(struct content *s, struct str op)
{
	if (is_one_of(op, "BT ET Tf Tj TJ ' \""))
		text_operator(s, op);
	else if (str_eq(op, STR("BDC")) || str_eq(op, STR("BMC")))
		begin_mark(s, op.p[1] == 'D');
	else if (str_eq(op, STR("EMC")))
		end_mark(s);
	else if (str_eq(op, STR("q")))
		save_state(s);
	else if (str_eq(op, STR("Q")))
		restore_state(s);
	else if (str_eq(op, STR("Do")))
		do_object(s, op);
	else if (str_eq(op, STR("gs")))
		set_state(s);
	else if (is_one_of(op, "S s f F f* B B* b b* sh"))
		paint(s, op);
	else if (is_one_of(op, "rg RG g G k K cs CS"))
		check_colour(s, op);
	else if (str_eq(op, STR("ID"))) {
		paint(s, STR("BI"));
		skip_image(s);
	} else if (
		!is_one_of(op,
			"w J j M d ri i cm m l c v y h re n W W* Tc Tw Tz TL Tr Ts Td TD Tm T* SC SCN sc scn BI MP DP")) {
		check_add(s->c, PDF_RULE_ARCHIVE, s->page + 1, "unknown operator %.*s",
			STR_FMT(str_slice(op, 0, 20)));
	}
}

static void run(struct content *s)
{
	struct pdf_value v;
	int base = s->depth;
	while (pdf_parse_value(&s->parser, &v)) {
		if (v.type == PDF_WORD) {
			operate(s, v.text);
			s->count = 0;
		} else if (s->count < OPERANDS_MAX) {
			s->operands[s->count++] = v;
		}
	}
	if (s->parser.failed)
		check_add(s->c, PDF_RULE_CONTENT, s->page + 1, "the content cannot be read to its end");
	if (s->depth != base) check_add(s->c, PDF_RULE_NESTING, s->page + 1, "a mark is never closed");
	if (s->states != 0) check_add(s->c, PDF_RULE_CONTENT, s->page + 1, "a saved state is never restored");
}

/* The page's streams as one, with white space between. */
static bool page_bytes(struct checker *c, struct arena *scratch, const struct pdf_value *contents,
	struct str *ret)
{
	if (contents->type != PDF_ARRAY)
		return contents->type == PDF_NULL || pdf_file_stream(c->file, contents, ret);
	struct buf all = buf_new(scratch, 64 * 1024 * 1024);
	for (size_t i = 0; i < contents->count; i++) {
		struct str part;
		if (!pdf_file_stream(c->file, pdf_file_follow(c->file, &contents->items[i]), &part)) return false;
		buf_add(&all, part);
		buf_add_char(&all, '\n');
	}
	*ret = buf_str(&all);
	return !buf_overflowed(&all);
}

void check_content(struct checker *c, int page)
{
	struct arena *scratch = arena_new(PAGE_BYTES_MAX);
	const struct check_page *p = &c->pages[page];
	struct str bytes = STR("");
	if (page_bytes(c, scratch, pdf_file_get(c->file, p->dict, "Contents"), &bytes)) {
		struct content *s = ARENA_NEW(scratch, struct content);
		*s = (struct content){ .c = c, .page = page, .resources = p->resources, .text_depth = -1 };
		s->parser = (struct pdf_parser){ .arena = scratch,
			.bytes = bytes,
			.budget = &c->operations_left,
			.in_content = true };
		run(s);
	} else {
		check_add(c, PDF_RULE_CONTENT, page + 1, "the content cannot be read");
	}
	if (pdf_file_get(c->file, p->dict, "Group")->type != PDF_NULL)
		check_add(c, PDF_RULE_ARCHIVE, page + 1, "transparency group");
	arena_free(scratch);
}
