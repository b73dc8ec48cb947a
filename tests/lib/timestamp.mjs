// A time-stamp authority of one's own (RFC 3161): OpenSSL's `ts -reply` behind HTTP, with an authority, a certificate for
// time stamps and some that are none. `behave(how)` says what it answers with from now on.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecure } from 'node:https';
import { join } from 'node:path';
import { scratch } from './program.mjs';
import { openssl } from './seals.mjs';

const stamping = 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature';
const kinds = {
	good: `${stamping}\nextendedKeyUsage=critical,timeStamping`,
	careless: `${stamping}\nextendedKeyUsage=timeStamping`, // RFC 3161, 2.3: critical
	busy: `${stamping}\nextendedKeyUsage=critical,timeStamping,emailProtection`, // and alone
	unfit: stamping,
};
const config = (at) => `[ca]
default_ca=one
[one]
database=${at('index')}
new_certs_dir=${at('issued')}
default_md=sha256
policy=any
unique_subject=no
rand_serial=yes
[any]
commonName=supplied
[tsa]
default_tsa=stamps
[stamps]
serial=${at('serial')}
crypto_device=builtin
default_policy=1.2.3.4.1
digests=sha256
accuracy=secs:1
signer_digest=sha256
ess_cert_id_alg=sha256
[strict]
serial=${at('serial')}
default_policy=1.2.3.4.1
digests=sha512
signer_digest=sha256
${Object.entries(kinds).map(([name, lines]) => `[${name}]\n${lines}\n`).join('')}`;

const day = (n) => new Date(Date.now() + n * 86400000).toISOString().replace(/[-:T]|\.\d+/g, '').slice(0, 14) + 'Z';

function makeFolder(name) {
	const folder = scratch('tsa'), at = (file) => join(folder, file);
	mkdirSync(at('issued'));
	writeFileSync(at('index'), '');
	writeFileSync(at('serial'), '01\n');
	writeFileSync(at('conf'), config(at));
	openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', `/CN=${name}`, '-keyout', at('ca.key'), '-out', at('ca.pem'));
	return at;
}

function certify(at, file, kind, from = -1, until = 30) {
	openssl('req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', at(`${file}.key`), '-out', at('request.pem'), '-subj', `/CN=Sellado de prueba (${file})`);
	openssl('ca', '-batch', '-notext', '-config', at('conf'), '-keyfile', at('ca.key'), '-cert', at('ca.pem'), '-extensions', kind,
		'-in', at('request.pem'), '-out', at(`${file}.pem`), '-startdate', day(from), '-enddate', day(until));
}

const isReply = { 'content-type': 'application/timestamp-reply' };
const der = (tag, ...parts) => {
	const body = Buffer.concat(parts), n = body.length;
	const length = n < 128 ? [n] : n < 256 ? [0x81, n] : [0x82, n >> 8, n & 255];
	return Buffer.concat([Buffer.from([tag, ...length]), body]);
};

class Authority {
	constructor() {
		this.at = makeFolder('Autoridad de sellos de prueba');
		this.authority = this.at('ca.pem');
		certify(this.at, 'good', 'good');
		this.how = 'honest';
		this.asked = 0;
	}

	// What OpenSSL's own authority says.
	reply(query, section = 'stamps', at = this.at) {
		writeFileSync(at('query'), query);
		openssl('ts', '-reply', '-config', at('conf'), '-section', section, '-signer', at('good.pem'), '-inkey', at('good.key'),
			'-chain', at('ca.pem'), '-queryfile', at('query'), '-out', at('reply'));
		return readFileSync(at('reply'));
	}

	// The same words, changed, and signed by another certificate of this authority: OpenSSL's does not lend itself to that.
	forge(query, certificate, change = (info) => info) {
		const { at } = this;
		this.reply(query);
		openssl('ts', '-reply', '-config', at('conf'), '-in', at('reply'), '-token_out', '-out', at('token'));
		openssl('cms', '-verify', '-noverify', '-binary', '-inform', 'DER', '-in', at('token'), '-out', at('info'));
		writeFileSync(at('info'), change(readFileSync(at('info'))));
		openssl('cms', '-sign', '-binary', '-nodetach', '-cades', '-nosmimecap', '-md', 'sha256', '-econtent_type', '1.2.840.113549.1.9.16.1.4',
			'-signer', at(`${certificate}.pem`), '-inkey', at(`${certificate}.key`), '-in', at('info'), '-outform', 'DER', '-out', at('token'));
		return der(0x30, der(0x30, der(0x02, Buffer.from([0]))), readFileSync(at('token')));
	}

	signedBy(query, certificate, ...more) {
		certify(this.at, certificate, ...more);
		return this.forge(query, certificate);
	}

	answer(query) {
		const flipped = (where) => Buffer.from(query.map((byte, at) => at === where ? byte ^ 1 : byte));
		const imprint = query.indexOf(Buffer.from([0x04, 0x20])) + 2, nonce = query.length - 4; // before certReq
		const ways = {
			honest: () => this.reply(query),
			imprint: () => this.reply(flipped(imprint)),
			nonce: () => this.reply(flipped(nonce)),
			rejects: () => this.reply(query, 'strict'),
			expired: () => this.signedBy(query, 'expired', 'good', -20, -10),
			careless: () => this.signedBy(query, 'careless', 'careless'),
			busy: () => this.signedBy(query, 'busy', 'busy'),
			unfit: () => this.signedBy(query, 'unfit', 'unfit'),
			stranger: () => {
				const other = makeFolder('Otra autoridad');
				certify(other, 'good', 'good');
				return this.reply(query, 'stamps', other);
			},
			// An hour ahead: 20261122140000Z and so on, in the words that are signed.
			late: () => this.forge(query, 'good', (info) => {
				const at = info.indexOf(Buffer.from([0x18, 0x0f])) + 2;
				info.write(new Date(Date.now() + 3600000).toISOString().replace(/[-:T]|\.\d+Z/g, '').slice(0, 14), at, 'latin1');
				return info;
			}),
			altered: () => {
				const reply = this.reply(query);
				reply[reply.length - 1] ^= 1; // the last byte is one of the signature
				return reply;
			},
			longer: () => Buffer.concat([this.reply(query), Buffer.from([0])]),
			garbage: () => Buffer.from('no es un sello'),
			empty: () => Buffer.alloc(0),
			huge: () => Buffer.alloc(1 << 20, 0x30),
		};
		return ways[this.how]();
	}

	behave(how) { this.how = how; }

	respond(request, response, query) {
		this.asked++;
		if (this.how === 'silent') return undefined; // it took the question, and says nothing
		if (this.how === 'redirect') return response.writeHead(307, { location: '/otra' }).end();
		if (this.how === 'broken') return response.writeHead(500).end();
		if (this.how === 'page') return response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Bienvenido</p>');
		return response.writeHead(200, isReply).end(this.answer(query));
	}

	// `isSecure`: under a certificate that nobody vouches for.
	async begin(port = 0, isSecure = false) {
		const take = (request, response) => {
			const parts = [];
			if (request.method !== 'POST' || request.headers['content-type'] !== 'application/timestamp-query' || request.url !== '/tsa') {
				this.strange = `${request.method} ${request.url}`;
				return response.writeHead(400).end();
			}
			return request.on('data', (part) => parts.push(part)).on('end', () => this.respond(request, response, Buffer.concat(parts)));
		};
		this.server = isSecure ? createSecure(this.secure(), take) : createServer(take);
		await new Promise((done) => this.server.listen(port, '127.0.0.1', done));
		this.port = this.server.address().port;
		return this;
	}

	secure() {
		openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost',
			'-keyout', this.at('tls.key'), '-out', this.at('tls.pem'));
		return { key: readFileSync(this.at('tls.key')), cert: readFileSync(this.at('tls.pem')) };
	}

	async again() { return this.begin(this.port); }

	async stop() {
		this.server.closeAllConnections();
		await new Promise((done) => this.server.close(done));
	}

	// The YAML of a town that asks it.
	setting() { return `{server: "http://127.0.0.1:${this.port}/tsa", authority: ${this.authority}}`; }
}

export const startAuthority = () => new Authority().begin();

// --- what is in a paper ---

// One element of DER: its content, and its parts when it is made of some.
function read(bytes, at = 0) {
	let n = bytes[at + 1], head = 2;
	if (n & 0x80) {
		head += n & 0x7f;
		n = bytes.readUIntBE(at + 2, n & 0x7f);
	}
	const end = at + head + n, content = bytes.subarray(at + head, end);
	return { tag: bytes[at], content, whole: bytes.subarray(at, end), end,
		get parts() {
			const all = [];
			for (let from = 0; from < content.length;) {
				const one = read(content, from);
				all.push(one);
				from = one.end;
			}
			return all;
		} };
}

const stampToken = Buffer.from('060b2a864886f70d010910020e', 'hex'); // id-aa-timeStampToken

// The signature's value and its time stamp, of the CMS of a seal. → { signature, token }
export function stampOf(cms) {
	const signed = read(cms).parts[1].parts[0].parts; // ContentInfo, [0], SignedData
	const signer = signed.at(-1).parts[0].parts;
	const attributes = signer.at(-1).tag === 0xa1 ? signer.at(-1).parts : [];
	const stamp = attributes.find((one) => one.parts[0].whole.equals(stampToken));
	return { signature: signer.find((one) => one.tag === 0x04).content, token: stamp?.parts[1].parts[0].whole };
}

// OpenSSL's judgement of a token over that signature; throws when it is not accepted.
export function checkStamp({ signature, token }, authority) {
	const folder = scratch('stamp'), file = (name, bytes) => {
		writeFileSync(join(folder, name), bytes);
		return join(folder, name);
	};
	const said = execFileSync('openssl', ['ts', '-verify', '-token_in', '-in', file('token', token), '-data', file('signature', signature),
		'-CAfile', authority], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
	if (!/Verification: OK/.test(said)) throw new Error(said);
	return execFileSync('openssl', ['ts', '-reply', '-token_in', '-in', join(folder, 'token'), '-token_out', '-text'],
		{ encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}
