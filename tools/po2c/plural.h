/*
 * The plural expression of a catalogue's header: C over the one variable n. It goes into generated C, so it
 * is parsed here, never passed on unread: numbers, n, parentheses, ?: || && == != < <= > >= + - * / %.
 */
#pragma once
#include "base/arena.h"

/* False when it is no such expression or divides by nought for some n up to 1000. */
bool plural_check(struct str expression, int count);
/* The form for `n`; -1 when the expression is wrong. */
int64_t plural_of(struct str expression, int64_t n);
