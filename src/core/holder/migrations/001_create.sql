-- needs: core/case
-- A citizen's browser that has shown a case's key (or filed the case): it may open those cases again.

CREATE TABLE holder (
	id ID, -- none
	token_hash BYTES NOT NULL UNIQUE, -- none
	created_at INSTANT NOT NULL, -- none
	expires_at INSTANT NOT NULL -- none
);
CREATE INDEX holder_by_expiry ON holder (expires_at);

CREATE TABLE holder_case (
	holder_id INT NOT NULL REFERENCES holder(id), -- none
	case_id INT NOT NULL REFERENCES cases(id), -- none
	opened_at INSTANT NOT NULL -- none
);
CREATE UNIQUE INDEX holder_case_once ON holder_case (holder_id, case_id);
