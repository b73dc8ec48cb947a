#include "core/session/account.h"
#include "core/session/queries.h"
#include "core/staff/queries.h"

struct err *account_activate(struct tx *tx, struct str login, bool is_active, int64_t by)
{
	int64_t changed = 0;
	TRY(staff_set_active(tx->db, tx->arena,
		&(struct staff_set_active_in){ .login = login,
			.is_active = is_active,
			.state_since = tx->now,
			.has_state_by = by != 0,
			.state_by = by },
		&changed));
	if (changed != 1)
		return ERR(tx->arena, ERR_NOT_FOUND, NULL, "there is no account '%.*s'", STR_FMT(login));
	return session_end_all(tx->db, tx->arena,
		&(struct session_end_all_in){ .login = login, .ended_at = tx->now }, NULL);
}
