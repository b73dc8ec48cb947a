// The program runs out of file descriptors: it goes on with what is open, says 503 to what needs another, and is well
// again by itself once there are some.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import net from 'node:net';
import { test } from 'node:test';
import { pdf } from '../lib/api.mjs';
import { apiOf, assertReceipt, assertThere, assertWell, fileMany, fileVolante, startVolantes } from '../lib/faults.mjs';
import { until } from '../lib/program.mjs';

// The soft limit: the hard one stays, so that nobody needs rights to set it back.
const limit = (pid, soft) => execFileSync('prlimit', ['--pid', String(pid), `--nofile=${soft}:`]);
const limitOf = (pid) => execFileSync('prlimit', ['--pid', String(pid), '--nofile', '--noheadings', '--output', 'SOFT'], { encoding: 'utf8' }).trim();
const opened = (pid) => readdirSync(`/proc/${pid}/fd`).length;
const FEW = 200;

// Connections that ask for nothing.
function idle(town, count) {
	const sockets = Array.from({ length: count }, () => net.connect(town.port, '127.0.0.1').on('error', () => {}));
	const connected = (one) => new Promise((done) => { if (one.connecting) one.once('connect', done).once('close', done); else done(); });
	return { connected: () => Promise.all(sockets.map(connected)),
		close: () => sockets.forEach((one) => one.destroy()) };
}

test('fewer descriptors than connections: newcomers are served all the same', { timeout: 120000 }, async () => {
	const town = await startVolantes({ wrap: ['prlimit', `--nofile=${FEW}:${FEW}`] });
	try {
		const [counter, clerk] = [await apiOf(town, 'carmen'), await apiOf(town, 'ana')];
		const before = await fileMany(counter, 20);
		const crowd = idle(town, 3 * FEW);
		await crowd.connected();
		const filed = await until(async () => {
			const answer = await fileVolante(await apiOf(town, 'carmen'), 10);
			assert.ok([201, 503].includes(answer.status), answer.body);
			return answer.status === 201 && answer.json();
		}, { what: 'a filing among idle connections' });
		assert.ok(opened(town.server.child.pid) <= FEW);
		crowd.close();
		await assertThere(clerk, [...before.acknowledged, filed.number]);
		await assertReceipt(counter, filed);
		assert.ok(town.log().some((line) => line.event === 'http.files'), 'the log says that there are few');
	} finally {
		await town.stop();
		await assertWell(town.data, { files: true });
	}
});

test('no descriptor left: what needs one is refused, and goes through later', { timeout: 120000 }, async () => {
	const town = await startVolantes();
	const { pid } = town.server.child;
	try {
		const [counter, clerk] = [await apiOf(town, 'carmen'), await apiOf(town, 'ana')];
		counter.client.agent.maxSockets = clerk.client.agent.maxSockets = 1; // one kept connection each
		const first = (await fileVolante(counter, 1)).json();
		await assertReceipt(counter, first);
		await assertThere(clerk, [first.number]);
		const enough = limitOf(pid);
		limit(pid, 3); // any number below what is open: none is closed, none is opened
		const refused = await counter.upload(pdf('nowhere to put it'));
		assert.equal(refused.status, 503, refused.body);
		assert.ok(Number(refused.headers['retry-after']) > 0);
		assert.equal((await clerk.get(`/expedientes/${first.number}`)).status, 200, 'what is open goes on');
		const second = await fileVolante(counter, 2);
		assert.equal(second.status, 201, second.body);
		limit(pid, enough);
		const third = await fileVolante(counter, 10);
		assert.equal(third.status, 201, third.body);
		for (const one of [second.json(), third.json()]) await assertReceipt(counter, one);
		assert.equal((await town.client('barakaldo').get('/')).status, 200, 'newcomers too');
	} finally {
		await town.stop();
		await assertWell(town.data, { files: true });
	}
});
