-- name: notice_choice_put :exec
INSERT INTO notice_choice (case_id, by_mail, address, at) VALUES (:case_id, :by_mail, :address, :at)
ON CONFLICT (case_id) DO UPDATE SET by_mail = excluded.by_mail, address = excluded.address, at = excluded.at;

-- name: notice_choice_get :one
-- hot
SELECT by_mail, address, at FROM notice_choice WHERE case_id = :case_id;

-- name: notice_insert :id
INSERT INTO notice (case_id, kind, channel, address, message_id, registry_number, state, reason, reply_code, created_at)
VALUES (:case_id, :kind, 'mail', :address, :message_id, :registry_number, 'waiting', '', 0, :created_at) RETURNING id;

-- name: notice_by_id :one
SELECT id, case_id, kind, address, message_id, registry_number, state, created_at FROM notice WHERE id = :id;

-- name: notice_end :exec
-- Once: whoever comes later finds it ended.
UPDATE notice SET state = :state, reason = :reason, reply_code = :reply_code, ended_at = :ended_at
WHERE id = :id AND state = 'waiting';

-- name: notice_of_case :many 200
-- hot
SELECT id, kind, address, state, reason, reply_code, created_at, ended_at FROM notice
WHERE case_id = :case_id ORDER BY id LIMIT 200;
