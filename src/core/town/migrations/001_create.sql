-- What the municipality is: its settings, its departments, and every version of its pack that was loaded.

CREATE TABLE town_setting (
	name TEXT NOT NULL UNIQUE, -- none
	value TEXT NOT NULL -- none
);

CREATE TABLE department (
	id ID, -- none
	slug TEXT NOT NULL UNIQUE -- none
);

-- A loaded pack: a numbered set of files. Open cases stay on the version they were filed under.
CREATE TABLE pack_version (
	id ID, -- none
	checksum TEXT NOT NULL UNIQUE, -- none
	loaded_at INSTANT NOT NULL -- none
);

CREATE TABLE pack_file (
	id ID, -- none
	pack_version_id INT NOT NULL REFERENCES pack_version(id), -- none
	path TEXT NOT NULL, -- none
	content BYTES NOT NULL -- none
);
CREATE INDEX pack_file_by_version ON pack_file (pack_version_id, path);
