// A town of its own for each test file: a fresh data folder, accounts, a running server on a free port.
//
//   const town = await startTown();             // León, simulated, limits as in production
//   const page = await town.client().get('/');
//   await town.stop();
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { query } from './database.mjs';
import { Client } from './http.mjs';
import { binary, root, runOk, scratch, start, until } from './program.mjs';

export const password = 'prueba-ventanilla-2026';
export const staff = [
	{ login: 'ana', name: 'Ana Prueba', post: 'Analista', roles: 'clerk' },
	{ login: 'omar', name: 'Omar Prueba', post: 'Director de Área', roles: 'officer' },
	{ login: 'carmen', name: 'Carmen Prueba', post: 'Ventanilla', roles: 'counter' },
	{ login: 'julio', name: 'Julio Prueba', post: 'Caja', roles: 'cashier' },
	{ login: 'admin', name: 'Alma Prueba', post: 'Sistemas', roles: 'administrator' },
];
export const hosts = { leon: '127.0.0.1', barakaldo: 'barakaldo.localhost' };

// Makes DIR/<pack> for each pack. A Tuesday morning in office hours unless told otherwise; null: a live town.
// `database`: the URL of a PostgreSQL database; without one it is SQLite's.
export async function makeTowns(data, { packs = ['leon'], simulated = '2026-06-02T10:00:00-06:00', accounts = staff, database } = {}) {
	for (const pack of packs) {
		const clock = simulated ? ['--simulated', simulated] : [];
		await runOk(['init', '--data', data, '--pack', join(root, 'packs', pack), '--host', hosts[pack],
			'--public-url', `http://${hosts[pack]}:8080`, ...clock, ...(database ? ['--database', database] : [])]);
		for (const one of accounts)
			await runOk(['staff', 'add', '--data', data, '--town', pack, '--login', one.login, '--name', one.name,
				'--post', one.post, '--roles', one.roles], { input: `${password}\n` });
	}
}

export class Town {
	// `wrap`: words before the program's: prlimit and the like. `env`: what it finds in its environment.
	constructor(data, args, { wrap = [], env = {} } = {}) {
		this.data = data;
		this.args = args;
		this.wrap = wrap;
		this.env = env;
		this.password = password;
	}

	async begin() {
		const [command, ...words] = [...this.wrap, binary, 'serve', '--data', this.data, '--port', '0', ...this.args];
		this.server = start(command, words, { env: this.env, ready: (out) => /serving on \S+:(\d+)\n/.exec(out)?.[1] });
		this.port = Number(await this.server.started);
		this.streamPort = Number(/event streams on \S+:(\d+)\n/.exec(this.server.output.stdout)?.[1]);
		this.url = `http://127.0.0.1:${this.port}`;
		return this;
	}

	client(pack = 'leon') { return new Client(this.port, hosts[pack] ?? pack); }

	// A signed-in browser.
	async signIn(login, pack = 'leon') {
		const client = this.client(pack);
		const page = await client.get('/oficina/entrar');
		const answer = await client.submit(page, { usuario: login, clave: this.password }, { path: '/oficina/entrar' });
		if (answer.status !== 303) throw new Error(`sign-in of ${login}: ${answer.status} ${answer.text.slice(0, 200)}`);
		return client;
	}

	async token(login, pack = 'leon') {
		return (await runOk(['token', 'create', '--data', this.data, '--town', pack, '--login', login, '--name', 'prueba'])).trim();
	}

	// Lines of the log, as objects.
	log() {
		return this.server.output.stderr.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
	}

	async stop(signal = 'SIGTERM') {
		this.server.child.kill(signal);
		return this.server.ended;
	}

	// The simulated clock goes forward, as if the server had been away meanwhile.
	async forward(hours, pack = 'leon') {
		await this.stop();
		this.sql(`UPDATE town_setting SET value = CAST(CAST(value AS BIGINT) + ${Math.round(hours * 3600000)} AS TEXT) WHERE name = 'simulated_now'`, pack);
		return this.begin();
	}

	// One answer of the database, as text; behind the program's back.
	sql(text, pack = 'leon') { return query(this.data, pack, text); }

	async restart(signal = 'SIGTERM') {
		await this.stop(signal);
		return this.begin();
	}
}

// `settings`: lines put before the towns in installation.yaml. `trusted` networks are not rate-limited, and tests
// come from one address: it is set unless `limits` is. Simulated towns keep their mails, or do with them what `mail` says.
export async function startTown({ packs, simulated, accounts, settings = '', limits = false, scanner, database, args = [],
	wrap, env, data = scratch('data'), mail = simulated === null ? null : keptMail, timestamp } = {}) {
	await makeTowns(data, { packs, simulated, accounts, database });
	const file = join(data, 'installation.yaml');
	const lines = [settings];
	if (!limits) lines.push('trusted: 127.0.0.0/8');
	if (scanner) lines.push(`scanner: ${scanner}`);
	writeFileSync(file, readFileSync(file, 'utf8').replace(/^towns:/m, `${lines.filter(Boolean).join('\n')}\ntowns:`));
	if (mail) setMail(data, mail);
	if (timestamp) setTowns(data, 'timestamp', timestamp);
	return new Town(data, args, { wrap, env }).begin();
}

// `mail`: a town's `mail` in installation.yaml, as flow YAML, by the town's folder.
export const keptMail = (pack) => `{folder: correo/${pack}, from: avisos@${pack}.example, reply_to: ventanilla@${pack}.example}`;
export const setMail = (data, mail) => setTowns(data, 'mail', mail);

// A key of every town in installation.yaml; null takes it out.
export function setTowns(data, key, value) {
	const file = join(data, 'installation.yaml');
	let pack;
	const lines = readFileSync(file, 'utf8').split('\n').filter((line) => !line.startsWith(`    ${key}: `)).flatMap((line) => {
		pack = /- folder: "?([\w-]+)/.exec(line)?.[1] ?? pack;
		return value && line.startsWith('    public_url: ') ? [line, `    ${key}: ${value(pack)}`] : [line];
	});
	writeFileSync(file, lines.join('\n'));
}

// The demonstration's two towns with some cases, as script/demo serves them. `town.printed`: what it printed.
export async function startDemo({ cases = 30 } = {}) {
	const data = scratch('demo');
	const printed = await runOk(['demo', '--data', data, '--cases', String(cases)]);
	const file = join(data, 'installation.yaml');
	writeFileSync(file, readFileSync(file, 'utf8').replace(/^towns:/m, 'trusted: 127.0.0.0/8\ntowns:'));
	const town = await new Town(data, []).begin();
	town.password = /password of all: (\S+)/.exec(printed)[1];
	town.printed = printed;
	return town;
}

// A virus scanner that knows one signature, the EICAR test file. → { socket, stop() }
export async function startScanner(at) {
	const folder = scratch('clamd');
	const eicar = Buffer.from(eicarText()).toString('hex');
	writeFileSync(join(folder, 'eicar.ndb'), `Eicar-Test-Signature:0:*:${eicar}\n`);
	const socket = at ?? join(folder, 'clamd.sock');
	writeFileSync(join(folder, 'clamd.conf'), [`LocalSocket ${socket}`, `DatabaseDirectory ${folder}`,
		`TemporaryDirectory ${folder}`, 'Foreground yes', 'StreamMaxLength 64M', 'MaxThreads 2', ''].join('\n'));
	const scanner = start('clamd', ['--config-file', join(folder, 'clamd.conf')],
		{ env: { PATH: `${process.env.PATH}:/usr/sbin` }, ready: () => undefined });
	const net = await import('node:net');
	const answers = () => new Promise((done) => {
		const probe = net.connect(socket).on('error', () => done(false)).on('data', (data) => {
			probe.destroy();
			done(data.toString().startsWith('PONG'));
		});
		probe.write('zPING\0');
	});
	await until(answers, { what: 'clamd' });
	return { socket, stop() { scanner.child.kill('SIGTERM'); return scanner.ended; } };
}

// Written in two halves, so that no scanner takes this source for the thing.
export const eicarText = () => 'X5O!P%@AP[4\\PZX54(P^)7CC)7}' + '$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*';
