// PostgreSQL goes away and comes back; two nodes share one database, and one of them is killed.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { apiOf, assertReceipt, assertThere, assertWell, fileMany, fileVolante, hasPostgresql, rounds, startCluster, startVolantes, untilNoneRefused } from '../lib/faults.mjs';
import { until } from '../lib/program.mjs';
import { Town } from '../lib/server.mjs';
import { listen } from '../lib/streams.mjs';

const skip = hasPostgresql ? false : 'PostgreSQL is not installed';
const AWAY_MS = 10000;

function assertLater(answer, what) {
	assert.equal(answer.status, 503, `${what}: ${answer.status} ${answer.text}`);
	assert.ok(Number(answer.headers['retry-after']) > 0, `${what} says when to come back`);
	assert.doesNotMatch(answer.body, /postgres|socket|server closed/i, `${what} says nothing of the machine`);
}

test('the database is gone for ten seconds: 503 and when to come back, then as before', { skip, timeout: 300000 }, async () => {
	const database = startCluster();
	const town = await startVolantes({ database: database.url });
	try {
		const [counter, clerk] = [await apiOf(town, 'carmen'), await apiOf(town, 'ana')];
		const worker = await town.signIn('ana', 'barakaldo');
		const before = await fileMany(counter, 50);
		assert.equal(before.acknowledged.length, 50);
		database.kill();
		const seen = {};
		for (let n = 0, end = Date.now() + AWAY_MS; Date.now() < end; n++) {
			const asked = {
				'a filing': await fileVolante(counter, 1),
				'a case': await clerk.get(`/expedientes/${before.acknowledged[0]}`),
				'a case in a browser': await worker.get(`/oficina/expedientes/${before.acknowledged[0]}`),
				'the state page': await town.client('barakaldo').get('/salud'),
			};
			for (const [what, answer] of Object.entries(asked)) assertLater(answer, what);
			seen.times = n + 1;
		}
		assert.ok(seen.times > 0);
		database.again();
		const filed = await until(async () => {
			const answer = await fileVolante(counter, 10);
			if (answer.status !== 201) assertLater(answer, 'a filing on the way back');
			return answer.status === 201 && answer.json();
		}, { what: 'a filing after the database is back' });
		const page = await until(async () => {
			const one = await worker.get(`/oficina/expedientes/${filed.number}`);
			return one.status === 200 && one;
		}, { what: 'reading after the database is back' });
		assert.match(page.text, new RegExp(filed.number));
		const meanwhile = await untilNoneRefused(counter);
		const after = await fileMany(counter, 50);
		assert.equal(after.acknowledged.length, 50);
		await assertThere(clerk, [...before.acknowledged, filed.number, ...meanwhile, ...after.acknowledged]);
		await assertReceipt(counter, filed);
		assert.equal(town.server.child.exitCode, null, 'it is still the same program');
		assert.ok(!town.log().some((line) => line.event === 'request.error' && line.code === 'ERR_INTERNAL'));
	} finally {
		await town.stop();
		await assertWell(town.data, { files: true });
		database.stop();
	}
});

// A page that is late on its loop begins again on the pool (LOOP_BUDGET_US), with a clean sheet.
test('what waits for the database begins again elsewhere, and says each thing once', { skip, timeout: 120000 }, async () => {
	const database = startCluster();
	const town = await startVolantes({ database: database.url, args: ['--streams', '0'] });
	const locker = spawn('psql', ['-qXAt', database.url], { stdio: ['pipe', 'pipe', 'inherit'] });
	let said = '';
	locker.stdout.on('data', (piece) => { said += piece; });
	try {
		const clerk = await town.signIn('ana', 'barakaldo');
		// Looked at after the stream's first headers are written.
		locker.stdin.write('BEGIN; LOCK TABLE scope_exclusion IN ACCESS EXCLUSIVE MODE; SELECT 1;\n');
		await until(() => said.includes('1'), { what: 'the lock' });
		const opened = listen(town, clerk, '/oficina/bandeja/mios', { headers: { origin: `http://barakaldo.localhost:${town.port}` } });
		// Only the second attempt waits for longer than the first may.
		const waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND now() - query_start > interval '100 ms'";
		await until(() => town.sql(waits, 'barakaldo').trim() === '1', { what: 'the second attempt' });
		locker.stdin.end('COMMIT;\n');
		const stream = await opened;
		assert.equal(stream.status, 200);
		assert.equal(stream.headers['access-control-allow-origin'], `http://barakaldo.localhost:${town.port}`);
		stream.close();
	} finally {
		locker.kill();
		await town.stop();
		database.stop();
	}
});

test('two nodes on one database: numbers go on without a gap, also when one is killed', { skip, timeout: 120000 + rounds * 60000 }, async () => {
	const database = startCluster();
	const town = await startVolantes({ database: database.url });
	const other = new Town(town.data, []);
	try {
		await other.begin();
		const clerk = await apiOf(town, 'ana');
		const [here, there] = [await apiOf(town, 'carmen'), await apiOf(other, 'carmen')];
		for (let round = 0; round < Math.max(3, rounds / 10); round++) {
			const killAt = round === 0 ? 0 : 30 * round % 80 + 1;
			let last;
			const [mine, its] = await Promise.all([fileMany(here, 100), fileMany(there, 100, (count, filed) => {
				last = filed;
				if (count === killAt) other.server.child.kill('SIGKILL');
			})]);
			assert.deepEqual([mine.refused, mine.unanswered, its.refused], [[], 0, []]);
			assert.equal(its.unanswered > 0, killAt > 0);
			const all = [...mine.acknowledged, ...its.acknowledged];
			assert.equal(new Set(all).size, all.length, 'a number is given once');
			const order = all.sort();
			const turns = order.filter((number, i) => i > 0 && its.acknowledged.includes(number) !== its.acknowledged.includes(order[i - 1]));
			assert.ok(turns.length >= 2, 'both nodes took their turns');
			await assertThere(clerk, all);
			await assertWell(town.data);
			if (killAt) {
				await other.server.ended;
				await other.begin();
				there.moveTo(other.port);
				await assertReceipt(there, last);
			}
		}
	} finally {
		await Promise.all([town.stop(), other.stop()]);
		await assertWell(town.data, { files: true });
		database.stop();
	}
});
