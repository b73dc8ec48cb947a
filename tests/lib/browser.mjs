// Debian's Chromium by playwright-core, axe-core for accessibility, and the Nu HTML checker for validity.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { patienceMs, root, scratch } from './program.mjs';

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const programs = { whole: ['/usr/bin/chromium', '/usr/bin/chromium-browser'], shell: ['/usr/bin/chromium-headless-shell'] };

// The widths at which every screen is looked at: a small telephone, a tablet, a desk.
export const widths = [320, 768, 1440];

// Chromium's engine without the window around it: half the work for pages by the hundred. `kind: 'whole'` is the browser
// that people have, for what goes through that window too: a person's whole way, what is printed, what is downloaded.
// `more`: further switches.
export async function launch({ kind = 'shell', more = [] } = {}) {
	const { chromium } = require('playwright-core');
	return chromium.launch({ executablePath: programs[kind].find(existsSync), args: ['--headless', '--no-sandbox', '--disable-gpu',
		'--font-render-hinting=none', // letters as wide on every machine
		'--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', ...more] });
}

// A page of its own profile. `scripts: false` is a browser without JavaScript. What the console and the network say
// that is wrong is kept in page.complaints.
export async function openPage(browser, { width = 1440, height = 900, scripts = true, lang = 'es-MX', cookies = [], ...more } = {}) {
	const context = await browser.newContext({ viewport: { width, height }, javaScriptEnabled: scripts, locale: lang, ...more });
	if (cookies.length) await context.addCookies(cookies);
	const page = await context.newPage();
	page.setDefaultTimeout(patienceMs);
	page.complaints = [];
	page.on('console', (message) => {
		// The page's own 422 or 404 is no complaint; nor is the icon a browser looks for beside a PDF.
		const isOwnStatus = message.text().startsWith('Failed to load resource')
			&& (message.location().url === page.url() || message.location().url.endsWith('/favicon.ico'));
		if (['error', 'warning'].includes(message.type()) && !isOwnStatus) page.complaints.push(message.text());
	});
	page.on('pageerror', (error) => page.complaints.push(String(error)));
	page.on('requestfailed', (request) => { // aborted: a page that was left, or a download
		const why = request.failure()?.errorText;
		if (why !== 'net::ERR_ABORTED') page.complaints.push(`${request.url()}: ${why}`);
	});
	return page;
}

// Opens a page and waits until its letters and scripts are there: a map that is still the server's drawing becomes another
// one to Tab through and to look at. Not for a browser without JavaScript, whose maps stay as they are.
export async function visit(page, path) {
	const answer = await page.goto(path);
	await page.evaluate(() => document.fonts.ready);
	await page.locator('[data-map]:not(.is-live)').first().waitFor({ state: 'detached' });
	return answer;
}

// Cookies of an http client (lib/http.mjs) for a browser: signs in once, by HTTP.
export const cookiesOf = (client, url) => [...client.cookies].map(([name, value]) => ({ name, value, url }));

// What axe finds against WCAG 2.0 to 2.2, A and AA, and its best practices, a line each.
export async function accessibilityFaults(page) {
	await page.evaluate(axe);
	const result = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'],
		runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] } }));
	return result.violations.flatMap((rule) => rule.nodes.map((node) =>
		`${rule.id}: ${rule.help}: ${node.target.join(' ')}: ${node.html.slice(0, 160)}`));
}

// Nothing may stick out sideways: → what makes the page wider than its window. What scrolls in a box of its own may.
export const overflows = (page) => page.evaluate(() => {
	const limit = document.documentElement.clientWidth;
	if (document.documentElement.scrollWidth <= limit) return [];
	const isBoxed = (one) => {
		for (let up = one.parentElement; up && up !== document.body; up = up.parentElement)
			if (getComputedStyle(up).overflowX !== 'visible') return true;
		return false;
	};
	return [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > limit + 1 && !isBoxed(one))
		.slice(0, 5).map((one) => `${one.tagName.toLowerCase()}.${one.className} reaches ${Math.round(one.getBoundingClientRect().right)} of ${limit}`);
});

// Goes through the page with Tab, to its end. → { reached: names, faults }: what Tab never comes to (2.1.1), where the
// focus is not seen (2.4.7), or lies under something else (2.4.11).
export async function tabThrough(page, presses = 400) {
	const reached = new Set();
	const faults = [];
	for (let press = 0; press < presses; press++) {
		await page.keyboard.press('Tab');
		const seen = await page.evaluate(() => {
			const been = globalThis.been ??= new Set(); // of this document
			const one = document.activeElement;
			if (one === document.body || (been.has(one) && one.tagName !== 'IFRAME')) return null;
			been.add(one);
			if (one.tagName === 'IFRAME') return {}; // goes on inside, and comes out again
			const box = one.getBoundingClientRect();
			const style = getComputedStyle(one);
			const around = one.closest('.search, .choice') ? getComputedStyle(one.closest('.search, .choice')) : style;
			const middle = Math.min(Math.max(box.y + box.height / 2, 1), innerHeight - 2); // of a tall one, as much as is in sight
			const top = document.elementFromPoint(box.x + Math.min(box.width / 2, 12), middle);
			return { name: `${one.tagName} ${one.textContent.trim().slice(0, 30)}${one.name ?? ''}`, top: top?.outerHTML.slice(0, 60),
				isMarked: (style.outlineStyle !== 'none' && style.outlineWidth !== '0px') || around.boxShadow !== 'none',
				isOnTop: box.height < 2 || (top !== null && (one.contains(top) || top.contains(one) || top.closest('label')?.control === one)) };
		});
		if (seen === null) break;
		if (!seen.name || reached.has(seen.name)) continue;
		reached.add(seen.name);
		if (!seen.isMarked) faults.push(`the focus on ${seen.name} is not seen`);
		if (!seen.isOnTop) faults.push(`${seen.name} lies under ${seen.top}`);
	}
	// Of a group of radio buttons Tab comes to one.
	const missed = await page.evaluate(() => {
		const been = globalThis.been ?? new Set();
		const groups = new Set([...been].filter((one) => one.type === 'radio').map((one) => one.name));
		return [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
			.filter((one) => one.tabIndex >= 0 && !one.disabled && one.checkVisibility({ checkVisibilityCSS: true }) && !been.has(one)
				&& !(one.type === 'radio' && groups.has(one.name))).map((one) => one.outerHTML.slice(0, 100));
	});
	return { reached, faults: [...faults, ...missed.map((one) => `Tab does not come to ${one}`)] };
}

// In the system's own colours: → what lost its edge or its mark.
export const forcedColourFaults = (page) => page.evaluate(() => [
	...[...document.querySelectorAll('main .button, main .tag, main .deadline__n, main .paper')].filter((one) => one.checkVisibility())
		.filter((one) => getComputedStyle(one).borderTopStyle === 'none').map((one) => `no edge: ${one.outerHTML.slice(0, 80)}`),
	...[...document.querySelectorAll('.choice input:checked')].filter((one) => getComputedStyle(one).forcedColorAdjust !== 'none')
		.map((one) => `looks like the others: ${one.outerHTML}`),
]);

// What a page says, a line each; figures aside, for minutes go by, and so are the names written on a map: a picture that
// shows more of the town the larger it is drawn.
export const linesOf = (page) => page.evaluate(() => {
	document.querySelectorAll('.map-view').forEach((one) => { one.hidden = true; });
	return document.querySelector('main').innerText.split('\n').map((line) => line.replace(/\d/g, '#').trim()).filter(Boolean);
});

// Pictures of a page at all widths: SCREENS names the folder; without it nothing is kept.
export async function screens(page, name) {
	const folder = process.env.SCREENS;
	if (!folder) return;
	mkdirSync(folder, { recursive: true });
	const before = page.viewportSize();
	for (const width of widths) {
		await page.setViewportSize({ width, height: before.height });
		await page.screenshot({ path: join(folder, `${name}-${width}.png`), fullPage: true });
	}
	await page.setViewportSize(before);
}

// { name: html } → "name:line: message" of everything that is not valid HTML. One Java machine for all pages.
export function htmlFaults(pages) {
	const folder = scratch('html');
	for (const [name, html] of Object.entries(pages))
		writeFileSync(join(folder, `${name.replace(/[^\w-]+/g, '_') || 'index'}.html`), html);
	const jar = join(root, 'tests/node_modules/vnu-jar/build/dist/vnu.jar');
	return new Promise((done, fail) => execFile('java', ['-Xss4m', '-jar', jar, '--errors-only', '--format', 'json', '--stdout',
		'--exit-zero-always', folder], { maxBuffer: 1 << 26 }, (error, stdout) => {
		if (error) return fail(error);
		done(JSON.parse(stdout).messages.map((one) =>
			`${one.url.split('/').pop()}:${one.lastLine}: ${one.message} ${one.extract ?? ''}`.trim()));
	}));
}
