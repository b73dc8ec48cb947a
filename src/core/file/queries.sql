-- name: stored_file_insert :id
INSERT INTO stored_file (name, sha256, bytes, media_type, wrapped_key, wrapping_key_id, scan, created_at)
VALUES (:name, :sha256, :bytes, :media_type, :wrapped_key, :wrapping_key_id, :scan, :created_at) RETURNING id;

-- name: stored_file_by_id :one
SELECT id, name, sha256, bytes, media_type, wrapped_key, wrapping_key_id, scan FROM stored_file WHERE id = :id;

-- name: stored_file_named :one
SELECT id FROM stored_file WHERE name = :name;

-- name: stored_file_set_scan :exec
UPDATE stored_file SET scan = :scan WHERE id = :id;

-- name: attachment_insert :id
INSERT INTO attachment (draft_id, case_id, field, file_id, file_name, state, reason, at)
VALUES (:draft_id, :case_id, :field, :file_id, :file_name, 'given', '', :at) RETURNING id;

-- name: attachment_offer :id
-- A file for an open case: 'offered' until the correction it belongs to is sent.
INSERT INTO attachment (case_id, field, file_id, file_name, state, reason, at)
VALUES (:case_id, :field, :file_id, :file_name, 'offered', '', :at) RETURNING id;

-- name: attachment_accept_offered :exec
-- The correction was sent.
UPDATE attachment SET state = 'given' WHERE case_id = :case_id AND state = 'offered';

-- name: attachment_remove_offered :exec
DELETE FROM attachment WHERE id = :id AND case_id = :case_id AND state = 'offered';

-- name: attachment_of_draft :many 100
-- hot
SELECT a.id, a.field, a.file_id, a.file_name, a.state, a.reason, f.bytes, f.media_type, f.sha256, f.scan
FROM attachment a JOIN stored_file f ON f.id = a.file_id WHERE a.draft_id = :draft_id ORDER BY a.id LIMIT 100;

-- name: attachment_of_case :many 200
-- hot
SELECT a.id, a.field, a.file_id, a.file_name, a.state, a.reason, a.at, f.bytes, f.media_type, f.sha256, f.scan
FROM attachment a JOIN stored_file f ON f.id = a.file_id WHERE a.case_id = :case_id ORDER BY a.id LIMIT 200;

-- name: attachment_by_id :one
SELECT a.id, a.draft_id, a.case_id, a.field, a.file_id, a.file_name, a.state, f.bytes, f.media_type, f.scan
FROM attachment a JOIN stored_file f ON f.id = a.file_id WHERE a.id = :id;

-- name: attachment_of_file :one
SELECT id, draft_id, case_id, field, file_name FROM attachment WHERE file_id = :file_id LIMIT 1;

-- name: attachment_remove :exec
DELETE FROM attachment WHERE id = :id AND draft_id = :draft_id AND case_id IS NULL;

-- name: attachment_forget_draft :exec
-- An expired draft takes its files along …
DELETE FROM attachment WHERE draft_id = :draft_id AND case_id IS NULL;

-- name: attachment_release_draft :exec
-- … but for those that a case has.
UPDATE attachment SET draft_id = NULL WHERE draft_id = :draft_id AND case_id IS NOT NULL;

-- name: stored_file_forget :exec
-- Without a row the collector erases the bytes.
DELETE FROM stored_file WHERE id = :id AND NOT EXISTS (SELECT 1 FROM attachment a WHERE a.file_id = stored_file.id);

-- name: attachment_file_away :exec
-- At filing what hung on the draft hangs on the case.
UPDATE attachment SET case_id = :case_id WHERE draft_id = :draft_id;

-- name: attachment_set_state :exec
UPDATE attachment SET state = :state, reason = :reason WHERE id = :id;
