// An HTTP client of one browser: cookies, tokens of forms, multipart. Nothing is followed unless asked for.
import http from 'node:http';

const entities = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#34': '"', apos: "'", nbsp: '\u00a0' };
export const text = (html) => html.replace(/<[^>]*>/g, ' ').replace(/&(#?\w+);/g, (all, name) => entities[name] ?? all)
	.replace(/\s+/g, ' ').trim();

const unescape = (value) => value.replace(/&(#?\w+);/g, (all, name) => entities[name] ?? all);
const attribute = (tag, name) => {
	const found = new RegExp(`\\s${name}(?:="([^"]*)"|='([^']*)'|(?=[\\s>/]))`).exec(tag);
	return found ? unescape(found[1] ?? found[2] ?? '') : undefined;
};

// The forms of a page: { action, method, multipart, fields: [[name, value]] } as a browser would send them untouched.
export function forms(html) {
	return [...html.matchAll(/<form\b[^>]*>[\s\S]*?<\/form>/g)].map(([all]) => {
		const head = /^<form\b[^>]*>/.exec(all)[0];
		const fields = [];
		for (const [tag] of all.matchAll(/<input\b[^>]*>/g)) {
			const name = attribute(tag, 'name');
			const type = attribute(tag, 'type') ?? 'text';
			if (!name || ['submit', 'button', 'file', 'image'].includes(type)) continue;
			if (['radio', 'checkbox'].includes(type) && attribute(tag, 'checked') === undefined) continue;
			fields.push([name, attribute(tag, 'value') ?? (type === 'checkbox' ? 'on' : '')]);
		}
		for (const found of all.matchAll(/(<textarea\b[^>]*>)\n?([\s\S]*?)<\/textarea>/g))
			fields.push([attribute(found[1], 'name'), unescape(found[2])]);
		for (const found of all.matchAll(/(<select\b[^>]*>)([\s\S]*?)<\/select>/g)) {
			const options = [...found[2].matchAll(/<option\b[^>]*>/g)].map(([tag]) => tag);
			const chosen = options.find((tag) => attribute(tag, 'selected') !== undefined) ?? options[0];
			if (chosen) fields.push([attribute(found[1], 'name'), attribute(chosen, 'value') ?? '']);
		}
		return { action: attribute(head, 'action'), method: (attribute(head, 'method') ?? 'get').toLowerCase(),
			multipart: attribute(head, 'enctype') === 'multipart/form-data', fields };
	});
}

function encodeForm(fields) {
	const pairs = Array.isArray(fields) ? fields : Object.entries(fields);
	return new URLSearchParams(pairs.flatMap(([name, value]) => Array.isArray(value) ? value.map((one) => [name, one])
		: [[name, String(value)]])).toString();
}

// A file is { name, type, bytes }.
export function encodeMultipart(fields, boundary = '----ventanilla-test-boundary') {
	const pairs = Array.isArray(fields) ? fields : Object.entries(fields);
	const parts = [];
	for (const [name, value] of pairs) {
		const isFile = value !== null && typeof value === 'object' && 'bytes' in value;
		const file = isFile ? `; filename="${value.name}"\r\nContent-Type: ${value.type}` : '';
		parts.push(Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n`),
			isFile ? Buffer.from(value.bytes) : Buffer.from(String(value)), Buffer.from('\r\n'));
	}
	parts.push(Buffer.from(`--${boundary}--\r\n`));
	return { body: Buffer.concat(parts), type: `multipart/form-data; boundary=${boundary}` };
}

// RFC 9110, section 5.3: whatever an answer says, it says once; only cookies come one by one. → what is wrong, or undefined
export function saidTwice(what, answer) {
	const names = answer.rawHeaders.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase());
	const twice = names.filter((name, i) => name !== 'set-cookie' && names.indexOf(name) !== i);
	return twice.length ? new Error(`${what}: ${answer.statusCode} says twice: ${twice}`) : undefined;
}

export class Client {
	// `host`: the name under which the town is asked; `port`: where the server listens.
	constructor(port, host = '127.0.0.1') {
		this.port = port;
		this.host = host;
		this.cookies = new Map();
		this.agent = new http.Agent({ keepAlive: true });
	}

	close() { this.agent.destroy(); }

	// → { status, headers, bytes, body, text, json(), form(action) }
	request(method, path, { headers = {}, body, cookies = true, host = this.host } = {}) {
		const all = { host: `${host}:${this.port}`, ...headers };
		if (cookies && this.cookies.size)
			all.cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
		if (body !== undefined && all['content-length'] === undefined && all['transfer-encoding'] === undefined)
			all['content-length'] = Buffer.byteLength(body);
		return new Promise((done, fail) => {
			const request = http.request({ host: '127.0.0.1', port: this.port, method, path, headers: all, agent: this.agent },
				(answer) => {
					const fault = saidTwice(`${method} ${path}`, answer);
					if (fault) fail(fault);
					const chunks = [];
					answer.on('data', (chunk) => chunks.push(chunk));
					answer.on('error', fail);
					answer.on('end', () => {
						if (cookies) this.#keep(answer.headers['set-cookie'] ?? []);
						const bytes = Buffer.concat(chunks);
						const page = bytes.toString('utf8');
						done({ status: answer.statusCode, headers: answer.headers, bytes, body: page,
							get text() { return text(page); },
							json: () => JSON.parse(page),
							form: (match) => forms(page).find((form) => form.method === 'post'
								&& (match === undefined || (form.action ?? '').includes(match))) });
					});
				});
			request.on('error', fail);
			request.end(body);
		});
	}

	#keep(lines) {
		for (const line of lines) {
			const [pair, ...attributes] = line.split(';').map((part) => part.trim());
			const at = pair.indexOf('=');
			const name = pair.slice(0, at);
			if (attributes.some((one) => /^max-age=0$/i.test(one))) this.cookies.delete(name);
			else this.cookies.set(name, pair.slice(at + 1));
		}
	}

	get(path, options) { return this.request('GET', path, options); }

	post(path, fields, { headers = {}, ...rest } = {}) {
		return this.request('POST', path, { body: encodeForm(fields),
			headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers }, ...rest });
	}

	postMultipart(path, fields, { headers = {}, ...rest } = {}) {
		const { body, type } = encodeMultipart(fields);
		return this.request('POST', path, { body, headers: { 'content-type': type, ...headers }, ...rest });
	}

	postJson(path, value, { headers = {}, ...rest } = {}) {
		return this.request('POST', path, { body: typeof value === 'string' ? value : JSON.stringify(value),
			headers: { 'content-type': 'application/json', ...headers }, ...rest });
	}

	// Sends the page's form (the one whose action contains `match`) with `fields` put over what it holds.
	async submit(page, fields = {}, { match, path } = {}) {
		const form = page.form(match);
		if (!form) throw new Error(`the page has no form ${match ?? ''}: ${page.text.slice(0, 300)}`);
		const names = Object.keys(fields);
		const pairs = form.fields.filter(([name]) => !names.includes(name));
		for (const [name, value] of Object.entries(fields))
			for (const one of Array.isArray(value) ? value : [value]) pairs.push([name, one]);
		const target = form.action || path;
		if (target === undefined) throw new Error('the form has no action: give its page as path');
		const headers = { origin: `http://${this.host}:${this.port}` }; // as browsers say with every form they send
		return form.multipart ? this.postMultipart(target, pairs, { headers }) : this.post(target, pairs, { headers });
	}

	// Goes on from a redirect to the page it names.
	async follow(answer) {
		for (let hops = 0; answer.status >= 300 && answer.status < 400; hops++) {
			if (hops === 5) throw new Error('more than five redirects');
			answer = await this.get(answer.headers.location.replace(/#.*/, '')); // the fragment stays in the browser
		}
		return answer;
	}
}
