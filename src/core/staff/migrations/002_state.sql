-- Since when an account is open or closed, and who changed it: a member of staff, or nobody where the command line did.
ALTER TABLE staff ADD COLUMN state_since INSTANT; -- none
ALTER TABLE staff ADD COLUMN state_by INT; -- none
