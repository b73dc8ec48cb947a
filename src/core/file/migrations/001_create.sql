-- needs: core/case core/draft
-- Stored bytes and what they are attached to.

CREATE TABLE stored_file (
	id ID, -- none
	name TEXT NOT NULL UNIQUE, -- none
	sha256 BYTES NOT NULL, -- none
	bytes INT NOT NULL, -- none
	media_type TEXT NOT NULL, -- none
	-- the file's own key, wrapped; NULL once it was destroyed (erasure)
	wrapped_key BYTES, -- none
	wrapping_key_id TEXT NOT NULL, -- none
	-- 'quarantine', 'clean', 'infected', 'own' (made by the program itself)
	scan TEXT NOT NULL, -- none
	created_at INSTANT NOT NULL -- none
);

-- A file given as the answer to a field, of a draft until filing and of a case from then on.
CREATE TABLE attachment (
	id ID, -- none
	draft_id INT REFERENCES draft(id), -- none
	case_id INT REFERENCES cases(id), -- none
	field TEXT NOT NULL, -- none
	file_id INT NOT NULL REFERENCES stored_file(id), -- none
	file_name TEXT NOT NULL, -- personal: party, case
	-- 'given', 'accepted', 'refused' (the clerk wants another), 'replaced'
	state TEXT NOT NULL, -- none
	reason TEXT NOT NULL, -- personal: party, case
	at INSTANT NOT NULL -- none
);
CREATE INDEX attachment_of_draft ON attachment (draft_id, id);
CREATE INDEX attachment_of_case ON attachment (case_id, id);
CREATE INDEX attachment_of_file ON attachment (file_id);
