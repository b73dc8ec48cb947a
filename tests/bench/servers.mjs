// What is measured and what it is measured against: the program on core 0, nginx on core 0, the load on core 1.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { binary, root, until } from '../lib/program.mjs';
import { environment } from './machine.mjs';

const SERVER_CORE = '0';
const LOAD_CORE = '1';

const get = (port, path) => new Promise((done, fail) => {
	http.get({ host: '127.0.0.1', port, path, agent: false }, (answer) => {
		const chunks = [];
		answer.on('data', (chunk) => chunks.push(chunk)).on('end', () =>
			done({ status: answer.statusCode, headers: answer.headers, bytes: Buffer.concat(chunks) }));
	}).on('error', fail);
});
export { get };

const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));

// The loops share their port: a server of before would quietly take half of the load.
async function isFree(port) {
	if (await get(port, '/').then(() => true, () => false)) throw new Error(`something answers on port ${port} already`);
}

// `slower`: the environment of slow_sync.c, or nothing.
function launch(command, args, slower = {}) {
	const child = spawn('taskset', ['-c', SERVER_CORE, command, ...args],
		{ cwd: root, env: { ...environment, ...slower }, stdio: ['ignore', 'pipe', 'ignore'] });
	running.add(child);
	const ended = new Promise((done) => child.on('exit', () => { running.delete(child); done(); }));
	return { child, async stop() { child.kill('SIGTERM'); await ended; } };
}

// The program over a folder that `bench fill` made. `jobs`: it prints receipts meanwhile; otherwise they wait. `streams`: the
// port of event streams.
export async function serve(data, port, { jobs = false, slower, streams } = {}) {
	await isFree(port);
	const begun = performance.now();
	const server = launch(binary, ['serve', '--data', data, '--port', String(port), '--bench', ...(jobs ? [] : ['--hold-jobs']),
		...(streams ? ['--streams', String(streams)] : [])], slower);
	await new Promise((done, fail) => {
		server.child.stdout.once('data', done);
		server.child.once('exit', () => fail(new Error(`ventanilla serve --data ${data} ended`)));
	});
	const answer = await get(port, '/salud');
	if (answer.status !== 200) throw new Error(`/salud says ${answer.status}`);
	server.readyMs = performance.now() - begun;
	server.port = port;
	return server;
}

// nginx with one worker over a folder of files, as fast as it is known to be: sendfile, cached descriptors, no log.
export async function serveFiles(folder, port) {
	await isFree(port);
	mkdirSync(join(folder, 'scratch'), { recursive: true });
	const scratch = join(folder, 'scratch');
	writeFileSync(join(folder, 'nginx.conf'), `
worker_processes 1; daemon off; pid ${scratch}/pid; error_log ${scratch}/error;
events { worker_connections 4096; use epoll; multi_accept on; }
http {
	access_log off; sendfile on; tcp_nopush on; tcp_nodelay on;
	open_file_cache max=100; open_file_cache_valid 3600s;
	keepalive_requests 1000000000; keepalive_timeout 600;
	client_body_temp_path ${scratch}; proxy_temp_path ${scratch}; fastcgi_temp_path ${scratch};
	uwsgi_temp_path ${scratch}; scgi_temp_path ${scratch};
	server { listen 127.0.0.1:${port}; root ${folder}; }
}
`);
	const server = launch('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(scratch, 'error')]);
	await until(() => get(port, '/').then(() => true, () => false), { what: 'nginx' });
	return server;
}

export const onServerCore = (command, args, slower = {}) =>
	execFileSync('taskset', ['-c', SERVER_CORE, command, ...args], { cwd: root, env: { ...environment, ...slower }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

// wrk with a script of this folder that ends with "RESULT {…}".
export function load(script, port, connections, seconds, variables) {
	const text = execFileSync('taskset', ['-c', LOAD_CORE, 'wrk', '-t1', `-c${connections}`, `-d${seconds}`, '--timeout', '10',
		'-s', join(root, 'tests/bench', script), `http://127.0.0.1:${port}/`],
	{ env: { ...environment, ...variables }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
	const result = /RESULT (.*)/.exec(text);
	if (!result) throw new Error(`wrk said: ${text}`);
	return { ...JSON.parse(result[1]), last: /LAST (.*)/.exec(text)?.[1] };
}

// So many event streams, held from the load's core until `stop()`. → { opened: { open, refused, ms }, stop() → { open, ended } }
export async function hold(program, port, count, paths, cookie) {
	const child = spawn('taskset', ['-c', LOAD_CORE, program, String(port), String(count), cookie],
		{ cwd: root, env: environment, stdio: ['pipe', 'pipe', 'inherit'] });
	running.add(child);
	let said = '';
	const lines = [];
	const wake = [];
	child.stdout.setEncoding('utf8').on('data', (text) => {
		said += text;
		for (let end; (end = said.indexOf('\n')) >= 0; said = said.slice(end + 1)) lines.push(JSON.parse(said.slice(0, end)));
		wake.splice(0).forEach((one) => one());
	});
	const ended = new Promise((done) => child.on('exit', () => { running.delete(child); wake.splice(0).forEach((one) => one()); done(); }));
	const line = async (n) => {
		while (lines.length <= n && running.has(child)) await new Promise((done) => wake.push(done));
		if (lines.length <= n) throw new Error('the streams were not held');
		return lines[n];
	};
	child.stdin.write(`${paths.join('\n')}\n\n`);
	const opened = await line(0);
	return { opened, async stop() {
		child.stdin.end();
		const left = await line(1);
		await ended;
		return left;
	} };
}

// Proportional memory of a process and all below it, in MB.
export function memoryOf(pid) {
	const children = new Map();
	for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
		try {
			const parent = Number(/\) \S+ (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8'))[1]);
			children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
		} catch { /* it ended */ }
	}
	const all = [pid];
	for (let i = 0; i < all.length; i++) all.push(...(children.get(all[i]) ?? []));
	return all.reduce((sum, one) => sum
		+ Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${one}/smaps_rollup`, 'utf8'))[1]) / 1024, 0);
}

// A Lua table for the load scripts.
export function lua(value) {
	if (Array.isArray(value)) return `{${value.map(lua).join(',')}}`;
	if (value !== null && typeof value === 'object')
		return `{${Object.entries(value).map(([key, one]) => `[${JSON.stringify(key)}]=${lua(one)}`).join(',')}}`;
	return JSON.stringify(value);
}
