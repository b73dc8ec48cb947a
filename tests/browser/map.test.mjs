// The map of a point in a real browser: with scripts (Leaflet over the town's own shapes) and without them (the server's
// drawing, whose buttons act on the form), on a telephone and at a desk.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessibilityFaults, cookiesOf, launch, openPage, overflows, screens } from '../lib/browser.mjs';
import { fileCase, slug } from '../lib/journey.mjs';
import { startTown } from '../lib/server.mjs';

let town;
let browser;
before(async () => {
	[town, browser] = await Promise.all([startTown(), launch()]);
});
after(async () => {
	await browser?.close();
	await town?.stop();
});

const plaza = [21.1223, -101.6822];

// The page that asks for the point, in a draft of its own.
async function askedForPoint(options = {}) {
	const client = town.client();
	await client.submit(await client.get(`/tramites/${slug}/iniciar`), {}, { match: 'iniciar' });
	const page = await openPage(browser, { baseURL: town.url, cookies: cookiesOf(client, town.url), ...options });
	await page.goto(`/tramites/${slug}/paso/predio`);
	return page;
}

const live = async (options) => {
	const page = await askedForPoint(options);
	await page.locator('.map-view.is-live .map-names text').first().waitFor({ state: 'attached' });
	return page;
};
const value = (page, part) => page.locator(`[name="ubicacion.${part}"]`).inputValue();
const point = async (page) => [Number(await value(page, 'lat')), Number(await value(page, 'lon'))];
const words = (page) => page.locator('.point__words');
const near = (is, ought, degrees = 0.002) => is.every((one, i) => Math.abs(one - ought[i]) < degrees);

// WCAG 2.2: 1.1.1, 1.4.10 (320 px), 2.1.1, 2.4.7, 2.5.7, 2.5.8, 4.1.2, as far as axe and the page's width can tell.
async function look(page, scripts = true) {
	assert.deepEqual([...await overflows(page), ...(scripts ? await accessibilityFaults(page) : []), ...page.complaints.splice(0)], []);
}

test('a click puts the point, the numbers and the words follow', async () => {
	const page = await live({ width: 1440 });
	const view = page.locator('.map-view');
	const layer = (name) => page.locator(`.leaflet-${name}-pane`).evaluate((one) => Number(getComputedStyle(one).zIndex));
	assert.ok(await layer('names') > await layer('overlay') && await layer('names') < await layer('marker'), 'names lie over the shapes');
	assert.ok((await page.locator('.map-names').evaluate((one) => one.getBoundingClientRect().width)) > 0, 'and are drawn at all');
	await view.scrollIntoViewIfNeeded();
	const box = await view.boundingBox();
	await view.click({ position: { x: box.width / 2, y: box.height / 2 } });
	assert.ok(near(await point(page), plaza), String(await point(page)));
	await assert.doesNotReject(page.locator('.map-marker').waitFor());
	assert.match(await words(page).innerText(), /^Centro Histórico\. El punto queda a \d+ m al \w+ de /);
	await look(page);
	await screens(page, 'mapa-con-guiones');
	await page.getByRole('button', { name: 'Quitar punto' }).click();
	assert.deepEqual([await value(page, 'lat'), await value(page, 'lon'), await words(page).innerText()], ['', '', '']);
	assert.equal(await page.locator('.map-marker').count(), 0);
	await page.context().close();
});

test('every act of the map has a button and a key', async () => {
	const page = await live({ width: 1440 });
	const view = page.locator('.map-view');
	await view.focus();
	await page.keyboard.press('Enter');
	const middle = await point(page);
	assert.ok(near(middle, plaza), String(middle));
	await page.getByRole('button', { name: 'Mover al norte' }).click();
	await page.getByRole('button', { name: 'Mover al este' }).click();
	// Leaflet moves in its own time; the point follows once it has.
	for (let tries = 0; tries < 50 && (await point(page))[0] <= middle[0]; tries++) {
		await page.getByRole('button', { name: 'Punto al centro' }).click();
		await page.evaluate(() => new Promise(requestAnimationFrame));
	}
	const moved = await point(page);
	assert.ok(moved[0] > middle[0] && moved[1] > middle[1], `${middle} → ${moved}`);
	await page.getByRole('button', { name: 'Acercar' }).click();
	await page.getByRole('button', { name: 'Alejar' }).click();
	await look(page);
	await page.context().close();
});

test('numbers that are written move the marker, and say when they lie outside the town', async () => {
	const page = await live({ width: 768 });
	await page.locator('[name="ubicacion.lat"]').fill('21.1511');
	await page.locator('[name="ubicacion.lon"]').fill('-101.6702');
	await page.keyboard.press('Tab');
	await page.locator('.map-marker').waitFor();
	assert.match(await words(page).innerText(), /^Los Paraísos\. El punto queda a 0 m al norte de Punto de ayuda Norte/);
	await page.locator('[name="ubicacion.lat"]').fill('19.4326');
	await page.keyboard.press('Tab');
	assert.match(await words(page).innerText(), /^El punto queda fuera de León/);
	await look(page);
	await page.context().close();
});

// A page is scrolled with one finger: the map must not catch it.
test('on a telephone a touch puts the point and one finger scrolls the page', async () => {
	const page = await live({ width: 320, height: 640, hasTouch: true, isMobile: true });
	const view = page.locator('.map-view');
	assert.equal(await view.evaluate((one) => getComputedStyle(one).touchAction), 'pan-x pan-y');
	await view.scrollIntoViewIfNeeded();
	await view.tap();
	await page.locator('.map-marker').waitFor();
	assert.ok(near(await point(page), plaza), String(await point(page)));
	await look(page);
	await page.context().close();
});

test('without scripts a click on the drawing puts the point and keeps what was typed', async () => {
	for (const width of [320, 1440]) {
		const page = await askedForPoint({ width, scripts: false });
		await page.locator('[name="frente"]').fill('8.5');
		const pick = page.locator('.map-view__pick');
		const seen = await page.locator('.map-view').boundingBox();
		const whole = await pick.boundingBox();
		await pick.click({ position: { x: seen.x + seen.width / 2 - whole.x, y: seen.y + seen.height / 2 - whole.y } });
		await page.waitForLoadState();
		assert.ok(near(await point(page), plaza), String(await point(page)));
		assert.equal(await value(page, 'lat') !== '', true);
		assert.equal(await page.locator('[name="frente"]').inputValue(), '8.5');
		assert.match(await words(page).innerText(), /^Centro Histórico\. El punto queda/);
		assert.equal(await page.locator('.map .map-pin').count(), 1);
		assert.doesNotMatch(page.url(), /21\.|101\./); // no address says where
		assert.match(page.url(), /#ubicacion-mapa$/);
		assert.equal(await page.locator('.error-summary').count(), 0);
		await page.getByRole('button', { name: 'Mover al norte' }).click();
		await page.getByRole('button', { name: 'Punto al centro' }).click();
		await page.waitForLoadState();
		assert.ok((await point(page))[0] > plaza[0]);
		await look(page, false);
		await screens(page, 'mapa-sin-guiones');
		await page.context().close();
	}
});

test('who checks, who waits and who decides see the point on a small map', async () => {
	const client = town.client();
	const filed = await fileCase(client, { 'ubicacion.lat': String(plaza[0]), 'ubicacion.lon': String(plaza[1]) });
	const page = await openPage(browser, { baseURL: town.url, cookies: cookiesOf(client, town.url) });
	await page.goto(`/expedientes/${filed.number}`);
	const map = page.getByRole('img', { name: 'Mapa de León con el punto marcado' });
	assert.equal(await map.count(), 1);
	assert.ok(await map.isVisible());
	await look(page);
	await screens(page, 'mapa-expediente');
	await page.emulateMedia({ media: 'print' });
	assert.ok(await map.isVisible());
	await page.context().close();
	const clerk = await town.signIn('ana');
	const desk = await openPage(browser, { baseURL: town.url, cookies: cookiesOf(clerk, town.url) });
	await desk.goto(`/oficina/expedientes/${filed.number}`);
	assert.ok(await desk.getByRole('img', { name: 'Mapa de León con el punto marcado' }).isVisible());
	await look(desk);
	await screens(desk, 'mapa-oficina');
	await desk.context().close();
});
