// A running server takes over what the command line changes beside it: a pack, a key. Nothing is started again.
import assert from 'node:assert/strict';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileCase, fillForm, pdfFile, slug, ticked } from '../lib/journey.mjs';
import { root, run, runOk, scratch, until } from '../lib/program.mjs';
import { checkSeal, makeSeal } from '../lib/seals.mjs';
import { startTown } from '../lib/server.mjs';

let town;
before(async () => {
	town = await startTown();
});
after(async () => town?.stop());

const title = 'Alineamiento y Número Oficial';
function packWith(text) {
	const folder = join(scratch('pack'), 'leon');
	cpSync(join(root, 'packs/leon'), folder, { recursive: true });
	const file = join(folder, 'procedures', `${slug}.yaml`);
	const before = readFileSync(file, 'utf8');
	const after = before.replace(`es: ${title},`, `es: ${text},`);
	assert.notEqual(after, before);
	writeFileSync(file, after);
	return folder;
}
const load = (folder) => runOk(['pack', 'load', '--data', town.data, folder]);
const keys = (...args) => runOk(['keys', ...args, '--data', town.data]);
const sheetWith = (text) => until(async () => (await town.client().get(`/tramites/${slug}`)).text.includes(text), { what: `the sheet with “${text}”` });
const refreshes = () => town.log().filter((line) => line.event === 'town.refresh').length;
const receiptOf = async (citizen) => (await until(async () => {
	const one = await citizen.get(`/tramites/${slug}/acuse.pdf`);
	return one.status === 200 && one.headers['content-type'] === 'application/pdf' && one;
}, { what: 'the receipt' })).bytes;
async function changeKeys(...args) {
	const seen = refreshes();
	const said = await keys(...args);
	await until(() => refreshes() > seen, { what: 'the takeover of the keys' });
	return said;
}

test('a loaded pack is shown without a restart; what was begun and what was filed stay on their version', async () => {
	const old = town.sql('SELECT max(id) FROM pack_version');
	const [early, drafting] = [town.client(), town.client()];
	const filed = await fileCase(early);
	const review = await fillForm(drafting);
	assert.match(review.text, new RegExp(title));
	await load(packWith('Alineamiento nuevo de prueba'));
	await sheetWith('Alineamiento nuevo de prueba');
	const version = town.sql('SELECT max(id) FROM pack_version');
	assert.notEqual(version, old);
	assert.match((await drafting.get(`/tramites/${slug}/revisar`)).text, new RegExp(title), 'the draft shows what it was begun under');
	const sent = await drafting.follow(await drafting.submit(review, ticked(review), { match: '/presentar' }));
	assert.equal(sent.status, 200);
	assert.match((await early.get(`/expedientes/${filed.number}`)).text, new RegExp(title));
	const late = await fileCase(town.client());
	const versions = town.sql('SELECT pack_version_id FROM cases ORDER BY id').split('\n');
	assert.deepEqual(versions, [old, old, version]);
	assert.ok(late.number);
	await load(join(root, 'packs/leon'));
	await sheetWith(title);
});

test('the organ’s seal is rotated: the next paper carries the new one, and the old paper still holds', async () => {
	const seal = makeSeal('Sello nuevo de prueba');
	const before = town.client();
	await fileCase(before);
	const old = await receiptOf(before);
	const next = await changeKeys('import', '--purpose', 'organ-seal', '--key', seal.key, '--certificates', seal.certificates);
	assert.match(next, /\bnext\b/);
	await changeKeys('rotate', '--purpose', 'organ-seal');
	const after = town.client();
	await fileCase(after);
	const sealed = await receiptOf(after);
	checkSeal(sealed, seal);
	assert.throws(() => checkSeal(old, seal));
	const list = await keys('list');
	assert.match(list, /organ-seal +[0-9a-f]{16} +active/);
	assert.match(list, /organ-seal +[0-9a-f]{16} +retired/);
	const history = join(scratch('keys'), 'keys.json');
	writeFileSync(history, await keys('history'));
	for (const [name, bytes] of [['old', old], ['new', sealed]]) {
		const file = join(scratch('papers'), `${name}.pdf`);
		writeFileSync(file, bytes);
		const checked = await run(['verify', '--keys', history, file]);
		assert.equal(checked.code, 0, `${name}: ${checked.stdout}`);
	}
	const stranger = town.client();
	const page = await stranger.get('/verificar');
	const answer = await stranger.follow(await stranger.submit(page, { archivo: pdfFile('acuse.pdf', old) }, { match: '/verificar' }));
	assert.equal(answer.status, 200);
	assert.doesNotMatch(answer.text, /modific|alter|no coincide/i);
});

// OWASP ASVS 5.0, 3.5.1 (anti-forgery tokens): a rotation costs nobody what they had typed.
test('a form that was open while its key was rotated is still taken', async () => {
	const citizen = town.client();
	const review = await fillForm(citizen);
	await changeKeys('rotate', '--purpose', 'csrf');
	const sent = await citizen.submit(review, ticked(review), { match: '/presentar' });
	assert.equal(sent.status, 303);
});

test('codes, keys, drafts, sessions and tokens outlive the rotation of what they were hashed with', async () => {
	const [citizen, drafting] = [town.client(), town.client()];
	const filed = await fileCase(citizen);
	const draft = /[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){2}/.exec((await fillForm(drafting)).text)[0];
	const token = await town.token('ana');
	const ana = await town.signIn('ana');
	for (const purpose of ['code-hash', 'session-hmac', 'file-wrap']) await changeKeys('rotate', '--purpose', purpose);
	const ask = async (path, fields) => {
		const stranger = town.client();
		return stranger.follow(await stranger.submit(await stranger.get(path), fields, { match: path }));
	};
	assert.match((await ask('/estado', { codigo: filed.statusCode })).text, new RegExp(filed.number));
	assert.match((await ask('/mis-tramites', { clave: filed.key })).text, new RegExp(filed.number));
	assert.match((await ask('/continuar', { codigo: draft })).text, /Ofelia|Revise|Paso/);
	assert.equal((await citizen.get(`/expedientes/${filed.number}`)).status, 200, 'the browser that filed');
	assert.equal((await drafting.get(`/tramites/${slug}/revisar`)).status, 200, 'the browser that drafts');
	assert.equal((await ana.get('/oficina/bandeja/equipo')).status, 200, 'who is signed in');
	const answer = await town.client().get('/api/v1/expedientes', { headers: { authorization: `Bearer ${token}` } });
	assert.equal(answer.status, 200, 'a program with a token');
	assert.ok((await fileCase(town.client())).number);
	await receiptOf(citizen); // its codes and its bytes were wrapped under the former key
});

test('a town is served with the keys it has when the folder holds a damaged one, and says so', async () => {
	const file = join(town.data, 'leon/keys/csrf-0123456789abcdef.key');
	writeFileSync(file, '{', { mode: 0o600 });
	await until(() => town.log().some((line) => line.event === 'town.refresh' && JSON.stringify(line).includes('0123456789abcdef')),
		{ what: 'the complaint' });
	assert.equal((await town.client().get('/')).status, 200);
	rmSync(file);
	await changeKeys('rotate', '--purpose', 'csrf');
});

test('what is no longer in force is let go', async () => {
	const metric = async () => Number(/^town_editions\{town="leon"\} (\d+)$/m.exec((await town.client().get('/metrics')).body)?.[1]);
	for (let i = 0; i < 3; i++) await changeKeys('rotate', '--purpose', 'csrf');
	await until(async () => (await metric()) <= 3, { what: 'few editions in memory' });
});
