// The helpers themselves: each must find a fault that is there, or the tests that use them prove nothing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessibilityFaults, htmlFaults, launch, openPage, overflows } from '../lib/browser.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const page = (body) => `<!DOCTYPE html><html lang="es"><head><meta charset="utf-8"><title>Prueba</title></head><body><main>${body}</main></body></html>`;

test('axe finds an image without text and passes one with', async () => {
	const view = await openPage(browser);
	await view.setContent(page('<h1>Uno</h1><img src="data:,">'));
	assert.match((await accessibilityFaults(view)).join('\n'), /image-alt/);
	await view.setContent(page('<h1>Uno</h1><img src="data:," alt="Plano">'));
	assert.deepEqual(await accessibilityFaults(view), []);
});

test('a box wider than the telephone is found', async () => {
	const view = await openPage(browser, { width: 320 });
	await view.setContent(page('<p class="wide" style="width:500px">x</p>'));
	assert.match((await overflows(view)).join('\n'), /p\.wide reaches/);
	await view.setContent(page('<p>x</p>'));
	assert.deepEqual(await overflows(view), []);
});

test('the checker tells invalid HTML from valid', async () => {
	const faults = await htmlFaults({ bad: page('<p><div>x</div></p>'), good: page('<h1>x</h1>') });
	assert.ok(faults.some((one) => one.startsWith('bad.html:')));
	assert.ok(!faults.some((one) => one.startsWith('good.html:')));
});
