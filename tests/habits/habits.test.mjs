// What a developer's commands promise, kept in a copy of the tree: `make new-module` gives a module that builds, passes
// its test and answers; `make run` builds and serves again after a change.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { promisify } from 'node:util';
import { root, scratch, start, until } from '../lib/program.mjs';

const work = scratch('tree');
const make = (...words) => promisify(execFile)('make', ['-s', '-j2', ...words], { cwd: work, maxBuffer: 1 << 26 });

// Objects are taken along, and the flags that they were made with: only what a change touches is built.
before(() => {
	const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
		.split('\n').filter((file) => file && existsSync(join(root, file)));
	execFileSync('cp', ['-a', '--parents', '-t', work, ...files, 'build/debug', 'build/gen', 'build/tools'], { cwd: root });
	const [, compiler] = /^(.*?) -/.exec(readFileSync(join(root, 'build/debug/.flags'), 'utf8'));
	process.env.CC = compiler;
	process.env.MAKEFLAGS = `CC=${compiler.replace(/ /g, '\\ ')}`;
	if (/ -Werror /.test(readFileSync(join(root, 'build/debug/.flags'), 'utf8'))) process.env.MAKEFLAGS += ' WERROR=-Werror';
});

test('make new-module: it builds without a warning, its test passes, its page and its matrix line are there', async () => {
	await make('new-module', 'NAME=prueba');
	await make('all', 'build/debug/test/mod');
	const inCopy = (program, ...args) => execFileSync(join(work, program), args, { cwd: work, encoding: 'utf8' });
	assert.match(inCopy('build/debug/test/mod', 'prueba_'), /^ok prueba_lists_newest_first$/m);
	assert.match(inCopy('build/debug/ventanilla', 'tables'), /^prueba\ttitle\tnone/m);
	assert.equal(inCopy('build/debug/ventanilla', 'routes', '--roles').split('\n').sort().join('\n'),
		readFileSync(join(work, 'tests/permissions.tsv'), 'utf8').split('\n').sort().join('\n'));
	execFileSync('script/lint', { cwd: work });
});

test('make run: serves what was built, and what was changed since', async () => {
	const run = start('script/run', ['data'], { cwd: work, waitMs: 120000, env: { PORT: '0', CASES: '2' },
		ready: (out) => /serving on \S+:(\d+)\n/.exec(out)?.[1] });
	const title = async (port) => /<h1[^>]*>([^<]*)</.exec(await (await fetch(`http://127.0.0.1:${port}/prueba`)).text())?.[1];
	try {
		assert.equal(await title(await run.started), 'Prueba');
		const words = join(work, 'src/mod/prueba/prueba.es.po');
		writeFileSync(words, readFileSync(words, 'utf8').replace('"Prueba"', '"Otra cosa"'));
		const ports = () => [...run.output.stdout.matchAll(/serving on \S+:(\d+)\n/g)].map((line) => line[1]);
		await until(() => ports().length === 2, { waitMs: 120000, what: 'the second start' });
		assert.equal(await title(ports()[1]), 'Otra cosa');

		// What does not build leaves the former one serving, and the next change mends it.
		appendFileSync(join(work, 'src/mod/prueba/pages.c'), '\nnot C\n');
		await until(() => /error: /.test(run.output.stderr), { waitMs: 120000, what: 'the compiler’s complaint' });
		assert.equal(await title(ports()[1]), 'Otra cosa');
	} finally {
		run.child.kill('SIGTERM');
		await run.ended;
	}
});
