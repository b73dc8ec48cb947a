-- name: event_insert :exec
-- system: every commit records what it did, whoever it is for
INSERT INTO event (type, occurred_at, recorded_at, actor_kind, actor_id, on_behalf_of, channel, office, department_id,
	compartment, procedure_slug, pack_version_id, case_id, party_id)
VALUES (:type, :occurred_at, :recorded_at, :actor_kind, :actor_id, :on_behalf_of, :channel, :office, :department_id,
	:compartment, :procedure_slug, :pack_version_id, :case_id, :party_id);

-- name: event_of_case :many 500
-- hot
-- system: the caller has already been let in to the case by its object rule
SELECT id, type, occurred_at, actor_kind, actor_id, channel FROM event WHERE case_id = :case_id ORDER BY id LIMIT 500;
