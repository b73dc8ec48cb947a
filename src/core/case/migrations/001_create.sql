-- needs: core/town core/staff core/party
-- A case: one procedure for one party, from filing to delivery, and all that is said and decided in it.

-- scoped
CREATE TABLE cases (
	id ID, -- none
	number TEXT NOT NULL UNIQUE, -- none
	registry_number TEXT NOT NULL, -- none
	procedure_slug TEXT NOT NULL, -- none
	pack_version_id INT NOT NULL REFERENCES pack_version(id), -- none
	department_id INT NOT NULL, -- none
	compartment TEXT NOT NULL, -- none
	state TEXT NOT NULL, -- none
	-- whose move it is: 'town', 'citizen', 'nobody'
	waits_for TEXT NOT NULL, -- none
	channel TEXT NOT NULL, -- none
	office TEXT NOT NULL, -- none
	lang TEXT NOT NULL, -- none
	applicant_id INT NOT NULL REFERENCES party(id), -- none
	applicant_name TEXT NOT NULL, -- personal: party, case
	place TEXT NOT NULL, -- personal: party, case
	answers JSON NOT NULL, -- personal: party, case
	assignee_id INT REFERENCES staff(id), -- none
	filed_at INSTANT NOT NULL, -- none
	counted_from DATE NOT NULL, -- none
	due_on DATE, -- none
	-- the inbox it stands in: 'review', 'wait', 'sign', 'pay', 'deliver', 'done'
	stage TEXT NOT NULL, -- none
	is_open BOOL NOT NULL, -- none
	-- what inboxes sort by: the due date; '9998-…' in pause, '9999-…' without one; when closed, the closing day
	queue_key TEXT NOT NULL, -- none
	fee MONEY NOT NULL, -- none
	paid_at INSTANT, -- none
	closed_at INSTANT, -- none
	-- raised by every change: a decision names the revision it was made on
	revision INT NOT NULL, -- none
	status_code_hash BYTES NOT NULL UNIQUE, -- none
	key_hash BYTES NOT NULL UNIQUE -- none
);
CREATE INDEX cases_by_stage ON cases (department_id, compartment, stage, queue_key, id);
CREATE INDEX cases_open ON cases (department_id, compartment, is_open, queue_key, id);
CREATE INDEX cases_mine_by_stage ON cases (assignee_id, stage, queue_key, id);
CREATE INDEX cases_mine_open ON cases (assignee_id, is_open, queue_key, id);
CREATE INDEX cases_by_applicant ON cases (applicant_id, id);

-- One row a word that finds the case: of its numbers, its people, its place. Folded as base/utf8.h says.
-- scoped: as its case
CREATE TABLE case_word (
	case_id INT NOT NULL REFERENCES cases(id), -- none
	department_id INT NOT NULL, -- none
	compartment TEXT NOT NULL, -- none
	word TEXT NOT NULL -- personal: party, case
);
CREATE UNIQUE INDEX case_word_find ON case_word (department_id, compartment, word, case_id);
CREATE INDEX case_word_of ON case_word (case_id, word);

-- scoped: as its case
CREATE TABLE case_party (
	case_id INT NOT NULL REFERENCES cases(id), -- none
	party_id INT NOT NULL REFERENCES party(id), -- none
	department_id INT NOT NULL, -- none
	compartment TEXT NOT NULL, -- none
	role TEXT NOT NULL -- none
);
CREATE UNIQUE INDEX case_party_once ON case_party (case_id, party_id, role);
CREATE INDEX case_party_by_party ON case_party (party_id, case_id);

-- What moves or stops the clock, in order; due dates are derived from these.
CREATE TABLE case_clock (
	id ID, -- none
	case_id INT NOT NULL REFERENCES cases(id), -- none
	kind TEXT NOT NULL, -- none
	at INSTANT NOT NULL, -- none
	days INT, -- none
	reason TEXT NOT NULL -- none
);
CREATE INDEX case_clock_of ON case_clock (case_id, id);

-- One line of the shared conversation ('citizen', 'staff') or an internal note ('note').
CREATE TABLE case_message (
	id ID, -- none
	case_id INT NOT NULL REFERENCES cases(id), -- none
	kind TEXT NOT NULL, -- none
	staff_id INT, -- none
	text TEXT NOT NULL, -- personal: party, case
	at INSTANT NOT NULL -- none
);
CREATE INDEX case_message_of ON case_message (case_id, id);

CREATE TABLE case_correction (
	id ID, -- none
	case_id INT NOT NULL REFERENCES cases(id), -- none
	staff_id INT NOT NULL, -- none
	reason TEXT NOT NULL, -- personal: party, case
	-- the fields asked for again: a list of {field, reason}
	items JSON NOT NULL, -- personal: party, case
	requested_at INSTANT NOT NULL, -- none
	due_on DATE, -- none
	answered_at INSTANT -- none
);
CREATE INDEX case_correction_of ON case_correction (case_id, id);

CREATE TABLE case_decision (
	id ID, -- none
	case_id INT NOT NULL REFERENCES cases(id), -- none
	outcome TEXT NOT NULL, -- none
	reasons TEXT NOT NULL, -- personal: party, case
	-- the decision's own fields as the procedure defines them (official number, measured front…)
	fields JSON NOT NULL, -- personal: party, case
	decided_by INT NOT NULL, -- none
	decided_at INSTANT NOT NULL, -- none
	signed_by INT, -- none
	signed_at INSTANT -- none
);
CREATE UNIQUE INDEX case_decision_of ON case_decision (case_id);

CREATE TABLE case_payment (
	id ID, -- none
	case_id INT NOT NULL REFERENCES cases(id), -- none
	folio TEXT NOT NULL UNIQUE, -- none
	amount MONEY NOT NULL, -- none
	method TEXT NOT NULL, -- none
	staff_id INT NOT NULL, -- none
	at INSTANT NOT NULL -- none
);
CREATE INDEX case_payment_of ON case_payment (case_id, id);
