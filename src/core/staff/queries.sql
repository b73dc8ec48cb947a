-- name: staff_by_login :one
SELECT id, login, display_name, post, password_hash, is_active, failed_attempts, locked_until
FROM staff WHERE login = :login;

-- name: staff_by_id :one
SELECT id, login, display_name, post, is_active FROM staff WHERE id = :id;

-- name: staff_password :one
SELECT password_hash FROM staff WHERE id = :id;

-- name: staff_insert :id
INSERT INTO staff (login, display_name, post, password_hash, is_active, failed_attempts, created_at)
VALUES (:login, :display_name, :post, :password_hash, TRUE, 0, :created_at) RETURNING id;

-- name: staff_attempt_failed :exec
-- type: :max INT
-- Counts a failed sign-in where the count is, so that failures at the same time are all counted; the last one locks
-- the account for a while. While it is locked nothing counts.
UPDATE staff SET
	locked_until = CASE WHEN failed_attempts + 1 >= :max THEN :locked_until ELSE locked_until END,
	failed_attempts = CASE WHEN failed_attempts + 1 >= :max THEN 0 ELSE failed_attempts + 1 END
WHERE id = :id AND (locked_until IS NULL OR locked_until <= :now);

-- name: staff_attempt_good :exec
-- Nothing changes while the account is locked: then a right password is worth as little as a wrong one.
UPDATE staff SET failed_attempts = 0, locked_until = NULL
WHERE id = :id AND is_active = TRUE AND (locked_until IS NULL OR locked_until <= :now);

-- name: staff_set_active :exec
-- Somebody leaves, or comes back: without it no session and no token of theirs opens anything.
UPDATE staff SET is_active = :is_active, state_since = :state_since, state_by = :state_by WHERE login = :login;

-- name: staff_set_password :exec
UPDATE staff SET password_hash = :password_hash, failed_attempts = 0, locked_until = NULL WHERE login = :login;

-- name: staff_role_insert :exec
INSERT INTO staff_role (staff_id, role) VALUES (:staff_id, :role) ON CONFLICT (staff_id, role) DO NOTHING;

-- name: staff_role_all :many 50
SELECT role FROM staff_role WHERE staff_id = :staff_id ORDER BY role LIMIT 50;

-- name: scope_grant_insert :exec
INSERT INTO scope_grant (staff_id, department_id, compartment)
VALUES (:staff_id, :department_id, :compartment)
ON CONFLICT (staff_id, compartment, department_id) DO NOTHING;

-- name: scope_grant_all :many 200
SELECT department_id, compartment FROM scope_grant WHERE staff_id = :staff_id
ORDER BY compartment, department_id LIMIT 200;

-- name: scope_exclusion_insert :exec
INSERT INTO scope_exclusion (staff_id, case_id, reason) VALUES (:staff_id, :case_id, :reason)
ON CONFLICT (staff_id, case_id) DO NOTHING;

-- name: scope_exclusion_all :many 1000
-- hot
SELECT case_id FROM scope_exclusion WHERE staff_id = :staff_id ORDER BY case_id LIMIT 1000;

-- name: staff_all :many 1000
SELECT id, login, display_name, post, is_active, state_since, state_by FROM staff ORDER BY display_name, id LIMIT 1000;

-- name: staff_role_list :many 5000
-- Of all accounts.
SELECT staff_id, role FROM staff_role ORDER BY staff_id, role LIMIT 5000;
