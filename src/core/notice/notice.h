/*
 * Notices (avisos): a citizen who wishes it is told, outside these pages, that something happened to their case. A notice
 * has no legal effect: what the law calls notification (notificación) is another thing and does not live here.
 *
 * notice_add() belongs to the commit of what it tells of, and does nothing for a case whose holder has not chosen to be
 * told, or in a town without mail. The row and its job are written there, with the Message-ID; the job builds the words
 * from the case as it is then and hands them to core/mail. It ends once: sent, failed (refused, or the server silent
 * for days) or dropped (overtaken, no longer wanted). Neither code nor key is ever in a notice, nor what was decided.
 */
#pragma once
#include "core/case/case.h"
#include "core/module.h"

extern const struct module notice_module; /* job: notice.send */

/* X(kind, its name in the database) */
#define NOTICE_KINDS(X)                                                                                      \
	X(NOTICE_FILED, "filed")                                                                                 \
	X(NOTICE_CORRECTION_ASKED, "correction_asked")                                                           \
	X(NOTICE_CORRECTION_RECEIVED, "correction_received")                                                     \
	X(NOTICE_DECIDED, "decided")         /* nothing is owed: to be read, or fetched, with the key */         \
	X(NOTICE_PAYMENT_DUE, "payment_due") /* the same, once it is paid */                                     \
	X(NOTICE_PAID, "paid")                                                                                   \
	X(NOTICE_DELIVERED, "delivered")
enum notice_kind {
#define X(kind, name) kind,
	NOTICE_KINDS(X)
#undef X
		NOTICE_KIND_MAX
};
const char *notice_kind_name(enum notice_kind kind);
bool notice_kind_of(struct str name, enum notice_kind *ret);

/* Inside the commit of a step. `registry_number`: of the entry it tells of; none without one. */
MUST_USE struct err *notice_add(struct tx *tx, const struct case_record *c, enum notice_kind kind,
	struct str registry_number);
/* What the form says: told by mail when that was chosen, or when an address was asked for without such a question.
 * `before`: the answers until now, NULL at filing; an address that did not change leaves a later choice alone. */
MUST_USE struct err *notice_choose_by_form(struct tx *tx, const struct case_record *c,
	const struct answers *before, const struct answers *answers);
/* The holder's own choice. `address` is a checked one (mail_canonical). */
MUST_USE struct err *notice_choose(struct tx *tx, const struct case_step *step, bool by_mail,
	struct str address);

struct notice_choice {
	bool by_mail;
	struct str address; /* "" when none was ever given */
	bool has_failed;    /* the last notice did not arrive */
};
MUST_USE struct err *notice_choice_read(struct db *db, struct arena *a, int64_t case_id,
	struct notice_choice *ret);

/* For a case's history: "Le avisamos por correo a o•••@correo.example", "Recibimos su solicitud". Oldest first. */
struct notice_told {
	struct str title, text;
	struct instant at;
};
struct notice_told_list {
	struct notice_told *items;
	size_t count;
};
MUST_USE struct err *notice_history(struct db *db, struct arena *a, struct str lang, int64_t case_id,
	bool is_office, struct notice_told_list *ret);
