// Certificates and seals as the outside world makes and checks them: with OpenSSL's own commands.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratch } from './program.mjs';

const quiet = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] };
export const openssl = (...args) => execFileSync('openssl', args, quiet);

// A key with its certificate, good from 2026 on whatever the machine's date. → { key, certificates }: files
export function makeSeal(name) {
	const at = authority();
	openssl('req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', at('key.pem'), '-out', at('request.pem'), '-subj', `/CN=${name}`);
	return { key: at('key.pem'), certificates: issue(at, ['-selfsign', '-keyfile', at('key.pem')]) };
}

// A certificate for somebody's request. → { certificates, authority }: files
export function certify(request) {
	const at = authority();
	writeFileSync(at('request.pem'), request);
	openssl('req', '-verify', '-noout', '-in', at('request.pem'));
	openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '3650', '-subj', '/CN=Autoridad de prueba', '-keyout', at('ca.key'), '-out', at('ca.pem'));
	return { certificates: issue(at, ['-keyfile', at('ca.key'), '-cert', at('ca.pem')]), authority: at('ca.pem') };
}

function issue(at, by) {
	openssl('ca', '-batch', '-notext', '-config', at('ca.conf'), ...by, '-in', at('request.pem'), '-out', at('certificate.pem'),
		'-startdate', '20260101000000Z', '-enddate', '20360101000000Z');
	return at('certificate.pem');
}

function authority() {
	const folder = scratch('seal');
	const at = (file) => join(folder, file);
	mkdirSync(at('issued'));
	writeFileSync(at('index'), '');
	writeFileSync(at('ca.conf'), ['[ca]', 'default_ca=one', '[one]', `database=${at('index')}`, `new_certs_dir=${at('issued')}`,
		'default_md=sha256', 'policy=any', 'unique_subject=no', 'rand_serial=yes', 'x509_extensions=seal', '[any]', 'commonName=supplied', 'organizationName=optional', 'countryName=optional', '[seal]',
		'basicConstraints=critical,CA:FALSE', 'keyUsage=critical,digitalSignature,nonRepudiation', ''].join('\n'));
	return at;
}

// The CMS of the last signature of a PDF, and the bytes it covers. → { cms, content }: files
export function takeApart(pdf) {
	const folder = scratch('pades');
	const range = /\/ByteRange\[0 (\d+) (\d+) (\d+)\s*\]/.exec(pdf.toString('latin1')).slice(1).map(Number);
	const hole = Buffer.from(pdf.subarray(range[0] + 1, range[1] - 1).toString('latin1'), 'hex');
	const file = (name, bytes) => {
		writeFileSync(join(folder, name), bytes);
		return join(folder, name);
	};
	return { cms: file('seal.der', hole.subarray(0, hole.readUInt16BE(2) + 4)), // DER: 30 82 llll
		content: file('content', Buffer.concat([pdf.subarray(0, range[0]), pdf.subarray(range[1], range[1] + range[2])])) };
}

// OpenSSL's judgement of a sealed PDF by the certificate of `seal`; throws when it is not accepted.
export function checkSeal(pdf, seal) {
	const parts = takeApart(pdf);
	return openssl('cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', parts.cms, '-content', parts.content,
		'-CAfile', seal.authority ?? seal.certificates, '-purpose', 'any', '-no_check_time', '-out', '/dev/null');
}
