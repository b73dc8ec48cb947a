-- What was presented about a case, version by version, once it was corrected: the registry's entries name the digests
-- of exactly these bytes. A case that was never corrected has its only version in its own row.

CREATE TABLE case_presented (
	id ID, -- none
	case_id INT NOT NULL REFERENCES cases(id), -- none
	registry_number TEXT NOT NULL UNIQUE, -- none
	answers JSON NOT NULL, -- personal: party, case
	at INSTANT NOT NULL -- none
);
CREATE INDEX case_presented_of ON case_presented (case_id, id);
