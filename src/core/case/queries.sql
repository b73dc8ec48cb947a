-- name: case_insert :id
-- system: filing makes the case before anyone has it in scope
INSERT INTO cases (number, registry_number, procedure_slug, pack_version_id, department_id, compartment, state, waits_for,
	channel, office, lang, applicant_id, applicant_name, place, answers, filed_at, counted_from, due_on, stage, is_open,
	queue_key, fee, revision, status_code_hash, key_hash, words)
VALUES (:number, :registry_number, :procedure_slug, :pack_version_id, :department_id, :compartment, :state, :waits_for,
	:channel, :office, :lang, :applicant_id, :applicant_name, :place, :answers, :filed_at, :counted_from, :due_on, :stage,
	TRUE, :queue_key, :fee, 1, :status_code_hash, :key_hash, :words) RETURNING id;

-- name: case_by_id :one
-- hot
-- system: commits and jobs, after the route's object rule or on the system's own account
SELECT id, number, registry_number, procedure_slug, pack_version_id, department_id, compartment, state, waits_for, channel,
	office, lang, applicant_id, applicant_name, place, answers, assignee_id, filed_at, counted_from, due_on, stage, is_open,
	queue_key, fee, paid_at, closed_at, revision
FROM cases WHERE id = :id;

-- name: case_id_in_scope :one
-- hot
-- The object rule of staff: the case of that number, if it lies in the caller's scope.
SELECT c.id, c.department_id FROM cases c WHERE c.number = :number AND @scope(c);

-- name: case_id_by_number :one
-- hot
-- system: the object rule of citizens compares the key next
SELECT id, key_hash FROM cases WHERE number = :number;

-- name: case_id_by_status_code :one
-- hot
-- system: whoever holds the status code may see state and dates, no names
SELECT id FROM cases WHERE status_code_hash = :status_code_hash;

-- name: case_id_by_key :one
-- hot
-- system: whoever holds the case's key may act on it
SELECT id, number FROM cases WHERE key_hash = :key_hash;

-- name: case_set_state :exec
-- system: every step of the workflow; `revision` is the one the caller saw
UPDATE cases SET state = :state, waits_for = :waits_for, stage = :stage, is_open = :is_open, due_on = :due_on,
	queue_key = :queue_key, closed_at = :closed_at, revision = revision + 1
WHERE id = :id AND revision = :revision;

-- name: case_set_assignee :exec
-- system: taking and handing over
UPDATE cases SET assignee_id = :assignee_id, revision = revision + 1 WHERE id = :id AND revision = :revision;

-- name: case_set_answers :exec
-- system: an answered correction changes answers
UPDATE cases SET answers = :answers, place = :place, fee = :fee WHERE id = :id;

-- name: case_set_paid :exec
-- system: the cashier's object rule found the case
UPDATE cases SET paid_at = :paid_at WHERE id = :id AND paid_at IS NULL;

-- name: case_page_by_stage :many 51
-- hot
-- row: case_list_row
-- One inbox of a department, by due date.
SELECT c.id, c.number, c.procedure_slug, c.pack_version_id, c.applicant_name, c.place, c.state, c.waits_for, c.stage,
	c.due_on, c.filed_at, c.counted_from, c.queue_key, c.assignee_id, c.channel
FROM cases c
WHERE c.department_id = :department_id AND c.compartment = :compartment AND c.stage = :stage
	AND (c.queue_key, c.id) > (:after_key, :after_id) AND @scope(c)
ORDER BY c.queue_key, c.id LIMIT 51;

-- name: case_page_open :many 51
-- hot
-- row: case_list_row
-- All open cases of a department, by due date; :before_key bounds the due date (overdue ones).
-- type: :before_key TEXT
SELECT c.id, c.number, c.procedure_slug, c.pack_version_id, c.applicant_name, c.place, c.state, c.waits_for, c.stage,
	c.due_on, c.filed_at, c.counted_from, c.queue_key, c.assignee_id, c.channel
FROM cases c
WHERE c.department_id = :department_id AND c.compartment = :compartment AND c.is_open = TRUE
	AND (c.queue_key, c.id) > (:after_key, :after_id) AND c.queue_key < :before_key AND @scope(c)
ORDER BY c.queue_key, c.id LIMIT 51;

-- name: case_page_mine :many 51
-- hot
-- row: case_list_row
-- A clerk's own open cases, by due date.
SELECT c.id, c.number, c.procedure_slug, c.pack_version_id, c.applicant_name, c.place, c.state, c.waits_for, c.stage,
	c.due_on, c.filed_at, c.counted_from, c.queue_key, c.assignee_id, c.channel
FROM cases c
WHERE c.assignee_id = :assignee_id AND c.is_open = TRUE AND (c.queue_key, c.id) > (:after_key, :after_id) AND @scope(c)
ORDER BY c.queue_key, c.id LIMIT 51;

-- name: case_page_mine_by_stage :many 51
-- hot
-- row: case_list_row
SELECT c.id, c.number, c.procedure_slug, c.pack_version_id, c.applicant_name, c.place, c.state, c.waits_for, c.stage,
	c.due_on, c.filed_at, c.counted_from, c.queue_key, c.assignee_id, c.channel
FROM cases c
WHERE c.assignee_id = :assignee_id AND c.stage = :stage AND (c.queue_key, c.id) > (:after_key, :after_id) AND @scope(c)
ORDER BY c.queue_key, c.id LIMIT 51;

-- name: case_page_done :many 51
-- hot
-- row: case_list_row
-- Closed cases of a department, the newest first.
SELECT c.id, c.number, c.procedure_slug, c.pack_version_id, c.applicant_name, c.place, c.state, c.waits_for, c.stage,
	c.due_on, c.filed_at, c.counted_from, c.queue_key, c.assignee_id, c.channel
FROM cases c
WHERE c.department_id = :department_id AND c.compartment = :compartment AND c.stage = 'done'
	AND (c.queue_key, c.id) < (:before_key, :before_id) AND @scope(c)
ORDER BY c.queue_key DESC, c.id DESC LIMIT 51;

-- name: case_count_stage :one
-- hot
-- How many stand in an inbox, counted to 100 at most: lists never pay for exact totals.
-- type: total INT
SELECT count(*) AS total FROM (
	SELECT 1 FROM cases c WHERE c.department_id = :department_id AND c.compartment = :compartment AND c.stage = :stage
		AND @scope(c) LIMIT 100) AS bounded;

-- name: case_count_open :one
-- hot
-- type: total INT
-- type: :before_key TEXT
SELECT count(*) AS total FROM (
	SELECT 1 FROM cases c WHERE c.department_id = :department_id AND c.compartment = :compartment AND c.is_open = TRUE
		AND c.queue_key < :before_key AND @scope(c) LIMIT 100) AS bounded;

-- name: case_count_mine :one
-- hot
-- type: total INT
SELECT count(*) AS total FROM (
	SELECT 1 FROM cases c WHERE c.assignee_id = :assignee_id AND c.is_open = TRUE AND @scope(c) LIMIT 100) AS bounded;

-- name: case_next_unassigned :one
-- hot
-- 'Take the next': the most urgent one in review that nobody has.
SELECT c.id, c.number, c.revision FROM cases c
WHERE c.department_id = :department_id AND c.compartment = :compartment AND c.stage = 'review' AND c.assignee_id IS NULL
	AND @scope(c)
ORDER BY c.queue_key, c.id LIMIT 1;

-- name: case_term_insert :exec
-- system: filing indexes the case it makes, a correction its new words
INSERT INTO case_term (department_id, compartment, word, case_id) VALUES (:department_id, :compartment, :word, :case_id);

-- name: case_term_delete :exec
-- system: a correction takes back the words that are no longer said
DELETE FROM case_term
WHERE department_id = :department_id AND compartment = :compartment AND word = :word AND case_id = :case_id;

-- name: case_words_get :one
-- hot
-- system: a correction compares them with the new ones
SELECT words FROM cases WHERE id = :id;

-- name: case_words_set :exec
-- system: a correction leaves the new words in its row
UPDATE cases SET words = :words WHERE id = :id;

-- name: case_term_ids :many 512
-- hot
-- Cases that have a word, the newest first.
-- type: :before_id INT, :most INT
-- system: nothing of them is shown: case_list_one reads, in scope, those that have the other words too
SELECT w.case_id FROM case_term w
WHERE w.department_id = :department_id AND w.compartment = :compartment AND w.word = :word AND w.case_id < :before_id
ORDER BY w.case_id DESC LIMIT :most;

-- name: case_term_beginning :many 16384
-- hot
-- Cases that have a word with that beginning, in the order of the words: a case stands once for each of them.
-- type: :word_from TEXT, :word_to TEXT, :most INT
-- system: nothing of them is shown: case_list_one reads, in scope, those that have the other words too
SELECT w.case_id FROM case_term w
WHERE w.department_id = :department_id AND w.compartment = :compartment AND w.word >= :word_from AND w.word < :word_to
ORDER BY w.word, w.case_id LIMIT :most;

-- name: case_term_next :one
-- hot
-- The first word of that range.
-- type: :word_from TEXT, :word_to TEXT
-- system: search looks which words begin so, and shows none
SELECT w.word FROM case_term w
WHERE w.department_id = :department_id AND w.compartment = :compartment AND w.word >= :word_from AND w.word < :word_to
ORDER BY w.word LIMIT 1;

-- name: case_words_read :many 16
-- hot
-- All words of up to sixteen cases, the newest first; where there are fewer, the last one is named again.
-- system: nothing of these rows is shown: case_list_one reads, in scope, those that have all words
SELECT c.id, c.words FROM cases c
WHERE c.id IN (:id_1, :id_2, :id_3, :id_4, :id_5, :id_6, :id_7, :id_8, :id_9, :id_10, :id_11, :id_12, :id_13, :id_14,
	:id_15, :id_16)
ORDER BY c.id DESC LIMIT 16;

-- name: case_list_one :one
-- hot
-- row: case_list_row
-- What a list shows of a case that a search found.
SELECT c.id, c.number, c.procedure_slug, c.pack_version_id, c.applicant_name, c.place, c.state, c.waits_for, c.stage,
	c.due_on, c.filed_at, c.counted_from, c.queue_key, c.assignee_id, c.channel
FROM cases c WHERE c.id = :id AND @scope(c);

-- name: case_party_insert :exec
-- system: filing links the people it was given
INSERT INTO case_party (case_id, party_id, department_id, compartment, role)
VALUES (:case_id, :party_id, :department_id, :compartment, :role);

-- name: case_of_party :many 51
-- hot
-- Other cases of the same person, the newest first.
SELECT c.id, c.number, c.procedure_slug, c.pack_version_id, c.state, c.filed_at
FROM case_party p JOIN cases c ON c.id = p.case_id
WHERE p.party_id = :party_id AND p.case_id < :before_id AND @scope(c)
ORDER BY p.case_id DESC LIMIT 51;

-- name: case_clock_insert :exec
INSERT INTO case_clock (case_id, kind, at, days, reason) VALUES (:case_id, :kind, :at, :days, :reason);

-- name: case_clock_all :many 200
-- hot
SELECT kind, at, days, reason FROM case_clock WHERE case_id = :case_id ORDER BY id LIMIT 200;

-- name: case_message_insert :exec
INSERT INTO case_message (case_id, kind, staff_id, text, at) VALUES (:case_id, :kind, :staff_id, :text, :at);

-- name: case_message_all :many 300
-- hot
SELECT m.id, m.kind, m.staff_id, m.text, m.at, s.display_name, s.post
FROM case_message m LEFT JOIN staff s ON s.id = m.staff_id
-- type: display_name TEXT?, post TEXT?
WHERE m.case_id = :case_id ORDER BY m.id LIMIT 300;

-- name: case_correction_insert :id
INSERT INTO case_correction (case_id, staff_id, reason, items, requested_at, due_on)
VALUES (:case_id, :staff_id, :reason, :items, :requested_at, :due_on) RETURNING id;

-- name: case_correction_open :one
-- hot
SELECT id, reason, items, requested_at, due_on FROM case_correction
WHERE case_id = :case_id AND answered_at IS NULL ORDER BY id DESC LIMIT 1;

-- name: case_correction_answer :exec
UPDATE case_correction SET answered_at = :answered_at WHERE id = :id AND answered_at IS NULL;

-- name: case_decision_insert :exec
INSERT INTO case_decision (case_id, outcome, reasons, fields, decided_by, decided_at)
VALUES (:case_id, :outcome, :reasons, :fields, :decided_by, :decided_at);

-- name: case_decision_get :one
-- hot
SELECT outcome, reasons, fields, decided_by, decided_at, signed_by, signed_at FROM case_decision WHERE case_id = :case_id;

-- name: case_decision_delete :exec
-- An unsigned decision is taken back (the officer returns it to review).
DELETE FROM case_decision WHERE case_id = :case_id AND signed_at IS NULL;

-- name: case_decision_sign :exec
UPDATE case_decision SET signed_by = :signed_by, signed_at = :signed_at WHERE case_id = :case_id AND signed_at IS NULL;

-- name: case_payment_insert :exec
INSERT INTO case_payment (case_id, folio, amount, method, staff_id, at)
VALUES (:case_id, :folio, :amount, :method, :staff_id, :at);

-- name: case_payment_all :many 20
-- hot
SELECT folio, amount, method, at FROM case_payment WHERE case_id = :case_id ORDER BY id LIMIT 20;

-- name: case_payment_by_folio :one
SELECT case_id FROM case_payment WHERE folio = :folio;

-- name: case_presented_insert :exec
INSERT INTO case_presented (case_id, registry_number, answers, at) VALUES (:case_id, :registry_number, :answers, :at);

-- name: case_presented_all :many 100
-- hot
SELECT registry_number, answers, at FROM case_presented WHERE case_id = :case_id ORDER BY id LIMIT 100;
