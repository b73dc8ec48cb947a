/*
 * Internet addresses and lists of networks ("192.0.2.0/24, 2001:db8::/32"). IPv4 is kept as IPv6-mapped, so
 * that one comparison serves both.
 */
#pragma once
#include "base/err.h"

struct address {
	unsigned char bytes[16];
};

struct sockaddr;
struct networks; /* immutable; may be shared by threads */

/* Separated by commas or blanks; an address alone is a network of one. ERR_USAGE names the entry that cannot
 * be read. An empty text is an empty list. */
MUST_USE struct err *networks_parse(struct arena *a, struct str text, struct networks **ret);
bool networks_have(const struct networks *list, const struct address *address);

/* "192.0.2.7", "2001:db8::1", "[2001:db8::1]:443", "192.0.2.7:80": the port is dropped. */
bool address_parse(struct str text, struct address *ret);
bool address_of_socket(const struct sockaddr *socket_address, struct address *ret);
struct str address_text(struct arena *a, const struct address *address);
bool address_is_ipv4(const struct address *address);
/* What limits count: the address itself for IPv4, its /64 for IPv6. */
struct address address_counted(const struct address *address);
