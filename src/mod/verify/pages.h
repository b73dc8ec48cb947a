/* The handlers of this module. */
#pragma once
#include "web/route.h"

page_fn verify_page;
answer_fn verify_answer;
answer_fn verify_document_answer; /* the bytes of an issued document, for whoever holds its key */
