// A handler that does not come back delays nobody else. Here the database keeps it waiting: somebody holds the table that
// every signed-in page reads first. (A handler that loops in itself: src/web/test_relay*.c, over sockets too.)
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, test } from 'node:test';
import { hasPostgresql, startCluster, startVolantes } from '../lib/faults.mjs';
import { until } from '../lib/program.mjs';

const skip = hasPostgresql ? false : 'PostgreSQL is not installed';
let town;
let cluster;
before(async () => {
	if (skip) return;
	cluster = startCluster();
	town = await startVolantes({ database: cluster.url });
});
after(async () => {
	psql?.kill('SIGKILL');
	await town?.stop('SIGKILL');
	cluster?.stop();
});

// Holds the table until it is let go.
let psql;
async function hold(table) {
	psql = spawn('psql', ['-qXAt', cluster.url], { stdio: ['pipe', 'pipe', 'inherit'] });
	let said = '';
	psql.stdout.on('data', (data) => { said += data; });
	psql.stdin.write(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE; SELECT 'held';\n`);
	await until(() => said.includes('held'), { what: 'the lock' });
	return { letGo() { psql.stdin.end('COMMIT;\n'); } };
}

test('pages that wait for the database delay no others, and are answered when it answers', { skip }, async () => {
	const clerks = await Promise.all(Array.from({ length: 6 }, () => town.signIn('ana', 'barakaldo')));
	const held = await hold('session');
	let waiting = clerks.length;
	const stuck = clerks.map((clerk) => clerk.get('/oficina').finally(() => waiting--));
	// More than any loop could serve beside a stuck one: new connections, spread over all of them.
	for (let round = 0; round < 20; round++) {
		const pages = await Promise.all(Array.from({ length: 8 }, () => town.client('barakaldo').get('/tramites')));
		assert.deepEqual([...new Set(pages.map((page) => page.status))], [200]);
	}
	assert.equal(waiting, clerks.length, 'the others were answered while these waited');
	held.letGo();
	for (const page of await Promise.all(stuck)) assert.ok([200, 303].includes(page.status), `${page.status}`);
	const metrics = (await town.client('barakaldo').get('/metrics')).body;
	assert.match(metrics, /^http_loops_handed_over_total [1-9]/m);
});
