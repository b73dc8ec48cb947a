/*
 * The tables of regime_*.c, one file a country. Read through regime.h.
 */
#pragma once
#include "core/clock/regime.h"

extern const struct regime regime_es_ley39;
extern const struct regime regime_mx_guanajuato, regime_mx_veracruz, regime_mx_quintana_roo;
