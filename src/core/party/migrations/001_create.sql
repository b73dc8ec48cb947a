-- A person or organisation that deals with the town hall.

CREATE TABLE party (
	id ID, -- none
	kind TEXT NOT NULL, -- none
	display_name TEXT NOT NULL, -- personal: party, case
	given_name TEXT, -- personal: party, case
	surnames TEXT, -- personal: party, case
	sort_name TEXT NOT NULL, -- personal: party, case
	identity_kind TEXT, -- none
	identity_number TEXT, -- personal: party, case
	mail TEXT, -- personal: party, case
	phone TEXT, -- personal: party, case
	lang TEXT NOT NULL, -- none
	created_at INSTANT NOT NULL -- none
);
CREATE INDEX party_by_identity ON party (identity_kind, identity_number);
