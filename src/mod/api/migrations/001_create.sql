-- needs: core/staff core/file
-- Files that a program has sent and not yet used in an application or a correction. Each is used once, by the same
-- member of staff, within a day.
CREATE TABLE api_file (
	id ID, -- none
	-- what programs call it: random, so that a forgotten one never comes to mean another
	code TEXT NOT NULL UNIQUE, -- none
	staff_id INT NOT NULL REFERENCES staff(id), -- none
	file_id INT NOT NULL REFERENCES stored_file(id), -- none
	file_name TEXT NOT NULL, -- personal: party, draft
	expires_at INSTANT NOT NULL -- none
);
CREATE INDEX api_file_by_expiry ON api_file (expires_at);
