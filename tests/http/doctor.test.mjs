// `ventanilla doctor`: says that all is well where it is, and what is not where somebody damaged it on purpose. Every
// damage is done behind the program's back, each to its own copy of one town in which everything has happened.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { run, runOk, scratch } from '../lib/program.mjs';

const EX_DATAERR = 65;
let whole; // filed, corrected, decided, signed, paid and delivered cases
before(async () => {
	whole = join(scratch('doctor'), 'whole');
	await runOk(['demo', '--data', whole, '--cases', '40']);
});

const sql = (data, text) => execFileSync('sqlite3', [join(data, 'leon/town.db'), text], { encoding: 'utf8' }).trim();
const doctor = (data, ...more) => run(['doctor', '--data', data, ...more]);
const fileOf = (data, id) => {
	const name = sql(data, `SELECT name FROM stored_file WHERE id = ${id}`);
	return join(data, 'leon/files', name.slice(0, 2), name);
};
const changeByte = (path, at) => {
	const bytes = readFileSync(path);
	bytes[at] ^= 1;
	writeFileSync(path, bytes);
};

test('all is well in a town that was in use, files read to their end included', async () => {
	const answer = await doctor(whole, '--files');
	assert.equal(answer.code, 0, answer.stdout + answer.stderr);
	assert.doesNotMatch(answer.stdout, /^BAD/m);
	const seen = sql(whole, `SELECT (SELECT count(*) FROM case_presented) > 1, (SELECT count(*) FROM registry_entry WHERE
		series = 'S') > 1, (SELECT count(*) FROM document WHERE kind = 'permit') > 1, (SELECT count(*) FROM attachment) > 1`);
	assert.equal(seen, '1|1|1|1', 'there are corrections, outgoing entries, permits and attachments to look at');
});

// What is done → what doctor says of it. `%` stands for the number or id of what was damaged.
const damages = [
	{ name: 'a deleted file', of: 'SELECT max(id) FROM stored_file', act: (data, id) => rmSync(fileOf(data, id)),
		says: 'each file is there, in its length; not so 1: file/%' },
	{ name: 'a file cut short', of: 'SELECT max(id) FROM stored_file',
		act: (data, id) => truncateSync(fileOf(data, id), statSync(fileOf(data, id)).size - 1),
		says: 'each file is there, in its length; not so 1: file/%' },
	{ name: 'a bit of a file', of: 'SELECT max(id) FROM stored_file', act: (data, id) => changeByte(fileOf(data, id), 20),
		says: 'each file has the bytes it was stored with; not so 1: file/%', with: ['--files'] },
	{ name: 'a registry row: its time', of: 'SELECT max(leaf_index) FROM registry_entry',
		write: 'UPDATE registry_entry SET at = at + 60000 WHERE leaf_index = %',
		says: 'the registry is damaged: an entry\'s row at %' },
	{ name: 'a registry row: another case\'s number', of: 'SELECT min(leaf_index) FROM registry_entry',
		write: "UPDATE registry_entry SET case_number = 'AN-2026-000999' WHERE leaf_index = %",
		says: 'the registry is damaged: an entry\'s row at %' },
	{ name: 'a registry row: its bytes', of: 'SELECT max(leaf_index) FROM registry_entry',
		write: "UPDATE registry_entry SET canonical = CAST(replace(CAST(canonical AS TEXT), '\"channel\":\"', '\"channel\":\"x') AS BLOB) WHERE leaf_index = %",
		says: 'the registry is damaged: an entry\'s bytes at %' },
	{ name: 'a registry row that is gone', of: "SELECT max(leaf_index) FROM registry_entry WHERE series = 'S'",
		write: 'DELETE FROM registry_entry WHERE leaf_index = %',
		says: /the registry is damaged: (a leaf without entry|leaves without entries) at/ },
	{ name: 'a leaf of the log', of: 'SELECT 3', write: "UPDATE log_leaf SET commitment = randomblob(32) WHERE leaf_index = %",
		says: 'the registry is damaged: a stored hash at %' },
	{ name: 'a hash of the log', of: 'SELECT 5',
		write: "UPDATE log_hash SET hash = randomblob(32) WHERE level = 0 AND position = %",
		says: 'the registry is damaged: a stored hash at %' },
	{ name: 'the last leaf, with its hash', of: 'SELECT max(leaf_index) FROM log_leaf',
		write: 'DELETE FROM log_leaf WHERE leaf_index = %; DELETE FROM log_hash WHERE level = 0 AND position = %',
		says: 'the registry is damaged: the frontier' },
	{ name: 'a number that nobody has', of: 'SELECT min(rowid) FROM registry_series',
		write: "UPDATE registry_series SET last_number = last_number + 1 WHERE series = 'E'",
		says: /the registry is damaged: a gap in the numbers of year at 2026/ },
	{ name: 'a case number that nobody has', of: "SELECT series || '/' || year FROM registry_series WHERE series NOT IN ('E', 'S', 'O') LIMIT 1",
		write: "UPDATE registry_series SET last_number = last_number + 1 WHERE series || '/' || year = '%'",
		says: 'the numbers of cases and papers have no gaps; not so 1: %' },
	{ name: 'a paper\'s number that nobody has', of: "SELECT min(series || '/' || year) FROM registry_series WHERE series = 'O'",
		write: "UPDATE registry_series SET last_number = last_number + 1 WHERE series || '/' || year = '%'",
		says: 'the numbers of cases and papers have no gaps; not so 1: %' },
	{ name: 'a case under another entry', of: 'SELECT number FROM cases ORDER BY id LIMIT 1',
		write: "UPDATE cases SET registry_number = 'E-2026-999999' WHERE number = '%'",
		says: 'each case stands in the registry under its number; not so 1: %' },
	{ name: 'a case\'s answers', of: 'SELECT registry_number FROM cases ORDER BY id DESC LIMIT 1',
		write: "UPDATE cases SET answers = replace(answers, '\"', '\" ') WHERE registry_number = '%'",
		says: 'the answers that are kept are those that were registered; not so 1: %' },
	{ name: 'a former version of answers', of: 'SELECT min(registry_number) FROM case_presented',
		write: "UPDATE case_presented SET answers = '{}' WHERE registry_number = '%'",
		says: 'the answers that are kept are those that were registered; not so 1: %' },
	{ name: 'the event of a filing', of: 'SELECT number FROM cases ORDER BY id LIMIT 1',
		write: "DELETE FROM event WHERE type = 'case.filed' AND case_id = (SELECT id FROM cases WHERE number = '%')",
		says: 'each case was filed once; not so 1: %' },
	{ name: 'an event of no case', of: 'SELECT max(id) FROM event',
		write: 'UPDATE event SET case_id = 99999 WHERE id = %',
		says: /each event is of a case that exists; not so 1: [\w.]+\/%/ },
	{ name: 'the event of a paper', of: 'SELECT number FROM cases ORDER BY id LIMIT 1',
		write: "DELETE FROM event WHERE type = 'receipt.issued' AND case_id = (SELECT id FROM cases WHERE number = '%')",
		says: 'each paper that was issued has its event; not so 1: %' },
	{ name: 'an entry of another case', of: "SELECT max(name) FROM registry_entry WHERE series = 'S'",
		write: "UPDATE registry_entry SET case_id = (SELECT max(id) FROM cases WHERE id <> case_id) WHERE name = '%'",
		says: "each entry is a case's filing, a correction or a paper of it; not so 1: %" },
	{ name: 'a receipt', of: 'SELECT number FROM cases ORDER BY id LIMIT 1',
		write: "DELETE FROM document WHERE kind = 'receipt' AND case_id = (SELECT id FROM cases WHERE number = '%')",
		says: 'each case has its receipt; not so 1: %' },
	{ name: 'the words of a permit', of: "SELECT registry_number || '/' || id FROM document WHERE kind = 'permit' ORDER BY id LIMIT 1",
		write: "UPDATE document SET content = '{}' WHERE registry_number || '/' || id = '%'",
		says: 'the words of each paper are those that were frozen; not so 1: %' },
	{ name: 'an issued paper without its file', of: "SELECT registry_number FROM document WHERE kind = 'permit' AND state = 'issued' LIMIT 1",
		write: "UPDATE document SET file_id = NULL WHERE registry_number = '%'",
		says: 'each issued paper has the file it was issued with; not so 1: %' },
	{ name: 'a paper that nobody prints any more', of: "SELECT registry_number FROM document WHERE kind = 'permit' AND state = 'issued' LIMIT 1",
		write: "UPDATE document SET state = 'frozen' WHERE registry_number = '%'",
		says: 'each paper that is still to be printed has a job; not so 1: %' },
	{ name: 'a file in quarantine that nobody scans', of: 'SELECT name FROM stored_file LIMIT 1',
		write: "UPDATE stored_file SET scan = 'quarantine' WHERE name = '%'",
		says: 'each file in quarantine has a job; not so 1: %' },
	{ name: 'a notice that nobody sends any more', of: 'SELECT number FROM cases ORDER BY id LIMIT 1',
		write: `INSERT INTO notice (case_id, kind, channel, address, message_id, registry_number, state, reason, reply_code, created_at)
			SELECT id, 'filed', 'mail', 'ofelia@correo.example', 'aviso.1@leon.example', '', 'waiting', '', 0, filed_at FROM cases WHERE number = '%'`,
		says: 'each notice that is still to be sent has a job; not so 1: %' },
	{ name: 'a job of unknown kind', of: 'SELECT max(id) FROM job',
		write: "UPDATE job SET kind = 'no.such.kind', state = 'waiting' WHERE id = %",
		says: 'this program runs every kind of job that waits; not so 1: no.such.kind' },
	{ name: 'a job that was given up', of: "SELECT kind || '/' || id FROM job ORDER BY id DESC LIMIT 1",
		write: "UPDATE job SET state = 'dead' WHERE kind || '/' || id = '%'",
		says: 'no job was given up; not so 1: %' },
	{ name: 'a job of no case', of: "SELECT kind || '/' || id FROM job ORDER BY id DESC LIMIT 1",
		write: "UPDATE job SET case_id = 99999 WHERE kind || '/' || id = '%'",
		says: 'each job is of a case that exists, and in a known state; not so 1: %' },
];

for (const [i, damage] of damages.entries()) {
	test(`damaged: ${damage.name}`, async () => {
		const data = join(scratch(`doctor-${i}`), 'town');
		cpSync(whole, data, { recursive: true });
		const what = sql(data, damage.of);
		assert.notEqual(what, '', 'there is something to damage');
		if (damage.act) damage.act(data, what);
		else sql(data, `PRAGMA foreign_keys = OFF; ${damage.write.replaceAll('%', what)}`);
		const answer = await doctor(data, ...(damage.with ?? []));
		assert.equal(answer.code, EX_DATAERR, answer.stdout + answer.stderr);
		const bad = answer.stdout.split('\n').filter((line) => line.startsWith('BAD'));
		const says = damage.says instanceof RegExp ? new RegExp(damage.says.source.replaceAll('%', what)) : damage.says.replaceAll('%', what);
		assert.ok(bad.some((line) => (says instanceof RegExp ? says.test(line) : line.endsWith(says) || line.includes(`${says} `))), `${says}\n${bad.join('\n')}`);
		rmSync(data, { recursive: true });
		assert.ok(!existsSync(data));
	});
}

test('many that break a rule are counted, and only the first are named', async () => {
	const data = join(scratch('doctor-many'), 'town');
	cpSync(whole, data, { recursive: true });
	sql(data, "UPDATE job SET state = 'dead'");
	const answer = await doctor(data);
	const total = sql(data, 'SELECT count(*) FROM job');
	assert.match(answer.stdout, new RegExp(`BAD +no job was given up; not so ${total}: (?:[\\w.]+/\\d+, ){5}…\\n`));
});
