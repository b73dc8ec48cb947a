// What ends, and what must not be lost when it does: sessions, tokens of forms, keys, passwords.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileCase, slug } from '../lib/journey.mjs';
import { decision, office, step, take } from '../lib/office.mjs';
import { run, runOk } from '../lib/program.mjs';
import { password, startTown } from '../lib/server.mjs';

let town;
let number;
before(async () => {
	town = await startTown();
	({ number } = await fileCase(town.client()));
	await take(await town.signIn('ana'), number);
});
after(() => town?.stop());

// What stands in the hidden fields of a page's form.
const kept = (page, match) => Object.fromEntries(page.form(match).fields);
const signIn = (client, page, clave = password) => client.submit(page, { usuario: 'ana', clave }, { match: '/oficina/entrar' });

test('a session that ends in mid-form loses nothing that was typed: note, sign-in, one button', async () => {
	const ana = await town.signIn('ana');
	const page = await ana.get(office(number));
	const typed = 'Llamé al área de catastro.\r\nConfirman la clave «01-000-123-004» & piden copia.';
	await ana.submit(await ana.get('/oficina/bandeja/mios'), {}, { match: '/oficina/salir' }); // in another tab
	const expired = await ana.submit(page, { texto: typed, nota: '1' }, { match: '/mensajes' });
	assert.equal(expired.status, 403);
	assert.equal(kept(expired, '/oficina/entrar')['campo.texto'].replace(/\r?\n/g, '\n'), typed.replace(/\r?\n/g, '\n'));
	assert.match(expired.text, /se conserva/);
	// A mistyped password loses it neither.
	const wrong = await signIn(ana, expired, 'equivocada-1234');
	assert.equal(wrong.status, 422);
	assert.ok(kept(wrong, '/oficina/entrar')['campo.texto'].startsWith('Llamé al área'));
	const back = await signIn(ana, wrong);
	assert.equal(back.status, 200);
	assert.ok(kept(back, '/mensajes').texto.startsWith('Llamé al área'));
	assert.equal(kept(back, '/mensajes').clave, undefined, 'the password does not travel on');
	const sent = await ana.submit(back, {}, { match: '/mensajes' });
	assert.equal(sent.status, 303);
	const screen = await ana.get(office(number));
	assert.match(screen.text, /Confirman la clave «01-000-123-004» & piden copia/);
	assert.match(screen.body, /Llamé al área de catastro\.\nConfirman/);
});

test('so does the form of a decision, every field of it', async () => {
	const ana = await town.signIn('ana');
	const form = await ana.get(office(number, '/aprobar'));
	ana.cookies.delete('sesion');
	const expired = await ana.submit(form, { ...decision, numero_oficial: '77-B', razones: 'Cumple.' }, { match: '/aprobar' });
	const back = await signIn(ana, expired);
	const fields = kept(back, '/aprobar');
	for (const [name, value] of Object.entries({ ...decision, numero_oficial: '77-B', razones: 'Cumple.' }))
		assert.equal(fields[name], value, name);
	assert.equal(back.form('/aprobar').action, office(number, '/aprobar'));
});

test('a session ends after ten hours, whatever the browser keeps', async () => {
	const ana = await town.signIn('ana');
	await town.forward(9.9);
	ana.port = town.port;
	assert.equal((await ana.get('/oficina/bandeja/mios')).status, 200);
	await town.forward(0.2);
	ana.port = town.port;
	const answer = await ana.get('/oficina/bandeja/mios');
	assert.equal(answer.status, 303);
	assert.match(answer.headers.location, /^\/oficina\/entrar\?volver=%2Foficina%2Fbandeja%2Fmios$/);
});

test('signed out, the cookie opens nothing, in no other browser either', async () => {
	const ana = await town.signIn('ana');
	const copy = new Map(ana.cookies);
	await ana.submit(await ana.get('/oficina/bandeja/mios'), {}, { match: '/oficina/salir' });
	const thief = town.client();
	thief.cookies = copy;
	assert.equal((await thief.get('/oficina/bandeja/mios')).status, 303);
});

test('a citizen’s form from the day before is shown again, filled in, and goes through with one button', async () => {
	const citizen = town.client();
	const first = await citizen.follow(await citizen.submit(await citizen.get(`/tramites/${slug}/iniciar`), {}, { match: 'iniciar' }));
	await town.forward(26);
	citizen.port = town.port;
	const late = await citizen.submit(first, { nombre: 'Inés', apellidos: 'Ñandú "de la O"' }, { match: '/paso/' });
	assert.equal(late.status, 403);
	const fields = kept(late, '/paso/');
	assert.equal(fields.nombre, 'Inés');
	assert.equal(fields.apellidos, 'Ñandú "de la O"');
	const sent = await citizen.submit(late, {}, { match: '/paso/' });
	assert.ok([303, 422].includes(sent.status)); // 422: the identification has to be chosen again
	assert.match((await citizen.get(`/tramites/${slug}/paso/usted`)).body, /value="Inés"/);
});

test('another site can neither send a form nor fill one in for somebody who then signs in', async () => {
	const ana = await town.signIn('ana');
	const page = await ana.get(office(number));
	const fields = { _csrf: kept(page, '/mensajes')._csrf, revision: '1', texto: 'de otra parte' };
	const foreign = { origin: 'https://malo.example' };
	assert.equal((await ana.post(office(number, '/mensajes'), fields, { headers: foreign })).status, 403);
	assert.equal((await ana.post(office(number, '/mensajes'), fields, { headers: { 'sec-fetch-site': 'cross-site' } })).status, 403);
	assert.doesNotMatch((await ana.get(office(number))).text, /de otra parte/);
	// Without a session the way in is shown, but what the other site typed does not come along.
	const stranger = town.client();
	for (const headers of [foreign, { 'sec-fetch-site': 'cross-site' }, {}]) {
		const answer = await stranger.post(office(number, '/mensajes'), fields, { headers });
		assert.equal(answer.status, 403);
		assert.doesNotMatch(answer.body, /de otra parte/);
	}
	// Nor does a page that asks to be sent again.
	ana.cookies.delete('csrf');
	await ana.get('/');
	for (const headers of [foreign, {}]) {
		const answer = await ana.post(office(number, '/mensajes'), fields, { headers });
		assert.equal(answer.status, 403);
		assert.doesNotMatch(answer.body, /de otra parte/);
	}
});

test('a form made with the former key of the tokens is still taken after a rotation', async () => {
	const citizen = town.client();
	const page = await citizen.get('/estado');
	await runOk(['keys', 'rotate', '--data', town.data, '--purpose', 'csrf']);
	await town.restart();
	citizen.port = town.port;
	assert.equal((await citizen.submit(page, { codigo: '0000-0000-0000' }, { match: '/estado' })).status, 422);
	assert.equal((await citizen.submit(await citizen.get('/estado'), { codigo: '0000-0000-0000' }, { match: '/estado' })).status, 422);
});

test('five wrong passwords lock one account for minutes, and neither name nor lock can be told from outside', async () => {
	const client = town.client();
	const page = await client.get('/oficina/entrar');
	const attempt = (usuario, clave) => client.submit(page, { usuario, clave }, { match: '/oficina/entrar' });
	const bare = (answer) => answer.body.replace(/name="_csrf" value="[^"]*"/g, '').replace(/value="(?:omar|nadie)"/g, '')
		.replace(/\b[a-z2-7]{16}\b/g, '');
	// All at once: every one of them is counted.
	const wrong = await Promise.all(Array.from({ length: 5 }, () => attempt('omar', 'equivocada-1234')));
	assert.deepEqual(wrong.map((one) => one.status), [422, 422, 422, 422, 422]);
	const locked = await attempt('omar', password);
	const unknown = await attempt('nadie', password);
	assert.equal(locked.status, 422);
	assert.equal(bare(locked), bare(unknown));
	assert.equal(bare(locked), bare(wrong[0]));
	await town.signIn('carmen'); // nobody else is locked
	await town.forward(6 / 60);
	await town.signIn('omar');
});

test('an account that is closed opens nothing at once; a new password ends what was open', async () => {
	const carmen = await town.signIn('carmen');
	const token = await town.token('carmen');
	const account = (word, options) => runOk(['staff', word, '--data', town.data, '--login', 'carmen'], options);
	const api = () => town.client().get('/api/v1/expedientes/AN-2026-000001', { headers: { authorization: `Bearer ${token}` } });
	assert.notEqual((await api()).status, 401);
	assert.equal((await carmen.get('/oficina/mostrador')).status, 200);
	await account('close');
	assert.match(await runOk(['staff', 'list', '--data', town.data]), /^carmen\tclosed\tCarmen Prueba\tVentanilla$/m);
	assert.equal((await carmen.get('/oficina/mostrador')).status, 303);
	assert.equal((await api()).status, 401);
	await assert.rejects(town.signIn('carmen'), /422/);
	await account('reopen');
	assert.equal((await carmen.get('/oficina/mostrador')).status, 303, 'what was open has ended');
	assert.notEqual((await api()).status, 401);
	const again = await town.signIn('carmen');
	await account('password', { input: 'otra-clave-larga-2026\n' });
	assert.equal((await again.get('/oficina/mostrador')).status, 303);
	await assert.rejects(town.signIn('carmen'), /422/);
	await account('password', { input: `${password}\n` });
	await town.signIn('carmen');
	assert.notEqual((await run(['staff', 'close', '--data', town.data, '--login', 'nadie'])).code, 0);
});

test('the cookies say what they are for, and no more', async () => {
	const client = town.client();
	const first = await client.get('/estado');
	const page = await client.get('/oficina/entrar');
	const answer = await client.submit(page, { usuario: 'ana', clave: password }, { match: '/oficina/entrar' });
	for (const line of [...(first.headers['set-cookie'] ?? []), ...(answer.headers['set-cookie'] ?? [])]) {
		assert.match(line, /HttpOnly/i);
		assert.match(line, /SameSite=Lax/i);
		assert.match(line, /Path=\//i);
		assert.doesNotMatch(line, /Domain=/i);
	}
	assert.ok((answer.headers['set-cookie'] ?? []).some((line) => line.startsWith('csrf=')), 'signing in renews the forms’ cookie');
	// … so that what was open before it is stale.
	const stale = await client.post('/estado', { codigo: 'x', _csrf: kept(first, '/estado')._csrf });
	assert.equal(stale.status, 403);
});

test('a note by two hands: both are there', async () => {
	const [ana, omar] = [await town.signIn('ana'), await town.signIn('omar')];
	const pages = [await ana.get(office(number)), await omar.get(office(number))];
	const answers = await Promise.all([ana.submit(pages[0], { texto: 'De Ana', nota: '1' }, { match: '/mensajes' }),
		omar.submit(pages[1], { texto: 'De Omar', nota: '1' }, { match: '/mensajes' })]);
	assert.deepEqual(answers.map((one) => one.status), [303, 303]);
	const screen = await ana.get(office(number));
	assert.match(screen.text, /De Ana/);
	assert.match(screen.text, /De Omar/);
	assert.ok(await step(ana, number, '/soltar'));
});
