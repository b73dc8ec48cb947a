// Input that no browser of a person with good intentions sends: each is refused, says so, and harms nobody else.
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { patienceMs } from '../lib/program.mjs';
import { startTown } from '../lib/server.mjs';

let town;
before(async () => { town = await startTown({ packs: ['leon', 'barakaldo'] }); });
after(() => town?.stop());

// Bytes as they are; → everything that came back until the server closed or was quiet for `quietMs`.
function raw(bytes, { quietMs = 1000 } = {}) {
	return new Promise((done, fail) => {
		const socket = net.connect(town.port, '127.0.0.1');
		let answer = '';
		let timer = setTimeout(end, patienceMs);
		function end() { clearTimeout(timer); socket.destroy(); done(answer); }
		socket.on('data', (data) => {
			answer += data.toString('latin1');
			clearTimeout(timer);
			timer = setTimeout(end, quietMs);
		});
		socket.on('close', end);
		socket.on('error', (error) => (answer ? end() : fail(error)));
		socket.write(bytes);
	});
}
const statusOf = (answer) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
const head = (method, path, ...lines) => [`${method} ${path} HTTP/1.1`, `Host: 127.0.0.1:${town.port}`, ...lines, '', ''].join('\r\n');

async function formOf(client, path) {
	const page = await client.get(path);
	return page.form(undefined).fields.find(([name]) => name === '_csrf')[1];
}

test('a body larger than any form', async () => {
	const client = town.client();
	const token = await formOf(client, '/estado');
	const answer = await client.post('/estado', { _csrf: token, x: 'a'.repeat(2 * 1024 * 1024) }).catch((error) => error);
	assert.equal(answer.status, 413);
});

test('a body that grows past its limit without saying so before', async () => {
	const chunk = 'a'.repeat(65536);
	const answer = await raw(`${head('POST', '/estado', 'Content-Type: application/x-www-form-urlencoded', 'Transfer-Encoding: chunked')}`
		+ `${`${chunk.length.toString(16)}\r\n${chunk}\r\n`.repeat(40)}0\r\n\r\n`);
	assert.equal(statusOf(answer), 413);
});

test('a field, and a number of fields, beyond what people type', async () => {
	const client = town.client();
	const token = await formOf(client, '/estado');
	assert.equal((await client.post('/estado', { _csrf: token, codigo: 'a'.repeat(30000) })).status, 413);
	const many = Array.from({ length: 600 }, (_, i) => [`f${i}`, 'x']);
	assert.equal((await client.post('/estado', [['_csrf', token], ...many])).status, 413);
});

test('headers that are too long, too many, or none that HTTP knows', async () => {
	assert.equal(statusOf(await raw(head('GET', '/', `X-Long: ${'a'.repeat(20000)}`))), 431);
	assert.equal(statusOf(await raw(head('GET', '/', ...Array.from({ length: 200 }, (_, i) => `X-${i}: 1`)))), 431);
	assert.ok([400, undefined, NaN].includes(statusOf(await raw('no such thing at all\r\n\r\n'))));
});

test('a request that two servers would read in two ways', async () => {
	const body = '0\r\n\r\nGET /salud HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';
	const answer = await raw(`${head('POST', '/estado', 'Content-Type: application/x-www-form-urlencoded',
		`Content-Length: ${body.length}`, 'Transfer-Encoding: chunked')}${body}`);
	assert.equal(statusOf(answer), 400);
	assert.equal(answer.split('HTTP/1.1 ').length, 2, 'one answer, and none to the hidden request');
	assert.equal(statusOf(await raw(head('GET', '/', `Host: 127.0.0.1:${town.port}`))), 400, 'two hosts');
});

test('a content type that this address does not take', async () => {
	const client = town.client();
	for (const type of ['text/plain', 'application/json', 'multipart/form-data; boundary=x'])
		assert.equal((await client.request('POST', '/estado', { body: 'x', headers: { 'content-type': type } })).status, 415, type);
});

test('a multipart body that ends in the middle', async () => {
	const client = town.client();
	const token = await formOf(client, '/verificar');
	const body = `--b\r\nContent-Disposition: form-data; name="_csrf"\r\n\r\n${token}\r\n`
		+ '--b\r\nContent-Disposition: form-data; name="archivo"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.4 …';
	const answer = await client.request('POST', '/verificar', { body, headers: { 'content-type': 'multipart/form-data; boundary=b' } });
	assert.equal(answer.status, 400);
});

test('bytes that are no UTF-8, and escapes that are none', async () => {
	const client = town.client();
	const token = await formOf(client, '/estado');
	const type = { 'content-type': 'application/x-www-form-urlencoded' };
	for (const value of ['%ff%fe', '%c0%af', '%ed%a0%80', '%zz', '%', 'a%00b']) {
		const answer = await client.request('POST', '/estado', { body: `_csrf=${encodeURIComponent(token)}&codigo=${value}`, headers: type });
		assert.equal(answer.status, 400, value);
	}
	for (const path of ['/tramites/%ff', '/tramites/%00', '/tramites/%zz']) {
		const answer = await client.get(path);
		assert.ok(answer.status === 400 || answer.status === 404, `${path}: ${answer.status}`);
	}
});

test('paths that climb out of nothing', async () => {
	for (const path of ['/../etc/passwd', '/activos/../../etc/passwd', '/activos/%2e%2e/%2e%2e/etc/passwd', '//otro.example/', `/${'a'.repeat(6000)}`]) {
		const answer = await raw(head('GET', path));
		assert.ok([400, 404, 414, 431].includes(statusOf(answer)), `${path.slice(0, 40)}: ${statusOf(answer)}`);
		assert.doesNotMatch(answer, /root:/);
		assert.doesNotMatch(answer, /^location: \/\/otro/im);
	}
});

test('an unknown procedure', async () => {
	const client = town.client();
	for (const path of ['/tramites/no-existe', '/tramites/no-existe/iniciar', '/tramites/no-existe/paso/1'])
		assert.equal((await client.get(path)).status, 404, path);
});

test('a staff page asked for by a stranger leads back to it after signing in, and nowhere else', async () => {
	const answer = await town.client().get('/oficina/bandeja/mios');
	assert.equal(answer.status, 303);
	assert.match(answer.headers.location, /^\/oficina\/entrar\?\w+=%2Foficina%2Fbandeja%2Fmios$/);
	const client = town.client();
	const page = await client.get('/oficina/entrar?volver=https%3A%2F%2Fotro.example%2F');
	assert.doesNotMatch(page.body, /otro\.example/);
});

test('a wrong password and a wrong name read the same', async () => {
	const tries = [];
	for (const usuario of ['carmen', 'nadie-así']) {
		const client = town.client();
		const page = await client.get('/oficina/entrar');
		const answer = await client.submit(page, { usuario, clave: 'una-clave-que-no-es' }, { path: '/oficina/entrar' });
		tries.push(`${answer.status} ${answer.text.replaceAll(usuario, '')}`);
		assert.ok(!client.cookies.has('sesion'));
	}
	assert.equal(tries[0], tries[1]);
});

test('a session of one town opens nothing in the other', async () => {
	const leon = await town.signIn('ana');
	assert.equal((await leon.get('/oficina/bandeja/mios')).status, 200);
	const other = town.client('barakaldo');
	for (const [name, value] of leon.cookies) other.cookies.set(name, value);
	const answer = await other.get('/oficina/bandeja/mios');
	assert.equal(answer.status, 303);
	assert.match(answer.headers.location, /^\/oficina\/entrar/);
});

// The slow clients' pages and nobody's are asked for in turns, so that a busy machine slows both alike.
test('clients that send a byte a second delay nobody', async () => {
	const client = town.client();
	const times = { alone: [], among: [] };
	const open = () => Array.from({ length: 50 }, () => {
		const socket = net.connect(town.port, '127.0.0.1').on('error', () => {});
		socket.write(head('POST', '/estado', 'Content-Type: application/x-www-form-urlencoded', 'Content-Length: 1000').slice(0, -4));
		return socket;
	});
	for (let round = 0; round < 10; round++) {
		for (const kind of ['alone', 'among']) {
			const slow = kind === 'among' ? open() : [];
			for (let i = 0; i < 30; i++) {
				slow.forEach((socket) => socket.writable && socket.write('a'));
				const begin = process.hrtime.bigint();
				assert.equal((await client.get('/')).status, 200);
				times[kind].push(Number(process.hrtime.bigint() - begin) / 1e6);
			}
			slow.forEach((socket) => socket.destroy());
		}
	}
	const median = (list) => list.sort((x, y) => x - y)[list.length >> 1];
	assert.ok(median(times.among) < 20 * median(times.alone) + 50, `${median(times.among)} ms among slow ones, ${median(times.alone)} ms alone`);
});

test('codes are not guessed: past some tries the answer is to wait', async () => {
	const strict = await startTown({ limits: true, accounts: [] });
	const client = strict.client();
	const statuses = [];
	for (let i = 0; i < 80; i++) {
		const page = await client.get('/estado');
		const answer = await client.submit(page, { codigo: `ABCD-EFGH-${String(i).padStart(4, '0')}` }, { match: '/estado', path: '/estado' });
		statuses.push(answer.status);
		if (answer.status === 429) break;
	}
	await strict.stop();
	assert.equal(statuses.at(-1), 429, statuses.join());
	assert.ok(statuses.length > 3, 'a person who mistypes is not locked out at once');
});
