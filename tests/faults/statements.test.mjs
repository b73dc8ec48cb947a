// Every write of a real filing fails in its turn, among others that are under way: the one that fails leaves nothing
// behind, not even its number, the others are whole. (That each statement of any commit may fail, in every way that
// there is and on both engines, is src/data/test_batch.c's.)
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiOf, assertThere, assertWell, fileMany, startVolantes } from '../lib/faults.mjs';

const AT_ONCE = 8;

test('the n-th write of the k-th filing fails, for every table that a filing writes', { timeout: 300000 }, async () => {
	const town = await startVolantes();
	const sql = (text) => town.sql(text, 'barakaldo');
	const counts = () => Object.fromEntries(sql("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'").split('\n')
		.map((table) => [table, Number(sql(`SELECT count(*) FROM ${table}`))]));
	try {
		const [counter, clerk] = [await apiOf(town, 'carmen'), await apiOf(town, 'ana')];
		const before = counts();
		const acknowledged = (await fileMany(counter, 20)).acknowledged; // two of them with a file
		assert.equal(acknowledged.length, 20);
		const after = counts();
		const inserted = Object.keys(after).filter((table) => after[table] > before[table]);
		for (const table of ['cases', 'registry_entry', 'log_leaf', 'event', 'document', 'job', 'case_term', 'case_party', 'attachment'])
			assert.ok(inserted.includes(table), `${table} is among ${inserted.join()}`);
		const others = ['access_record', 'registry_series']; // what a page was shown; a row begun with a year's first number
		const writes = [...inserted.filter((table) => !others.includes(table)).map((table) => ['INSERT', table]),
			['UPDATE', 'registry_series'], ['UPDATE', 'log_frontier'], ['DELETE', 'api_file']];
		for (const [verb, table] of writes) {
			for (const k of [0, 3]) { // the first of those under way, or the fourth
				const cases = Number(sql('SELECT count(*) FROM cases'));
				sql(`CREATE TRIGGER fault BEFORE ${verb} ON ${table} WHEN (SELECT count(*) FROM cases) >= ${cases + k} BEGIN SELECT RAISE(ABORT, 'on purpose'); END`);
				// One with a file comes last: that of the crowd may be among the first, and then its file is not what fails.
				const [crowd, last] = [await fileMany(counter, AT_ONCE), await fileMany(counter, 1)];
				const result = { acknowledged: [...crowd.acknowledged, ...last.acknowledged], refused: [...crowd.refused, ...last.refused] };
				const left = Number(sql('SELECT count(*) FROM cases'));
				sql('DROP TRIGGER fault');
				const what = `${verb} ${table}, k = ${k}: ${JSON.stringify(result)}`;
				assert.ok(result.refused.length > 0, what);
				assert.ok(result.refused.every((status) => status === 500 || status === 503), what);
				assert.equal(left - cases, result.acknowledged.length, `nobody who was refused left anything: ${what}`);
				acknowledged.push(...result.acknowledged);
				const again = await fileMany(counter, AT_ONCE);
				assert.equal(again.acknowledged.length, AT_ONCE, `as before: ${what}`);
				acknowledged.push(...again.acknowledged);
			}
		}
		await assertThere(clerk, acknowledged);
		assert.equal(new Set(acknowledged).size, Number(sql('SELECT count(*) FROM cases')));
		await assertWell(town.data);
	} finally {
		await town.stop();
		await assertWell(town.data, { files: true });
	}
});
