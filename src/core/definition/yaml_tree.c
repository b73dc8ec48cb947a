/* libyaml events → tree. The parser is a loop with an explicit stack, so depth costs no C stack. */
#include <yaml.h>
#include "core/definition/yaml_tree.h"
#include "base/err.h"
#include "base/utf8.h"
#include "core/definition/yaml_quote.h"

enum { CHECKPOINT = 64 };

struct loader {
	struct arena *arena;
	struct findings *findings;
	struct str source;     /* without byte-order mark */
	size_t bom;            /* bytes before it */
	uint32_t *checkpoints; /* byte offset of every 64th character: libyaml's marks count characters */
	size_t characters;
	yaml_parser_t parser;
	struct yaml_node *root, *open[YAML_MAX_DEPTH];
	int depth;
	size_t nodes;
	bool has_key;         /* in a map: the key was read, its value is due */
	struct yaml_node key; /* position and text of that key */
};

static bool is_character_start(char c) { return ((unsigned char)c & 0xC0) != 0x80; }

static void loader_index(struct loader *l)
{
	l->checkpoints = ARENA_ARRAY(l->arena, uint32_t, l->source.n / CHECKPOINT + 2);
	size_t n = 0;
	for (size_t i = 0; i < l->source.n; i++) {
		if (!is_character_start(l->source.p[i])) continue;
		if (n % CHECKPOINT == 0) l->checkpoints[n / CHECKPOINT] = (uint32_t)i;
		n++;
	}
	l->characters = n;
}

static size_t loader_offset(const struct loader *l, yaml_mark_t mark)
{
	if (mark.index >= l->characters) return l->bom + l->source.n;
	size_t at = l->checkpoints[mark.index / CHECKPOINT];
	for (size_t left = mark.index % CHECKPOINT; left > 0; left--) {
		at++;
		while (at < l->source.n && !is_character_start(l->source.p[at]))
			at++;
	}
	return l->bom + at;
}

static int mark_line(yaml_mark_t mark) { return (int)mark.line + 1; }
static int mark_column(yaml_mark_t mark) { return (int)mark.column + 1; }

static bool loader_fail(struct loader *l, yaml_mark_t mark, const char *what)
{
	finding_add(l->findings, mark_line(mark), mark_column(mark), "%s", what);
	return false;
}

/* The end of a block lies at the next token for libyaml: take that of the last descendant instead. */
static void node_close(struct yaml_node *node, size_t end)
{
	node->end = node->is_block && node->last ? node->last->end : end;
}

/* A new node takes its place in the open collection, or is the key of the next one. */
static bool loader_place(struct loader *l, struct yaml_node *node, yaml_mark_t mark)
{
	if (++l->nodes > YAML_MAX_NODES) return loader_fail(l, mark, "too many values for one file");
	if (!l->depth) {
		l->root = node;
		return true;
	}
	struct yaml_node *parent = l->open[l->depth - 1];
	if (parent->kind == YAML_MAP) {
		node->key = l->key.text;
		node->key_line = l->key.line;
		node->key_column = l->key.column;
		node->key_start = l->key.start;
		node->key_end = l->key.end;
		l->has_key = false;
	}
	node->parent = parent;
	if (parent->last)
		parent->last->next = node;
	else
		parent->first = node;
	parent->last = node;
	parent->count++;
	return true;
}

static struct yaml_node *loader_node(struct loader *l, const yaml_event_t *event, enum yaml_kind kind)
{
	struct yaml_node *node = ARENA_NEW(l->arena, struct yaml_node);
	node->kind = kind;
	node->line = mark_line(event->start_mark);
	node->column = mark_column(event->start_mark);
	node->start = loader_offset(l, event->start_mark);
	node->end = loader_offset(l, event->end_mark);
	return node;
}

static bool loader_key(struct loader *l, const struct yaml_node *node)
{
	struct yaml_node *map = l->open[l->depth - 1];
	if (map->count == YAML_MAX_KEYS) { /* the search for doubles is quadratic */
		finding_add(l->findings, node->line, node->column, "more than %d keys in one map", YAML_MAX_KEYS);
		return false;
	}
	for (const struct yaml_node *c = map->first; c; c = c->next)
		if (str_eq(c->key, node->text))
			finding_add(l->findings, node->line, node->column, "the key '%.*s' is already given at line %d",
				STR_FMT(node->text), c->key_line);
	l->key = *node;
	l->has_key = true;
	return true;
}

static bool loader_scalar(struct loader *l, const yaml_event_t *event)
{
	if (event->data.scalar.anchor || event->data.scalar.tag)
		return loader_fail(l, event->start_mark,
			"anchors (&) and tags (!) are not used here; quote the text");
	struct yaml_node *node = loader_node(l, event, YAML_SCALAR);
	node->text = arena_str(l->arena,
		(struct str){ (const char *)event->data.scalar.value, event->data.scalar.length });
	yaml_scalar_style_t style = event->data.scalar.style;
	node->is_plain = style == YAML_PLAIN_SCALAR_STYLE;
	node->is_block = style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE;
	if (node->is_block) {
		struct str all = { l->source.p + (node->start - l->bom), node->end - node->start };
		while (all.n && strchr(" \r\n\t", all.p[all.n - 1]))
			all.n--;
		node->end = node->start + all.n;
	}
	if (l->depth && l->open[l->depth - 1]->kind == YAML_MAP && !l->has_key) return loader_key(l, node);
	return loader_place(l, node, event->start_mark);
}

static bool loader_open(struct loader *l, const yaml_event_t *event, enum yaml_kind kind)
{
	bool is_map = kind == YAML_MAP;
	if (is_map ? event->data.mapping_start.anchor || event->data.mapping_start.tag
			   : event->data.sequence_start.anchor || event->data.sequence_start.tag)
		return loader_fail(l, event->start_mark, "anchors (&) and tags (!) are not used here");
	if (l->depth == YAML_MAX_DEPTH) return loader_fail(l, event->start_mark, "nested deeper than 32 levels");
	if (l->depth && l->open[l->depth - 1]->kind == YAML_MAP && !l->has_key)
		return loader_fail(l, event->start_mark, "a key must be a plain text");
	struct yaml_node *node = loader_node(l, event, kind);
	node->is_block = is_map ? event->data.mapping_start.style == YAML_BLOCK_MAPPING_STYLE
							: event->data.sequence_start.style == YAML_BLOCK_SEQUENCE_STYLE;
	if (!loader_place(l, node, event->start_mark)) return false;
	l->open[l->depth++] = node;
	l->has_key = false;
	return true;
}

/* One event. False ends the reading, with a finding; *ret_done ends it without. */
static bool loader_event(struct loader *l, const yaml_event_t *event, bool *ret_done)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT: return loader_scalar(l, event);
	case YAML_SEQUENCE_START_EVENT: return loader_open(l, event, YAML_LIST);
	case YAML_MAPPING_START_EVENT: return loader_open(l, event, YAML_MAP);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		l->depth--;
		node_close(l->open[l->depth], loader_offset(l, event->end_mark));
		return true;
	case YAML_ALIAS_EVENT:
		return loader_fail(l, event->start_mark, "aliases (*) are not used here: write the value again");
	case YAML_DOCUMENT_START_EVENT:
		return l->root ? loader_fail(l, event->start_mark, "one document a file: '---' starts a second one")
					   : true;
	case YAML_STREAM_END_EVENT: *ret_done = true; return true;
	default: return true;
	}
}

/* libyaml's own place for an unclosed quote is far below it. */
static void loader_syntax_error(struct loader *l)
{
	const yaml_parser_t *p = &l->parser;
	int line = mark_line(p->problem_mark), column = mark_column(p->problem_mark);
	struct yaml_slip slip = yaml_find_slip(l->source, line);
	if (slip.what) {
		finding_add(l->findings, slip.line, slip.column, "%s", slip.what);
		return;
	}
	const char *problem = p->problem ? p->problem : "cannot be read";
	if (p->context)
		finding_add(l->findings, line, column, "not valid YAML: %s, %s", p->context, problem);
	else
		finding_add(l->findings, line, column, "not valid YAML: %s", problem);
}

static bool loader_run(struct loader *l)
{
	bool done = false, good = true;
	while (!done && good) {
		yaml_event_t event;
		if (!yaml_parser_parse(&l->parser, &event)) {
			loader_syntax_error(l);
			return false;
		}
		good = loader_event(l, &event, &done);
		yaml_event_delete(&event);
	}
	return good;
}

struct yaml_node *yaml_parse(struct arena *a, struct str source, struct findings *findings)
{
	struct loader l = { .arena = a, .findings = findings, .source = source };
	int before = findings->errors;
	if (source.n > YAML_MAX_BYTES) {
		finding_add(findings, 1, 1, "the file has %zu bytes; at most %d are read", source.n, YAML_MAX_BYTES);
		return NULL;
	}
	if (str_starts_with(source, STR("\xEF\xBB\xBF"))) {
		l.bom = 3;
		l.source = str_slice(source, 3, source.n);
	}
	if (!utf8_valid(l.source)) {
		finding_add(findings, 1, 1, "the file is not UTF-8");
		return NULL;
	}
	loader_index(&l);
	must(yaml_parser_initialize(&l.parser));
	yaml_parser_set_encoding(&l.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&l.parser, (const unsigned char *)l.source.p, l.source.n);
	bool good = loader_run(&l);
	yaml_parser_delete(&l.parser);
	if (good && !l.root) finding_add(findings, 1, 1, "the file is empty");
	return findings->errors == before ? l.root : NULL;
}

struct yaml_node *yaml_get(const struct yaml_node *map, struct str key)
{
	if (!map || map->kind != YAML_MAP) return NULL;
	for (struct yaml_node *c = map->first; c; c = c->next)
		if (str_eq(c->key, key)) return c;
	return NULL;
}

struct yaml_node *yaml_item(const struct yaml_node *list, size_t at)
{
	if (!list || list->kind != YAML_LIST) return NULL;
	struct yaml_node *c = list->first;
	while (c && at--)
		c = c->next;
	return c;
}

struct yaml_node *yaml_at(struct yaml_node *root, struct str path)
{
	struct yaml_node *node = root;
	struct str rest = path;
	while (node && !str_is_none(rest) && path.n) {
		struct str step = str_cut(&rest, '.');
		int64_t at;
		if (node->kind == YAML_LIST)
			node = str_to_int64(step, 0, YAML_MAX_NODES, &at) ? yaml_item(node, (size_t)at) : NULL;
		else
			node = yaml_get(node, step);
	}
	return node;
}

const char *yaml_kind_name(enum yaml_kind kind)
{
	static const char *const names[] = { "a text", "a list", "a map" };
	return names[kind];
}
