// An organ's seal whose key stays in a PKCS#11 token (RFC 7512, PKCS#11 v2.40): made there, used there, and away at times.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileCase, slug } from '../lib/journey.mjs';
import { approve, collect, pay, sign, take } from '../lib/office.mjs';
import { run, runOk, scratch, until } from '../lib/program.mjs';
import { certify, checkSeal, makeSeal } from '../lib/seals.mjs';
import { startTown } from '../lib/server.mjs';
import { Token } from '../lib/softhsm.mjs';

let town, token, seal;
before(async () => {
	token = new Token();
	town = await startTown();
});
after(async () => town?.stop());

const keys = (...args) => runOk(['keys', ...args, '--data', town.data]);
const refused = (...args) => run(['keys', ...args, '--data', town.data]);
const refreshes = () => town.log().filter((line) => line.event === 'town.refresh').length;
async function changeKeys(...args) {
	const seen = refreshes();
	const said = await keys(...args);
	await until(() => refreshes() > seen, { what: 'the takeover of the keys' });
	return said;
}
// Made in the token, certified outside, taken in, put to use.
async function useSeal(object, kind) {
	const one = certify(await keys('request', '--token', token.uri(object), '--generate', kind));
	await changeKeys('import', '--purpose', 'organ-seal', '--token', token.uri(object), '--certificates', one.certificates);
	await changeKeys('rotate', '--purpose', 'organ-seal');
	return one;
}
const receiptOf = async (citizen) => (await until(async () => {
	const one = await citizen.get(`/tramites/${slug}/acuse.pdf`);
	return one.status === 200 && one.headers['content-type'] === 'application/pdf' && one;
}, { waitMs: 90000, what: 'the receipt' })).bytes;
const waiting = () => town.sql("SELECT last_error FROM job WHERE kind = 'document.issue' AND state = 'waiting' AND attempts > 0 ORDER BY id DESC LIMIT 1");

test('a key made in the token seals a permit, and pdfsig and openssl accept it', async () => {
	seal = await useSeal('sello-2026', 'rsa-3072');
	const list = await keys('list');
	assert.match(list, /organ-seal +[0-9a-f]{16} +active +token/);
	assert.match(list, /pkcs11:token=Ayuntamiento;object=sello-2026/);
	const citizen = town.client();
	const { number } = await fileCase(citizen);
	const [ana, omar, julio] = await Promise.all(['ana', 'omar', 'julio'].map((login) => town.signIn(login)));
	await take(ana, number);
	await approve(ana, number);
	await sign(omar, number, town.password);
	await pay(julio, number, 'C-000001');
	const permit = await collect(citizen, number);
	checkSeal(permit.bytes, seal);
	const file = join(scratch('permit'), 'permit.pdf');
	writeFileSync(file, permit.bytes);
	const report = execFileSync('pdfsig', [file], { encoding: 'utf8' });
	assert.match(report, /Signature is Valid/);
	assert.match(report, /ETSI\.CAdES\.detached/);
	const history = join(scratch('keys'), 'keys.json');
	writeFileSync(history, await keys('history'));
	assert.equal((await run(['verify', '--keys', history, file])).code, 0);
});

test('neither key nor PIN is in the keyring, the log, the process list or the published history', async () => {
	const folder = join(town.data, 'leon/keys');
	const record = readdirSync(folder).filter((name) => name.startsWith('organ-seal')).map((name) => readFileSync(join(folder, name), 'utf8'))
		.find((text) => text.includes('sello-2026'));
	assert.equal(JSON.parse(record).secret, '');
	assert.doesNotMatch(record + await keys('history') + town.server.output.stderr, /PRIVATE|\b4321\b/);
	assert.doesNotMatch(readFileSync(`/proc/${town.server.child.pid}/cmdline`, 'utf8'), /4321/);
	const doctor = await runOk(['doctor', '--data', town.data]);
	assert.match(doctor, /seal in a token: key [0-9a-f]{16} signs/);
});

test('what cannot be right is refused with the reason', async () => {
	const request = (uri) => refused('request', '--token', uri);
	const says = async (uri, what) => {
		const answer = await request(uri);
		assert.notEqual(answer.code, 0);
		assert.match(answer.stderr, what);
	};
	await says('http://token', /no PKCS#11 URI/);
	await says(token.uri('sello-2026', '&pin-value=4321'), /PIN has no place/);
	await says(token.uri('sello-2026').replace(/module-path=[^&]*&/, ''), /module-path/);
	await says(token.uri('sello-2026').replace(/&pin-source=.*/, ''), /pin-source/);
	await says(token.uri('sello-2026').replace('object=sello-2026', 'type=private'), /object or id/);
	await says(token.uri('otra'), /no such private key/);
	await says(token.uri('sello-2026').replace('token=Ayuntamiento', 'token=Otro'), /token is not there/);
	const again = await refused('request', '--token', token.uri('sello-2026'), '--generate', 'rsa-3072');
	assert.match(again.stderr, /already/);
	const foreign = await refused('import', '--purpose', 'organ-seal', '--token', token.uri('sello-2026'), '--certificates', makeSeal('Otro').certificates);
	assert.equal(foreign.code, 65);
	assert.match(foreign.stderr, /not the one of the certificate/);
	const log = await refused('import', '--purpose', 'registry-log-signing', '--token', token.uri('sello-2026'), '--certificates', seal.certificates);
	assert.match(log.stderr, /only an organ's seal/);
});

test('it is rotated to a key on an elliptic curve', async () => {
	const before = town.client();
	await fileCase(before);
	const old = await receiptOf(before);
	const next = await useSeal('sello-2027', 'ec-p256');
	const after = town.client();
	await fileCase(after);
	checkSeal(await receiptOf(after), next);
	checkSeal(old, seal);
	seal = next;
});

test('the token is away: the paper waits, says why, and is sealed when the token is back', async () => {
	token.remove();
	const citizen = town.client();
	await fileCase(citizen);
	await until(() => /token/.test(waiting()), { what: 'a try that failed' });
	token.putBack();
	checkSeal(await receiptOf(citizen), seal);
});

test('a wrong PIN is tried once and not again before it is changed', async () => {
	token.setPin('9999');
	await town.restart();
	const citizen = town.client();
	await fileCase(citizen);
	await until(() => /refused the PIN of \S+ before/.test(waiting()), { what: 'the second try, which asks no token' });
	assert.equal(town.log().filter((line) => /the token refuses the PIN/.test(JSON.stringify(line))).length, 1);
	token.setPin(token.pin);
	checkSeal(await receiptOf(citizen), seal);
});
