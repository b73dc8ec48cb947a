#include "core/locale.h"

bool locale_find(struct str name, struct locale *ret)
{
	static const struct locale table[] = {
		{ { "es-MX", 5 }, { ".", 1 }, { ",", 1 }, { "$", 1 }, true },
		{ { "es-ES", 5 }, { ",", 1 }, { ".", 1 }, { "€", 3 }, false },
		{ { "eu-ES", 5 }, { ",", 1 }, { ".", 1 }, { "€", 3 }, false },
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		if (!str_eq(name, table[i].name)) continue;
		*ret = table[i];
		return true;
	}
	return false;
}
