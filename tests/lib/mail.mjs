// A mail server of one's own (exim4): STARTTLS with a certificate of its own, AUTH over TLS, a maildir. Whom it refuses is
// in the address: rechazado@… for good, luego@… for now.
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { scratch, start, until } from './program.mjs';

const path = `${process.env.PATH}:/usr/sbin`;
export const hasExim = existsSync('/usr/sbin/exim4');

const freePort = () => new Promise((done) => {
	const probe = createServer().listen(0, '127.0.0.1', () => {
		const { port } = probe.address();
		probe.close(() => done(port));
	});
});

// exim delivers nothing as root: a root's test hands the folder to the package's own user.
function owner() {
	if (process.getuid() !== 0) return { name: userInfo().username, group: execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim() };
	const id = (flag) => Number(execFileSync('id', [flag, 'Debian-exim'], { encoding: 'utf8' }));
	return { name: 'Debian-exim', group: 'Debian-exim', uid: id('-u'), gid: id('-g') };
}

const config = (folder, port, { name, group }, hasTls) => `
primary_hostname = localhost
keep_environment =
spool_directory = ${folder}/spool
log_file_path = ${folder}/log/%slog
pid_file_path = ${folder}/exim.pid
exim_user = ${name}
exim_group = ${group}
daemon_smtp_ports = ${port}
local_interfaces = 127.0.0.1
host_lookup =
rfc1413_query_timeout = 0s
deliver_drop_privilege = true
${hasTls ? `tls_advertise_hosts = *\ntls_certificate = ${folder}/cert.pem\ntls_privatekey = ${folder}/key.pem` : 'tls_advertise_hosts ='}
acl_smtp_rcpt = rcpt
acl_smtp_data = accept
begin acl
rcpt:
  defer local_parts = luego
  deny local_parts = rechazado
  ${hasTls ? 'deny !authenticated = *' : ''}
  accept
begin routers
all:
  driver = accept
  transport = maildir
begin transports
maildir:
  driver = appendfile
  maildir_format
  directory = ${folder}/mail
  create_directory
  envelope_to_add
  return_path_add
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if and{{eq{$auth2}{ventanilla}}{eq{$auth3}{secreta}}}}
  server_advertise_condition = \${if def:tls_in_cipher}
`;

export async function startMailServer({ port, hasTls = true } = {}) {
	const folder = scratch('exim'), own = owner();
	const server = { folder, port: port ?? await freePort(), authority: join(folder, 'cert.pem'), password: join(folder, 'password') };
	execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', join(folder, 'key.pem'), '-out', server.authority,
		'-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'], { stdio: 'ignore' });
	writeFileSync(server.password, 'secreta\n', { mode: 0o600 });
	writeFileSync(join(folder, 'exim.conf'), config(folder, server.port, own, hasTls), { mode: 0o644 });
	for (const part of ['spool', 'log', 'mail']) mkdirSync(join(folder, part));
	if (own.uid) for (const part of ['', 'spool', 'log', 'mail', 'key.pem', 'cert.pem']) chownSync(join(folder, part), own.uid, own.gid);
	chmodSync(folder, 0o755);
	const run = start('exim4', ['-C', join(folder, 'exim.conf'), '-bdf'], { env: { PATH: path }, ready: () => undefined, waitMs: 600000 });
	run.started.catch(() => {}); // it never says that it is ready: the port does
	await until(() => new Promise((done) => {
		const probe = connect(server.port, '127.0.0.1').on('error', () => done(false))
			.on('data', (hello) => { probe.destroy(); done(hello.toString().startsWith('220')); });
	}), { what: `exim on ${server.port}: ${run.output.stderr}` });
	server.stop = () => { run.child.kill('SIGTERM'); return run.ended; };
	server.mails = () => readMails(join(folder, 'mail/new'));
	// The YAML of a town that sends through it.
	server.setting = (more = `, user: ventanilla, password_file: ${server.password}, authority: ${server.authority}, tls: required`) => () =>
		`{server: "smtp://localhost:${server.port}", from: avisos@leon.example, reply_to: ventanilla@leon.example${more}}`;
	return server;
}

// As an independent program reads them: [{ to, subject, text, html, headers, source }], by time of sending.
export async function readMails(folder) {
	const names = existsSync(folder) ? readdirSync(folder).filter((name) => !name.endsWith('.new')).sort() : [];
	return Promise.all(names.map(async (name) => {
		const source = readFileSync(join(folder, name));
		const mail = await PostalMime.parse(source);
		const header = (key) => mail.headers.filter((one) => one.key === key).map((one) => one.value);
		return { ...mail, to: mail.to?.[0]?.address, header, name, source: source.toString('latin1') };
	}));
}
