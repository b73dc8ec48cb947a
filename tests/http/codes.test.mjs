// Codes and keys: what they open, what they do not tell, and what the check page says of a paper in every state.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileCase, pdfFile, slug } from '../lib/journey.mjs';
import { approve, collect, office, pay, sign, step, take } from '../lib/office.mjs';
import { scratch } from '../lib/program.mjs';
import { password, startTown } from '../lib/server.mjs';

let town;
const staff = {};
const personal = /Ofelia|Muñoz|Nogal|ofelia@correo/;
const keyShape = /[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){5}-[0-9A-HJKMNP-TV-Z]{2}/;
let filed; // { citizen, number, statusCode, key }
let permit; // { bytes, key, id }

async function issued() {
	const citizen = town.client();
	const one = await fileCase(citizen);
	await take(staff.ana, one.number);
	await approve(staff.ana, one.number);
	await sign(staff.omar, one.number, password);
	await pay(staff.julio, one.number, `F-${one.number}`);
	const bytes = (await collect(citizen, one.number)).bytes;
	const file = join(scratch('permit'), 'permiso.pdf');
	writeFileSync(file, bytes);
	return { citizen, ...one, bytes, documentKey: keyShape.exec(execFileSync('pdftotext', [file, '-'], { encoding: 'utf8' }))[0] };
}

before(async () => {
	town = await startTown();
	for (const login of ['ana', 'omar', 'julio']) staff[login] = await town.signIn(login);
	filed = await issued();
	permit = { bytes: filed.bytes, key: filed.documentKey };
});
after(() => town?.stop());

const ask = async (path, fields, client = town.client()) => client.submit(await client.get(path), fields, { match: path });
const check = (fields) => ask('/verificar', fields);
// Without what differs in every answer: tokens, ids of requests, the instant, and what was typed.
const bare = (page) => page.body.replace(/name="_csrf" value="[^"]*"/g, '').replace(/\b[a-z2-7]{16}\b/g, '')
	.replace(/Comprobado[^<]*/g, '').replace(/Hora oficial[^<]*/g, '').replace(/value="[^"]*"/g, '').replace(/<div class="stub__key">.*?<\/div>/gs, '');

test('a paper is valid by its key, however it is typed, and nothing of its person is shown', async () => {
	for (const clave of [permit.key, permit.key.toLowerCase(), permit.key.replaceAll('-', ' '), ` ${permit.key.replaceAll('-', '')} `,
		permit.key.replaceAll('0', 'O').replaceAll('1', 'l')]) {
		const page = await check({ clave });
		assert.equal(page.status, 200);
		assert.match(page.text, /es válido|está vigente|auténtico/i, clave);
		assert.match(page.text, /Alineamiento y Número Oficial/);
		assert.doesNotMatch(page.body, personal);
	}
});

test('whoever has the key has the bytes, and they are those that were issued', async () => {
	const client = town.client();
	const page = await client.submit(await client.get('/verificar'), { clave: permit.key }, { match: '/verificar' });
	const file = await client.submit(page, {}, { match: '/verificar/documento' });
	assert.equal(file.status, 200);
	assert.equal(file.headers['content-type'], 'application/pdf');
	assert.ok(file.bytes.equals(permit.bytes));
});

test('one byte changed anywhere is told from the paper that was issued', async () => {
	const wrong = [];
	for (let at = 20; at < permit.bytes.length; at += Math.floor(permit.bytes.length / 40)) {
		const altered = Buffer.from(permit.bytes);
		altered[at] ^= 1;
		const page = await check({ archivo: pdfFile('permiso.pdf', altered) });
		if (page.status !== 200 || !/class="verdict verdict--bad/.test(page.body) || /es válido|está vigente/i.test(page.text)) wrong.push(at);
	}
	assert.deepEqual(wrong, []);
	for (const bytes of [Buffer.concat([permit.bytes, Buffer.from('\n')]), permit.bytes.subarray(0, -10)])
		assert.match((await check({ archivo: pdfFile('permiso.pdf', bytes) })).body, /class="verdict verdict--bad/);
	assert.match((await check({ archivo: pdfFile('permiso.pdf', permit.bytes) })).text, /es válido|está vigente|auténtico/i);
});

test('a file that is none of ours, no PDF, empty or too large', async () => {
	const verdicts = [];
	for (const file of [pdfFile('otro.pdf'), { name: 'foto.png', type: 'image/png', bytes: '\x89PNG\r\n\x1a\n' }]) {
		const page = await check({ archivo: file });
		assert.equal(page.status, 200);
		assert.match(page.body, /class="verdict verdict--bad/);
		verdicts.push(page.text.match(/Comprobar|no (?:lo )?emiti/i)?.[0]);
	}
	for (const bytes of [Buffer.alloc(0), Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(26 * 1024 * 1024)])]) {
		const page = await check({ archivo: { name: 'x.pdf', type: 'application/pdf', bytes } });
		assert.equal(page.status, 422);
	}
	assert.equal((await check({ clave: '' })).status, 422);
	// What was looked at is not kept.
	assert.equal(town.sql('SELECT count(*) FROM stored_file'), String(Number(town.sql('SELECT count(*) FROM attachment')) + Number(town.sql("SELECT count(*) FROM document WHERE state = 'issued'"))));
});

test('a wrong key, one that cannot be a key and another kind of code read the same', async () => {
	const last = permit.key.at(-1) === 'Z' ? 'Y' : 'Z';
	const pages = [];
	for (const clave of [permit.key.slice(0, -1) + last, 'no es una clave', filed.key, filed.statusCode, '0'.repeat(26), 'ñ'.repeat(26)])
		pages.push(await check({ clave }));
	for (const page of pages) {
		assert.equal(page.status, 200);
		assert.equal(bare(page), bare(pages[0]));
	}
	assert.match(pages[0].body, /class="verdict verdict--bad/);
});

test('a wrong status code and one that is none read the same; so do keys of cases and codes of drafts', async () => {
	for (const [path, name, wrong] of [
		['/estado', 'codigo', ['0000-0000-0000', '7K4M-Q2XP-9B3D', 'nada', filed.key, "' OR 1=1"]],
		['/mis-tramites', 'clave', ['0'.repeat(26), filed.statusCode, permit.key, 'nada']],
		['/continuar', '_codigo', ['0000-0000-0000', 'nada', filed.statusCode]]]) {
		const pages = [];
		for (const typed of wrong) pages.push(await ask(path, { [name]: typed }));
		for (const page of pages) {
			assert.equal(page.status, pages[0].status, path);
			assert.equal(bare(page), bare(pages[0]), path);
		}
		assert.ok(pages[0].status === 422, path);
	}
});

// A code that once opened something: of a draft that was filed, of one that was forgotten. It must look like any other.
test('a withdrawn code looks like one that never was', async () => {
	const citizen = town.client();
	const page = await citizen.follow(await citizen.submit(await citizen.get(`/tramites/${slug}/iniciar`), {}, { match: 'iniciar' }));
	const code = /[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}/.exec(page.text)[0];
	town.sql('UPDATE draft SET expires_at = 1 WHERE filed_case_id IS NULL');
	const [withdrawn, never] = [await ask('/continuar', { _codigo: code }), await ask('/continuar', { _codigo: '0000-0000-0000' })];
	assert.equal(withdrawn.status, never.status);
	assert.equal(bare(withdrawn), bare(never));
});

test('right, wrong and impossible codes take the same time', async () => {
	const client = town.client();
	const form = await client.get('/estado');
	const kinds = { wrong: '7K4M-Q2XP-9B3D', none: 'nada de nada' };
	const times = { wrong: [], none: [] };
	for (let i = 0; i < 150; i++) {
		for (const [kind, codigo] of Object.entries(kinds)) { // one after the other, so that what else runs hits both
			const begin = process.hrtime.bigint();
			await client.submit(form, { codigo }, { match: '/estado' });
			times[kind].push(Number(process.hrtime.bigint() - begin));
		}
	}
	const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
	const ratio = median(times.wrong) / median(times.none);
	assert.ok(ratio > 0.7 && ratio < 1.4, `${ratio}`);
});

test('the key opens the case in another browser until it is told to forget', async () => {
	const other = town.client();
	const path = `/expedientes/${filed.number}`;
	assert.equal((await other.get(path)).status, 404);
	const opened = await other.follow(await ask('/mis-tramites', { clave: filed.key.toLowerCase() }, other));
	assert.equal(opened.status, 200);
	assert.match(opened.text, /Calle Nogal de Prueba/);
	const copy = new Map(other.cookies);
	await other.submit(await other.get('/mis-tramites'), {}, { match: '/olvidar' });
	assert.equal((await other.get(path)).status, 404);
	other.cookies = copy; // the cookie of before opens nothing any more
	assert.equal((await other.get(path)).status, 404);
	assert.equal((await filed.citizen.get(path)).status, 200); // the citizen's own browser keeps it
});

test('an expired paper says so: a year and a day later', async () => {
	await town.forward(366 * 24);
	const page = await check({ clave: permit.key });
	assert.match(page.text, /venci|expir|no está vigente/i);
	assert.match(page.body, /class="verdict verdict--bad/);
	assert.match((await check({ archivo: pdfFile('permiso.pdf', permit.bytes) })).body, /class="verdict verdict--bad/);
	for (const login of ['ana', 'omar', 'julio']) staff[login] = await town.signIn(login);
});

test('a revoked paper says so, by key and by file, and is not handed out any more', async () => {
	const one = await issued();
	const id = town.sql(`SELECT d.id FROM document d JOIN cases c ON c.id = d.case_id WHERE c.number = '${one.number}' AND d.kind = 'permit'`);
	const form = office(one.number, `/documentos/${id}/revocar`);
	assert.match((await check({ clave: one.documentKey })).text, /es válido|está vigente|auténtico/i);
	const unproved = await step(staff.omar, one.number, '/revocar', { razones: 'Predio equivocado.', clave: 'no-es-la-suya' }, { form });
	assert.equal(unproved.status, 422);
	assert.equal((await step(staff.omar, one.number, '/revocar', { razones: 'Predio equivocado.', clave: password }, { form })).status, 303);
	for (const page of [await check({ clave: one.documentKey }), await check({ archivo: pdfFile('permiso.pdf', one.bytes) })]) {
		assert.match(page.text, /revoca/i);
		assert.match(page.body, /class="verdict verdict--bad/);
		assert.doesNotMatch(page.text, /Predio equivocado/); // why is between the town and its citizen
	}
	assert.equal((await one.citizen.get(`/expedientes/${one.number}/documentos/${id}`)).status, 410);
	const client = town.client();
	const token = (await client.get('/verificar')).form('/verificar').fields.find(([name]) => name === '_csrf')[1];
	assert.equal((await client.post('/verificar/documento', { clave: one.documentKey, _csrf: token })).status, 404);
});
