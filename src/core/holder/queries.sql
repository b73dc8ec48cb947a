-- name: holder_by_token :one
-- hot
SELECT id FROM holder WHERE token_hash = :token_hash AND expires_at > :now;

-- name: holder_insert :id
INSERT INTO holder (token_hash, created_at, expires_at) VALUES (:token_hash, :created_at, :expires_at) RETURNING id;

-- name: holder_case_insert :exec
INSERT INTO holder_case (holder_id, case_id, opened_at) VALUES (:holder_id, :case_id, :opened_at)
ON CONFLICT (holder_id, case_id) DO NOTHING;

-- name: holder_case_by_number :one
-- hot
-- system: the holder has shown the key of exactly these cases
SELECT c.id FROM cases c JOIN holder_case h ON h.case_id = c.id
WHERE c.number = :number AND h.holder_id = :holder_id;

-- name: holder_case_all :many 100
-- hot
-- system: the holder has shown the key of exactly these cases
SELECT c.id, c.number, c.procedure_slug, c.pack_version_id, c.state, c.waits_for, c.filed_at, c.due_on, c.queue_key, c.place,
	c.fee, c.paid_at
FROM holder_case h JOIN cases c ON c.id = h.case_id
WHERE h.holder_id = :holder_id ORDER BY h.case_id DESC LIMIT 100;

-- name: holder_case_delete :exec
DELETE FROM holder_case WHERE holder_id = :holder_id;

-- name: holder_end :exec
UPDATE holder SET expires_at = :now WHERE id = :id;
