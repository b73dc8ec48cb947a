-- needs: core/staff core/case
-- The registry of what comes in and goes out, and the public log of commitments over it.

-- The last number given in a series and year. Taken inside the commit that uses it, so there are no gaps.
CREATE TABLE registry_series (
	series TEXT NOT NULL, -- none
	year INT NOT NULL, -- none
	last_number INT NOT NULL, -- none
	UNIQUE (series, year)
);

-- scoped
CREATE TABLE registry_entry (
	id ID, -- none
	-- 'E-2026-018342'
	name TEXT NOT NULL UNIQUE, -- none
	series TEXT NOT NULL, -- none
	year INT NOT NULL, -- none
	number INT NOT NULL, -- none
	at INSTANT NOT NULL, -- none
	channel TEXT NOT NULL, -- none
	office TEXT NOT NULL, -- none
	department_id INT NOT NULL, -- none
	compartment TEXT NOT NULL, -- none
	procedure TEXT NOT NULL, -- none
	case_number TEXT NOT NULL, -- none
	case_id INT REFERENCES cases(id), -- none
	-- entry.h; NULL once the entry was erased: the commitment in the log stays and says nothing
	canonical BYTES, -- personal: party, registry
	salt BYTES, -- personal: party, registry; it is what ties the commitment to the entry
	commitment BYTES NOT NULL, -- none
	leaf_index INT NOT NULL UNIQUE, -- none
	UNIQUE (series, year, number)
);
CREATE INDEX registry_entry_of_case ON registry_entry (case_id, id);
CREATE INDEX registry_entry_by_time ON registry_entry (at, id);

-- What the log publishes as its entries: commitments, in order.
CREATE TABLE log_leaf (
	leaf_index INT PRIMARY KEY, -- none
	commitment BYTES NOT NULL -- none
);

-- The tree's stored hashes: of each leaf (level 0) and of each full tile below (256^level leaves).
CREATE TABLE log_hash (
	level INT NOT NULL, -- none
	position INT NOT NULL, -- none
	hash BYTES NOT NULL, -- none
	PRIMARY KEY (level, position)
);

-- One row: the roots of the complete subtrees, largest first, from which the tree grows.
CREATE TABLE log_frontier (
	id INT PRIMARY KEY CHECK (id = 1), -- none
	size INT NOT NULL, -- none
	peaks BYTES NOT NULL -- none
);

CREATE TABLE log_checkpoint (
	size INT PRIMARY KEY, -- none
	root BYTES NOT NULL, -- none
	-- the signed note, with the witnesses' lines as they arrive
	note TEXT NOT NULL, -- none
	key_id TEXT NOT NULL, -- none
	at INSTANT NOT NULL, -- none
	witnesses INT NOT NULL -- none
);
