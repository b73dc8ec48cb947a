// The living style guide, /estilo: every part in every state, in both towns' looks and three languages. It is looked at
// as pages are (axe and its contrast, small screens, 400 %, keyboard, forced colours, no JavaScript), and what the parts
// measure and how they are coloured is held against what was kept. To keep it anew after a wanted change:
//
//   STYLE_GUIDE=keep node --test tests/browser/styleguide.test.mjs
//
// Kept are boxes and computed styles, not pictures: how a letter's edge is blended depends on the machine, where it
// stands does not (our own faces, no hinting); and a change of a line of text says what changed, which a picture does not.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { accessibilityFaults, forcedColourFaults, htmlFaults, launch, linesOf, openPage, overflows, tabThrough, widths } from '../lib/browser.mjs';
import { root } from '../lib/program.mjs';
import { hosts, startTown } from '../lib/server.mjs';

let town;
let browser;
before(async () => { [town, browser] = await Promise.all([startTown({ packs: ['leon', 'barakaldo'], args: ['--style-guide'] }), launch()]); });
after(async () => {
	await browser?.close();
	await town?.stop();
});

const pages = { base: '/estilo', formularios: '/estilo/formularios', expediente: '/estilo/expediente', oficina: '/estilo/oficina' };
const looks = [['leon', 'es'], ['leon', 'en'], ['barakaldo', 'es'], ['barakaldo', 'eu']];
const open = (pack, lang, options) => {
	const baseURL = `http://${hosts[pack]}:${town.port}`;
	return openPage(browser, { baseURL, cookies: [{ name: 'idioma', value: lang, url: baseURL }], reducedMotion: 'reduce', ...options });
};
const unfold = (page) => page.evaluate(() => document.querySelectorAll('details').forEach((one) => { one.open = true; }));

const markup = {};
for (const [pack, lang] of looks) {
	test(`accessible, and fits at every width and at 400 %: ${pack}, ${lang}`, async () => {
		const faults = [];
		const page = await open(pack, lang);
		const near = await open(pack, lang, { width: 320, height: 256, deviceScaleFactor: 4 });
		for (const [name, path] of Object.entries(pages)) {
			const answer = await page.goto(path);
			markup[`${pack}-${lang}-${name}`] = await answer.text();
			assert.equal(await page.getAttribute('html', 'lang'), lang);
			await unfold(page);
			const found = await accessibilityFaults(page);
			for (const width of widths) {
				await page.setViewportSize({ width, height: 900 });
				found.push(...await overflows(page));
			}
			await near.goto(path);
			await unfold(near);
			found.push(...await overflows(near), ...await accessibilityFaults(near), ...page.complaints.splice(0), ...near.complaints.splice(0));
			faults.push(...found.map((fault) => `${name}: ${fault}`));
		}
		assert.deepEqual(faults, []);
		for (const one of [page, near]) await one.context().close();
	});
}

test('it is valid HTML', async () => assert.deepEqual(await htmlFaults(markup), []));

test('the keyboard reaches everything, and what it reaches is seen', async () => {
	const page = await open('leon', 'es', { height: 700 });
	for (const [name, path] of Object.entries(pages)) {
		await page.goto(path);
		const { reached, faults } = await tabThrough(page, 200);
		assert.deepEqual(faults, [], name);
		assert.ok(reached.size > 12, `${name}: ${[...reached]}`);
	}
	await page.context().close();
});

test('in the system\'s colours nothing loses its edge or its mark', async () => {
	const page = await open('barakaldo', 'eu', { forcedColors: 'active' });
	for (const [name, path] of Object.entries(pages)) {
		await page.goto(path);
		assert.deepEqual(await forcedColourFaults(page), [], name);
	}
	await page.context().close();
});

test('without JavaScript it says the same', async () => {
	const [quick, plain] = [await open('leon', 'es'), await open('leon', 'es', { scripts: false })];
	for (const path of Object.values(pages)) {
		await Promise.all([quick.goto(path), plain.goto(path)]);
		const more = await linesOf(quick);
		assert.deepEqual((await linesOf(plain)).filter((line) => !more.includes(line)), [], path);
	}
	for (const page of [quick, plain]) await page.context().close();
});

const source = (name) => readFileSync(join(root, name), 'utf8');

test('every icon, and every part of the layouts is in it', () => {
	const icons = [...source('web/icons.svg').matchAll(/id="i-([\w-]+)"/g)].map(([, name]) => name);
	const shown = [...markup['leon-es-base'].matchAll(/<li><svg class="icon"[^>]*><use href="[^"#]*#i-([\w-]+)"/g)].map(([, name]) => name);
	assert.deepEqual(shown.sort(), icons.sort());
	// Which template prints which others: by name, from the guide's own on.
	const files = ['parts', 'form', 'handover', 'citizen', 'office'].map((name) => `src/core/layout/${name}.html`);
	const parts = files.slice(0, 3).concat('src/core/question/question.html', 'src/core/casepage/casepage.html');
	const guide = ['guide', 'guide_base', 'guide_forms', 'guide_case', 'guide_office'].map((name) => `src/mod/styleguide/${name}.html`);
	const others = ['portal/home', 'tracking/case', 'verify/verify', 'office/inbox', 'office/steps'].map((name) => `src/mod/${name}.html`);
	const calls = {};
	for (const text of [...new Set([...files, ...parts, ...guide, ...others])].map(source))
		for (const [, name, body] of text.matchAll(/\{\{template (\w+)\(([\s\S]*?)(?=\{\{template|$)/g))
			calls[name] = [...body.matchAll(/\{\{(?:call|layout) (\w+)\(/g)].map(([, called]) => called);
	const printed = new Set(['guide_base', 'guide_forms', 'guide_case', 'guide_office']);
	for (const name of printed) for (const called of calls[name] ?? []) printed.add(called);
	const missing = parts.flatMap((file) => [...source(file).matchAll(/\{\{template (\w+)\(/g)].map(([, name]) => name))
		.filter((name) => !printed.has(name) && !['files'].includes(name)); // files is file_rows under another view
	assert.deepEqual(missing, []);
});

// A line for each box of each sample: where it stands in it, how large it is, and what colours and letters it has.
const measure = (page) => page.evaluate(() => {
	const round = (value) => Math.round(value * 10) / 10;
	const colour = (value) => value.replace(/rgba?\(([^)]*)\)/g, (all, list) => {
		const [r, g, b, a = 1] = list.split(',').map(Number);
		return a === 0 ? '-' : `#${[r, g, b].map((one) => one.toString(16).padStart(2, '0')).join('')}${a === 1 ? '' : `/${a}`}`;
	});
	const lines = [];
	for (const sample of document.querySelectorAll('[data-sample]')) {
		const origin = sample.getBoundingClientRect();
		lines.push(`== ${sample.dataset.sample} ${round(origin.width)} ${round(origin.height)}`);
		for (const one of sample.querySelectorAll('[class], input, select, textarea, button')) {
			if (one.closest('svg') || one.closest('.vh') || !one.checkVisibility()) continue;
			const box = one.getBoundingClientRect();
			const style = getComputedStyle(one);
			const name = [one.tagName.toLowerCase(), ...one.classList].join('.');
			const edge = style.borderTopStyle === 'none' ? '-' : `${style.borderTopWidth} ${style.borderTopStyle} ${colour(style.borderTopColor)}`;
			lines.push(`${name} ${round(box.x - origin.x)} ${round(box.y - origin.y)} ${round(box.width)} ${round(box.height)} | ${colour(style.color)} `
				+ `${colour(style.backgroundColor)} ${edge} ${style.fontSize} ${style.fontWeight} ${style.fontFamily.split(',')[0].replace(/"/g, '')}`);
		}
	}
	return lines;
});

const TOLERANCE = 1.5; // pixels
function differences(now, kept) {
	const found = [];
	if (now.length !== kept.length) found.push(`${now.length} boxes, kept are ${kept.length}`);
	for (let i = 0; i < Math.min(now.length, kept.length) && found.length < 20; i++) {
		const [[box, look], [keptBox, keptLook]] = [now[i].split(' | '), kept[i].split(' | ')];
		const [words, keptWords] = [box.split(' '), keptBox.split(' ')];
		const isNear = words.length === keptWords.length && words.every((word, at) => word === keptWords[at] || Math.abs(word - keptWords[at]) <= TOLERANCE);
		if (!isNear || look !== keptLook) found.push(`now  ${now[i]}\nkept ${kept[i]}`);
	}
	return found;
}

const folder = join(root, 'tests/browser/styleguide');
for (const [pack, lang, width] of [['leon', 'es', 320], ['leon', 'es', 1440], ['barakaldo', 'eu', 1440]]) {
	test(`parts measure and look as they were kept: ${pack}, ${lang}, ${width}`, async () => {
		const page = await open(pack, lang, { width });
		for (const [name, path] of Object.entries(pages)) {
			await page.goto(path);
			await page.evaluate(() => document.fonts.ready);
			const now = await measure(page);
			const file = join(folder, `${name}-${pack}-${lang}-${width}.txt`);
			if (process.env.STYLE_GUIDE === 'keep') {
				mkdirSync(folder, { recursive: true });
				writeFileSync(file, `${now.join('\n')}\n`);
			}
			assert.ok(existsSync(file), `${file} is not there: keep it first`);
			assert.deepEqual(differences(now, readFileSync(file, 'utf8').trim().split('\n')), [], name);
		}
		await page.context().close();
	});
}

test('a part that moved, grew or changed its colour would be seen', async () => {
	const page = await open('leon', 'es');
	await page.goto(pages.base);
	const kept = await measure(page);
	for (const css of ['.tag { padding-left: 1.2em }', '.notice--warn { background: #fdeecc }', '.button { font-weight: 600 }']) {
		await page.goto(pages.base);
		const sheet = `${await (await page.context().request.get(await page.getAttribute('link[rel=stylesheet]', 'href'))).text()}\n${css}`;
		await page.route('**/ventanilla*.css', (route) => route.fulfill({ body: sheet, contentType: 'text/css' }));
		await page.goto(pages.base);
		assert.notDeepEqual(differences(await measure(page), kept), [], css);
		await page.unroute('**/ventanilla*.css');
	}
	await page.context().close();
});
