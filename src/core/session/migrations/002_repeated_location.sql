-- What a repeated call is told of where the thing made is found.
ALTER TABLE idempotency ADD COLUMN location TEXT; -- none
