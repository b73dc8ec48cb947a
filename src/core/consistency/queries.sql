-- needs: core/case core/document core/file core/job core/notice core/registry core/event
-- Every query that names offenders has the same two columns, so that consistency.c runs them from one table: what is
-- wrong is a row, and no row is well.

-- name: consistency_case_without_entry :each
-- system: the program looks at itself, nobody sees the rows
-- row: consistency_row
-- A case stands in the registry under the number that its receipt says.
SELECT c.id, c.number AS name FROM cases c LEFT JOIN registry_entry e ON e.name = c.registry_number
WHERE e.id IS NULL OR e.case_id IS NULL OR e.case_id <> c.id OR e.case_number <> c.number;

-- name: consistency_case_without_event :each
-- system: the program looks at itself, nobody sees the rows
-- row: consistency_row
-- A case was filed exactly once.
SELECT c.id, c.number AS name FROM cases c
WHERE (SELECT count(*) FROM event e WHERE e.case_id = c.id AND e.type = 'case.filed') <> 1;

-- name: consistency_case_without_receipt :each
-- system: the program looks at itself, nobody sees the rows
-- row: consistency_row
SELECT c.id, c.number AS name FROM cases c WHERE NOT EXISTS (SELECT 1 FROM document d
	WHERE d.case_id = c.id AND d.kind = 'receipt' AND d.registry_number = c.registry_number);

-- name: consistency_entry_of_nothing :each
-- system: the program looks at itself, nobody sees the rows
-- row: consistency_row
-- What came in is a filing or a correction of one; what went out is of a case.
SELECT e.id, e.name FROM registry_entry e LEFT JOIN cases c ON c.id = e.case_id
LEFT JOIN case_presented p ON p.registry_number = e.name
WHERE c.id IS NULL OR c.number <> e.case_number OR (e.series = 'E' AND p.id IS NULL AND c.registry_number <> e.name);

-- name: consistency_case_without_outgoing :each
-- system: the program looks at itself, nobody sees the rows
-- row: consistency_row
-- Every paper that was handed over, but for receipts, has an outgoing entry.
SELECT c.id, c.number AS name FROM cases c
WHERE (SELECT count(*) FROM registry_entry e WHERE e.case_id = c.id AND e.series = 'S')
	<> (SELECT count(*) FROM document d WHERE d.case_id = c.id AND d.kind <> 'receipt' AND d.state <> 'frozen');

-- name: consistency_case_with_other_papers :each
-- system: the program looks at itself, nobody sees the rows
-- row: consistency_row
-- Every paper that was issued has its event.
SELECT c.id, c.number AS name FROM cases c
WHERE (SELECT count(*) FROM event e WHERE e.case_id = c.id AND e.type IN ('receipt.issued', 'document.issued'))
	<> (SELECT count(*) FROM document d WHERE d.case_id = c.id AND d.state <> 'frozen');

-- name: consistency_event_of_nothing :each
-- system: the program looks at itself, nobody sees the rows
-- row: consistency_row
SELECT e.id, e.type AS name FROM event e LEFT JOIN cases c ON c.id = e.case_id
WHERE e.case_id IS NOT NULL AND c.id IS NULL;

-- name: consistency_document_without_file :each
-- system: the program looks at itself, nobody sees the rows
-- row: consistency_row
-- The bytes of an issued paper are those that it was issued with.
SELECT d.id, d.registry_number AS name FROM document d LEFT JOIN stored_file f ON f.id = d.file_id
WHERE d.state <> 'frozen' AND (f.id IS NULL OR d.sha256 IS NULL OR f.sha256 <> d.sha256);

-- name: consistency_job_of_nothing :each
-- system: the program looks at itself, nobody sees the rows
-- row: consistency_row
SELECT j.id, j.kind AS name FROM job j LEFT JOIN cases c ON c.id = j.case_id
WHERE (j.case_id IS NOT NULL AND c.id IS NULL) OR j.state NOT IN ('waiting', 'running', 'done', 'dead');

-- name: consistency_job_dead :each
-- row: consistency_row
SELECT id, kind AS name FROM job WHERE state = 'dead';

-- name: consistency_document_frozen :each
-- system: the program looks at itself, nobody sees the rows
-- row: consistency_row
-- Papers that are still to be printed: each has a job.
SELECT id, registry_number AS name FROM document WHERE state = 'frozen';

-- name: consistency_file_in_quarantine :each
-- row: consistency_row
-- Files that nobody has looked at: each has a job.
SELECT id, name FROM stored_file WHERE scan = 'quarantine';

-- name: consistency_notice_waiting :each
-- system: the program looks at itself, nobody sees the rows
-- row: consistency_row
-- What citizens are still to be told: each has a job.
SELECT n.id, c.number AS name FROM notice n JOIN cases c ON c.id = n.case_id WHERE n.state = 'waiting';

-- name: consistency_job_state :one
-- hot
SELECT state FROM job WHERE unique_key = :unique_key;

-- name: consistency_job_kinds :many 1000
SELECT DISTINCT kind FROM job WHERE state <> 'done' ORDER BY kind;

-- name: consistency_case_numbers :each
-- system: the program looks at itself, nobody sees the rows
-- row: consistency_number_row
-- By length first: a number grows beyond six digits.
SELECT number FROM cases ORDER BY length(number), number;

-- name: consistency_document_numbers :each
-- system: the program looks at itself, nobody sees the rows
-- row: consistency_number_row
-- A receipt bears the number of its entry.
SELECT registry_number AS number FROM document WHERE kind <> 'receipt' ORDER BY length(registry_number), registry_number;

-- name: consistency_series :many 10000
SELECT series, year, last_number FROM registry_series ORDER BY series, year;

-- name: consistency_content :each
-- system: the program looks at itself, nobody sees the rows
SELECT id, registry_number, content, content_hash FROM document;

-- name: consistency_presented_first :each
-- system: the program looks at itself, nobody sees the rows
-- row: consistency_presented_row
-- What was filed and never corrected is in the case's own row.
SELECT c.registry_number AS name, c.answers, e.canonical FROM cases c JOIN registry_entry e ON e.name = c.registry_number
LEFT JOIN case_presented p ON p.registry_number = c.registry_number WHERE p.id IS NULL;

-- name: consistency_presented_kept :each
-- system: the program looks at itself, nobody sees the rows
-- row: consistency_presented_row
-- All versions of what was corrected.
SELECT p.registry_number AS name, p.answers, e.canonical FROM case_presented p
JOIN registry_entry e ON e.name = p.registry_number;

-- name: consistency_files :each
SELECT id, name, bytes, sha256, wrapped_key, wrapping_key_id FROM stored_file WHERE wrapped_key IS NOT NULL;
