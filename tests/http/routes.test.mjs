// Every address of the program, asked by everyone: the matrix in tests/permissions.tsv is what a person has reviewed.
// After a deliberate change: ventanilla routes --roles > tests/permissions.tsv, and read the difference.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root, runOk } from '../lib/program.mjs';
import { staff, startTown } from '../lib/server.mjs';
import { listen } from '../lib/streams.mjs';

const table = (text) => {
	const [head, ...lines] = text.trim().split('\n').map((line) => line.split('\t'));
	return lines.map((cells) => Object.fromEntries(cells.map((cell, i) => [head[i], cell])));
};

let town;
let routes;
const clients = {};
before(async () => {
	routes = table(await runOk(['routes']));
	town = await startTown({ args: ['--streams', '0'] });
	clients.anonymous = town.client();
	for (const one of staff) clients[one.roles] = await town.signIn(one.login);
	for (const client of Object.values(clients)) client.csrf = await tokenOf(client);
});
after(() => town?.stop());

// Any page with a form gives this browser's token.
async function tokenOf(client) {
	for (const path of ['/', '/estado', '/oficina/entrar']) {
		const found = /name="_csrf" value="([^"]+)"/.exec((await client.get(path)).body);
		if (found) return found[1];
	}
	throw new Error('no page has a form');
}

// A path of that shape: nothing of the kind exists, so whoever gets past the permission meets 404 or worse.
const sample = (path) => path.replace(/\{(\w+)\*?\}/g, (all, name) =>
	({ number: 'ZZ-2026-999999', slug: 'no-existe', id: '999999', box: 'revision', file: 'no-existe' })[name] ?? '1');

async function ask(client, route, { token = client.csrf } = {}) {
	const path = sample(route.path);
	if (route.flags.split(',').includes('stream')) return listen(town, client, path.replace('/novedades', ''));
	if (route.method === 'GET') return client.get(path);
	const isJson = route.flags.split(',').includes('token');
	return isJson ? client.postJson(path, {}) : client.post(path, token ? { _csrf: token } : {});
}

const isSentToSignIn = (answer) => answer.status === 401
	|| (answer.status === 303 && answer.headers.location.startsWith('/oficina/entrar?'))
	|| (answer.status === 403 && answer.body.includes('name="clave"'));

test('the matrix of roles and addresses is the reviewed one', async () => {
	const reviewed = readFileSync(join(root, 'tests/permissions.tsv'), 'utf8');
	assert.equal(await runOk(['routes', '--roles']), reviewed);
});

test('every role meets what the matrix says', async () => {
	const matrix = table(readFileSync(join(root, 'tests/permissions.tsv'), 'utf8'));
	const wrong = [];
	for (const row of matrix) {
		const route = routes.find((one) => one.method === row.method && one.path === row.path);
		if (route.flags.split(',').includes('token') || route.path === '/oficina/salir') continue; // below; ends the session
		for (const [role, client] of Object.entries(clients)) {
			const answer = await ask(client, route);
			const isRefused = answer.status === 403 || isSentToSignIn(answer);
			if (row[role] === 'yes' ? isRefused && route.object === '-' : !isRefused)
				wrong.push(`${role} ${row.method} ${row.path}: ${answer.status}, expected ${row[role]}`);
			if (answer.status >= 500) wrong.push(`${role} ${row.method} ${row.path}: ${answer.status}`);
		}
	}
	assert.deepEqual(wrong, []);
});

test('a program without a token gets 401 from every address of the API', async () => {
	const wrong = [];
	for (const route of routes.filter((one) => one.flags.split(',').includes('token'))) {
		if (route.permission === 'PERM_PUBLIC') continue;
		const answer = await ask(clients.anonymous, route);
		if (answer.status !== 401 || answer.headers['content-type'] !== 'application/problem+json')
			wrong.push(`${route.method} ${route.path}: ${answer.status} ${answer.headers['content-type']}`);
	}
	assert.deepEqual(wrong, []);
});

test('no form is taken without its token, with a forged one, or from another site', async () => {
	const wrong = [];
	const roleOf = (route) => Object.keys(clients).find((role) => matrixSays(role, route));
	const matrix = table(readFileSync(join(root, 'tests/permissions.tsv'), 'utf8'));
	const matrixSays = (role, route) =>
		matrix.some((row) => row.method === route.method && row.path === route.path && row[role] === 'yes');
	for (const route of routes.filter((one) => one.method === 'POST')) {
		const flags = route.flags.split(',');
		if (flags.includes('token') || flags.includes('no-csrf')) continue;
		const client = clients[roleOf(route)];
		const path = sample(route.path);
		const tries = { missing: client.post(path, {}), forged: client.post(path, { _csrf: 'A'.repeat(52) }),
			foreign: client.post(path, { _csrf: client.csrf }, { headers: { origin: 'https://otro.example' } }) };
		for (const [how, promise] of Object.entries(tries)) {
			const answer = await promise;
			if (answer.status !== 403) wrong.push(`${how} POST ${route.path}: ${answer.status}`);
		}
	}
	assert.deepEqual(wrong, []);
});

test('every answer carries the headers that protect its reader', async () => {
	const wrong = [];
	for (const route of routes.filter((one) => one.method === 'GET' && !one.path.includes('{'))) {
		const answer = await clients.anonymous.get(route.path);
		const policy = answer.headers['content-security-policy'] ?? '';
		if (!/default-src 'none'|default-src 'self'/.test(policy) || /unsafe-inline|unsafe-eval/.test(policy))
			wrong.push(`${route.path}: content-security-policy ${policy}`);
		for (const [name, value] of [['x-content-type-options', 'nosniff'], ['referrer-policy', null], ['x-request-id', null]])
			if (!answer.headers[name] || (value && answer.headers[name] !== value)) wrong.push(`${route.path}: ${name}`);
	}
	assert.deepEqual(wrong, []);
});

test('HEAD answers as GET does, without a body', async () => {
	for (const path of ['/', '/salud', '/estado']) {
		const get = await clients.anonymous.get(path);
		const head = await clients.anonymous.request('HEAD', path);
		assert.equal(head.status, get.status, path);
		assert.equal(head.headers['content-type'], get.headers['content-type'], path);
		assert.equal(head.bytes.length, 0, path);
	}
});

test('a method that an address does not have is 405 with those it has', async () => {
	const answer = await clients.anonymous.request('DELETE', '/estado');
	assert.equal(answer.status, 405);
	assert.match(answer.headers.allow, /GET/);
});

test('an unknown path is a 404 page of the town', async () => {
	const answer = await clients.anonymous.get('/no/hay/tal');
	assert.equal(answer.status, 404);
	assert.match(answer.body, /<h1/);
});

test('an unknown host is 421 and learns nothing of any town', async () => {
	const answer = await clients.anonymous.request('GET', '/', { host: 'otra.example', cookies: false });
	assert.equal(answer.status, 421);
	assert.doesNotMatch(answer.body, /León/);
});
