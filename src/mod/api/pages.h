/* The handlers of this module, and what its files share. */
#pragma once
#include "core/case/case_input.h"
#include "core/case/filing.h"
#include "core/module.h"
#include "core/problem.h"
#include "core/town/town.h"
#include "mod/api/schema.h"
#include "web/route.h"

/* catalogue.c */
page_fn api_catalogue_page;
page_fn api_procedure_page;
page_fn api_openapi_page;
/* files.c */
prepare_fn api_upload_prepare;
route_commit_fn api_upload_commit;
answer_fn api_upload_answer;
/* file.c */
prepare_fn api_filing_prepare;
route_commit_fn api_filing_commit;
answer_fn api_filing_answer;
/* list.c */
page_fn api_list_page;
page_fn api_owed_list_page;
page_fn api_owed_page;
/* case.c */
page_fn api_case_page;
/* steps.c */
prepare_fn api_take_prepare;
prepare_fn api_release_prepare;
route_commit_fn api_take_commit;
prepare_fn api_next_prepare;
route_commit_fn api_next_commit;
prepare_fn api_message_prepare;
prepare_fn api_note_prepare;
route_commit_fn api_remark_commit;
prepare_fn api_deliver_prepare;
route_commit_fn api_deliver_commit;
prepare_fn api_pay_prepare;
route_commit_fn api_pay_commit;
answer_fn api_step_answer;
/* decide.c */
prepare_fn api_correct_prepare;
route_commit_fn api_correct_commit;
prepare_fn api_approve_prepare;
prepare_fn api_refuse_prepare;
route_commit_fn api_decide_commit;
prepare_fn api_return_prepare;
route_commit_fn api_return_commit;
prepare_fn api_sign_prepare;
route_commit_fn api_sign_commit;
prepare_fn api_revoke_prepare;
route_commit_fn api_revoke_commit;
/* mend.c */
prepare_fn api_mend_prepare;
route_commit_fn api_mend_commit;
/* forget.c */
job_fn api_forget_job;

/* --- reading what was sent (body.c) ------------------------------------------------------------------------------- */

/* Problems found in what was sent, one a field. */
struct api_problems {
	struct problem_field *items;
	size_t count, room;
};
void api_problem_add(struct request *r, struct api_problems *p, struct str field, const char *code,
	struct str message);
/* Answers 422 with all of them when there are any: r->is_answered. */
void api_problems_answer(struct request *r, struct response *out, const struct api_problems *p);
/* The body, checked against the route's request schema. Whatever is wrong is answered (r->is_answered); *ret is
 * NULL then. */
MUST_USE struct err *api_body(struct request *r, struct response *out, const struct json **ret);
/* The same for what stands in the address. */
MUST_USE struct err *api_query(struct request *r, struct response *out);
/* Trimmed and NFC; "" when it is not there. */
struct str api_text_of(struct request *r, const struct json *body, const char *name);

/* --- writing answers (write.c) ----------------------------------------------------------------------------------------- */

struct api_answer {
	struct request *r;
	struct buf text;
	struct json_writer json;
};
/* An open object. */
struct api_answer *api_answer(struct request *r);
MUST_USE struct err *api_send(struct api_answer *a, struct response *out, int status);

void api_put(struct json_writer *w, const char *key, struct str text);
void api_put_if(struct json_writer *w, const char *key, struct str text); /* left out when empty */
void api_put_int(struct json_writer *w, const char *key, int64_t i);
void api_put_bool(struct json_writer *w, const char *key, bool b);
/* None is left out. */
void api_put_date(struct json_writer *w, struct arena *a, const char *key, struct date d);
void api_put_instant(struct json_writer *w, struct arena *a, const char *key, struct instant t);
void api_put_named(struct json_writer *w, const char *key, struct str id, struct str name);
void api_put_state(struct json_writer *w, const struct state *state, struct str lang);
/* JSON text that we wrote ourselves (answers, fields). */
MUST_USE struct err *api_put_json(struct json_writer *w, struct arena *a, const char *key, struct str json);
void api_put_fee(struct json_writer *w, struct request *r, const struct case_record *c);
struct str api_case_href(struct arena *a, struct str number); /* "/api/v1/expedientes/AN-2026-000001" */
/* procedure_json.c */
void api_put_sheet(struct json_writer *w, struct request *r, const struct pack *pack,
	const struct procedure *p);
void api_put_form(struct json_writer *w, struct request *r, const struct pack *pack,
	const struct procedure *p);

/* --- steps (steps.c) ------------------------------------------------------------------------------------------------------ */

/* Ids of files that were sent and not used yet: nothing else in an answer has such an id. */
#define API_FILE_PREFIX "archivo-"
/* A file that was sent before (POST /archivos) and is used now. */
struct api_use {
	int64_t id; /* of api_file */
	struct filing_file file;
};
struct api_uses {
	struct api_use *items;
	size_t count, room;
};
/* Inside the commit that uses it. ERR_CONFLICT when another one did. */
MUST_USE struct err *api_use_up(struct tx *tx, const struct api_use *use);
/* What every step carries from prepare to answer. */
struct api_work {
	struct case_record record;
	int64_t revision, assignee_id, document_id, department_id;
	enum case_message_kind kind;
	struct str text;
	struct case_items items;
	enum state_outcome outcome;
	const struct answers *answers;
	struct case_payment payment;
	struct api_uses files;
	struct case_record after; /* as the commit left it */
};
/* Reads and checks the body, loads the case into r->work. *ret is NULL when the body was refused. */
MUST_USE struct err *api_begin(struct request *r, struct response *out, const struct json **ret);
struct case_step api_step(const struct request *r);
/* At the end of a commit: what the answer says. */
MUST_USE struct err *api_end(struct request *r, struct tx *tx);

/* --- answers of a form in JSON (answers.c) --------------------------------------------------------------------------------- */

/* Takes them field by field, those of the pages or those of the decision; what is unknown or has the wrong shape
 * becomes a problem. */
void api_take_answers(struct request *r, struct answers *s, const struct json *map, bool is_decision,
	struct api_problems *problems);
/* The attachments among them: ids of files that this member of staff sent, judged by their field. */
MUST_USE struct err *api_take_files(struct request *r, struct answers *s, const struct json *map,
	struct api_uses *uses, struct api_problems *problems);
/* The errors of a check, in the reader's words; warnings are left to the caller. */
void api_add_errors(struct request *r, const struct field_errors *errors, struct api_problems *problems);
