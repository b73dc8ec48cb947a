-- name: party_insert :id
INSERT INTO party (kind, display_name, given_name, surnames, sort_name, identity_kind, identity_number, mail, phone,
	lang, created_at)
VALUES (:kind, :display_name, :given_name, :surnames, :sort_name, :identity_kind, :identity_number, :mail, :phone,
	:lang, :created_at) RETURNING id;

-- name: party_by_identity :one
-- hot
-- The newest party with that identity number.
SELECT id, display_name FROM party
WHERE identity_kind = :identity_kind AND identity_number = :identity_number ORDER BY id DESC LIMIT 1;

-- name: party_by_id :one
SELECT id, kind, display_name, given_name, surnames, identity_kind, identity_number, mail, phone, lang
FROM party WHERE id = :id;

-- name: party_update_contact :exec
UPDATE party SET mail = :mail, phone = :phone, lang = :lang WHERE id = :id;
