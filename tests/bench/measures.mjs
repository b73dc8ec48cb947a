// The parts of `make bench`, each paired with its ceiling run by run. docs/benchmarks.md says what each means.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { binary, root } from '../lib/program.mjs';
import { plain, result, say } from './results.mjs';
import { get, hold, load, lua, memoryOf, onServerCore, serve, serveFiles } from './servers.mjs';
import { SMALL, database, facts, query, town } from './towns.mjs';

const PORT = 18080;
const SHEET = '/tramites/alineamiento-y-numero-oficial';
const FILE_HERE = '/api/v1/tramites/alineamiento-y-numero-oficial/solicitudes';
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const thousands = (n) => n.toLocaleString('en');

// o: { data, cases, runs, seconds, drain, raw }
const rounds = (o, body) => Array.from({ length: o.runs }, (_, i) => body(i));

// A busy machine may refuse some (503, the writer's deadline); more than one in a hundred, or any other answer, is a fault.
function checked(answer, what) {
	if (answer.wrong || answer.unavailable > 0.01 * answer.good)
		throw new Error(`${what}: ${answer.wrong} wrong answers and ${answer.unavailable} refused, beside ${answer.good}: ${answer.last}`);
	return answer;
}

function ask(o, port, paths, headers, connections) {
	const input = join(o.data, 'ask.lua');
	writeFileSync(input, `return ${lua({ paths, headers })}`);
	return checked(load('ask.lua', port, connections, o.seconds, { ASK_INPUT: input }), paths[0]);
}

// --- pages ---------------------------------------------------------------------------------------------------------------

export async function pages(o) {
	const server = await serve(town(o.data, 'small', SMALL, { say }), PORT);
	const home = (await get(PORT, '/')).bytes.toString();
	const folder = join(o.data, 'files');
	mkdirSync(folder, { recursive: true });
	const paths = { memory: /\/activos\/[0-9a-f]+\/icons\.svg/.exec(home)[0], sheet: SHEET };
	for (const [name, path] of Object.entries(paths)) writeFileSync(join(folder, name), (await get(PORT, path)).bytes);
	const files = await serveFiles(folder, PORT + 1);
	const headers = { Cookie: 'csrf=x25oay435icwxgzgephjee4p3e' };
	for (const [name, path] of Object.entries(paths)) {
		const bytes = readFileSync(join(folder, name)).length;
		const pairs = rounds(o, () => ({ nginx: ask(o, PORT + 1, [`/${name}`], headers, 64).rate, own: ask(o, PORT, [path], headers, 64).rate }));
		for (const pair of pairs) say(`  ${name} ${bytes} B: nginx ${plain(pair.nginx)}/s, own ${plain(pair.own)}/s`);
		const title = name === 'memory' ? 'answer from memory' : 'procedure sheet rendered';
		result(name, `${title} (${bytes} B) / nginx static file`, median(pairs.map((one) => one.own / one.nginx)),
			{ atLeast: name === 'memory' ? 0.85 : 0.15 });
		result(`${name}_rate`, `${title}, a second`, median(pairs.map((one) => one.own)), { unit: '/s' });
	}
	await files.stop();
	await server.stop();
}

// --- filing --------------------------------------------------------------------------------------------------------------

// With the rest of an application it makes a body of 2 KiB.
const COMMENT = 'El predio está entre dos casas terminadas. La esquina norte tiene un poste de la luz. '.repeat(12).slice(0, 980);
const MOST_A_SECOND = 10000;

function filer(o, folder) {
	const { token, people } = facts(folder);
	let next = 0;
	return (connections) => {
		const input = join(o.data, 'file.input.lua');
		writeFileSync(input, `return ${lua({ token, people, first_file: next, comment: COMMENT, path: FILE_HERE })}`);
		const answer = checked(load('file.lua', PORT, connections, o.seconds, { FILING_INPUT: input }), 'filing');
		next = answer.file + 4 * connections;
		return answer;
	};
}

const rawRate = (o, args, slower) => JSON.parse(onServerCore(o.raw,
	[args[0], o.data, String(Math.max(1, o.seconds / 2)), ...args.slice(1)], slower)).rate;

export async function filing(o) {
	const folder = town(o.data, 'filing', SMALL, { files: o.runs * o.seconds * 5 * MOST_A_SECOND, isFresh: true, say });
	const server = await serve(folder, PORT);
	const before = Number(query(folder, 'SELECT count(*) FROM cases'));
	const file = filer(o, folder);
	const raw = (...args) => rawRate(o, args);
	const sets = rounds(o, () => ({ one: raw('rows', '1', '2'), c64: file(64), rows: raw('rows', '64', '2'),
		same: raw('cases', '64', database(folder)), c256: file(256) }));
	for (const set of sets)
		say(`  filing: ${plain(set.c64.rate)}/s with 64 (p99 ${plain(set.c64.p99_us / 1000)} ms), ${plain(set.c256.rate)}/s with 256 (p99 ${plain(set.c256.p99_us / 1000)} ms); `
			+ `SQLite: one row a transaction ${plain(set.one)}/s, 64 rows ${plain(set.rows)}/s, all rows of 64 filings ${plain(set.same)}/s`);
	const over = (other) => median(sets.map((set) => set.c64.rate / set[other]));
	result('filing_single', 'filing by API, 64 connections / SQLite, one row a transaction', over('one'), { atLeast: 1.5 });
	result('filing_same', 'filing by API / SQLite, the rows of a filing, 64 to a transaction', over('same'), { atLeast: 0.25 });
	result('filing_rows', 'filing by API / SQLite, single rows, 64 to a transaction', over('rows'));
	result('filing_256', 'filing with 256 connections / with 64', median(sets.map((set) => set.c256.rate / set.c64.rate)), { atLeast: 0.9 });
	result('filing_rate', 'filing by API, 64 connections, a second', median(sets.map((set) => set.c64.rate)), { unit: '/s' });
	await server.stop();
	const slow = o.syncDelay > 0 ? await filingSlower(o, folder, file) : 0;
	const filed = slow + sets.reduce((sum, set) => sum + set.c64.good + set.c256.good, 0);
	const found = Number(query(folder, 'SELECT count(*) FROM cases')) - before;
	if (found < filed) throw new Error(`${filed} applications were acknowledged, ${found} are there`);
	await drain(o, folder);
}

// The same on a disk that takes longer until something is durable, as most do: the wait is added (slow_sync.c), to the
// program and to SQLite alike. How many were filed.
async function filingSlower(o, folder, file) {
	const slower = { LD_PRELOAD: o.slowSync, SYNC_DELAY_US: String(Math.round(o.syncDelay * 1000)) };
	const server = await serve(folder, PORT, { slower });
	const sets = rounds(o, () => ({ one: rawRate(o, ['rows', '1', '2'], slower), c64: file(64) }));
	await server.stop();
	for (const set of sets)
		say(`  ${o.syncDelay} ms added to each sync: filing ${plain(set.c64.rate)}/s with 64 (p99 ${plain(set.c64.p99_us / 1000)} ms); SQLite: one row a transaction ${plain(set.one)}/s`);
	const disk = `, ${o.syncDelay} ms added to each sync`;
	result('filing_single_slow', `filing by API, 64 connections / SQLite, one row a transaction${disk}`,
		median(sets.map((set) => set.c64.rate / set.one)), { atLeast: 1.5 });
	result('filing_rate_slow', `filing by API, 64 connections, a second${disk}`, median(sets.map((set) => set.c64.rate)), { unit: '/s' });
	return sets.reduce((sum, set) => sum + set.c64.good, 0);
}

// What filing left to be printed, for o.drain seconds: how many a second, and how many are left.
async function drain(o, folder) {
	const waiting = () => Number(query(folder, "SELECT count(*) FROM job WHERE state = 'waiting' AND kind = 'document.issue'"));
	const before = waiting();
	const server = await serve(folder, PORT, { jobs: true });
	const begun = Date.now();
	let after = before;
	while (after > 0 && Date.now() - begun < o.drain * 1000) {
		await new Promise((wake) => setTimeout(wake, 500));
		after = waiting();
	}
	const rate = (before - after) / (Date.now() - begun) * 1000;
	await server.stop();
	say(`  ${thousands(before)} receipts waited to be printed; ${thousands(before - after)} were, on one core; ${thousands(after)} are left`
		+ (after ? `, which would take ${plain(after / rate)} s more` : ''));
	result('drain', 'receipts printed and sealed on one core, a second', rate, { unit: '/s' });
}

// --- streams ---------------------------------------------------------------------------------------------------------------

const STREAMS = 10000;
const FIRST = 1000; // they bring with them what all need once: connections to the database, pages of it

// The kernel's part of all sockets of this machine, both ends of a connection on loopback being here. In KB.
const kernelMemory = () => Number(/^Slab:\s+(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8'))[1])
	+ Number(/^TCP:.* mem (\d+)/m.exec(readFileSync('/proc/net/sockstat', 'utf8'))[1]) * 4;

// Idle: case screens of which nothing is new, while others file.
export async function streams(o) {
	const folder = town(o.data, 'streams', SMALL, { files: o.runs * o.seconds * 2 * 2 * MOST_A_SECOND, isFresh: true, say });
	const settings = join(folder, 'installation.yaml');
	writeFileSync(settings, readFileSync(settings, 'utf8').replace(/^towns:/m, `connections: 2000\nstreams: {port: 0, most: ${STREAMS}}\ntowns:`));
	const server = await serve(folder, PORT, { streams: PORT + 1 });
	const { session, numbers } = facts(folder);
	const paths = numbers.map((number) => `/novedades/oficina/expedientes/${number}`);
	const open = async (count) => {
		const held = await hold(o.hold, PORT + 1, count, paths, `sesion=${session}`);
		if (held.opened.open !== count) throw new Error(`${held.opened.open} streams of ${count} are open: is the limit of descriptors below 20,000?`);
		return held;
	};
	const memory = () => ({ own: memoryOf(server.child.pid) * 1024, kernel: kernelMemory() });
	const close = async (held) => {
		const { ended } = await held.stop();
		if (ended > 0) throw new Error(`${ended} streams ended by themselves`);
	};
	const file = filer(o, folder);
	file(64); // the program is as large as it gets by filing
	const sets = [];
	let few;
	let all;
	for (let i = 0; i < o.runs; i++) {
		const set = {};
		if (i % 2 === 0) set.without = file(64).rate;
		const first = await open(FIRST);
		few ??= memory();
		const rest = await open(STREAMS - FIRST);
		all ??= memory();
		set.with = file(64).rate;
		await close(first);
		await close(rest);
		if (i % 2 === 1) set.without = file(64).rate;
		sets.push(set);
		say(`  filing: ${plain(set.without)}/s without streams, ${plain(set.with)}/s with ${thousands(STREAMS)}; the last ${thousands(STREAMS - FIRST)} were open after ${plain(rest.opened.ms / 1000)} s`);
	}
	const each = (what, ends) => (all[what] - few[what]) / (STREAMS - FIRST) / ends;
	result('streams_memory', `memory of an idle event stream, ${thousands(STREAMS)} of them`, each('own', 1), { atMost: 10, unit: 'KB' });
	result('streams_kernel', 'the kernel’s memory for one end of it', each('kernel', 2), { unit: 'KB' });
	result('streams_filing', `filing with ${thousands(STREAMS)} idle event streams / without`, median(sets.map((set) => set.with / set.without)), { atLeast: 0.9 });
	await server.stop();
}

// --- lists -----------------------------------------------------------------------------------------------------------------

const NUMBERS = 200;
const screens = {
	inbox: ['inbox, first page', () => ['/oficina/bandeja/equipo']],
	done: ['closed cases, first page', () => ['/oficina/bandeja/terminados']],
	mine: ['one clerk’s own, first page', () => ['/oficina/bandeja/mios']],
	garcia: ['search: garcia', () => ['/oficina/buscar?q=garcia']],
	two: ['search: garcia hernandez', () => ['/oficina/buscar?q=garcia+hernandez']],
	rare: ['search: zubizarreta', () => ['/oficina/buscar?q=zubizarreta']],
	address: ['search: an address', () => ['/oficina/buscar?q=mezquite+grande+12']],
	entry: ['search: a registry number', ({ numbers }) => numbers.slice(0, NUMBERS).map((number) => `/oficina/buscar?q=${number.replace('AN', 'E')}`)],
	case: ['case screen', ({ numbers }) => numbers.map((number) => `/oficina/expedientes/${number}`)],
};

export async function lists(o) {
	const folders = [town(o.data, 'small', SMALL, { say }), town(o.data, 'large', o.cases, { say })];
	const servers = [await serve(folders[0], PORT), await serve(folders[1], PORT + 1)];
	const look = (at, paths) => {
		const { session, ...rest } = facts(folders[at]);
		return ask(o, PORT + at, paths(rest), { Cookie: `sesion=${session}; csrf=x25oay435icwxgzgephjee4p3e` }, 2);
	};
	for (const [name, [title, paths]] of Object.entries(screens)) {
		look(1, paths); // what was never read comes from the disk, once
		const pairs = rounds(o, () => ({ few: look(0, paths), many: look(1, paths) }));
		for (const { few, many } of pairs)
			say(`  ${title}: p99 ${plain(few.p99_us / 1000)} ms of ${thousands(SMALL)} cases, ${plain(many.p99_us / 1000)} ms of ${thousands(o.cases)} `
				+ `(p50 ${plain(few.p50_us / 1000)}, ${plain(many.p50_us / 1000)})`);
		result(`list_${name}`, `${title}: p99 of ${thousands(o.cases)} cases / of ${thousands(SMALL)}`,
			median(pairs.map((one) => one.many.p99_us / one.few.p99_us)), { atMost: 1.5 });
	}
	for (const server of servers) await server.stop();
}

// --- papers -----------------------------------------------------------------------------------------------------------------

export async function papers(o) {
	const folder = town(o.data, 'small', SMALL, { say });
	const rsa = () => Number(/^rsa\s+2048 bits\s+\S+\s+\S+\s+(\S+)/m.exec(
		onServerCore('openssl', ['speed', '-seconds', '1', 'rsa2048']))[1]);
	const out = join(o.data, 'permit.pdf');
	const permits = () => JSON.parse(onServerCore(binary, ['bench', 'permits', '--data', folder, '--out', out,
		'--seconds', String(Math.max(1, Math.round(o.seconds / 2)))]));
	const sets = rounds(o, () => ({ ...permits(), rsa: rsa() }));
	const count = /^Pages:\s+(\d+)/m.exec(execFileSync('pdfinfo', [out], { encoding: 'utf8' }))[1];
	for (const set of sets)
		say(`  permits of ${count} pages: laid out ${plain(set.layouts)}/s, sealed ${plain(set.sealed)}/s; RSA-2048 ${plain(set.rsa)}/s`);
	result('papers_rsa', `sealed permits (${count} pages) / RSA-2048 signatures`, median(sets.map((one) => one.sealed / one.rsa)),
		{ atLeast: 1 / 15, oneIn: true });
	result('papers_layout', 'the same / laid out alone', median(sets.map((one) => one.sealed / one.layouts)));
	result('papers_rate', 'sealed permits, a second', median(sets.map((one) => one.sealed)), { unit: '/s' });
}

// --- start --------------------------------------------------------------------------------------------------------------------

export async function start(o) {
	const folder = town(o.data, 'large', o.cases, { say });
	const ready = [];
	const memory = [];
	for (let i = 0; i < o.runs; i++) {
		const server = await serve(folder, PORT, { jobs: true });
		ready.push(server.readyMs / 1000);
		await new Promise((wake) => setTimeout(wake, 1000));
		memory.push(memoryOf(server.child.pid));
		await server.stop();
		say(`  ready after ${plain(ready.at(-1))} s, idle with ${plain(memory.at(-1))} MB`);
	}
	result('ready', `serve ready, ${thousands(o.cases)} cases`, median(ready), { atMost: 0.2, unit: 's' });
	result('idle', 'idle memory (PSS of all processes)', median(memory), { atMost: 40, unit: 'MB' });
}

// --- building --------------------------------------------------------------------------------------------------------------------

// One file changed in a lower layer, as whoever works on the program does all day: what must be built, and the program linked.
export async function building(o) {
	const make = () => execFileSync('make', ['-s', 'all'], { cwd: root, stdio: 'ignore' });
	make();
	const took = rounds(o, () => {
		const now = new Date();
		utimesSync(join(root, 'src/core/case/filing.c'), now, now);
		const begun = performance.now();
		make();
		return (performance.now() - begun) / 1000;
	});
	say(`  ${took.map(plain).join(', ')} s`);
	result('build', 'build after one source file changed', median(took), { atMost: 3, unit: 's' });
}
