// The commands in docs/administrator.md work as they stand there, in that order.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { binary, root, scratch } from '../lib/program.mjs';

test('the administrator’s examples', () => {
	const text = readFileSync(join(root, 'docs/administrator.md'), 'utf8');
	const commands = [...text.matchAll(/```sh\n([^]*?)```/g)].flatMap(([, block]) => block.trim().split('\n'));
	assert.ok(commands.length > 8);
	const folder = scratch('docs');
	const bin = join(folder, 'bin');
	mkdirSync(bin);
	symlinkSync(binary, join(bin, 'ventanilla'));
	symlinkSync(join(root, 'packs'), join(folder, 'packs'));
	for (const command of commands)
		execFileSync('sh', ['-c', command], { cwd: folder, env: { ...process.env, PATH: `${bin}:${process.env.PATH}` }, encoding: 'utf8' });
});
