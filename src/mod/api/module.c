#include "mod/api/api.h"
#include "core/casepage/casepage.h"
#include "core/holder/holder.h"
#include "core/job/job.h"
#include "mod/api/pages.h"

#define API "/api/v1"
#define CASE API "/expedientes/{number}"
#define DESCRIBED(...) (&(const struct route_api){ __VA_ARGS__ })
#define STEP(path, permission, flags, prepare, commit, summary, request)                                     \
	ROUTE_API_POST(CASE path, permission, case_scope_rule, SHOWS_NOTHING, flags, prepare, commit,            \
		api_step_answer, DESCRIBED(summary, request, "CaseState", 200, NULL))

/* The same permissions and the same object rule (case_scope_rule) as the office's pages; what asks for the password
 * runs on the pool. The catalogue is as public as in the portal. */
static const struct route routes[] = {
	ROUTE_API_GET(API "/openapi.json", PERM_PUBLIC, NULL, SHOWS_NOTHING, 0, api_openapi_page,
		DESCRIBED("This description", NULL, "OpenAPI", 200, NULL)),
	ROUTE_API_GET(API "/tramites", PERM_PUBLIC, NULL, SHOWS_NOTHING, 0, api_catalogue_page,
		DESCRIBED("The catalogue", NULL, "ProcedureList", 200, NULL)),
	ROUTE_API_GET(API "/tramites/{slug}", PERM_PUBLIC, NULL, SHOWS_NOTHING, 0, api_procedure_page,
		DESCRIBED("A procedure: public sheet and form", NULL, "Procedure", 200, NULL)),
	ROUTE_API_POST(API "/tramites/{slug}/solicitudes", PERM_COUNTER_FILE, NULL, SHOWS_NOTHING, 0,
		api_filing_prepare, api_filing_commit, api_filing_answer,
		DESCRIBED("Files an application", "Filing", "Filed", 201, NULL)),
	ROUTE_API_POST(API "/archivos", PERM_COUNTER_FILE, NULL, SHOWS_NOTHING, ROUTE_UPLOAD, api_upload_prepare,
		api_upload_commit, api_upload_answer,
		DESCRIBED("Sends a file, to be named in answers within a day", "NewFile", "StoredFile", 201, NULL)),
	ROUTE_API_GET(API "/expedientes", PERM_CASE_READ, NULL, SHOWS_PERSONAL, 0, api_list_page,
		DESCRIBED("Cases of one's scope: an inbox, or a search", NULL, "CaseList", 200, "CaseQuery")),
	ROUTE_API_GET(CASE, PERM_CASE_READ, case_scope_rule, SHOWS_PERSONAL, 0, api_case_page,
		DESCRIBED("A case with all that is in it", NULL, "Case", 200, NULL)),
	ROUTE_API_GET(CASE "/adjuntos/{id}", PERM_CASE_READ, case_scope_rule, SHOWS_PERSONAL, ROUTE_SLOW,
		casepage_file_page, DESCRIBED("The bytes of an attachment", NULL, NULL, 200, NULL)),
	ROUTE_API_GET(CASE "/documentos/{id}", PERM_CASE_READ, case_scope_rule, SHOWS_PERSONAL, ROUTE_SLOW,
		casepage_document_page, DESCRIBED("The bytes of a document", NULL, NULL, 200, NULL)),
	ROUTE_API_POST(API "/siguiente", PERM_CASE_WORK, NULL, SHOWS_NOTHING, 0, api_next_prepare,
		api_next_commit, api_step_answer,
		DESCRIBED("Takes the most urgent case that nobody has", "Next", "CaseState", 200, NULL)),
	STEP("/tomar", PERM_CASE_WORK, 0, api_take_prepare, api_take_commit, "Takes the case", "Step"),
	STEP("/soltar", PERM_CASE_WORK, 0, api_release_prepare, api_take_commit, "Gives the case back", "Step"),
	STEP("/mensajes", PERM_CASE_WORK, 0, api_message_prepare, api_remark_commit, "Writes to the citizen",
		"Remark"),
	STEP("/notas", PERM_CASE_WORK, 0, api_note_prepare, api_remark_commit,
		"Writes a note that stays in the house", "Remark"),
	STEP("/correccion", PERM_CASE_WORK, 0, api_correct_prepare, api_correct_commit, "Asks for a correction",
		"CorrectionRequest"),
	STEP("/correccion/respuesta", PERM_COUNTER_FILE, 0, api_mend_prepare, api_mend_commit,
		"Enters the correction that was brought", "CorrectionAnswer"),
	STEP("/aprobar", PERM_CASE_DECIDE, 0, api_approve_prepare, api_decide_commit, "Approves, to be signed",
		"Approval"),
	STEP("/negar", PERM_CASE_DECIDE, 0, api_refuse_prepare, api_decide_commit, "Refuses, to be signed",
		"Refusal"),
	STEP("/devolver", PERM_DOCUMENT_SIGN, 0, api_return_prepare, api_return_commit,
		"Hands an unsigned decision back", "Return"),
	STEP("/firmar", PERM_DOCUMENT_SIGN, ROUTE_SLOW, api_sign_prepare, api_sign_commit,
		"Signs the decision: it takes effect and its document is issued", "Signature"),
	STEP("/documentos/{id}/revocar", PERM_DOCUMENT_REVOKE, ROUTE_SLOW, api_revoke_prepare, api_revoke_commit,
		"Withdraws an issued document", "Revocation"),
	STEP("/pago", PERM_CASHIER, 0, api_pay_prepare, api_pay_commit, "Marks the assessed fee paid", "Payment"),
	STEP("/entrega", PERM_COUNTER_FILE, 0, api_deliver_prepare, api_deliver_commit, "Hands the document over",
		"Step"),
	ROUTE_API_GET(API "/caja", PERM_CASHIER, NULL, SHOWS_PERSONAL, 0, api_owed_list_page,
		DESCRIBED("Cases that wait for payment", NULL, "CaseList", 200, "OwedQuery")),
	ROUTE_API_GET(API "/caja/{number}", PERM_CASHIER, case_scope_rule, SHOWS_PERSONAL, 0, api_owed_page,
		DESCRIBED("What is owed for a case", NULL, "Owed", 200, NULL)),
	{ 0 },
};

const struct module api_module = {
	.name = "api",
	.routes = routes,
	.jobs = (const struct job_kind[]){ { "api.forget", api_forget_job, 5, 600, 3600 }, { 0 } },
};
