// A municipality that `bench fill` made is one like any other, with more in it than anybody files by hand: lists of several
// pages, and what is measured is what is served.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { run, runOk, scratch } from '../lib/program.mjs';
import { Town } from '../lib/server.mjs';

const CASES = 1500;
let town;
let clerk;
let facts;
before(async () => {
	const data = join(scratch('fill'), 'town');
	await runOk(['bench', 'fill', '--data', data, '--cases', String(CASES), '--jobs', '--files', '5']);
	facts = JSON.parse(readFileSync(join(data, 'bench.json'), 'utf8'));
	const doctor = await run(['doctor', '--data', data]);
	assert.equal(doctor.code, 0, doctor.stdout);
	town = await new Town(data, ['--bench', '--hold-jobs']).begin();
	clerk = town.client();
	clerk.cookies.set('sesion', facts.session);
});
after(() => town?.stop());

// Goes from page to page to the end. → the numbers of the cases on each
async function pages(path) {
	const found = [];
	for (let next = path; next; ) {
		const answer = await clerk.get(next);
		assert.equal(answer.status, 200, next);
		found.push([...new Set([...answer.body.matchAll(/AN-\d{4}-\d{6}/g)].map(([number]) => number))]);
		assert.ok(found.length < 100, `${path} has no end`);
		next = /<a\b[^>]*\srel="next"[^>]*>/.exec(answer.body)?.[0].match(/href="([^"]+)"/)[1].replaceAll('&amp;', '&');
	}
	return found;
}

const folded = (name) => name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

test('what is found on several pages is on one of them, once, and all of it', async () => {
	const names = facts.people.flatMap((one) => one.apellidos.split(' '));
	const surname = names.sort((a, b) => names.filter((one) => one === b).length - names.filter((one) => one === a).length)[0];
	const lists = { [`/oficina/buscar?q=${encodeURIComponent(surname)}`]: `words LIKE '% ${folded(surname)}%'`,
		'/oficina/bandeja/terminados': 'closed_at IS NOT NULL' };
	for (const [path, which] of Object.entries(lists)) {
		const found = await pages(path);
		const all = found.flat();
		assert.ok(found.length > 1, `${path}: ${all.length} on one page`);
		assert.deepEqual([...all].sort(), town.sql(`SELECT number FROM cases WHERE ${which} ORDER BY number`).trim().split('\n'), path);
	}
});

test('the papers that are measured are printed', async () => {
	const file = join(scratch('fill'), 'permit.pdf');
	const said = JSON.parse(await runOk(['bench', 'permits', '--data', town.data, '--seconds', '1', '--out', file]));
	assert.ok(said.layouts > 0 && said.sealed > 0, JSON.stringify(said));
	assert.match(execFileSync('pdfsig', [file], { encoding: 'utf8' }), /Signature is Valid/);
	assert.match(execFileSync('pdfinfo', [file], { encoding: 'utf8' }), /^Pages:\s+2$/m);
});
