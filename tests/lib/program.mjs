// Runs the program under test: VENTANILLA names the binary, build/debug/ventanilla otherwise.
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

// How long a thing may take until it is taken for one that will not come: far more than any machine needs.
export const patienceMs = 60000;

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const binary = resolve(root, process.env.VENTANILLA ?? 'build/debug/ventanilla');
if (!existsSync(binary)) throw new Error(`${binary} is not there: run make first`);

// A folder of its own that goes when the process ends.
const folders = [];
export function scratch(name) {
	const folder = mkdtempSync(join(tmpdir(), `ventanilla-${name}-`));
	folders.push(folder);
	return folder;
}
process.on('exit', () => {
	for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

// → { code, stdout, stderr }. Never throws for an exit code: tests look at it.
export function run(args, { input = '', env = {}, encoding = 'utf8' } = {}) {
	return new Promise((done) => {
		const child = execFile(binary, args, { cwd: root, env: { ...process.env, ...env }, encoding, maxBuffer: 1 << 28 },
			(error, stdout, stderr) => done({ code: error ? (error.code ?? error.signal) : 0, stdout, stderr }));
		child.stdin.on('error', () => {}); // it may end without reading
		child.stdin.end(input);
	});
}

export async function runOk(args, options) {
	const result = await run(args, options);
	if (result.code !== 0) throw new Error(`ventanilla ${args.join(' ')}: exit ${result.code}\n${result.stderr}`);
	return result.stdout;
}

const children = new Set();
process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')));

// A long-running child whose output is kept. `ready` sees each line of standard output until it returns a value.
export function start(command, args, { cwd = root, env = {}, ready, waitMs = patienceMs }) {
	const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
	const output = { stdout: '', stderr: '' };
	const ended = new Promise((done) => child.on('exit', (code, signal) => done({ code, signal })));
	child.stderr.on('data', (data) => { output.stderr += data; });
	const started = new Promise((done, fail) => {
		const give = (error) => fail(new Error(`${command} ${args.join(' ')}: ${error}\n${output.stdout}${output.stderr}`));
		const timer = setTimeout(() => give(`not ready after ${waitMs} ms`), waitMs);
		ended.then((how) => { clearTimeout(timer); give(`ended with ${how.code ?? how.signal}`); });
		child.on('error', (error) => { clearTimeout(timer); give(error.message); });
		child.stdout.on('data', (data) => {
			output.stdout += data;
			const value = ready(output.stdout);
			if (value === undefined) return;
			clearTimeout(timer);
			done(value);
		});
	});
	started.catch(() => {}); // whoever awaits it gets it; an unawaited failure is no crash
	children.add(child);
	ended.then(() => children.delete(child));
	return { child, output, ended, started };
}

// Looks again and again until it holds.
export async function until(look, { waitMs = patienceMs, what = 'the condition' } = {}) {
	const end = Date.now() + waitMs;
	for (;;) {
		const value = await look();
		if (value) return value;
		if (Date.now() > end) throw new Error(`${what} did not come about within ${waitMs} ms`);
		await new Promise((wake) => setTimeout(wake, 20));
	}
}
