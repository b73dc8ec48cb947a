// The main job, whole: a citizen files online, a clerk decides, an officer signs, a cashier is paid, a stranger checks
// the PDF that comes out. Then what may go wrong on the way.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Api, answersOf } from '../lib/api.mjs';
import { fileCase, fillForm, pdfFile, slug } from '../lib/journey.mjs';
import { run, runOk, scratch, until } from '../lib/program.mjs';
import { eicarText, password, startScanner, startTown } from '../lib/server.mjs';

let town;
let scanner;
const staff = {};
before(async () => {
	scanner = await startScanner();
	town = await startTown({ scanner: scanner.socket });
	for (const login of ['ana', 'omar', 'carmen', 'julio']) staff[login] = await town.signIn(login);
});
after(async () => {
	await town?.stop();
	await scanner?.stop();
});

const office = (number, more = '') => `/oficina/expedientes/${number}${more}`;
const decision = { numero_oficial: '128', frente_medido: '8.5', ancho_calle: '12', ancho_banqueta: '1.8', tiene_restriccion: 'no' };

// A step of the office: the form at `path` (or of the case page) with these fields. → the answer
async function step(client, number, action, fields = {}, { form = office(number) } = {}) {
	return client.submit(await client.get(form), fields, { match: action });
}

async function decide(number, fields = decision) {
	assert.equal((await step(staff.ana, number, '/tomar')).status, 303);
	assert.equal((await step(staff.ana, number, '/aprobar', fields, { form: office(number, '/aprobar') })).status, 303);
}
async function sign(number) {
	const answer = await step(staff.omar, number, '/firmar', { clave: password }, { form: office(number, '/firmar') });
	assert.equal(answer.status, 303, answer.text);
}
async function pay(number, folio) {
	const form = await staff.julio.get(`/oficina/caja/${number}`);
	const amount = form.form('/caja/').fields.find(([name]) => name === 'importe')[1];
	return staff.julio.submit(form, { folio, importe: amount }, { match: '/caja/' });
}

// The citizen opens the document: the button delivers it, the link gives the bytes.
async function collect(client, number) {
	const page = await until(async () => {
		const one = await client.get(`/expedientes/${number}`);
		return one.form('/documentos/') && one;
	}, { what: 'the signed document' });
	const answer = await client.submit(page, {}, { match: '/documentos/' });
	return client.follow(answer);
}

let permit;
test('from filing to a permit that anyone can check', async () => {
	const citizen = town.client();
	const filed = await fileCase(citizen);
	assert.equal(filed.page.status, 200);
	for (const part of ['number', 'registry', 'statusCode', 'key']) assert.ok(filed[part], `the receipt says no ${part}: ${filed.page.text}`);
	await decide(filed.number);
	await sign(filed.number);
	assert.match((await citizen.get(`/expedientes/${filed.number}`)).text, /412\.00/);
	assert.equal((await pay(filed.number, 'C-000001')).status, 303);
	const document = await collect(citizen, filed.number);
	assert.equal(document.headers['content-type'], 'application/pdf');
	permit = { bytes: document.bytes, number: filed.number, statusCode: filed.statusCode, file: join(scratch('permit'), 'permit.pdf') };
	writeFileSync(permit.file, document.bytes);
	assert.match((await citizen.get(`/expedientes/${filed.number}`)).text, /entreg/i);
});

// Two seconds is what it may take; a busy machine gets more before this says that it never comes.
test('the receipt is a sealed PDF soon after filing', async () => {
	const citizen = town.client();
	await fileCase(citizen);
	const answer = await until(async () => {
		const one = await citizen.get(`/tramites/${slug}/acuse.pdf`);
		return one.status === 200 && one.headers['content-type'] === 'application/pdf' && one;
	}, { what: 'the receipt' });
	assert.match(answer.bytes.toString('latin1'), /ETSI\.CAdES\.detached/);
});

test('pdfsig and openssl accept the seal', async () => {
	const report = execFileSync('pdfsig', [permit.file], { encoding: 'utf8' });
	assert.match(report, /Signature is Valid/);
	assert.match(report, /ETSI\.CAdES\.detached/);
	assert.match(report, /Total document signed/);
	const pdf = permit.bytes.toString('latin1');
	const [, a, b, c, d] = /\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)/.exec(pdf).map(Number);
	const hex = pdf.slice(b + 1, c - 1).replace(/[^0-9a-f]/gi, '');
	const length = parseInt(hex.slice(4, 8), 16) + 4; // DER: 30 82 llll
	const folder = scratch('cms');
	writeFileSync(join(folder, 'seal.der'), Buffer.from(hex.slice(0, length * 2), 'hex'));
	writeFileSync(join(folder, 'content'), Buffer.concat([permit.bytes.subarray(a, a + b), permit.bytes.subarray(c, c + d)]));
	const history = JSON.parse(await runOk(['keys', 'history', '--data', town.data]));
	const pem = /-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----\n/.exec(JSON.stringify(history).replaceAll('\\n', '\n'))[0];
	writeFileSync(join(folder, 'town.pem'), pem);
	const checked = spawnSync('openssl', ['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-purpose', 'any',
		'-no_check_time', '-CAfile', join(folder, 'town.pem'), '-in', join(folder, 'seal.der'), '-content', join(folder, 'content'), '-out', '/dev/null'], { encoding: 'utf8' });
	assert.equal(checked.status, 0, checked.stderr);
});

test('ventanilla verify needs nothing but the published keys', async () => {
	const keys = join(scratch('keys'), 'keys.json');
	writeFileSync(keys, await runOk(['keys', 'history', '--data', town.data]));
	assert.doesNotMatch(readFileSync(keys, 'utf8'), /PRIVATE/);
	const good = await run(['verify', '--keys', keys, permit.file]);
	assert.equal(good.code, 0, good.stdout + good.stderr);
	assert.match(good.stdout, /: valid\n$/);
	const altered = Buffer.from(permit.bytes);
	altered[altered.length >> 1] ^= 1;
	const file = join(scratch('altered'), 'altered.pdf');
	writeFileSync(file, altered);
	assert.equal((await run(['verify', '--keys', keys, file])).code, 65);
});

test('a stranger checks it by its key and by the file; an altered copy is told as such', async () => {
	const text = execFileSync('pdftotext', [permit.file, '-'], { encoding: 'utf8' });
	const key = /[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){5}-[0-9A-HJKMNP-TV-Z]{2}/.exec(text)[0];
	const stranger = town.client();
	const ask = async (fields) => stranger.follow(await stranger.submit(await stranger.get('/verificar'), fields, { match: '/verificar' }));
	const byKey = await ask({ clave: key });
	assert.equal(byKey.status, 200);
	assert.match(byKey.text, /vigente|válido|auténtico/i);
	assert.doesNotMatch(byKey.text, /Ofelia|Muñoz|Nogal/, 'no personal data');
	const byFile = await ask({ archivo: pdfFile('permiso.pdf', permit.bytes) });
	assert.match(byFile.text, /vigente|válido|auténtico/i);
	const altered = Buffer.from(permit.bytes);
	altered[altered.length >> 1] ^= 1;
	const byAltered = await ask({ archivo: pdfFile('permiso.pdf', altered) });
	assert.doesNotMatch(byAltered.text, /está vigente|es auténtico/i);
	assert.match(byAltered.text, /modific|alter|no coincide/i);
	const wrong = await ask({ clave: key.replace(/.$/, (c) => (c === 'Z' ? 'Y' : 'Z')) });
	assert.ok(!/vigente/i.test(wrong.text) || /no/i.test(wrong.text));
});

test('the status code shows state and dates, and no names', async () => {
	const stranger = town.client();
	const answer = await stranger.submit(await stranger.get('/estado'), { codigo: permit.statusCode }, { match: '/estado' });
	const page = await stranger.follow(answer);
	assert.equal(page.status, 200);
	assert.doesNotMatch(page.text, /Ofelia|Muñoz|Nogal/);
	assert.doesNotMatch(page.text, /no encontramos|no existe/i);
});

test('whoever holds only the number learns nothing', async () => {
	const stranger = town.client();
	const page = await stranger.get(`/expedientes/${permit.number}`);
	const none = await stranger.get('/expedientes/AN-2026-999999');
	assert.doesNotMatch(page.text, /Ofelia|Muñoz|Nogal/);
	assert.equal(page.status, none.status);
	const bare = (one) => one.text.replace(/AN-2026-\d{6}/g, '').replace(/\b[a-z2-7]{16}\b/g, ''); // its request's id
	assert.equal(bare(page), bare(none));
});

test('sending the form twice makes one case', async () => {
	const citizen = town.client();
	const review = await fillForm(citizen);
	const [first, second] = await Promise.all([1, 2].map(() => citizen.submit(review, { declara: '1' }, { match: '/presentar' })));
	const numbers = await Promise.all([first, second].map(async (answer) => {
		const page = await citizen.follow(answer);
		return /AN-\d{4}-\d{6}/.exec(page.text)?.[0];
	}));
	assert.ok(numbers[0]);
	assert.equal(numbers[0], numbers[1]);
});

test('two clerks on one case never overwrite each other', async () => {
	const citizen = town.client();
	const { number } = await fileCase(citizen);
	await step(staff.ana, number, '/tomar');
	const seenByBoth = await staff.ana.get(office(number, '/aprobar'));
	const seenByOmar = await staff.omar.get(office(number, '/negar'));
	assert.equal((await staff.ana.submit(seenByBoth, decision, { match: '/aprobar' })).status, 303);
	const late = await staff.omar.submit(seenByOmar, { razones: 'El predio no se localiza en la dirección que se indica.' }, { match: '/negar' });
	assert.equal(late.status, 409);
	assert.match((await staff.ana.get(office(number))).text, /Por firmar/);
});

test('a fee is paid once, with a folio of its own, before the document is given', async () => {
	const citizen = town.client();
	const { number } = await fileCase(citizen);
	await decide(number);
	await sign(number);
	const page = await citizen.get(`/expedientes/${number}`);
	assert.equal(page.form('/documentos/'), undefined, 'an unpaid document is not handed out');
	assert.notEqual((await pay(number, 'C-000001')).status, 303, 'that folio was used');
	assert.equal((await pay(number, 'C-000002')).status, 303);
});

test('nobody signs with another’s open session', async () => {
	const citizen = town.client();
	const { number } = await fileCase(citizen);
	await decide(number);
	const answer = await step(staff.omar, number, '/firmar', { clave: 'otra-clave-cualquiera' }, { form: office(number, '/firmar') });
	assert.equal(answer.status, 422);
	assert.equal((await staff.ana.get(office(number, '/firmar'))).status, 403);
	assert.match((await staff.ana.get(office(number))).text, /Por firmar/);
});

test('an attachment that lies about its type is refused, and what was typed stays', async () => {
	const citizen = town.client();
	const answer = await fillForm(citizen, { nombre: 'Lucía', identificacion: { name: 'ine.pdf', type: 'application/pdf', bytes: 'MZ\x90\0 no es PDF' } });
	assert.equal(answer.status, 422);
	assert.match(answer.body, /value="Lucía"/);
	assert.match(answer.text, /PDF/);
});

const infected = () => pdfFile('escritura.pdf', Buffer.concat([pdfFile('x').bytes, Buffer.from(`\n${eicarText()}`)]));

test('an infected file is asked for again before the form is sent', async () => {
	const citizen = town.client();
	const review = await fillForm(citizen, { documento_predio: infected() });
	await until(async () => !(await citizen.get(`/tramites/${slug}/revisar`)).text.includes('escritura.pdf'), { what: 'the verdict' });
	const answer = await citizen.submit(review, { declara: '1' }, { match: '/presentar' });
	assert.equal(answer.status, 422);
	assert.match(answer.text, /Documento del predio/);
	const page = await citizen.get(`/tramites/${slug}/paso/predio`);
	assert.match(page.text, /virus|infectad|malicios|peligros|dañin/i);
});

test('an infected file that a program sent is refused where it is used', async () => {
	const api = new Api(town.client(), await town.token('carmen'));
	const scans = () => town.sql('SELECT scan FROM stored_file ORDER BY id DESC LIMIT 2').split('\n').sort().join();
	const sent = [(await api.upload(infected())).json().id, (await api.upload()).json().id];
	await until(() => scans() === 'clean,infected', { what: 'the verdicts' });
	const filing = (files) => api.post(`/tramites/${slug}/solicitudes`, { answers: answersOf(files), declaration: true });
	const answer = await filing(sent);
	assert.equal(answer.status, 422, answer.body);
	assert.deepEqual(answer.json().errors.map((one) => [one.field, one.code]), [['identificacion.0', 'file.infected']]);
	const other = (await api.upload()).json().id;
	assert.equal((await filing([other, sent[1]])).status, 201);
});

test('an infected file that was filed is found, shut away, and asked for again', async () => {
	const socket = join(scratch('late'), 'clamd.sock');
	const other = await startTown({ scanner: socket });
	const ana = await other.signIn('ana');
	const citizen = other.client();
	const { number } = await fileCase(citizen, { documento_predio: infected() });
	assert.ok(number, 'without a scanner the filing is accepted, and the file waits');
	const waiting = await ana.get(office(number));
	const links = [...waiting.body.matchAll(/href="([^"]*\/adjuntos\/\d+)[^"]*"/g)].map(([, link]) => link);
	const late = await startScanner(socket);
	const page = await until(async () => {
		const one = await citizen.get(`/expedientes/${number}`);
		return /virus|infectad|malicios|peligros|dañin/i.test(one.text) && one;
	}, { what: 'the scanner’s verdict' });
	assert.equal(page.status, 200);
	for (const link of links) assert.doesNotMatch((await ana.get(link)).body, /EICAR/);
	await other.stop();
	await late.stop();
});

test('a draft is found again by its code, in another browser', async () => {
	const first = town.client();
	const review = await fillForm(first);
	const code = /\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b/.exec(review.text)[0];
	const second = town.client();
	const form = await second.get('/continuar');
	const [field] = form.form('/continuar').fields.map(([name]) => name).filter((name) => name !== '_csrf');
	const answer = await second.submit(form, { [field]: code }, { match: '/continuar' });
	const page = await second.follow(answer);
	assert.equal(page.status, 200, page.text);
	assert.match((await second.get(`/tramites/${slug}/revisar`)).text, /Ofelia/);
});

test('killed between the answer and the receipt’s PDF, the receipt comes after the restart', async () => {
	const citizen = town.client();
	const { number, registry } = await fileCase(citizen);
	await town.restart('SIGKILL');
	citizen.port = town.port;
	citizen.agent.destroy();
	const answer = await until(async () => {
		const one = await citizen.get(`/tramites/${slug}/acuse.pdf`);
		return one.status === 200 && one.headers['content-type'] === 'application/pdf' && one;
	}, { what: 'the receipt after the restart' });
	assert.match(answer.bytes.toString('latin1'), /^%PDF/);
	assert.match((await citizen.get(`/tramites/${slug}/acuse`)).text, new RegExp(registry));
	assert.match((await citizen.get(`/expedientes/${number}`)).text, new RegExp(number));
	for (const client of Object.values(staff)) client.port = town.port;
});
