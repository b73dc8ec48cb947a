/*
 * What one may do, and which roles may do it. Two tables: permissions (the X-macro below) and roles
 * (permission.c). The dispatcher asks permission_in(); `ventanilla permissions` prints both.
 */
#pragma once
#include "base/str.h"

/* X(name, title): the order is the bit number; append only. */
#define PERMISSIONS(X)                                                                                       \
	X(PERM_UNSET, "never granted: a route that forgot its permission")                                       \
	X(PERM_PUBLIC, "open to everyone")                                                                       \
	X(PERM_HOLDER, "open to whoever holds the code or key that the object rule asks for")                    \
	X(PERM_STAFF, "any member of staff who is signed in")                                                    \
	X(PERM_CASE_READ, "read cases of one's scope")                                                           \
	X(PERM_CASE_WORK, "take cases, write to citizens, ask for corrections")                                  \
	X(PERM_CASE_DECIDE, "approve or refuse")                                                                 \
	X(PERM_DOCUMENT_SIGN, "sign as the named officer")                                                       \
	X(PERM_DOCUMENT_REVOKE, "revoke an issued document")                                                     \
	X(PERM_COUNTER_FILE, "file for a person standing at the counter")                                        \
	X(PERM_CASHIER, "mark fees paid")                                                                        \
	X(PERM_ADMIN, "accounts, tokens and the state of the system")

enum permission {
#define X(name, title) name,
	PERMISSIONS(X)
#undef X
		PERMISSION_MAX
};

const char *permission_name(enum permission p); /* "PERM_CASE_READ" */
const char *permission_title(enum permission p);
bool permission_find(struct str name, enum permission *ret);
/* As definitions name them: "case.work" is PERM_CASE_WORK. */
bool permission_of_rule(struct str rule, enum permission *ret);

struct role {
	const char *name;  /* stored in staff_role */
	const char *title; /* message key */
	uint64_t permissions;
};
extern const struct role roles[];           /* ends with name NULL */
uint64_t role_permissions(struct str role); /* 0 for an unknown one */
static inline bool permission_in(uint64_t set, enum permission p) { return (set >> p) & 1; }
