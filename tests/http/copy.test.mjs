// A town in use moves from SQLite to PostgreSQL and back: nothing is lost, nothing can be written to what was left.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { apiOf, assertThere, assertWell, fileMany, hasPostgresql, startCluster, startVolantes } from '../lib/faults.mjs';
import { run, runOk, until } from '../lib/program.mjs';

const skip = hasPostgresql ? process.env.VENTANILLA_TEST_PG && 'it begins on SQLite' : 'PostgreSQL is not installed';
let town;
let cluster;
before(async () => {
	if (skip) return;
	[town, cluster] = [await startVolantes(), startCluster()];
});
after(async () => {
	await town?.stop('SIGKILL');
	cluster?.stop();
});

const copy = (to) => run(['copy', '--data', town.data, '--to', to]);
// Every row of every table but the times at which the program's own migrations were applied.
const rowsOf = (file) => {
	const ask = (text) => execFileSync('sqlite3', ['-quote', file, text], { encoding: 'utf8', maxBuffer: 1 << 28 });
	const tables = ask("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('schema_migration', 'moved_away') ORDER BY name").trim().replaceAll("'", '').split('\n');
	assert.ok(tables.length > 30);
	return Object.fromEntries(tables.map((table) => [table, ask(`SELECT * FROM ${table}`).split('\n').sort()]));
};

test('to PostgreSQL while it is in use, and back', { skip }, async () => {
	let api = await apiOf(town, 'carmen');
	const first = (await fileMany(api, 20)).acknowledged;
	assert.equal(first.length, 20);
	await until(() => town.sql("SELECT count(*) FROM job WHERE state = 'waiting' AND kind = 'document.issue'", 'barakaldo') === '0',
		{ what: 'the receipts' });

	const moved = await copy(cluster.url);
	assert.equal(moved.code, 0, moved.stderr);
	assert.match(moved.stdout, /Moved \d{3,} rows of \d+ tables and compared each one/);
	assert.match(readFileSync(join(town.data, 'installation.yaml'), 'utf8'), /database: "?postgresql:/);

	// The server that still has the old one reads there, and takes nothing.
	await assertThere(api, first.slice(0, 3));
	const refused = (await fileMany(api, 5));
	assert.deepEqual([...new Set(refused.refused)], [503]);
	assert.deepEqual(refused.acknowledged, []);

	await town.restart('SIGKILL');
	api.moveTo(town.port);
	await assertThere(api, first);
	const second = (await fileMany(api, 20)).acknowledged;
	assert.equal(second.length, 20);
	assert.equal(new Set([...first, ...second]).size, 40);
	await town.stop();
	await assertWell(town.data, { files: true });

	const back = join(town.data, 'back.db');
	assert.equal((await copy(`sqlite:${back}`)).code, 0);
	const rows = rowsOf(back);
	assert.equal(rows.cases.filter(Boolean).length, 40);
	await assertWell(town.data, { files: true });

	// And on to another file, which is row by row the same.
	const again = join(town.data, 'again.db');
	assert.equal((await copy(`sqlite:${again}`)).code, 0);
	assert.deepEqual(rowsOf(again), rows);
	await town.begin();
	api.moveTo(town.port);
	await assertThere(api, [...first, ...second]);
});

test('what was left is not served again, and a target that holds something is refused', { skip }, async () => {
	await town.stop();
	const file = join(town.data, 'installation.yaml');
	const yaml = readFileSync(file, 'utf8');
	const full = await copy(cluster.url);
	assert.equal(full.code, 75, full.stdout + full.stderr);
	assert.match(full.stderr, /must be empty/);
	execFileSync('sed', ['-i', '/database:/d', file]);
	const old = await run(['serve', '--data', town.data, '--port', '0']);
	assert.notEqual(old.code, 0);
	assert.match(old.stderr, /was moved to postgresql:/);
	execFileSync('tee', [file], { input: yaml });
	const secret = await copy('postgresql://u:geheim@localhost/x');
	assert.equal(secret.code, 64);
	assert.match(secret.stderr, /passfile/);
	await runOk(['doctor', '--data', town.data]);
});
