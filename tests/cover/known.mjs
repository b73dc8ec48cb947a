// Which lines of src/ no test reaches: `make cover` measures them, this says which of them nobody has looked at yet.
//
//   node tests/cover/known.mjs REPORT           REPORT: gcovr's JSON. Fails below 85 % of lines, and for every stretch of
//                                               unreached lines that is not in tests/cover/unreached.tsv
//   node tests/cover/known.mjs REPORT --write   adds to that list, and drops what the source no longer holds; read the
//                                               difference before it is committed
//
// A stretch is known by file, function and the text of its first line, so that lines may move without a word. What only
// some runs reach (two threads that met, a signal that came between) stays on the list.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const LEAST = 85;
const root = fileURLToPath(new URL('../..', import.meta.url));
const list = join(root, 'tests/cover/unreached.tsv');
const [report, option] = process.argv.slice(2);
const { files } = JSON.parse(readFileSync(report, 'utf8'));

// → [[file, function, text of the first line]] of one file. Adjoining unreached lines of a function are one stretch.
function stretches({ file, lines, functions = [] }) {
	const source = readFileSync(join(root, file), 'utf8').split('\n');
	const starts = functions.map((one) => ({ name: one.name, at: one.lineno })).sort((a, b) => a.at - b.at);
	const within = (line) => starts.filter((one) => one.at <= line).at(-1)?.name ?? '-';
	const found = [];
	let before;
	for (const line of lines) {
		if (line['gcovr/noncode']) continue;
		if (line.count === 0 && before?.count !== 0)
			found.push([file, within(line.line_number), source[line.line_number - 1].trim()]);
		before = line;
	}
	return found;
}

const lines = files.flatMap((file) => file.lines.filter((line) => !line['gcovr/noncode']));
const reached = lines.filter((line) => line.count > 0).length;
const percent = 100 * reached / lines.length;
const unreached = [...new Set(files.flatMap(stretches).map((row) => row.join('\t')))].sort();
console.log(`${reached} of ${lines.length} lines: ${percent.toFixed(1)} %`);

const known = new Set(existsSync(list) ? readFileSync(list, 'utf8').trim().split('\n').slice(1) : []);
if (option === '--write') {
	const stillThere = (row) => {
		const [file, , text] = row.split('\t');
		return existsSync(join(root, file)) && readFileSync(join(root, file), 'utf8').includes(text);
	};
	const all = [...new Set([...[...known].filter(stillThere), ...unreached])].sort();
	writeFileSync(list, `file\tfunction\tfirst unreached line\n${all.join('\n')}\n`);
} else {
	const unknown = unreached.filter((row) => !known.has(row));
	for (const row of unknown) console.log(`not ok unreached, and nobody knows: ${row.replaceAll('\t', ' · ')}`);
	if (percent < LEAST) console.log(`not ok fewer than ${LEAST} % of lines are reached`);
	const failed = unknown.length + (percent < LEAST);
	console.log(`${failed ? 0 : 1} passed, ${failed} failed`);
	process.exitCode = failed ? 1 : 0;
}
