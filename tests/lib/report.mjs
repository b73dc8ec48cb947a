// Reporter of node's test runner: one line a test, the reason of a failure, and "N passed, N failed" at the end.
export default async function* report(source) {
	let passed = 0;
	let failed = 0;
	let skipped = 0;
	for await (const event of source) {
		const data = event.data;
		if (event.type === 'test:stderr' || event.type === 'test:stdout') yield data.message;
		if (event.type !== 'test:pass' && event.type !== 'test:fail') continue;
		if (data.details?.type === 'suite' || isFile(data)) {
			if (event.type === 'test:fail' && isFile(data) && failed === 0) {
				failed++; // a file that could not even be loaded
				yield `not ok ${data.name}\n${reason(data)}\n`;
			}
			continue;
		}
		if (data.skip !== undefined) {
			skipped++;
			yield `skipped ${data.name}${typeof data.skip === 'string' ? `: ${data.skip}` : ''}\n`;
		} else if (event.type === 'test:pass') {
			passed++;
			yield `ok ${data.name}\n`;
		} else {
			failed++;
			yield `not ok ${data.name}\n${reason(data)}\n`;
		}
	}
	if (skipped) yield `${skipped} skipped\n`;
	yield `${passed} passed, ${failed} failed\n`;
}

const isFile = (data) => data.nesting === 0 && /\.mjs$/.test(data.name);

function reason(data) {
	const error = data.details?.error;
	const cause = error?.cause ?? error;
	return String(cause?.stack ?? cause ?? 'no reason given').split('\n').slice(0, 12).map((line) => `    ${line}`).join('\n');
}
