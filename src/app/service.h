/*
 * An installation in use: its towns open, the press loaded. What `serve`, `doctor` and the commands that work on
 * a town share.
 */
#pragma once
#include "app/command.h"
#include "app/installation.h"

/* --data and --town, as every such command takes them. */
#define OPTION_DATA                                                                                          \
	{                                                                                                        \
		"data", "DIR", "the installation's data folder", true                                                \
	}
#define OPTION_TOWN                                                                                          \
	{                                                                                                        \
		"town", "NAME", "the municipality, by folder or host name; not needed where there is one", false     \
	}

struct service {
	struct arena *arena;
	struct installation installation;
	struct press *press;
	struct town **towns;
	size_t town_count;
};

/* Reads the installation of --data. */
MUST_USE struct err *service_installation(const struct command_call *call, struct installation *ret);
/* Opens the press and all towns; service_close() closes what was opened, after a failure too. */
MUST_USE struct err *service_open(struct arena *a, const struct installation *in, struct service *ret);
void service_close(struct service *s);
/* The one town of --town, opened without press. The caller closes it with town_close(). */
MUST_USE struct err *service_town(const struct command_call *call, struct town **ret);
