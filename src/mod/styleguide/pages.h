/* The handlers of this module, and what fills their views: one file a page. */
#pragma once
#include "core/page.h"
#include "mod/styleguide/styleguide.h"
#include "i18n/styleguide.h"

page_fn guide_base_page;   /* base.c */
page_fn guide_forms_page;  /* forms.c */
page_fn guide_case_page;   /* case.c */
page_fn guide_office_page; /* office.c */

/* --- samples.c: what more than one page shows -------------------------------------------------------------------- */

struct guide_head guide_head(struct request *r);
struct page_view guide_page(struct request *r);
struct str guide_text(const struct request *r, enum message m);
struct guide_controls guide_controls(struct request *r);
struct error_summary_view guide_errors(struct request *r);
struct guide_deadlines guide_deadlines(struct request *r);
struct guide_clocks guide_clocks(struct request *r);
struct timeline_view guide_history(struct request *r, bool is_short);
struct message_lines guide_messages(struct request *r);
struct summary_view guide_summary(struct request *r, bool is_stacked);
struct file_rows guide_files(struct request *r);
/* A verdict on a document that was never issued. */
struct verify_view guide_paper(struct request *r, enum verdict verdict, enum message title,
	enum message lead);
