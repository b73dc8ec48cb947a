// The machine's clock is set back and forward while the program serves a live town: the register's time never goes back,
// what is due is done, and nobody is locked out. (libfaketime stands between the program and the machine's clock.)
import assert from 'node:assert/strict';
import { readdirSync, existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { apiOf, assertReceipt, assertThere, assertWell, fileVolante, startVolantes } from '../lib/faults.mjs';
import { scratch } from '../lib/program.mjs';

const library = readdirSync('/usr/lib').map((one) => join('/usr/lib', one, 'faketime/libfaketimeMT.so.1')).find(existsSync);
const HOUR = 3600;

test('the clock steps back and forward', { skip: library ? false : 'faketime is not installed', timeout: 120000 }, async () => {
	const file = join(scratch('clock'), 'offset');
	const step = (seconds) => { // at once: the program may be reading it
		writeFileSync(`${file}.new`, `${seconds < 0 ? '' : '+'}${seconds}\n`);
		renameSync(`${file}.new`, file);
	};
	step(0);
	const town = await startVolantes({ simulated: null, env: { LD_PRELOAD: library, FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: '1',
		FAKETIME_DONT_FAKE_MONOTONIC: '1' } });
	try {
		const [counter, clerk] = [await apiOf(town, 'carmen'), await apiOf(town, 'ana')];
		const filed = [];
		const seen = []; // [offset, time of the filing]
		for (const offset of [0, -HOUR, -30 * 24 * HOUR, 0, 2 * HOUR, 26 * HOUR, 2 * HOUR, -HOUR, 0]) {
			step(offset);
			const worker = await town.signIn('ana', 'barakaldo');
			const answer = await fileVolante(counter, filed.length * 10);
			assert.equal(answer.status, 201, `${offset} s: ${answer.body}`);
			const one = answer.json();
			filed.push(one);
			seen.push([offset, Date.parse(one.filed_at)]);
			await assertReceipt(counter, one);
			assert.equal((await worker.get(`/oficina/expedientes/${one.number}`)).status, 200, `${offset} s: signed in`);
		}
		for (let i = 1; i < seen.length; i++)
			assert.ok(seen[i][1] >= seen[i - 1][1], `the register's time never goes back: ${JSON.stringify(seen)}`);
		assert.ok(seen[5][1] - seen[3][1] > 25 * HOUR * 1000, 'it does go forward with the clock');
		await assertThere(clerk, filed.map((one) => one.number));
		assert.ok(!town.log().some((line) => line.level === 'error'), town.server.output.stderr);
	} finally {
		await town.stop();
		await assertWell(town.data, { files: true });
	}
});
