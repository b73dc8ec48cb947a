-- The words that find a case, kept once in the order in which search walks them, and whole in the case's own row, where
-- search reads whether a case has the other words too. Before, a table and two indexes held each word three times.
ALTER TABLE cases ADD COLUMN words TEXT NOT NULL DEFAULT ''; -- personal: party, case

-- No REFERENCES: rows come and go with their case's `words` in the same function, and looking the case up for each of
-- some twenty-five would be a tenth of a filing.
-- scoped: as its case
CREATE TABLE case_term (
	department_id INT NOT NULL, -- none
	compartment TEXT NOT NULL, -- none
	-- folded as base/utf8.h says
	word TEXT NOT NULL, -- personal: party, case
	case_id INT NOT NULL, -- none
	PRIMARY KEY (department_id, compartment, word, case_id)
);
INSERT INTO case_term (department_id, compartment, word, case_id)
SELECT department_id, compartment, word, case_id FROM case_word;
UPDATE cases SET words = coalesce((SELECT string_agg(w.word, ' ') FROM case_word w WHERE w.case_id = cases.id), '');
DROP TABLE case_word;
