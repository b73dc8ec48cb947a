/*
 * The server's certificate, from PEM files, exchangeable while connections live: each handshake takes what is
 * newest, established connections keep what they have.
 */
#pragma once
#include "base/err.h"

struct tls;

#define TLS_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%SERVER_PRECEDENCE"

/* Paths of chain and key; ERR_UNAVAILABLE when they cannot be read or do not belong together. */
MUST_USE struct err *tls_new(struct arena *a, struct str certificate, struct str key, struct tls **ret);
/* Reads the files again; on an error the old pair stays. Any thread. */
MUST_USE struct err *tls_reload(struct tls *t, struct arena *a);
/* Whether the files have changed since they were last read (or tried). */
bool tls_is_outdated(struct tls *t);
