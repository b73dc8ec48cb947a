// Clients that read a byte a second, of pages and of large files: they hold up neither the database's log nor anybody.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { fileCase, pdfFile, slug } from '../lib/journey.mjs';
import { until } from '../lib/program.mjs';
import { startTown } from '../lib/server.mjs';

let town;
let citizen;
let attachment;
before(async () => {
	town = await startTown({ accounts: [] });
	citizen = town.client();
	const large = Buffer.alloc(20 * 1024 * 1024, 'x');
	large.write('%PDF-1.4\n');
	const { number } = await fileCase(citizen, { documento_predio: pdfFile('plano.pdf', large) });
	const rows = town.sql("SELECT a.id FROM attachment a JOIN stored_file f ON f.id = a.file_id WHERE f.bytes > 1000000");
	attachment = `/expedientes/${number}/adjuntos/${rows}`;
	await until(() => town.sql("SELECT count(*) FROM stored_file WHERE scan = 'quarantine'") === '0', { what: 'the file is released' });
});
after(() => town?.stop());

const cookie = () => [...citizen.cookies].map(([name, value]) => `${name}=${value}`).join('; ');

// Asks and then reads a byte a second.
function slowReader(path) {
	const socket = net.connect({ port: town.port, host: '127.0.0.1', highWaterMark: 1 }).on('error', () => {});
	socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${town.port}\r\nCookie: ${cookie()}\r\n\r\n`);
	let first = '';
	socket.on('readable', () => { if (!first) first = String(socket.read(1) ?? ''); });
	const timer = setInterval(() => socket.read(1), 1000);
	return { get begun() { return first === 'H'; }, stop() { clearInterval(timer); socket.destroy(); } };
}

// So many saved pages of forms, by a few browsers at once. → { wal: the largest it was, p99: of the answers, in ms }
async function write(count) {
	const wal = join(town.data, 'leon', 'town.db-wal');
	const times = [];
	let largest = 0;
	await Promise.all(Array.from({ length: 4 }, async () => {
		const client = town.client();
		const page = await client.follow(await client.submit(await client.get(`/tramites/${slug}/iniciar`), {}, { match: 'iniciar' }));
		for (let i = 0; i < count / 4; i++) {
			const begin = process.hrtime.bigint();
			const answer = await client.submit(page, { nombre: `Vuelta ${i}`, apellidos: 'Lenta '.repeat(15) }, { match: '/paso/' });
			times.push(Number(process.hrtime.bigint() - begin) / 1e6);
			assert.equal(answer.status, 422); // saved; the identification is missing
			if (i % 20 === 0) largest = Math.max(largest, statSync(wal).size);
		}
		client.close();
	}));
	times.sort((a, b) => a - b);
	return { wal: largest, p99: times[Math.floor(times.length * 0.99)] };
}

// The log is written back, as the program does when it is large; then it is begun again from its start, unless somebody
// still reads what it was.
const writeBack = () => town.sql('PRAGMA wal_checkpoint(PASSIVE)');

const skip = process.env.VENTANILLA_TEST_PG ? 'the log is SQLite’s' : false;
test('a client that reads a byte a second changes neither the log’s size nor the others’ time', { skip }, async () => {
	writeBack();
	const alone = await write(1200);
	const slow = [...Array.from({ length: 20 }, () => slowReader(attachment)), ...Array.from({ length: 20 }, () => slowReader('/tramites'))];
	await until(() => slow.every((one) => one.begun), { what: 'all of them are being answered' });
	const parts = [];
	for (let part = 0; part < 2; part++) { // twice: somebody else may just have been reading
		writeBack();
		parts.push(await write(600));
	}
	const beside = { wal: Math.max(...parts.map((one) => one.wal)), p99: Math.max(...parts.map((one) => one.p99)) };
	slow.forEach((one) => one.stop());
	assert.ok(beside.wal <= alone.wal * 1.3, `the log: ${alone.wal} alone, ${beside.wal} beside slow readers`);
	assert.ok(beside.p99 <= Math.max(250, alone.p99 * 5), `99 of 100: ${alone.p99} ms alone, ${beside.p99} ms beside slow readers`);
});

test('the file is whole for whoever reads it, in one piece, in parts, and from the middle', async () => {
	const whole = await citizen.get(attachment);
	assert.equal(whole.status, 200);
	assert.equal(whole.bytes.length, 20 * 1024 * 1024);
	assert.equal(whole.headers['content-type'], 'application/pdf');
	assert.match(whole.headers['content-disposition'], /plano\.pdf/);
	assert.match(whole.headers['cache-control'], /no-store/);
	const part = async (range) => citizen.get(attachment, { headers: { range } });
	const middle = await part('bytes=1000000-1000099');
	assert.equal(middle.status, 206);
	assert.equal(middle.headers['content-range'], `bytes 1000000-1000099/${whole.bytes.length}`);
	assert.ok(middle.bytes.equals(whole.bytes.subarray(1000000, 1000100)));
	const tail = await part('bytes=-10');
	assert.equal(tail.status, 206);
	assert.ok(tail.bytes.equals(whole.bytes.subarray(-10)));
	const beyond = await part('bytes=99999999-');
	assert.equal(beyond.status, 416);
	const head = await citizen.request('HEAD', attachment);
	assert.equal(head.status, 200);
	assert.equal(head.headers['content-length'], String(whole.bytes.length));
	assert.equal(head.bytes.length, 0);
});

test('pages and assets are asked for again cheaply, and never kept where they must not be', async () => {
	const client = town.client();
	const page = await client.get('/tramites');
	const asset = /\/activos\/[0-9a-f]{12}\/[^"]+\.css/.exec(page.body)[0];
	const first = await client.get(asset);
	assert.match(first.headers['cache-control'], /immutable/);
	for (const path of [asset, '/tramites']) {
		const one = await client.get(path);
		if (!one.headers.etag) continue;
		const again = await client.get(path, { headers: { 'if-none-match': one.headers.etag } });
		assert.ok([200, 304].includes(again.status));
		if (path === asset) assert.equal(again.status, 304);
	}
	const packed = await client.get(asset, { headers: { 'accept-encoding': 'gzip' } });
	assert.equal(packed.headers['content-encoding'], 'gzip');
	assert.match(packed.headers.vary, /accept-encoding/i);
	for (const path of ['/mis-tramites', `/tramites/${slug}/acuse`, attachment, '/oficina/entrar'])
		assert.match((await citizen.get(path)).headers['cache-control'], /no-store/, path);
	assert.equal((await client.request('POST', asset, { body: '' })).status, 405);
});

// What is put together once and kept must be each file's own, packed or not, and each visitor's: RFC 9110, 15.3.1; RFC 6797, 7.2.
test('every asset is itself, whoever asks beside whom, and by TLS what it is there', async () => {
	const proxied = await startTown({ settings: 'proxies: [127.0.0.1]\n', accounts: [] });
	after(() => proxied.stop());
	const found = new Set(['/']); // and what these lead to: a Set grows while one walks it
	for (const path of found)
		for (const [one] of (await proxied.client().get(path)).body.matchAll(/\/activos\/[0-9a-f]{12}\/[^"#)]+/g)) found.add(one);
	found.delete('/');
	assert.ok(found.size > 4, [...found].join());
	const clients = Array.from({ length: 6 }, () => proxied.client());
	for (const proto of ['http', 'https', 'http']) {
		await Promise.all(clients.flatMap((client) => [...found].flatMap((path) => ['identity', 'gzip'].map(async (coding) => {
			const answer = await client.get(path, { headers: { 'accept-encoding': coding, 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': proto } });
			const bytes = answer.headers['content-encoding'] === 'gzip' ? gunzipSync(answer.bytes) : answer.bytes;
			assert.equal(createHash('sha256').update(bytes).digest('hex').slice(0, 12), path.split('/')[2], `${path} ${coding}`);
			assert.equal('strict-transport-security' in answer.headers, proto === 'https', `${path} ${proto}`);
			assert.ok(!('x-request-id' in answer.headers) && !('set-cookie' in answer.headers), 'the same for everybody');
		}))));
	}
});
