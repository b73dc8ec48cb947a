// What the tests of tests/faults share: the two engines, filings that need no browser, and what must hold afterwards.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Api, pdf } from './api.mjs';
import { volante as form } from './journey.mjs';
import { root, run, until } from './program.mjs';
import { startTown } from './server.mjs';

// The long runs of script/test --all say more.
export const rounds = Number(process.env.FAULT_ROUNDS ?? 5);

const script = join(root, 'tests/pg/cluster');
const cluster = (...words) => execFileSync(script, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
export const hasPostgresql = spawnSync(script, ['there'], { stdio: 'ignore' }).status === 0;

// A database server of one's own, as durable as a real one. It goes with the process, whatever happens.
export function startCluster() {
	const url = cluster('start', 'fsync');
	let there = true;
	const own = { url,
		kill() { cluster('kill', url); }, // as a power cut
		again() { cluster('again', url); },
		stop() { if (there) cluster('stop', url); there = false; } };
	process.on('exit', own.stop);
	return own;
}

const folderOf = (url) => /host=([^&]+)/.exec(url)[1];

// A server and a second one that has everything before it is acknowledged. `url` names both; the program finds the
// one that takes writes.
export function startPair() {
	const first = startCluster();
	const url = cluster('standby', first.url);
	let there = true;
	const second = { url,
		promote() { cluster('promote', url); },
		stop() { if (there) cluster('stop', url); there = false; } };
	process.on('exit', second.stop);
	return { first, second, url: first.url.replace(/host=[^&]+/, `host=${folderOf(first.url)},${folderOf(url)}`),
		stop() { first.stop(); second.stop(); } };
}

export const engines = [
	{ name: 'SQLite', skip: false, start: () => ({ url: undefined, stop() {} }) },
	{ name: 'PostgreSQL', skip: hasPostgresql ? false : 'PostgreSQL is not installed', start: startCluster },
];

// Barakaldo's volante, whose answers are complete without a file.
export const volante = form.procedure;
let people = 0; // each another one
export const answersOf = (file) => ({ nombre: 'Miren', apellidos: `Muestra ${++people}`, nif: '12345678Z', nacimiento: '1990-05-01',
	en_nombre_de: 'propio', tipo: 'individual', domicilio: { street: 'Herriko Plaza', number: '1', postal_code: '48901' },
	aviso: 'counter', ...(file ? { identificacion: [file] } : {}) });

export const startVolantes = (options) => startTown({ packs: ['barakaldo'], simulated: '2026-06-02T10:00:00+02:00', ...options });

// One filing by token; every tenth has a file. → the answer; throws when there was none.
export async function fileVolante(api, n) {
	let file;
	if (n % 10 === 0) {
		const sent = await api.upload(pdf(`archivo ${n}`));
		if (sent.status !== 201) return sent;
		file = sent.json().id;
	}
	return api.post(`/tramites/${volante}/solicitudes`, { answers: answersOf(file), declaration: true });
}

export const apiOf = async (town, login, pack = 'barakaldo') => new Api(town.client(pack), await town.token(login, pack));

// `count` of them at once. `on` sees each that was acknowledged. → { acknowledged, refused: statuses, unanswered }
export async function fileMany(api, count, on = () => {}) {
	const result = { acknowledged: [], refused: [], unanswered: 0 };
	await Promise.all(Array.from({ length: count }, async (_, n) => {
		try {
			const answer = await fileVolante(api, n);
			if (answer.status !== 201) return result.refused.push(answer.status);
			const filed = answer.json();
			on(result.acknowledged.push(filed.number), filed);
			return filed;
		} catch {
			return result.unanswered++;
		}
	}));
	return result;
}

// A thread that was refused by the database asks it again a quarter of a second later (REFUSED_US), and says 503 until then:
// one filing that goes through tells nothing of the others. → what was acknowledged meanwhile
export async function untilNoneRefused(api) {
	const acknowledged = [];
	await until(async () => {
		const crowd = await fileMany(api, 50);
		assert.ok(crowd.refused.every((status) => status === 503) && crowd.unanswered === 0, JSON.stringify(crowd));
		acknowledged.push(...crowd.acknowledged);
		return crowd.refused.length === 0;
	}, { what: 'filings of which none is refused' });
	return acknowledged;
}

// What was acknowledged is there, for who asks.
export async function assertThere(api, numbers) {
	const left = [...numbers];
	await Promise.all(Array.from({ length: 8 }, async () => {
		for (let number; (number = left.pop());) {
			const answer = await api.get(`/expedientes/${number}`);
			assert.equal(answer.status, 200, `${number} was acknowledged: ${answer.status} ${answer.body}`);
			assert.equal(answer.json().number, number);
		}
	}));
}

// Numbers without gaps; events, log, papers, files and jobs agree.
export async function assertWell(data, { files = false, except } = {}) {
	const answer = await run(['doctor', '--data', data, ...(files ? ['--files'] : [])]);
	const bad = answer.stdout.split('\n').filter((line) => line.startsWith('BAD') && !except?.test(line));
	assert.match(answer.stdout, /^ok +this program runs every kind/m, answer.stdout + answer.stderr);
	assert.deepEqual(bad, []);
}

export async function assertReceipt(api, filed) {
	await until(async () => (await api.get(filed.links.receipt.replace('/api/v1', ''))).status === 200,
		{ waitMs: 120000, what: `the receipt of ${filed.number}` });
}
