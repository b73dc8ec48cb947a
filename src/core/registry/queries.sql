-- name: registry_series_advance :exec
-- The row is the counter, and the commit's savepoint gives it back when the commit fails.
UPDATE registry_series SET last_number = last_number + 1 WHERE series = :series AND year = :year;

-- name: registry_series_begin :exec
-- The first number of a year.
INSERT INTO registry_series (series, year, last_number) VALUES (:series, :year, 1);

-- name: registry_entry_insert :id
-- system: recorded by the commit that files or issues, on behalf of the town
INSERT INTO registry_entry (name, series, year, number, at, channel, office, department_id, compartment, procedure,
	case_number, case_id, canonical, salt, commitment, leaf_index)
VALUES (:name, :series, :year, :number, :at, :channel, :office, :department_id, :compartment, :procedure,
	:case_number, :case_id, :canonical, :salt, :commitment, :leaf_index) RETURNING id;

-- name: registry_entry_find :one
-- hot
-- row: registry_entry_row
SELECT e.id, e.name, e.at, e.canonical, e.salt, e.commitment, e.leaf_index
FROM registry_entry e WHERE e.name = :name AND @scope(e);

-- name: registry_entry_find_any :one
-- hot
-- system: receipts and jobs, whose callers were let in by code, key or case
-- row: registry_entry_row
SELECT id, name, at, canonical, salt, commitment, leaf_index FROM registry_entry WHERE name = :name;

-- name: registry_entry_all :each
-- system: the audit recomputes every entry
SELECT name, series, year, number, at, channel, office, procedure, case_number, canonical, salt, commitment, leaf_index
FROM registry_entry ORDER BY leaf_index;

-- name: registry_series_counts :many 10000
-- system: the audit looks for gaps
SELECT series, year, count(*) AS entries, min(number) AS first_number, max(number) AS last_number
FROM registry_entry GROUP BY series, year ORDER BY series, year;

-- name: registry_series_get :one
SELECT last_number FROM registry_series WHERE series = :series AND year = :year;

-- name: log_leaf_insert :exec
INSERT INTO log_leaf (leaf_index, commitment) VALUES (:leaf_index, :commitment);

-- name: log_leaf_range :many 256
-- hot
SELECT commitment FROM log_leaf WHERE leaf_index >= :first AND leaf_index < :after ORDER BY leaf_index LIMIT 256;

-- name: log_leaf_all :each
SELECT leaf_index, commitment FROM log_leaf ORDER BY leaf_index;

-- name: log_hash_insert :exec
INSERT INTO log_hash (level, position, hash) VALUES (:level, :position, :hash);

-- name: log_hash_range :many 256
-- hot
SELECT hash FROM log_hash WHERE level = :level AND position >= :first AND position < :after
ORDER BY position LIMIT 256;

-- name: log_hash_get :one
-- hot
SELECT hash FROM log_hash WHERE level = :level AND position = :position;

-- name: log_hash_count :one
SELECT count(*) AS hashes FROM log_hash;

-- name: log_frontier_get :one
SELECT size, peaks FROM log_frontier WHERE id = 1;

-- name: log_frontier_set :exec
INSERT INTO log_frontier (id, size, peaks) VALUES (1, :size, :peaks)
ON CONFLICT (id) DO UPDATE SET size = excluded.size, peaks = excluded.peaks;

-- name: log_checkpoint_insert :exec
INSERT INTO log_checkpoint (size, root, note, key_id, at, witnesses) VALUES (:size, :root, :note, :key_id, :at, 0);

-- name: log_checkpoint_last :one
-- row: log_checkpoint_row
SELECT size, root, note, key_id, at, witnesses FROM log_checkpoint ORDER BY size DESC LIMIT 1;

-- name: log_checkpoint_get :one
-- hot
-- row: log_checkpoint_row
SELECT size, root, note, key_id, at, witnesses FROM log_checkpoint WHERE size = :size;

-- name: log_checkpoint_witnessed :one
-- The newest one that a witness has signed.
-- row: log_checkpoint_row
SELECT size, root, note, key_id, at, witnesses FROM log_checkpoint WHERE witnesses > 0 ORDER BY size DESC LIMIT 1;

-- name: log_checkpoint_cosign :exec
UPDATE log_checkpoint SET note = :note, witnesses = witnesses + 1 WHERE size = :size;
