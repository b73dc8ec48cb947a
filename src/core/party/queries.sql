-- name: party_insert :id
INSERT INTO party (kind, display_name, given_name, surnames, sort_name, identity_kind, identity_number, mail, phone,
	lang, created_at)
VALUES (:kind, :display_name, :given_name, :surnames, :sort_name, :identity_kind, :identity_number, :mail, :phone,
	:lang, :created_at) RETURNING id;

-- name: party_by_identity :many 20
-- hot
-- Whoever gave that identity number, the newest first: under several names they are several people.
SELECT id, display_name, mail, phone, lang FROM party
WHERE identity_kind = :identity_kind AND identity_number = :identity_number ORDER BY id DESC LIMIT 20;

-- name: party_by_id :one
SELECT id, kind, display_name, given_name, surnames, identity_kind, identity_number, mail, phone, lang
FROM party WHERE id = :id;

-- name: party_update_contact :exec
-- What is not given again stays.
UPDATE party SET mail = COALESCE(:mail, mail), phone = COALESCE(:phone, phone), lang = :lang WHERE id = :id;
