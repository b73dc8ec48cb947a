// An event stream as a browser's EventSource holds one, with the cookies of an HTTP client (lib/http.mjs).
import http from 'node:http';
import { saidTwice } from './http.mjs';
import { until } from './program.mjs';

const pageOf = (town) => `http://127.0.0.1:${town.port}`;

// → { status, headers, text, events: [{ id, event, data }], last (the id it is at), isOver, total(), hears(n), close() }
// `headers`: more of them, or others; undefined takes one away.
export function listen(town, client, path, { headers = {}, since } = {}) {
	const all = { host: `${client.host}:${town.streamPort}`, accept: 'text/event-stream', origin: pageOf(town),
		cookie: [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; '), ...headers };
	for (const [name, value] of Object.entries(all)) if (value === undefined || value === '') delete all[name];
	const query = since === undefined ? '' : `${path.includes('?') ? '&' : '?'}desde=${since}`;
	return new Promise((done, fail) => {
		const request = http.request({ host: '127.0.0.1', port: town.streamPort, path: `/novedades${path}${query}`, headers: all, agent: false },
			(answer) => {
				const fault = saidTwice(path, answer);
				if (fault) fail(fault);
				done(follow(request, answer));
			});
		request.on('error', fail);
		request.end();
	});
}

function follow(request, answer) {
	let rest = '';
	const stream = { status: answer.statusCode, headers: answer.headers, text: '', events: [], last: undefined, isOver: false,
		total: () => stream.events.reduce((sum, one) => sum + one.data.n, 0),
		hears: (n) => until(() => stream.total() >= n, { what: `${n} news, beside ${stream.total()}` }),
		close: () => request.destroy() };
	answer.setEncoding('utf8');
	answer.on('data', (piece) => {
		stream.text += piece;
		rest += piece;
		for (let end; (end = rest.indexOf('\n\n')) >= 0; rest = rest.slice(end + 2)) {
			const fields = Object.fromEntries(rest.slice(0, end).split('\n').map((line) => line.split(/: (.*)/s)));
			if (fields.id !== undefined) stream.last = fields.id;
			if (fields.data !== undefined) stream.events.push({ ...fields, data: JSON.parse(fields.data) });
		}
	});
	answer.on('error', () => { stream.isOver = true; });
	answer.on('close', () => { stream.isOver = true; });
	return stream;
}
