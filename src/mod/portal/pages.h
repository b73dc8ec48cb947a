/* The handlers of this module. */
#pragma once
#include "web/route.h"

page_fn portal_home_page;          /* home.c */
page_fn portal_catalogue_page;     /* catalogue.c */
page_fn portal_sheet_page;         /* sheet.c */
page_fn portal_offices_page;       /* offices.c */
page_fn portal_accessibility_page; /* texts.c */
page_fn portal_privacy_page;
answer_fn portal_language_answer;
page_fn portal_style_page; /* style.c */
page_fn portal_robots_page;
page_fn portal_manifest_page;
