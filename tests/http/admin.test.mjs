// /oficina/administracion: what administrators see of the system, and the three things they may do there.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileCase, slug } from '../lib/journey.mjs';
import { runOk, until } from '../lib/program.mjs';
import { certify } from '../lib/seals.mjs';
import { startTown } from '../lib/server.mjs';
import { Token } from '../lib/softhsm.mjs';

const path = '/oficina/administracion';
let town, admin;
before(async () => {
	town = await startTown();
	admin = await town.signIn('admin');
});
after(async () => town?.stop());

test('an administrator lands there and finds four entries in the rail; others find none', async () => {
	const start = await admin.get('/oficina');
	assert.equal(start.headers.location, path);
	const page = await admin.get(path);
	for (const one of [path, `${path}/claves`, `${path}/tareas`, `${path}/cuentas`]) assert.match(page.body, new RegExp(`<a href="${one}"`));
	const ana = await town.signIn('ana');
	assert.doesNotMatch((await ana.get('/oficina/bandeja/mios')).body, new RegExp(path));
	assert.equal((await ana.get(path)).status, 403);
});

test('what is loaded: each procedure with version, since when and who loaded it', async () => {
	const page = await admin.get(path);
	assert.match(page.text, /Versión del paquete 1 En vigor desde martes,? 2 de junio de 2026/);
	assert.match(page.text, new RegExp(`Alineamiento y Número Oficial .*?Desarrollo Urbano 1 2 de junio de 2026 , paquete 1 `));
	assert.match(page.text, new RegExp(`Cargó ${town.sql('SELECT loaded_by FROM pack_in_force ORDER BY id DESC LIMIT 1')}`));
});

test('the keys: all fine at first; no secret is shown', async () => {
	const page = await admin.get(`${path}/claves`);
	assert.match(page.text, /Hay una clave activa para cada fin/);
	assert.match(page.text, /Sello de órgano [0-9a-f]{16} Activa/);
	assert.match(page.text, /Registro público [0-9a-f]{16} Activa .*? Archivo/);
	assert.doesNotMatch(page.body, /PRIVATE|BEGIN/);
});

test('a certificate that expires soon, or has expired, is said before everything else', async () => {
	const days = (n) => town.forward(24 * n);
	await days(3 * 366 - 30); // init's own seal is good for three years
	admin = await town.signIn('admin');
	assert.match((await admin.get(`${path}/claves`)).text, /Sello de órgano, [0-9a-f]{16}: su certificado vence en (29|30) días/);
	await days(31);
	admin = await town.signIn('admin');
	assert.match((await admin.get(`${path}/claves`)).text, /su certificado venció/);
});

test('jobs: nothing has failed; then a token is away, the reason is shown, and “try now” runs the job', async () => {
	assert.match((await admin.get(`${path}/tareas`)).text, /Ninguna tarea ha fallado/);
	const token = new Token();
	await town.restart(); // with the token's configuration in its environment
	admin = await town.signIn('admin');
	const uri = token.uri('sello');
	const seal = certify(await runOk(['keys', 'request', '--data', town.data, '--token', uri, '--generate', 'ec-p256']));
	await runOk(['keys', 'import', '--data', town.data, '--purpose', 'organ-seal', '--token', uri, '--certificates', seal.certificates]);
	await runOk(['keys', 'rotate', '--data', town.data, '--purpose', 'organ-seal']);
	// Imported it stands in the list, and seals nothing before the rotation is taken over too.
	const active = /Sello de órgano [0-9a-f]{16} Activa .*?(Archivo|Dispositivo PKCS#11)/;
	await until(async () => active.exec((await admin.get(`${path}/claves`)).text)?.[1] === 'Dispositivo PKCS#11', { what: 'the key in the token' });
	token.remove();
	const citizen = town.client();
	await fileCase(citizen);
	const page = await until(async () => {
		const one = await admin.get(`${path}/tareas`);
		return one.form('/reintentar') && /token/.test(one.text) && one;
	}, { what: 'the failed job' });
	assert.match(page.text, /Imprimir y sellar un documento \d+ .*?Se reintentará [1-9]/);
	assert.doesNotMatch(page.text, /Ofelia|Muñoz/);
	// Out of tries: it stands there until somebody asks for it.
	await until(() => {
		town.sql("UPDATE job SET state = 'dead' WHERE kind = 'document.issue' AND state = 'waiting' AND attempts > 0");
		return town.sql("SELECT count(*) FROM job WHERE state = 'dead'") === '1';
	}, { what: 'a dead job' });
	const dead = await admin.get(`${path}/tareas`);
	assert.match(dead.text, /Sin más intentos/);
	token.putBack();
	const answer = await admin.submit(dead, {}, { match: '/reintentar' });
	assert.equal(answer.status, 303);
	await until(async () => (await citizen.get(`/tramites/${slug}/acuse.pdf`)).headers['content-type'] === 'application/pdf',
		{ what: 'the receipt' });
	await until(async () => /Ninguna tarea ha fallado/.test((await admin.get(`${path}/tareas`)).text), { what: 'the job as done' });
	assert.equal(town.sql("SELECT count(*) FROM event WHERE type = 'job.retried' AND actor_kind = 'staff'"), '1');
	assert.equal((await admin.submit(dead, {}, { match: '/reintentar' })).status, 409, 'it is over');
});

test('accounts: closing one ends its sessions; opening lets it in again; nobody closes their own', async () => {
	const ana = await town.signIn('ana');
	const list = await admin.get(`${path}/cuentas`);
	assert.match(list.text, /Ana Prueba ana Analista Gestión Abierta Cerrar/);
	assert.match(list.text, /Alma Prueba admin .*? Es usted/);
	assert.equal((await admin.submit(list, {}, { match: '/ana/cerrar' })).status, 303);
	assert.match((await ana.get('/oficina/bandeja/mios')).headers.location, /^\/oficina\/entrar/);
	await assert.rejects(town.signIn('ana'));
	const closed = await admin.get(`${path}/cuentas`);
	assert.match(closed.text, /Ana Prueba ana Analista Gestión Cerrada .*?Alma Prueba Abrir/);
	assert.equal((await admin.submit(closed, {}, { match: '/ana/abrir' })).status, 303);
	await town.signIn('ana');
	const form = closed.form('/cerrar');
	const own = await admin.post(`${path}/cuentas/admin/cerrar`, form.fields);
	assert.equal(own.status, 422);
	assert.match(own.text, /No puede cerrar su propia cuenta/);
	assert.equal((await admin.post(`${path}/cuentas/nadie/cerrar`, form.fields)).status, 404);
	assert.equal(town.sql("SELECT count(*) FROM event WHERE type IN ('account.closed', 'account.opened')"), '2');
});

test('in the town’s languages', async () => {
	admin.cookies.set('idioma', 'en');
	for (const [where, what] of [['', /Loaded procedures/], ['/claves', /Keys/], ['/tareas', /No job has failed/], ['/cuentas', /Accounts/]])
		assert.match((await admin.get(path + where)).text, what);
});
