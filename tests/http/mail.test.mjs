// Citizens are told by mail: through a real server, read by an independent parser. Requirement: "without mail or mobile one
// can still return", and keys never travel in mail (docs/ARCHITECTURE.md; core/notice).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { join } from 'node:path';
import { fileCase, fillForm } from '../lib/journey.mjs';
import { hasExim, readMails, startMailServer } from '../lib/mail.mjs';
import * as desk from '../lib/office.mjs';
import { runOk, run, until } from '../lib/program.mjs';
import { setMail, startTown } from '../lib/server.mjs';

const skip = hasExim ? false : 'exim4 is not installed';
const bare = (code) => code.replaceAll('-', '');
let town, server;
const clerks = {};
before(async () => {
	if (skip) return;
	server = await startMailServer();
	town = await startTown({ mail: server.setting() });
	for (const login of ['ana', 'omar', 'carmen', 'julio']) clerks[login] = await town.signIn(login);
});
after(async () => {
	await town?.stop();
	await server?.stop();
});

const mailsTo = (address) => until(async () => (await server.mails()).filter((mail) => mail.to === address), { what: 'mails' });
const waitFor = (address, subject) => until(async () =>
	(await server.mails()).find((mail) => mail.to === address && mail.subject.includes(subject)),
{ what: `the mail "${subject}" to ${address}\n${town.server.output.stderr.slice(-2000)}` });

// RFC 5322, 3.6; RFC 3834, 5; RFC 2046, 5.1.4.
function checkMail(mail, filed) {
	for (const name of ['from', 'to', 'subject', 'date', 'message-id', 'mime-version', 'reply-to'])
		assert.equal(mail.header(name).length, 1, name);
	assert.equal(mail.from.address, 'avisos@leon.example');
	assert.equal(mail.from.name, 'Municipio de León');
	assert.equal(mail.replyTo[0].address, 'ventanilla@leon.example');
	assert.deepEqual(mail.header('auto-submitted'), ['auto-generated']);
	assert.ok(mail.subject.includes(filed.number));
	assert.match(mail.html, /lang="es"/);
	assert.doesNotMatch(mail.html, /<(script|img|link|iframe)|url\(|@import/i); // nothing is fetched
	for (const form of [mail.text, mail.html, mail.source]) {
		for (const secret of [filed.key, bare(filed.key), filed.statusCode, bare(filed.statusCode)])
			assert.ok(!form.includes(secret), 'a code or key in a mail');
	}
	assert.match(mail.text, /Demostración/); // the watermark
	assert.match(mail.html, /Demostración/);
}

test('each step of a case is told, without key or decision, and stands in its history', { skip }, async () => {
	const citizen = town.client(), address = 'ofelia@correo.example';
	const filed = await fileCase(citizen);
	const first = await waitFor(address, 'Recibimos su solicitud');
	checkMail(first, filed);
	assert.ok(first.text.includes(filed.registry));
	assert.ok(first.html.includes(`/estado"`));
	await desk.take(clerks.ana, filed.number);
	await desk.askCorrection(clerks.ana, filed.number, { documento_predio: 'La página 2 salió cortada.' }, 'Con una foto basta.');
	const asked = await waitFor(address, 'falta corregir');
	checkMail(asked, filed);
	for (const form of [asked.text, asked.html])
		for (const part of ['Con una foto basta.', 'La página 2 salió cortada.', 'Tiene hasta el martes 16 de junio de 2026', 'plazo está en'])
			assert.ok(form.replace(/\s+/g, ' ').includes(part), part);
	// Its button leads to a page for whoever opens the mail elsewhere: there the case is opened with its key.
	const elsewhere = await town.client().get(new URL(/href="([^"]+mis-tramites)"/.exec(asked.html)[1]).pathname);
	assert.equal(elsewhere.status, 200);
	assert.match(elsewhere.body, /name="clave"/);
	const page = await citizen.get(`/expedientes/${filed.number}`);
	assert.match(page.text, /Le avisamos por correo a o•••@correo\.example/);
	const seen = await clerks.ana.get(desk.office(filed.number));
	assert.match(seen.text, /Aviso enviado a o•••@correo\.example/);
	assert.ok(!JSON.stringify(town.log()).includes('ofelia'), 'an address in the log');
});

test('decision, payment and delivery: that there is an answer, never which', { skip }, async () => {
	const citizen = town.client(), address = 'pago@correo.example';
	const filed = await fileCase(citizen, { correo: address });
	await desk.take(clerks.ana, filed.number);
	await desk.approve(clerks.ana, filed.number);
	await desk.sign(clerks.omar, filed.number, town.password);
	const due = await waitFor(address, 'falta un pago');
	checkMail(due, filed);
	assert.match(due.text, /\$\s?[\d,]+\.\d\d/);
	for (const word of [/aprob/i, /negad/i, /128/]) assert.doesNotMatch(due.text, word);
	await desk.pay(clerks.julio, filed.number, 'F-1');
	checkMail(await waitFor(address, 'Recibimos su pago'), filed);
	await desk.collect(citizen, filed.number);
	checkMail(await waitFor(address, 'entregado'), filed);
	assert.equal((await mailsTo(address)).length, 4);
});

test('the holder stops and starts notices with a button; a bad address comes back', { skip }, async () => {
	const citizen = town.client();
	const filed = await fileCase(citizen, { correo: 'cambio@correo.example' });
	await waitFor('cambio@correo.example', 'Recibimos');
	const own = `/expedientes/${filed.number}`;
	const stopped = await citizen.follow(await citizen.submit(await citizen.get(own), { avisar: 'no' }, { match: '/avisos' }));
	assert.match(stopped.text, /No le avisamos por correo/);
	await desk.take(clerks.ana, filed.number);
	await desk.askCorrection(clerks.ana, filed.number, { documento_predio: 'Falta.' });
	const wrong = await citizen.submit(await citizen.get(own), { avisar: 'si', correo: 'nadie@' }, { match: '/avisos' });
	assert.equal(wrong.status, 422);
	assert.match(wrong.body, /value="nadie@"/);
	const again = await citizen.submit(await citizen.get(own), { avisar: 'si', correo: 'otra@correo.example' }, { match: '/avisos' });
	assert.equal(again.status, 303);
	const stranger = await town.client().post(`${own}/avisos`, { avisar: 'no' });
	assert.ok([403, 404].includes(stranger.status) || /mis-tramites/.test(stranger.headers.location));
	assert.equal((await mailsTo('cambio@correo.example')).length, 1);
});

// RFC 5321, 4.2.1: 5yz is final, 4yz is not.
test('a refused mail is given up and shown to staff; one put off waits', { skip }, async () => {
	const [refused, later] = [town.client(), town.client()];
	const one = await fileCase(refused, { correo: 'rechazado@correo.example' });
	const other = await fileCase(later, { correo: 'luego@correo.example' });
	const shown = await until(async () => {
		const page = await clerks.ana.get(desk.office(one.number));
		return /El aviso no llegó a r•••@correo\.example/.test(page.text) && page;
	}, { what: 'the failed notice in the history' });
	assert.match(shown.text, /rechazó \(550\)/);
	await until(async () => town.log().some((line) => line.event === 'job.failed' && /451/.test(line.error)), { what: 'a 451 in the log' });
	assert.match((await clerks.ana.get(desk.office(other.number))).text, /Aviso por enviar a l•••@correo\.example/);
	assert.ok(!/rechazado@|luego@/.test(JSON.stringify(town.log())), 'an address in the log');
});

test('a server that is away for an hour gets each mail once', { skip }, async () => {
	const address = 'hora@correo.example';
	await server.stop();
	const filed = await fileCase(town.client(), { correo: address });
	await until(async () => town.log().some((line) => line.event === 'job.failed' && line.request === 'notice.send'
		&& /last reply 0/.test(line.error)), { what: 'a try that failed' });
	server = await startMailServer({ port: server.port });
	setMail(town.data, server.setting());
	await town.stop();
	town.sql('UPDATE job SET run_at = run_at - 3600000 WHERE kind = \'notice.send\' AND state = \'waiting\'');
	await town.begin();
	checkMail(await waitFor(address, 'Recibimos'), filed);
	await until(async () => town.sql(`SELECT count(*) FROM notice n JOIN cases c ON c.id = n.case_id WHERE c.number = '${filed.number}'
		AND n.state = 'sent'`) === '1', { what: 'the notice as sent' });
	assert.equal((await mailsTo(address)).length, 1);
});

test('a server without STARTTLS, or without a known certificate, is told nothing', { skip }, async () => {
	const plain = await startMailServer({ hasTls: false });
	for (const setting of [plain.setting(', tls: required'),
		server.setting(`, user: ventanilla, password_file: ${server.password}, tls: required`)]) {
		const other = await startTown({ mail: setting, accounts: [] });
		await fileCase(other.client(), { correo: 'claro@correo.example' });
		await until(async () => other.log().some((line) => line.event === 'job.failed' && line.request === 'notice.send'), { what: 'a refusal' });
		await other.stop();
	}
	assert.deepEqual(await plain.mails(), []);
	assert.ok(!(await server.mails()).some((mail) => mail.to === 'claro@correo.example'));
	await plain.stop();
});

test('without mail nothing is offered and nothing is made; doctor says so', async () => {
	const other = await startTown({ mail: null });
	const filed = await fileCase(other.client());
	const form = await fillForm(other.client(), { aviso: null });
	assert.doesNotMatch(form.body, /id="aviso-mail"|name="aviso" value="mail"/);
	assert.ok(filed.number);
	await other.stop();
	assert.equal(other.sql('SELECT count(*) FROM notice'), '0');
	assert.equal(other.sql('SELECT count(*) FROM job WHERE kind = \'notice.send\''), '0');
	assert.match(await runOk(['doctor', '--data', other.data]), /mail: none is configured/);
});

test('a simulated town keeps its mails; a live one may not, and none sends in clear to others', async () => {
	const kept = await startTown({ accounts: [] });
	const filed = await fileCase(kept.client());
	const mails = await until(async () => {
		const found = await readMails(join(kept.data, 'correo/leon'));
		return found.length && found;
	}, { what: 'the kept mail' });
	checkMail(mails[0], filed);
	await kept.stop();
	setMail(kept.data, () => '{server: "smtp://mail.example:25", from: a@leon.example, reply_to: b@leon.example, tls: none}');
	const clear = await run(['serve', '--data', kept.data, '--port', '0']);
	assert.equal(clear.code, 64);
	assert.match(clear.stderr, /without TLS/);
	const live = await startTown({ simulated: null, accounts: [] });
	await live.stop();
	setMail(live.data, () => '{folder: correo, from: a@leon.example, reply_to: b@leon.example}');
	const folder = await run(['serve', '--data', live.data, '--port', '0']);
	assert.equal(folder.code, 64);
	assert.match(folder.stderr, /no simulated municipality/);
});
