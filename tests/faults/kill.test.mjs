// The program is killed in the middle of 200 filings at once, again and again, on both engines: whoever was told that
// something was filed finds it, numbers have no gaps, and what belongs together is there together or not at all.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { apiOf, assertReceipt, assertThere, assertWell, engines, fileMany, rounds, startVolantes } from '../lib/faults.mjs';

const AT_ONCE = 200;
const ROUNDS_A_TOWN = 25; // then another one: doctor looks at all of it each time

async function oneTown(engine, from, to) {
	const database = engine.start();
	const town = await startVolantes({ database: database.url });
	try {
		const [counter, clerk] = [await apiOf(town, 'carmen'), await apiOf(town, 'ana')];
		let last;
		for (let round = from; round < to; round++) {
			const killAt = (round * 37) % (AT_ONCE - 20) + 1;
			const result = await fileMany(counter, AT_ONCE, (count, filed) => {
				last = filed;
				if (count === killAt) town.server.child.kill('SIGKILL');
			});
			assert.deepEqual(result.refused, [], 'nobody is refused before the end');
			assert.ok(result.acknowledged.length >= killAt && result.unanswered > 0, 'killed in the middle');
			assert.equal(new Set(result.acknowledged).size, result.acknowledged.length, 'a number is given once');
			await town.server.ended;
			await assertWell(town.data);
			await town.begin();
			for (const api of [counter, clerk]) api.moveTo(town.port);
			await assertThere(clerk, result.acknowledged);
		}
		await assertReceipt(counter, last);
	} finally {
		await town.stop();
		await assertWell(town.data, { files: true });
		database.stop();
	}
}

// Both engines at once: a round mostly waits, for a disk or for a program that starts.
describe('killed', { concurrency: true }, () => {
	for (const engine of engines) {
		test(`killed in ${rounds} rounds of ${AT_ONCE} filings at once, on ${engine.name}`, { skip: engine.skip, timeout: 120000 + rounds * 60000 }, async () => {
			for (let from = 0; from < rounds; from += ROUNDS_A_TOWN)
				await oneTown(engine, from, Math.min(from + ROUNDS_A_TOWN, rounds));
		});
	}
});
