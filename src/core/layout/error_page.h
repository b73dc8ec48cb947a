/*
 * The page that stands where something went wrong: what happened and what to do, in plain words, for each
 * status that the dispatcher answers with. The log's detail never reaches it.
 */
#pragma once
#include "core/view.h"

/* Writes the whole page. `message` replaces the status's own sentence (already in the reader's language; none
 * keeps it); `request_id` is shown to be quoted on the telephone. A view without look gives the bare page. */
void error_page_write(struct view *out, int status, struct str message, struct str request_id);
/* The title alone, for answers that are no page. */
struct str error_page_title(struct str lang, int status);
