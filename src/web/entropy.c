/* Random bytes: getrandom(2), which never fails after the machine has started. */
#include <sys/random.h>

#include "base/err.h"
#include "web/entropy.h"

void entropy_fill(void *bytes, size_t n)
{
	char *p = bytes;
	while (n > 0) {
		size_t step = n < 256 ? n : 256; /* up to 256 bytes come whole and uninterrupted */
		must(getrandom(p, step, 0) == (ssize_t)step);
		p += step;
		n -= step;
	}
}

struct str entropy_base32(struct arena *a, size_t chars)
{
	char *p = arena_alloc(a, chars + 1);
	entropy_fill(p, chars);
	for (size_t i = 0; i < chars; i++)
		p[i] = "abcdefghijklmnopqrstuvwxyz234567"[p[i] & 31];
	return (struct str){ p, chars };
}
