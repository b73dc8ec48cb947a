// A real PKCS#11 token, SoftHSM2's, in a folder of its own. `conf` goes into the environment as SOFTHSM2_CONF.
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratch } from './program.mjs';

const module = '/usr/lib/softhsm/libsofthsm2.so';

export class Token {
	constructor(label = 'Ayuntamiento', pin = '4321') {
		this.folder = scratch('token');
		this.tokens = join(this.folder, 'tokens');
		this.conf = join(this.folder, 'softhsm2.conf');
		this.pinFile = join(this.folder, 'pin');
		this.pin = pin;
		this.label = label;
		mkdirSync(this.tokens);
		writeFileSync(this.conf, `directories.tokendir = ${this.tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`);
		this.setPin(pin);
		process.env.SOFTHSM2_CONF = this.conf;
		execFileSync('softhsm2-util', ['--init-token', '--free', '--label', label, '--so-pin', '12345678', '--pin', pin]);
	}

	setPin(pin) { writeFileSync(this.pinFile, `${pin}\n`, { mode: 0o600 }); }

	uri(object, more = '') { return `pkcs11:token=${this.label};object=${object}?module-path=${module}&pin-source=file:${this.pinFile}${more}`; }

	// Pulled out, and put back.
	remove() { renameSync(this.tokens, `${this.tokens}.away`); mkdirSync(this.tokens); }
	putBack() { renameSync(this.tokens, `${this.tokens}.empty`); renameSync(`${this.tokens}.away`, this.tokens); }
}
