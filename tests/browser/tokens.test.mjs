// Colours by computation: every pair of tokens that the style sheet lets meet reaches its contrast, for the common
// tokens and for each town's own. (What a pack's colours must reach is also checked when it is loaded.)
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../lib/program.mjs';

const css = readFileSync(join(root, 'web/css/ventanilla.css'), 'utf8');

// { name: '#rrggbb' } of all :root blocks outside media queries.
function tokens() {
	const found = {};
	for (const [, block] of css.matchAll(/^:root \{([^}]*)\}/gm))
		for (const [, name, value] of block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})\b/g)) found[name] = value;
	return found;
}

const channel = (hex) => {
	const value = parseInt(hex, 16) / 255;
	return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
};
const luminance = (colour) => 0.2126 * channel(colour.slice(1, 3)) + 0.7152 * channel(colour.slice(3, 5)) + 0.0722 * channel(colour.slice(5, 7));
const contrast = (a, b) => {
	const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
	return (light + 0.05) / (dark + 0.05);
};

test('the formula is WCAG\'s', () => { // https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio: black on white is 21
	assert.equal(contrast('#000000', '#ffffff').toFixed(2), '21.00');
	assert.equal(contrast('#767676', '#ffffff').toFixed(2), '4.54');
});

// foreground, backgrounds, what is to be reached: 4.5 text, 3 edges and icons (1.4.3, 1.4.11), 7 where the look wants it.
const pairs = [
	['ink', ['paper', 'ground', 'ground-2', 'town-tint', 'warn-tint', 'info-tint', 'ok-tint', 'bad-tint', 'sun'], 7],
	['ink-2', ['paper', 'ground', 'ground-2', 'town-tint', 'warn-tint'], 4.5],
	['town', ['paper', 'ground', 'ground-2', 'town-tint', 'warn-tint'], 4.5],
	['on-town', ['town'], 4.5],
	['on-town', ['town-deep'], 7],
	['town-glow', ['town-deep'], 7],
	['ok', ['paper', 'ok-tint'], 4.5], ['info', ['paper', 'info-tint'], 4.5], ['warn', ['paper', 'warn-tint', 'ground'], 4.5],
	['bad', ['paper', 'bad-tint', 'ground'], 4.5],
	['line-strong', ['paper', 'ground', 'ground-2'], 3],
	['town-line', ['town-deep'], 3],
	['sun', ['town-deep'], 3],
];

function faultsOf(set) {
	return pairs.flatMap(([front, backs, least]) => backs.filter((back) => contrast(set[front], set[back]) < least)
		.map((back) => `${front} on ${back}: ${contrast(set[front], set[back]).toFixed(2)} of ${least}`));
}

test('the common tokens', () => {
	assert.ok(Object.keys(tokens()).length > 20);
	assert.deepEqual(faultsOf(tokens()), []);
	assert.notDeepEqual(faultsOf({ ...tokens(), 'ink-2': '#9aa39f' }), [], 'a pale grey would be found');
});

for (const name of readdirSync(join(root, 'packs'))) {
	test(`the colours of ${name}`, () => {
		const pack = readFileSync(join(root, 'packs', name, 'pack.yaml'), 'utf8');
		const own = Object.fromEntries([...pack.matchAll(/^\s+((?:on-)?town(?:-\w+)?):\s*"(#[0-9a-fA-F]{6})"/gm)].map(([, key, value]) => [key, value.toLowerCase()]));
		assert.equal(Object.keys(own).length, 6);
		assert.deepEqual(faultsOf({ ...tokens(), ...own }), []);
	});
}
