/*
 * Path data: commands and their numbers to m, l, c and h. Start at pdf_svg_path().
 */
#include <math.h>

#include "core/pdf/pdf_svg_path.h"
#include "core/pdf/pdf_writer.h"

#define COORDINATE_MAX 100000.0

static bool is_gap(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ','; }

static void skip_gaps(struct str *s)
{
	while (s->n && is_gap(s->p[0]))
		*s = str_slice(*s, 1, s->n);
}

static bool is_digit(struct str s) { return s.n && s.p[0] >= '0' && s.p[0] <= '9'; }

/* Digits into *value; returns how many there were. */
static int read_digits(struct str *s, double *value)
{
	int count = 0;
	for (; is_digit(*s); *s = str_slice(*s, 1, s->n), count++)
		*value = *value * 10 + (s->p[0] - '0');
	return count;
}

bool pdf_svg_number(struct str *rest, double *ret)
{
	struct str s = *rest;
	skip_gaps(&s);
	bool negative = s.n && s.p[0] == '-';
	if (s.n && (s.p[0] == '-' || s.p[0] == '+')) s = str_slice(s, 1, s.n);
	double value = 0, fraction = 0;
	int digits = read_digits(&s, &value);
	if (s.n && s.p[0] == '.') {
		s = str_slice(s, 1, s.n);
		int places = read_digits(&s, &fraction);
		value += fraction / pow(10, places);
		digits += places;
	}
	if (digits == 0 || digits > 30 || !(value <= COORDINATE_MAX)) return false;
	*ret = negative ? -value : value;
	*rest = s;
	return true;
}

/* Where the pen is, where the figure began, and the last control point for S and T. */
struct track {
	double x, y, start_x, start_y, control_x, control_y;
	char last;
};

static int argument_count(char command)
{
	switch (command | 0x20) {
	case 'm':
	case 'l':
	case 't': return 2;
	case 'h':
	case 'v': return 1;
	case 'c': return 6;
	case 's':
	case 'q': return 4;
	case 'z': return 0;
	default: return -1;
	}
}

static void put_curve(struct buf *b, struct track *t, const double p[6])
{
	pdf_put_numbers(b, 6, p);
	buf_add(b, STR("c\n"));
	t->control_x = p[2];
	t->control_y = p[3];
	t->x = p[4];
	t->y = p[5];
}

/* A quadratic curve as the cubic one that it is. */
static void put_quadratic(struct buf *b, struct track *t, double qx, double qy, double x, double y)
{
	double p[6] = { t->x + (qx - t->x) * 2 / 3, t->y + (qy - t->y) * 2 / 3, x + (qx - x) * 2 / 3,
		y + (qy - y) * 2 / 3, x, y };
	put_curve(b, t, p);
	t->control_x = qx;
	t->control_y = qy;
}

static void put_line(struct buf *b, struct track *t, double x, double y, bool move)
{
	PDF_PUT(b, x, y);
	buf_add(b, move ? STR("m\n") : STR("l\n"));
	t->x = x;
	t->y = y;
	if (move) {
		t->start_x = x;
		t->start_y = y;
	}
}

/* The reflection of the last control point, when the last command left one of that kind. */
static void reflect(const struct track *t, char kind, char smooth_kind, double *ret_x, double *ret_y)
{
	bool has = t->last == kind || t->last == smooth_kind;
	*ret_x = has ? 2 * t->x - t->control_x : t->x;
	*ret_y = has ? 2 * t->y - t->control_y : t->y;
}

static void put_command(struct buf *b, struct track *t, char command, double *v)
{
	char kind = command | 0x20;
	bool relative = command == kind;
	double ox = relative ? t->x : 0, oy = relative ? t->y : 0, x, y;
	if (kind == 'h') {
		put_line(b, t, v[0] + ox, t->y, false);
	} else if (kind == 'v') {
		put_line(b, t, t->x, v[0] + oy, false);
	} else {
		for (int i = 0; i < argument_count(command); i++)
			v[i] += i % 2 ? oy : ox;
	}
	if (kind == 'm' || kind == 'l') put_line(b, t, v[0], v[1], kind == 'm');
	if (kind == 'c') put_curve(b, t, v);
	if (kind == 's') {
		reflect(t, 'c', 's', &x, &y);
		put_curve(b, t, (double[6]){ x, y, v[0], v[1], v[2], v[3] });
	}
	if (kind == 'q') put_quadratic(b, t, v[0], v[1], v[2], v[3]);
	if (kind == 't') {
		reflect(t, 'q', 't', &x, &y);
		put_quadratic(b, t, x, y, v[0], v[1]);
	}
	if (kind == 'z') {
		buf_add(b, STR("h\n"));
		t->x = t->start_x;
		t->y = t->start_y;
	}
	t->last = kind;
}

bool pdf_svg_path(struct buf *b, struct str data)
{
	struct track t = { 0 };
	char command = 0;
	for (skip_gaps(&data); data.n; skip_gaps(&data)) {
		char c = data.p[0];
		bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
		if (letter) {
			command = c;
			data = str_slice(data, 1, data.n);
		} else if (!command || argument_count(command) == 0) {
			return false;
		}
		int count = argument_count(command);
		if (count < 0 || (t.last == 0 && (command | 0x20) != 'm')) return false;
		double v[6];
		for (int i = 0; i < count; i++)
			if (!pdf_svg_number(&data, &v[i])) return false;
		put_command(b, &t, command, v);
		if (!(fabs(t.x) < COORDINATE_MAX && fabs(t.y) < COORDINATE_MAX)) return false;
		/* More pairs after a move are lines. */
		if ((command | 0x20) == 'm') command = command == 'm' ? 'l' : 'L';
	}
	return !buf_overflowed(b);
}
