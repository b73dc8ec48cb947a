// A program with a token: JSON in, JSON out, and each answer held against the API's own description.
import { createRequire } from 'node:module';
import { encodeMultipart } from './http.mjs';

const require = createRequire(import.meta.url);

// Complete answers to León's "Alineamiento y Número Oficial"; `files` are ids of files that were sent.
export const slug = 'alineamiento-y-numero-oficial';
export const answersOf = (files) => ({
	nombre: 'Solicitante', apellidos: 'de Muestra', identificacion: [files[0]], calidad: 'propietario', tipo_titular: 'fisica',
	domicilio: { street: 'Calle de Ejemplo', number: '123', neighbourhood: 'Colonia de Muestra', postal_code: '37000' },
	frente: '8.5', hoy_hay: 'casa', documento_predio: [files[1]], motivo: ['agua'], aviso: 'counter' });
export const decision = { numero_oficial: '123', frente_medido: '8.5', ancho_calle: '12', ancho_banqueta: '1.8',
	tiene_restriccion: false };

// The smallest PDF that anybody would call one.
export const pdf = (text = '') => ({ name: 'contrato.pdf', type: 'application/pdf',
	bytes: `%PDF-1.4\n% ${text}\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n` });

export class Api {
	// `description`: the parsed openapi.json, or nothing to check answers with.
	constructor(client, token, description) {
		this.client = client;
		this.token = token;
		this.description = description;
	}

	// The program was started again, and listens elsewhere.
	moveTo(port) {
		this.client.close();
		this.client.port = port;
	}

	#headers(more) { return { ...(this.token ? { authorization: `Bearer ${this.token}` } : {}), ...more }; }

	#checked(method, path, answer) {
		answer.fault = this.description?.faultOf(method, path, answer);
		if (answer.fault) throw new Error(`${method} ${path}: ${answer.status} is not as described: ${answer.fault}`);
		return answer;
	}

	async get(path, { headers = {} } = {}) {
		const answer = await this.client.get(`/api/v1${path}`, { headers: this.#headers(headers), cookies: false });
		return this.#checked('get', path, answer);
	}

	async post(path, value, { headers = {}, type = 'application/json' } = {}) {
		const body = typeof value === 'string' || Buffer.isBuffer(value) ? value : JSON.stringify(value);
		const answer = await this.client.request('POST', `/api/v1${path}`, { body, cookies: false,
			headers: this.#headers({ ...(type ? { 'content-type': type } : {}), ...headers }) });
		return this.#checked('post', path, answer);
	}

	async upload(file = pdf(), { headers = {} } = {}) {
		const { body, type } = encodeMultipart({ archivo: file });
		return this.post('/archivos', body, { type, headers });
	}

	// Files one application → the answer's body.
	async file(change = {}, options) {
		const sent = [await this.upload(), await this.upload()];
		for (const one of sent) if (one.status !== 201) throw new Error(`uploading: ${one.status} ${one.body}`);
		const files = sent.map((one) => one.json().id);
		const answer = await this.post(`/tramites/${slug}/solicitudes`,
			{ answers: { ...answersOf(files), ...change }, declaration: true }, options);
		if (answer.status !== 201) throw new Error(`filing: ${answer.status} ${answer.body}`);
		return answer.json();
	}
}

// The description as something that judges answers. Members that it does not name are faults here.
export class Description {
	constructor(document) {
		const Ajv = require('ajv/dist/2020').default;
		const formats = require('ajv-formats').default;
		const strict = structuredClone(document);
		for (const schema of Object.values(strict.components.schemas))
			if (!('additionalProperties' in schema) && schema !== strict.components.schemas.OpenAPI)
				schema.additionalProperties = false;
		this.document = document;
		this.ajv = formats(new Ajv({ strict: false, allErrors: true }));
		this.ajv.addSchema({ $id: 'https://ventanilla.example/openapi', ...strict });
		this.seen = new Set();
	}

	// { parts of the template: operation } of a path as it was asked.
	#operation(method, path) {
		const asked = path.split('?')[0].split('/');
		for (const [template, item] of Object.entries(this.document.paths)) {
			const parts = template.replace('/api/v1', '').split('/');
			if (parts.length === asked.length && item[method]
				&& parts.every((part, i) => part.startsWith('{') || part === asked[i])) return [template, item[method]];
		}
		return [];
	}

	// What is wrong with an answer, or undefined.
	faultOf(method, path, answer) {
		const [template, operation] = this.#operation(method, path);
		if (!operation) return answer.status === 404 || answer.status === 405 ? undefined : 'the address is not described';
		const response = operation.responses[answer.status] ?? operation.responses.default;
		this.seen.add(`${method} ${template} ${answer.status}`);
		const name = (response.$ref ? this.document.components.responses[response.$ref.split('/').pop()] : response);
		const [type, content] = Object.entries(name.content)[0];
		if (!content.schema) return undefined;
		if (answer.headers['content-type'] !== type) return `it comes as ${answer.headers['content-type']}, not ${type}`;
		const validate = this.ajv.compile({ $ref: `https://ventanilla.example/openapi${content.schema.$ref}` });
		if (validate(answer.json())) return undefined;
		return validate.errors.map((one) => `${one.instancePath} ${one.message} ${JSON.stringify(one.params)}`).join('; ');
	}
}
