// A second PostgreSQL server takes over from the first, which is gone: whatever was acknowledged is there, and nothing is
// acknowledged that is not.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { apiOf, assertReceipt, assertThere, assertWell, fileMany, fileVolante, hasPostgresql, startPair, startVolantes, untilNoneRefused } from '../lib/faults.mjs';
import { until } from '../lib/program.mjs';

const skip = hasPostgresql ? false : 'PostgreSQL is not installed';

// A session of one's own at a server: each question's answer, as text.
function session(url) {
	const child = spawn('psql', ['-qXAt', url], { stdio: ['pipe', 'pipe', 'inherit'] });
	let said = '';
	child.stdout.on('data', (more) => { said += more; });
	return {
		async ask(sql) {
			said = '';
			child.stdin.write(`${sql};\n\\echo end\n`);
			await until(() => said.endsWith('end\n'), { what: sql });
			return said.slice(0, -'end\n'.length).trim();
		},
		end() { child.stdin.end(); },
	};
}

// The first answer that is a filing; until then only refusals that say when to come back.
const filedAgain = (api) => until(async () => {
	const answer = await fileVolante(api, 1);
	assert.ok(answer.status === 201 || (answer.status === 503 && Number(answer.headers['retry-after']) > 0), `${answer.status} ${answer.body}`);
	return answer.status === 201 && answer.json().number;
}, { what: 'a filing at the second server' });

test('the first server dies under load, the second takes over: 503, then as before', { skip, timeout: 180000 }, async () => {
	const pair = startPair();
	const town = await startVolantes({ database: pair.url });
	try {
		const [counter, clerk] = [await apiOf(town, 'carmen'), await apiOf(town, 'ana')];
		const under = await fileMany(counter, 200, (count) => { if (count === 60) pair.first.kill(); });
		assert.ok(under.acknowledged.length >= 60 && under.refused.every((status) => status === 503), JSON.stringify(under.refused));
		assert.equal(under.unanswered, 0);
		pair.second.promote();
		const number = await filedAgain(counter);
		const meanwhile = await untilNoneRefused(counter);
		const after = await fileMany(counter, 50);
		assert.equal(after.acknowledged.length, 50, JSON.stringify(after));
		await assertThere(clerk, [...under.acknowledged, number, ...meanwhile, ...after.acknowledged]);
		assert.ok(!town.log().some((line) => line.code === 'ERR_INTERNAL'));
	} finally {
		await town.stop();
		await assertWell(town.data, { files: true });
		pair.stop();
	}
});

// The first server commits, dies before the second has it, and before the program is told. At the second the number of
// that transaction belongs to somebody else's, which was kept.
test('a commit that the second server never got is not taken for kept', { skip, timeout: 180000 }, async () => {
	const pair = startPair();
	const town = await startVolantes({ database: pair.url });
	const [first, second] = [session(pair.first.url), session(pair.second.url)];
	try {
		const [counter, clerk] = [await apiOf(town, 'carmen'), await apiOf(town, 'ana')];
		const before = (await fileVolante(counter, 1)).json();
		await assertReceipt(counter, before); // the writer has nothing else to do
		await second.ask("SELECT pg_advisory_lock(1447382612, hashtext('public'))"); // the writers' own: who comes, waits
		process.kill(Number(await first.ask('SELECT pid FROM pg_stat_replication')), 'SIGSTOP'); // nothing is passed on
		const pending = fileVolante(counter, 1);
		await until(async () => (await first.ask("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")) !== '0',
			{ what: 'a commit that waits for the second server' });
		pair.first.kill();
		pair.second.promote();
		for (let n = 0; n < 50; n++) await second.ask('SELECT pg_current_xact_id()');
		await second.ask("SELECT pg_advisory_unlock(1447382612, hashtext('public'))");
		const answer = await pending;
		assert.ok([201, 503].includes(answer.status), `${answer.status} ${answer.body}`);
		const filed = [await filedAgain(counter), ...(answer.status === 201 ? [answer.json().number] : [])];
		assert.equal(new Set(filed).size, filed.length, `a number is given once: ${filed}`);
		await assertThere(clerk, [before.number, ...filed]);
	} finally {
		for (const one of [first, second]) one.end();
		await town.stop();
		await assertWell(town.data);
		pair.stop();
	}
});
