-- name: session_by_token :one
-- hot
-- The session of a cookie, with the person; ended or expired ones are not found.
SELECT s.id, s.staff_id, s.office, s.expires_at, p.display_name, p.post
FROM session s JOIN staff p ON p.id = s.staff_id
WHERE s.token_hash = :token_hash AND s.ended_at IS NULL AND s.expires_at > :now AND p.is_active = TRUE;

-- name: session_insert :id
INSERT INTO session (token_hash, staff_id, office, created_at, expires_at)
VALUES (:token_hash, :staff_id, :office, :created_at, :expires_at) RETURNING id;

-- name: session_end :exec
UPDATE session SET ended_at = :ended_at WHERE id = :id AND ended_at IS NULL;

-- name: session_end_all :exec
-- Of everybody with that account: the password was changed, or they left.
UPDATE session SET ended_at = :ended_at
WHERE ended_at IS NULL AND staff_id IN (SELECT s.id FROM staff s WHERE s.login = :login);

-- name: api_token_by_hash :one
-- hot
SELECT t.id, t.staff_id, t.name, p.display_name, p.post
FROM api_token t JOIN staff p ON p.id = t.staff_id
WHERE t.token_hash = :token_hash AND t.ended_at IS NULL AND t.expires_at > :now AND p.is_active = TRUE;

-- name: api_token_insert :id
INSERT INTO api_token (token_hash, staff_id, name, created_at, expires_at)
VALUES (:token_hash, :staff_id, :name, :created_at, :expires_at) RETURNING id;

-- name: api_token_all :many 1000
-- The tokens that open something at :now, the newest first.
SELECT t.id, t.name, t.created_at, t.expires_at, p.login FROM api_token t JOIN staff p ON p.id = t.staff_id
WHERE t.ended_at IS NULL AND t.expires_at > :now AND p.is_active = TRUE ORDER BY t.id DESC LIMIT 1000;

-- name: api_token_end :exec
UPDATE api_token SET ended_at = :ended_at WHERE id = :id AND ended_at IS NULL;

-- name: idempotency_get :one
-- hot
SELECT request_hash, status, body, location, wrapping_key_id FROM idempotency WHERE caller = :caller AND key = :key;

-- name: idempotency_insert :exec
INSERT INTO idempotency (caller, key, request_hash, status, body, location, wrapping_key_id, created_at)
VALUES (:caller, :key, :request_hash, :status, :body, :location, :wrapping_key_id, :created_at);

-- name: idempotency_forget :exec
DELETE FROM idempotency WHERE created_at < :before;
