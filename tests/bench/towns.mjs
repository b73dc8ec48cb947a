// The municipalities that are measured: made once by `ventanilla bench fill`, kept as long as the tables and the
// procedure that is filed stay what they are.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { binary, root } from '../lib/program.mjs';

export const SMALL = 10000;

function digest() {
	const tables = execFileSync(binary, ['tables'], { cwd: root });
	const procedure = readFileSync(join(root, 'packs/leon/procedures/alineamiento-y-numero-oficial.yaml'));
	return createHash('sha256').update(tables).update(procedure).digest('hex');
}

// `files`: so many are sent beforehand, for applications to name. `isFresh`: not the one of the run before.
export function town(data, name, count, { files = 0, isFresh = false, say = () => {} } = {}) {
	const folder = join(data, `${name}-${count}`);
	const mark = join(folder, 'made');
	const made = `${files} ${digest()}`;
	if (!isFresh && existsSync(mark) && readFileSync(mark, 'utf8') === made) return folder;
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(data, { recursive: true });
	const args = ['bench', 'fill', '--data', folder, '--cases', String(count), '--files', String(files)];
	say(`  ${name}: ${execFileSync(binary, args, { cwd: root, encoding: 'utf8' }).trim()}`);
	writeFileSync(mark, made);
	return folder;
}

// Token, session, people and some numbers of cases, as bench fill wrote them down.
export const facts = (folder) => JSON.parse(readFileSync(join(folder, 'bench.json'), 'utf8'));
export const database = (folder) => join(folder, 'leon/town.db');
export const query = (folder, sql) =>
	execFileSync('sqlite3', ['-cmd', '.timeout 10000', `file:${database(folder)}?mode=ro`, sql], { encoding: 'utf8' }).trim();
