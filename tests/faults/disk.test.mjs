// The disk is full: every kind of write is refused with 503 and when to come back, reading goes on, and as soon as there
// is room everything works again by itself, without a restart. Nothing that was acknowledged is lost.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pdf } from '../lib/api.mjs';
import { answersOf, apiOf, assertReceipt, assertThere, assertWell, fileVolante, startVolantes, volante } from '../lib/faults.mjs';
import { scratch, until } from '../lib/program.mjs';

const SIZE = 64 * 1024 * 1024;
const STEP = 60 * 1024;
const disk = join(scratch('disk'), 'disk');
mkdirSync(disk, { mode: 0o700 });
const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=700`, 'tmpfs', disk], { encoding: 'utf8' }).status === 0;
process.prependListener('exit', () => { if (isMounted) spawnSync('umount', ['-l', disk]); });
const skip = isMounted ? false : 'no small disk can be mounted: root, or unshare -rm, is needed';

const filler = join(disk, 'filler');
const free = () => { const st = statfsSync(disk); return st.bavail * st.bsize; };
// Leaves so many bytes.
function fill(left = 0) {
	const fd = openSync(filler, 'w');
	const block = Buffer.alloc(65536);
	try {
		while (free() > left) writeSync(fd, block, 0, Math.min(block.length, free() - left));
	} catch (error) {
		if (error.code !== 'ENOSPC') throw error;
	} finally {
		closeSync(fd);
	}
}
const makeRoom = () => rmSync(filler, { force: true });

let town;
let counter;
let clerk;
before(async () => {
	if (skip) return;
	town = await startVolantes({ data: join(disk, 'data') });
	counter = await apiOf(town, 'carmen');
	clerk = await apiOf(town, 'ana');
});
after(() => town?.stop());

function assertRefused(answer, what) {
	assert.equal(answer.status, 503, `${what}: ${answer.status} ${answer.text}`);
	assert.ok(Number(answer.headers['retry-after']) > 0, `${what}: says when to come back`);
	assert.ok(answer.body.length > 100, `${what}: says something`);
	assert.doesNotMatch(answer.body.replace(/urn:request:\w+/, ''), /sqlite|disk|errno|ENOSPC|no space/i, `${what}: and nothing of the machine`);
}

const startPage = `/tramites/${volante}/iniciar`;
async function newForm() {
	const citizen = town.client('barakaldo');
	return { citizen, page: await citizen.follow(await citizen.submit(await citizen.get(startPage), {}, { match: 'iniciar' })) };
}

// Every kind of write, each prepared while there is room, each as often as one likes: → { name: send }
async function writes() {
	const { number } = (await fileVolante(counter, 1)).json();
	const { citizen, page } = await newForm();
	const stranger = town.client('barakaldo');
	const door = await stranger.get('/oficina/entrar');
	const worker = await town.signIn('ana', 'barakaldo');
	const casePage = await worker.get(`/oficina/expedientes/${number}`);
	const large = pdf('x'.repeat(300000));
	let notes = 0;
	return {
		'an application by token': () => counter.post(`/tramites/${volante}/solicitudes`, { answers: answersOf(), declaration: true }),
		'a file by token': () => counter.upload(large),
		'the beginning of a form': async () => {
			const other = town.client('barakaldo');
			return other.submit(await other.get(startPage), {}, { match: 'iniciar' });
		},
		'a page of a form': () => citizen.submit(page, { nombre: `Miren ${notes++}` }, { match: '/paso/' }),
		'a file in a form': () => citizen.submit(page, { nombre: 'Ane', identificacion: large }, { match: '/paso/' }),
		'signing in': () => stranger.submit(door, { usuario: 'ana', clave: town.password }, { path: '/oficina/entrar' }),
		'a note of a clerk': () => worker.submit(casePage, { texto: `Nota ${notes++}`, nota: '1' }, { match: '/mensajes' }),
	};
}

// The database's log may have room left in it for a small write: again, until there is none.
async function untilRefused(send, what) {
	return until(async () => {
		fill();
		const answer = await send();
		assert.ok([200, 201, 303, 422, 503].includes(answer.status), `${what}: ${answer.status} ${answer.text}`);
		return answer.status === 503 && answer;
	}, { what: `the disk is full for ${what}` });
}

test('each kind of write is refused on a full disk and comes through later; reading goes on', { skip, timeout: 120000 }, async () => {
	const all = await writes();
	const worker = await town.signIn('ana', 'barakaldo');
	const filed = (await fileVolante(counter, 3)).json();
	for (const [what, send] of Object.entries(all)) assertRefused(await untilRefused(send, what), what);
	for (const path of ['/', '/tramites', `/tramites/${volante}`, '/estado', startPage])
		assert.equal((await town.client('barakaldo').get(path)).status, 200, path);
	assert.equal((await worker.get(`/oficina/expedientes/${filed.number}`)).status, 200, 'a case, and who looked at it');
	makeRoom();
	for (const [what, send] of Object.entries(all)) {
		const answer = await until(async () => { const one = await send(); return one.status < 500 && one; }, { what: `${what} once there is room` });
		assert.ok([200, 201, 303, 422].includes(answer.status), `${what}: ${answer.status} ${answer.text}`);
	}
	await assertReceipt(counter, filed);
	await assertWell(town.data, { files: true, except: /free space/ });
});

// From room for some filings to room for none, in small steps: wherever the disk ends, an answer is true.
test('the disk fills up at any point of a filing: what was acknowledged is there, what was not is not', { skip, timeout: 300000 }, async () => {
	const acknowledged = [];
	let refused = 0;
	for (let left = 600000; left >= 0; left -= STEP) {
		fill(left);
		for (let n = 0, full = false; !full && n < 20; n++) {
			const answer = await fileVolante(counter, n);
			if (answer.status === 201) acknowledged.push(answer.json());
			else assertRefused(answer, `a filing with ${left} bytes left`);
			full = answer.status === 503;
			refused += full ? 1 : 0;
		}
		makeRoom();
	}
	assert.ok(refused > 3 && acknowledged.length > 5, `${refused} refused, ${acknowledged.length} acknowledged`);
	await assertThere(clerk, acknowledged.map((one) => one.number));
	for (const one of acknowledged) await assertReceipt(counter, one);
	await assertWell(town.data, { files: true, except: /free space/ });
});
