// What the docs say holds: the commands in docs/administrator.md work as they stand there, in that order, and what
// docs/ARCHITECTURE.md leads to is there.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
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

test('the tour of the sources leads to files and functions that exist', () => {
	const text = readFileSync(join(root, 'docs/ARCHITECTURE.md'), 'utf8');
	const paths = new Set(text.match(/(?<![\w/.])(?:src|tests|tools|packs|docs|build\/gen|base|core|data|web|mod|app)\/[\w/.-]*[\w/]/g));
	assert.ok(paths.size > 30);
	const lost = [...paths].filter((path) => !path.startsWith('src/mod/yours') && !['', 'src'].some((top) => existsSync(join(root, top, path))));
	const names = new Set([...text.matchAll(/`([a-z]+(?:_[a-z]+)+)`/g)].map(([, name]) => name));
	assert.ok(names.size > 15);
	for (const name of names)
		try {
			execFileSync('grep', ['-rqw', '--include=*.[ch]', name, join(root, 'src')]);
		} catch {
			lost.push(name);
		}
	assert.deepEqual(lost, []);
});
