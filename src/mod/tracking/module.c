#include "mod/tracking/tracking.h"
#include "core/feed/feed.h"
#include "core/holder/holder.h"
#include "mod/tracking/pages.h"

/* Everything below /expedientes/{number} is for the browser that holds the case's key (holder_rule). */
const struct module tracking_module = {
	.name = "tracking",
	.routes = (const struct route[]){ ROUTE_GET("/estado", PERM_PUBLIC, NULL, SHOWS_NOTHING, 0,
										  tracking_status_page),
		ROUTE_POST("/estado", PERM_HOLDER, NULL, SHOWS_NOTHING, 0, NULL, NULL, tracking_status_answer),
		ROUTE_GET("/mis-tramites", PERM_HOLDER, NULL, SHOWS_PERSONAL, 0, tracking_mine_page),
		ROUTE_POST("/mis-tramites", PERM_HOLDER, NULL, SHOWS_NOTHING, 0, tracking_mine_prepare,
			tracking_mine_commit, tracking_mine_answer),
		ROUTE_POST("/mis-tramites/olvidar", PERM_HOLDER, NULL, SHOWS_NOTHING, 0, NULL, tracking_forget_commit,
			tracking_forget_answer),
		ROUTE_GET("/expedientes/{number}", PERM_HOLDER, holder_rule, SHOWS_PERSONAL, 0, tracking_case_page),
		ROUTE_GET(FEED_PATH "/expedientes/{number}", PERM_HOLDER, holder_rule, SHOWS_NOTHING, ROUTE_STREAM,
			feed_citizen),
		ROUTE_GET("/expedientes/{number}/accesos", PERM_HOLDER, holder_rule, SHOWS_PERSONAL, 0,
			tracking_access_page),
		ROUTE_GET("/expedientes/{number}/retirar", PERM_HOLDER, holder_rule, SHOWS_PERSONAL, 0,
			tracking_withdraw_page),
		ROUTE_POST("/expedientes/{number}/retirar", PERM_HOLDER, holder_rule, SHOWS_NOTHING, 0,
			tracking_withdraw_prepare, tracking_withdraw_commit, tracking_back_answer),
		ROUTE_POST("/expedientes/{number}/mensajes", PERM_HOLDER, holder_rule, SHOWS_NOTHING, 0,
			tracking_message_prepare, tracking_message_commit, tracking_back_answer),
		ROUTE_POST("/expedientes/{number}/avisos", PERM_HOLDER, holder_rule, SHOWS_PERSONAL, 0,
			tracking_notices_prepare, tracking_notices_commit, tracking_notices_answer),
		ROUTE_GET("/expedientes/{number}/corregir", PERM_HOLDER, holder_rule, SHOWS_PERSONAL, 0,
			tracking_correct_page),
		ROUTE_POST("/expedientes/{number}/corregir", PERM_HOLDER, holder_rule, SHOWS_PERSONAL, ROUTE_UPLOAD,
			NULL, tracking_correct_commit, tracking_correct_answer),
		ROUTE_GET("/expedientes/{number}/adjuntos/{id}", PERM_HOLDER, holder_rule, SHOWS_PERSONAL, ROUTE_SLOW,
			casepage_file_page),
		ROUTE_GET("/expedientes/{number}/documentos/{id}", PERM_HOLDER, holder_rule, SHOWS_PERSONAL,
			ROUTE_SLOW, tracking_document_page),
		ROUTE_POST("/expedientes/{number}/documentos/{id}", PERM_HOLDER, holder_rule, SHOWS_NOTHING, 0,
			tracking_deliver_prepare, tracking_deliver_commit, tracking_deliver_answer),
		{ 0 } },
};
