// The steps of a case as the office takes them: the form on the page, filled in and sent.
import { until } from './program.mjs';

export const office = (number, more = '') => `/oficina/expedientes/${number}${more}`;
export const decision = { numero_oficial: '128', frente_medido: '8.5', ancho_calle: '12', ancho_banqueta: '1.8', tiene_restriccion: 'no' };

// The form whose action has `action`, on the page at `form`, with these fields. → the answer
export async function step(client, number, action, fields = {}, { form = office(number) } = {}) {
	return client.submit(await client.get(form), fields, { match: action });
}

const done = (answer, what) => {
	if (answer.status !== 303) throw new Error(`${what}: ${answer.status} ${answer.text.slice(0, 400)}`);
	return answer;
};

export const take = async (client, number) => done(await step(client, number, '/tomar'), 'taking');

// `fields`: { id: reason }
export async function askCorrection(client, number, fields, reason = 'Para continuar necesitamos esto.') {
	const asked = Object.entries(fields).flatMap(([id, why]) => [[`pide.${id}`, '1'], [`porque.${id}`, why]]);
	return done(await step(client, number, '/correccion', { ...Object.fromEntries(asked), motivo: reason },
		{ form: office(number, '/correccion') }), 'asking for a correction');
}

export async function approve(client, number, fields = decision) {
	return done(await step(client, number, '/aprobar', fields, { form: office(number, '/aprobar') }), 'approving');
}

export async function sign(client, number, clave) {
	return done(await step(client, number, '/firmar', { clave }, { form: office(number, '/firmar') }), 'signing');
}

export async function pay(client, number, folio) {
	const form = await client.get(`/oficina/caja/${number}`);
	const amount = form.form('/caja/').fields.find(([name]) => name === 'importe')[1];
	return done(await client.submit(form, { folio, importe: amount }, { match: '/caja/' }), 'paying');
}

// The citizen opens the document: the button delivers it, the link gives the bytes.
export async function collect(client, number, { waitMs } = {}) {
	const page = await until(async () => {
		const one = await client.get(`/expedientes/${number}`);
		return one.form('/documentos/') && one;
	}, { waitMs, what: 'the signed document' });
	return client.follow(await client.submit(page, {}, { match: '/documentos/' }));
}
