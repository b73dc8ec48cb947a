// What was measured, beside what it should be and what it was in the run that is kept for this machine.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/program.mjs';

const folder = join(root, 'tests/bench/results');
export const results = [];
export const say = (text) => console.log(text);
export const plain = (n) => n >= 100 ? Math.round(n).toLocaleString('en') : n.toPrecision(3);

// `value` in `unit`, with the bound that it should keep; `one_in`: shown as 1/n.
export function result(name, title, value, { atLeast, atMost, unit = '×', oneIn = false } = {}) {
	const isMet = atLeast !== undefined ? value >= atLeast : atMost !== undefined ? value <= atMost : undefined;
	results.push({ name, title, value, target: atLeast ?? atMost, bound: atLeast !== undefined ? '≥' : '≤', isMet, unit, oneIn });
}

const show = (one, value) => one.oneIn ? `1/${(1 / value).toFixed(1)}` : `${plain(value)} ${one.unit}`;

// One file a machine: whoever measures on another adds one.
const fileOf = (machine) => join(folder, `${[machine.cpu, `${machine.cores} cores`, `${machine.memory_gb} GB`, machine.file_system]
	.join(' ').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')}.json`);

function kept(machine, conditions) {
	const path = fileOf(machine);
	if (!existsSync(path)) return { path };
	const last = JSON.parse(readFileSync(path, 'utf8'));
	const differs = Object.keys(conditions).filter((key) => last.conditions[key] !== conditions[key]);
	return { path, last, differs };
}

export function report(machine, conditions) {
	const { last, differs = [] } = kept(machine, conditions);
	say('');
	if (last) say(`compared with ${last.moment.commit} of ${last.moment.at} (load of the machine then: ${last.moment.load})`
		+ (differs.length ? `, which had other ${differs.join(', ')}` : ''));
	for (const one of results) {
		const verdict = one.isMet === undefined ? '    ' : one.isMet ? 'ok  ' : 'MISS';
		const target = one.target === undefined ? '' : ` (${one.bound} ${show(one, one.target)})`;
		const before = last?.values[one.name]?.value;
		const change = before === undefined ? '' : `, was ${show(one, before)}: ${one.value >= before ? '+' : '−'}${Math.abs((one.value / before - 1) * 100).toFixed(0)} %`;
		say(`${verdict} ${one.title}: ${show(one, one.value)}${target}${change}`);
	}
}

// Parts that were not measured keep what they had.
export function keep(machine, moment, conditions) {
	const { path, last } = kept(machine, conditions);
	const values = { ...last?.values };
	for (const { name, title, value, unit, target, bound, isMet, oneIn } of results)
		values[name] = { title, value: Number(value.toPrecision(4)), unit, target, atMost: bound === '≤', met: isMet, oneIn };
	mkdirSync(folder, { recursive: true });
	writeFileSync(path, `${JSON.stringify({ machine, moment, conditions, values }, null, '\t')}\n`);
	write(machine, moment, conditions, values);
	say(`kept in ${path.slice(root.length + 1)}, and in docs/benchmarks.md`);
}

// The last chapter of docs/benchmarks.md is this table.
function write(machine, moment, conditions, values) {
	const path = join(root, 'docs/benchmarks.md');
	const heading = '## Latest results\n';
	const before = readFileSync(path, 'utf8').split(heading)[0];
	const rows = Object.values(values).map((one) => {
		const bound = one.target === undefined ? '' : `${one.atMost ? '≤' : '≥'} ${show(one, one.target)}`;
		return `| ${one.title} | ${show(one, one.value)} | ${bound} | ${one.met === false ? 'missed' : one.met ? 'met' : ''} |`;
	});
	writeFileSync(path, `${before}${heading}
${machine.cpu}, ${machine.cores} cores, ${machine.memory_gb} GB, ${machine.os}, Linux ${machine.kernel}, ${machine.file_system}; ${moment.at}, commit
${moment.commit}; 4 KiB durable after ${moment.fsync_us} µs; ${conditions.runs} pairs of ${conditions.seconds} s. Load of the machine before the run: ${moment.load}${moment.load > 0.5 ? ', so it was busy, and the slowest of a\nhundred answers are its, not the program’s' : ''}.

| what | | bound | |
|---|---|---|---|
${rows.join('\n')}
`);
}
