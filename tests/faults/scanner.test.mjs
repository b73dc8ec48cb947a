// The virus scanner is gone for an hour: people file all the same, what they sent stays shut away, and is looked at when
// the scanner is back.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { apiOf, assertWell, fileVolante, startVolantes } from '../lib/faults.mjs';
import { scratch, until } from '../lib/program.mjs';
import { startScanner } from '../lib/server.mjs';

test('the scanner is gone for an hour', { timeout: 300000 }, async () => {
	const socket = join(scratch('scanner'), 'clamd.sock');
	let scanner = await startScanner(socket);
	const town = await startVolantes({ scanner: socket });
	const states = () => town.sql("SELECT scan, count(*) FROM stored_file WHERE scan <> 'own' GROUP BY scan", 'barakaldo');
	try {
		const [counter, clerk] = [await apiOf(town, 'carmen'), await apiOf(town, 'ana')];
		const filed = [];
		const file = async () => {
			const answer = await fileVolante(counter, 10 * filed.length);
			assert.equal(answer.status, 201, answer.body);
			filed.push(answer.json());
		};
		await file();
		await until(() => states() === 'clean|1', { what: 'the first verdict' });
		await scanner.stop();
		for (let quarter = 0; quarter < 4; quarter++) {
			await file();
			const path = `/expedientes/${filed.at(-1).number}`;
			const [{ id, scan }] = (await clerk.get(path)).json().files;
			assert.equal(scan, 'quarantine');
			assert.equal((await clerk.get(`${path}/adjuntos/${id}`)).status, 403, 'nobody opens what nobody has looked at');
			await town.forward(0.25, 'barakaldo');
			for (const api of [counter, clerk]) api.moveTo(town.port);
		}
		assert.equal(states(), 'clean|1\nquarantine|4');
		await assertWell(town.data, { except: /virus scanner/ });
		scanner = await startScanner(socket);
		await town.forward(1, 'barakaldo'); // by then the longest pause has passed
		await until(() => states() === 'clean|5', { what: 'the verdicts after the scanner is back' });
	} finally {
		await town.stop();
		await scanner.stop();
		await assertWell(town.data, { files: true, except: /virus scanner/ });
	}
});
