#include "app/account.h"
#include "core/crypto/crypto.h"
#include "core/session/account.h"
#include "core/session/password.h"
#include "core/session/queries.h"
#include "core/session/session.h"
#include "core/staff/queries.h"

enum { LOGIN_MAX = 40, SALT_BYTES = 16 };

static bool login_is_valid(struct str login)
{
	for (size_t i = 0; i < login.n; i++) {
		char c = login.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-')) return false;
	}
	return login.n > 0 && login.n <= LOGIN_MAX;
}

struct adding {
	const struct account *account;
	struct str password_hash;
	int64_t department_id; /* 0: every one */
	int64_t id;
};

static struct err *add_commit(struct tx *tx, void *input)
{
	struct adding *in = input;
	const struct account *account = in->account;
	struct staff_by_login_row taken;
	bool found;
	TRY(staff_by_login(tx->db, tx->arena, &(struct staff_by_login_in){ .login = account->login }, &taken,
		&found));
	if (found)
		return ERR(tx->arena, ERR_CONFLICT, NULL, "the login '%.*s' is taken", STR_FMT(account->login));
	TRY(staff_insert(tx->db, tx->arena,
		&(struct staff_insert_in){ .login = account->login,
			.display_name = account->name,
			.post = account->post,
			.password_hash = in->password_hash,
			.created_at = tx->now },
		&in->id));
	for (int i = 0; i < account->role_count; i++)
		TRY(staff_role_insert(tx->db, tx->arena,
			&(struct staff_role_insert_in){ .staff_id = in->id, .role = account->roles[i] }, NULL));
	return scope_grant_insert(tx->db, tx->arena,
		&(struct scope_grant_insert_in){ .staff_id = in->id,
			.department_id = in->department_id,
			.compartment = STR("ordinary") },
		NULL);
}

static struct err *hash_new(struct arena *a, struct str password, struct str *ret)
{
	struct err *e = password_hash(a, password, crypto_random(a, SALT_BYTES), ret);
	if (e && e->code == ERR_INVALID)
		return ERR(a, ERR_INVALID, NULL, "a password has %d to %d bytes", PASSWORD_MIN, PASSWORD_MAX);
	return e;
}

struct err *account_add(struct town *t, struct arena *a, const struct account *account, int64_t *ret_id)
{
	if (!login_is_valid(account->login))
		return ERR(a, ERR_INVALID, NULL, "a login has 1 to %d lower-case letters, digits, '.' and '-'",
			LOGIN_MAX);
	struct adding in = { .account = account };
	if (!str_is_empty(account->department)) {
		in.department_id = town_department_id(t, account->department);
		if (in.department_id == 0)
			return ERR(a, ERR_USAGE, NULL, "the pack has no department '%.*s'", STR_FMT(account->department));
	}
	TRY(hash_new(a, account->password, &in.password_hash));
	TRY(writer_run(t->writer, a, add_commit, &in));
	*ret_id = in.id;
	return NULL;
}

struct token_making {
	struct town *town;
	struct str login, name, token;
	int64_t days;
};

static struct err *token_commit(struct tx *tx, void *input)
{
	struct token_making *in = input;
	struct staff_by_login_row row;
	bool found;
	TRY(staff_by_login(tx->db, tx->arena, &(struct staff_by_login_in){ .login = in->login }, &row, &found));
	if (!found) return ERR(tx->arena, ERR_NOT_FOUND, NULL, "there is no account '%.*s'", STR_FMT(in->login));
	struct instant expires = { tx->now.ms + in->days * 24 * 3600 * 1000 };
	return session_token_create(tx, in->town, row.id, in->name, expires, &in->token);
}

struct err *account_token(struct town *t, struct arena *a, struct str login, struct str name, int64_t days,
	struct str *ret_token)
{
	struct token_making in = { .town = t, .login = login, .name = name, .days = days };
	TRY(writer_run(t->writer, a, token_commit, &in));
	*ret_token = in.token;
	return NULL;
}

static struct err *token_end_commit(struct tx *tx, void *input)
{
	const int64_t *id = input;
	int64_t changed = 0;
	TRY(api_token_end(tx->db, tx->arena, &(struct api_token_end_in){ .id = *id, .ended_at = tx->now },
		&changed));
	return changed == 1 ? NULL
						: ERR(tx->arena, ERR_NOT_FOUND, NULL, "there is no token %lld", (long long)*id);
}

struct err *account_token_end(struct town *t, struct arena *a, int64_t id)
{
	return writer_run(t->writer, a, token_end_commit, &id);
}

/* --- somebody leaves, comes back, forgets ------------------------------------------------------------------------- */

struct changing {
	struct str login, password_hash;
	bool is_active;
};

static struct err *activate_commit(struct tx *tx, void *input)
{
	const struct changing *in = input;
	return account_activate(tx, in->login, in->is_active, 0);
}

static struct err *password_commit(struct tx *tx, void *input)
{
	const struct changing *in = input;
	int64_t changed = 0;
	TRY(staff_set_password(tx->db, tx->arena,
		&(struct staff_set_password_in){ .login = in->login, .password_hash = in->password_hash }, &changed));
	if (changed != 1)
		return ERR(tx->arena, ERR_NOT_FOUND, NULL, "there is no account '%.*s'", STR_FMT(in->login));
	return session_end_all(tx->db, tx->arena,
		&(struct session_end_all_in){ .login = in->login, .ended_at = tx->now }, NULL);
}

struct err *account_set_active(struct town *t, struct arena *a, struct str login, bool is_active)
{
	struct changing in = { .login = login, .is_active = is_active };
	return writer_run(t->writer, a, activate_commit, &in);
}

struct err *account_set_password(struct town *t, struct arena *a, struct str login, struct str password)
{
	struct changing in = { .login = login };
	TRY(hash_new(a, password, &in.password_hash));
	return writer_run(t->writer, a, password_commit, &in);
}
