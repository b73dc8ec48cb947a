/*
 * Limits. A bucket is one number: the time at which it would be full again ("theoretical arrival time" of the
 * generic cell rate algorithm), so that a take is a comparison and an addition. The table is cut into sets of
 * eight; a key lives in its set or nowhere.
 */
#include <pthread.h>

#include "web/entropy.h"
#include "web/limits.h"
#include "web/network.h"
#include "web/siphash.h"

enum { SET_WAYS = 8, LOCKS = 64, TABLE_DEFAULT = 65536, HOUR_S = 3600, ADDRESS_KEY_BYTES = 17 };

struct bucket {
	uint64_t key;
	int64_t full_us; /* in the past: full, and free to be forgotten */
};

struct limits {
	struct bucket *buckets;
	size_t sets;
	unsigned char hash_key[16];
	struct networks *trusted;
	pthread_mutex_t locks[LOCKS];
	struct limits_stats stats[LOCKS];
};

static void destroy_locks(void *limits)
{
	struct limits *l = limits;
	for (int i = 0; i < LOCKS; i++)
		pthread_mutex_destroy(&l->locks[i]);
}

struct err *limits_new(struct arena *a, const struct limits_options *options, struct limits **ret)
{
	struct limits *l = ARENA_NEW(a, struct limits);
	size_t table = options->table_max ? options->table_max : TABLE_DEFAULT;
	TRY(networks_parse(a, options->trusted, &l->trusted));
	l->sets = table / SET_WAYS ? table / SET_WAYS : 1;
	l->buckets = ARENA_ARRAY(a, struct bucket, l->sets * SET_WAYS);
	entropy_fill(l->hash_key, sizeof l->hash_key);
	for (int i = 0; i < LOCKS; i++)
		must(pthread_mutex_init(&l->locks[i], NULL) == 0);
	arena_defer(a, destroy_locks, l);
	*ret = l;
	return NULL;
}

/* The key's bucket in its set; for a new key an unused one, or the one that has recovered most. */
static struct bucket *find(struct limits *l, uint64_t key, int64_t now_us, struct limits_stats *stats)
{
	struct bucket *set = l->buckets + key % l->sets * SET_WAYS, *oldest = set;
	for (int i = 0; i < SET_WAYS; i++) {
		if (set[i].key == key) return &set[i];
		if (set[i].full_us < oldest->full_us) oldest = &set[i];
	}
	if (oldest->full_us > now_us) stats->forgotten++;
	*oldest = (struct bucket){ .key = key };
	return oldest;
}

bool limits_take_key(struct limits *l, const struct limit_rule *rule, struct str key, int64_t now_us,
	int64_t *ret_wait_s)
{
	uint64_t hash = siphash(l->hash_key, key) ^ siphash(l->hash_key, str_of(rule->name));
	size_t lock = hash % l->sets % LOCKS;
	int64_t interval = HOUR_S * 1000000LL / rule->per_hour, wait_us;

	pthread_mutex_lock(&l->locks[lock]);
	struct bucket *b = find(l, hash, now_us, &l->stats[lock]);
	int64_t full_us = (b->full_us > now_us ? b->full_us : now_us) + interval;
	wait_us = full_us - now_us - rule->burst * interval;
	if (wait_us <= 0)
		b->full_us = full_us;
	else
		l->stats[lock].refused++;
	pthread_mutex_unlock(&l->locks[lock]);

	if (wait_us > 0 && ret_wait_s) *ret_wait_s = (wait_us + 999999) / 1000000;
	return wait_us <= 0;
}

bool limits_trust(const struct limits *l, struct str network)
{
	struct address address;
	return address_parse(network, &address) && networks_have(l->trusted, &address);
}

static bool changes_something(const struct request *r)
{
	return r->method != METHOD_GET && r->method != METHOD_HEAD;
}

struct err *limits_take(struct limits *l, const struct limit_rule *rule, const struct request *r,
	struct str account, int64_t *ret_wait_s)
{
	int64_t wait_s = 0;
	struct str key;
	if (!str_is_none(account)) {
		key = arena_printf(r->arena, "a%.*s", STR_FMT(account));
	} else {
		struct address address;
		if (!changes_something(r)) return NULL;
		if (!address_parse(r->network, &address) || networks_have(l->trusted, &address)) return NULL;
		address = address_counted(&address);
		char *bytes = arena_alloc(r->arena, ADDRESS_KEY_BYTES);
		bytes[0] = 'n';
		memcpy(bytes + 1, address.bytes, sizeof address.bytes);
		key = (struct str){ bytes, ADDRESS_KEY_BYTES };
	}
	if (limits_take_key(l, rule, key, monotonic_us(), &wait_s)) return NULL;
	if (ret_wait_s) *ret_wait_s = wait_s;
	return ERR(r->arena, ERR_LIMITED, "limit.wait", "limit %s: empty for %lld s", rule->name,
		(long long)wait_s);
}

struct limits_stats limits_stats(struct limits *l)
{
	struct limits_stats sum = { 0 };
	int64_t now_us = monotonic_us();
	for (size_t i = 0; i < LOCKS; i++) {
		pthread_mutex_lock(&l->locks[i]);
		sum.refused += l->stats[i].refused;
		sum.forgotten += l->stats[i].forgotten;
		for (size_t set = i; set < l->sets; set += LOCKS)
			for (size_t way = 0; way < SET_WAYS; way++)
				sum.buckets += l->buckets[set * SET_WAYS + way].full_us > now_us;
		pthread_mutex_unlock(&l->locks[i]);
	}
	return sum;
}
