#include <cmark-gfm.h>
#include <stdlib.h>
#include "core/markdown.h"

struct html markdown_html(struct arena *a, struct str markdown)
{
	if (str_is_empty(markdown)) return (struct html){ STR_NONE };
	cmark_node *tree = cmark_parse_document(markdown.p, markdown.n,
		CMARK_OPT_DEFAULT | CMARK_OPT_VALIDATE_UTF8);
	must(tree != NULL);
	/* Without CMARK_OPT_UNSAFE raw HTML becomes a comment and javascript: addresses vanish. */
	char *html = cmark_render_html(tree, CMARK_OPT_DEFAULT, NULL);
	must(html != NULL);
	struct html ret = html_of_generated(arena_cstr(a, html));
	free(html);
	cmark_node_free(tree);
	return ret;
}
