/* Splices. Every function finds the bytes [from, to) to replace and the new text; splice() does the rest. */
#include "core/definition/yaml_edit.h"

static struct err *splice(struct arena *a, struct str source, size_t from, size_t to, struct str text,
	struct str *ret)
{
	struct buf out = buf_new(a, YAML_MAX_BYTES + 1);
	buf_add(&out, str_slice(source, 0, from));
	buf_add(&out, text);
	buf_add(&out, str_slice(source, to, source.n));
	if (buf_overflowed(&out))
		return ERR(a, ERR_TOO_LARGE, "definition.too_large", "the file would pass 1 MiB");
	struct findings findings = findings_new(a);
	if (!yaml_parse(a, buf_str(&out), &findings)) {
		struct finding *first = &findings.items[0];
		return ERR(a, ERR_INVALID, "definition.unreadable", "after the change, %d:%d: %.*s", first->line,
			first->column, STR_FMT(first->text));
	}
	*ret = buf_str(&out);
	return NULL;
}

static bool is_one_line(struct str s) { return str_find_char(s, '\n') < 0; }

/* End of the line that holds byte `at` (position of its \n, or the end of the text). */
static size_t line_end(struct str s, size_t at)
{
	while (at < s.n && s.p[at] != '\n')
		at++;
	return at;
}

static size_t line_start(struct str s, size_t at)
{
	while (at > 0 && s.p[at - 1] != '\n')
		at--;
	return at;
}

static bool is_blank(struct str s, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (s.p[i] != ' ') return false;
	return true;
}

/* The lines of `value`, each after a line break and `indent` spaces. */
static void add_indented(struct buf *out, struct str value, int indent)
{
	struct str rest = value;
	while (rest.n) {
		struct str line = str_cut(&rest, '\n');
		buf_add_char(out, '\n');
		if (line.n) buf_printf(out, "%*s", indent, "");
		buf_add(out, line);
	}
}

/* What follows "key:" or "-": the value on the same line, or as a block below. A block scalar ("|…") keeps its
 * first line beside the key. */
static void add_value(struct buf *out, struct str value, int indent)
{
	if (value.n == 0) return;
	if (is_one_line(value)) {
		buf_add_char(out, ' ');
		buf_add(out, value);
		return;
	}
	if (value.p[0] == '|' || value.p[0] == '>') {
		struct str rest = value;
		buf_add_char(out, ' ');
		buf_add(out, str_cut(&rest, '\n'));
		add_indented(out, rest, indent);
		return;
	}
	add_indented(out, value, indent);
}

static bool is_in_flow(const struct yaml_node *node) { return node && !node->is_block; }

static struct err *refuse_block(struct arena *a)
{
	return ERR(a, ERR_INVALID, "definition.unreadable", "inside { } or [ ] only a value of one line fits");
}

struct err *yaml_edit_set(struct arena *a, struct str source, const struct yaml_node *node, struct str value,
	struct str *ret)
{
	const struct yaml_node *parent = node->parent;
	if (is_in_flow(parent) && !is_one_line(value)) return refuse_block(a);
	struct buf text = buf_new(a, YAML_MAX_BYTES);
	bool in_map = parent && parent->kind == YAML_MAP;
	bool was_one_line = line_end(source, node->start) >= node->end && node->end > node->start &&
		!node->is_block;
	if (!in_map || (was_one_line && is_one_line(value) && value.n)) {
		if (!is_one_line(value) && parent)
			add_indented(&text, value, node->column - 1);
		else
			buf_add(&text, value);
		return splice(a, source, node->start, node->end, buf_str(&text), ret);
	}
	/* From the end of the key, so that a value of one line does not stay alone on the line of a block. */
	add_value(&text, value, node->key_column + 1);
	size_t colon = node->key_end;
	while (colon < source.n && source.p[colon] != ':')
		colon++;
	size_t end = node->end > colon + 1 ? node->end : colon + 1;
	return splice(a, source, colon + 1, end, buf_str(&text), ret);
}

static struct err *add_in_flow(struct arena *a, struct str source, const struct yaml_node *parent,
	struct str text, struct str *ret)
{
	if (!is_one_line(text)) return refuse_block(a);
	size_t at = parent->last ? parent->last->end : parent->start + 1;
	return splice(a, source, at, at, parent->last ? arena_printf(a, ", %.*s", STR_FMT(text)) : text, ret);
}

struct err *yaml_edit_add(struct arena *a, struct str source, const struct yaml_node *map, struct str key,
	struct str value, struct str *ret)
{
	if (map->kind != YAML_MAP) return ERR(a, ERR_INVALID, "definition.unreadable", "not a map");
	if (yaml_get(map, key)) return ERR(a, ERR_CONFLICT, "definition.key_taken", "the key is there already");
	struct str quoted = yaml_quote(a, key);
	if (!map->is_block)
		return add_in_flow(a, source, map, arena_printf(a, "%.*s: %.*s", STR_FMT(quoted), STR_FMT(value)),
			ret);
	struct buf text = buf_new(a, YAML_MAX_BYTES);
	int indent = map->first->key_column - 1;
	buf_printf(&text, "\n%*s", indent, "");
	buf_add(&text, quoted);
	buf_add_char(&text, ':');
	add_value(&text, value, indent + 2);
	size_t at = line_end(source, map->end);
	return splice(a, source, at, at, buf_str(&text), ret);
}

/* Start of the "- " of a block list's item. */
static size_t item_dash(struct str source, const struct yaml_node *item)
{
	size_t at = item->start;
	while (at > 0 && source.p[at - 1] != '-')
		at--;
	return at ? at - 1 : 0;
}

struct err *yaml_edit_append(struct arena *a, struct str source, const struct yaml_node *list,
	struct str value, struct str *ret)
{
	if (list->kind != YAML_LIST) return ERR(a, ERR_INVALID, "definition.unreadable", "not a list");
	if (!list->is_block) return add_in_flow(a, source, list, value, ret);
	int indent = list->column - 1;
	struct buf text = buf_new(a, YAML_MAX_BYTES);
	struct str rest = value;
	buf_printf(&text, "\n%*s- ", indent, "");
	buf_add(&text, str_cut(&rest, '\n'));
	if (rest.n) add_indented(&text, rest, indent + 2);
	size_t at = line_end(source, list->end);
	return splice(a, source, at, at, buf_str(&text), ret);
}

static struct err *delete_in_flow(struct arena *a, struct str source, const struct yaml_node *node,
	struct str *ret)
{
	size_t start = node->parent->kind == YAML_MAP ? node->key_start : node->start;
	const struct yaml_node *before = node->parent->first;
	if (node == before) {
		size_t end = node->next->parent->kind == YAML_MAP ? node->next->key_start : node->next->start;
		return splice(a, source, start, end, STR(""), ret);
	}
	while (before->next != node)
		before = before->next;
	return splice(a, source, before->end, node->end, STR(""), ret);
}

struct err *yaml_edit_delete(struct arena *a, struct str source, const struct yaml_node *node,
	struct str *ret)
{
	const struct yaml_node *parent = node->parent;
	if (!parent || parent->count == 1)
		return ERR(a, ERR_INVALID, "definition.last_key", "the only one of its parent: delete that");
	if (!parent->is_block) return delete_in_flow(a, source, node, ret);
	bool in_map = parent->kind == YAML_MAP;
	size_t start = in_map ? node->key_start : item_dash(source, node);
	size_t end = node->end > node->key_end ? node->end : node->key_end;
	size_t from = line_start(source, start), to = line_end(source, end);
	if (is_blank(source, from, start)) {
		/* Whole lines go, with the comment at the end of the last one. */
		if (to < source.n) to++;
		return splice(a, source, from, to, STR(""), ret);
	}
	/* The first key beside a dash: the next one takes its place. */
	if (!node->next) return ERR(a, ERR_INVALID, "definition.last_key", "cannot be cut out of its line");
	size_t next = in_map ? node->next->key_start : item_dash(source, node->next);
	return splice(a, source, start, next, STR(""), ret);
}

static bool is_safe_plain(struct str s)
{
	static const char *const words[] = { "true", "false", "null", "yes", "no", "on", "off", "~", "-", "=",
		"<<" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_eq_ci(s, str_of(words[i]))) return false;
	if (s.n == 0 || s.p[0] == ' ' || s.p[s.n - 1] == ' ' || s.p[s.n - 1] == ':') return false;
	if (strchr("-?:,[]{}#&*!|>'\"%@`=", s.p[0])) return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c < ' ' || c == 0x7F || strchr("[]{},#", c)) return false;
		if (c == ':' && i + 1 < s.n && s.p[i + 1] == ' ') return false;
	}
	return true;
}

struct str yaml_quote(struct arena *a, struct str text)
{
	if (is_safe_plain(text)) return text;
	struct buf out = buf_new(a, text.n * 6 + 3);
	buf_add_char(&out, '"');
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];
		if (c == '"' || c == '\\')
			buf_printf(&out, "\\%c", c);
		else if (c == '\n')
			buf_add(&out, STR("\\n"));
		else if (c == '\t')
			buf_add(&out, STR("\\t"));
		else if (c < ' ' || c == 0x7F)
			buf_printf(&out, "\\x%02x", c);
		else
			buf_add_char(&out, (char)c);
	}
	buf_add_char(&out, '"');
	return buf_str(&out);
}
