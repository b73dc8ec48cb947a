#include "core/permission.h"
#include "base/err.h"

static const struct {
	const char *name, *title;
} permissions[] = {
#define X(symbol, title) { #symbol, title },
	PERMISSIONS(X)
#undef X
};

#define BIT(p) (UINT64_C(1) << (p))
#define EVERYONE (BIT(PERM_PUBLIC) | BIT(PERM_HOLDER))
#define MEMBER (EVERYONE | BIT(PERM_STAFF))

const struct role roles[] = {
	{ "clerk", "role.clerk", MEMBER | BIT(PERM_CASE_READ) | BIT(PERM_CASE_WORK) | BIT(PERM_CASE_DECIDE) },
	{ "officer", "role.officer",
		MEMBER | BIT(PERM_CASE_READ) | BIT(PERM_CASE_WORK) | BIT(PERM_CASE_DECIDE) | BIT(PERM_DOCUMENT_SIGN) |
			BIT(PERM_DOCUMENT_REVOKE) },
	{ "counter", "role.counter", MEMBER | BIT(PERM_CASE_READ) | BIT(PERM_COUNTER_FILE) },
	{ "cashier", "role.cashier", MEMBER | BIT(PERM_CASHIER) },
	{ "administrator", "role.administrator", MEMBER | BIT(PERM_ADMIN) },
	{ NULL, NULL, 0 },
};

const char *permission_name(enum permission p)
{
	must(p < PERMISSION_MAX);
	return permissions[p].name;
}

const char *permission_title(enum permission p)
{
	must(p < PERMISSION_MAX);
	return permissions[p].title;
}

bool permission_find(struct str name, enum permission *ret)
{
	for (int p = PERM_PUBLIC; p < PERMISSION_MAX; p++) {
		if (str_eq(name, str_of(permissions[p].name))) {
			*ret = (enum permission)p;
			return true;
		}
	}
	return false;
}

/* "PERM_CASE_WORK" and "case.work" */
static bool is_rule_of(const char *name, struct str rule)
{
	name += sizeof("PERM_") - 1;
	for (size_t i = 0; i < rule.n; i++) {
		char c = rule.p[i] == '.' ? '_' : rule.p[i];
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		else if (c != '_')
			return false;
		if (name[i] != c) return false; /* its end, too */
	}
	return name[rule.n] == '\0';
}

bool permission_of_rule(struct str rule, enum permission *ret)
{
	for (int p = PERM_STAFF; p < PERMISSION_MAX; p++) {
		if (!is_rule_of(permissions[p].name, rule)) continue;
		*ret = (enum permission)p;
		return true;
	}
	return false;
}

uint64_t role_permissions(struct str role)
{
	for (const struct role *r = roles; r->name; r++) {
		if (str_eq(role, str_of(r->name))) return r->permissions;
	}
	return 0;
}
