-- needs: core/staff
-- Who is signed in. Tokens are stored hashed; a row is the whole session.

CREATE TABLE session (
	id ID, -- none
	token_hash BYTES NOT NULL UNIQUE, -- none
	staff_id INT NOT NULL REFERENCES staff(id), -- none
	office TEXT NOT NULL, -- none
	created_at INSTANT NOT NULL, -- none
	expires_at INSTANT NOT NULL, -- none
	ended_at INSTANT -- none
);
CREATE INDEX session_by_staff ON session (staff_id, expires_at);

CREATE TABLE api_token (
	id ID, -- none
	token_hash BYTES NOT NULL UNIQUE, -- none
	staff_id INT NOT NULL REFERENCES staff(id), -- none
	name TEXT NOT NULL, -- none
	created_at INSTANT NOT NULL, -- none
	expires_at INSTANT NOT NULL, -- none
	ended_at INSTANT -- none
);

-- What a POST with an Idempotency-Key answered, so that sending it again answers the same and does nothing. The answer
-- may hold a case's key, so it is kept wrapped, for a day.
CREATE TABLE idempotency (
	id ID, -- none
	caller TEXT NOT NULL, -- none
	key TEXT NOT NULL, -- none
	request_hash BYTES NOT NULL, -- none
	status INT NOT NULL, -- none
	body BYTES NOT NULL, -- personal: party, idempotency
	wrapping_key_id TEXT NOT NULL, -- none
	created_at INSTANT NOT NULL -- none
);
CREATE UNIQUE INDEX idempotency_once ON idempotency (caller, key);
CREATE INDEX idempotency_by_age ON idempotency (created_at);
