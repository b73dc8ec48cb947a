/*
 * What machines ask: health, metrics, and the registry's public log; and the jobs that keep the house.
 */
#pragma once
#include "core/module.h"

extern const struct module system_module;
