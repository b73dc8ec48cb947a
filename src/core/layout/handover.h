/*
 * What only stands on what the town hands over (receipt, verification): the seal and the guilloche. One of each
 * a page: their inner references have fixed ids. {{call seal(v.seal)}}, {{call guilloche(v.seal)}}.
 */
#pragma once
#include "base/str.h"

enum seal_mark { SEAL_ARCH, SEAL_CHECK, SEAL_CROSS };

struct seal_view {
	struct str around; /* along the rim: "MUNICIPIO DE LEÓN · REGISTRO GENERAL" */
	struct str below;  /* "VÁLIDO", "10 · NOV · 2026" */
	struct str label;  /* what it says, for those who do not see it */
	enum seal_mark mark;
	bool is_bad;
};
