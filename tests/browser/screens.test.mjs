// Every screen of the demonstration, looked at on a telephone, a tablet and a desk: accessible by axe, nothing sticks
// out, no complaint in the console, valid HTML. SCREENS=folder keeps a picture of each at each width.
import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { accessibilityFaults, cookiesOf, htmlFaults, launch, openPage, overflows, screens, visit, widths } from '../lib/browser.mjs';
import { fileCase, fillForm, slug } from '../lib/journey.mjs';
import { until } from '../lib/program.mjs';
import { startDemo } from '../lib/server.mjs';

let town;
let browser;
const markup = {};
before(async () => {
	town = await startDemo();
	browser = await launch();
});
after(async () => {
	await browser?.close();
	await town?.stop();
});

// What is wrong with one address for this person, at all widths.
async function look(page, path, name) {
	const faults = [];
	const answer = await visit(page, path);
	if (answer.status() >= 400 && !name.startsWith('sin-')) faults.push(`status ${answer.status()}`);
	markup[name] = await answer.text();
	for (const width of widths) {
		await page.setViewportSize({ width, height: 900 });
		for (const one of await overflows(page)) faults.push(`${width}: ${one}`);
		for (const one of await accessibilityFaults(page)) faults.push(`${width}: ${one}`);
	}
	for (const one of page.complaints.splice(0)) if (!/status of 4\d\d/.test(one)) faults.push(one);
	await screens(page, name);
	return faults.map((fault) => `${name} (${path}): ${fault}`);
}

async function lookAtAll(client, pages, host = '127.0.0.1') {
	const base = `http://${host}:${town.port}`;
	const page = await openPage(browser, { cookies: cookiesOf(client, base) });
	const faults = [];
	for (const [name, path] of Object.entries(pages)) faults.push(...await look(page, base + path, name));
	await page.context().close();
	assert.deepEqual(faults, []);
}

const caseIn = async (client, box) => /\/oficina\/expedientes\/([A-Z]+-\d{4}-\d{6})/.exec((await client.get(`/oficina/bandeja/${box}`)).body)?.[1];

test('what anyone sees', async () => {
	await lookAtAll(town.client(), { inicio: '/', tramites: '/tramites', buscar: '/tramites?q=numero+de+mi+casa', ficha: `/tramites/${slug}`,
		oficinas: '/oficinas', estado: '/estado', verificar: '/verificar', continuar: '/continuar', 'mis-tramites-sin': '/mis-tramites',
		accesibilidad: '/accesibilidad', privacidad: '/privacidad', entrar: '/oficina/entrar', 'sin-pagina': '/no/hay/tal' });
});

test('in the other languages', async () => {
	for (const lang of ['en', 'eu']) {
		const client = town.client(lang === 'eu' ? 'barakaldo' : 'leon');
		client.cookies.set('idioma', lang);
		await lookAtAll(client, { [`inicio-${lang}`]: '/', [`tramites-${lang}`]: '/tramites' }, client.host);
	}
});

test('a form from its beginning to the receipt', async () => {
	const client = town.client();
	await fillForm(client);
	const pages = { empezar: `/tramites/${slug}/iniciar`, revisar: `/tramites/${slug}/revisar`, guardado: `/tramites/${slug}/salir` };
	for (const page of ['usted', 'titular', 'predio', 'uso', 'avisos']) pages[`paso-${page}`] = `/tramites/${slug}/paso/${page}`;
	await lookAtAll(client, pages);
	const filed = await fileCase(client);
	await lookAtAll(client, { acuse: `/tramites/${slug}/acuse`, expediente: `/expedientes/${filed.number}`, 'mis-tramites': '/mis-tramites',
		accesos: `/expedientes/${filed.number}/accesos`, retirar: `/expedientes/${filed.number}/retirar` });
});

test('the office', async () => {
	const ana = await town.signIn('ana');
	const omar = await town.signIn('omar');
	const number = await caseIn(ana, 'equipo');
	await lookAtAll(ana, { mios: '/oficina/bandeja/mios', equipo: '/oficina/bandeja/equipo', vencidos: '/oficina/bandeja/vencidos',
		terminados: '/oficina/bandeja/terminados', 'oficina-buscar': '/oficina/buscar?q=garcia', 'oficina-expediente': `/oficina/expedientes/${number}` });
	const inReview = /\/oficina\/expedientes\/([A-Z]+-\d{4}-\d{6})[\s\S]{0,900}?En revisión/.exec((await ana.get('/oficina/bandeja/equipo')).body)?.[1];
	if (inReview) await lookAtAll(ana, { correccion: `/oficina/expedientes/${inReview}/correccion`,
		aprobar: `/oficina/expedientes/${inReview}/aprobar`, negar: `/oficina/expedientes/${inReview}/negar` });
	const toSign = await caseIn(omar, 'firma');
	if (toSign) await lookAtAll(omar, { firmar: `/oficina/expedientes/${toSign}/firmar`, devolver: `/oficina/expedientes/${toSign}/devolver` });
});

test('the counter and the cashier', async () => {
	await lookAtAll(await town.signIn('carmen'), { mostrador: '/oficina/mostrador' });
	const julio = await town.signIn('julio');
	const list = await julio.get('/oficina/caja');
	const number = /\/oficina\/caja\/([A-Z]+-\d{4}-\d{6})/.exec(list.body)?.[1];
	await lookAtAll(julio, { caja: '/oficina/caja', ...(number && { cobrar: `/oficina/caja/${number}` }) });
});

test('the administration', async () => {
	await lookAtAll(await town.signIn('admin'), { cargado: '/oficina/administracion', claves: '/oficina/administracion/claves',
		tareas: '/oficina/administracion/tareas', cuentas: '/oficina/administracion/cuentas' });
	// With something to say: a key that is gone, and jobs that failed.
	const folder = join(town.data, 'leon/keys');
	for (const name of readdirSync(folder).filter((one) => one.startsWith('backup-'))) rmSync(join(folder, name));
	const why = 'ERR_UNAVAILABLE: the token is not there: none of 0 in /usr/lib/softhsm/libsofthsm2.so is the one of the URI';
	town.sql(`UPDATE job SET state = 'dead', attempts = 20, last_error = '${why}' WHERE id IN (SELECT id FROM job WHERE kind = 'document.forget' ORDER BY id LIMIT 3)`);
	const admin = await town.signIn('admin');
	await until(async () => /No hay clave activa/.test((await admin.get('/oficina/administracion/claves')).text), { what: 'the warning' });
	await lookAtAll(admin, { 'claves-falta': '/oficina/administracion/claves', 'tareas-fallidas': '/oficina/administracion/tareas' });
});

test('the second town has its own face', async () => {
	const client = town.client('barakaldo');
	await lookAtAll(client, { 'barakaldo-inicio': '/', 'barakaldo-tramites': '/tramites' }, 'barakaldo.localhost');
	assert.match(markup['barakaldo-inicio'], /Barakaldo/);
	assert.doesNotMatch(markup['barakaldo-inicio'], /León/);
});

test('all of it is valid HTML', async () => {
	assert.deepEqual(await htmlFaults(markup), []);
});
