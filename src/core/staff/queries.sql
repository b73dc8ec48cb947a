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

-- name: staff_set_attempts :exec
-- After a sign-in attempt: counts the failures and, past the limit, locks the account for a while.
UPDATE staff SET failed_attempts = :failed_attempts, locked_until = :locked_until WHERE id = :id;

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

-- name: staff_all :many 1000
SELECT id, login, display_name, post, is_active FROM staff ORDER BY display_name, id LIMIT 1000;
