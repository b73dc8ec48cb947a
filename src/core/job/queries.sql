-- name: job_insert :exec
-- Asks for a job; a key that is already there changes nothing.
INSERT INTO job (kind, unique_key, case_id, input, effects, state, run_at, attempts, last_error, created_at, lane)
VALUES (:kind, :unique_key, :case_id, :input, '{}', 'waiting', :run_at, 0, '', :created_at, :lane)
ON CONFLICT (unique_key) DO NOTHING;

-- name: job_due :one
-- hot
-- row: job_due_row
-- The next job to run.
SELECT id, kind, case_id, input, effects, attempts FROM job
WHERE state = 'waiting' AND run_at <= :now AND lane IS NULL
ORDER BY run_at, id LIMIT 1;

-- name: job_due_in_lane :one
-- hot
-- row: job_due_row
SELECT id, kind, case_id, input, effects, attempts FROM job
WHERE state = 'waiting' AND run_at <= :now AND lane = :lane
ORDER BY run_at, id LIMIT 1;

-- name: job_next_at :one
-- When the runner has to wake up.
SELECT run_at FROM job WHERE state = 'waiting' ORDER BY run_at, id LIMIT 1;

-- name: job_take :exec
-- While it runs, run_at is when it counts as abandoned.
UPDATE job SET state = 'running', attempts = attempts + 1, run_at = :run_at WHERE id = :id AND state = 'waiting';

-- name: job_abandoned :one
-- hot
-- A job whose runner is gone: another node that died, or one that could not say how it ended.
SELECT id FROM job WHERE state = 'running' AND run_at <= :now ORDER BY run_at, id LIMIT 1;

-- name: job_reclaim :exec
UPDATE job SET state = 'waiting' WHERE state = 'running' AND run_at <= :now;

-- name: job_set_effects :exec
UPDATE job SET effects = :effects WHERE id = :id;

-- name: job_finish :exec
UPDATE job SET state = 'done', finished_at = :finished_at, last_error = '' WHERE id = :id;

-- name: job_fail :exec
-- Back to waiting, or dead after the last try.
UPDATE job SET state = :state, run_at = :run_at, last_error = :last_error WHERE id = :id;

-- name: job_again :exec
-- A repeating job waits for its next time.
UPDATE job SET state = 'waiting', run_at = :run_at, attempts = 0, effects = '{}', last_error = '' WHERE id = :id;

-- name: job_recover :exec
-- What was running when the program died runs again.
UPDATE job SET state = 'waiting', run_at = :run_at WHERE state = 'running';

-- name: job_leave_lane :exec
-- hot
-- Nothing there waits for others any more: the ordinary threads run them.
UPDATE job SET lane = NULL WHERE lane = :lane AND state IN ('waiting', 'running', 'dead');

-- name: job_skip :exec
-- Whatever waits is over unrun: in towns that are made to be measured.
UPDATE job SET state = 'done', finished_at = :finished_at WHERE state = 'waiting';

-- name: job_dead_list :many 200
SELECT id, kind, case_id, attempts, last_error, run_at FROM job WHERE state = 'dead' ORDER BY run_at, id LIMIT 200;

-- name: job_retry :exec
UPDATE job SET state = 'waiting', attempts = 0, run_at = :run_at WHERE id = :id AND state IN ('dead', 'waiting');

-- name: job_troubled :many 200
-- Those that failed: for good first, then those that are tried again.
SELECT id, kind, state, attempts, last_error, run_at, created_at FROM job
WHERE state = 'dead' OR (state IN ('waiting', 'running') AND attempts > 0 AND last_error <> '')
ORDER BY state, run_at, id LIMIT 200;

-- name: job_waiting_count :one
-- type: total INT
-- Those whose turn it is, or will be within the hour; what repeats later is no queue.
SELECT count(*) AS total FROM job WHERE state = 'waiting' AND run_at <= :until AND last_error = '';

-- name: job_counts :many 8
-- How many jobs are in each state that is not finished.
-- type: total INT
SELECT state, count(*) AS total FROM job WHERE state IN ('waiting', 'running', 'dead') GROUP BY state;
