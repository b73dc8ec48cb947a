/*
 * Mail that goes out: a message built as MIME (GMime), handed to the town's server (SMTP, libcurl), or, in a
 * simulated municipality, kept as a readable file. Nothing here knows what a mail says or who asked for it: that is
 * core/notice. Addresses are checked ones (core/identity, mail_canonical); other header texts lose their control
 * characters, so that no value can begin a header of its own.
 */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "base/html.h"
#include "base/instant.h"

/* How a town sends; from its installation file, checked there. */
struct mail_settings {
	struct str server;        /* "smtp://mail.example:587", "smtps://mail.example:465"; none: `folder` */
	struct str from;          /* address, also the envelope's: bounces go there */
	struct str reply_to;      /* address that people read */
	struct str user;          /* none: without signing in */
	struct str password_file; /* read at each sending, so that it can be changed; its first line counts */
	struct str authority;     /* PEM file of who vouches for the server; none: the system's */
	bool needs_tls;           /* refuses to go on in clear */
	struct str folder;        /* simulated towns: .eml files instead of sending */
};

struct mail {
	struct str from_name, from, reply_to, to; /* addresses, and the town's name */
	struct str subject;
	struct str message_id; /* without angle brackets */
	struct str lang;
	struct instant at;
	int offset_s; /* of the town's clock then */
	struct str text;
	struct html html;
};

/* The message as it goes over the wire: CRLF, 7 bit, multipart/alternative. The same mail gives the same bytes.
 * ERR_INVALID for an address that is none. */
MUST_USE struct err *mail_build(struct arena *a, const struct mail *m, struct str *ret);

enum mail_outcome {
	MAIL_ACCEPTED, /* the server has it */
	MAIL_LATER,    /* not now: it is away, busy, unsafe, or does not know us */
	MAIL_REFUSED,  /* not this mail, and asking again changes nothing (RFC 5321, 4.2.1: 5yz) */
};
struct mail_answer {
	enum mail_outcome outcome;
	int code;          /* of the server's last reply; 0: none came */
	struct str detail; /* for the log: never an address */
};
/* Blocks, for MAIL_SECONDS_MAX at most, or until `leaves_off`, asked about once a second, says so (NULL: never). Any
 * thread. */
enum { MAIL_SECONDS_MAX = 120, MAIL_CONNECT_SECONDS = 20 };
struct mail_answer mail_send(struct arena *a, const struct mail_settings *s, struct str to,
	struct str message, bool (*leaves_off)(void *state), void *state);
/* The same for a town that keeps its mails: FOLDER/NAME, made whole or not at all. */
struct mail_answer mail_keep(struct arena *a, struct str folder, struct str name, struct str message);

/* "o•••@correo.example": enough to know it again, too little to write to. */
struct str mail_masked(struct arena *a, struct str address);
/* What stands behind the '@'. */
struct str mail_domain(struct str address);
/* "mail.example" of "smtp://mail.example:587"; none when that is no address of a mail server. */
struct str mail_server_host(struct str server);
