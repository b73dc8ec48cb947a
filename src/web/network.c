/* Addresses and networks: reading, printing, comparing by prefix. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "web/network.h"

static const unsigned char ipv4_prefix[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

enum { ADDRESS_TEXT_MAX = 64 };

struct network {
	struct address address;
	int bits;
};

struct networks {
	struct network *items;
	size_t count;
};

static struct address mapped(const void *four_bytes)
{
	struct address a;
	memcpy(a.bytes, ipv4_prefix, sizeof ipv4_prefix);
	memcpy(a.bytes + sizeof ipv4_prefix, four_bytes, 4);
	return a;
}

bool address_is_ipv4(const struct address *address)
{
	return memcmp(address->bytes, ipv4_prefix, sizeof ipv4_prefix) == 0;
}

/* The host of "host", "host:port", "[host]" or "[host]:port". */
static struct str without_port(struct str text)
{
	if (str_starts_with(text, STR("["))) {
		text = str_slice(text, 1, text.n);
		return str_cut(&text, ']');
	}
	ptrdiff_t colon = str_find_char(text, ':');
	bool is_only_one = colon >= 0 && str_find_char(str_slice(text, (size_t)colon + 1, text.n), ':') < 0;
	return is_only_one ? str_slice(text, 0, (size_t)colon) : text;
}

bool address_parse(struct str text, struct address *ret)
{
	char copy[ADDRESS_TEXT_MAX];
	struct in_addr four;
	struct address six;
	text = without_port(str_trim(text));
	if (text.n == 0 || text.n >= sizeof copy || memchr(text.p, 0, text.n)) return false;
	memcpy(copy, text.p, text.n);
	copy[text.n] = 0;
	if (inet_pton(AF_INET, copy, &four) == 1) {
		*ret = mapped(&four);
		return true;
	}
	if (inet_pton(AF_INET6, copy, six.bytes) != 1) return false;
	*ret = six;
	return true;
}

bool address_of_socket(const struct sockaddr *socket_address, struct address *ret)
{
	if (socket_address->sa_family == AF_INET) {
		struct sockaddr_in four;
		memcpy(&four, socket_address, sizeof four);
		*ret = mapped(&four.sin_addr);
		return true;
	}
	if (socket_address->sa_family != AF_INET6) return false;
	struct sockaddr_in6 six;
	memcpy(&six, socket_address, sizeof six);
	memcpy(ret->bytes, &six.sin6_addr, sizeof ret->bytes);
	return true;
}

/* Each request is told who asks: four numbers, faster than by a format. */
static struct str ipv4_text(struct arena *a, const unsigned char *bytes)
{
	char *text = arena_alloc(a, INET_ADDRSTRLEN), *p = text;
	for (int i = 0; i < 4; i++) {
		int n = bytes[i];
		if (i > 0) *p++ = '.';
		if (n >= 100) *p++ = (char)('0' + n / 100);
		if (n >= 10) *p++ = (char)('0' + n / 10 % 10);
		*p++ = (char)('0' + n % 10);
	}
	*p = 0;
	return (struct str){ text, (size_t)(p - text) };
}

struct str address_text(struct arena *a, const struct address *address)
{
	char text[INET6_ADDRSTRLEN];
	if (address_is_ipv4(address)) return ipv4_text(a, address->bytes + sizeof ipv4_prefix);
	must(inet_ntop(AF_INET6, address->bytes, text, sizeof text));
	return arena_cstr(a, text);
}

struct address address_counted(const struct address *address)
{
	struct address counted = *address;
	if (!address_is_ipv4(address)) memset(counted.bytes + 8, 0, 8);
	return counted;
}

static bool network_parse(struct str text, struct network *ret)
{
	struct str bits = text, host = str_cut(&bits, '/');
	struct network n;
	if (!address_parse(host, &n.address)) return false;
	int64_t most = address_is_ipv4(&n.address) ? 32 : 128, length = most;
	if (!str_is_none(bits) && !str_to_int64(bits, 0, most, &length)) return false;
	n.bits = (int)(128 - most + length);
	*ret = n;
	return true;
}

static bool is_separator(char c) { return c == ',' || c == ' ' || c == '\t' || c == '\n'; }

struct err *networks_parse(struct arena *a, struct str text, struct networks **ret)
{
	struct networks *list = ARENA_NEW(a, struct networks);
	list->items = ARENA_ARRAY(a, struct network, text.n / 2 + 1);
	for (size_t at = 0; at < text.n;) {
		size_t from = at;
		while (at < text.n && !is_separator(text.p[at]))
			at++;
		struct str one = str_slice(text, from, at);
		if (one.n > 0 && !network_parse(one, &list->items[list->count++]))
			return ERR(a, ERR_USAGE, NULL, "not a network: \"%.*s\"", STR_FMT(one));
		at++;
	}
	*ret = list;
	return NULL;
}

bool networks_have(const struct networks *list, const struct address *address)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct network *n = &list->items[i];
		size_t whole = (size_t)n->bits / 8;
		int rest = n->bits % 8;
		if (memcmp(n->address.bytes, address->bytes, whole) != 0) continue;
		int differing = rest ? n->address.bytes[whole] ^ address->bytes[whole] : 0;
		if ((differing >> (8 - rest)) == 0) return true;
	}
	return false;
}
