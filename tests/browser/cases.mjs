// A handful of cases, each at another point of its way, brought there by the people and forms of the town itself.
//
//   const cases = await makeCases(town);    // { clients, filed, correct, signing, unpaid, done, draft }
//
// Each case is { number, registry, statusCode, key }; `done` has its permit's document id, bytes and key as well.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileCase, fileVolante, fillForm, volante } from '../lib/journey.mjs';
import { scratch, until } from '../lib/program.mjs';
import { password } from '../lib/server.mjs';

export const decision = { numero_oficial: '128', frente_medido: '8.5', ancho_calle: '12', ancho_banqueta: '1.8', tiene_restriccion: 'no' };

async function step(client, number, action, fields = {}, from = '') {
	const answer = await client.submit(await client.get(`/oficina/expedientes/${number}${from}`), fields, { match: action });
	if (answer.status !== 303) throw new Error(`${number}${action}: ${answer.status} ${answer.text.slice(0, 300)}`);
}

export async function askCorrection(clerk, number) {
	await step(clerk, number, '/tomar');
	await step(clerk, number, '/correccion', { motivo: 'La escritura está cortada: suba una foto completa y confirme el frente.',
		'pide.frente': '1', 'porque.frente': 'La escritura dice otra medida.',
		'pide.documento_predio': '1', 'porque.documento_predio': 'Página 2: no se ven los linderos norte y sur.' }, '/correccion');
}

async function decide(clerk, number) {
	await step(clerk, number, '/tomar');
	await step(clerk, number, '/aprobar', decision, '/aprobar');
}

async function pay(cashier, number) {
	const answer = await cashier.submit(await cashier.get(`/oficina/caja/${number}`), { folio: `C-${number}` }, { match: '/caja/' });
	if (answer.status !== 303) throw new Error(`paying ${number}: ${answer.text.slice(0, 300)}`);
}

// The key on a document's margin, as somebody who holds the paper reads it.
export function keyOnPaper(bytes) {
	const file = join(scratch('paper'), 'document.pdf');
	writeFileSync(file, bytes);
	const text = execFileSync('pdftotext', ['-raw', file, '-'], { encoding: 'utf8' });
	return /[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){5}-[0-9A-HJKMNP-TV-Z]{2}/.exec(text)[0];
}

// The citizen takes the document as soon as it is signed. → { id, bytes, key }
async function collect(citizen, number) {
	const page = await until(async () => {
		const one = await citizen.get(`/expedientes/${number}`);
		return one.form('/documentos/') && one;
	}, { what: 'the signed document' });
	const answer = await citizen.follow(await citizen.submit(page, {}, { match: '/documentos/' }));
	return { id: /documentos\/(\d+)/.exec(page.form('/documentos/').action)[1], bytes: answer.bytes, key: keyOnPaper(answer.bytes) };
}

// The second town, with less: a case just filed, one being worked on and a form half filled in. → { clients, filed, taken, slug }
export async function makeOtherCases(town) {
	const pack = 'barakaldo';
	const clients = { nobody: town.client(pack), citizen: town.client(pack), draft: town.client(pack) };
	for (const login of ['ana', 'omar', 'carmen', 'julio', 'admin']) clients[login] = await town.signIn(login, pack);
	const cases = { clients, slug: volante.procedure };
	for (const name of ['filed', 'taken']) cases[name] = await fileVolante(clients.citizen);
	await step(clients.ana, cases.taken.number, '/tomar');
	await fillForm(clients.draft, volante.answers, volante);
	return cases;
}

export async function makeCases(town) {
	const clients = { nobody: town.client(), citizen: town.client(), draft: town.client() };
	for (const login of ['ana', 'omar', 'carmen', 'julio', 'admin']) clients[login] = await town.signIn(login);
	const { citizen, ana, omar, julio } = clients;
	const cases = { clients };
	for (const name of ['filed', 'taken', 'correct', 'signing', 'unpaid', 'done']) cases[name] = await fileCase(citizen);
	await step(ana, cases.taken.number, '/tomar');
	await askCorrection(ana, cases.correct.number);
	for (const name of ['signing', 'unpaid', 'done']) await decide(ana, cases[name].number);
	for (const name of ['unpaid', 'done']) await step(omar, cases[name].number, '/firmar', { clave: town.password ?? password }, '/firmar');
	await pay(julio, cases.done.number);
	Object.assign(cases.done, { document: await collect(citizen, cases.done.number) });
	await step(ana, cases.correct.number, '/mensajes', { texto: 'Con una foto completa es suficiente.' });
	await fillForm(clients.draft);
	return cases;
}
