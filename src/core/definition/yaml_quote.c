/* A line-wise scan that knows just enough YAML: comments, quotes at the start of a value, block scalars. */
#include "core/definition/yaml_quote.h"

struct scan {
	int block_indent; /* lines indented deeper belong to a | or > text; -1: none */
};

static size_t line_indent(struct str line)
{
	size_t n = 0;
	while (n < line.n && line.p[n] == ' ')
		n++;
	return n;
}

static int column_of(struct str line, size_t at)
{
	int column = 1;
	for (size_t i = 0; i < at; i++)
		if (((unsigned char)line.p[i] & 0xC0) != 0x80) column++;
	return column;
}

/* Past the closing quote, or 0 when the line ends first. '' and \" do not close. */
static size_t quote_end(struct str line, size_t at)
{
	char quote = line.p[at++];
	for (; at < line.n; at++) {
		if (quote == '"' && line.p[at] == '\\')
			at++;
		else if (line.p[at] == quote && quote == '\'' && at + 1 < line.n && line.p[at + 1] == quote)
			at++;
		else if (line.p[at] == quote)
			return at + 1;
	}
	return 0;
}

/* Whether a quote at `at` opens a value: after indentation, "- ", ": ", "[", "{" or ",". */
static bool opens_value(struct str line, size_t at)
{
	size_t i = at;
	while (i > 0 && line.p[i - 1] == ' ')
		i--;
	if (i == 0) return true;
	char before = line.p[i - 1];
	if (before == '[' || before == '{' || before == ',') return true;
	return (before == ':' || before == '-') && i < at;
}

/* The place of the quote that this line opens and does not close, or -1. */
static ptrdiff_t unclosed_quote(struct str line)
{
	size_t at = 0;
	while (at < line.n) {
		char c = line.p[at];
		if (c == '#' && (at == 0 || line.p[at - 1] == ' ')) return -1;
		if ((c == '\'' || c == '"') && opens_value(line, at)) {
			size_t end = quote_end(line, at);
			if (!end) return (ptrdiff_t)at;
			at = end;
		} else {
			at++;
		}
	}
	return -1;
}

static bool starts_block(struct str line)
{
	struct str s = str_trim(line);
	while (s.n && strchr("+-0123456789", s.p[s.n - 1]))
		s.n--;
	return s.n >= 2 && (s.p[s.n - 1] == '|' || s.p[s.n - 1] == '>') && s.p[s.n - 2] == ' ';
}

static struct yaml_slip scan_line(struct scan *scan, struct str line, int number)
{
	struct yaml_slip slip = { NULL, number, 1 };
	size_t indent = line_indent(line);
	if (indent == line.n) return slip;
	if (scan->block_indent >= 0) {
		if ((int)indent > scan->block_indent) return slip;
		scan->block_indent = -1;
	}
	if (line.p[indent] == '\t') {
		slip.what = "a tab cannot indent YAML: use spaces";
		slip.column = (int)indent + 1;
		return slip;
	}
	ptrdiff_t quote = unclosed_quote(line);
	if (quote >= 0) {
		slip.what = "the quote that opens here is not closed on this line";
		slip.column = column_of(line, (size_t)quote);
		return slip;
	}
	if (starts_block(line)) scan->block_indent = (int)indent;
	return slip;
}

struct yaml_slip yaml_find_slip(struct str source, int last_line)
{
	struct scan scan = { .block_indent = -1 };
	struct str rest = source;
	for (int number = 1; number <= last_line && !str_is_none(rest); number++) {
		struct str line = str_cut(&rest, '\n');
		if (line.n && line.p[line.n - 1] == '\r') line.n--;
		struct yaml_slip slip = scan_line(&scan, line, number);
		if (slip.what) return slip;
	}
	return (struct yaml_slip){ NULL, 0, 0 };
}
