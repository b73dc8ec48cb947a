// The style guide is for whoever works on the look: nobody meets it who did not ask for it, and no citizen ever.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { run } from '../lib/program.mjs';
import { startTown } from '../lib/server.mjs';

const pages = ['/estilo', '/estilo/formularios', '/estilo/expediente', '/estilo/oficina'];
const statuses = (client) => Promise.all(pages.map(async (path) => (await client.get(path)).status));

test('it is off unless asked for, and can be asked for in two ways', async () => {
	const town = await startTown();
	assert.deepEqual(await statuses(town.client()), [404, 404, 404, 404]);
	await town.stop();
	const file = join(town.data, 'installation.yaml');
	const plain = readFileSync(file, 'utf8');
	for (const [key, args] of [['style_guide: true\n', []], ['', ['--style-guide']]]) {
		writeFileSync(file, key + plain);
		town.args = args;
		await town.begin();
		assert.deepEqual(await statuses(town.client()), [200, 200, 200, 200], key);
		await town.stop();
	}
	writeFileSync(file, `style_guide: perhaps\n${plain}`);
	const refused = await run(['serve', '--data', town.data, '--port', '0']);
	assert.notEqual(refused.code, 0);
	assert.match(refused.stderr, /1:14.*true or false is expected/);
});

test('a town that is not simulated never serves it', async () => {
	const town = await startTown({ simulated: null, settings: 'style_guide: true', args: ['--style-guide'] });
	assert.deepEqual(await statuses(town.client()), [404, 404, 404, 404]);
	await town.stop();
});
