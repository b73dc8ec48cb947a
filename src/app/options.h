/* Reads a command line by the tables of command.h. */
#pragma once
#include "app/command.h"

/* All rows of the program, in the order of the help; NULL-ended lists of rows. */
extern const struct command *const command_tables[];

/* The command whose name the first words are; *ret_words tells how many. NULL: none. */
const struct command *options_command(int count, char **words, int *ret_words);
/* The nearest name ("; did you mean 'pack check'?") or "". */
struct str options_command_hint(struct arena *a, const char *word);
/* Fills a call from the words after the command's name. ERR_USAGE says what was expected. */
MUST_USE struct err *options_parse(struct arena *a, const struct command *command, int count, char **words,
	struct command_call *ret);
