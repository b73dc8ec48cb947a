/* Accounts of staff and API tokens, as the command line and the demonstration make them. */
#pragma once
#include "core/town/town.h"

enum { ACCOUNT_ROLES_MAX = 8 };

struct account {
	struct str login, name, post, password;
	struct str department; /* id in the pack whose cases they see; empty: all */
	struct str roles[ACCOUNT_ROLES_MAX];
	int role_count;
};

/* ERR_CONFLICT when the login is taken; ERR_INVALID for a login or password that breaks the rules;
 * ERR_USAGE for an unknown department. */
MUST_USE struct err *account_add(struct town *t, struct arena *a, const struct account *account,
	int64_t *ret_id);
/* A token with that account's rights, given once. ERR_NOT_FOUND. */
MUST_USE struct err *account_token(struct town *t, struct arena *a, struct str login, struct str name,
	int64_t days, struct str *ret_token);
/* From then on it opens nothing. ERR_NOT_FOUND when there is no such token, or it was withdrawn before. */
MUST_USE struct err *account_token_end(struct town *t, struct arena *a, int64_t id);
/* Closed, the account opens nothing, and neither do its tokens; open again, the tokens do, and one signs in anew.
 * ERR_NOT_FOUND. */
MUST_USE struct err *account_set_active(struct town *t, struct arena *a, struct str login, bool is_active);
/* Ends the account's sessions and lifts a lock. ERR_NOT_FOUND; ERR_INVALID for its length. */
MUST_USE struct err *account_set_password(struct town *t, struct arena *a, struct str login,
	struct str password);
