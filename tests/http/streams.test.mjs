// Event streams: who may listen, what is told to whom, that nothing is lost between two connections, and that nothing personal
// is ever said (Ley General de Protección de Datos Personales en Posesión de Sujetos Obligados, art. 16 ff.; RGPD, art. 5).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileCase, fileVolante, receiptIssued } from '../lib/journey.mjs';
import { approve, office, sign, step, take } from '../lib/office.mjs';
import { run, runOk, until } from '../lib/program.mjs';
import { password, startTown } from '../lib/server.mjs';
import { listen } from '../lib/streams.mjs';

let town;
let ana;
let omar;
before(async () => {
	town = await startTown({ packs: ['leon', 'barakaldo'], args: ['--streams', '0'] });
	await addClerk('eva', 'catastro');
	ana = await town.signIn('ana');
	omar = await town.signIn('omar');
});
after(() => town?.stop());

const addClerk = (login, department) => runOk(['staff', 'add', '--data', town.data, '--town', 'leon', '--login', login, '--name', 'Eva Prueba',
	'--post', 'Analista', '--roles', 'clerk', '--department', department], { input: `${password}\n` });
const inbox = '/oficina/bandeja/equipo?depto=desarrollo-urbano';
const citizens = (number) => `/expedientes/${number}`;
const say = async (client, number, texto, more = {}) => {
	const answer = await step(client, number, '/mensajes', { texto, ...more });
	assert.equal(answer.status, 303);
};
const write = async (citizen, number, mensaje) => {
	const answer = await citizen.submit(await citizen.get(citizens(number)), { mensaje }, { match: '/mensajes' });
	assert.equal(answer.status, 303);
};
async function filed() {
	const citizen = town.client();
	const { number } = await fileCase(citizen);
	await receiptIssued(town, number);
	return { citizen, number };
}

// --- gates ----------------------------------------------------------------------------------------------------------------

test('a stream is for whoever may see its page, and for nobody else', async () => {
	const { citizen, number } = await filed();
	const eva = await town.signIn('eva');
	const tries = [
		[town.client(), inbox, 401], [town.client(), office(number), 401], [citizen, office(number), 401], [town.client(), citizens(number), 404],
		[ana, citizens(number), 404], [citizen, citizens(number), 200], [ana, office(number), 200], [ana, inbox, 200], [omar, inbox, 200],
		[eva, office(number), 404], [await town.signIn('julio'), inbox, 403], [await town.signIn('julio'), office(number), 403],
		[ana, office('AN-2026-999999'), 404], [ana, '/oficina/bandeja/ninguna', 404], [citizen, '/expedientes/AN-2026-999999', 404],
	];
	for (const [client, path, expected] of tries) {
		const stream = await listen(town, client, path);
		assert.equal(stream.status, expected, path);
		stream.close();
	}
});

test('another town takes neither session nor key', async () => {
	const { citizen, number } = await filed();
	for (const [client, path, expected] of [[ana, inbox, 401], [ana, office(number), 401], [citizen, citizens(number), 404]]) {
		const stream = await listen(town, client, path, { headers: { host: `barakaldo.localhost:${town.streamPort}`, origin: undefined } });
		assert.equal(stream.status, expected, path);
	}
	assert.equal((await listen(town, ana, inbox, { headers: { host: 'otra.example', origin: undefined } })).status, 421);
});

test('of two towns in one program each hears its own', async () => {
	const clerk = await town.signIn('ana', 'barakaldo');
	const host = { headers: { host: `barakaldo.localhost:${town.streamPort}`, origin: `http://barakaldo.localhost:${town.port}` } };
	const theirs = await listen(town, clerk, '/oficina/bandeja/equipo?depto=sac', host);
	const ours = await listen(town, omar, inbox);
	assert.deepEqual([theirs.status, ours.status], [200, 200]);
	await fileVolante(town.client('barakaldo'));
	await theirs.hears(1);
	assert.equal(ours.total(), 0);
	const { number } = await filed();
	await take(ana, number);
	await ours.hears(2);
	await fileVolante(town.client('barakaldo'));
	await theirs.hears(2);
	assert.deepEqual(theirs.events.map((one) => one.data.kinds), [['step'], ['step']]);
	for (const one of [theirs, ours]) one.close();
});

// Fetch, sections 3.1 to 3.3: with the cookie comes a browser, and the page that made it ask is named by the browser.
test('a page of another origin hears nothing, ours is named exactly', async () => {
	const refused = [{ origin: 'https://otra.example' }, { origin: 'null' }, { origin: `http://127.0.0.1:${town.streamPort}` },
		{ origin: `https://127.0.0.1:${town.port}` }, { origin: `http://127.0.0.1:${town.port}.otra.example` },
		{ origin: `http://barakaldo.localhost:${town.port}` }, { origin: undefined, 'sec-fetch-site': 'cross-site' },
		{ origin: undefined, 'sec-fetch-site': 'same-site' }];
	for (const headers of refused) {
		const stream = await listen(town, ana, inbox, { headers });
		assert.equal(stream.status, 403, JSON.stringify(headers));
		assert.equal(stream.headers['access-control-allow-origin'], undefined);
	}
	const own = await listen(town, ana, inbox);
	assert.equal(own.status, 200);
	assert.equal(own.headers['access-control-allow-origin'], `http://127.0.0.1:${town.port}`);
	assert.equal(own.headers['access-control-allow-credentials'], 'true');
	assert.match(own.headers.vary, /origin/i);
	assert.equal(own.headers['content-type'], 'text/event-stream');
	assert.equal(own.headers['cache-control'], 'no-store');
	assert.equal(own.headers['set-cookie'], undefined);
	own.close();
});

test('who has left the office hears no more', async () => {
	const { number } = await filed();
	const clerk = await town.signIn('ana');
	const before = await listen(town, clerk, office(number));
	assert.equal(before.status, 200);
	before.close();
	const page = await clerk.get(office(number));
	assert.equal((await clerk.submit(page, {}, { match: '/oficina/salir' })).status, 303);
	assert.equal((await listen(town, clerk, office(number))).status, 401);
});

test('pages are not served at the address of streams, nor streams at that of pages', async () => {
	const page = await ana.get(`/novedades${inbox}`);
	assert.equal(page.status, 404);
	for (const path of ['/', '/oficina', '/activos/x', '/metrics']) {
		const other = town.client();
		other.port = town.streamPort;
		assert.equal((await other.get(path)).status, 404, path);
		assert.ok([404, 405].includes((await other.post(path, {})).status), path);
	}
});

// --- what is told ---------------------------------------------------------------------------------------------------------

test('what others do is told to the list, the case and its citizen, each as far as it is theirs', async () => {
	const { citizen, number } = await filed();
	const eva = await town.signIn('eva');
	const streams = { ana: await listen(town, ana, office(number)), omar: await listen(town, omar, office(number)),
		list: await listen(town, omar, inbox), elsewhere: await listen(town, eva, inbox), mine: await listen(town, ana, '/oficina/bandeja/mios'),
		citizen: await listen(town, citizen, citizens(number)) };
	await take(ana, number); // told to omar, the list, the citizen
	await say(ana, number, 'Una nota entre nosotros.', { nota: '1' }); // told to omar
	await say(ana, number, 'Hemos recibido su solicitud.'); // told to omar and to the citizen
	await write(citizen, number, 'Muchas gracias.'); // told to all of them
	await Promise.all([streams.omar.hears(4), streams.list.hears(2), streams.citizen.hears(3), streams.ana.hears(1), streams.mine.hears(1)]);
	assert.deepEqual(Object.fromEntries(Object.entries(streams).map(([name, one]) => [name, one.total()])),
		{ ana: 1, omar: 4, list: 2, elsewhere: 0, mine: 1, citizen: 3 });
	assert.deepEqual(streams.ana.events[0].data.kinds, ['message']);
	for (const one of Object.values(streams)) {
		for (const { id, event, data } of one.events) {
			assert.match(id, /^\d+$/);
			assert.equal(event, 'changed');
			assert.deepEqual(Object.keys(data), ['n', 'kinds']);
		}
		assert.doesNotMatch(one.text, /Ofelia|Muñoz|Nogal|nota|gracias|AN-2026/);
		one.close();
	}
});

test('a paper is told of when it is there', async () => {
	const { citizen, number } = await filed();
	await take(ana, number);
	await approve(ana, number);
	const stream = await listen(town, citizen, citizens(number));
	await sign(omar, number, password);
	await until(() => stream.events.some((one) => one.data.kinds.includes('document')));
	stream.close();
});

// WHATWG HTML, section 9.2.4: whoever comes back names the last id it has seen.
test('whoever comes back is told what happened meanwhile, and no more', async () => {
	const { citizen, number } = await filed();
	const first = await listen(town, citizen, citizens(number));
	await take(ana, number);
	await first.hears(1);
	const at = first.last;
	first.close();
	await say(ana, number, 'Uno.');
	await say(ana, number, 'Dos.');
	const second = await listen(town, citizen, citizens(number), { headers: { 'last-event-id': at }, since: 0 });
	await second.hears(2);
	assert.deepEqual(second.events.map((one) => one.data), [{ n: 2, kinds: ['message'] }]);
	const third = await listen(town, citizen, citizens(number), { headers: { 'last-event-id': second.last } });
	await say(ana, number, 'Tres.');
	await third.hears(1);
	assert.equal(third.total(), 1);
	// A list as well, by its page's own word; and an id that never was is none.
	const list = await listen(town, omar, inbox, { since: at });
	await write(citizen, number, 'Cuatro.');
	await list.hears(1);
	assert.equal(list.total(), 1); // ours to the citizen are none of the list's
	const ahead = await listen(town, omar, inbox, { headers: { 'last-event-id': '9007199254740993' } });
	await write(citizen, number, 'Cinco.');
	await ahead.hears(1);
	assert.equal(ahead.total(), 1);
	for (const one of [second, third, list, ahead]) one.close();
});

// Of very many only the first hundred are counted: whoever was away so long asks for the page anew.
test('whoever was away for long is told that there is more', async () => {
	const { citizen, number } = await filed();
	await take(ana, number);
	for (let n = 0; n < 101; n++) await say(ana, number, `Recado ${n}.`);
	const at = town.sql(`SELECT min(e.id) FROM event e JOIN cases c ON c.id = e.case_id WHERE c.number = '${number}'`);
	const stream = await listen(town, citizen, citizens(number), { since: at });
	await stream.hears(1);
	assert.deepEqual(stream.events.map((one) => one.data.kinds), [['step', 'message', 'document', 'more']]);
	stream.close();
});

test('what another process wrote is told as well', async () => {
	const { citizen, number } = await filed();
	const stream = await listen(town, citizen, citizens(number));
	town.sql(`INSERT INTO event (type, occurred_at, recorded_at, actor_kind, actor_id, channel, office, department_id, compartment, procedure_slug, pack_version_id, case_id)
		SELECT 'case.paid', 0, 0, 'system', 0, 'office', '', department_id, compartment, procedure_slug, pack_version_id, id FROM cases WHERE number = '${number}'`);
	await stream.hears(1);
	assert.deepEqual(stream.events[0].data.kinds, ['step']);
	stream.close();
});

// A conflict of interest takes a case out of somebody's sight: then its news are none of theirs.
test('a case that one was excluded from is no news', async () => {
	const { citizen, number } = await filed();
	const { citizen: other, number: another } = await filed();
	await addClerk('ines', 'desarrollo-urbano');
	const ines = await town.signIn('ines');
	const at = town.sql('SELECT max(id) FROM event');
	town.sql(`INSERT INTO scope_exclusion (staff_id, case_id, reason) SELECT s.id, c.id, 'prueba' FROM staff s, cases c WHERE s.login = 'ines' AND c.number = '${number}'`);
	await write(citizen, number, 'Para otros.');
	const stream = await listen(town, ines, inbox, { since: at });
	assert.equal((await listen(town, ines, office(number))).status, 404);
	await write(citizen, number, 'Para otros.');
	await write(other, another, 'Para todos.');
	await stream.hears(1);
	assert.equal(stream.total(), 1);
	stream.close();
});

// --- pages ----------------------------------------------------------------------------------------------------------------

test('pages name their stream and may connect there alone', async () => {
	const { citizen, number } = await filed();
	const origin = `http://127.0.0.1:${town.streamPort}`;
	for (const [client, path] of [[ana, inbox], [ana, office(number)], [citizen, citizens(number)]]) {
		const page = await client.get(path);
		const [, stream] = /data-live="([^"]+)" data-since="\d+"/.exec(page.body);
		assert.equal(stream, `${origin}/novedades${path}`);
		assert.match(page.headers['content-security-policy'], new RegExp(`connect-src 'self' ${origin};`));
	}
	const other = await ana.get('/oficina/buscar');
	assert.match(other.headers['content-security-policy'], /connect-src 'self';/);
});

// --- limits ---------------------------------------------------------------------------------------------------------------

test('a full house says so, and when to come again', async () => {
	const small = await startTown({ settings: 'streams: {port: 0, most: 2}' });
	try {
		const clerk = await small.signIn('ana');
		const held = [await listen(small, clerk, inbox), await listen(small, clerk, inbox)];
		const refused = await listen(small, clerk, inbox);
		assert.equal(refused.status, 503);
		assert.ok(Number(refused.headers['retry-after']) > 0);
		held[0].close();
		await until(async () => {
			const again = await listen(small, clerk, inbox);
			again.close();
			return again.status === 200;
		});
		const metrics = (await small.client().get('/metrics')).body;
		assert.match(metrics, /^streams_refused_total [1-9]/m);
		held[1].close();
	} finally {
		await small.stop();
	}
});

test('one address has so many, unless it is trusted', async () => {
	const limited = await startTown({ settings: 'streams: {port: 0, per_client: 1}', limits: true });
	try {
		const clerk = await limited.signIn('ana');
		const held = await listen(limited, clerk, inbox);
		assert.equal(held.status, 200);
		assert.equal((await listen(limited, clerk, inbox)).status, 503);
		held.close();
	} finally {
		await limited.stop();
	}
});

test('the end of the program ends them, at once and whole', async () => {
	const ending = await startTown({ args: ['--streams', '0'] });
	const stream = await listen(ending, await ending.signIn('ana'), inbox);
	const how = await ending.stop();
	assert.deepEqual(how, { code: 0, signal: null });
	await until(() => stream.isOver);
	assert.match(stream.text, /^retry: \d+\nid: \d+\n\n$/);
});

// --- behind a proxy, and without --------------------------------------------------------------------------------------------

test('behind a proxy that sorts by path, streams are of the page’s own origin', async () => {
	const proxied = await startTown({ settings: 'proxies: 127.0.0.1\nstreams: {port: 0, public_port: 443}' });
	try {
		// As nginx passes it on: "proxy_set_header Host $host", X-Forwarded-Proto, X-Forwarded-For.
		const forwarded = { host: '127.0.0.1', 'x-forwarded-proto': 'https', 'x-forwarded-for': '192.0.2.7' };
		const clerk = await proxied.signIn('ana');
		const cookie = [...clerk.cookies].map(([name, value]) => `__Host-${name}=${value}`).join('; ');
		const page = await clerk.get(inbox, { headers: { ...forwarded, cookie }, cookies: false });
		assert.match(page.body, /data-live="\/novedades\/oficina\/bandeja\/equipo\?depto=desarrollo-urbano"/);
		assert.match(page.headers['content-security-policy'], /connect-src 'self';/);
		const stream = await listen(proxied, clerk, inbox, { headers: { ...forwarded, cookie, origin: undefined, 'sec-fetch-site': 'same-origin' } });
		assert.equal(stream.status, 200);
		assert.equal(stream.headers['x-accel-buffering'], 'no');
		stream.close();
	} finally {
		await proxied.stop();
	}
});

test('where none are served pages say nothing of them', async () => {
	const plain = await startTown();
	try {
		const clerk = await plain.signIn('ana');
		const page = await clerk.get(inbox);
		assert.doesNotMatch(page.body, /data-live|live\.js/);
		assert.match(page.headers['content-security-policy'], /connect-src 'self';/);
		assert.doesNotMatch((await plain.client().get('/metrics')).body, /streams_/);
	} finally {
		await plain.stop();
	}
});

test('plain HTTP for streams is refused on an address that others reach', async () => {
	const { writeFileSync, readFileSync } = await import('node:fs');
	const file = `${town.data}/installation.yaml`;
	const before = readFileSync(file, 'utf8');
	writeFileSync(file, before.replace(/^towns:/m, 'streams: {port: 0, address: 0.0.0.0}\ntowns:'));
	try {
		const result = await run(['serve', '--data', town.data, '--port', '0']);
		assert.equal(result.code, 64);
		assert.match(result.stderr, /event streams over plain HTTP on 0\.0\.0\.0/);
	} finally {
		writeFileSync(file, before);
	}
});
