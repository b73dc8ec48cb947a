// What people typed stays where it belongs: not in the log, not in addresses, not in the neighbouring town, not in
// clear on the disk; and whoever looked stands in the record.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileCase, pdfFile, slug } from '../lib/journey.mjs';
import { approve, askCorrection, collect, office, pay, sign, step, take } from '../lib/office.mjs';
import { scratch, until } from '../lib/program.mjs';
import { password, startTown } from '../lib/server.mjs';

const typed = {
	nombre: 'Xochiquétzal', apellidos: 'Zárate Wuñoz', curp: 'BOXW310820HNERXN09', 'domicilio.street': 'Callejón Privadísimo',
	aviso: 'mail', correo: 'xochi.zarate@correo.example', comentarios: 'Padezco una enfermedad rara',
	identificacion: pdfFile('xochi-ine.pdf', Buffer.from('%PDF-1.4 CONTENIDO-SECRETO-DE-XOCHI')),
};
const words = ['Xochiqu', 'Zárate', 'Zarate', 'Wuñoz', 'BOXW310820HNERXN09', 'Privadísimo', 'xochi.zarate', 'enfermedad rara', 'xochi-ine',
	'CONTENIDO-SECRETO', 'Mensaje-muy-mío', 'Nota-muy-interna', 'Razón-de-la-corrección', password];

let town;
const staff = {};
const secrets = [];
let filed;
let permit;
before(async () => {
	town = await startTown({ packs: ['leon', 'barakaldo'] });
	for (const login of ['ana', 'omar', 'julio']) staff[login] = await town.signIn(login);
});
after(() => town?.stop());

const asked = []; // every address that was used
function watch(client) {
	const request = client.request.bind(client);
	client.request = (method, path, options) => { asked.push(path); return request(method, path, options); };
	return client;
}

test('a whole journey leaves nothing of anybody in the log or in an address', async () => {
	const citizen = watch(town.client());
	for (const one of Object.values(staff)) watch(one);
	filed = await fileCase(citizen, typed);
	filed.citizen = citizen;
	const { number } = filed;
	// What goes wrong is logged too: it must say no more.
	const wrong = watch(town.client());
	await wrong.submit(await wrong.get('/estado'), { codigo: filed.statusCode.replace(/.$/, '*') }, { match: '/estado' });
	await wrong.submit(await wrong.get('/mis-tramites'), { clave: filed.key.replace(/.$/, '*') }, { match: '/mis-tramites' });
	await wrong.post('/mis-tramites', { clave: filed.key });
	await wrong.submit(await wrong.get('/oficina/entrar'), { usuario: 'Zárate', clave: `${password}-no` }, { match: '/entrar' });
	await wrong.post('/oficina/entrar', `usuario=Zárate&clave=%ff${password}`, {}).catch(() => {});
	await citizen.submit(await citizen.get(`/expedientes/${number}`), { mensaje: 'Mensaje-muy-mío' }, { match: '/mensajes' });
	await citizen.submit(await citizen.get(`/expedientes/${number}`), { mensaje: `Mensaje-muy-mío ${'x'.repeat(6000)}` }, { match: '/mensajes' });
	await take(staff.ana, number);
	await step(staff.ana, number, '/mensajes', { texto: 'Nota-muy-interna', nota: '1' });
	await askCorrection(staff.ana, number, { frente: 'Razón-de-la-corrección' });
	const form = await citizen.get(`/expedientes/${number}/corregir`);
	await citizen.submit(form, { frente: 'Callejón Privadísimo' }, { match: '/corregir' });
	await citizen.submit(form, { frente: '9' }, { match: '/corregir' });
	await approve(staff.ana, number);
	await step(staff.omar, number, '/firmar', { clave: `${password}-no` }, { form: office(number, '/firmar') });
	await sign(staff.omar, number, password);
	await pay(staff.julio, number, 'F-1');
	permit = (await collect(citizen, number)).bytes;
	const status = watch(town.client());
	await status.submit(await status.get('/estado'), { codigo: filed.statusCode }, { match: '/estado' });
	await status.submit(await status.get('/mis-tramites'), { clave: filed.key }, { match: '/mis-tramites' });
	await status.submit(await status.get('/verificar'), { archivo: pdfFile('xochi-ine.pdf', permit) }, { match: '/verificar' });

	secrets.push(filed.key, filed.key.replaceAll('-', ''), filed.statusCode, filed.statusCode.replaceAll('-', ''));
	for (const client of [citizen, status, ...Object.values(staff)]) secrets.push(...[...client.cookies.values()].filter((one) => one.length > 10));
	const log = town.server.output.stderr + town.server.output.stdout;
	assert.ok(log.includes('http.request'));
	for (const secret of [...words, ...secrets]) assert.ok(!log.includes(secret), `the log has ${secret}`);
	for (const word of words) assert.ok(!log.includes(encodeURIComponent(word)), `the log has ${word}`);
	const addresses = asked.map((one) => decodeURIComponent(one)).join('\n');
	for (const secret of [...words, ...secrets]) assert.ok(!addresses.includes(secret), `an address has ${secret}`);
	// Neither the client's network address nor the number of anybody's case is in an access line.
	for (const line of town.log().filter((one) => one.event === 'http.request')) {
		assert.ok(!JSON.stringify(line).includes('127.0.0.1'));
		assert.ok(!JSON.stringify(line).includes(number), 'the route, not the address');
	}
});

test('on the disk, files are noise and codes are hashes', async () => {
	const bytes = [];
	const read = (folder) => {
		for (const name of readdirSync(folder)) {
			const path = join(folder, name);
			if (statSync(path).isDirectory()) read(path);
			else bytes.push([path, readFileSync(path)]);
		}
	};
	read(join(town.data, 'leon'));
	for (const [path, content] of bytes) {
		assert.ok(!content.includes('CONTENIDO-SECRETO'), path);
		for (const secret of secrets) assert.ok(!content.includes(secret), `${path} has a secret`);
		if (path.includes('/files/')) assert.ok(!content.includes('%PDF'), path);
	}
	assert.ok(bytes.some(([path]) => path.includes('/files/')));
});

test('the papers’ codes are forgotten a day later, and the papers still answer for themselves', async () => {
	assert.notEqual(town.sql('SELECT count(*) FROM document WHERE secrets IS NOT NULL'), '0');
	await town.forward(25);
	await until(() => town.sql('SELECT count(*) FROM document WHERE secrets IS NOT NULL') === '0', { what: 'the forgetting' });
	const file = join(scratch('permit'), 'permiso.pdf');
	writeFileSync(file, permit);
	const key = /[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){5}-[0-9A-HJKMNP-TV-Z]{2}/.exec(execFileSync('pdftotext', [file, '-'], { encoding: 'utf8' }))[0];
	const stranger = town.client();
	assert.match((await stranger.submit(await stranger.get('/verificar'), { clave: key }, { match: '/verificar' })).text, /es válido|está vigente|auténtico/i);
});

test('whoever looked stands in the record, and the citizen can read it', async () => {
	for (const one of [...Object.values(staff), filed.citizen]) one.port = town.port;
	for (const login of ['ana', 'omar', 'julio']) staff[login] = await town.signIn(login);
	const before = Number(town.sql('SELECT count(*) FROM access_record'));
	await staff.ana.get(office(filed.number));
	await staff.ana.get('/oficina/bandeja/mios');
	await filed.citizen.get(`/expedientes/${filed.number}`); // one's own case is no access to be recorded
	await until(() => Number(town.sql('SELECT count(*) FROM access_record')) === before + 2, { what: 'the records' });
	assert.equal(town.sql('SELECT count(*) FROM access_record WHERE case_id IS NOT NULL AND route NOT LIKE \'%{number}%\''), '0');
	const page = await filed.citizen.get(`/expedientes/${filed.number}/accesos`);
	assert.match(page.text, /Analista/);
	assert.doesNotMatch(page.text, /Ana Prueba/); // the post, not the person
	// A page that was refused showed nothing: what is recorded next is the page after it.
	assert.equal((await staff.ana.get(office('AN-2026-999999'))).status, 404);
	await staff.ana.get(office(filed.number));
	await until(() => Number(town.sql('SELECT count(*) FROM access_record')) > before + 2, { what: 'the next record' });
	assert.equal(Number(town.sql('SELECT count(*) FROM access_record')), before + 3);
});

test('two municipalities on two names never see each other’s rows', async () => {
	const there = town.client('barakaldo');
	const clerk = await town.signIn('ana', 'barakaldo');
	for (const [name, value] of filed.citizen.cookies) there.cookies.set(name, value);
	assert.equal((await there.get(`/expedientes/${filed.number}`)).status, 404);
	assert.equal((await there.get('/mis-tramites')).status, 200);
	assert.doesNotMatch((await there.get('/mis-tramites')).body, /AN-2026/);
	const fresh = town.client('barakaldo');
	for (const [path, fields, status] of [['/estado', { codigo: filed.statusCode }, 422], ['/mis-tramites', { clave: filed.key }, 422]])
		assert.equal((await fresh.submit(await fresh.get(path), fields, { match: path })).status, status, path);
	const foreign = await fresh.submit(await fresh.get('/verificar'), { archivo: pdfFile('permiso.pdf', permit) }, { match: '/verificar' });
	assert.match(foreign.body, /class="verdict verdict--bad/);
	assert.equal((await clerk.get(office(filed.number))).status, 404);
	for (const q of ['Zárate', 'zara', filed.number, '1']) {
		const found = await clerk.get(`/oficina/buscar?q=${encodeURIComponent(q)}`);
		assert.doesNotMatch(found.text, /Xochiqu|AN-2026/, q);
	}
	assert.equal((await fresh.get(`/tramites/${slug}`)).status, 404);
	assert.equal(town.sql('SELECT count(*) FROM cases', 'barakaldo'), '0');
	assert.equal(town.sql('SELECT count(*) FROM cases'), '1');
	// Only what comes out of its own staff's work is in its record.
	assert.equal(town.sql("SELECT count(*) FROM access_record WHERE case_id IS NOT NULL", 'barakaldo'), '0');
	const nobody = await town.client('malo.example').get('/');
	assert.equal(nobody.status, 421);
	assert.doesNotMatch(nobody.body, /León|Barakaldo/);
});
