// The program's own TLS, without a proxy before it: two clerks in a whole browser, and what is new told to the open page.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launch, openPage } from '../lib/browser.mjs';
import { fileCase, receiptIssued } from '../lib/journey.mjs';
import { office, take } from '../lib/office.mjs';
import { password, startTown } from '../lib/server.mjs';

let town;
let browser;
let number;
before(async () => {
	[town, browser] = await Promise.all([startTown({ args: ['--streams', '0'] }), launch({ kind: 'whole' })]);
	({ number } = await fileCase(town.client()));
	await receiptIssued(town, number);
	await take(await town.signIn('ana'), number);
	await town.stop();

	const [key, certificate, settings] = ['tls.key', 'tls.pem', 'installation.yaml'].map((name) => join(town.data, name));
	execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
		'-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', certificate], { stdio: 'ignore' });
	writeFileSync(settings, readFileSync(settings, 'utf8').replace(/^towns:/m, `tls: {certificate: ${certificate}, key: ${key}}\ntowns:`));
	await town.begin();
});
after(async () => {
	await browser?.close();
	await town?.stop();
});

async function signIn(login) {
	const page = await openPage(browser, { baseURL: `https://127.0.0.1:${town.port}`, ignoreHTTPSErrors: true });
	await page.goto('/oficina/entrar');
	await page.getByLabel('Usuario').fill(login);
	await page.getByLabel('Contraseña').fill(password);
	await page.getByRole('button', { name: 'Entrar' }).click();
	await page.waitForURL('**/oficina/bandeja/**');
	return page;
}

// RFC 6265bis, 4.1.3.2: what is called __Host- was set by this host, over TLS, for all of it. RFC 6797, 7.1.
test('a clerk signs in over TLS, and the open case hears of what another does', async () => {
	const [hers, his] = await Promise.all([signIn('ana'), signIn('omar')]);
	const cookies = await hers.context().cookies();
	assert.ok(cookies.length > 0);
	for (const one of cookies) {
		assert.match(one.name, /^__Host-/);
		assert.deepEqual([one.secure, one.httpOnly, one.path], [true, true, '/'], one.name);
	}

	const opened = hers.waitForResponse((answer) => answer.url().includes('/novedades/'));
	const page = await hers.goto(office(number));
	assert.match(page.headers()['strict-transport-security'], /^max-age=\d+/);
	const stream = await opened;
	assert.equal(stream.status(), 200);
	assert.equal(new URL(stream.url()).origin, `https://127.0.0.1:${town.streamPort}`);

	await his.goto(office(number));
	await his.locator('#texto').fill('Falta el plano.');
	await his.getByRole('button', { name: 'Guardar como nota interna' }).click();
	await hers.locator('.live p:visible').waitFor();
	assert.match(await hers.locator('.live').innerText(), /Este expediente ha cambiado/);
	await hers.getByRole('link', { name: 'Ver los cambios' }).click();
	await hers.getByText('Falta el plano.').first().waitFor();
	assert.deepEqual([...hers.complaints, ...his.complaints], []);
});
