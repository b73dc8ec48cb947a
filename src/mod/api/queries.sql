-- name: api_file_insert :id
INSERT INTO api_file (code, staff_id, file_id, file_name, expires_at)
VALUES (:code, :staff_id, :file_id, :file_name, :expires_at) RETURNING id;

-- name: api_file_mine :one
-- hot
-- A file that this member of staff has sent and may still use.
SELECT a.id, a.file_id, a.file_name, f.bytes, f.media_type, f.sha256, f.scan
FROM api_file a JOIN stored_file f ON f.id = a.file_id
WHERE a.code = :code AND a.staff_id = :staff_id AND a.expires_at > :now;

-- name: api_file_use :exec
-- One row, or the file was used meanwhile.
DELETE FROM api_file WHERE id = :id;

-- name: api_file_expired :many 100
SELECT id, file_id FROM api_file WHERE expires_at <= :now ORDER BY expires_at LIMIT 100;
