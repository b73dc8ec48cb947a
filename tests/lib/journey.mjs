// The citizen's way through a form, as a browser without scripts goes it: one page after the other.
import { until } from './program.mjs';

const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');
export const pdfFile = (name, bytes = pdf) => ({ name, type: 'application/pdf', bytes });

export const slug = 'alineamiento-y-numero-oficial';
export const answers = {
	nombre: 'Ofelia', apellidos: 'Muñoz Ibáñez', identificacion: pdfFile('ine.pdf'), calidad: 'propietario', tipo_titular: 'fisica',
	'domicilio.street': 'Calle Nogal de Prueba', 'domicilio.number': '128', 'domicilio.neighbourhood': 'Colonia de Prueba',
	'domicilio.postal_code': '37000', frente: '8.5', hoy_hay: 'casa', documento_predio: pdfFile('escritura.pdf'), motivo: ['agua'],
	aviso: 'mail', correo: 'ofelia@correo.example',
};

// Barakaldo's form, where it asks otherwise.
export const volante = { procedure: 'volante-de-empadronamiento', answers: { nif: '12345678Z', 'nacimiento.day': '1', 'nacimiento.month': '5',
	'nacimiento.year': '1990', en_nombre_de: 'propio', tipo: 'individual', 'domicilio.street': 'Herriko Plaza', 'domicilio.number': '1',
	'domicilio.postal_code': '48901' } };
export const fileVolante = (client) => fileCase(client, volante.answers, volante);

const inputNames = (html) => new Set([...html.matchAll(/<(?:input|select|textarea)\b[^>]*\sname="([^"]+)"/g)].map(([, name]) => name));

// From 'Empezar' to the page where everything is checked. `given` is put over `answers`; null leaves a field out.
export async function fillForm(client, given = {}, { procedure = slug } = {}) {
	const all = { ...answers, ...given };
	const start = await client.get(`/tramites/${procedure}/iniciar`);
	let page = await client.follow(await client.submit(start, {}, { match: 'iniciar' }));
	for (let steps = 0; page.status === 200 && page.form('/paso/'); steps++) {
		if (steps === 20) throw new Error(`the form does not end: ${page.text.slice(0, 400)}`);
		const names = inputNames(page.body);
		const fields = Object.fromEntries(Object.entries(all).filter(([name, value]) => names.has(name) && value !== null));
		const answer = await client.submit(page, fields, { match: '/paso/' });
		if (answer.status !== 303) return answer; // something is to be mended: the caller looks
		page = await client.follow(answer);
	}
	return page;
}

// Every box of the page, ticked.
export const ticked = (page) => Object.fromEntries([...page.body.matchAll(/<input\b[^>]*type="checkbox"[^>]*>/g)]
	.map(([tag]) => [/name="([^"]+)"/.exec(tag)[1], /value="([^"]*)"/.exec(tag)?.[1] ?? 'on']));

// Files it, and reads what the receipt says. → { page, number, statusCode, key }
export async function fileCase(client, given, options) {
	const review = await fillForm(client, given, options);
	if (!review.form('/presentar')) throw new Error(`not ready to be filed: ${review.status} ${review.text.slice(0, 1500)}`);
	const page = await client.follow(await client.submit(review, ticked(review), { match: '/presentar' }));
	return { page, ...readReceipt(page) };
}

// The receipt's paper is there, which is news to every page that has the case open.
export const receiptIssued = (town, number) => until(() => town.sql(`SELECT count(*) FROM event e JOIN cases c ON c.id = e.case_id
	WHERE c.number = '${number}' AND e.type = 'receipt.issued'`) === '1', { what: `the receipt of ${number}` });

export function readReceipt(page) {
	const code = '[0-9A-HJKMNP-TV-Z]{4}';
	return {
		number: /\b[A-Z]{1,6}-\d{4}-\d{6}\b/.exec(page.text.replace(/\b[ES]-\d{4}-\d{6}\b/g, ''))?.[0],
		registry: /\bE-\d{4}-\d{6}\b/.exec(page.text)?.[0],
		statusCode: new RegExp(`(?<![\\w-])${code}-${code}-${code}(?![\\w-])`).exec(page.text)?.[0],
		key: new RegExp(`(?<![\\w-])(?:${code}-){6}[0-9A-HJKMNP-TV-Z]{2}(?![\\w-])`).exec(page.text)?.[0],
	};
}
