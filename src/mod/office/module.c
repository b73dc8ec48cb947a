#include "mod/office/office.h"
#include "core/feed/feed.h"
#include "core/holder/holder.h"
#include "core/session/resume.h"
#include "mod/office/pages.h"

#define CASE "/oficina/expedientes/{number}"
#define STEP(path, permission, flags, prepare, commit)                                                       \
	ROUTE_POST(CASE path, permission, case_scope_rule, SHOWS_NOTHING, flags, prepare, commit,                \
		office_back_answer)
#define ASK(path, permission, page) ROUTE_GET(CASE path, permission, case_scope_rule, SHOWS_PERSONAL, 0, page)

/* Everything below a case is for whoever has it in scope (case_scope_rule). Signing asks for the password again and
 * therefore runs on the pool. */
static const struct route routes[] = {
	ROUTE_GET(SIGN_IN_PATH, PERM_PUBLIC, NULL, SHOWS_NOTHING, 0, office_sign_in_page),
	ROUTE_POST(SIGN_IN_PATH, PERM_PUBLIC, NULL, SHOWS_NOTHING, ROUTE_SLOW, office_sign_in_prepare,
		office_sign_in_commit, office_sign_in_answer),
	ROUTE_POST("/oficina/salir", PERM_STAFF, NULL, SHOWS_NOTHING, 0, NULL, office_sign_out_commit,
		office_sign_out_answer),
	ROUTE_GET("/oficina", PERM_STAFF, NULL, SHOWS_NOTHING, 0, office_start_page),
	ROUTE_GET("/oficina/bandeja/{box}", PERM_CASE_READ, NULL, SHOWS_PERSONAL, 0, office_inbox_page),
	ROUTE_GET("/oficina/buscar", PERM_CASE_READ, NULL, SHOWS_PERSONAL, 0, office_search_page),
	ROUTE_POST("/oficina/siguiente", PERM_CASE_WORK, NULL, SHOWS_NOTHING, 0, office_next_prepare,
		office_next_commit, office_next_answer),
	ASK("", PERM_CASE_READ, office_case_page),
	ROUTE_GET(FEED_PATH "/oficina/bandeja/{box}", PERM_CASE_READ, NULL, SHOWS_NOTHING, ROUTE_STREAM,
		office_inbox_stream),
	ROUTE_GET(FEED_PATH CASE, PERM_CASE_READ, case_scope_rule, SHOWS_NOTHING, ROUTE_STREAM, feed_case),
	ROUTE_GET(CASE "/adjuntos/{id}", PERM_CASE_READ, case_scope_rule, SHOWS_PERSONAL, ROUTE_SLOW,
		casepage_file_page),
	ROUTE_GET(CASE "/documentos/{id}", PERM_CASE_READ, case_scope_rule, SHOWS_PERSONAL, ROUTE_SLOW,
		casepage_document_page),
	STEP("/tomar", PERM_CASE_WORK, 0, office_take_prepare, office_take_commit),
	STEP("/soltar", PERM_CASE_WORK, 0, office_give_back_prepare, office_take_commit),
	STEP("/notas", PERM_CASE_WORK, 0, office_note_prepare, office_say_commit),
	STEP("/mensajes", PERM_CASE_WORK, 0, office_message_prepare, office_say_commit),
	ASK("/correccion", PERM_CASE_WORK, office_correct_page),
	STEP("/correccion", PERM_CASE_WORK, 0, office_correct_prepare, office_correct_commit),
	ASK("/aprobar", PERM_CASE_DECIDE, office_approve_page),
	STEP("/aprobar", PERM_CASE_DECIDE, 0, office_approve_prepare, office_decide_commit),
	ASK("/negar", PERM_CASE_DECIDE, office_refuse_page),
	STEP("/negar", PERM_CASE_DECIDE, 0, office_refuse_prepare, office_decide_commit),
	ASK("/devolver", PERM_DOCUMENT_SIGN, office_return_page),
	STEP("/devolver", PERM_DOCUMENT_SIGN, 0, office_return_prepare, office_return_commit),
	ASK("/firmar", PERM_DOCUMENT_SIGN, office_sign_page),
	STEP("/firmar", PERM_DOCUMENT_SIGN, ROUTE_SLOW, office_sign_prepare, office_sign_commit),
	ASK("/documentos/{id}/revocar", PERM_DOCUMENT_REVOKE, office_revoke_page),
	STEP("/documentos/{id}/revocar", PERM_DOCUMENT_REVOKE, ROUTE_SLOW, office_revoke_prepare,
		office_revoke_commit),
	STEP("/entregar", PERM_COUNTER_FILE, 0, office_deliver_prepare, office_deliver_commit),
	ASK("/corregir", PERM_COUNTER_FILE, office_answer_page),
	ROUTE_POST(CASE "/corregir", PERM_COUNTER_FILE, case_scope_rule, SHOWS_PERSONAL, ROUTE_UPLOAD, NULL,
		office_answer_commit, office_answer_answer),
	ROUTE_GET("/oficina/mostrador", PERM_COUNTER_FILE, NULL, SHOWS_NOTHING, 0, office_counter_page),
	ROUTE_POST("/oficina/mostrador/{slug}", PERM_COUNTER_FILE, NULL, SHOWS_NOTHING, 0, office_counter_prepare,
		office_counter_commit, office_counter_answer),
	ROUTE_GET("/oficina/caja", PERM_CASHIER, NULL, SHOWS_PERSONAL, 0, office_cashier_page),
	ROUTE_GET("/oficina/caja/{number}", PERM_CASHIER, case_scope_rule, SHOWS_PERSONAL, 0, office_pay_page),
	ROUTE_POST("/oficina/caja/{number}", PERM_CASHIER, case_scope_rule, SHOWS_NOTHING, 0, office_pay_prepare,
		office_pay_commit, office_pay_answer),
	{ 0 },
};

const struct module office_module = {
	.name = "office",
	.routes = routes,
	.menu = (const struct menu_entry[]){ { "office.box-mine", "inbox", "/oficina/bandeja/mios",
											 PERM_CASE_READ, 10, "office.boxes" },
		{ "office.box-team", "users", "/oficina/bandeja/equipo", PERM_CASE_READ, 20, "office.boxes" },
		{ "office.box-late", "alert-triangle", "/oficina/bandeja/vencidos", PERM_CASE_READ, 30,
			"office.boxes" },
		{ "office.box-wait", "clock-pause", "/oficina/bandeja/pausa", PERM_CASE_READ, 40, "office.boxes" },
		{ "office.box-sign", "signature", "/oficina/bandeja/firma", PERM_CASE_READ, 50, "office.boxes" },
		{ "office.box-deliver", "file-certificate", "/oficina/bandeja/entrega", PERM_CASE_READ, 60,
			"office.boxes" },
		{ "office.box-done", "history", "/oficina/bandeja/terminados", PERM_CASE_READ, 70, "office.boxes" },
		{ "office.counter-new", "plus", "/oficina/mostrador", PERM_COUNTER_FILE, 110, "office.counter" },
		{ "office.cashier", "cash", "/oficina/caja", PERM_CASHIER, 120, "office.counter" }, { 0 } },
};
