/* With SoftHSM2 (Debian: softhsm2), a real PKCS#11 module; tests/http/token.test.mjs has the whole way of a document. */
#include <dlfcn.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <p11-kit/pkcs11.h>
#include <sys/stat.h>

#include "base/testing.h"
#include "core/keyring/test_folder.h"
#include "core/token/token.h"

#define MODULE "/usr/lib/softhsm/libsofthsm2.so"
#define SO_PIN "12345678"
#define PIN "4321"

/* The module itself, beside the one that core/token works with: it is one for the process. */
static CK_FUNCTION_LIST *raw_module(void)
{
	CK_C_GetFunctionList list;
	CK_FUNCTION_LIST *calls = NULL;
	void *library = dlopen(MODULE, RTLD_NOW);
	void *symbol = library ? dlsym(library, "C_GetFunctionList") : NULL;
	memcpy(&list, &symbol, sizeof list);
	return symbol && list(&calls) == CKR_OK ? calls : NULL;
}

static bool write_text(struct str path, struct str text)
{
	FILE *f = fopen(path.p, "w");
	bool ok = f && fwrite(text.p, 1, text.n, f) == text.n;
	return f && fclose(f) == 0 && ok && chmod(path.p, 0600) == 0;
}

static bool make_token(CK_FUNCTION_LIST *c)
{
	CK_UTF8CHAR label[32];
	CK_SLOT_ID slots[4];
	CK_ULONG count = 4;
	CK_SESSION_HANDLE session;
	memset(label, ' ', sizeof label);
	memcpy(label, "Prueba", 6);
	c->C_Finalize(NULL); /* what an earlier test left */
	bool ok = c->C_Initialize(NULL) == CKR_OK && c->C_GetSlotList(CK_FALSE, slots, &count) == CKR_OK &&
		c->C_InitToken(slots[0], (CK_UTF8CHAR *)SO_PIN, 8, label) == CKR_OK &&
		c->C_OpenSession(slots[0], CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &session) == CKR_OK &&
		c->C_Login(session, CKU_SO, (CK_UTF8CHAR *)SO_PIN, 8) == CKR_OK &&
		c->C_InitPIN(session, (CK_UTF8CHAR *)PIN, 4) == CKR_OK;
	return c->C_Finalize(NULL) == CKR_OK && ok;
}

/* A token of its own in a fresh folder. False: the test has failed. */
static bool fresh_token(struct test *t, CK_FUNCTION_LIST **ret_raw, struct str *ret_uri)
{
	struct arena *a = t->arena;
	struct str folder = test_folder_new(t), conf = arena_printf(a, "%s/conf", folder.p),
			   pin = arena_printf(a, "%s/pin", folder.p), tokens = arena_printf(a, "%s/tokens", folder.p);
	*ret_raw = raw_module();
	bool ok = *ret_raw && mkdir(tokens.p, 0700) == 0 &&
		write_text(conf,
			arena_printf(a, "directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n",
				tokens.p)) &&
		write_text(pin, STR(PIN "\n")) && setenv("SOFTHSM2_CONF", conf.p, 1) == 0 && make_token(*ret_raw);
	if (!ok) test_fail(t, __FILE__, __LINE__, "no SoftHSM token can be made (Debian package softhsm2)");
	*ret_uri = arena_printf(a, "pkcs11:token=Prueba;object=sello?module-path=" MODULE "&pin-source=file:%s",
		pin.p);
	return ok;
}

static bool is_by(struct str spki, struct str message, struct str signature)
{
	const unsigned char *at = (const unsigned char *)spki.p;
	EVP_PKEY *key = d2i_PUBKEY(NULL, &at, (long)spki.n);
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	bool ok = key && md && EVP_DigestVerifyInit(md, NULL, EVP_sha256(), NULL, key) == 1 &&
		EVP_DigestVerify(md, (const unsigned char *)signature.p, signature.n,
			(const unsigned char *)message.p, message.n) == 1;
	EVP_MD_CTX_free(md);
	EVP_PKEY_free(key);
	return ok;
}

/* PKCS#11 v2.40, 5.6 and 5.4: what the token has forgotten is opened anew, and the caller notices nothing. */
TEST(token_signs_again_after_its_sessions_were_closed)
{
	CK_FUNCTION_LIST *raw;
	CK_SLOT_ID slots[4];
	CK_ULONG count = 4;
	struct str uri, spki, signature;
	if (!fresh_token(t, &raw, &uri)) return;
	CHECK_OK(token_generate(t->arena, uri, TOKEN_EC_P256));
	CHECK_OK(token_public(t->arena, uri, &spki));
	CHECK_OK(token_sign(t->arena, uri, STR("uno"), &signature));
	CHECK(is_by(spki, STR("uno"), signature) && !is_by(spki, STR("dos"), signature));
	CHECK(raw->C_GetSlotList(CK_TRUE, slots, &count) == CKR_OK);
	for (CK_ULONG i = 0; i < count; i++)
		raw->C_CloseAllSessions(slots[i]); /* CKR_SESSION_HANDLE_INVALID for who holds one */
	CHECK_OK(token_sign(t->arena, uri, STR("dos"), &signature));
	CHECK(is_by(spki, STR("dos"), signature));
	CHECK(raw->C_Finalize(NULL) == CKR_OK); /* CKR_CRYPTOKI_NOT_INITIALIZED, as in a child after fork */
	CHECK_OK(token_sign(t->arena, uri, STR("tres"), &signature));
	CHECK(is_by(spki, STR("tres"), signature));
}

TEST(token_key_cannot_be_taken_out)
{
	CK_FUNCTION_LIST *raw;
	struct str uri, spki, signature;
	if (!fresh_token(t, &raw, &uri)) return;
	CHECK_OK(token_generate(t->arena, uri, TOKEN_RSA_3072));
	CHECK_ERR(token_generate(t->arena, uri, TOKEN_RSA_3072), ERR_CONFLICT);
	CHECK_OK(token_public(t->arena, uri, &spki));
	CHECK_OK(token_sign(t->arena, uri, STR("uno"), &signature));
	CHECK(signature.n == 3072 / 8 && is_by(spki, STR("uno"), signature));
	CK_SLOT_ID slots[4];
	CK_ULONG count = 4, found = 0;
	CK_SESSION_HANDLE session;
	CK_OBJECT_HANDLE key;
	CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
	CK_ATTRIBUTE wanted = { CKA_CLASS, &class, sizeof class };
	CK_BBOOL extractable = CK_TRUE, sensitive = CK_FALSE;
	CK_ATTRIBUTE asked[] = { { CKA_EXTRACTABLE, &extractable, 1 }, { CKA_SENSITIVE, &sensitive, 1 } };
	CHECK(raw->C_GetSlotList(CK_TRUE, slots, &count) == CKR_OK);
	CHECK(raw->C_OpenSession(slots[0], CKF_SERIAL_SESSION, NULL, NULL, &session) ==
		CKR_OK); /* signed in already */
	CHECK(raw->C_FindObjectsInit(session, &wanted, 1) == CKR_OK);
	CHECK(raw->C_FindObjects(session, &key, 1, &found) == CKR_OK && found == 1);
	CHECK(raw->C_GetAttributeValue(session, key, asked, 2) == CKR_OK);
	CHECK(extractable == CK_FALSE && sensitive == CK_TRUE);
}

/* A PIN that others can read is none, and one that was refused is not tried again: tokens lock themselves. */
TEST(token_pin_is_closed_to_others_and_tried_once)
{
	CK_FUNCTION_LIST *raw;
	struct str uri, signature;
	if (!fresh_token(t, &raw, &uri)) return;
	struct str pin = str_slice(uri, (size_t)str_find(uri, STR("file:")) + 5, uri.n);
	CHECK_OK(token_generate(t->arena, uri, TOKEN_EC_P256));
	CHECK(raw->C_Finalize(NULL) == CKR_OK);
	CHECK(chmod(pin.p, 0644) == 0);
	CHECK_ERR(token_sign(t->arena, uri, STR("uno"), &signature), ERR_UNAVAILABLE);
	CHECK(write_text(pin, STR("9999")));
	struct err *first = token_sign(t->arena, uri, STR("uno"), &signature),
			   *second = token_sign(t->arena, uri, STR("uno"), &signature);
	CHECK(first && strstr(first->detail, "refuses the PIN"));
	CHECK(
		second && strstr(second->detail, "refused the PIN") && strstr(second->detail, "when it was changed"));
	CHECK(write_text(pin, STR(PIN)));
	CHECK_OK(token_sign(t->arena, uri, STR("uno"), &signature));
}

/* RFC 7512; the PIN's place after its section 2.4. */
TEST(token_uri_says_what_it_lacks)
{
	static const struct {
		const char *uri, *reason;
	} cases[] = {
		{ "pkcs11:token=A;object=b?module-path=/x.so&pin-source=file:/p", NULL },
		{ "pkcs11:serial=1;id=%01?module-path=/x.so&pin-source=/p", NULL },
		{ "pkcs11:token=A;object=b?module-path=/x.so&pin-source=pin", NULL },
		{ "", "no PKCS#11 URI" },
		{ "file:/p", "no PKCS#11 URI" },
		{ "pkcs11:token=A;object=b?module-path=/x.so&pin-value=1", "no place" },
		{ "pkcs11:token=A;object=b?pin-source=/p", "module-path" },
		{ "pkcs11:token=A;object=b?module-path=x.so&pin-source=/p", "module-path" },
		{ "pkcs11:token=A;object=b?module-path=/x.so", "pin-source" },
		{ "pkcs11:token=A;object=b?module-path=/x.so&pin-source=|cat", "pin-source" },
		{ "pkcs11:token=A;object=b?module-path=/x.so&pin-source=..%2Fp", "pin-source" },
		{ "pkcs11:token=A?module-path=/x.so&pin-source=/p", "object or id" },
		{ "pkcs11:object=b?module-path=/x.so&pin-source=/p", "token or serial" },
		{ "pkcs11:token=A;object=b;colour=red?module-path=/x.so&pin-source=/p", "does not know" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct err *e = token_uri_check(t->arena, str_of(cases[i].uri));
		bool is_as_said = cases[i].reason ? e && e->code == ERR_INVALID && strstr(e->detail, cases[i].reason)
										  : !e;
		if (!is_as_said) test_fail(t, __FILE__, __LINE__, "%s: %s", cases[i].uri, e ? e->detail : "taken");
	}
}
