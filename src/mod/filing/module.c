#include "mod/filing/filing.h"
#include "mod/filing/pages.h"

/* filing_rule opens a draft by this browser's cookie for it; whoever has none sees how to come back, and nothing
 * else. Codes are guessed against limits of their own (resume.c). */
const struct module filing_module = {
	.name = "filing",
	.routes = (const struct route[]){ ROUTE_GET("/tramites/{slug}/iniciar", PERM_HOLDER, filing_rule,
										  SHOWS_NOTHING, 0, filing_start_page),
		ROUTE_POST("/tramites/{slug}/iniciar", PERM_HOLDER, filing_rule, SHOWS_NOTHING, 0, NULL,
			filing_start_commit, filing_start_answer),
		ROUTE_GET("/tramites/{slug}/paso/{page}", PERM_HOLDER, filing_rule, SHOWS_PERSONAL, 0,
			filing_step_page),
		ROUTE_POST("/tramites/{slug}/paso/{page}", PERM_HOLDER, filing_rule, SHOWS_PERSONAL, ROUTE_UPLOAD,
			filing_step_prepare, filing_step_commit, filing_step_answer),
		ROUTE_GET("/tramites/{slug}/revisar", PERM_HOLDER, filing_rule, SHOWS_PERSONAL, 0,
			filing_review_page),
		ROUTE_POST("/tramites/{slug}/presentar", PERM_HOLDER, filing_rule, SHOWS_PERSONAL, 0,
			filing_present_prepare, filing_present_commit, filing_present_answer),
		ROUTE_GET("/tramites/{slug}/acuse", PERM_HOLDER, filing_rule, SHOWS_PERSONAL, 0, filing_receipt_page),
		ROUTE_GET("/tramites/{slug}/acuse.pdf", PERM_HOLDER, filing_rule, SHOWS_PERSONAL, 0,
			filing_receipt_pdf_page),
		ROUTE_GET("/tramites/{slug}/salir", PERM_HOLDER, filing_rule, SHOWS_NOTHING, 0, filing_saved_page),
		/* A cookie and nothing else: no commit. */
		ROUTE_POST("/tramites/{slug}/olvidar", PERM_HOLDER, filing_rule, SHOWS_NOTHING, 0, NULL, NULL,
			filing_forget_answer),
		ROUTE_GET("/continuar", PERM_PUBLIC, NULL, SHOWS_NOTHING, 0, filing_resume_page),
		ROUTE_POST("/continuar", PERM_HOLDER, NULL, SHOWS_NOTHING, 0, filing_resume_prepare,
			filing_resume_commit, filing_resume_answer),
		{ 0 } },
};
