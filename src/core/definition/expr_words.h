/* The few words that explanations and sentences are made of, by language. For expr_words.c and expr_explain.c. */
#pragma once
#include "core/definition/expr.h"

enum expr_word {
	WORD_EQ,
	WORD_NE,
	WORD_LT,
	WORD_LE,
	WORD_GT,
	WORD_GE,
	WORD_AND,
	WORD_OR,
	WORD_NOT,
	WORD_IF,
	WORD_OR_ELSE, /* if(filled(a), a, b) */
	WORD_MIN,
	WORD_MAX,
	WORD_ROUND,
	WORD_AGE,
	WORD_FILLED,
	WORD_CONTAINS,
	WORD_SUM,
	WORD_COUNT,
	WORD_COUNT_WHERE,
	WORD_YES,
	WORD_NO,
	WORD_YES_ALONE, /* as an answer by itself */
	WORD_NO_ALONE,
	WORD_TODAY,
	WORD_DAYS,
	WORD_NO_ANSWER,
	WORD_QUOTED,
	WORD_BECAUSE,
	WORD_MAX_WORD
};

/* A pattern with {1}, {2}, {3}; in English, Spanish or Basque. */
const char *expr_pattern(struct str lang, enum expr_word word);
/* Writes the pattern with its parts. */
void expr_fill(struct buf *out, const char *pattern, const struct str *parts, size_t count);
/* A value without its name: 1,234.00 · 10 % · «Una casa» · sí · 24/11/2026 · 30 días. */
struct str expr_show_value(struct arena *a, struct expr_value v, struct str lang,
	const struct number_style *style);
