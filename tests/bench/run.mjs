// `make bench`: what the program does in a second, as ratios against ceilings that are measured in the same run, pair
// by pair, on the same core and the same disk; the median pair counts. docs/benchmarks.md says what each means.
//
//   node tests/bench/run.mjs [--cases N] [--runs N] [--seconds N] [--drain N] [--sync-delay MS] [--data DIR] [--only PART,…]
//     [--keep]
//
// Parts: pages filing streams lists papers start building. The program is build/release/ventanilla unless VENTANILLA names
// another. --keep puts the results in the place of those kept for this machine.
import { existsSync, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

process.env.VENTANILLA ??= 'build/release/ventanilla';
const { root } = await import('../lib/program.mjs');
const { describeMachine, describeMoment, fileSystem, missingPrograms } = await import('./machine.mjs');
const measures = await import('./measures.mjs');
const { keep, report, results, say } = await import('./results.mjs');
const { onServerCore } = await import('./servers.mjs');

const PARTS = ['pages', 'filing', 'streams', 'lists', 'papers', 'start', 'building'];
const { values } = parseArgs({ options: {
	cases: { type: 'string', default: '1000000' }, runs: { type: 'string', default: '5' },
	seconds: { type: 'string', default: '3' }, drain: { type: 'string', default: '20' },
	'sync-delay': { type: 'string', default: '1' },
	data: { type: 'string', default: 'build/bench' }, only: { type: 'string', default: PARTS.join() },
	keep: { type: 'boolean', default: false } } });
const options = { cases: Number(values.cases), runs: Number(values.runs), seconds: Number(values.seconds), drain: Number(values.drain),
	syncDelay: Number(values['sync-delay']), slowSync: resolve(root, process.env.SLOW_SYNC ?? 'build/release/bench/slow_sync.so'),
	data: resolve(root, values.data), raw: resolve(root, process.env.RAW ?? 'build/release/bench/raw'),
	hold: resolve(root, process.env.HOLD ?? 'build/release/bench/hold') };
const parts = values.only.split(',');

function whyNot() {
	const strange = parts.find((part) => !PARTS.includes(part));
	if (strange !== undefined) return `there is no part ${strange}: ${PARTS.join(' ')}`;
	const vague = ['cases', 'runs', 'seconds', 'drain'].find((name) => !(Number.isInteger(options[name]) && options[name] > 0));
	if (vague) return `--${vague} takes a whole number above 0`;
	if (!(options.syncDelay >= 0 && options.syncDelay <= 100)) return '--sync-delay takes milliseconds, 0 to 100; 0 leaves that part out';
	const missing = missingPrograms();
	if (missing.length) return `these programs are missing: ${missing.join(' ')}`;
	const absent = [options.raw, options.slowSync, options.hold].find((path) => !existsSync(path));
	if (absent) return `${absent} is not there: make bench builds it`;
	mkdirSync(options.data, { recursive: true });
	if (['tmpfs', 'ramfs'].includes(fileSystem(options.data))) return `${options.data} lies in memory, where nothing is ever durable: give --data`;
	return undefined;
}

const why = whyNot();
if (why) {
	console.error(`bench: ${why}`);
	process.exit(69);
}
const machine = describeMachine(options.data);
const moment = describeMoment();
const fsync = JSON.parse(onServerCore(options.raw, ['fsync', options.data]));
const conditions = { runs: options.runs, seconds: options.seconds, cases: options.cases, sync_delay_ms: options.syncDelay };
say(`${machine.cpu}, ${machine.cores} cores, ${machine.memory_gb} GB, ${machine.os}, ${machine.kernel}, ${machine.file_system}`);
say(`4 KiB durable after ${fsync.p50_us} µs (p99 ${fsync.p99_us}); load of the machine before: ${moment.load}; ${options.runs} runs of ${options.seconds} s`);
for (const part of PARTS.filter((one) => parts.includes(one))) {
	const begun = Date.now();
	say(`${part}:`);
	await measures[part](options);
	say(`  (${Math.round((Date.now() - begun) / 1000)} s)`);
}
report(machine, conditions);
if (values.keep) keep(machine, { ...moment, fsync_us: fsync.p50_us }, conditions);
process.exit(results.some((one) => one.isMet === false) ? 1 : 0);
