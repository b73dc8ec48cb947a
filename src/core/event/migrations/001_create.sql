-- needs: core/town core/case
-- Everything that happens, one row each, append-only; every published figure is a query over these.
-- No personal data but the ids.

-- scoped
CREATE TABLE event (
	id ID, -- none
	type TEXT NOT NULL, -- none
	occurred_at INSTANT NOT NULL, -- none
	recorded_at INSTANT NOT NULL, -- none
	-- 'citizen', 'staff', 'system', 'token'
	actor_kind TEXT NOT NULL, -- none
	actor_id INT NOT NULL, -- none
	on_behalf_of INT, -- none
	channel TEXT NOT NULL, -- none
	office TEXT NOT NULL, -- none
	department_id INT NOT NULL, -- none
	compartment TEXT NOT NULL, -- none
	procedure_slug TEXT NOT NULL, -- none
	pack_version_id INT NOT NULL, -- none
	case_id INT, -- none
	party_id INT -- none
);
CREATE INDEX event_of_case ON event (case_id, id);
CREATE INDEX event_by_type ON event (type, occurred_at);
