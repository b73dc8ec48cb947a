// Choosing a point without scripts: the drawing is clicked, buttons move it, everything typed is kept, and no address
// says where anybody looks. And the town's map as the browser fetches it.
import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileCase, fillForm, slug, ticked } from '../lib/journey.mjs';
import { askCorrection, office, take } from '../lib/office.mjs';
import { root, run, runOk, scratch } from '../lib/program.mjs';
import { startTown } from '../lib/server.mjs';

let town;
before(async () => {
	town = await startTown({ packs: ['leon', 'barakaldo'] });
});
after(() => town?.stop());

const step = `/tramites/${slug}/paso/predio`;
const input = (page, name) => {
	const tag = new RegExp(`<input\\b[^>]*\\sname="${name.replaceAll('.', '\\.')}"[^>]*>`).exec(page.body)?.[0];
	return tag && (/\svalue="([^"]*)"/.exec(tag)?.[1] ?? '');
};
const point = (page) => [input(page, 'ubicacion.lat'), input(page, 'ubicacion.lon')];
const sight = (page) => input(page, '_vista.ubicacion').split(' ').map(Number);
const words = (page) => /<p class="point__words"[^>]*>([\s\S]*?)<\/p>/.exec(page.body)[1].replace(/<[^>]*>/g, '').trim();
const click = (x, y) => ({ '_mapa.ubicacion.x': x, '_mapa.ubicacion.y': y });
const press = (act) => ({ _mapa: `ubicacion.${act}` });

async function begun() {
	const client = town.client();
	await client.submit(await client.get(`/tramites/${slug}/iniciar`), {}, { match: 'iniciar' });
	return { client, page: await client.get(step) };
}
const send = (client, page, fields) => client.submit(page, fields, { match: '/paso/' });

test('the map opens where the pack says, without a point', async () => {
	const { page } = await begun();
	assert.deepEqual(sight(page), [21122200, -101682200, 13]);
	assert.deepEqual(point(page), ['', '']);
	assert.equal(words(page), '');
	assert.match(page.body, /<svg class="map" viewBox="0 0 640 400"[^>]* role="img" aria-label="Mapa de León">/);
	assert.doesNotMatch(page.body, /class="map-pin"/);
	assert.match(page.body, /<input type="image" [^>]*alt="Poner el punto donde toque el mapa"/);
	assert.match(page.text, /Mapa esquemático de muestra/);
});

// A pixel at zoom 13 and 21° is 17.8 m; 100 pixels to the right are 0.017166°.
test('a click puts the point where it was, brings the map closer and keeps what was typed', async () => {
	const { client, page } = await begun();
	const answer = await send(client, page, { frente: 'ocho', 'domicilio.street': 'Calle «Ñ»', ...click(420, 200) });
	assert.equal(answer.status, 200);
	assert.deepEqual(point(answer), ['21.1222', '-101.665034']);
	assert.deepEqual(sight(answer), [21122200, -101665034, 15]);
	assert.match(answer.body, /class="map-pin" transform="translate\(320 200\)"/);
	assert.match(words(answer), /^El Coecillo\. El punto queda a 1\.3 km al este de Catastro\.$/);
	assert.equal(input(answer, 'frente'), 'ocho');
	assert.equal(input(answer, 'domicilio.street'), 'Calle «Ñ»');
	assert.doesNotMatch(answer.body, /error-message|error-summary/); // nobody is told yet what is missing
	const again = await client.get(step); // it is saved, and the map opens at it
	assert.deepEqual(point(again), ['21.1222', '-101.665034']);
	assert.deepEqual(sight(again), [21122200, -101665034, 15]);
});

test('buttons move the map, and put the point without a pointer', async () => {
	const { client, page } = await begun();
	const moves = { acercar: [0, 0, 14], alejar: [0, 0, 12], norte: [1, 0, 13], sur: [-1, 0, 13], este: [0, 1, 13], oeste: [0, -1, 13] };
	for (const [act, [north, east, zoom]] of Object.entries(moves)) {
		const moved = await send(client, page, press(act));
		assert.equal(moved.status, 200, act);
		assert.deepEqual(sight(moved).map((one, i) => i === 2 ? one : Math.sign(one - sight(page)[i])), [north, east, zoom], act);
		assert.deepEqual(point(moved), ['', ''], act);
	}
	const put = await send(client, await send(client, page, press('norte')), press('centro'));
	assert.deepEqual(point(put).map((one) => Number(one) * 1e6).map(Math.round), sight(await send(client, page, press('norte'))).slice(0, 2));
	const enter = await send(client, page, click(0, 0)); // the Enter key on a picture sends its corner
	assert.deepEqual(point(enter), ['21.1222', '-101.6822']);
	const gone = await send(client, enter, press('quitar'));
	assert.deepEqual(point(gone), ['', '']);
	assert.doesNotMatch(gone.body, /class="map-pin"/);
});

test('the map comes no closer than it has something to show, and not further than the town', async () => {
	const { client, page } = await begun();
	let shown = page;
	for (let i = 0; i < 8; i++) shown = await send(client, shown, press('acercar'));
	assert.equal(sight(shown)[2], 17);
	for (let i = 0; i < 12; i++) shown = await send(client, shown, press('alejar'));
	assert.equal(sight(shown)[2], 10);
});

test('what a stranger writes into the map is no map', async () => {
	const { client, page } = await begun();
	for (const view of ['', 'x', '99999999999 0 13', '21122200 -101682200', '21122200 -101682200 99', '1 2 13 4'])
		assert.deepEqual(sight(await send(client, page, { '_vista.ubicacion': view, ...press('norte') })), [21122200, -101682200, 13], view);
	for (const fields of [click(-5, 10), click(641, 10), click('a', 'b'), press('salir'), press(''), { _mapa: 'otro.centro' }]) {
		const answer = await send(client, page, fields);
		assert.equal(answer.status, 200);
		assert.deepEqual(point(answer), ['', ''], JSON.stringify(fields));
	}
});

test('a point outside the town is said kindly and holds nothing up', async () => {
	const { client, page } = await begun();
	const far = { 'ubicacion.lat': '19.4326', 'ubicacion.lon': '-99.1332' };
	assert.match(words(await send(client, page, { ...far, ...press('norte') })), /^El punto queda fuera de León\. Revise/);
	const other = town.client();
	const review = await fillForm(other, far);
	assert.match(review.text, /Punto en el mapa: el punto queda fuera de León\. Si es correcto, puede seguir/);
	assert.equal((await other.submit(review, ticked(review), { match: '/presentar' })).status, 303);
});

test('who checks and who decides see the map with its marker', async () => {
	const client = town.client();
	const review = await fillForm(client, { 'ubicacion.lat': '21.1222', 'ubicacion.lon': '-101.6822' });
	const shown = /<figure class="map-small">[\s\S]*?<\/figure>/;
	assert.match(shown.exec(review.body)[0], /class="map-pin" transform="translate\(160 100\)"/);
	assert.match(shown.exec(review.body)[0], /Centro Histórico\. El punto queda a 20 m al este de Desarrollo Urbano\. Mapa esquemático de muestra\./);
	const without = await fillForm(town.client());
	assert.doesNotMatch(without.body, shown);
});

test('a correction has the map too, and a button of it sends nothing', async () => {
	const client = town.client();
	const filed = await fileCase(client);
	const ana = await town.signIn('ana');
	await take(ana, filed.number);
	await askCorrection(ana, filed.number, { ubicacion: 'Márquelo.', frente: 'Mida otra vez.' });
	const form = await client.get(`/expedientes/${filed.number}/corregir`);
	const answer = await client.submit(form, { frente: '9.25', ...click(320, 100) }, { match: '/corregir' });
	assert.notEqual(answer.status, 303);
	assert.equal(input(answer, 'frente'), '9.25');
	assert.match(input(answer, 'ubicacion.lat'), /^21\.13/);
	assert.match(answer.body, /class="map-pin"/);
	assert.doesNotMatch(answer.body, /error-summary/);
	assert.doesNotMatch((await ana.get(office(filed.number))).text, /9\.25/);
	const sent = await client.submit(answer, {}, { match: '/corregir' });
	assert.equal(sent.status, 303);
	assert.match((await ana.get(office(filed.number))).body, /<figure class="map-small">/);
});

test('the town is fetched once and kept, in the language of the page', async () => {
	const { client, page } = await begun();
	const address = /data-map="(\/mapa\/[0-9a-f]{12}\/es\.json)"/.exec(page.body)[1];
	const answer = await client.get(address);
	assert.equal(answer.status, 200);
	assert.match(answer.headers['content-type'], /^application\/json/);
	assert.match(answer.headers['cache-control'], /immutable/);
	const features = answer.json().features;
	assert.deepEqual(features[0].kind, 'outline');
	assert.ok(features.some((one) => one.name === 'Blvd. Adolfo López Mateos' && one.class === 'motorway'));
	assert.equal((await client.get(address.replace('es.json', 'eu.json'))).status, 404); // a language it does not have
	assert.equal((await client.get('/mapa/000000000000/es.json')).status, 404);
	assert.equal((await town.client('barakaldo').get(address)).status, 404);
});

test('a town without a tile server allows images of its own only', async () => {
	const { page } = await begun();
	assert.match(page.headers['content-security-policy'], /img-src 'self';/);
});

test('a town with a tile server of its own allows that one, on pages with a map, and draws its tiles', async () => {
	const pack = join(scratch('mapa'), 'leon');
	cpSync(join(root, 'packs', 'leon'), pack, { recursive: true });
	const file = join(pack, 'pack.yaml');
	writeFileSync(file, readFileSync(file, 'utf8').replace('max_zoom: 17\n', 'max_zoom: 18\n  tiles: https://mapas.leon.example/{z}/{x}/{y}.png\n'));
	const own = await startTown();
	try {
		await own.stop();
		await runOk(['pack', 'load', '--data', own.data, '--town', 'leon', pack]);
		await own.begin();
		const client = own.client();
		await client.submit(await client.get(`/tramites/${slug}/iniciar`), {}, { match: 'iniciar' });
		const page = await client.get(step);
		assert.match(page.headers['content-security-policy'], /img-src 'self' https:\/\/mapas\.leon\.example;/);
		assert.match(page.body, /<image href="https:\/\/mapas\.leon\.example\/13\/\d+\/\d+\.png"/);
		assert.match((await client.get('/')).headers['content-security-policy'], /img-src 'self';/);
	} finally {
		await own.stop();
	}
});

test('pack check tells the line, the column and the path of what is wrong in a map', async () => {
	const pack = join(scratch('mapa'), 'leon');
	cpSync(join(root, 'packs', 'leon'), pack, { recursive: true });
	const file = join(pack, 'mapa.geojson');
	const lines = readFileSync(file, 'utf8').split('\n');
	lines[3] = lines[3].replace('"kind": "outline"', '"kind": "outlin"');
	writeFileSync(file, lines.join('\n'));
	const answer = await run(['pack', 'check', pack]);
	assert.notEqual(answer.code, 0);
	assert.match(answer.stdout + answer.stderr, /mapa\.geojson:4:\d+: error: features\[0\]\.properties\.kind: "kind" is one of outline, [^\n]*; did you mean 'outline'\?/);
});
