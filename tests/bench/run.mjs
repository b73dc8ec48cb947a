// `make bench`: what the program does in a second, as ratios against ceilings that are measured in the same run, pair
// by pair, on the same core and the same disk; the median pair counts. docs/benchmarks.md says what each means.
//
//   node tests/bench/run.mjs [--cases N] [--runs N] [--seconds N] [--data DIR] [--only PART,…] [--no-keep]
//
// Parts: pages filing lists papers start. The program is build/release/ventanilla unless VENTANILLA names another.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

process.env.VENTANILLA ??= 'build/release/ventanilla';
const { binary, root } = await import('../lib/program.mjs');
const { describeMachine, describeMoment, fileSystem, missingPrograms } = await import('./machine.mjs');
const { get, load, lua, memoryOf, onServerCore, serve, serveFiles } = await import('./servers.mjs');

const { values: options } = parseArgs({ options: {
	cases: { type: 'string', default: '1000000' }, runs: { type: 'string', default: '5' },
	seconds: { type: 'string', default: '3' }, data: { type: 'string', default: 'build/bench' },
	only: { type: 'string', default: 'pages,filing,lists,papers,start' }, 'no-keep': { type: 'boolean', default: false } } });
const cases = Number(options.cases);
const runs = Number(options.runs);
const seconds = Number(options.seconds);
const data = resolve(root, options.data);
const parts = options.only.split(',');
const raw = resolve(root, process.env.RAW ?? 'build/release/bench/raw');
const kept = join(root, 'tests/bench/results.jsonl');
const SMALL = 10000;
const PORT = 18080;

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const rounds = (body) => Array.from({ length: runs }, (_, i) => body(i));
const say = (text) => console.log(text);
const plain = (n) => n >= 100 ? Math.round(n).toLocaleString('en') : n.toPrecision(3);

// name, what it says, the value, and what it should at least (or at most) be.
const results = [];
function result(name, title, value, { atLeast, atMost, unit = '×' } = {}) {
	const isMet = atLeast !== undefined ? value >= atLeast : atMost !== undefined ? value <= atMost : undefined;
	results.push({ name, title, value, target: atLeast ?? atMost, bound: atLeast !== undefined ? '≥' : '≤', isMet, unit });
}

// --- the towns -------------------------------------------------------------------------------------------------------

// Made once and kept as long as the tables and the pack stay what they are.
function town(name, count, files) {
	const folder = join(data, `${name}-${count}`);
	const mark = join(folder, 'made');
	const tables = execFileSync(binary, ['tables'], { cwd: root });
	const pack = execFileSync('find', ['packs/leon', '-type', 'f', '-exec', 'sha256sum', '{}', '+'], { cwd: root });
	const made = `${files} ${createHash('sha256').update(tables).update(pack).digest('hex')}`;
	if (existsSync(mark) && readFileSync(mark, 'utf8') === made) return folder;
	rmSync(folder, { recursive: true, force: true });
	const args = ['bench', 'fill', '--data', folder, '--cases', String(count), '--files', String(files)];
	say(`made: ${execFileSync(binary, args, { cwd: root, encoding: 'utf8' }).trim()}`);
	writeFileSync(mark, made);
	return folder;
}

const facts = (folder) => JSON.parse(readFileSync(join(folder, 'bench.json'), 'utf8'));

// --- pages -------------------------------------------------------------------------------------------------------------

const SHEET = '/tramites/alineamiento-y-numero-oficial';

async function measurePages() {
	const server = await serve(town('small', SMALL, 0), PORT);
	const home = (await get(PORT, '/')).bytes.toString();
	const memory = /\/activos\/[0-9a-f]+\/icons\.svg/.exec(home)[0];
	const folder = join(data, 'files');
	mkdirSync(folder, { recursive: true });
	const pages = { memory, sheet: SHEET };
	for (const [name, path] of Object.entries(pages)) writeFileSync(join(folder, name), (await get(PORT, path)).bytes);
	const files = await serveFiles(folder, PORT + 1);
	const ask = (port, path) => {
		const input = join(data, 'ask.lua');
		writeFileSync(input, `return ${lua({ paths: [path], headers: { Cookie: 'csrf=x25oay435icwxgzgephjee4p3e' } })}`);
		const answer = load('ask.lua', port, 64, seconds, { ASK_INPUT: input });
		if (answer.wrong) throw new Error(`${path}: ${answer.wrong} wrong answers`);
		return answer.rate;
	};
	for (const [name, path] of Object.entries(pages)) {
		const bytes = readFileSync(join(folder, name)).length;
		const pairs = rounds(() => ({ nginx: ask(PORT + 1, `/${name}`), own: ask(PORT, path) }));
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

const query = (folder, sql) => execFileSync('sqlite3', [`file:${join(folder, 'leon/town.db')}?mode=ro`, sql], { encoding: 'utf8' }).trim();
const rawRows = (batch) => JSON.parse(onServerCore(raw, ['rows', data, String(Math.max(1, seconds / 2)), String(batch), '2'])).rate;
const COMMENT = 'El predio está entre dos casas terminadas. La esquina norte tiene un poste de la luz. '.repeat(12).slice(0, 980);

function fileLoad(folder, from, connections) {
	const { token, people } = facts(folder);
	const input = join(data, 'file.input.lua');
	writeFileSync(input, `return ${lua({ token, people, first_file: from, comment: COMMENT,
		path: '/api/v1/tramites/alineamiento-y-numero-oficial/solicitudes' })}`);
	const answer = load('file.lua', PORT, connections, seconds, { FILING_INPUT: input });
	if (answer.refused) throw new Error(`${answer.refused} applications were refused: ${answer.last}`);
	return { rate: answer.filed / answer.us * 1e6, p99: answer.p99_us / 1000, filed: answer.filed,
		next: answer.file + 4 * connections };
}

async function measureFiling() {
	rmSync(join(data, `filing-${SMALL}`), { recursive: true, force: true });
	const folder = town('filing', SMALL, runs * seconds * 2 * 2 * 8000);
	const server = await serve(folder, PORT);
	const before = Number(query(folder, 'SELECT count(*) FROM cases'));
	let next = 0;
	let filed = 0;
	const file = (connections) => {
		const answer = fileLoad(folder, next, connections);
		next = answer.next;
		filed += answer.filed;
		return answer;
	};
	const sets = rounds(() => ({ single: rawRows(1), c64: file(64), batch: rawRows(64), c256: file(256) }));
	for (const set of sets)
		say(`  filing: ${plain(set.c64.rate)}/s with 64 (p99 ${plain(set.c64.p99)} ms), ${plain(set.c256.rate)}/s with 256 `
			+ `(p99 ${plain(set.c256.p99)} ms); raw rows ${plain(set.single)}/s singly, ${plain(set.batch)}/s by 64`);
	const found = Number(query(folder, 'SELECT count(*) FROM cases')) - before;
	if (found < filed) throw new Error(`${filed} applications were acknowledged, ${found} are there`);
	result('filing_single', 'filing by API, 64 connections / raw rows committed singly',
		median(sets.map((one) => one.c64.rate / one.single)), { atLeast: 1.5 });
	result('filing_batch', 'the same / raw rows in batches of 64', median(sets.map((one) => one.c64.rate / one.batch)), { atLeast: 0.25 });
	result('filing_256', 'filing with 256 connections / with 64', median(sets.map((one) => one.c256.rate / one.c64.rate)), { atLeast: 0.9 });
	result('filing_rate', 'filing by API, 64 connections, a second', median(sets.map((one) => one.c64.rate)), { unit: '/s' });
	await server.stop();
	await drain(folder);
}

// What filing left to be printed, for a while: how many a second, and how many are left.
async function drain(folder) {
	const waiting = () => Number(query(folder, "SELECT count(*) FROM job WHERE state = 'waiting' AND kind = 'document.issue'"));
	const before = waiting();
	const server = await serve(folder, PORT, { jobs: true });
	const begun = Date.now();
	await new Promise((wake) => setTimeout(wake, Math.max(5, seconds) * 1000));
	const after = waiting();
	const rate = (before - after) / (Date.now() - begun) * 1000;
	await server.stop();
	say(`  ${before} receipts waited to be printed; ${before - after} were, on one core; ${after} are left, some ${plain(after / rate)} s`);
	result('drain', 'receipts printed and sealed on one core, a second', rate, { unit: '/s' });
}

// --- lists -----------------------------------------------------------------------------------------------------------------

async function measureLists() {
	const small = town('small', SMALL, 0);
	const large = town('large', cases, 0);
	const servers = [await serve(small, PORT), await serve(large, PORT + 1)];
	const screens = {
		inbox: ['inbox, first page', () => ['/oficina/bandeja/equipo']],
		garcia: ['search: garcia', () => ['/oficina/buscar?q=garcia']],
		two: ['search: garcia hernandez', () => ['/oficina/buscar?q=garcia+hernandez']],
		rare: ['search: zubizarreta', () => ['/oficina/buscar?q=zubizarreta']],
		case: ['case screen', ({ numbers }) => numbers.map((number) => `/oficina/expedientes/${number}`)],
	};
	const ask = (folder, port, paths) => {
		const input = join(data, 'ask.lua');
		const Cookie = `sesion=${facts(folder).session}; csrf=x25oay435icwxgzgephjee4p3e`;
		writeFileSync(input, `return ${lua({ paths: paths(facts(folder)), headers: { Cookie } })}`);
		const answer = load('ask.lua', port, 2, seconds, { ASK_INPUT: input });
		if (answer.wrong) throw new Error(`${answer.wrong} wrong answers to ${paths(facts(folder))[0]}`);
		return answer;
	};
	for (const [name, [title, paths]] of Object.entries(screens)) {
		ask(large, PORT + 1, paths); // what was never read comes from the disk, once
		const pairs = rounds(() => ({ few: ask(small, PORT, paths), many: ask(large, PORT + 1, paths) }));
		for (const { few, many } of pairs)
			say(`  ${title}: p99 ${plain(few.p99_us / 1000)} ms of ${SMALL} cases, ${plain(many.p99_us / 1000)} ms of ${cases} `
				+ `(p50 ${plain(few.p50_us / 1000)}, ${plain(many.p50_us / 1000)})`);
		result(`list_${name}`, `${title}: p99 of ${cases.toLocaleString('en')} cases / of ${SMALL.toLocaleString('en')}`,
			median(pairs.map((one) => one.many.p99_us / one.few.p99_us)), { atMost: 1.5 });
	}
	for (const server of servers) await server.stop();
}

// --- papers -----------------------------------------------------------------------------------------------------------------

async function measurePapers() {
	const folder = town('small', SMALL, 0);
	const rsa = () => Number(/^rsa\s+2048 bits\s+\S+\s+\S+\s+(\S+)/m.exec(
		onServerCore('openssl', ['speed', '-seconds', '1', 'rsa2048']))[1]);
	const out = join(data, 'permit.pdf');
	const permits = () => JSON.parse(onServerCore(binary, ['bench', 'permits', '--data', folder, '--out', out,
		'--seconds', String(Math.max(1, Math.round(seconds / 2)))]));
	const sets = rounds(() => ({ ...permits(), rsa: rsa() }));
	const pages = /^Pages:\s+(\d+)/m.exec(execFileSync('pdfinfo', [out], { encoding: 'utf8' }))[1];
	for (const set of sets)
		say(`  permits of ${pages} pages: laid out ${plain(set.layouts)}/s, sealed ${plain(set.sealed)}/s; RSA-2048 ${plain(set.rsa)}/s`);
	result('papers_rsa', `sealed permits (${pages} pages) / RSA-2048 signatures`, median(sets.map((one) => one.sealed / one.rsa)),
		{ atLeast: 1 / 15 });
	result('papers_layout', 'the same / laid out alone', median(sets.map((one) => one.sealed / one.layouts)));
	result('papers_rate', 'sealed permits, a second', median(sets.map((one) => one.sealed)), { unit: '/s' });
}

// --- start --------------------------------------------------------------------------------------------------------------------

async function measureStart() {
	const folder = town('large', cases, 0);
	const ready = [];
	const memory = [];
	for (let i = 0; i < runs; i++) {
		const server = await serve(folder, PORT);
		ready.push(server.readyMs / 1000);
		await new Promise((wake) => setTimeout(wake, 1000));
		memory.push(memoryOf(server.child.pid));
		await server.stop();
		say(`  ready after ${plain(ready.at(-1))} s, idle with ${plain(memory.at(-1))} MB`);
	}
	result('ready', `serve ready, ${cases.toLocaleString('en')} cases`, median(ready), { atMost: 0.2, unit: ' s' });
	result('idle', 'idle memory (PSS of all processes)', median(memory), { atMost: 40, unit: ' MB' });
}

// --- all of it ------------------------------------------------------------------------------------------------------------------

function refuseToRun() {
	const missing = missingPrograms();
	if (missing.length) return `these programs are missing: ${missing.join(' ')}`;
	if (!existsSync(raw)) return `${raw} is not there: make bench builds it`;
	mkdirSync(data, { recursive: true });
	if (['tmpfs', 'ramfs'].includes(fileSystem(data))) return `${data} lies in memory, where nothing is ever durable: give --data`;
	return undefined;
}

function lastResults(machine) {
	if (!existsSync(kept)) return undefined;
	const same = readFileSync(kept, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line))
		.filter((one) => JSON.stringify(one.machine) === JSON.stringify(machine));
	return same.at(-1);
}

function report(last) {
	const number = (one, value) => `${one.name === 'papers_rsa' ? `1/${(1 / value).toFixed(1)} ` : plain(value)}${one.unit}`;
	say('');
	for (const one of results) {
		const verdict = one.isMet === undefined ? '    ' : one.isMet ? 'ok  ' : 'MISS';
		const target = one.target === undefined ? '' : ` (${one.bound} ${number(one, one.target).trim()})`;
		const before = last?.values[one.name];
		const change = before === undefined ? '' : `, ${one.value >= before ? '+' : '−'}${Math.abs((one.value / before - 1) * 100).toFixed(0)} % since ${last.commit}`;
		say(`${verdict} ${one.title}: ${number(one, one.value).trim()}${target}${change}`);
	}
}

const why = refuseToRun();
if (why) {
	console.error(`bench: ${why}`);
	process.exit(69);
}
const machine = describeMachine(data);
const moment = describeMoment();
const fsync = JSON.parse(onServerCore(raw, ['fsync', data]));
say(`${machine.cpu}, ${machine.cores} cores, ${machine.memory_gb} GB, ${machine.os}, ${machine.kernel}, ${machine.file_system}`);
say(`4 KiB durable after ${fsync.p50_us} µs (p99 ${fsync.p99_us}); load of the machine before: ${moment.load}; ${runs} runs of ${seconds} s`);
const measures = { pages: measurePages, filing: measureFiling, lists: measureLists, papers: measurePapers, start: measureStart };
for (const [name, measure] of Object.entries(measures)) {
	if (!parts.includes(name)) continue;
	say(`${name}:`);
	await measure();
}
report(lastResults(machine));
if (!options['no-keep'])
	appendFileSync(kept, JSON.stringify({ ...moment, machine, fsync_us: fsync.p50_us, runs, seconds, cases,
		values: Object.fromEntries(results.map((one) => [one.name, Number(one.value.toPrecision(4))])) }) + '\n');
process.exit(results.some((one) => one.isMet === false) ? 1 : 0);
