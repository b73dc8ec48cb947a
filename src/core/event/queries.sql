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

-- name: event_last :one
-- hot
-- system: an id and nothing else: how far the town's events have come
SELECT id FROM event WHERE id > 0 ORDER BY id DESC LIMIT 1;

-- name: event_after :many 500
-- hot
-- row: event_news_row
-- system: whoever is told hears a number of those in their own scope (core/feed)
SELECT e.id, e.type, e.actor_kind, e.actor_id, e.department_id, e.compartment, e.case_id, c.assignee_id
FROM event e LEFT JOIN cases c ON c.id = e.case_id
WHERE e.id > :after ORDER BY e.id LIMIT 500;

-- name: event_of_case_after :many 100
-- hot
-- row: event_news_row
-- system: the caller has already been let in to the case by its object rule
SELECT e.id, e.type, e.actor_kind, e.actor_id, e.department_id, e.compartment, e.case_id, c.assignee_id
FROM event e LEFT JOIN cases c ON c.id = e.case_id
WHERE e.case_id = :case_id AND e.id > :after ORDER BY e.id LIMIT 100;
