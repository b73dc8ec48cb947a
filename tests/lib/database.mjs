// A town's database behind the program's back, whichever engine it is on.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

// What installation.yaml says of the town's database; undefined: SQLite, in its folder.
function urlOf(data, pack) {
	const { towns } = parse(readFileSync(join(data, 'installation.yaml'), 'utf8'));
	const { database } = towns.find((town) => town.folder === pack);
	return database?.startsWith('postgresql:') ? database : undefined;
}

// One answer, as text: cells divided by '|', rows by lines.
export function query(data, pack, text) {
	const url = urlOf(data, pack);
	const [command, ...words] = url ? ['psql', '-qXAt', '-v', 'ON_ERROR_STOP=1', url, '-c', text]
		: ['sqlite3', join(data, pack, 'town.db'), '.timeout 5000', text];
	return execFileSync(command, words, { encoding: 'utf8' }).trim();
}
