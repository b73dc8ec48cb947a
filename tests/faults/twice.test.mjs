// A commit may run more than once: when COMMIT fails for a batch, its members run again one by one. So whole journeys are
// gone through while files that make COMMIT fail are sent all the time, and nobody but who sent those must notice.
// (A deferred constraint stands in for what fails at COMMIT in life: a disk, a lost connection.)
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { Api, pdf } from '../lib/api.mjs';
import { assertReceipt, assertWell } from '../lib/faults.mjs';
import { fileCase } from '../lib/journey.mjs';
import { approve, askCorrection, collect, decision, pay, sign, step, take } from '../lib/office.mjs';
import { startTown } from '../lib/server.mjs';

const ROUNDS = 4;
const BOMBERS = 16;

test('commits that run twice do the same', { timeout: 300000 }, async () => {
	const town = await startTown();
	const token = await town.token('carmen');
	const staff = { ana: await town.signIn('ana'), omar: await town.signIn('omar'), julio: await town.signIn('julio') };
	town.sql(`CREATE TABLE bomb (of INTEGER REFERENCES cases(id) DEFERRABLE INITIALLY DEFERRED) STRICT;
		CREATE TRIGGER bomb AFTER INSERT ON api_file WHEN NEW.file_name = 'bomba.pdf' BEGIN INSERT INTO bomb VALUES (-1); END`);
	let going = true;
	const statuses = {};
	const bomber = async () => {
		const api = new Api(town.client(), token);
		while (going) {
			const { status } = await api.upload({ ...pdf('bomba'), name: 'bomba.pdf' });
			statuses[status] = (statuses[status] ?? 0) + 1;
		}
	};
	const journey = async () => {
		const citizen = town.client();
		const { number } = await fileCase(citizen);
		assert.ok(number);
		await take(staff.ana, number);
		await askCorrection(staff.ana, number, { frente: 'No coincide con la escritura.' });
		const answered = await step(citizen, number, '/corregir', { frente: '9' }, { form: `/expedientes/${number}/corregir` });
		assert.equal(answered.status, 303, answered.text);
		const said = await step(citizen, number, '/mensajes', { mensaje: 'Gracias.' }, { form: `/expedientes/${number}` });
		assert.equal(said.status, 303, said.text);
		await approve(staff.ana, number, decision);
		await sign(staff.omar, number, town.password);
		await pay(staff.julio, number, `F-${number}`);
		await collect(citizen, number);
	};
	const program = async () => {
		const api = new Api(town.client(), token);
		await assertReceipt(api, await api.file());
		// Under a key the answer is made inside the commit, each time that it runs.
		await assertReceipt(api, await api.file({}, { headers: { 'idempotency-key': randomUUID() } }));
	};
	try {
		const bombers = Array.from({ length: BOMBERS }, bomber);
		for (let round = 0; round < ROUNDS; round++) await Promise.all([journey(), journey(), program(), program(), program()]);
		going = false;
		await Promise.all(bombers);
		assert.deepEqual(Object.keys(statuses), ['503'], 'who breaks the batch is told so, and nobody else is');
		const { body } = await town.client().get('/metrics');
		const count = (name) => Number(new RegExp(`^${name}\\S* (\\d+)$`, 'm').exec(body)[1]);
		assert.ok(count('writer_retried_total') > 2 * count('writer_commits_total'), 'most commits ran a second time');
		town.sql('DROP TRIGGER bomb; DROP TABLE bomb');
	} finally {
		going = false;
		await town.stop();
		await assertWell(town.data, { files: true });
	}
});
