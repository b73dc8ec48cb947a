// The citizen's way from the home page to the receipt, without scripts: what is kept, what is asked again, what opens
// a draft and what does not. The whole job with office and permit is main_job.test.mjs.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileCase, fillForm, pdfFile, slug } from '../lib/journey.mjs';
import { startTown } from '../lib/server.mjs';

let town;
before(async () => { town = await startTown(); });
after(() => town?.stop());

const page = (name, more = '') => `/tramites/${slug}/paso/${name}${more}`;
const code = (answer) => /(?<![\w-])(?:[0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}(?![\w-])/.exec(answer.text)?.[0];

async function begin(client, procedure = slug) {
	const start = await client.get(`/tramites/${procedure}/iniciar`);
	return client.follow(await client.submit(start, {}, { match: 'iniciar' }));
}
const you = { nombre: 'Ofelia', apellidos: 'Muñoz Ibáñez', identificacion: pdfFile('ine.pdf') };

/* --- before the form --------------------------------------------------------------------------------------------- */

test('the home page leads to the catalogue, the state of a case and the offices', async () => {
	const client = town.client();
	const home = await client.get('/');
	assert.equal(home.status, 200);
	assert.match(home.body, /<form[^>]*role="search"[^>]*action="\/tramites"/);
	assert.equal(home.form('/estado').fields.some(([name]) => name === 'codigo'), true);
	assert.match(home.text, /Abierto ahora, hasta las 15:30/); // a Tuesday at ten
	assert.match(home.text, /Alineamiento y Número Oficial/);
	const sheet = /href="(\/activos\/municipio\/[^"]+\.css)"/.exec(home.body)[1];
	const style = await client.get(sheet);
	assert.match(style.headers['content-type'], /text\/css/);
	assert.match(style.headers['cache-control'], /immutable|max-age=31536000/);
	assert.match(style.body, /--town:#/);
	assert.equal((await town.client().get('/activos/municipio/000000000000.css')).status, 404);
});

test('the catalogue is searched by everyday words, filtered, and never empty-handed', async () => {
	const client = town.client();
	const names = (answer) => [...answer.body.matchAll(/<h3><a href="\/tramites\/([^"]+)"/g)].map(([, one]) => one);
	assert.equal(names(await client.get('/tramites?q=n%C3%BAmero%20de%20mi%20casa'))[0], slug);
	assert.equal(names(await client.get('/tramites?q=LETRERO'))[0], 'permiso-de-anuncio');
	const all = names(await client.get('/tramites'));
	const online = names(await client.get('/tramites?via=en-linea'));
	assert.ok(online.length > 0 && online.length < all.length);
	const nothing = await client.get('/tramites?q=xyzzy');
	assert.match(nothing.text, /No encontramos nada con «xyzzy»/);
	assert.ok(names(nothing).length > 0);
	for (const odd of ['%00', '%ff%fe', "'%22%3E%3Cscript%3E", 'a'.repeat(3000), '%25%25%25'])
		assert.ok([200, 400, 413].includes((await client.get(`/tramites?q=${odd}&pagina=999&tema=nada`)).status), odd);
	assert.doesNotMatch((await client.get('/tramites?q=%3Cscript%3E')).body, /<script>/);
});

test('a sheet says cost, term, requirements and law, and marks what is a sample', async () => {
	const sheet = await town.client().get(`/tramites/${slug}`);
	for (const word of ['$ 412.00', '15 días hábiles', 'Identificación oficial vigente', 'Código Territorial', 'muestra',
		'por confirmar', 'Empezar']) assert.ok(sheet.text.includes(word), word);
	assert.equal((await town.client().get('/tramites/no-hay')).status, 404);
	assert.equal((await town.client().get('/tramites/no-hay/iniciar')).status, 404);
});

test('the language is chosen, kept, and comes back to the page', async () => {
	const client = town.client();
	const answer = await client.submit(await client.get('/oficinas'), { lang: 'en' }, { match: '/idioma' });
	assert.equal(answer.headers.location, '/oficinas');
	assert.match((await client.follow(answer)).text, /Where you are attended in person/);
	const away = await client.submit(await client.get('/'), { lang: 'es', path: '//evil.example/' }, { match: '/idioma' });
	assert.equal(away.headers.location, '/');
});

/* --- the form ------------------------------------------------------------------------------------------------------ */

test('every page is saved, says so with the time, and shows the code to come back', async () => {
	const client = town.client();
	const first = await begin(client);
	assert.match(first.text, /Guardado hoy a las \d+:\d\d/);
	assert.ok(code(first));
	const next = await client.follow(await client.submit(first, you, { match: '/paso/' }));
	assert.match(next.text, /¿De quién es el predio\?/);
	const back = await client.get(page('usted'));
	assert.match(back.body, /value="Muñoz Ibáñez"/);
	assert.match(back.text, /ine\.pdf/);
});

test('what is wrong is said above, at its field, and nothing typed is lost', async () => {
	const client = town.client();
	const answer = await client.submit(await begin(client), { nombre: 'Ana & <b>', curp: 'MAL0', apellidos: '' }, { match: '/paso/' });
	assert.equal(answer.status, 422);
	assert.match(answer.body, /<title>Error: /);
	assert.match(answer.body, /value="Ana &amp; &lt;b&gt;"/);
	assert.match(answer.body, /value="MAL0"/);
	const links = [...answer.body.matchAll(/<li><a href="#([^"]+)"/g)].map(([, one]) => one);
	assert.deepEqual(links.sort(), ['apellidos', 'curp', 'identificacion']);
	for (const link of links) assert.ok(answer.body.includes(`id="${link}"`), link);
	const reopened = await client.get(page('usted')); // saved, though wrong
	assert.match(reopened.body, /value="MAL0"/);
});

test('a question that an answer brings is asked before it is missing', async () => {
	const client = town.client();
	const second = await client.follow(await client.submit(await begin(client), you, { match: '/paso/' }));
	assert.doesNotMatch(second.body.replace(/<div[^>]*hidden>[\s\S]*?<\/div>\s*<\/div>/g, ''), /id="carta_poder"/);
	const answer = await client.submit(second, { calidad: 'apoderado', tipo_titular: 'fisica' }, { match: '/paso/' });
	assert.equal(answer.status, 303);
	const more = await client.follow(answer);
	assert.match(more.text, /faltan estas preguntas/);
	assert.doesNotMatch(more.body, /<title>Error/);
	const still = await client.submit(more, {}, { match: '/paso/' }); // now it was seen
	assert.equal(still.status, 422);
	assert.match(still.text, /Carta poder: /);
});

test('files: lies about the type, one too large and an empty one are refused one by one, the others are kept', async () => {
	const client = town.client();
	const first = await begin(client);
	const large = pdfFile('plano.pdf', Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.alloc(26 * 1024 * 1024, 0x20)]));
	const answer = await client.submit(first, { nombre: 'Ofelia', apellidos: 'Muñoz',
		identificacion: [{ name: 'ine.pdf', type: 'application/pdf', bytes: 'MZ\x90\0 no es PDF' }, large, pdfFile('buena.pdf')] },
	{ match: '/paso/' });
	assert.equal(answer.status, 422);
	assert.match(answer.text, /«ine\.pdf» no se puede leer: súbalo en PDF/);
	assert.match(answer.text, /«plano\.pdf» pasa de 25 MB/);
	assert.match(answer.text, /buena\.pdf/);
	assert.match(answer.body, /value="Ofelia"/);
	const id = /name="_quitar" value="(\d+)"/.exec(answer.body)[1];
	const removed = await client.follow(await client.submit(await client.get(page('usted')), { _quitar: id, nombre: 'Otra' }, { match: '/paso/' }));
	assert.doesNotMatch(removed.text, /buena\.pdf/);
	assert.match(removed.body, /value="Otra"/);
});

test('nobody removes a file of another draft', async () => {
	const [mine, theirs] = [town.client(), town.client()];
	const page1 = await mine.follow(await mine.submit(await begin(mine), { ...you, _subir: '1' }, { match: '/paso/' }));
	const id = /name="_quitar" value="(\d+)"/.exec(page1.body)[1];
	await theirs.submit(await begin(theirs), { _quitar: id }, { match: '/paso/' });
	assert.match((await mine.get(page('usted'))).text, /ine\.pdf/);
});

test('rows of a group are added and removed without scripts, and what was typed stays', async () => {
	const client = town.client();
	await begin(client, 'permiso-de-construccion');
	const here = '/tramites/permiso-de-construccion/paso/obra';
	const first = await client.get(here);
	const [name, input] = ['niveles', 'niveles.0.superficie'];
	assert.ok(first.body.includes(`name="${input}"`));
	const current = await client.follow(await client.submit(first, { tipo_obra: 'nueva' }, { match: '/paso/' }))
		.then((answer) => (answer.form('/paso/')?.action === here ? answer : client.get(here)));
	const one = await client.follow(await client.submit(current, { [input]: '11', _agregar: name }, { match: '/paso/' }));
	const second = input.replace('.0.', '.1.');
	assert.ok(one.body.includes(`name="${second}"`));
	const two = await client.follow(await client.submit(one, { [second]: '22', _agregar: name }, { match: '/paso/' }));
	assert.match(two.body, new RegExp(`name="${second.replaceAll('.', '\\.')}"[^>]*value="22"`));
	const left = await client.follow(await client.submit(two, { _quitar_fila: `${name}.0` }, { match: '/paso/' }));
	assert.match(left.body, new RegExp(`name="${input.replaceAll('.', '\\.')}"[^>]*value="22"`));
	assert.ok(!left.body.includes('value="11"'));
});

/* --- coming back ----------------------------------------------------------------------------------------------------- */

test('the code opens the draft elsewhere, and then no longer here', async () => {
	const [here, there] = [town.client(), town.client()];
	const first = await begin(here);
	await here.submit(first, you, { match: '/paso/' });
	const typed = code(first).toLowerCase().replaceAll('-', ' ').replace('0', 'o');
	const answer = await there.submit(await there.get('/continuar'), { _codigo: typed }, { match: '/continuar' });
	assert.equal(answer.status, 303);
	assert.match((await there.follow(answer)).text, /¿De quién es el predio\?/);
	const gone = await here.get(page('titular'));
	assert.equal(gone.status, 404);
	assert.match(gone.text, /No encontramos su borrador en este aparato/);
});

test('what was typed into a draft that is gone comes along to where it can be kept', async () => {
	const [here, there] = [town.client(), town.client()];
	const open = await begin(here);
	await there.submit(await there.get('/continuar'), { _codigo: code(open) }, { match: '/continuar' });
	const { identificacion, ...typed } = you;
	const gone = await here.submit(open, typed, { match: '/paso/' });
	assert.equal(gone.status, 404);
	assert.ok(identificacion);
	const back = await here.follow(await here.submit(gone, { _codigo: code(open) }, { match: '/continuar' }));
	assert.equal(back.status, 200);
	assert.match(back.body, /value="Muñoz Ibáñez"/);
	await there.submit(await there.get('/continuar'), { _codigo: code(open) }, { match: '/continuar' });
	const again = await here.follow(await here.submit(await here.submit(back, typed, { match: '/paso/' }), {}, { match: '/iniciar' }));
	assert.match(again.body, /value="Muñoz Ibáñez"/);
	assert.notEqual(code(again), code(open));
});

test('a wrong code and one that is none look the same', async () => {
	const client = town.client();
	const ask = async (typed) => {
		const answer = await client.submit(await client.get('/continuar'), { _codigo: typed }, { match: '/continuar' });
		return [answer.status, answer.text.replace(typed, '')];
	};
	const wrong = await ask('0000-0000-0001');
	assert.equal(wrong[0], 422);
	for (const other of ['hola', '', '<script>', 'ñ'.repeat(50)]) assert.equal((await ask(other))[0], 422);
	assert.equal((await ask('hola'))[1], wrong[1]);
});

test('codes are not guessed at leisure', async () => {
	const guarded = await startTown({ limits: true });
	const client = guarded.client();
	const form = await client.get('/continuar');
	let refused = 0;
	for (let i = 0; i < 25; i++)
		refused += (await client.submit(form, { _codigo: `0000-0000-00${10 + i}` }, { match: '/continuar' })).status === 429;
	assert.ok(refused > 0);
	await guarded.stop();
});

test('a stale token keeps what was typed', async () => {
	const client = town.client();
	const open = await begin(client);
	client.cookies.delete('csrf');
	await client.get('/'); // the browser has a new one: the token of the open page is another's
	const answer = await client.submit(open, { nombre: 'Ofelia', apellidos: 'Muñoz' }, { match: '/paso/' });
	assert.ok(answer.status >= 400);
	assert.match(answer.body, /value="Ofelia"/);
});

test('leaving shows the code; forgetting leaves nothing on this machine', async () => {
	const client = town.client();
	const open = await begin(client);
	const left = await client.follow(await client.submit(open, { nombre: 'Ofelia', _salir: '1' }, { match: '/paso/' }));
	assert.equal(code(left), code(open));
	await client.submit(left, {}, { match: '/olvidar' });
	assert.equal((await client.get(page('usted'))).status, 404);
	assert.ok(![...client.cookies.keys()].some((name) => name.includes('borrador')));
});

/* --- filing ----------------------------------------------------------------------------------------------------------- */

test('the review shows everything, and files nothing without the declaration or with something missing', async () => {
	const client = town.client();
	const review = await fillForm(client, { nombre: 'Ofelia' });
	for (const word of ['Ofelia', 'Calle Nogal de Prueba', '8.5 metros', '$ 412.00', 'Cambiar']) assert.ok(review.text.includes(word), word);
	const undeclared = await client.submit(review, {}, { match: '/presentar' });
	assert.equal(undeclared.status, 422);
	assert.match(undeclared.text, /Marque la casilla/);
	await client.submit(await client.get(page('predio', '?volver=revisar')), { frente: '' }, { match: '/paso/' });
	const missing = await client.submit(review, { declara: '1' }, { match: '/presentar' });
	assert.equal(missing.status, 422);
	assert.match(missing.text, /Frente: /);
	assert.match(missing.body, /href="[^"]*\/paso\/predio\?volver=revisar#frente"/);
	const mended = await client.submit(await client.get(page('predio', '?volver=revisar')), { frente: '12' }, { match: '/paso/' });
	assert.match(mended.headers.location, /\/revisar$/);
});

test('a filed draft shows its receipt wherever one goes, and a quick second click files nothing', async () => {
	const client = town.client();
	const review = await fillForm(client);
	const twice = await Promise.all([1, 2].map(() => client.submit(review, { declara: '1' }, { match: '/presentar' })));
	for (const answer of twice) assert.match(answer.headers.location, /\/acuse$/);
	const receipt = await client.get(`/tramites/${slug}/acuse`);
	const number = /AN-2026-\d{6}/.exec(receipt.text)[0];
	for (const path of [page('usted'), `/tramites/${slug}/revisar`])
		assert.match((await client.get(path)).headers.location, /\/acuse$/);
	const mine = await client.get('/mis-tramites');
	assert.deepEqual([...new Set(mine.text.match(/AN-2026-\d{6}/g))], [number]);
	const another = await begin(client); // a new one starts clean
	assert.doesNotMatch(another.body, /value="Ofelia"/);
});

test('the receipt is nobody else’s', async () => {
	const client = town.client();
	await fileCase(client);
	for (const path of ['acuse', 'acuse.pdf', 'revisar', 'salir']) {
		const answer = await town.client().get(`/tramites/${slug}/${path}`);
		assert.equal(answer.status, 404, path);
		assert.doesNotMatch(answer.text, /AN-2026/);
	}
	const forged = town.client();
	forged.cookies.set(`borrador-${slug}`, 'A'.repeat(38));
	assert.equal((await forged.get(`/tramites/${slug}/acuse`)).status, 404);
});
