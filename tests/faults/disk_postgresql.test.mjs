// The disk of the PostgreSQL cluster is full, the program's own is not: what must grow is refused with 503 and when to
// come back, reading goes on, and once there is room everything works again by itself, without a restart of either.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { apiOf, assertReceipt, assertThere, assertWell, fileMany, hasPostgresql, startCluster, startVolantes } from '../lib/faults.mjs';
import { until } from '../lib/program.mjs';

const SIZE = '400m'; // a cluster with its log, and some tables
const isRoot = process.getuid() === 0; // the cluster runs as another user, which a user name space has not
const disk = hasPostgresql && isRoot ? mkdtempSync('/tmp/ventanilla-disk-') : undefined;
const isMounted = disk && spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=1777`, 'tmpfs', disk]).status === 0;
process.prependListener('exit', () => {
	if (isMounted) spawnSync('umount', ['-l', disk]);
	if (disk) rmSync(disk, { recursive: true });
});
const skip = isMounted ? false : 'a small disk for PostgreSQL can be mounted by root only, where PostgreSQL is';

const filler = () => join(disk, 'filler');
function fill() {
	const fd = openSync(filler(), 'a');
	const block = Buffer.alloc(65536);
	const free = () => { const st = statfsSync(disk); return st.bavail * st.bsize; };
	try {
		while (free() > 0) writeSync(fd, block, 0, Math.min(block.length, free()));
	} catch (error) {
		if (error.code !== 'ENOSPC') throw error;
	} finally {
		closeSync(fd);
	}
}

test('the database server\'s disk is full: 503 and when to come back, reading goes on, later as before', { skip, timeout: 300000 }, async () => {
	chmodSync(disk, 0o1777);
	process.env.TMPDIR = disk; // where the cluster is made
	const database = startCluster();
	delete process.env.TMPDIR;
	const town = await startVolantes({ database: database.url });
	try {
		const [counter, clerk] = [await apiOf(town, 'carmen'), await apiOf(town, 'ana')];
		const acknowledged = (await fileMany(counter, 20)).acknowledged;
		assert.equal(acknowledged.length, 20);
		// Pages that are there have room for some rows: again, until a table or an index has to grow.
		await until(async () => {
			fill();
			const answers = await fileMany(counter, 20);
			assert.ok(answers.refused.every((status) => status === 503) && answers.unanswered === 0, JSON.stringify(answers));
			acknowledged.push(...answers.acknowledged);
			return answers.refused.length > 0;
		}, { what: 'a filing that is refused' });
		assert.equal((await town.client('barakaldo').get('/tramites')).status, 200);
		await assertThere(clerk, acknowledged.slice(0, 1));
		rmSync(filler());
		const last = await until(async () => {
			let filed;
			const answers = await fileMany(counter, 1, (count, one) => { filed = one; });
			acknowledged.push(...answers.acknowledged);
			return filed;
		}, { what: 'a filing once there is room' });
		await assertThere(clerk, acknowledged);
		assert.equal(new Set(acknowledged).size, acknowledged.length, 'a number is given once');
		await assertReceipt(counter, last);
		assert.equal(town.server.child.exitCode, null, 'it is still the same program');
		assert.ok(!town.log().some((line) => line.event === 'request.error' && line.code === 'ERR_INTERNAL'));
	} finally {
		await town.stop();
		await assertWell(town.data, { files: true });
		database.stop();
	}
});
