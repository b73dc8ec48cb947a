#include "tools/po2c/catalogue.h"

const char *const po_languages[PO_LANGUAGES] = { "es", "en", "eu" };

int po_language_index(struct str language)
{
	for (int i = 0; i < PO_LANGUAGES; i++)
		if (str_eq(language, str_of(po_languages[i]))) return i;
	return -1;
}

struct str po_family_name(struct str key)
{
	ptrdiff_t dot = str_find_char(key, '.');
	return str_slice(key, 0, dot < 0 ? key.n : (size_t)dot);
}

/* An entry and the language it is in, to be brought together by key. */
struct found {
	const struct po_entry *entry;
	int language;
};

static int by_key(const void *a, const void *b)
{
	const struct found *x = a, *y = b;
	struct str mine = po_family_name(x->entry->key), other = po_family_name(y->entry->key);
	if (!str_eq(mine, other)) return str_cmp(mine, other);
	int order = str_cmp(x->entry->key, y->entry->key);
	if (order) return order;
	return x->language - y->language;
}

static struct str constant_name(struct arena *a, struct str key)
{
	char *p = arena_alloc(a, key.n + 5);
	memcpy(p, "MSG_", 4);
	for (size_t i = 0; i < key.n; i++) {
		char c = key.p[i];
		p[i + 4] = c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c >= '0' && c <= '9' ? c : '_';
	}
	return (struct str){ p, key.n + 4 };
}

static bool has_arg(const struct str *args, int count, struct str name)
{
	for (int i = 0; i < count; i++)
		if (str_eq(args[i], name)) return true;
	return false;
}

/* Reads one {name}; `text` stands after the '{'. Leaves what follows the '}'. */
static bool read_placeholder(struct str *text, struct str *ret_name)
{
	ptrdiff_t end = str_find_char(*text, '}');
	if (end <= 0) return false;
	struct str name = str_slice(*text, 0, (size_t)end);
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];
		if (!((c >= 'a' && c <= 'z') || c == '_' || (i > 0 && c >= '0' && c <= '9'))) return false;
	}
	*text = str_slice(*text, (size_t)end + 1, text->n);
	*ret_name = name;
	return true;
}

/* Adds the names of all {placeholders} of a text. */
static void read_args(const struct po_entry *e, struct str text, struct str *args, int *count,
	struct complaints *c)
{
	for (struct str rest = text; !str_is_empty(rest);) {
		if (rest.p[0] == '}') complain(c, e->at, "a '}' without '{'");
		bool opens = rest.p[0] == '{';
		rest = str_slice(rest, 1, rest.n);
		if (!opens) continue;
		struct str name;
		if (!read_placeholder(&rest, &name)) {
			complain(c, e->at, "a placeholder is written {name}, in small letters");
			return;
		}
		if (has_arg(args, *count, name)) continue;
		if (*count == PO_MAX_ARGS) {
			complain(c, e->at, "more than %d placeholders", PO_MAX_ARGS);
			return;
		}
		args[(*count)++] = name;
	}
}

/* The placeholders of all forms; a plural always takes n, said or not ("un día"). */
static void entry_args(const struct po_entry *e, struct str *args, int *count, struct complaints *c)
{
	*count = 0;
	if (e->is_plural) args[(*count)++] = STR("n");
	for (int i = 0; i < e->form_count; i++)
		read_args(e, e->forms[i], args, count, c);
}

static bool is_translated(const struct po_entry *e)
{
	for (int i = 0; i < e->form_count; i++)
		if (str_is_empty(e->forms[i])) return false;
	return e->form_count > 0 && !e->is_fuzzy;
}

static void check_message(const struct po_catalogue *all, struct po_message *m, struct complaints *c)
{
	const struct po_entry *first = m->texts[0];
	m->is_plural = first->is_plural;
	entry_args(first, m->args, &m->arg_count, c);
	for (int i = 0; i < PO_LANGUAGES; i++) {
		const struct po_entry *e = m->texts[i];
		if (!e) continue;
		struct str args[PO_MAX_ARGS];
		int count = 0;
		entry_args(e, args, &count, c);
		if (e->is_plural != m->is_plural)
			complain(c, e->at, "%.*s has plural forms in one language and none in another", STR_FMT(m->key));
		else if (e->is_plural && e->form_count != all->plural_count[i])
			complain(c, e->at, "%.*s needs %d forms in '%s'", STR_FMT(m->key), all->plural_count[i],
				po_languages[i]);
		for (int k = 0; k < count; k++)
			if (!has_arg(m->args, m->arg_count, args[k]))
				complain(c, e->at, "%.*s: {%.*s} is not in the Spanish text", STR_FMT(m->key),
					STR_FMT(args[k]));
		for (int k = 0; k < m->arg_count; k++)
			if (!has_arg(args, count, m->args[k]))
				complain(c, e->at, "%.*s: {%.*s} of the Spanish text is missing", STR_FMT(m->key),
					STR_FMT(m->args[k]));
	}
}

static void merge_headers(const struct po_file *files, struct po_catalogue *ret, struct complaints *c)
{
	for (const struct po_file *f = files; f; f = f->next) {
		int i = po_language_index(f->language);
		if (i < 0 || str_is_none(f->plural)) continue;
		if (str_is_none(ret->plural[i])) {
			ret->plural[i] = f->plural;
			ret->plural_count[i] = f->plural_count;
		} else if (!str_eq(ret->plural[i], f->plural) || ret->plural_count[i] != f->plural_count) {
			complain(c, f->plural_at, "Plural-Forms differs from the other catalogues in '%s'",
				po_languages[i]);
		}
	}
}

static struct found *collect(struct arena *a, const struct po_file *files, size_t *ret_count)
{
	size_t count = 0;
	for (const struct po_file *f = files; f; f = f->next)
		for (const struct po_entry *e = f->entries; e; e = e->next)
			count++;
	struct found *found = ARENA_ARRAY(a, struct found, count);
	count = 0;
	for (const struct po_file *f = files; f; f = f->next)
		for (const struct po_entry *e = f->entries; e; e = e->next)
			found[count++] = (struct found){ e, po_language_index(f->language) };
	if (count) qsort(found, count, sizeof *found, by_key);
	*ret_count = count;
	return found;
}

static void group(struct arena *a, struct po_catalogue *all, struct complaints *c)
{
	all->families = ARENA_ARRAY(a, struct po_family, all->count);
	for (size_t i = 0; i < all->count; i++) {
		const struct po_message *m = &all->items[i];
		struct str name = po_family_name(m->key);
		struct po_family *last = all->family_count ? &all->families[all->family_count - 1] : NULL;
		if (!last || !str_eq(last->name, name)) {
			last = &all->families[all->family_count++];
			*last = (struct po_family){ .name = name, .first = i };
		}
		if (++last->count == PO_MAX_FAMILY + 1 && m->texts[0])
			complain(c, m->texts[0]->at, "more than %d texts begin with %.*s", PO_MAX_FAMILY, STR_FMT(name));
	}
}

void po_merge(struct arena *a, const struct po_file *files, struct po_catalogue *ret, struct complaints *c)
{
	size_t count;
	struct found *found = collect(a, files, &count);
	*ret = (struct po_catalogue){ .items = ARENA_ARRAY(a, struct po_message, count) };
	merge_headers(files, ret, c);
	for (size_t i = 0; i < count; i++) {
		const struct po_entry *e = found[i].entry;
		struct po_message *m = ret->count ? &ret->items[ret->count - 1] : NULL;
		bool is_new = !m || !str_eq(m->key, e->key);
		if (is_new) {
			m = &ret->items[ret->count++];
			*m = (struct po_message){ .key = e->key, .name = constant_name(a, e->key) };
			if (ret->count > 1 && str_eq(m->name, m[-1].name))
				complain(c, e->at, "%.*s and %.*s give the same constant", STR_FMT(m[-1].key),
					STR_FMT(m->key));
		}
		if (found[i].language < 0) continue;
		if (!is_new && found[i].language == found[i - 1].language)
			complain(c, e->at, "%.*s stands already in %.*s:%d", STR_FMT(e->key),
				STR_FMT(found[i - 1].entry->at.file), found[i - 1].entry->at.line);
		if (is_translated(e)) m->texts[found[i].language] = e;
		if (is_new && !m->texts[0]) complain(c, e->at, "%.*s has no Spanish text", STR_FMT(e->key));
	}
	for (size_t i = 0; i < ret->count; i++)
		if (ret->items[i].texts[0]) check_message(ret, &ret->items[i], c);
	group(a, ret, c);
}
