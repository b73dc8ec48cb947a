-- When which version of the pack came into force, and by whose hand; the newest row is the one in force.

CREATE TABLE pack_in_force (
	id ID, -- none
	pack_version_id INT NOT NULL REFERENCES pack_version(id), -- none
	since INSTANT NOT NULL, -- none
	-- the account of the machine under which the command ran
	loaded_by TEXT NOT NULL -- personal: staff, employment
);
CREATE INDEX pack_in_force_of ON pack_in_force (pack_version_id, id);
