// Seals that bear somebody else's time (RFC 3161; PAdES B-T, ETSI EN 319 142-1): by a real authority, OpenSSL's, that is at
// times away, slow, or says what is not so. What the town asked for is on every paper, or the paper waits.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileCase, pdfFile, slug } from '../lib/journey.mjs';
import { readMails } from '../lib/mail.mjs';
import { approve, collect, pay, sign, take } from '../lib/office.mjs';
import { run, runOk, scratch, until } from '../lib/program.mjs';
import { certify, checkSeal, takeApart } from '../lib/seals.mjs';
import { setTowns, startTown } from '../lib/server.mjs';
import { Token } from '../lib/softhsm.mjs';
import { checkStamp, startAuthority, stampOf } from '../lib/timestamp.mjs';

let town, authority, token, history, receipt;
before(async () => {
	token = new Token(); // in the environment that the town is started with
	authority = await startAuthority();
	town = await startTown({ timestamp: () => authority.setting() });
	history = join(scratch('keys'), 'keys.json');
	writeFileSync(history, await runOk(['keys', 'history', '--data', town.data]));
});
after(async () => {
	await town?.stop();
	await authority?.stop();
});

const save = (bytes) => {
	const file = join(scratch('paper'), 'paper.pdf');
	writeFileSync(file, bytes);
	return file;
};
const verify = (bytes, ...more) => run(['verify', '--keys', history, ...more, save(bytes)]);
const isReceipt = (answer) => answer.status === 200 && answer.headers['content-type'] === 'application/pdf';
const askReceipt = (citizen) => citizen.get(`/tramites/${slug}/acuse.pdf`);
const receiptOf = async (citizen) => (await until(async () => {
	const answer = await askReceipt(citizen);
	return isReceipt(answer) && answer;
}, { what: 'the receipt' })).bytes;
const waiting = (column = 'last_error') =>
	town.sql(`SELECT ${column} FROM job WHERE kind = 'document.stamp' AND state = 'waiting' AND attempts > 0 ORDER BY id DESC LIMIT 1`);
// The job that waits is tried now, whatever it waits for.
const hurry = () => town.sql("UPDATE job SET run_at = 0, attempts = 1, last_error = '' WHERE kind = 'document.stamp' AND state = 'waiting'");
const upload = async (bytes) => {
	const stranger = town.client();
	return stranger.follow(await stranger.submit(await stranger.get('/verificar'), { archivo: pdfFile('papel.pdf', bytes) }, { match: '/verificar' }));
};

function checkPaper(bytes) {
	const stamp = stampOf(readFileSync(takeApart(bytes).cms));
	assert.ok(stamp.token, 'a time stamp');
	const said = checkStamp(stamp, authority.authority);
	assert.match(said, /Hash Algorithm: sha256/);
	assert.match(said, /Nonce: 0x/);
	const report = execFileSync('pdfsig', [save(bytes)], { encoding: 'utf8' });
	assert.match(report, /Signature is Valid/);
	assert.match(report, /Total document signed/);
	return stamp;
}

test('receipt and permit bear a time stamp of their signature, which openssl and pdfsig accept', async () => {
	const citizen = town.client();
	const { number } = await fileCase(citizen);
	receipt = await receiptOf(citizen);
	const one = checkPaper(receipt);
	const [ana, omar, julio] = await Promise.all(['ana', 'omar', 'julio'].map((login) => town.signIn(login)));
	await take(ana, number);
	await approve(ana, number);
	await sign(omar, number, town.password);
	await pay(julio, number, 'C-000001');
	const other = checkPaper((await collect(citizen, number)).bytes);
	assert.throws(() => checkStamp({ ...other, token: one.token }, authority.authority));
	assert.equal(authority.asked, 2, 'one question a paper');
	assert.equal(authority.strange, undefined);
});

test('what is stamped is told offline and at the counter, and by whom', async () => {
	const known = await verify(receipt, '--time-stamps', authority.authority);
	assert.equal(known.code, 0, known.stdout);
	assert.match(known.stdout, /stamped time +\d{4}-\d\d-\d\dT/);
	assert.match(known.stdout, /stamped by +Sellado de prueba \(good\)/);
	assert.match(known.stdout, /ok +the time stamp is of this signature\n +ok +its authority is trusted/);
	const unknown = await verify(receipt);
	assert.equal(unknown.code, 0, 'who vouches for the time is advice');
	assert.match(unknown.stdout, /note its authority is trusted: its authority is not among/);
	const page = await upload(receipt);
	assert.match(page.text, /Sello de tiempo \d+ de \S+ de \d{4}, .*de Sellado de prueba \(good\): la firma existía ya entonces/);
});

// The signature holds in both: a time stamp is no part of what is signed.
test('an altered time stamp, and one of another paper, are bad', async () => {
	const range = /\/ByteRange\[0 (\d+) (\d+)/.exec(receipt.toString('latin1')).slice(1).map(Number);
	const hex = receipt.subarray(...range).toString('latin1');
	const { token } = stampOf(readFileSync(takeApart(receipt).cms));
	const changed = (at) => {
		const copy = Buffer.from(receipt), where = range[0] + hex.indexOf(token.toString('hex')) + 2 * at;
		copy.write(copy[where] === 0x30 ? '1' : '0', where, 'latin1');
		return copy;
	};
	for (const at of [token.indexOf(Buffer.from([0x04, 0x20])) + 5, token.length - 5]) { // its imprint; its signature
		const answer = await verify(changed(at), '--time-stamps', authority.authority);
		assert.equal(answer.code, 65, answer.stdout);
		assert.match(answer.stdout, /ok +the signature holds/);
		assert.match(answer.stdout, /BAD +the time stamp is of this signature: /);
		const page = await upload(changed(at));
		assert.match(page.text, /Sello de tiempo Malo/);
	}
});

// RFC 3161, 2.3, 2.4.2: each of these is refused as if nobody had answered, and the same paper comes out afterwards.
test('what does not hold is refused, and the paper waits and says why', async () => {
	const admin = await town.signIn('admin'), citizen = town.client();
	authority.behave('imprint');
	await fileCase(citizen);
	const ways = { imprint: /message imprint mismatch/, nonce: /nonce mismatch/, expired: /certificate verify error/, unfit: /certificate verify error/,
		careless: /certificate verify error/, busy: /certificate verify error/, stranger: /certificate verify error/, late: /not the time by this machine/,
		altered: /signature failure/, rejects: /grants none: status 2/, longer: /not one that can be read/, garbage: /not one that can be read/, empty: /not one that can be read/,
		huge: /longer than 65536 bytes/, redirect: /HTTP 307/, broken: /HTTP 500/, page: /no time stamp/ };
	for (const [how, reason] of Object.entries(ways)) {
		authority.behave(how);
		hurry();
		await until(() => reason.test(waiting()), { what: `the refusal of ${how}` });
		assert.ok(!isReceipt(await askReceipt(citizen)), how);
	}
	assert.equal(authority.strange, undefined, 'nothing else was asked, no redirect followed');
	const page = await admin.get('/oficina/administracion/tareas');
	assert.match(page.text, /Imprimir y sellar un documento, con sello de tiempo/);
	assert.match(page.text, /no time stamp/);
	assert.doesNotMatch(page.text, /Ofelia|Muñoz/);
	authority.behave('honest');
	assert.equal((await admin.submit(page, {}, { match: '/reintentar' })).status, 303);
	checkPaper(await receiptOf(citizen));
});

// Papers have threads of their own for it: neither mails nor the counter's pages wait for a server that says nothing.
test('a silent server holds up papers alone', async () => {
	authority.behave('silent');
	const asked = authority.asked;
	const citizens = [town.client(), town.client(), town.client()];
	for (const [n, citizen] of citizens.entries()) await fileCase(citizen, { correo: `lento${n}@correo.example` });
	await until(() => authority.asked >= asked + 2, { what: 'both threads asking' });
	await until(async () => (await readMails(join(town.data, 'correo/leon'))).some((mail) => mail.to === 'lento2@correo.example'),
		{ what: 'the mail of the third' });
	const page = await citizens[2].get(`/tramites/${slug}/acuse`);
	assert.match(page.text, /prepara/i);
	assert.equal(authority.asked, asked + 2, 'no more than two wait at a time');
	await until(() => /away: Timeout/.test(waiting()), { what: 'the end of a try' });
	authority.behave('honest');
	hurry();
	for (const citizen of citizens) checkPaper(await receiptOf(citizen));
});

test('a stop does not wait for the server; the paper comes out after the start', async () => {
	authority.behave('silent');
	const asked = authority.asked, citizen = town.client();
	await fileCase(citizen);
	await until(() => authority.asked > asked, { what: 'the question' });
	await town.stop();
	authority.behave('honest');
	await town.begin();
	citizen.port = town.port;
	checkPaper(await receiptOf(citizen));
});

// The printer reaches neither network nor token: both are the job's.
test('a seal whose key is in a token is stamped as well', async () => {
	const keys = (...args) => runOk(['keys', ...args, '--data', town.data]), uri = token.uri('sello');
	const seal = certify(await keys('request', '--token', uri, '--generate', 'ec-p256'));
	const refreshes = () => town.log().filter((line) => line.event === 'town.refresh').length;
	for (const change of [['import', '--token', uri, '--certificates', seal.certificates], ['rotate']]) {
		const seen = refreshes();
		await keys(...change, '--purpose', 'organ-seal');
		await until(() => refreshes() > seen, { what: 'the takeover of the keys' });
	}
	const citizen = town.client();
	await fileCase(citizen);
	const bytes = await receiptOf(citizen);
	checkPaper(bytes);
	checkSeal(bytes, seal);
});

test('a town that asks for none seals as before, also what waited; doctor says which it is', async () => {
	assert.match(await runOk(['doctor', '--data', town.data]), /time stamps: http:\/\/127\.0\.0\.1:\d+\/tsa, vouched for by \//);
	await authority.stop();
	const citizen = town.client();
	await fileCase(citizen);
	await until(() => /is away/.test(waiting()), { what: 'a try that failed' });
	await town.stop();
	setTowns(town.data, 'timestamp', null);
	hurry();
	await town.begin();
	citizen.port = town.port;
	assert.equal(stampOf(readFileSync(takeApart(await receiptOf(citizen)).cms)).token, undefined);
	assert.match(await runOk(['doctor', '--data', town.data]), /time stamps: none are asked for/);
	await authority.again();
});

test('where none is named, the system\'s authorities vouch for stamps; TLS is never done without them', async () => {
	const other = await startTown({ timestamp: () => `{server: "http://127.0.0.1:${authority.port}/tsa"}`, accounts: [], env: { SSL_CERT_FILE: authority.authority } });
	const known = other.client(), unsafe = other.client();
	try {
		await fileCase(known);
		checkPaper(await receiptOf(known));
		assert.match(await runOk(['doctor', '--data', other.data]), /vouched for by this system's authorities/);
		await authority.stop();
		await authority.begin(authority.port, true);
		setTowns(other.data, 'timestamp', () => `{server: "https://localhost:${authority.port}/tsa", authority: ${authority.authority}}`);
		await other.restart();
		unsafe.port = other.port;
		const asked = authority.asked;
		await fileCase(unsafe);
		await until(() => /is away: SSL/.test(other.sql("SELECT last_error FROM job WHERE kind = 'document.stamp' AND last_error <> ''")),
			{ what: 'the refusal of its certificate' });
		assert.equal(authority.asked, asked, 'it was asked nothing');
	} finally {
		await other.stop();
	}
});

test('without its authority\'s file nothing is served', async () => {
	await town.stop();
	setTowns(town.data, 'timestamp', () => '{server: "http://127.0.0.1:1/tsa", authority: /no/hay.pem}');
	const gone = await run(['serve', '--data', town.data, '--port', '0']);
	assert.equal(gone.code, 64);
	assert.match(gone.stderr, /time stamps' authority \/no\/hay\.pem/);
	setTowns(town.data, 'timestamp', () => `{server: "http://127.0.0.1:1/tsa", authority: ${history}}`);
	assert.match((await run(['serve', '--data', town.data, '--port', '0'])).stderr, /holds no certificate/);
});
