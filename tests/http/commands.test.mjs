// The command line from outside: help, man page, exit codes, unsafe settings, signals.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root, run, runOk, scratch } from '../lib/program.mjs';
import { makeTowns, startTown } from '../lib/server.mjs';

const EX_USAGE = 64;
const EX_DATAERR = 65;
const EX_NOINPUT = 66;
const EX_TEMPFAIL = 75;

let data;
before(async () => {
	data = scratch('commands');
	await makeTowns(data, { accounts: [] });
});

test('--help lists every command and each tells about itself', async () => {
	const help = await runOk(['--help']);
	const names = [...help.matchAll(/^ {2}(\w+(?: \w+)?) {2,}/gm)].map(([, name]) => name);
	assert.ok(names.includes('serve') && names.includes('pack check') && names.length > 15, names.join());
	for (const name of names) {
		const own = await runOk([...name.split(' '), '--help']);
		assert.match(own, new RegExp(`^usage: ventanilla ${name}`));
	}
});

test('the man page in docs is the program’s own, and man reads it without a warning', async () => {
	const page = join(root, 'docs/ventanilla.1');
	assert.equal(await runOk(['manual']), readFileSync(page, 'utf8'));
	const man = spawnSync('man', ['--warnings', '-E', 'UTF-8', '-l', '-Tutf8', '-Z', page],
		{ env: { ...process.env, MANWIDTH: '100', LC_ALL: 'C.UTF-8' }, encoding: 'utf8' });
	assert.equal(man.status, 0);
	assert.equal(man.stderr, '');
	assert.match(man.stdout, /ventanilla/);
});

test('wrong words are refused with a hint', async () => {
	const command = await run(['serv']);
	assert.equal(command.code, EX_USAGE);
	assert.match(command.stderr, /did you mean 'serve'/);
	const option = await run(['serve', '--dta', 'x']);
	assert.equal(option.code, EX_USAGE);
	assert.match(option.stderr, /did you mean 'data'/);
	assert.equal((await run([])).code, EX_USAGE);
});

test('init replaces nothing', async () => {
	const again = await run(['init', '--data', data, '--pack', 'packs/leon', '--host', 'otro.example', '--public-url', 'https://otro.example']);
	assert.equal(again.code, EX_TEMPFAIL);
});

test('a folder without installation is told as such', async () => {
	const answer = await run(['doctor', '--data', scratch('nothing')]);
	assert.equal(answer.code, EX_NOINPUT);
	assert.match(answer.stderr, /ventanilla init/);
});

test('plain HTTP is not served to the network', async () => {
	const answer = await run(['serve', '--data', data, '--port', '0', '--address', '0.0.0.0']);
	assert.equal(answer.code, EX_USAGE);
	assert.match(answer.stderr, /plain HTTP on 0\.0\.0\.0/);
});

test('keys that others may read are not used', async () => {
	const keys = join(data, 'leon/keys');
	chmodSync(keys, 0o755);
	const answer = await run(['serve', '--data', data, '--port', '0']);
	chmodSync(keys, 0o700);
	assert.equal(answer.code, EX_USAGE);
	assert.match(answer.stderr, /chmod o=/);
});

test('limits are not switched off where citizens are', async () => {
	const live = scratch('live');
	await makeTowns(live, { simulated: null, accounts: [] });
	const answer = await run(['serve', '--data', live, '--port', '0', '--bench']);
	assert.equal(answer.code, EX_USAGE);
	assert.match(answer.stderr, /only simulated towns/);
});

test('every fault of the installation file is told in one run', async () => {
	const folder = scratch('faults');
	writeFileSync(join(folder, 'installation.yaml'), 'prt: 1\naddress: nowhere\ntowns: []\n', { mode: 0o600 });
	const answer = await run(['serve', '--data', folder]);
	assert.equal(answer.code, EX_DATAERR);
	for (const place of ['1:1', '2:10', '3:8']) assert.match(answer.stderr, new RegExp(`installation.yaml:${place}: error`));
	writeFileSync(join(folder, 'installation.yaml'), 'port: 65536\nloops: many\nstreams: {port: 0, address: here}\ntowns: []\n', { mode: 0o600 });
	const numbers = (await run(['serve', '--data', folder])).stderr;
	assert.match(numbers, /installation.yaml:1:7: error: a port is a number from 0 to 65535/);
	assert.match(numbers, /installation.yaml:2:8: error: a number from 1 to 64 is expected/);
	assert.match(numbers, /installation.yaml:3:29: error: a numeric address is expected/);
});

test('accounts: roles are known ones, passwords long enough, logins taken once', async () => {
	const add = (login, roles, password) => run(['staff', 'add', '--data', data, '--login', login, '--name', 'Eva Prueba',
		'--post', 'Analista', '--roles', roles], { input: `${password}\n` });
	assert.match((await add('eva', 'clerc', 'una-clave-larga-2026')).stderr, /did you mean 'clerk'/);
	assert.equal((await add('eva', 'clerk', 'corta')).code, EX_DATAERR);
	assert.equal((await add('eva', 'clerk', 'una-clave-larga-2026')).code, 0);
	assert.equal((await add('eva', 'clerk', 'una-clave-larga-2026')).code, EX_TEMPFAIL);
});

test('keys: a rotation retires the former one, and no secret is printed', async () => {
	const before_ = await runOk(['keys', 'list', '--data', data]);
	await runOk(['keys', 'rotate', '--data', data, '--purpose', 'csrf']);
	const after_ = await runOk(['keys', 'list', '--data', data]);
	const states = (text) => text.split('\n').filter((line) => line.startsWith('csrf ')).map((line) => line.split(/\s+/)[2]).sort();
	assert.deepEqual(states(before_), ['active']);
	assert.deepEqual(states(after_), ['active', 'retired']);
	assert.doesNotMatch(after_, /PRIVATE|[0-9a-f]{32}/);
});

test('doctor finds a new installation well', async () => {
	const answer = await run(['doctor', '--data', data]);
	assert.equal(answer.code, 0, answer.stdout + answer.stderr);
	assert.doesNotMatch(answer.stdout, /^BAD/m);
});

test('the tables are printed', async () => {
	for (const [command, line] of [['routes', /GET\t\/\tPERM_PUBLIC/], ['permissions', /PERM_CASE_READ\t.*\tyes/],
		['jobs', /document\.issue/], ['tables', /cases\tapplicant_name\tpersonal\tparty/], ['queries', /case_term_ids\t.*\thot/]])
		assert.match(await runOk([command]), line);
});

let town;
after(() => town?.stop('SIGKILL'));
test('SIGHUP is survived, SIGTERM ends with 0, and a simulated clock goes on where it stood', async () => {
	town = await startTown({ accounts: [] });
	town.server.child.kill('SIGHUP');
	const page = await town.client().get('/salud');
	assert.equal(page.status, 200);
	assert.deepEqual(await town.stop(), { code: 0, signal: null });
	assert.ok(town.log().some((line) => line.event === 'serve.stop'), town.server.output.stderr);
});

test('there are as many loops as cores that the process may run on, not as the machine has', async () => {
	const [core] = /^Cpus_allowed_list:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8')).slice(1);
	const threads = async (settings) => {
		const town = await startTown({ wrap: ['taskset', '-c', core], settings });
		const { length } = readdirSync(`/proc/${town.server.child.pid}/task`);
		await town.stop();
		return length;
	};
	const one = await threads('loops: 1\n');
	assert.equal(await threads('loops: 2\n'), one + 1);
	assert.equal(await threads(''), one);
});
