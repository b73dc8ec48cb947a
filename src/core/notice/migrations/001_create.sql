-- needs: core/case
-- What a citizen is told about a case outside these pages: by mail now, by other ways beside it later.

-- Whether the holder of a case wants to be told, and where. Cases from before mail, or whose form asks nothing, have none.
CREATE TABLE notice_choice (
	case_id INT NOT NULL UNIQUE REFERENCES cases(id), -- none
	by_mail BOOL NOT NULL, -- none
	address TEXT NOT NULL, -- personal: party, case
	at INSTANT NOT NULL -- none
);

CREATE TABLE notice (
	id ID, -- none
	case_id INT NOT NULL REFERENCES cases(id), -- none
	-- 'filed', 'correction_asked' …: core/notice/notice.h
	kind TEXT NOT NULL, -- none
	-- 'mail'
	channel TEXT NOT NULL, -- none
	address TEXT NOT NULL, -- personal: party, case
	-- fixed with the row, so that whoever gets it twice can tell
	message_id TEXT NOT NULL UNIQUE, -- none
	-- the entry that it tells of; empty: a step without one
	registry_number TEXT NOT NULL, -- none
	-- 'waiting', 'sent', 'failed', 'dropped'
	state TEXT NOT NULL, -- none
	-- why it failed or was dropped: 'refused', 'silence', 'overtaken', 'unwanted'; empty otherwise
	reason TEXT NOT NULL, -- none
	-- the mail server's last word, 0: none
	reply_code INT NOT NULL, -- none
	created_at INSTANT NOT NULL, -- none
	ended_at INSTANT -- none
);
CREATE INDEX notice_of_case ON notice (case_id, id);
