// Every address that shows a page, for everybody who may open it, with real cases at every point of their way, in both
// towns: every link leads somewhere, and each page is accessible, valid, silent, fits and says the same without
// JavaScript. Then the same pages as they are met: enlarged four times, on paper, in the system's own colours, by keyboard.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { accessibilityFaults, cookiesOf, forcedColourFaults, htmlFaults, launch, linesOf, openPage, overflows, tabThrough, visit } from '../lib/browser.mjs';
import { slug } from '../lib/journey.mjs';
import { runOk, scratch } from '../lib/program.mjs';
import { startTown } from '../lib/server.mjs';
import { makeCases, makeOtherCases } from './cases.mjs';

let town;
let browser;
let cases;
let others; // of the second town
let addresses; // of every GET route
const markup = {}; // what was answered, by name
before(async () => {
	[town, browser] = await Promise.all([startTown({ packs: ['leon', 'barakaldo'], args: ['--streams', '0'] }), launch()]);
	cases = await makeCases(town);
	others = await makeOtherCases(town);
	addresses = (await runOk(['routes'])).trim().split('\n').map((line) => line.split('\t'))
		.filter(([, method, path]) => method === 'GET' && !/^\/(api|registro|activos|estilo|mapa|salud|metrics|novedades)\b/.test(path)).map(([, , path]) => path);
});
after(async () => {
	await browser?.close();
	await town?.stop();
});

const boxes = ['mios', 'equipo', 'vencidos', 'pausa', 'firma', 'pago', 'entrega', 'terminados'];
const stages = ['filed', 'taken', 'correct', 'signing', 'unpaid', 'done'];
const formPages = ['usted', 'titular', 'predio', 'uso', 'avisos'];

// The addresses that a route stands for: one for each case, box or page of the form.
function expand(path) {
	const values = { slug: [slug], page: formPages, box: boxes, number: stages.map((name) => cases[name].number), id: [cases.done.document.id] };
	let list = [path];
	for (const name of Object.keys(values))
		list = list.flatMap((one) => one.includes(`{${name}}`) ? values[name].map((value) => one.replace(`{${name}}`, value)) : [one]);
	return list;
}

const isPage = (answer) => (answer.headers['content-type'] ?? '').startsWith('text/html');
const baseOf = (client) => `http://${client.host}:${town.port}`;
const openAs = (client, options, where = browser) => openPage(where, { baseURL: baseOf(client), cookies: cookiesOf(client, baseOf(client)), ...options });
const openFor = (who, options, where) => openAs(cases.clients[who], options, where);

test('nobody meets a fault anywhere', async () => {
	const wrong = [];
	for (const [who, client] of Object.entries(cases.clients)) {
		for (const path of addresses.flatMap(expand)) {
			const answer = await client.get(path);
			if (answer.status >= 500 && answer.status !== 503) wrong.push(`${who} ${path}: ${answer.status}`);
			if (isPage(answer) && answer.status < 300) markup[`${who} ${path}`] = answer.body;
			if (isPage(answer) && answer.status >= 400) markup[`refused ${answer.status} ${path.split('/')[1]}`] = answer.body;
		}
	}
	assert.deepEqual(wrong, []);
	for (const path of addresses.filter((one) => !/\.(pdf|txt|webmanifest)$|adjuntos|documentos\/\{id\}$|^\/oficina$/.test(one)))
		assert.ok(expand(path).some((one) => Object.keys(markup).some((key) => key.endsWith(` ${one}`))), `nobody saw ${path}`);
});

// What a page leads to without a form: links, pictures, frames, styles, scripts. Of forms only those that ask (GET).
const leadsTo = (html) => [...html.matchAll(/<(?:a|link|area)\b[^>]*?\shref="([^"]*)"|<(?:img|script|iframe)\b[^>]*?\ssrc="([^"]*)"|<form\b(?![^>]*method="post")[^>]*?\saction="([^"]*)"/g)]
	.map(([, ...found]) => found.find(Boolean)?.replace(/&amp;/g, '&').replace(/#.*/, '')).filter((one) => one?.startsWith('/'));

// Pages alike in all but number, name and query are one kind.
const kindOf = (path) => path.replace(/\?.*/, '').replace(/[A-Z]{2}-\d{4}-\d{6}/, '{number}').replace(/\/\d+(?=\/|$)/, '/{id}')
	.replace(/^(\/tramites)\/(?!alineamiento-y-numero-oficial|volante)[^/]+$/, '$1/{slug}');

const met = []; // { client, who, path, kind }: one page of each kind, in both towns

test('every link leads somewhere, for everybody, in both towns', async () => {
	const wrong = [];
	for (const [where, { clients }] of [['leon', cases], ['barakaldo', others]]) {
		for (const [who, client] of Object.entries(clients)) {
			const seen = new Set(['/', '/mis-tramites', ...['nobody', 'citizen', 'draft'].includes(who) ? [] : ['/oficina']]);
			const kinds = new Map();
			if (who === 'draft') seen.add(`/tramites/${where === 'leon' ? slug : others.slug}/revisar`);
			for (const path of seen) { // a Set grows while one walks it
				const answer = await client.get(path);
				if (answer.status >= 400) wrong.push(`${where} ${who} ${path}: ${answer.status}`);
				if (answer.headers.location?.startsWith('/')) seen.add(answer.headers.location.replace(/#.*/, ''));
				if (!isPage(answer) || answer.status !== 200) continue;
				if (!kinds.has(kindOf(path))) {
					kinds.set(kindOf(path), path);
					const kind = `${where} ${kindOf(path)}`;
					if (!met.some((one) => one.kind === kind)) met.push({ client, who: `${where} ${who}`, path, kind });
					markup[`${where} ${who} ${path}`] = answer.body;
				}
				for (const next of leadsTo(answer.body)) seen.add(next);
			}
			assert.ok(kinds.size > (who === 'admin' ? 5 : 8), `${where} ${who} met ${[...kinds.keys()]}`);
		}
	}
	assert.deepEqual(wrong, []);
});

test('all of it is valid HTML', async () => assert.deepEqual(await htmlFaults(markup), []));

test('without JavaScript every page says the same', async () => {
	const faults = [];
	assert.ok(met.length > 50, String(met.length));
	for (const client of new Set(met.map((one) => one.client))) {
		const [quick, plain] = [await openAs(client), await openAs(client, { scripts: false })];
		for (const { who, path } of met.filter((one) => one.client === client)) {
			await Promise.all([quick.goto(path), plain.goto(path)]);
			const [more, less] = [await linesOf(quick), await linesOf(plain)];
			for (const line of less) if (!more.includes(line)) faults.push(`${who} ${path}: only without JavaScript: ${line}`);
			if (less.length < 2) faults.push(`${who} ${path}: says next to nothing`);
		}
		for (const page of [quick, plain]) await page.context().close();
	}
	assert.deepEqual(faults, []);
});

// Those that differ in what they are made of; the same page for another person is not looked at twice.
const looked = { nobody: ['/', '/tramites', '/tramites?q=zzqq', `/tramites/${slug}`, '/oficinas', '/estado', '/verificar', '/continuar', '/mis-tramites',
	'/accesibilidad', '/oficina/entrar', '/no/hay'],
draft: [`/tramites/${slug}/revisar`, `/tramites/${slug}/salir`, ...formPages.map((page) => `/tramites/${slug}/paso/${page}`)],
citizen: [`/tramites/${slug}/acuse`, '/mis-tramites', ...stages.map((name) => `/expedientes/{${name}}`), '/expedientes/{correct}/corregir',
	'/expedientes/{correct}/accesos', '/expedientes/{filed}/retirar'],
ana: ['/oficina/bandeja/mios', '/oficina/bandeja/pausa', '/oficina/bandeja/vencidos', '/oficina/buscar?q=ofelia', '/oficina/expedientes/{taken}',
	'/oficina/expedientes/{correct}', '/oficina/expedientes/{taken}/correccion', '/oficina/expedientes/{taken}/aprobar',
	'/oficina/expedientes/{taken}/negar'],
omar: ['/oficina/expedientes/{signing}', '/oficina/expedientes/{signing}/firmar', '/oficina/expedientes/{signing}/devolver',
	'/oficina/expedientes/{done}'],
carmen: ['/oficina/mostrador'],
julio: ['/oficina/caja', '/oficina/caja/{unpaid}'] };
const named = (path) => path.replace(/\{(\w+)\}/g, (all, name) => cases[name].number);

async function lookAt(wanted, options) {
	const faults = [];
	for (const [who, paths] of Object.entries(looked)) {
		const page = await openFor(who, options);
		for (const path of paths.filter(wanted).map(named)) {
			await visit(page, path);
			if (await page.evaluate(() => scrollY)) faults.push(`${who} ${path}: does not begin at its top`);
			await page.evaluate(() => document.querySelectorAll('details').forEach((one) => { one.open = true; }));
			for (const one of [...await overflows(page), ...await accessibilityFaults(page), ...page.complaints.splice(0)]) faults.push(`${who} ${path}: ${one}`);
		}
		await page.context().close();
	}
	assert.deepEqual(faults, []);
}

test('at 400 % every page fits and is accessible', () => lookAt(() => true, { width: 320, height: 256, deviceScaleFactor: 4 }));
// Opens each of these pages as the one who met it: → what `look` found on any of them.
async function walk(pages, options, look) {
	const faults = [];
	for (const client of new Set(pages.map((one) => one.client))) {
		const page = await openAs(client, options);
		// The browser's own viewer of a PDF takes the focus whenever it has loaded: a file of one link stands in for it.
		await page.route(/\/adjuntos\/\d+$/, (route) => route.fulfill({ contentType: 'text/html', body: '<a href="#">file</a>' }));
		for (const { who, path } of pages.filter((one) => one.client === client)) {
			await visit(page, path);
			for (const one of [...await look(page, path), ...page.complaints.splice(0)]) faults.push(`${who} ${path}: ${one}`);
		}
		await page.context().close();
	}
	return faults;
}

// Those that only links led to, and the second town's.
test('at 400 % so does every page that was met', async () => {
	const already = Object.values(looked).flat().map((path) => `leon ${kindOf(named(path))}`);
	const rest = met.filter((one) => !already.includes(one.kind));
	assert.ok(rest.length > 15, rest.map((one) => one.kind).join());
	assert.deepEqual(await walk(rest, { width: 320, height: 256, deviceScaleFactor: 4 }, async (page) => {
		await page.evaluate(() => document.querySelectorAll('details').forEach((one) => { one.open = true; }));
		return [...await overflows(page), ...await accessibilityFaults(page)];
	}), []);
});
// The other pages at this width: screens.test.mjs.
test('on a desk every case is accessible, wherever it is', () => lookAt((path) => path.includes('{'), { width: 1440 }));

// Pages of forms, in the middle of their way: no link leads to them.
const formsOnTheirWay = () => formPages.map((page) => ({ client: cases.clients.draft, who: 'leon draft', path: `/tramites/${slug}/paso/${page}` }));

test('in the system\'s colours a button has an edge, a choice a mark, a state its word, on every page', async () => {
	assert.deepEqual(await walk([...met, ...formsOnTheirWay()], { forcedColors: 'active' }, forcedColourFaults), []);
});

// What stays where it is while one tabs must not lie over what has the focus (2.4.11), and the focus must be seen. Both
// towns have the same kinds of pages: one's are gone through on a telephone, the other's on a desk.
for (const [where, width, pack] of [['on a telephone', 320, 'leon'], ['on a desk', 1440, 'barakaldo']]) {
	test(`Tab reaches everything on every page, and what it reaches is seen: ${where}`, async () => {
		const pages = [...met.filter((one) => one.kind.startsWith(`${pack} `)), ...formsOnTheirWay()];
		assert.ok(pages.length > 30, String(pages.length));
		assert.deepEqual(await walk(pages, { width, height: 700 }, async (page) => {
			const { reached, faults } = await tabThrough(page);
			return reached.size < 3 ? [...faults, `Tab reaches only ${[...reached]}`] : faults;
		}), []);
	});
}

// What a citizen takes home prints on one sheet.
test('the receipt and a verification print on one A4 page', async () => {
	const prints = { citizen: `/tramites/${slug}/acuse`, nobody: `/verificar#${cases.done.document.key}` };
	const printer = await launch({ kind: 'whole' });
	after(() => printer.close());
	for (const [who, path] of Object.entries(prints)) {
		const page = await openFor(who, {}, printer);
		await visit(page, path);
		if (who === 'nobody') await page.locator('.verdict').waitFor();
		const file = join(scratch('print'), 'page.pdf');
		writeFileSync(file, await page.pdf({ preferCSSPageSize: true, printBackground: false }));
		const pages = /Pages:\s+(\d+)/.exec(execFileSync('pdfinfo', [file], { encoding: 'utf8' }))[1];
		const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
		assert.equal(pages, '1', `${path}:\n${text}`);
		assert.doesNotMatch(text, /Mis trámites|Accesibilidad/, 'navigation is not printed');
		// A code's letters stand apart: pdftotext takes that for blanks now and then.
		if (who === 'citizen') assert.match(text.replace(/\s+/g, ''), new RegExp(cases.done.statusCode));
		else assert.match(text, /Es válido/);
		await page.context().close();
	}
});
