-- name: access_insert :exec
INSERT INTO access_record (at, actor_kind, actor_id, route, case_id, shows, request_id)
VALUES (:at, :actor_kind, :actor_id, :route, :case_id, :shows, :request_id);

-- name: access_of_case :many 200
-- hot
-- For the person whose data it is: who looked, newest first.
SELECT r.at, r.actor_kind, r.route, s.post
FROM access_record r JOIN staff s ON s.id = r.actor_id
WHERE r.case_id = :case_id ORDER BY r.id DESC LIMIT 200;
