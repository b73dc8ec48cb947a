/* What the program says about itself, from the tables of command.h. */
#pragma once
#include "app/command.h"

struct str help_program(struct arena *a);                          /* ventanilla --help */
struct str help_command(struct arena *a, const struct command *c); /* ventanilla serve --help */
struct str help_manual(struct arena *a);                           /* docs/ventanilla.1 */
