// The confined printer: a process of its own that can reach nothing, and whose end costs no document.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileCase, slug } from '../lib/journey.mjs';
import { until } from '../lib/program.mjs';
import { startTown } from '../lib/server.mjs';

let town;
before(async () => {
	town = await startTown();
});
after(async () => town?.stop());

// The server's child that was started as `printer`.
function printerOf(server) {
	for (const name of readdirSync('/proc')) {
		if (!/^\d+$/.test(name)) continue;
		try {
			const parent = Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))[1]);
			const words = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0');
			if (parent === server && words[1] === 'printer') return Number(name);
		} catch {
			// it ended while we looked
		}
	}
	return undefined;
}
const receipt = (citizen) => until(async () => {
	const one = await citizen.get(`/tramites/${slug}/acuse.pdf`);
	return one.status === 200 && one.headers['content-type'] === 'application/pdf' && one;
}, { what: 'the receipt' });

test('it runs without rights: system calls filtered, no new privileges', async () => {
	const child = await until(() => printerOf(town.server.child.pid), { what: 'the printer' });
	await until(() => /^Seccomp:\s+2$/m.test(readFileSync(`/proc/${child}/status`, 'utf8')), { what: 'its filter' });
	assert.match(readFileSync(`/proc/${child}/status`, 'utf8'), /^NoNewPrivs:\s+1$/m);
});

test('killed, it is replaced, and the receipt comes all the same', async () => {
	const first = await until(() => printerOf(town.server.child.pid), { what: 'the printer' });
	process.kill(first, 'SIGKILL');
	const citizen = town.client();
	await fileCase(citizen);
	const answer = await receipt(citizen);
	assert.match(answer.bytes.toString('latin1'), /ETSI\.CAdES\.detached/);
	assert.notEqual(printerOf(town.server.child.pid), first);
});
