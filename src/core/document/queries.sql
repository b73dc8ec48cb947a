-- name: document_insert :id
-- system: frozen by the commit that decides or files
INSERT INTO document (case_id, department_id, compartment, kind, template, title, state, registry_number, content,
	content_hash, key_hash, secrets, wrapping_key_id, seal_key_id, signed_by, frozen_at, valid_until, revoked_reason)
VALUES (:case_id, :department_id, :compartment, :kind, :template, :title, 'frozen', :registry_number, :content,
	:content_hash, :key_hash, :secrets, :wrapping_key_id, :seal_key_id, :signed_by, :frozen_at, :valid_until, '')
RETURNING id;

-- name: document_by_id :one
-- system: the issuing job, and pages whose object rule let the caller in
SELECT id, case_id, department_id, kind, template, title, state, registry_number, content, content_hash, secrets,
	wrapping_key_id, seal_key_id, signed_by, file_id, sha256, frozen_at, issued_at, valid_until, revoked_at, revoked_reason
FROM document WHERE id = :id;

-- name: document_by_key :one
-- hot
-- system: whoever holds the key may ask; no personal data is shown
SELECT id, case_id, kind, title, state, registry_number, file_id, sha256, issued_at, valid_until, revoked_at
FROM document WHERE key_hash = :key_hash;

-- name: document_by_sha256 :one
-- hot
-- system: whoever holds the bytes may ask; no personal data is shown
SELECT id, case_id, kind, title, state, registry_number, issued_at, valid_until, revoked_at
FROM document WHERE sha256 = :sha256;

-- name: document_by_registry_number :one
-- system: an uploaded file that was altered still names the number it claims
SELECT id, kind, title, state, issued_at, valid_until, revoked_at, sha256
FROM document WHERE case_id = :case_id AND registry_number = :registry_number;

-- name: document_of_case :many 50
-- hot
-- system: the caller has already been let in to the case by its object rule
SELECT id, kind, title, state, registry_number, file_id, issued_at, valid_until, revoked_at
FROM document WHERE case_id = :case_id ORDER BY id LIMIT 50;

-- name: document_issue :exec
-- system: the second commit of issuing
UPDATE document SET state = 'issued', file_id = :file_id, sha256 = :sha256, seal_key_id = :seal_key_id,
	issued_at = :issued_at
WHERE id = :id AND state = 'frozen';

-- name: document_forget_secrets :exec
-- system: a day after issue nothing needs the codes in clear any more
UPDATE document SET secrets = NULL WHERE id = :id AND state <> 'frozen';

-- name: document_revoke :exec
-- system: the object rule of the route has let the officer in
UPDATE document SET state = 'revoked', revoked_at = :revoked_at, revoked_reason = :revoked_reason
WHERE id = :id AND case_id = :case_id AND state = 'issued';
