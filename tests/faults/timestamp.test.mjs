// The time-stamp authority is gone for an hour: people file all the same, no paper leaves without the stamp that the town
// asks for, and each comes out by itself, once, when the authority is back (core/document/issue.c; RFC 3161).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { apiOf, assertReceipt, assertWell, fileVolante, startVolantes } from '../lib/faults.mjs';
import { until } from '../lib/program.mjs';
import { takeApart } from '../lib/seals.mjs';
import { checkStamp, startAuthority, stampOf } from '../lib/timestamp.mjs';

const receiptPath = (filed) => filed.links.receipt.replace('/api/v1', '');

test('the time-stamp server is gone for an hour', { timeout: 300000 }, async () => {
	const authority = await startAuthority();
	const town = await startVolantes({ timestamp: () => authority.setting() });
	const papers = () => town.sql('SELECT state, count(*) FROM document GROUP BY state ORDER BY state', 'barakaldo');
	let isGone = false;
	try {
		const [counter, admin] = [await apiOf(town, 'carmen'), await town.signIn('admin', 'barakaldo')];
		const filed = [];
		const file = async () => {
			const answer = await fileVolante(counter, 10 * filed.length + 1);
			assert.equal(answer.status, 201, answer.body);
			filed.push(answer.json());
		};
		await file();
		await assertReceipt(counter, filed[0]);
		await authority.stop();
		isGone = true;
		for (let quarter = 0; quarter < 4; quarter++) {
			await file();
			await until(() => Number(town.sql("SELECT count(*) FROM job WHERE kind = 'document.stamp' AND last_error LIKE '%time-stamp server is away%'",
				'barakaldo')) === filed.length - 1, { what: 'a try of each' });
			assert.equal((await counter.get(receiptPath(filed.at(-1)))).status, 404, 'nothing is issued without its stamp');
			await town.forward(0.25, 'barakaldo');
			counter.moveTo(town.port);
		}
		admin.close();
		admin.port = town.port;
		assert.equal(papers(), 'frozen|4\nissued|1');
		const shown = await admin.get('/oficina/administracion/tareas');
		assert.match(shown.text, /con sello de tiempo|denbora-zigilu/);
		assert.match(shown.text, /time-stamp server is away/);
		await assertWell(town.data);
		await authority.again();
		isGone = false;
		await town.forward(1, 'barakaldo'); // by then the longest pause has passed
		counter.moveTo(town.port);
		await until(() => papers() === 'issued|5', { what: 'the papers after the authority is back' });
		for (const one of filed) {
			const { bytes } = await counter.get(receiptPath(one));
			checkStamp(stampOf(readFileSync(takeApart(bytes).cms)), authority.authority);
		}
		assert.equal(town.sql("SELECT count(*) FROM event WHERE type = 'receipt.issued'", 'barakaldo'), '5');
	} finally {
		await town.stop();
		if (!isGone) await authority.stop();
		await assertWell(town.data, { files: true });
	}
});
