-- name: town_setting_get :one
SELECT value FROM town_setting WHERE name = :name;

-- name: town_setting_set :exec
INSERT INTO town_setting (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = :value;

-- name: department_all :many 500
SELECT id, slug FROM department ORDER BY id LIMIT 500;

-- name: department_insert :exec
INSERT INTO department (slug) VALUES (:slug) ON CONFLICT (slug) DO NOTHING;

-- name: pack_version_last :one
SELECT id, checksum FROM pack_version ORDER BY id DESC LIMIT 1;

-- name: pack_version_by_checksum :one
SELECT id FROM pack_version WHERE checksum = :checksum;

-- name: pack_version_insert :id
INSERT INTO pack_version (checksum, loaded_at) VALUES (:checksum, :loaded_at) RETURNING id;

-- name: pack_file_insert :exec
INSERT INTO pack_file (pack_version_id, path, content) VALUES (:pack_version_id, :path, :content);

-- name: pack_file_all :many 2000
SELECT path, content FROM pack_file WHERE pack_version_id = :pack_version_id ORDER BY path LIMIT 2000;

-- name: pack_in_force_insert :exec
INSERT INTO pack_in_force (pack_version_id, since, loaded_by) VALUES (:pack_version_id, :since, :loaded_by);

-- name: pack_in_force_last :one
SELECT pack_version_id, since, loaded_by FROM pack_in_force ORDER BY id DESC LIMIT 1;

-- name: pack_in_force_first :one
-- When a version came into force for the first time.
SELECT since, loaded_by FROM pack_in_force WHERE pack_version_id = :pack_version_id ORDER BY id LIMIT 1;

-- name: pack_file_unchanged_since :one
-- The version that brought the present content of a file: since then it was not changed.
SELECT f.pack_version_id FROM pack_file f
WHERE f.path = :path AND f.pack_version_id <= :pack_version_id AND f.pack_version_id > (
	SELECT coalesce(max(o.pack_version_id), 0) FROM pack_file o
	JOIN pack_file n ON n.path = o.path AND n.pack_version_id = :pack_version_id
	WHERE o.path = :path AND o.pack_version_id < :pack_version_id AND o.content <> n.content)
ORDER BY f.pack_version_id LIMIT 1;
