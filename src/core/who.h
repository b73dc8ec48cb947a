/*
 * On whose authority a request acts. The dispatcher fills it before the handler; handlers read it and
 * never decide themselves who may come in.
 */
#pragma once
#include "base/str.h"
#include "core/permission.h"
#include "data/scope.h"

enum actor {
	ACTOR_ANONYMOUS, /* a citizen without account: object rules ask for a code, key or draft token */
	ACTOR_STAFF,     /* signed in through the browser */
	ACTOR_TOKEN,     /* a program with a member of staff's API token */
};

struct who {
	enum actor actor;
	uint64_t permissions;
	int64_t staff_id;   /* 0 when anonymous */
	int64_t session_id; /* session or token row; 0 when anonymous */
	struct str name;    /* display name of the member of staff */
	struct str post;
	struct str office; /* where they sit, as chosen at sign-in */
};

static inline bool who_may(const struct who *w, enum permission p)
{
	return permission_in(w->permissions, p);
}
/* What sql2c's @scope() binds. */
static inline struct scope who_scope(const struct who *w)
{
	return (struct scope){ .staff_id = w->staff_id };
}
