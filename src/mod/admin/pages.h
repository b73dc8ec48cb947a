/* The handlers of this module, and what its files share. */
#pragma once
#include "core/i18n.h"
#include "core/page.h"
#include "mod/admin/admin.h"
#include "web/route.h"
#include "i18n/admin.h"

#define ADMIN_PATH "/oficina/administracion"
#define ADMIN_JOBS ADMIN_PATH "/tareas"
#define ADMIN_ACCOUNTS ADMIN_PATH "/cuentas"

page_fn admin_loaded_page;
page_fn admin_keys_page;
page_fn admin_jobs_page;
route_commit_fn admin_retry_commit;
answer_fn admin_retry_answer;
page_fn admin_accounts_page;
prepare_fn admin_close_prepare;
route_commit_fn admin_close_commit;
route_commit_fn admin_open_commit;
answer_fn admin_accounts_answer;

/* "admin.KIND-NAME" in the reader's language, or the name as it is where no text has that key. */
struct str admin_word(struct request *r, const char *kind, struct str name);
/* Who did it, when: nothing of whom. */
MUST_USE struct err *admin_event(struct request *r, struct tx *tx, const char *type);
