#include "tools/po2c/po.h"
#include "tools/po2c/plural.h"

enum { PO_MAX_TEXT = 64 * 1024 };

/* What the quoted texts that follow belong to. */
enum field { FIELD_NONE, FIELD_KEY, FIELD_PLURAL, FIELD_FORM };

struct po_reader {
	struct arena *arena;
	struct complaints *complaints;
	struct po_file *file;
	struct po_entry **end;
	struct place at; /* of the line being read */
	enum field field;
	int form;
	struct buf text;       /* of the field so far */
	struct po_entry entry; /* being read */
	bool has_key, next_is_fuzzy;
};

static bool is_key(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool ok = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
		if (!ok) return false;
	}
	return s.n > 0 && s.p[0] >= 'a' && s.p[0] <= 'z';
}

/* "nplurals=2; plural=(n != 1);" out of the header's lines. */
static void read_plural_forms(struct po_reader *r, struct str header)
{
	struct str rest = header, line = STR_NONE;
	r->file->plural_at = r->entry.at;
	while (!str_is_none(rest)) {
		line = str_cut(&rest, '\n');
		if (str_starts_with(line, STR("Plural-Forms:"))) break;
		line = STR_NONE;
	}
	ptrdiff_t count = str_find(line, STR("nplurals=")), expression = str_find(line, STR("plural="));
	if (count >= 0 && expression == count + 1) /* the second half of "nplurals=" */
		expression = str_find(str_slice(line, (size_t)count + 9, line.n), STR("plural=")) + count + 9;
	if (str_is_none(line) || count < 0 || expression < count + 9) {
		complain(r->complaints, r->entry.at, "the header needs Plural-Forms: nplurals=…; plural=…;");
		return;
	}
	struct str tail = str_slice(line, (size_t)count + 9, line.n);
	int64_t n = 0;
	bool ok = str_to_int64(str_trim(str_cut(&tail, ';')), 1, PO_MAX_FORMS, &n);
	tail = str_slice(line, (size_t)expression + 7, line.n);
	struct str text = str_trim(str_cut(&tail, ';'));
	if (!ok || !plural_check(text, (int)n)) {
		complain(r->complaints, r->entry.at, "Plural-Forms is not understood: %.*s", STR_FMT(line));
		return;
	}
	r->file->plural = arena_str(r->arena, text);
	r->file->plural_count = (int)n;
}

static void end_field(struct po_reader *r)
{
	struct str text = arena_str(r->arena, buf_str(&r->text));
	if (r->field == FIELD_KEY) r->entry.key = text;
	if (r->field == FIELD_PLURAL) r->entry.is_plural = true;
	if (r->field == FIELD_FORM) {
		r->entry.forms[r->form] = text;
		r->entry.form_count = r->form + 1;
	}
	r->field = FIELD_NONE;
	buf_clear(&r->text);
}

static void end_entry(struct po_reader *r)
{
	end_field(r);
	if (!r->has_key) return;
	r->has_key = false;
	if (str_is_empty(r->entry.key)) {
		read_plural_forms(r, r->entry.forms[0]);
		return;
	}
	if (!is_key(r->entry.key))
		complain(r->complaints, r->entry.at, "'%.*s' is no key: small letters, digits, '.', '-' and '_'",
			STR_FMT(r->entry.key));
	struct po_entry *entry = ARENA_NEW(r->arena, struct po_entry);
	*entry = r->entry;
	*r->end = entry;
	r->end = &entry->next;
}

/* "…" with its escapes; everything up to the end of the line must be read by it. */
static void read_quoted(struct po_reader *r, struct str line)
{
	bool is_quoted = line.n >= 2 && line.p[0] == '"' && line.p[line.n - 1] == '"';
	if (!is_quoted || r->field == FIELD_NONE) {
		complain(r->complaints, r->at,
			is_quoted ? "this text belongs to nothing" : "a text in quotes expected");
		return;
	}
	for (size_t i = 1; i + 1 < line.n; i++) {
		char c = line.p[i];
		if (c == '"') complain(r->complaints, r->at, "a quote inside a text is written \\\"");
		if (c != '\\') {
			buf_add_char(&r->text, c);
			continue;
		}
		char escaped = i + 2 < line.n ? line.p[++i] : '?';
		ptrdiff_t which = str_find_char(STR("nt\"\\"), escaped);
		if (which < 0) complain(r->complaints, r->at, "\\n, \\t, \\\" and \\\\ are the only escapes");
		buf_add_char(&r->text, which < 0 ? '?' : "\n\t\"\\"[which]);
	}
	if (buf_overflowed(&r->text)) complain(r->complaints, r->at, "this text is too long");
}

static void begin_entry(struct po_reader *r)
{
	end_entry(r);
	r->entry = (struct po_entry){ .at = r->at, .is_fuzzy = r->next_is_fuzzy };
	r->has_key = true;
	r->next_is_fuzzy = false;
}

/* msgstr or msgstr[n]; the number, or -1. */
static int form_number(struct str word)
{
	if (str_eq(word, STR("msgstr"))) return 0;
	int64_t n = -1;
	if (word.n < 9 || word.p[word.n - 1] != ']') return -1;
	if (!str_to_int64(str_slice(word, 7, word.n - 1), 0, PO_MAX_FORMS - 1, &n)) return -1;
	return (int)n;
}

static void begin_form(struct po_reader *r, struct str word)
{
	end_field(r);
	int n = form_number(word);
	bool has_number = word.n > 6;
	if (n != r->entry.form_count || !r->has_key || has_number != r->entry.is_plural) {
		complain(r->complaints, r->at, "'%.*s' does not fit here", STR_FMT(word));
		return;
	}
	r->field = FIELD_FORM;
	r->form = n;
}

static void read_line(struct po_reader *r, struct str line)
{
	if (str_is_empty(line)) return;
	if (line.p[0] == '#') {
		if (str_starts_with(line, STR("#~"))) return;
		if (str_starts_with(line, STR("#,")) && str_find(line, STR("fuzzy")) >= 0) r->next_is_fuzzy = true;
		return;
	}
	if (line.p[0] == '"') {
		read_quoted(r, line);
		return;
	}
	struct str rest = line, word = str_cut(&rest, ' ');
	if (str_eq(word, STR("msgid"))) {
		begin_entry(r);
		r->field = FIELD_KEY;
	} else if (str_eq(word, STR("msgid_plural")) && r->field == FIELD_KEY) {
		end_field(r);
		r->field = FIELD_PLURAL;
	} else if (str_starts_with(word, STR("msgstr"))) {
		begin_form(r, word);
	} else {
		complain(r->complaints, r->at, "'%.*s' is not understood", STR_FMT(word));
		return;
	}
	if (r->field != FIELD_NONE) read_quoted(r, str_trim(rest));
}

struct po_file *po_read(struct arena *a, struct str path, struct str text, struct complaints *c)
{
	struct po_file *file = ARENA_NEW(a, struct po_file);
	must(path.n > 6);
	*file = (struct po_file){ .path = path, .language = str_slice(path, path.n - 5, path.n - 3) };
	struct po_reader r = { .arena = a,
		.complaints = c,
		.file = file,
		.end = &file->entries,
		.at = { path, 0, 1 },
		.text = buf_new(a, PO_MAX_TEXT) };
	struct str rest = text;
	while (!str_is_none(rest)) {
		r.at.line++;
		read_line(&r, str_trim(str_cut(&rest, '\n')));
	}
	end_entry(&r);
	if (str_is_none(file->plural) && c->count == 0)
		complain(c, (struct place){ path, 1, 1 }, "the catalogue has no header");
	return file;
}
