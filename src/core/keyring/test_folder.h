/*
 * For tests that keep files: a fresh folder (mode 0700), removed with the test's arena.
 */
#pragma once
#include "base/testing.h"

struct str test_folder_new(struct test *t);
