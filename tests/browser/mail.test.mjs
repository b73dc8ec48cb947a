// The mails that citizens get, as a mail program shows them: accessible, valid, silent and fitting, light and dark, in both
// towns' colours; complete without their style, and in plain text. WCAG 2.2; look: mail fetches nothing.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { accessibilityFaults, htmlFaults, launch, openPage, overflows } from '../lib/browser.mjs';
import { readMails } from '../lib/mail.mjs';
import { until } from '../lib/program.mjs';
import { startTown } from '../lib/server.mjs';
import { makeCases, makeOtherCases } from './cases.mjs';

let town, browser;
const mails = []; // one of each kind and town
before(async () => {
	[town, browser] = await Promise.all([startTown({ packs: ['leon', 'barakaldo'] }), launch()]);
	await makeCases(town);
	await makeOtherCases(town);
	const kindOf = (mail) => mail.name.replace(/^.*-(\w+)\.eml$/, '$1');
	const read = async () => {
		mails.length = 0;
		for (const pack of ['leon', 'barakaldo']) {
			const all = await readMails(join(town.data, 'correo', pack));
			for (const kind of new Set(all.map(kindOf))) mails.push({ pack, kind, ...all.find((mail) => kindOf(mail) === kind) });
		}
		const kinds = new Set(mails.map((mail) => mail.kind));
		return ['filed', 'correction_asked', 'payment_due', 'paid', 'delivered'].every((kind) => kinds.has(kind))
			&& mails.some((mail) => mail.pack === 'barakaldo');
	};
	await until(read, { what: 'mails of each kind' });
});
after(async () => {
	await browser?.close();
	await town?.stop();
});

const name = (mail) => `${mail.pack} ${mail.kind}`;

async function show(mail, options) {
	const page = await openPage(browser, options);
	page.on('request', (request) => page.complaints.push(`asks for ${request.url()}`));
	await page.setContent(mail.html);
	return page;
}

test('every mail is valid HTML', async () => {
	assert.deepEqual(await htmlFaults(Object.fromEntries(mails.map((mail) => [name(mail), mail.html]))), []);
});

test('every mail is accessible, fits and fetches nothing, on a telephone and a desk, light and dark', async () => {
	const wrong = [], screens = process.env.SCREENS;
	if (screens) mkdirSync(screens, { recursive: true });
	for (const mail of mails) {
		for (const width of [320, 1440]) {
			for (const colorScheme of ['light', 'dark']) {
				const page = await show(mail, { width, colorScheme });
				const at = `${name(mail)} at ${width}, ${colorScheme}`;
				for (const fault of [...await accessibilityFaults(page), ...await overflows(page), ...page.complaints]) wrong.push(`${at}: ${fault}`);
				if (screens) await page.screenshot({ path: join(screens, `${mail.pack}-${mail.kind}-${width}-${colorScheme}.png`), fullPage: true });
				await page.context().close();
			}
		}
	}
	assert.deepEqual(wrong, []);
});

test('without its style, and in plain text, a mail says the same', async () => {
	for (const mail of mails) {
		const page = await show({ html: mail.html.replace(/<style>[\s\S]*?<\/style>/, '') }, { width: 320 });
		assert.deepEqual(await accessibilityFaults(page), [], name(mail));
		const words = await page.evaluate(() => [...document.querySelectorAll('aside, p, h1, li, dt, dd')].map((one) => one.innerText.trim()).filter(Boolean));
		const text = mail.text.replace(/\s+/g, ' ');
		for (const line of words) assert.ok(text.includes(line.replace(/\s+/g, ' ')), `${name(mail)}: the text lacks "${line}"`);
		const href = await page.evaluate(() => document.querySelector('a').href);
		assert.ok(mail.text.includes(href), 'the address in the text');
		assert.doesNotMatch(href, /[#?]/); // no key rides on it
		await page.context().close();
	}
});

test('lines of the plain text are at most 72 columns, but for an address', () => {
	for (const mail of mails)
		for (const line of mail.text.split('\n'))
			assert.ok([...line.trimEnd()].length <= 72 || /^https?:\S+$/.test(line.trim()), `${name(mail)}: ${line}`);
});
