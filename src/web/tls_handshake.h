/*
 * Where GnuTLS asks for the certificate. Include it before any project header: GnuTLS' own headers use names
 * that base/banned.h bans.
 */
#pragma once
#include <gnutls/abstract.h>

struct wire;

/* In every handshake. */
int tls_certificate(gnutls_session_t session, const gnutls_datum_t *ca_names, int ca_count,
	const gnutls_pk_algorithm_t *algorithms, int algorithm_count, gnutls_pcert_st **ret_chain,
	unsigned *ret_length, gnutls_privkey_t *ret_key);
struct wire *adapter_wire_of_session(gnutls_session_t session); /* adapter.c */
