#include "core/i18n.h"

struct i18n_arg i18n_arg_text(const char *name, struct str s)
{
	return (struct i18n_arg){ .name = name, .text = s };
}

struct i18n_arg i18n_arg_cstr(const char *name, const char *s) { return i18n_arg_text(name, str_of(s)); }

struct i18n_arg i18n_arg_number(const char *name, int64_t n)
{
	return (struct i18n_arg){ .name = name, .is_number = true, .number = n };
}

struct i18n_arg i18n_arg_int(const char *name, int n) { return i18n_arg_number(name, n); }

struct i18n_arg i18n_arg_size(const char *name, size_t n) { return i18n_arg_number(name, (int64_t)n); }

static const struct i18n_language *find_language(struct str lang)
{
	for (size_t i = 0; i < i18n_language_count; i++)
		if (str_eq(lang, i18n_languages[i].code)) return &i18n_languages[i];
	return &i18n_languages[0];
}

struct str i18n_language(struct str lang) { return find_language(lang)->code; }

/* Where it stands in the tables. */
static size_t place_of(enum message m)
{
	size_t family = ((size_t)m >> I18N_FAMILY_BITS) - 1, at = (size_t)m & ((1u << I18N_FAMILY_BITS) - 1);
	must(family < i18n_family_count && at < i18n_families[family].count);
	return i18n_families[family].first + at;
}

/* The language that has the text: `lang`, or the complete one. */
static const struct i18n_language *language_with(struct str lang, size_t place)
{
	const struct i18n_language *l = find_language(lang);
	return str_is_none(l->texts[place].text) ? &i18n_languages[0] : l;
}

struct str i18n_text(struct str lang, enum message m)
{
	size_t place = place_of(m);
	return language_with(lang, place)->texts[place].text;
}

struct str i18n_plural(struct str lang, enum message m, int64_t n)
{
	size_t place = place_of(m);
	const struct i18n_language *l = language_with(lang, place);
	const struct i18n_text *t = &l->texts[place];
	if (!t->forms) return t->text;
	return t->forms[l->plural(n < 0 ? -n : n)];
}

static const struct i18n_arg *find_arg(const struct i18n_arg *args, struct str name)
{
	for (const struct i18n_arg *arg = args; arg && arg->name; arg++)
		if (str_eq(name, str_of(arg->name))) return arg;
	return NULL;
}

static void write_arg(struct buf *out, const struct i18n_arg *arg, void (*put)(struct buf *out, struct str s))
{
	if (arg->is_number)
		buf_add_int(out, arg->number);
	else
		put(out, arg->text);
}

void i18n_write(struct buf *out, struct str lang, enum message m, const struct i18n_arg *args,
	void (*put)(struct buf *out, struct str s))
{
	const struct i18n_arg *n = find_arg(args, STR("n"));
	struct str rest = n && n->is_number ? i18n_plural(lang, m, n->number) : i18n_text(lang, m);
	for (;;) {
		/* po2c has checked that each '{' has its '}'. */
		ptrdiff_t open = str_find_char(rest, '{');
		if (open < 0) break;
		put(out, str_slice(rest, 0, (size_t)open));
		rest = str_slice(rest, (size_t)open + 1, rest.n);
		const struct i18n_arg *arg = find_arg(args, str_cut(&rest, '}'));
		if (arg) write_arg(out, arg, put);
	}
	put(out, rest);
}

struct str i18n_format(struct arena *a, struct str lang, enum message m, const struct i18n_arg *args)
{
	enum { LONGEST = 64 * 1024 };
	struct buf out = buf_new(a, LONGEST);
	i18n_write(&out, lang, m, args, buf_add);
	return buf_str(&out);
}

static struct str family_of(struct str key) { return str_cut(&key, '.'); }

bool i18n_find(struct str key, enum message *ret)
{
	for (size_t f = 0; f < i18n_family_count; f++) {
		const struct i18n_family *family = &i18n_families[f];
		if (!str_eq(family_of(i18n_keys[family->first]), family_of(key))) continue;
		size_t low = 0, high = family->count;
		while (low < high) {
			size_t middle = low + (high - low) / 2;
			int order = str_cmp(key, i18n_keys[family->first + middle]);
			if (order == 0) {
				*ret = (enum message)((f + 1) << I18N_FAMILY_BITS | middle);
				return true;
			}
			if (order > 0)
				low = middle + 1;
			else
				high = middle;
		}
	}
	return false;
}

struct str i18n_key(enum message m) { return i18n_keys[place_of(m)]; }
