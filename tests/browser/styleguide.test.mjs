// The living style guide, /estilo: every part in every state, in both towns' looks and three languages. It is looked at
// as pages are (axe and its contrast, small screens, 400 %, keyboard, forced colours, no JavaScript), and what the parts
// measure and how they are coloured is held against what was kept. To keep it anew after a wanted change:
//
//   STYLE_GUIDE=keep node --test tests/browser/styleguide.test.mjs
//
// Kept are boxes and computed styles (a line of text says what changed), and pictures for what these do not say: what is
// drawn inside an icon, a mark, an ornament. How a letter's edge is blended depends on the machine, where it stands does
// not (our own faces, no hinting); lib/pictures.mjs compares so that only the former passes.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { accessibilityFaults, forcedColourFaults, htmlFaults, launch, linesOf, openPage, overflows, tabThrough, visit, widths } from '../lib/browser.mjs';
import { changedBlocks, decode, differencePicture, encode, reduce } from '../lib/pictures.mjs';
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
			const answer = await visit(page, path);
			markup[`${pack}-${lang}-${name}`] = await answer.text();
			assert.equal(await page.getAttribute('html', 'lang'), lang);
			await unfold(page);
			const found = await accessibilityFaults(page);
			for (const width of widths) {
				await page.setViewportSize({ width, height: 900 });
				found.push(...await overflows(page));
			}
			await visit(near, path);
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
		await visit(page, path);
		const { reached, faults } = await tabThrough(page, 200);
		assert.deepEqual(faults, [], name);
		assert.ok(reached.size > 12, `${name}: ${[...reached]}`);
	}
	await page.context().close();
});

test('in the system\'s colours nothing loses its edge or its mark', async () => {
	const page = await open('barakaldo', 'eu', { forcedColors: 'active' });
	for (const [name, path] of Object.entries(pages)) {
		await visit(page, path);
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
			await visit(page, path);
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

// The page without its foot, which tells the time. → the picture, and where each part of the page begins
async function picture(page, path, scale = 1) {
	await visit(page, path);
	const { height, parts } = await page.evaluate(() => ({ height: Math.floor(document.querySelector('main').getBoundingClientRect().bottom),
		parts: [...document.querySelectorAll('h1, h2')].map((one) => ({ name: one.textContent.trim(), top: one.getBoundingClientRect().top })) }));
	const clip = { x: 0, y: 0, width: page.viewportSize().width, height };
	return { ...reduce(await page.screenshot({ fullPage: true, clip }), scale), parts };
}

const partAt = (parts, y) => parts.filter((one) => one.top <= y + 16).at(-1)?.name ?? 'the head';

// '' or what differs, with the pictures that show it.
function pictureFault(name, now, kept) {
	const changed = changedBlocks(now, kept);
	const isSized = now.width === kept.width && Math.abs(now.height - kept.height) <= 1;
	if (changed.length === 0 && isSized) return '';
	const shown = join(root, 'build/styleguide');
	mkdirSync(shown, { recursive: true });
	writeFileSync(join(shown, `${name}-now.png`), encode(now));
	writeFileSync(join(shown, `${name}-difference.png`), encode(differencePicture(now, kept, changed)));
	const where = [...new Set(changed.map(({ y }) => partAt(now.parts, y)))].join(', ');
	return `${name}: ${isSized ? '' : `${now.width} x ${now.height}, kept is ${kept.width} x ${kept.height}; `}${changed.length} blocks differ (${where}): `
		+ `see build/styleguide/${name}-now.png and ${name}-difference.png`;
}

const pictured = (name, pack, lang, width) => `${name}-${pack}-${lang}-${width}`;
const keptPicture = (name) => {
	const file = join(folder, `${name}.png`);
	assert.ok(existsSync(file), `${file} is not there: keep it first`);
	return decode(readFileSync(file));
};

for (const [pack, lang, width] of [['leon', 'es', 320], ['leon', 'es', 1440], ['barakaldo', 'eu', 320], ['barakaldo', 'eu', 1440]]) {
	test(`the pages look as their kept pictures: ${pack}, ${lang}, ${width}`, async () => {
		const page = await open(pack, lang, { width });
		const faults = [];
		for (const [name, path] of Object.entries(pages)) {
			const called = pictured(name, pack, lang, width);
			const now = await picture(page, path);
			if (process.env.STYLE_GUIDE === 'keep') writeFileSync(join(folder, `${called}.png`), encode(now));
			faults.push(pictureFault(called, now, keptPicture(called)));
		}
		assert.deepEqual(faults.filter(Boolean), []);
		await page.context().close();
	});
}

test('a picture passes where letters and lines are blended otherwise: twice as fine, or hinted', async () => {
	const hinted = await launch({ kind: 'whole', more: ['--font-render-hinting=full', '--disable-lcd-text'] });
	try {
		const fine = await open('leon', 'es', { deviceScaleFactor: 2 });
		const other = await openPage(hinted, { baseURL: `http://${hosts.leon}:${town.port}`, reducedMotion: 'reduce' });
		for (const [name, path] of Object.entries(pages)) {
			const kept = keptPicture(pictured(name, 'leon', 'es', 1440));
			const now = await picture(fine, path, 2);
			assert.ok(!now.data.equals(kept.data), `${name} is rendered otherwise`);
			assert.deepEqual(changedBlocks(now, kept), [], `${name}, twice as fine`);
			assert.deepEqual(changedBlocks(await picture(other, path), kept), [], `${name}, hinted`);
		}
		await fine.context().close();
	} finally {
		await hinted.close();
	}
});

// The pages from now on with a rule more.
async function withStyle(page, css) {
	await page.unroute('**/ventanilla*.css');
	await visit(page, pages.base);
	const sheet = `${await (await page.context().request.get(await page.getAttribute('link[rel=stylesheet]', 'href'))).text()}\n${css}`;
	await page.route('**/ventanilla*.css', (route) => route.fulfill({ body: sheet, contentType: 'text/css' }));
}

test('a part that moved, grew or changed its colour would be seen', async () => {
	const page = await open('leon', 'es');
	await visit(page, pages.base);
	const kept = await measure(page);
	for (const css of ['.tag { padding-left: 1.2em }', '.notice--warn { background: #fdeecc }', '.button { font-weight: 600 }']) {
		await withStyle(page, css);
		await visit(page, pages.base);
		assert.notDeepEqual(differences(await measure(page), kept), [], css);
	}
	await page.context().close();
});

const breaks = ['.button .icon { transform: translate(4px, 0) }', '.icons-grid li:nth-child(9) .icon { transform: translate(0, 4px) }',
	'.tag .icon { visibility: hidden }', '.notice .icon { visibility: hidden }', '.code { border-color: transparent }',
	'.notice { border-left-color: transparent }', '.notice--warn { background: #fff6e0 }'];
const hairlines = ['.spec { border-color: transparent }']; // between white and nearly white: seen where they are long

test('an icon that moved, a lost border, another tint, a lost mark would be seen in the pictures', async () => {
	for (const width of [1440, 320]) {
		const page = await open('leon', 'es', { width });
		const kept = keptPicture(pictured('base', 'leon', 'es', width));
		for (const css of [...breaks, ...(width === 1440 ? hairlines : [])]) {
			await withStyle(page, css);
			assert.ok(changedBlocks(await picture(page, pages.base), kept).length > 0, `${css} at ${width}`);
		}
		await page.context().close();
	}
});
