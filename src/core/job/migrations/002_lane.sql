-- 'outside': waits for other people's machines, and holds nobody up meanwhile; NULL: the ordinary ones.
ALTER TABLE job ADD COLUMN lane TEXT; -- none
