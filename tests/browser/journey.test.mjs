// The main job as people do it, in a real browser: a citizen files and comes back, a clerk works with the keyboard
// alone, an officer signs, a cashier is paid, a stranger checks the paper. Every page on the way is looked at.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { accessibilityFaults, launch, openPage, overflows } from '../lib/browser.mjs';
import { answers, pdfFile, slug } from '../lib/journey.mjs';
import { scratch, until } from '../lib/program.mjs';
import { password, startTown } from '../lib/server.mjs';
import { decision, keyOnPaper } from './cases.mjs';

let town;
let browser;
before(async () => {
	[town, browser] = await Promise.all([startTown(), launch({ kind: 'whole' })]);
});
after(async () => {
	await browser?.close();
	await town?.stop();
});

const open = (path, options) => openPage(browser, { baseURL: town.url, ...options }).then(async (page) => {
	await page.goto(path);
	return page;
});

// Nothing sticks out, nothing is complained about; `axe`: and it is accessible (that needs scripts).
async function look(page, { axe = true } = {}) {
	assert.deepEqual([...await overflows(page), ...(axe ? await accessibilityFaults(page) : []), ...page.complaints.splice(0)], [], page.url());
}

const upload = (file) => ({ name: file.name, mimeType: file.type, buffer: Buffer.from(file.bytes) });
const press = async (page, button) => { await button.click(); await page.waitForLoadState(); };
const mainButton = (page, name) => page.locator('main').getByRole('button', { name, exact: true }).last();

// Answers what this page asks and `given` knows.
async function answerPage(page, given) {
	const names = await page.locator('form#paso [name]').evaluateAll((all) => [...new Set(all.filter((one) => one.type !== 'hidden').map((one) => one.name))]);
	for (const name of names.filter((one) => given[one] !== undefined)) {
		const field = page.locator(`form#paso [name="${name}"]`);
		if (!await field.first().isVisible()) continue; // asked only after other answers
		const kind = await field.first().getAttribute('type');
		if (kind === 'file') await field.setInputFiles(upload(given[name]));
		else if (kind === 'radio' || kind === 'checkbox') {
			for (const value of [given[name]].flat()) {
				const box = page.locator(`form#paso [name="${name}"][value="${value}"]`);
				if (!await box.isChecked()) await page.locator(`label[for="${await box.getAttribute('id')}"]`).click();
			}
		} else await field.fill(given[name]);
	}
}

// From the sheet to the receipt. → what the receipt says
async function fileByHand(page, options) {
	await page.goto(`/tramites/${slug}`);
	await look(page, options);
	await page.getByRole('link', { name: /Empezar/ }).first().click();
	await look(page, options);
	await press(page, page.getByRole('button', { name: /Empezar/ }));
	for (let steps = 0; page.url().includes('/paso/'); steps++) {
		assert.ok(steps < 20, 'the form does not end');
		await answerPage(page, answers);
		await look(page, options);
		await press(page, mainButton(page, /Guardar y seguir/));
	}
	assert.match(page.url(), /\/revisar$/, await page.locator('main').innerText());
	await look(page, options);
	await page.locator('label[for=declara]').click();
	await press(page, page.locator('form[action$="/presentar"] button').first());
	assert.match(page.url(), /\/acuse$/, await page.locator('main').innerText());
	await look(page, options);
	const text = await page.locator('main').innerText();
	const code = /(?<![\w-])[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){2}(?![\w-])/.exec(text)[0];
	const key = /(?<![\w-])(?:[0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{2}(?![\w-])/.exec(text)[0];
	await page.goto('/mis-tramites');
	await look(page, options);
	const number = /[A-Z]{2}-\d{4}-\d{6}/.exec(await page.locator('main').innerText())[0];
	return { code, key, number };
}

async function signIn(page, login) {
	await page.goto('/oficina/entrar');
	await page.fill('[name=usuario]', login);
	await page.fill('[name=clave]', password);
	await page.keyboard.press('Enter');
	await page.waitForURL((url) => !url.pathname.endsWith('/entrar'));
}

let citizen; // the citizen's browser, and the case
let filed;
test('a citizen files with JavaScript at 1440 px and has the receipt as PDF', async () => {
	citizen = await open('/', { width: 1440 });
	await look(citizen);
	filed = await fileByHand(citizen);
	await citizen.goto(`/tramites/${slug}/acuse`);
	const link = citizen.getByRole('link', { name: /Descargar/ });
	await link.waitFor(); // appears by itself when the paper is made
	const pdf = await citizen.context().request.get(await link.getAttribute('href'));
	assert.equal(pdf.headers()['content-type'], 'application/pdf');
	const file = join(scratch('receipt'), 'acuse.pdf');
	writeFileSync(file, await pdf.body());
	assert.match(execFileSync('pdftotext', ['-raw', file, '-'], { encoding: 'utf8' }), new RegExp(filed.code));
});

test('and without JavaScript at 320 px', async () => {
	const page = await open('/', { width: 320, scripts: false });
	const other = await fileByHand(page, { axe: false });
	assert.notEqual(other.number, filed.number);
	await until(async () => {
		await page.goto(`/tramites/${slug}/acuse`);
		return page.getByRole('link', { name: /Descargar/ }).isVisible();
	}, { what: 'the receipt' });
	await page.goto(`/expedientes/${other.number}`);
	await look(page, { axe: false });
	await page.context().close();
});

test('a form is left, and found again by its code on another telephone', async () => {
	const first = await open(`/tramites/${slug}/iniciar`, { width: 320 });
	await press(first, first.getByRole('button', { name: /Empezar/ }));
	await answerPage(first, { ...answers, nombre: 'Itziar' });
	await press(first, first.getByRole('button', { name: /Guardar y salir/ }));
	await look(first);
	const code = /[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){2}/.exec(await first.locator('main').innerText())[0];
	const second = await open('/continuar', { width: 320 });
	await second.fill('#codigo', code.toLowerCase().replaceAll('-', ' '));
	await second.keyboard.press('Enter');
	await second.waitForURL(/\/paso\/|\/revisar/);
	await second.goto(`/tramites/${slug}/paso/usted`);
	assert.equal(await second.inputValue('[name=nombre]'), 'Itziar');
	for (const page of [first, second]) await page.context().close();
});

test('a page left open too long loses nothing that was typed', async () => {
	const page = await open(`/tramites/${slug}/iniciar`);
	await press(page, page.getByRole('button', { name: /Empezar/ }));
	await answerPage(page, { ...answers, nombre: 'Nahia', identificacion: undefined });
	await page.context().clearCookies({ name: /csrf/ });
	await press(page, mainButton(page, /Guardar y seguir/));
	await look(page);
	await press(page, page.locator('main').getByRole('button', { name: /Enviar/ }));
	assert.equal(await page.inputValue('[name=nombre]'), 'Nahia', page.url());
	await page.context().close();
});

test('one error says what to mend, and the focus goes there', async () => {
	const page = await open(`/tramites/${slug}/iniciar`, { width: 320 });
	await press(page, page.getByRole('button', { name: /Empezar/ }));
	await answerPage(page, { nombre: 'Lur' });
	await press(page, mainButton(page, /Guardar y seguir/));
	assert.match(await page.title(), /^Error:/);
	await look(page);
	await page.locator('.error-summary a').first().click();
	assert.equal(await page.evaluate(() => document.activeElement.name), 'apellidos');
	assert.equal(await page.inputValue('[name=nombre]'), 'Lur');
	await page.context().close();
});

test('/estado says by the code where it is, and no names', async () => {
	const stranger = await open('/', { width: 320 });
	await stranger.fill('#codigo', filed.code);
	await press(stranger, stranger.getByRole('button', { name: 'Ver en qué va' }));
	await look(stranger);
	const text = await stranger.locator('main').innerText();
	assert.match(text, new RegExp(filed.number));
	assert.doesNotMatch(text, /Ofelia|Muñoz|Nogal/);
	await stranger.context().close();
});

test('with the key the case opens on another device', async () => {
	const other = await open('/mis-tramites', { width: 320 });
	await other.fill('[name=clave]', filed.key);
	await other.keyboard.press('Enter');
	await other.waitForURL(/\/expedientes\//);
	assert.match(other.url(), new RegExp(filed.number));
	await look(other);
	await other.context().close();
});

let clerk;
test('a clerk asks for a correction by keyboard alone', async () => {
	clerk = await open('/oficina', { width: 1440 });
	await clerk.locator('[name=usuario]').focus();
	await clerk.keyboard.type('ana');
	await clerk.keyboard.press('Tab');
	await clerk.keyboard.type(password);
	await clerk.keyboard.press('Enter');
	await clerk.waitForURL(/bandeja\/mios/);
	await look(clerk);
	const askedFor = clerk.waitForURL(/\/oficina\/expedientes\//);
	await clerk.keyboard.press('t'); // takes the most urgent of the team's
	await askedFor;
	await clerk.keyboard.press('Escape');
	await clerk.waitForURL(/bandeja\/mios/);
	await clerk.keyboard.press('/');
	await clerk.keyboard.type(filed.number);
	await clerk.keyboard.press('Enter');
	await clerk.waitForURL(/buscar|expedientes/);
	if (clerk.url().includes('buscar')) {
		await clerk.keyboard.press('j');
		assert.equal(await clerk.evaluate(() => document.activeElement.closest('tr').classList.contains('is-open')), true);
		await clerk.keyboard.press('Enter');
		await clerk.waitForURL(/\/expedientes\//);
	}
	if (await clerk.locator('[data-key=T]').count()) await Promise.all([clerk.waitForEvent('load'), clerk.keyboard.press('t')]);
	await look(clerk);
	await clerk.keyboard.press('c');
	await clerk.waitForURL(/\/correccion$/);
	await clerk.locator('[name="pide.frente"]').focus();
	await clerk.keyboard.press('Space');
	await clerk.keyboard.press('Tab');
	await clerk.keyboard.type('La escritura dice otra medida.');
	await clerk.locator('[name=motivo]').focus();
	await clerk.keyboard.type('Confirme cuánto mide el frente.');
	await clerk.keyboard.press('Tab');
	await clerk.keyboard.press('Enter');
	await clerk.waitForURL(new RegExp(`/expedientes/${filed.number}$`));
	assert.match(await clerk.locator('.case-head').innerText(), /Corrección pedida/);
});

test('J and K walk the list, Enter opens, letters do not fire while one types', async () => {
	await clerk.goto('/oficina/bandeja/equipo');
	const rows = await clerk.locator('[data-rows] a.id').allInnerTexts();
	assert.ok(rows.length >= 2, rows.join());
	for (const [key, at] of [['j', 0], ['j', 1], ['k', 0], ['k', 0]]) {
		await clerk.keyboard.press(key);
		assert.equal(await clerk.evaluate(() => document.activeElement.textContent), rows[at]);
	}
	await clerk.keyboard.press('/');
	await clerk.keyboard.type('tjk');
	assert.equal(await clerk.inputValue('#q'), 'tjk');
	assert.match(clerk.url(), /bandeja\/equipo/);
	await clerk.keyboard.press('Escape');
	await clerk.keyboard.press('j');
	await clerk.keyboard.press('Enter');
	await clerk.waitForURL(new RegExp(`/expedientes/${rows[1]}`));
	await clerk.keyboard.press('k'); // in a case: the one before it in the list
	await clerk.waitForURL(new RegExp(`/expedientes/${rows[0]}`));
	await clerk.keyboard.press('Escape');
	await clerk.waitForURL(/bandeja\/equipo/);
	assert.equal(await clerk.evaluate(() => document.activeElement.textContent), rows[0], 'back on the row one came from');
});

test('letters that act alone can be turned off, and stay so', async () => {
	await clerk.getByRole('button', { name: 'apagar las letras' }).click();
	await clerk.locator('h1').click();
	await clerk.keyboard.press('j');
	assert.equal(await clerk.locator('tr.is-open').count(), 1, 'the row one came from, and no other');
	await clerk.goto('/oficina/bandeja/mios');
	await clerk.keyboard.press('j');
	assert.equal(await clerk.locator('tr.is-open').count(), 0);
	await look(clerk);
	await clerk.getByRole('button', { name: 'encender las letras' }).click();
	await clerk.locator('h1').click();
	await clerk.keyboard.press('j');
	assert.equal(await clerk.locator('tr.is-open').count(), 1);
});

test('the citizen corrects and answers', async () => {
	await citizen.setViewportSize({ width: 320, height: 700 });
	await citizen.goto(`/expedientes/${filed.number}`);
	assert.match(await citizen.locator('.where').innerText(), /Le toca a usted/);
	await look(citizen);
	await citizen.getByRole('link', { name: /Corregir/ }).first().click();
	await citizen.waitForURL(/\/corregir$/);
	await look(citizen);
	await citizen.fill('[name=frente]', '8.7');
	await press(citizen, citizen.locator('main').getByRole('button', { name: /Enviar la corrección/ }).last());
	await citizen.fill('[name=mensaje]', 'Lo medí otra vez.');
	await press(citizen, citizen.getByRole('button', { name: /Enviar mensaje/ }));
	assert.match(await citizen.locator('main').innerText(), /Lo medí otra vez/);
	await look(citizen);
});

test('the clerk approves; a session that ends while one types loses nothing', async () => {
	await clerk.goto(`/oficina/expedientes/${filed.number}`);
	await clerk.keyboard.press('a');
	await clerk.waitForURL(/\/aprobar$/);
	await answerPage(clerk, decision);
	await clerk.context().clearCookies({ name: /^(?!csrf)/ });
	await press(clerk, clerk.getByRole('button', { name: /Enviar a firma/ }));
	await look(clerk);
	assert.match(await clerk.locator('main').innerText(), /Su sesión terminó/);
	await clerk.fill('[name=usuario]', 'ana');
	await clerk.fill('[name=clave]', password);
	await press(clerk, clerk.getByRole('button', { name: /Entrar/ }));
	await look(clerk);
	await press(clerk, clerk.locator('main').getByRole('button', { name: /Enviar/ }));
	await clerk.waitForURL(new RegExp(`/expedientes/${filed.number}$`));
	assert.match(await clerk.locator('main').innerText(), /Se aprueba/);
	assert.match(await clerk.locator('main').innerText(), /12 m/);
});

test('the officer signs, the cashier is paid, the citizen has the permit', async () => {
	const officer = await open('/oficina');
	await signIn(officer, 'omar');
	await officer.goto(`/oficina/expedientes/${filed.number}`);
	await officer.keyboard.press('f');
	await officer.waitForURL(/\/firmar$/);
	await look(officer);
	await officer.fill('[name=clave]', password);
	await officer.keyboard.press('Enter');
	await officer.waitForURL(new RegExp(`/expedientes/${filed.number}$`));
	const cashier = await open('/oficina', { width: 320 });
	await signIn(cashier, 'julio');
	await look(cashier);
	await cashier.getByRole('link', { name: filed.number }).click();
	await cashier.fill('[name=folio]', 'C-000128');
	await look(cashier);
	await press(cashier, cashier.getByRole('button', { name: /Marcar como pagada/ }));
	await until(async () => {
		await citizen.goto(`/expedientes/${filed.number}`);
		return citizen.getByRole('button', { name: /Recibir mi documento/ }).isVisible();
	}, { what: 'the permit' });
	await look(citizen);
	for (const page of [officer, cashier]) await page.context().close();
});

let permit;
test('the permit is taken with the button', async () => {
	const download = citizen.waitForEvent('download').catch(() => null);
	await citizen.getByRole('button', { name: /Recibir mi documento/ }).click();
	const got = await Promise.race([download, citizen.waitForURL(/documentos\/\d+$/).then(() => null)]);
	const address = got ? got.url() : citizen.url();
	const answer = await citizen.context().request.get(address);
	assert.equal(answer.headers()['content-type'], 'application/pdf');
	permit = { file: join(scratch('permit'), 'permiso.pdf'), key: keyOnPaper(await answer.body()) };
	writeFileSync(permit.file, await answer.body());
	assert.match(execFileSync('pdfsig', [permit.file], { encoding: 'utf8' }), /Signature is Valid/);
	await citizen.goto(`/expedientes/${filed.number}`);
	await look(citizen);
});

test('a stranger checks it by key, by the QR code and by the file', async () => {
	const stranger = await open('/verificar', { width: 320 });
	await stranger.fill('[name=clave]', permit.key.toLowerCase());
	await stranger.keyboard.press('Enter');
	await stranger.locator('.verdict').waitFor();
	assert.match(await stranger.locator('.verdict').innerText(), /Es válido/);
	await look(stranger);
	const scanned = await open(`/verificar#${permit.key}`, { width: 320 }); // what the QR code holds
	await scanned.locator('.verdict').waitFor();
	assert.match(await scanned.locator('.verdict').innerText(), /Es válido/);
	assert.doesNotMatch(scanned.url(), new RegExp(permit.key), 'the key does not stay in the address');
	await scanned.goto('/verificar');
	await scanned.setInputFiles('[name=archivo]', permit.file);
	await press(scanned, scanned.getByRole('button', { name: /Comprobar/ }));
	assert.match(await scanned.locator('.verdict').innerText(), /Es válido/);
	await scanned.goto('/verificar');
	await scanned.setInputFiles('[name=archivo]', upload(pdfFile('otro.pdf')));
	await press(scanned, scanned.getByRole('button', { name: /Comprobar/ }));
	assert.match(await scanned.locator('.verdict--bad').innerText(), /No lo emitió/);
	await look(scanned);
	for (const page of [stranger, scanned]) await page.context().close();
});

test('a clerk files at the counter for a person who stands there', async () => {
	const counter = await open('/oficina', { width: 1440 });
	await signIn(counter, 'carmen');
	await counter.waitForURL(/mostrador/);
	await press(counter, counter.locator(`form[action$='/${slug}'] button`));
	for (let steps = 0; counter.url().includes('/paso/'); steps++) {
		assert.ok(steps < 20, 'the form does not end');
		await answerPage(counter, { ...answers, aviso: 'counter', correo: undefined });
		await press(counter, mainButton(counter, /Guardar y seguir/));
	}
	await look(counter);
	await counter.locator('label[for=declara]').click();
	await press(counter, counter.locator('form[action$="/presentar"] button').first());
	assert.match(counter.url(), /\/acuse$/);
	await look(counter);
	await counter.context().close();
});
