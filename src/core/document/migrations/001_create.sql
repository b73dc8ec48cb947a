-- needs: core/case core/file core/staff
-- What the town hall hands over: frozen by a decision, rendered and sealed by a job, issued by a second commit.

-- scoped
CREATE TABLE document (
	id ID, -- none
	case_id INT NOT NULL REFERENCES cases(id), -- none
	department_id INT NOT NULL, -- none
	compartment TEXT NOT NULL, -- none
	-- 'receipt', 'permit', 'refusal', 'correction'
	kind TEXT NOT NULL, -- none
	template TEXT NOT NULL, -- none
	title TEXT NOT NULL, -- none
	-- 'frozen', 'issued', 'revoked'
	state TEXT NOT NULL, -- none
	registry_number TEXT NOT NULL, -- none
	-- the document's content as values, from which any renderer makes the same bytes
	content JSON NOT NULL, -- personal: party, case
	content_hash BYTES NOT NULL, -- none
	key_hash BYTES NOT NULL UNIQUE, -- none
	-- the codes that the renderer prints in clear, wrapped; erased a day after issue
	secrets BYTES, -- none
	wrapping_key_id TEXT NOT NULL, -- none
	seal_key_id TEXT NOT NULL, -- none
	signed_by INT, -- none
	file_id INT REFERENCES stored_file(id), -- none
	sha256 BYTES UNIQUE, -- none
	frozen_at INSTANT NOT NULL, -- none
	issued_at INSTANT, -- none
	valid_until DATE, -- none
	revoked_at INSTANT, -- none
	revoked_reason TEXT NOT NULL -- none
);
CREATE INDEX document_of_case ON document (case_id, id);
