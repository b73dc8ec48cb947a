// What the numbers were measured on, and what the machine lacks for measuring.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';

const output = (command, args) => {
	try {
		return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], env: environment }).trim();
	} catch {
		return '';
	}
};
export const environment = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };

export function missingPrograms() {
	return ['nginx', 'wrk', 'openssl', 'sqlite3', 'taskset', 'pdfinfo'].filter((name) =>
		!output('sh', ['-c', `command -v ${name}`]));
}

export const fileSystem = (folder) => output('stat', ['-f', '-c', '%T', folder]);

// Two runs are compared when this is the same.
export function describeMachine(folder) {
	return { cpu: cpus()[0].model.trim(), cores: cpus().length, memory_gb: Math.round(totalmem() / 2 ** 30),
		kernel: release(), file_system: fileSystem(folder),
		os: /^PRETTY_NAME="(.*)"/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? '' };
}

export function describeMoment() {
	return { at: new Date().toISOString().slice(0, 19) + 'Z', commit: output('git', ['rev-parse', '--short', 'HEAD']),
		load: Number(loadavg()[0].toFixed(2)) };
}
