-- needs: core/town
-- People who work for the town hall, what they may do, and on which cases.

CREATE TABLE staff (
	id ID, -- none
	login TEXT NOT NULL UNIQUE, -- personal: staff, employment
	display_name TEXT NOT NULL, -- personal: staff, employment
	post TEXT NOT NULL, -- personal: staff, employment
	password_hash TEXT NOT NULL, -- personal: staff, employment
	is_active BOOL NOT NULL, -- none
	failed_attempts INT NOT NULL, -- none
	locked_until INSTANT, -- none
	created_at INSTANT NOT NULL -- none
);

-- role is the name of a row of the role table in core/permission.c.
CREATE TABLE staff_role (
	staff_id INT NOT NULL REFERENCES staff(id), -- none
	role TEXT NOT NULL -- none
);
CREATE UNIQUE INDEX staff_role_once ON staff_role (staff_id, role);

-- The scope predicate reads these two. department_id 0 stands for every department.
CREATE TABLE scope_grant (
	staff_id INT NOT NULL REFERENCES staff(id), -- none
	department_id INT NOT NULL, -- none
	compartment TEXT NOT NULL -- none
);
CREATE UNIQUE INDEX scope_grant_once ON scope_grant (staff_id, compartment, department_id);

CREATE TABLE scope_exclusion (
	staff_id INT NOT NULL REFERENCES staff(id), -- none
	case_id INT NOT NULL, -- none
	reason TEXT NOT NULL -- personal: staff, employment
);
CREATE UNIQUE INDEX scope_exclusion_once ON scope_exclusion (staff_id, case_id);
