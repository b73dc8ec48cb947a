/* Content-Disposition: parameters, names, and making a foreign file name harmless. */
#include "base/buf.h"
#include "base/html.h"
#include "base/utf8.h"
#include "web/disposition.h"

/* A quoted value from the first quote on. Browsers write a quote as %22 (and CR, LF likewise), curl as \"; a
 * backslash before anything else is only a backslash: old browsers sent whole Windows paths. */
static bool take_quoted(struct arena *a, struct str *rest, struct str *ret)
{
	char *p = arena_alloc(a, rest->n + 1);
	size_t n = 0;
	for (size_t i = 1; i < rest->n; i++) {
		char c = rest->p[i];
		if (c == '"') {
			*ret = (struct str){ p, n };
			*rest = str_slice(*rest, i + 1, rest->n);
			return true;
		}
		struct str escape = str_slice(*rest, i, i + 3);
		if (c == '\\' && i + 1 < rest->n && rest->p[i + 1] == '"') {
			c = '"';
			i++;
		} else if (str_eq(escape, STR("%22")) || str_eq_ci(escape, STR("%0D")) ||
			str_eq_ci(escape, STR("%0A"))) {
			c = escape.p[1] == '2' ? '"' : ' ';
			i += 2;
		}
		p[n++] = c;
	}
	return false; /* no closing quote */
}

/* The value that `*rest` begins with, and what follows its ';' left in it. */
static bool take_value(struct arena *a, struct str *rest, struct str *ret)
{
	if (!str_starts_with(*rest, STR("\""))) {
		*ret = str_trim(str_cut(rest, ';'));
		return true;
	}
	if (!take_quoted(a, rest, ret)) return false;
	return str_is_empty(str_trim(str_cut(rest, ';')));
}

bool disposition_parameter(struct arena *a, struct str parameters, struct str key, struct str *ret)
{
	struct str found = STR_NONE, rest = str_trim(parameters);
	while (rest.n > 0) {
		size_t end = 0;
		while (end < rest.n && rest.p[end] != '=' && rest.p[end] != ';')
			end++;
		struct str name = str_trim(str_slice(rest, 0, end)), value = STR("");
		bool has_value = end < rest.n && rest.p[end] == '=';
		rest = str_trim(str_slice(rest, end + 1, rest.n));
		if (has_value && !take_value(a, &rest, &value)) return false;
		rest = str_trim(rest);
		if (!str_eq_ci(name, key)) continue;
		if (!str_is_none(found)) return false;
		found = value;
	}
	*ret = found;
	return true;
}

struct str disposition_clean(struct arena *a, struct str file_name)
{
	for (size_t i = file_name.n; i > 0; i--) {
		if (file_name.p[i - 1] != '/' && file_name.p[i - 1] != '\\') continue;
		file_name = str_slice(file_name, i, file_name.n);
		break;
	}
	struct buf out = buf_new(a, file_name.n + 1);
	for (size_t at = 0; at < file_name.n;) {
		size_t from = at;
		if (utf8_next(file_name, &at) < 0) continue;
		struct str one = str_slice(file_name, from, at);
		if (utf8_is_plain(one, false)) buf_add(&out, one);
	}
	struct str clean = str_trim(utf8_nfc(a, buf_str(&out)));
	if (clean.n <= DISPOSITION_NAME_MAX) return clean;
	size_t end = DISPOSITION_NAME_MAX;
	while (end > 0 && ((unsigned char)clean.p[end] & 0xc0) == 0x80)
		end--;
	return str_slice(clean, 0, end);
}

static struct err *read_form_data(struct arena *a, struct str parameters, struct disposition *ret)
{
	struct disposition d = { .name = STR_NONE };
	struct str file_name;
	if (!disposition_parameter(a, parameters, STR("name"), &d.name) ||
		!disposition_parameter(a, parameters, STR("filename"), &file_name))
		return ERR(a, ERR_MALFORMED, NULL, "multipart: a broken disposition");
	if (d.name.n == 0 || !utf8_is_plain(d.name, false))
		return ERR(a, ERR_MALFORMED, NULL, "multipart: a part without a name that is text");
	d.is_file = !str_is_none(file_name);
	if (d.is_file && !utf8_valid(file_name))
		return ERR(a, ERR_MALFORMED, NULL, "multipart: a file name that is not UTF-8");
	if (d.is_file) d.file_name = disposition_clean(a, file_name);
	*ret = d;
	return NULL;
}

/* A part sent in another encoding would be stored encoded. */
static bool encoding_is_plain(struct str value)
{
	return str_eq_ci(value, STR("binary")) || str_eq_ci(value, STR("8bit")) || str_eq_ci(value, STR("7bit"));
}

struct err *disposition_read(struct arena *a, struct str headers, struct disposition *ret)
{
	bool is_found = false;
	struct disposition d = { .name = STR_NONE };
	while (headers.n > 0) {
		struct str line = str_cut(&headers, '\n');
		if (!str_ends_with(line, STR("\r")))
			return ERR(a, ERR_MALFORMED, NULL, "multipart: a broken header line");
		line = str_slice(line, 0, line.n - 1);
		if (line.n == 0) continue;
		struct str value = line, name = str_cut(&value, ':');
		if (str_is_none(value) || name.n == 0 || str_trim(name).n != name.n)
			return ERR(a, ERR_MALFORMED, NULL, "multipart: a line that is no header");
		value = str_trim(value);
		if (str_eq_ci(name, STR("content-transfer-encoding")) && !encoding_is_plain(value))
			return ERR(a, ERR_MALFORMED, NULL, "multipart: a transfer encoding");
		if (!str_eq_ci(name, STR("content-disposition"))) continue;
		if (is_found || !str_eq_ci(str_trim(str_cut(&value, ';')), STR("form-data")))
			return ERR(a, ERR_MALFORMED, NULL, "multipart: a part that is not one of a form");
		TRY(read_form_data(a, value, &d));
		is_found = true;
	}
	if (!is_found) return ERR(a, ERR_MALFORMED, NULL, "multipart: a part without disposition");
	*ret = d;
	return NULL;
}

struct str disposition_write(struct arena *a, bool is_inline, struct str file_name)
{
	struct str clean = disposition_clean(a, file_name);
	if (clean.n == 0) clean = STR("file");
	struct buf out = buf_new(a, 4 * DISPOSITION_NAME_MAX + 100);
	buf_add(&out, is_inline ? STR("inline; filename=\"") : STR("attachment; filename=\""));
	for (size_t i = 0; i < clean.n; i++) {
		unsigned char c = (unsigned char)clean.p[i];
		bool is_safe = c >= 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '%';
		buf_add_char(&out, is_safe ? (char)c : '_');
	}
	buf_add(&out, STR("\"; filename*=UTF-8''"));
	html_url_part(&out, clean);
	return buf_str(&out);
}
