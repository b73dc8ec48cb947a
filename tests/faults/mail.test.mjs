// The mail server is gone for an hour: notices queue, one for each thing to tell, staff see them waiting, and each is
// delivered exactly once when it is back (core/notice/send.c; RFC 5321, 4.5.4.1).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { answersOf, apiOf, assertWell, startVolantes, volante } from '../lib/faults.mjs';
import { hasExim, startMailServer } from '../lib/mail.mjs';
import { office } from '../lib/office.mjs';
import { until } from '../lib/program.mjs';
import { setMail } from '../lib/server.mjs';

const skip = hasExim ? false : 'exim4 is not installed';
const addressOf = (n) => `vecina${n}@correo.example`;

test('the mail server is gone for an hour', { skip, timeout: 300000 }, async () => {
	let server = await startMailServer();
	const town = await startVolantes({ mail: server.setting() });
	const notices = () => town.sql('SELECT state, count(*) FROM notice GROUP BY state ORDER BY state', 'barakaldo');
	// What the server was handed, by its own log, and what lies in the mailboxes.
	const handedOver = () => readFileSync(join(server.folder, 'log/mainlog'), 'utf8').split('\n').filter((line) => / <= /.test(line)).length;
	const assertDelivered = async (addresses) => {
		await until(async () => (await server.mails()).length >= addresses.length, { what: 'the mails in the mailboxes' });
		assert.deepEqual((await server.mails()).map((mail) => mail.to).sort(), addresses);
		assert.equal(handedOver(), addresses.length);
	};
	try {
		const [counter, ana] = [await apiOf(town, 'carmen'), await town.signIn('ana', 'barakaldo')];
		const filed = [];
		const file = async () => {
			const answer = await counter.post(`/tramites/${volante}/solicitudes`,
				{ answers: { ...answersOf(), aviso: 'mail', correo: addressOf(filed.length) }, declaration: true });
			assert.equal(answer.status, 201, answer.body);
			filed.push(answer.json());
		};
		await file();
		await until(() => notices() === 'sent|1', { what: 'the first mail' });
		await assertDelivered([addressOf(0)]);
		await server.stop();
		for (let quarter = 0; quarter < 4; quarter++) {
			await file();
			await until(() => Number(town.sql("SELECT count(*) FROM job WHERE kind = 'notice.send' AND state = 'waiting' AND last_error LIKE '%the mail waits%'",
				'barakaldo')) === filed.length - 1, { what: 'a try of each' });
			await town.forward(0.25, 'barakaldo');
			counter.moveTo(town.port);
		}
		ana.close();
		ana.port = town.port;
		assert.equal(notices(), 'sent|1\nwaiting|4');
		assert.match((await ana.get(office(filed[1].number))).text, /Aviso por enviar a v•••@correo\.example/);
		await assertWell(town.data);
		await town.stop();
		server = await startMailServer({ port: server.port });
		setMail(town.data, server.setting());
		await town.forward(1, 'barakaldo'); // by then the longest pause has passed
		await until(() => notices() === 'sent|5', { what: 'the mails after the server is back' });
		await assertDelivered([1, 2, 3, 4].map(addressOf)); // each once; the first went to the former server
		assert.equal(town.sql("SELECT count(*) FROM event WHERE type = 'notice.sent'", 'barakaldo'), '5');
	} finally {
		await town.stop();
		await server.stop();
		await assertWell(town.data, { files: true });
	}
});
