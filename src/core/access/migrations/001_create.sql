-- needs: core/staff core/case
-- Who looked at whose data: one row a page that shows personal data.

CREATE TABLE access_record (
	id ID, -- none
	at INSTANT NOT NULL, -- none
	-- 'staff', 'token'
	actor_kind TEXT NOT NULL, -- none
	actor_id INT NOT NULL, -- none
	route TEXT NOT NULL, -- none
	case_id INT, -- none
	shows TEXT NOT NULL, -- none
	request_id TEXT NOT NULL -- none
);
CREATE INDEX access_record_of_case ON access_record (case_id, id);
CREATE INDEX access_record_by_actor ON access_record (actor_id, id);
