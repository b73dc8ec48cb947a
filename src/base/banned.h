/*
 * Functions that must not be used: they overflow, read process-wide state (locale, TZ), ignore errors, or
 * read a clock other than the request's. Included first by str.h, so every file sees it; include system
 * headers before project headers where a system header itself names one of these.
 */
#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#if defined(__GNUC__) && !defined(BANNED_ALLOWED)
#pragma GCC poison strcpy strcat sprintf vsprintf strtok gets atoi atol atoll atof rand srand random
#pragma GCC poison gmtime localtime mktime ctime asctime strftime strptime tzset setlocale uselocale
#endif
