// The town asks again, the citizen answers: only what was asked for, nothing typed lost, whatever goes wrong on the way.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileCase, pdfFile } from '../lib/journey.mjs';
import { askCorrection, office, step, take } from '../lib/office.mjs';
import { scratch, until } from '../lib/program.mjs';
import { eicarText, startScanner, startTown } from '../lib/server.mjs';

let town;
let ana;
before(async () => {
	town = await startTown();
	ana = await town.signIn('ana');
});
after(() => town?.stop());

const at = (number, more = '') => `/expedientes/${number}${more}`;
const formOf = (html) => /<form\b[^>]*id="corregir"[\s\S]*?<\/form>/.exec(html)?.[0] ?? '';
const names = (html) => new Set([...formOf(html).matchAll(/<(?:input|select|textarea)\b[^>]*\sname="([^"]+)"/g)].map(([, name]) => name)
	.filter((name) => !name.startsWith('_')));

// A case in review, with a correction of these fields asked for.
async function asked(fields, given) {
	const citizen = town.client();
	const { number } = await fileCase(citizen, given);
	await take(ana, number);
	await askCorrection(ana, number, fields);
	return { citizen, number, form: await citizen.get(at(number, '/corregir')) };
}
const send = (citizen, form, fields) => citizen.submit(form, fields, { match: '/corregir' });

test('only what was asked for is asked again, with the reasons', async () => {
	const { citizen, number, form } = await asked({ frente: 'No coincide con la escritura.', identificacion: 'No se lee.' });
	const page = await citizen.get(at(number));
	assert.match(page.body, new RegExp(`href="${at(number, '/corregir')}"`));
	assert.match(page.text, /No coincide con la escritura/);
	assert.equal(form.status, 200);
	assert.deepEqual(names(form.body), new Set(['frente', 'identificacion']));
	assert.match(form.text, /No se lee\..*No coincide con la escritura\./s); // in the order of the form
	assert.match(form.body, /name="frente" value="8\.5"/);
	assert.match(form.text, /16 de junio de 2026/); // ten working days
});

test('what is wrong comes back with all that was typed, and the good file is kept', async () => {
	const { citizen, number, form } = await asked({ frente: 'Mida otra vez.', identificacion: 'No se lee.' });
	const wrong = await send(citizen, form, { frente: 'doce', identificacion: pdfFile('nueva.pdf'), _mensaje: 'Medí con cinta.' });
	assert.equal(wrong.status, 422);
	assert.match(wrong.body, /name="frente" value="doce"/);
	assert.match(wrong.body, /Medí con cinta\./);
	assert.match(wrong.text, /nueva\.pdf/);
	assert.match(wrong.body, /aria-invalid="true"/);
	// Not the clerk's before it is sent.
	assert.doesNotMatch((await ana.get(office(number))).text, /nueva\.pdf/);
	// The file need not be chosen again.
	const sent = await send(citizen, wrong, { frente: '12.4' });
	assert.equal(sent.status, 303);
	const screen = await ana.get(office(number));
	assert.match(screen.text, /12\.4/);
	assert.match(screen.text, /nueva\.pdf/);
	assert.match(screen.text, /Medí con cinta\./);
	assert.equal((screen.text.match(/Medí con cinta\./g) ?? []).length, 1);
	const page = await citizen.get(at(number));
	assert.match(page.text, /en revisión|revisa/i);
	assert.match(page.text, /Registro de la corrección E-2026-\d{6}/); // it was entered like the filing itself
});

test('a file sent by mistake is taken back before sending', async () => {
	const { citizen, number, form } = await asked({ identificacion: 'No se lee.', frente: 'Mida.' });
	const kept = await send(citizen, form, { frente: '', identificacion: pdfFile('equivocada.pdf') });
	assert.equal(kept.status, 422);
	const remove = /name="_quitar" value="(\d+)"/.exec(kept.body)[1];
	const without = await send(citizen, kept, { frente: '9', _quitar: remove });
	assert.equal(without.status, 422);
	assert.doesNotMatch(without.text, /equivocada\.pdf/);
	assert.match(without.body, /name="frente" value="9"/);
	const missing = await send(citizen, without, {});
	assert.equal(missing.status, 422, 'the identification is still asked for');
	assert.equal((await send(citizen, missing, { identificacion: pdfFile('buena.pdf') })).status, 303);
	assert.doesNotMatch((await ana.get(office(number))).text, /equivocada\.pdf/);
});

test('a file that lies about its type, an empty one and one too many are refused one by one', async () => {
	const { citizen, number, form } = await asked({ identificacion: 'No se lee.' });
	const lie = { name: 'ine.pdf', type: 'application/pdf', bytes: 'MZ this is a program' };
	const answer = await send(citizen, form, { identificacion: [lie, pdfFile('una.pdf'), pdfFile('dos.pdf'), pdfFile('tres.pdf')] });
	assert.equal(answer.status, 422);
	assert.match(answer.text, /una\.pdf/);
	assert.match(answer.text, /dos\.pdf/);
	assert.match(answer.text, /ine\.pdf.*no se puede leer/s);
	assert.match(answer.text, /tres\.pdf.*caben 2/s);
	assert.equal((await send(citizen, answer, {})).status, 303);
	const screen = await ana.get(office(number));
	assert.match(screen.text, /una\.pdf/);
	assert.doesNotMatch(screen.text, /tres\.pdf/);
});

test('an answer that brings further questions asks them, and nothing else of the case can be changed', async () => {
	const { citizen, number, form } = await asked({ tipo_titular: '¿Es de una empresa?' });
	const more = await send(citizen, form, { tipo_titular: 'moral', nombre: 'Otra', frente: '99' });
	assert.equal(more.status, 422);
	assert.deepEqual(names(more.body), new Set(['tipo_titular', 'titular_nombre', 'titular_rfc']));
	assert.doesNotMatch(more.body, /aria-invalid/); // nobody had asked: no error yet
	const missing = await send(citizen, more, {});
	assert.equal(missing.status, 422);
	assert.match(missing.body, /aria-invalid="true"/);
	assert.equal((await send(citizen, missing, { titular_nombre: 'Constructora de Prueba' })).status, 303);
	const screen = await ana.get(office(number));
	assert.match(screen.text, /Constructora de Prueba/);
	assert.match(screen.text, /Ofelia/);
	assert.doesNotMatch(screen.text, /\b99 m/);
});

test('an answer that breaks a rule at another field brings that field', async () => {
	const { citizen, number, form } = await asked({ hoy_hay: '¿Está construido?' },
		{ motivo: ['obra'], tipo_obra: 'ampliacion', hoy_hay: 'casa' });
	const more = await send(citizen, form, { hoy_hay: 'terreno' });
	assert.equal(more.status, 422);
	assert.ok(names(more.body).has('tipo_obra'));
	assert.match(more.text, /no puede haber una ampliación/);
	assert.equal((await send(citizen, more, { tipo_obra: 'nueva' })).status, 303);
	assert.match((await ana.get(office(number))).text, /Obra nueva/);
});

test('sent twice it counts once, and a clerk who takes the case meanwhile is in nobody’s way', async () => {
	const { citizen, number, form } = await asked({ frente: 'Mida.' });
	assert.equal((await step(ana, number, '/soltar')).status, 303); // the revision moves on
	const fields = { frente: '10', _mensaje: 'Una sola vez.' };
	const [first, second] = await Promise.all([send(citizen, form, fields), send(citizen, form, fields)]);
	assert.deepEqual([first.status, second.status], [303, 303]);
	const screen = await ana.get(office(number));
	assert.equal((screen.text.match(/Una sola vez\./g) ?? []).length, 1);
	assert.equal((await send(citizen, form, { frente: '11' })).status, 303); // late: it leads to the case
	assert.match((await ana.get(office(number))).text, /\b10\b/);
	assert.equal((await citizen.get(at(number, '/corregir'))).status, 303);
});

test('the form of one correction does not answer the next one', async () => {
	const { citizen, number, form } = await asked({ frente: 'Mida.' });
	assert.equal((await send(citizen, form, { frente: '10' })).status, 303);
	await take(ana, number).catch(() => {});
	await askCorrection(ana, number, { frente: 'Otra vez, por favor.' });
	assert.equal((await send(citizen, form, { frente: '10' })).status, 303);
	assert.match((await citizen.get(at(number, '/corregir'))).text, /Otra vez, por favor/); // still asked
});

test('the counter enters it for somebody who stands there', async () => {
	const { citizen, number } = await asked({ frente: 'Mida.', identificacion: 'No se lee.' });
	const carmen = await town.signIn('carmen');
	const screen = await carmen.get(office(number));
	assert.match(screen.body, new RegExp(`href="${office(number, '/corregir')}"`));
	const form = await carmen.get(office(number, '/corregir'));
	assert.deepEqual(names(form.body), new Set(['frente', 'identificacion']));
	const kept = await send(carmen, form, { frente: 'x', identificacion: pdfFile('escaneada.pdf'), _mensaje: 'Trae otra copia.' });
	assert.equal(kept.status, 422);
	assert.match(kept.text, /escaneada\.pdf/);
	assert.equal((await send(carmen, kept, { frente: '9.5' })).status, 303);
	const after = await ana.get(office(number));
	assert.match(after.text, /escaneada\.pdf/);
	assert.match(after.text, /Trae otra copia\./);
	assert.match((await citizen.get(at(number))).text, /E-2026-\d{6}/);
	assert.equal(town.sql("SELECT actor_kind || '/' || channel FROM event WHERE type = 'case.correction_answered' ORDER BY id DESC LIMIT 1"), 'staff/counter');
	// A clerk without the counter's permission has no such page.
	assert.equal((await ana.get(office(number, '/corregir'))).status, 403);
});

test('nobody else sees or sends a correction', async () => {
	const { form, number } = await asked({ frente: 'Mida.' });
	const stranger = town.client();
	assert.equal((await stranger.get(at(number, '/corregir'))).status, 404);
	const own = await fileCase(stranger);
	await stranger.get('/estado'); // has a token of its own
	const answer = await send(stranger, form, { frente: '1', _csrf: (await stranger.get('/estado')).form('/estado').fields.find(([name]) => name === '_csrf')[1] });
	assert.equal(answer.status, 404);
	assert.equal((await stranger.get(at(own.number, '/corregir'))).status, 303); // nothing is asked of it
});

test('a virus in a filed file: another is asked for and sent without any correction', async () => {
	const socket = join(scratch('late'), 'clamd.sock');
	const other = await startTown({ scanner: socket }); // the scanner comes later than the filing
	const citizen = other.client();
	const clerk = await other.signIn('ana');
	const { number } = await fileCase(citizen, { identificacion: pdfFile('mala.pdf', Buffer.from(`%PDF-1.4 ${eicarText()}`)) });
	const late = await startScanner(socket);
	const page = await until(async () => {
		const one = await citizen.get(at(number));
		return /corregir"/.test(one.body) && one;
	}, { what: 'the scanner' });
	assert.match(page.text, /Le toca a usted/);
	assert.match(page.text, /mala\.pdf/);
	const form = await citizen.get(at(number, '/corregir'));
	assert.deepEqual(names(form.body), new Set(['identificacion']));
	assert.equal((await send(citizen, form, {})).status, 422);
	assert.equal((await send(citizen, form, { identificacion: pdfFile('sana.pdf') })).status, 303);
	assert.equal((await citizen.get(at(number, '/corregir'))).status, 303);
	const screen = await clerk.get(office(number));
	assert.match(screen.text, /sana\.pdf/);
	assert.match(screen.text, /Recibido/); // no step of the workflow: the clock goes on
	await other.stop();
	await late.stop();
});

test('a message of several lines is kept; one that cannot be comes back as it was', async () => {
	const citizen = town.client();
	const { number } = await fileCase(citizen);
	const page = await citizen.get(at(number));
	assert.equal((await citizen.submit(page, { mensaje: 'Primera línea\r\nSegunda línea' }, { match: '/mensajes' })).status, 303);
	assert.match((await citizen.get(at(number))).body, /Primera línea\nSegunda línea/);
	const long = `${'Una frase larga. '.repeat(320)}fin`;
	const refused = await citizen.submit(page, { mensaje: long }, { match: '/mensajes' });
	assert.equal(refused.status, 422);
	assert.ok(refused.body.includes('Una frase larga. Una frase larga.'));
	assert.match(refused.body, /id="mensaje"[^>]*aria-invalid="true"/);
});
