-- needs: core/case
-- What a commit leaves to be done afterwards. Every job has a key that makes it unique, and a state of its
-- external effects, so that a retry finds what the first try did.

CREATE TABLE job (
	id ID, -- none
	kind TEXT NOT NULL, -- none
	unique_key TEXT NOT NULL UNIQUE, -- none
	case_id INT, -- none
	input JSON NOT NULL, -- none
	-- what the tries so far have done outside (a file stored, a mail accepted)
	effects JSON NOT NULL, -- none
	-- 'waiting', 'running', 'done', 'dead'
	state TEXT NOT NULL, -- none
	run_at INSTANT NOT NULL, -- none
	attempts INT NOT NULL, -- none
	last_error TEXT NOT NULL, -- none
	created_at INSTANT NOT NULL, -- none
	finished_at INSTANT -- none
);
CREATE INDEX job_next ON job (state, run_at, id);
CREATE INDEX job_of_case ON job (case_id, id);
