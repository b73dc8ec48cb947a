-- needs: core/town core/staff core/case
-- A form being filled: saved at every step, opened again by its code, filed once.

CREATE TABLE draft (
	id ID, -- none
	-- the browser's own token, and the code a person can write down
	token_hash BYTES NOT NULL UNIQUE, -- none
	code_hash BYTES NOT NULL UNIQUE, -- none
	procedure_slug TEXT NOT NULL, -- none
	pack_version_id INT NOT NULL, -- none
	lang TEXT NOT NULL, -- none
	answers JSON NOT NULL, -- personal: party, draft
	-- ids of the pages answered without an error, in order, as a list
	pages_done JSON NOT NULL, -- none
	-- 'web', 'counter', 'api'
	channel TEXT NOT NULL, -- none
	staff_id INT REFERENCES staff(id), -- none
	created_at INSTANT NOT NULL, -- none
	saved_at INSTANT NOT NULL, -- none
	expires_at INSTANT NOT NULL, -- none
	filed_case_id INT REFERENCES cases(id) -- none
);
CREATE INDEX draft_by_expiry ON draft (expires_at);
