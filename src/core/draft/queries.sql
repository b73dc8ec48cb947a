-- name: draft_insert :id
INSERT INTO draft (token_hash, code_hash, procedure_slug, pack_version_id, lang, answers, pages_done, channel, staff_id,
	created_at, saved_at, expires_at)
VALUES (:token_hash, :code_hash, :procedure_slug, :pack_version_id, :lang, '{}', '[]', :channel, :staff_id,
	:created_at, :created_at, :expires_at) RETURNING id;

-- name: draft_by_token :one
-- row: draft_by_id_row
-- hot
-- An expired one too, for as long as its row is there: its holder is told so.
SELECT id, procedure_slug, pack_version_id, lang, answers, pages_done, channel, staff_id, saved_at, expires_at, filed_case_id
FROM draft WHERE token_hash = :token_hash;

-- name: draft_by_id :one
-- hot
-- Inside a commit: what another tab of the same browser has saved meanwhile is seen.
SELECT id, procedure_slug, pack_version_id, lang, answers, pages_done, channel, staff_id, saved_at, expires_at, filed_case_id
FROM draft WHERE id = :id;

-- name: draft_by_code :one
-- hot
SELECT id, procedure_slug, pack_version_id, lang, saved_at, filed_case_id
FROM draft WHERE code_hash = :code_hash AND expires_at > :now;

-- name: draft_save :exec
UPDATE draft SET answers = :answers, pages_done = :pages_done, lang = :lang, saved_at = :saved_at, expires_at = :expires_at
WHERE id = :id AND filed_case_id IS NULL;

-- name: draft_set_token :exec
-- Opening a draft by its code gives it to the browser that opened it; the former browser's token ends.
UPDATE draft SET token_hash = :token_hash WHERE id = :id;

-- name: draft_set_filed :exec
UPDATE draft SET filed_case_id = :filed_case_id, answers = '{}', expires_at = :expires_at
WHERE id = :id AND filed_case_id IS NULL;

-- name: draft_expired :many 100
SELECT id FROM draft WHERE expires_at <= :now ORDER BY expires_at LIMIT 100;

-- name: draft_delete :exec
DELETE FROM draft WHERE id = :id AND expires_at <= :now;
