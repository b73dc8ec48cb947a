/*
 * What every page of a municipality shows around its own content: name, mark, navigation, where to call, the
 * official time. One is made per request, by whoever builds the view (see core/view.h); templates reach it
 * as {{look.…}}. What a single page adds is struct page, in core/layout/parts.h.
 */
#pragma once
#include "base/html.h"
#include "base/instant.h"

struct look_link {
	struct str href, text;
	struct str icon;  /* of icons.svg, or none */
	bool is_current;  /* this page, or the part of the site that it belongs to */
	struct str count; /* in the office's rail: how many wait; none shows nothing */
	bool is_hot;      /* that number is bad news */
};
struct look_links {
	struct look_link *items;
	size_t count;
};
/* A heading and its links: the office's rail, the footer's columns. */
struct look_group {
	struct str title;
	struct look_links links;
	bool is_extra; /* left out of the rail on small screens */
};
struct look_groups {
	struct look_group *items;
	size_t count;
};
struct look_language {
	struct str code; /* "eu" */
	struct str name; /* in itself: "euskara" */
	bool is_current;
};
struct look_languages {
	struct look_language *items;
	size_t count;
};

struct page_look {
	struct str name;       /* "Municipio de León" */
	struct str sub;        /* "Guanajuato"; may be none */
	struct str sub_lang;   /* when it is not in the page's language; none otherwise */
	struct str town;       /* data-town: chooses the tokens of the style sheet */
	struct str stylesheet; /* address of the town's own tokens, or none */
	struct html logo;      /* <svg class="brand__mark" …>; none shows the plain arch */
	bool is_demo;          /* shows the watermark: simulated clock, no legal effect */

	struct look_links nav;           /* the citizen's */
	struct look_languages languages; /* fewer than two: no switch */
	struct str path;                 /* this page's address: where the language switch comes back to */

	struct str phone, phone_href; /* "477 000 0000", "tel:+524770000000"; may be none */
	struct str hours;             /* "Lunes a viernes, de 8:00 a 15:30" */
	struct look_groups footer;    /* columns beside the telephone's */
	struct instant now;           /* the register's official time */

	/* The office's, none on citizen pages. */
	struct str unit;  /* "Desarrollo Urbano" */
	struct str staff; /* who is signed in: "Persona A, revisión" */
	struct look_groups rail;
	bool may_search; /* may read cases: there is something to find */
};
