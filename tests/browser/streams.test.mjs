// What is new, told to open pages: two clerks with the same list and the same case, a citizen who waits for the receipt and
// follows the case. Nothing moves under a hand, nothing vanishes, and a screen reader is told (WCAG 4.1.3).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessibilityFaults, cookiesOf, launch, openPage, overflows, screens, widths } from '../lib/browser.mjs';
import { fileCase, receiptIssued } from '../lib/journey.mjs';
import { approve, office, sign, step, take } from '../lib/office.mjs';
import { until } from '../lib/program.mjs';
import { password, startTown } from '../lib/server.mjs';

let town;
let browser;
before(async () => {
	[town, browser] = await Promise.all([startTown({ args: ['--streams', '0'] }), launch()]);
});
after(async () => {
	await browser?.close();
	await town?.stop();
});

// A page of this client's, whose stream is open; `others`: streams that were open before.
async function open(client, path, options) {
	const page = await openPage(browser, { baseURL: town.url, cookies: cookiesOf(client, town.url), ...options });
	const opened = page.waitForResponse((answer) => answer.url().includes('/novedades/'));
	await page.goto(path);
	assert.equal((await opened).status(), 200);
	return page;
}

const inbox = '/oficina/bandeja/equipo';
const news = (page) => page.locator('.live p:visible').innerText();
const placeOf = (page, selector) => page.locator(selector).first().evaluate((one) => one.getBoundingClientRect().top);

async function look(page) {
	assert.deepEqual([...await overflows(page), ...await accessibilityFaults(page), ...page.complaints.splice(0)], [], page.url());
}

test('a list says how much is new since it was opened, and stays as it is', async () => {
	const ana = await town.signIn('ana');
	await fileCase(town.client());
	for (const width of widths) {
		const page = await open(await town.signIn('omar'), inbox, { width });
		assert.equal(await page.locator('.live p:visible').count(), 0);
		await look(page);
		const before = { rows: await page.locator('[data-rows] tbody tr').count(), top: await placeOf(page, '[data-rows]') };
		const { number } = await fileCase(town.client());
		await page.locator('.live p:visible').waitFor();
		assert.match(await news(page), /^\s*1 novedad desde que abrió la lista\.\s+Actualizar la lista\s*$/);
		await take(ana, number);
		await until(async () => /^\s*2 novedades/.test(await news(page)));
		assert.deepEqual({ rows: await page.locator('[data-rows] tbody tr').count(), top: await placeOf(page, '[data-rows]') }, before, `at ${width}`);
		assert.equal(await page.locator('.live').getAttribute('role'), 'status');
		await look(page);
		if (width === widths.at(-1)) await screens(page, 'streams-inbox');
		await page.getByRole('link', { name: 'Actualizar la lista' }).click();
		await page.waitForLoadState();
		assert.equal(await page.locator('[data-rows] tbody tr').count(), before.rows + 1);
		assert.equal(await page.locator('.live p:visible').count(), 0);
		await page.context().close();
	}
});

test('a case says that somebody else has acted on it, to the other and not to who did', async () => {
	const ana = await town.signIn('ana');
	const { number } = await fileCase(town.client());
	await receiptIssued(town, number);
	await take(ana, number);
	const hers = await open(ana, office(number));
	const his = await open(await town.signIn('omar'), office(number));
	await his.locator('#texto').fill('Estoy escribiendo');
	const top = await placeOf(his, '.bench');
	await step(ana, number, '/mensajes', { texto: 'Una nota.', nota: '1' });
	await his.locator('.live p:visible').waitFor();
	assert.match(await news(his), /Este expediente ha cambiado desde que lo abrió\.\s+Ver los cambios/);
	assert.equal(await his.locator('#texto').inputValue(), 'Estoy escribiendo');
	assert.equal(await placeOf(his, '.bench'), top);
	assert.equal(await hers.locator('.live p:visible').count(), 0);
	await look(his);
	await screens(his, 'streams-office-case');
	await Promise.all([hers, his].map((one) => one.context().close()));
});

test('the citizen’s receipt becomes ready on its page, and the case tells its news there', async () => {
	const citizen = town.client();
	const { number } = await fileCase(citizen);
	const page = await openPage(browser, { baseURL: town.url, cookies: cookiesOf(citizen, town.url) });
	await page.goto('/tramites/alineamiento-y-numero-oficial/acuse');
	await page.getByRole('link', { name: 'Descargar el acuse (PDF)' }).waitFor();
	await look(page);

	await page.goto(`/expedientes/${number}`);
	const ana = await town.signIn('ana');
	await take(ana, number);
	await approve(ana, number);
	await page.locator('.live p:visible').waitFor();
	assert.match(await news(page), /Hay novedades en su expediente\.\s+Ver las novedades/);
	await look(page);
	await screens(page, 'streams-citizen');
	await page.getByRole('link', { name: 'Ver las novedades' }).click();
	await page.waitForLoadState();
	assert.equal(await page.locator('.live p:visible').count(), 0);
	await sign(await town.signIn('omar'), number, password);
	await page.locator('.live p:visible').waitFor();
	await page.context().close();
});

// The page asks by itself only for a while: a paper that takes longer is told of by its stream.
test('a receipt that takes its time is told of when it is there', async () => {
	const held = await startTown({ args: ['--streams', '0', '--hold-jobs'] });
	try {
		const citizen = held.client();
		await fileCase(citizen);
		const page = await openPage(browser, { baseURL: held.url, cookies: cookiesOf(citizen, held.url) });
		let asked = 0;
		page.on('request', (request) => { asked += request.method() === 'HEAD' ? 1 : 0; });
		const opened = page.waitForResponse((answer) => answer.url().includes('/novedades/'));
		await page.goto('/tramites/alineamiento-y-numero-oficial/acuse');
		assert.equal((await opened).status(), 200);
		assert.match(await page.locator('[data-receipt-wait]').innerText(), /se está preparando/);
		await look(page);
		await page.evaluate(() => document.querySelector('[data-live]').addEventListener('live', (event) => { globalThis.told = event.detail; }));
		held.sql(`INSERT INTO event (type, occurred_at, recorded_at, actor_kind, actor_id, channel, office, department_id, compartment, procedure_slug, pack_version_id, case_id)
			SELECT 'receipt.issued', 0, 0, 'system', 0, 'web', '', department_id, compartment, procedure_slug, pack_version_id, id FROM cases`);
		await page.waitForFunction(() => globalThis.told);
		assert.deepEqual(await page.evaluate(() => globalThis.told), { n: 1, kinds: ['document'] });
		assert.ok(asked > 0);
		await page.context().close();
	} finally {
		await held.stop();
	}
});

test('without scripts the pages are as they are without streams', async () => {
	const { number } = await fileCase(town.client());
	const page = await openPage(browser, { baseURL: town.url, cookies: cookiesOf(await town.signIn('ana'), town.url), scripts: false });
	await page.goto(office(number));
	assert.equal(await page.locator('.live p:visible').count(), 0);
	assert.deepEqual([...await overflows(page), ...page.complaints], []);
	await page.context().close();
});
