/*
 * Nothing typed is lost: a form that arrives too late (its token is stale, the session ended) comes back with
 * everything in it, to be sent again with one button, or after signing in.
 */
#pragma once
#include "core/layout/parts.h"
#include "web/request.h"
#include "web/response.h"

#define RESUME_PREFIX "campo." /* of kept fields on their way through the sign-in form */
#define RESUME_PATH "volver"   /* where they were going */
#define SIGN_IN_PATH "/oficina/entrar"

struct resume_field {
	struct str name, value;
};
struct resume_fields {
	struct resume_field *items;
	size_t count;
};
struct resume_view {
	struct page_view page;
	struct str action; /* where the form goes */
	struct resume_fields fields;
	bool had_files; /* they have to be chosen again */
	/* the sign-in form */
	bool is_expired; /* the session ended while somebody was typing */
	struct error_summary_view errors;
	struct form_control login, password;
	struct str path;
};

/* What was posted, without the form's token. `kept_only`: only fields with RESUME_PREFIX, without it. */
struct resume_fields resume_fields_of(struct request *r, bool kept_only);
/* "Ya casi: vuelva a enviar": the posted form again, with a fresh token. */
void resume_show(struct request *r, struct response *out, struct str action, struct resume_fields fields);
/* The way in for staff. `path`: where to go afterwards (a local path, else ignored); `error` may be none. */
void sign_in_show(struct request *r, struct response *out, struct str path, struct resume_fields fields,
	struct str login, struct str error, bool is_expired);
/* Signing in gives the browser a new anti-forgery cookie, and this request's forms a token of it: what a page of
 * before was given is stale from then on. */
MUST_USE struct err *sign_in_renew_csrf(struct request *r, struct response *out);
/* A local path of the office, or "/oficina": never an address elsewhere. */
struct str sign_in_return_path(struct str path);
