// Mixed load for SOAK_MINUTES: citizens in browsers, the office, programs by token, clients that read and write a byte at
// a time, clients that vanish. Nothing grows without end (memory, descriptors, the database's log, temporary files),
// nobody gets a 5xx, and doctor finds all well. The load pauses now and then, and what is left over then is compared.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { Api } from '../lib/api.mjs';
import { assertReceipt, assertWell } from '../lib/faults.mjs';
import { fileCase, fillForm, pdfFile, slug } from '../lib/journey.mjs';
import { approve, askCorrection, collect, pay, sign, take } from '../lib/office.mjs';
import { until } from '../lib/program.mjs';
import { startTown } from '../lib/server.mjs';

const MINUTES = Number(process.env.SOAK_MINUTES ?? 10);
const TURNS = 6; // so often the load pauses
const PATIENCE_MS = 120000; // with a paper: everybody waits for theirs, so that the work is never more than those who ask
const MIB = 1024 * 1024;
// What may be left over at the end beyond what was after the second turn, when everything has been used twice.
const MEMORY_GROWTH = 24 * MIB;
const DESCRIPTOR_GROWTH = 8;
// It is written back at 63 MiB (wal_autocheckpoint), and anew from its beginning once nobody reads for a moment; until then
// it grows by a batch at a time.
const WAL_MAX = 96 * MIB;

/* --- what the program holds ------------------------------------------------------------------------------------- */

const field = (path, name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(path, 'utf8'))[1]) * 1024;
function processes(pid) {
	const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).filter((name) => {
		try { return readFileSync(`/proc/${name}/stat`, 'utf8').replace(/^.*\) /, '').split(' ')[1] === String(pid); } catch { return false; }
	});
	return [pid, ...children.map(Number)];
}
// Its own memory: pages of the database's file that happen to be mapped are the system's cache.
const memory = (pid) => processes(pid).reduce((sum, one) => sum + field(`/proc/${one}/smaps_rollup`, 'Pss_Anon'), 0);
const descriptors = (pid) => readdirSync(`/proc/${pid}/fd`).length;
const temporaries = (data) => {
	const folder = join(data, 'leon/files/tmp');
	return existsSync(folder) ? readdirSync(folder).length : 0;
};

const pause = (ms) => new Promise((wake) => setTimeout(wake, ms));

/* --- who asks ---------------------------------------------------------------------------------------------------- */

const large = pdfFile('plano.pdf', Buffer.concat([pdfFile('x').bytes, Buffer.alloc(3 * MIB, 'x')]));

class Crowd {
	constructor(town) {
		this.town = town;
		this.counts = {};
		this.faults = [];
	}

	did(what) { this.counts[what] = (this.counts[what] ?? 0) + 1; }

	// A client whose every answer is looked at.
	client() {
		const client = this.town.client();
		const plain = client.request.bind(client);
		client.request = async (method, path, options) => {
			const answer = await plain(method, path, options);
			this.did('answers');
			if (answer.status >= 500) this.faults.push(`${method} ${path}: ${answer.status} ${answer.text.slice(0, 200)}`);
			return answer;
		};
		return client;
	}

	async signIn(login) {
		const client = this.client();
		const page = await client.get('/oficina/entrar');
		const answer = await client.submit(page, { usuario: login, clave: this.town.password }, { path: '/oficina/entrar' });
		assert.equal(answer.status, 303);
		return client;
	}

	async citizen() {
		const client = this.client();
		for (const path of ['/', '/tramites', `/tramites/${slug}`, '/estado', '/verificar']) await client.get(path);
		const filed = await fileCase(client, Math.random() < 0.2 ? { documento_predio: large } : {});
		await client.get(`/expedientes/${filed.number}`);
		const status = await client.get('/estado');
		await client.submit(status, { codigo: filed.statusCode }, { match: '/estado' });
		await until(async () => (await client.get(`/tramites/${slug}/acuse.pdf`)).status === 200, { waitMs: PATIENCE_MS, what: 'the receipt' });
		client.close();
		this.did('filed in a browser');
	}

	// Leaves in the middle of the form.
	async undecided() {
		const client = this.client();
		await fillForm(client, { frente: null });
		client.close();
		this.did('left a form');
	}

	async program(api) {
		const filed = await api.file({ apellidos: `Larga ${this.counts.answers}` });
		await api.get(`/expedientes/${filed.number}`);
		await assertReceipt(api, filed);
		this.did('filed by token');
	}

	// One case from filing to handing over.
	async office({ ana, omar, julio }) {
		const citizen = this.client();
		const { number } = await fileCase(citizen);
		for (const page of ['mios', 'equipo', 'vencidos', 'firma']) await ana.get(`/oficina/bandeja/${page}`);
		await take(ana, number);
		if (Math.random() < 0.3) {
			await askCorrection(ana, number, { frente: 'No coincide.' });
			this.did('asked for a correction');
			return citizen.close();
		}
		await approve(ana, number);
		await sign(omar, number, this.town.password);
		await pay(julio, number, `F-${number}`);
		await collect(citizen, number, { waitMs: PATIENCE_MS });
		citizen.close();
		this.did('handed over');
	}

	// Asks, and reads (or writes) a byte now and then until told to stop.
	slow(kind) {
		const socket = net.connect({ port: this.town.port, host: '127.0.0.1', highWaterMark: 1 }).on('error', () => {});
		const head = kind === 'reader' ? 'GET /tramites HTTP/1.1\r\n'
			: 'POST /estado HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n';
		socket.write(`${head}Host: 127.0.0.1:${this.town.port}\r\n\r\n`);
		const timer = setInterval(() => { if (kind === 'reader') socket.read(1); else if (socket.writable) socket.write('a'); }, 500);
		this.did(`slow ${kind}s`);
		return () => { clearInterval(timer); socket.destroy(); };
	}

	// Goes away in the middle of sending a file.
	vanish() {
		return new Promise((done) => {
			const socket = net.connect(this.town.port, '127.0.0.1').on('error', done).on('close', done);
			socket.write(`POST /verificar HTTP/1.1\r\nHost: 127.0.0.1:${this.town.port}\r\nContent-Type: multipart/form-data; boundary=b\r\n`
				+ 'Content-Length: 3000000\r\n\r\n--b\r\nContent-Disposition: form-data; name="archivo"; filename="a.pdf"\r\n\r\n%PDF-1.4');
			socket.write('x'.repeat(100000), () => socket.destroy());
			this.did('vanished');
		});
	}
}

async function load(crowd, people, endsAt) {
	const repeat = async (act) => { while (Date.now() < endsAt) await act(); };
	const slow = [...Array.from({ length: 10 }, () => crowd.slow('reader')), ...Array.from({ length: 10 }, () => crowd.slow('writer'))];
	await Promise.all([
		...Array.from({ length: 3 }, () => repeat(() => crowd.citizen())),
		repeat(() => crowd.undecided()),
		...Array.from({ length: 2 }, () => repeat(() => crowd.office(people))),
		...Array.from({ length: 3 }, () => repeat(() => crowd.program(people.api))),
		repeat(() => Promise.all([crowd.vanish(), pause(50)])), // twenty a second, or nobody else would get through
	]);
	slow.forEach((stop) => stop());
}

/* --- the run ------------------------------------------------------------------------------------------------------ */

test(`mixed load for ${MINUTES} minutes leaves nothing behind`, { timeout: (MINUTES * 2 + 4) * 60000 }, async () => {
	const town = await startTown({ args: ['--bench'] }); // no person files or signs so often
	const { pid } = town.server.child;
	const crowd = new Crowd(town);
	const plain = town.client();
	const errors = () => town.log().filter((line) => line.level === 'error');
	const turns = [];
	let wal = 0;
	const watch = setInterval(() => { wal = Math.max(wal, statSync(join(town.data, 'leon/town.db-wal')).size); }, 500);
	try {
		const people = { ana: await crowd.signIn('ana'), omar: await crowd.signIn('omar'), julio: await crowd.signIn('julio'),
			api: new Api(crowd.client(), await town.token('carmen')) };
		for (let turn = 0; turn < TURNS; turn++) {
			await load(crowd, people, Date.now() + MINUTES * 60000 / TURNS);
			for (const one of [people.ana, people.omar, people.julio, people.api.client]) one.close();
			await until(() => town.sql("SELECT count(*) FROM job WHERE state = 'running' OR kind = 'document.issue' AND state = 'waiting'") === '0',
				{ waitMs: 120000, what: 'the last paper' });
			await until(async () => /^http_connections\S* 1$/m.test((await plain.get('/metrics')).body), { waitMs: 60000, what: 'everybody gone' });
			turns.push({ memory: memory(pid), descriptors: descriptors(pid), temporaries: temporaries(town.data) });
		}
		process.stdout.write(`${JSON.stringify({ ...crowd.counts, wal, turns })}\n`);
		const [, begin] = turns;
		const end = turns.at(-1);
		assert.deepEqual(crowd.faults, [], 'no 5xx');
		assert.ok(end.memory <= begin.memory + MEMORY_GROWTH, `memory: ${JSON.stringify(turns)}`);
		assert.ok(end.descriptors <= begin.descriptors + DESCRIPTOR_GROWTH, `descriptors: ${JSON.stringify(turns)}`);
		assert.equal(end.temporaries, 0, 'no temporary file');
		assert.ok(wal <= WAL_MAX, `the database's log: ${wal}`);
		assert.deepEqual(errors(), []);
		for (const what of ['filed in a browser', 'filed by token', 'handed over', 'asked for a correction', 'left a form', 'vanished'])
			assert.ok(crowd.counts[what] > 0, `${what}: ${JSON.stringify(crowd.counts)}`);
	} catch (error) { // what came before it says more
		error.message += `\n${crowd.faults.slice(0, 5).join('\n')}\n${errors().slice(0, 5).map((line) => JSON.stringify(line)).join('\n')}`;
		throw error;
	} finally {
		clearInterval(watch);
		await town.stop();
		await assertWell(town.data, { files: true });
	}
});
