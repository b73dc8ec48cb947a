// The same work as in the browser, by token. Every answer is held against /api/v1/openapi.json (lib/api.mjs).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Api, Description, answersOf, decision, pdf, slug } from '../lib/api.mjs';
import { encodeMultipart } from '../lib/http.mjs';
import { runOk, until } from '../lib/program.mjs';
import { password, staff, startTown } from '../lib/server.mjs';

let town;
let description;
let api; // by role
before(async () => {
	town = await startTown({ accounts: [...staff, { login: 'carmen2', name: 'Otra Ventanilla', post: 'Ventanilla', roles: 'counter' }] });
	const document = (await new Api(town.client()).get('/openapi.json')).json();
	description = new Description(document);
	api = { anonymous: new Api(town.client(), undefined, description) };
	for (const [role, login] of Object.entries({ clerk: 'ana', officer: 'omar', counter: 'carmen', cashier: 'julio', admin: 'admin' }))
		api[role] = new Api(town.client(), await town.token(login), description);
});
after(() => town?.stop());

const at = (filed, step = '') => `/expedientes/${filed.number}${step}`;
const caseOf = async (filed, who = api.clerk) => (await who.get(at(filed))).json();
const ok = (answer, status = 200) => {
	assert.equal(answer.status, status, answer.body);
	return answer.json();
};
const problem = (answer, status, code) => {
	assert.equal(answer.status, status, answer.body);
	assert.equal(answer.headers['content-type'], 'application/problem+json');
	const body = answer.json();
	assert.equal(body.status, status);
	if (code) assert.equal(body.code, code, answer.body);
	return body;
};
const faults = (answer) => Object.fromEntries(problem(answer, 422, 'body.invalid').errors.map((one) => [one.field, one.code]));
const taken = async () => {
	const filed = await api.counter.file();
	const { revision } = await caseOf(filed);
	return { ...filed, ...ok(await api.clerk.post(at(filed, '/tomar'), { revision })) };
};

/* --- the description ----------------------------------------------------------------------------------------------- */

test('the description is OpenAPI 3.1 by an independent validator', async () => {
	const { Validator } = await import('@seriousme/openapi-schema-validator');
	const result = await new Validator().validate(structuredClone(description.document));
	assert.equal(result.valid, true, JSON.stringify(result.errors)?.slice(0, 2000));
	assert.match(description.document.openapi, /^3\.1\./);
});

test('every schema of the description compiles, and every reference leads somewhere', () => {
	const text = JSON.stringify(description.document);
	for (const [, kind, name] of text.matchAll(/"#\/components\/(\w+)\/(\w+)"/g))
		assert.ok(description.document.components[kind][name], `${kind}/${name}`);
	for (const name of Object.keys(description.document.components.schemas))
		description.ajv.compile({ $ref: `https://ventanilla.example/openapi#/components/schemas/${name}` });
	const ids = Object.values(description.document.paths).flatMap((item) => Object.values(item).map((one) => one.operationId));
	assert.equal(new Set(ids).size, ids.length);
});

test('every address of the API that the program serves is described, and no other', async () => {
	const routes = (await runOk(['routes'])).trim().split('\n').slice(1).map((line) => line.split('\t'));
	const served = routes.filter(([, , path]) => path.startsWith('/api/')).map(([, method, path]) => `${method.toLowerCase()} ${path}`);
	const described = Object.entries(description.document.paths)
		.flatMap(([path, item]) => Object.keys(item).map((method) => `${method} ${path}`));
	assert.deepEqual(described.sort(), served.sort());
});

/* --- the catalogue -------------------------------------------------------------------------------------------------- */

test('the catalogue and a form are open to everybody, in the language asked for', async () => {
	const list = ok(await api.anonymous.get('/tramites'));
	assert.ok(list.procedures.some((one) => one.slug === slug && one.is_online));
	const es = ok(await api.anonymous.get(`/tramites/${slug}`));
	const en = await api.anonymous.get(`/tramites/${slug}`, { headers: { 'accept-language': 'en' } });
	assert.equal(en.headers['content-language'], 'en');
	assert.notEqual(es.name, en.json().name);
	const fields = es.form.pages.flatMap((page) => page.fields);
	const width = fields.find((one) => one.id === 'frente');
	assert.deepEqual([width.type, width.min, width.max, width.decimals], ['number', '0.5', '2000', 2]);
	assert.deepEqual(fields.find((one) => one.id === 'carta_poder').when,
		{ source: "calidad == 'apoderado'", tree: ['==', ['f', 'calidad'], ['t', 'apoderado']] });
	assert.ok(es.form.decision.some((one) => one.id === 'numero_oficial'));
});

test('an unknown procedure is a 404 problem, for reading and for filing', async () => {
	problem(await api.anonymous.get('/tramites/no-existe'), 404);
	problem(await api.counter.post('/tramites/no-existe/solicitudes', { answers: {}, declaration: true }), 404);
	problem(await api.anonymous.get('/no-hay-tal'), 404);
});

/* --- filing --------------------------------------------------------------------------------------------------------- */

test('an application is filed: numbers, codes and due date at once, the receipt soon after', async () => {
	const filed = await api.counter.file();
	assert.match(filed.number, /^AN-2026-\d{6}$/);
	assert.match(filed.registry_number, /^E-2026-\d{6}$/);
	assert.equal(filed.due_on, '2026-06-23'); // fifteen working days from Tuesday 2 June 2026
	const citizen = town.client();
	const status = await citizen.submit(await citizen.get('/estado'), { codigo: filed.status_code }, { match: '/estado' });
	assert.match(status.text, new RegExp(filed.number));
	const receipt = await until(async () => {
		const answer = await api.counter.get(filed.links.receipt.replace('/api/v1', ''));
		return answer.status === 200 && answer;
	}, { what: 'the receipt' });
	assert.equal(receipt.headers['content-type'], 'application/pdf');
	assert.match(receipt.bytes.subarray(0, 8).toString('latin1'), /^%PDF-/);

	const whole = await caseOf(filed);
	assert.equal(whole.channel, 'api');
	assert.equal(whole.applicant, 'Solicitante de Muestra');
	assert.equal(whole.answers.frente, '8.5');
	assert.equal(whole.fee.total, '412.00');
	assert.deepEqual(whole.files.map((one) => one.field), ['identificacion', 'documento_predio']);
	assert.deepEqual(whole.history.map((one) => [one.type, one.actor]).slice(0, 1), [['case.filed', 'token']]);
	assert.ok(whole.clock.lines.length > 0);
	assert.ok(!JSON.stringify(whole).includes(filed.key));
});

test('a file of a question that is not asked is not filed, and can be used elsewhere', async () => {
	const power = ok(await api.counter.upload(), 201).id;
	const whole = await caseOf(await api.counter.file({ carta_poder: [power] })); // the owner needs no power of attorney
	assert.deepEqual(whole.files.map((one) => one.field), ['identificacion', 'documento_predio']);
	assert.equal(whole.answers.carta_poder, undefined);
	const other = await caseOf(await api.counter.file({ calidad: 'apoderado', titular_nombre: 'Propietaria de Muestra', carta_poder: [power] }));
	assert.ok(other.files.some((one) => one.field === 'carta_poder'));
});

test('a case that a program filed is a case like any other in the office', async () => {
	const filed = await api.counter.file({ apellidos: 'de la Ventanilla' });
	const clerk = await town.signIn('ana');
	const page = await clerk.get(`/oficina/expedientes/${filed.number}`);
	assert.equal(page.status, 200);
	assert.match(page.text, /Solicitante de la Ventanilla/);
});

test('what is wrong is said field by field, in the codes and words of the form', async () => {
	const answer = await api.counter.post(`/tramites/${slug}/solicitudes`, { declaration: true,
		answers: { nombre: 'Ana', curp: 'BOXW310820HNERXN08', calidad: 'nadie', frente: '0.2', hoy_hay: 'casa', motivo: ['luz'],
			domicilio: { street: 'Calle', number: '1', postal_code: '3700' }, aviso: 'mail', correo: 'ana@correo' } });
	const found = faults(answer);
	assert.equal(found.apellidos, 'answer.required');
	assert.equal(found.curp, 'answer.curp.digit');
	assert.equal(found.frente, 'answer.min');
	assert.equal(found['domicilio.postal_code'], 'answer.address.shape');
	assert.equal(found.correo, 'answer.mail');
	assert.equal(found.identificacion, 'answer.required_file');
	assert.ok(found.calidad, 'a choice that is none');
	const text = problem(answer, 422).errors.find((one) => one.field === 'apellidos').message;
	assert.match(text, /[A-Za-z]/);
});

test('values of the wrong shape, unknown fields and decision fields are faults of their field', async () => {
	const found = faults(await api.counter.post(`/tramites/${slug}/solicitudes`, { declaration: true,
		answers: { nombre: ['Ana'], motivo: 'agua', domicilio: 'Calle 1', frente: true, no_hay: 1, numero_oficial: '5',
			identificacion: 'x', documento_predio: [{ name: 'inventado.pdf' }] } }));
	for (const field of ['nombre', 'motivo', 'domicilio', 'frente']) assert.equal(found[field], 'answer.shape', field);
	assert.equal(found.no_hay, 'answer.unknown');
	assert.equal(found.numero_oficial, 'answer.unknown');
	assert.equal(found['identificacion.0'], 'answer.shape');
	assert.equal(found['documento_predio.0'], 'file.unknown');
});

test('a body is held to its schema: types, members, lengths', async () => {
	assert.deepEqual(faults(await api.counter.post(`/tramites/${slug}/solicitudes`, { answers: [], extra: 1 })),
		{ answers: 'body.type', declaration: 'body.missing', extra: 'body.unknown' });
	assert.equal(faults(await api.counter.post(`/tramites/${slug}/solicitudes`, []))[''], 'body.type');
	const filed = await api.counter.file();
	assert.deepEqual(faults(await api.clerk.post(at(filed, '/tomar'), {})), { revision: 'body.missing' });
	assert.deepEqual(faults(await api.clerk.post(at(filed, '/tomar'), { revision: '1' })), { revision: 'body.type' });
	assert.deepEqual(faults(await api.clerk.post(at(filed, '/tomar'), { revision: 0 })), { revision: 'body.range' });
	assert.deepEqual(faults(await api.clerk.post(at(filed, '/notas'), { text: '' })), { text: 'body.missing' });
	assert.deepEqual(faults(await api.clerk.post(at(filed, '/notas'), { text: 'x'.repeat(5001) })), { text: 'body.length' });
	assert.deepEqual(faults(await api.clerk.post(at(filed, '/notas'), { text: 'a\u0007b' })), { text: 'body.type' });
	assert.deepEqual(faults(await api.clerk.post(at(filed, '/correccion'), { revision: 1, reason: 'r', items: [{}] })),
		{ 'items.0.field': 'body.missing' });
});

test('without the declaration nothing is filed', async () => {
	const files = [(await api.counter.upload()).json().id, (await api.counter.upload()).json().id];
	assert.deepEqual(faults(await api.counter.post(`/tramites/${slug}/solicitudes`,
		{ answers: answersOf(files), declaration: false })), { declaration: 'declaration.missing' });
});

/* --- files ------------------------------------------------------------------------------------------------------------ */

test('a file is told by its content, used once, and only by who sent it', async () => {
	const stored = ok(await api.counter.upload(pdf('una vez')), 201);
	assert.match(stored.id, /^archivo-[0-9A-Z]{26}$/);
	assert.equal(stored.media_type, 'application/pdf');
	assert.deepEqual(faults(await api.counter.upload({ name: 'foto.jpg', type: 'image/jpeg', bytes: 'MZ esto no es una foto' })),
		{ archivo: 'file.type' });
	assert.deepEqual(faults(await api.counter.upload({ name: 'nada.pdf', type: 'application/pdf', bytes: '' })),
		{ archivo: 'file.empty' });
	const other = ok(await api.counter.upload(), 201);
	const send = (files) => api.counter.post(`/tramites/${slug}/solicitudes`, { answers: answersOf(files), declaration: true });
	assert.equal(faults(await send([stored.id, stored.id]))['documento_predio.0'], 'file.twice');
	ok(await send([stored.id, other.id]), 201);
	assert.equal(faults(await send([stored.id, other.id]))['identificacion.0'], 'file.unknown');
	assert.equal(faults(await send(['archivo-0', '3']))['documento_predio.0'], 'file.unknown');
	const others = new Api(town.client(), await town.token('carmen2'), description);
	assert.equal(ok(await others.upload(), 201).media_type, 'application/pdf');
	const hers = ok(await others.upload(), 201), mine = ok(await api.counter.upload(), 201);
	assert.deepEqual(faults(await send([hers.id, mine.id])), { 'identificacion.0': 'file.unknown' });
	// A drawing is no identification.
	const drawing = ok(await api.counter.upload({ name: 'plano.dxf', type: 'image/vnd.dxf', bytes: '0\nSECTION\n2\nHEADER\n' }), 201);
	const fresh = ok(await api.counter.upload(), 201);
	assert.equal(faults(await send([drawing.id, fresh.id]))['identificacion.0'], 'file.type');
});

test('a file without a body, as JSON, or past 25 MB is refused', async () => {
	problem(await api.counter.post('/archivos', { archivo: 'x' }), 415);
	problem(await api.counter.post('/archivos', '--b\r\n\r\n--b--\r\n', { type: 'multipart/form-data; boundary=c' }), 400);
	problem(await api.counter.post('/archivos', '--b\r\nContent-Disposition: form-data; name="archivo"; filename="a.pdf"\r\n\r\n%PDF',
		{ type: 'multipart/form-data; boundary=b' }), 400);
	const empty = encodeMultipart({ otro: 'x' });
	assert.deepEqual(faults(await api.counter.post('/archivos', empty.body, { type: empty.type })), { archivo: 'body.missing' });
	const large = Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.alloc(25 * 1024 * 1024 + 10)]);
	assert.deepEqual(faults(await api.counter.upload({ name: 'grande.pdf', type: 'application/pdf', bytes: large })),
		{ archivo: 'file.too_large' });
});

test('after a day an unused file and the kept answers are forgotten', async () => {
	const sql = (text) => town.sql(text);
	const stored = ok(await api.counter.upload(pdf('olvidado'), { headers: { 'idempotency-key': 'olvidado' } }), 201);
	const row = stored.id.replace('archivo-', '');
	const file = sql(`SELECT file_id FROM api_file WHERE code = '${row}';`);
	sql(`UPDATE api_file SET expires_at = 1 WHERE code = '${row}'; UPDATE idempotency SET created_at = 1 WHERE key = 'olvidado';
		UPDATE job SET run_at = 1, state = 'waiting' WHERE kind = 'api.forget';`);
	await until(() => sql(`SELECT (SELECT count(*) FROM api_file WHERE code = '${row}') + (SELECT count(*) FROM stored_file
		WHERE id = ${file}) + (SELECT count(*) FROM idempotency WHERE key = 'olvidado');`) === '0', { what: 'the forgetting' });
	const other = ok(await api.counter.upload(), 201);
	assert.equal(faults(await api.counter.post(`/tramites/${slug}/solicitudes`,
		{ answers: answersOf([stored.id, other.id]), declaration: true }))['identificacion.0'], 'file.unknown');
});

/* --- deciding ----------------------------------------------------------------------------------------------------------- */

test('taken, corrected, approved, signed, paid, handed over: the whole way by token', async () => {
	const filed = await taken();
	let now = await caseOf(filed);
	assert.deepEqual(now.actions, ['release', 'correct', 'approve', 'refuse']);
	assert.equal(now.assignee.is_you, true);

	ok(await api.clerk.post(at(filed, '/notas'), { text: 'Revisar el frente.' }));
	ok(await api.clerk.post(at(filed, '/mensajes'), { text: 'Le pedimos una corrección.' }));
	now = ok(await api.clerk.post(at(filed, '/correccion'), { revision: now.revision, reason: 'No coincide.',
		items: [{ field: 'frente', reason: 'El plano dice 12.4.' }, { field: 'identificacion' }] }));
	assert.deepEqual([now.state.waits_for, now.stage], ['citizen', 'wait']);
	now = await caseOf(filed);
	assert.equal(now.clock.state, 'paused');
	assert.deepEqual(now.correction.items.map((one) => [one.field, one.reason]),
		[['frente', 'El plano dice 12.4.'], ['identificacion', 'No coincide.']]);

	const mend = (answers, revision = now.revision) => api.counter.post(at(filed, '/correccion/respuesta'), { revision, answers });
	assert.deepEqual(faults(await mend({ frente: '12.4' })), { identificacion: 'body.missing' });
	const card = ok(await api.counter.upload(pdf('credencial')), 201).id;
	assert.equal(faults(await mend({ frente: '12.4', identificacion: [card], nombre: 'Otra' })).nombre, 'correction.not_asked');
	assert.equal(faults(await mend({ frente: '0', identificacion: [card] })).frente, 'answer.min');
	ok(await mend({ frente: '12.4', identificacion: [card] }));
	now = await caseOf(filed);
	assert.equal(now.answers.frente, '12.4');
	assert.equal(now.clock.state, 'running');
	assert.deepEqual(now.files.filter((one) => one.field === 'identificacion').map((one) => one.state), ['replaced', 'given']);
	problem(await mend({ frente: '12.4', identificacion: [card] }, now.revision), 409, 'case.not-now');

	assert.deepEqual(faults(await api.clerk.post(at(filed, '/aprobar'), { revision: now.revision,
		fields: { numero_oficial: '123', frente_medido: 'doce', nombre: 'x' } })).nombre, 'answer.unknown');
	now = ok(await api.clerk.post(at(filed, '/aprobar'), { revision: now.revision, fields: { ...decision, frente_medido: '12' } }));
	assert.equal(now.stage, 'sign');
	problem(await api.clerk.post(at(filed, '/firmar'), { revision: now.revision, password }), 403);
	assert.deepEqual(faults(await api.officer.post(at(filed, '/firmar'), { revision: now.revision, password: 'no es la mía' })),
		{ password: 'password.wrong' });
	now = ok(await api.officer.post(at(filed, '/firmar'), { revision: now.revision, password }));
	assert.deepEqual([now.state.outcome, now.stage], ['approved', 'pay']);

	const owed = ok(await api.cashier.get(`/caja/${filed.number}`));
	assert.equal(owed.fee.total, '465.00');
	assert.ok(ok(await api.cashier.get('/caja')).cases.some((one) => one.number === filed.number));
	const pay = (change) => api.cashier.post(at(filed, '/pago'), { revision: owed.revision, folio: 'TES-0001', amount: '465.00',
		method: 'tarjeta', ...change });
	assert.deepEqual(faults(await pay({ amount: '464.99' })), { amount: 'payment.amount' });
	assert.deepEqual(faults(await pay({ method: 'trueque' })), { method: 'body.choice' });
	ok(await pay({}));
	problem(await pay({}), 409);
	problem(await api.cashier.get(`/caja/${filed.number}`), 409, 'case.paid');

	const permit = await until(async () => (await caseOf(filed)).documents.find((one) => one.kind === 'permit' && one.href),
		{ what: 'the permit' });
	const bytes = await api.clerk.get(permit.href.replace('/api/v1', ''));
	assert.equal(bytes.headers['content-type'], 'application/pdf');
	now = await caseOf(filed);
	now = ok(await api.counter.post(at(filed, '/entrega'), { revision: now.revision }));
	assert.deepEqual([now.state.is_final, now.stage], [true, 'done']);
	problem(await api.counter.post(at(filed, '/entrega'), { revision: now.revision }), 409, 'case.not-now');

	assert.deepEqual(faults(await api.officer.post(at(filed, `/documentos/${permit.id}/revocar`),
		{ revision: now.revision, password: 'x', reasons: 'Error en el número.' })), { password: 'password.wrong' });
	ok(await api.officer.post(at(filed, `/documentos/${permit.id}/revocar`),
		{ revision: now.revision, password, reasons: 'Error en el número.' }));
	assert.equal((await caseOf(filed)).documents.find((one) => one.id === permit.id).state, 'revoked');
});

test('refused with reasons, handed back, refused again, signed', async () => {
	const filed = await taken();
	assert.deepEqual(faults(await api.clerk.post(at(filed, '/negar'), { revision: filed.revision, reasons: '  ' })),
		{ reasons: 'body.missing' });
	let now = ok(await api.clerk.post(at(filed, '/negar'), { revision: filed.revision, reasons: 'Invade la vía pública.' }));
	assert.deepEqual((await caseOf(filed, api.officer)).actions, ['sign', 'return']);
	now = ok(await api.officer.post(at(filed, '/devolver'), { revision: now.revision, reasons: 'Cite el artículo.' }));
	assert.equal(now.stage, 'review');
	now = ok(await api.clerk.post(at(filed, '/negar'), { revision: now.revision, reasons: 'Invade la vía pública (art. 27).' }));
	now = ok(await api.officer.post(at(filed, '/firmar'), { revision: now.revision, password }));
	assert.deepEqual([now.state.outcome, now.state.is_final], ['refused', true]);
	const whole = await caseOf(filed);
	assert.equal(whole.decision.outcome, 'refused');
	assert.ok(whole.decision.signed_at);
});

test('the most urgent case that nobody has is taken by who asks; when none is left, 404', async () => {
	await api.counter.file();
	const next = () => api.officer.post('/siguiente', {});
	const first = ok(await next());
	assert.equal((await caseOf(first, api.officer)).assignee.is_you, true);
	while ((await next()).status === 200);
	problem(await next(), 404, 'api.none-waits');
	assert.deepEqual(faults(await api.officer.post('/siguiente', { department: 'no-hay' })), { department: 'query.unknown' });
});

test('two programs on one case: the second is told, and nothing is overwritten', async () => {
	const filed = await api.counter.file();
	const { revision } = await caseOf(filed);
	const answers = await Promise.all([api.clerk.post(at(filed, '/tomar'), { revision }), api.officer.post(at(filed, '/tomar'), { revision })]);
	assert.deepEqual(answers.map((one) => one.status).sort(), [200, 409]);
	problem(answers.find((one) => one.status === 409), 409, 'case.changed');
	problem(await api.clerk.post(at(filed, '/negar'), { revision, reasons: 'Tarde.' }), 409, 'case.changed');
	assert.equal((await caseOf(filed)).decision, undefined);
});

/* --- lists ---------------------------------------------------------------------------------------------------------------- */

test('inboxes and search find the case; what is no page or department is refused', async () => {
	const filed = await api.counter.file({ apellidos: 'Zyxwvut' });
	const { revision } = await caseOf(filed);
	const numbers = async (query, who = api.clerk) => ok(await who.get(`/expedientes?${query}`)).cases.map((one) => one.number);
	assert.ok((await numbers('box=team')).includes(filed.number));
	assert.ok(!(await numbers('box=mine')).includes(filed.number));
	ok(await api.clerk.post(at(filed, '/tomar'), { revision }));
	assert.ok((await numbers('box=mine')).includes(filed.number));
	assert.deepEqual(await numbers('q=zyxwvut'), [filed.number]);
	assert.deepEqual(await numbers('q=nadie+se+llama+asi'), []);
	assert.deepEqual(faults(await api.clerk.get('/expedientes?box=otra')), { box: 'body.choice' });
	assert.deepEqual(faults(await api.clerk.get('/expedientes?despues=1')), { despues: 'body.unknown' });
	assert.deepEqual(faults(await api.clerk.get('/expedientes?after=roto')), { after: 'query.unknown' });
	assert.deepEqual(faults(await api.clerk.get('/expedientes?department=no-hay')), { department: 'query.unknown' });
});

test('a list goes on page by page, each case once', async () => {
	for (let i = 0; i < 61; i++) await api.counter.file();
	const seen = [];
	let next;
	do {
		const page = ok(await api.clerk.get(`/expedientes?box=team${next ? `&after=${encodeURIComponent(next)}` : ''}`));
		assert.ok(page.cases.length <= 50);
		seen.push(...page.cases.map((one) => one.number));
		next = page.next;
	} while (next);
	assert.ok(seen.length >= 61);
	assert.equal(new Set(seen).size, seen.length);
});

/* --- repeated calls ---------------------------------------------------------------------------------------------------------- */

test('a filing sent again under its Idempotency-Key is filed once and answered alike', async () => {
	const files = [(await api.counter.upload()).json().id, (await api.counter.upload()).json().id];
	const body = { answers: { ...answersOf(files), apellidos: 'Repetida' }, declaration: true };
	const headers = { 'idempotency-key': 'una-vez-1' };
	const first = await api.counter.post(`/tramites/${slug}/solicitudes`, body, { headers });
	ok(first, 201);
	const again = await api.counter.post(`/tramites/${slug}/solicitudes`, body, { headers });
	assert.equal(again.status, 201);
	assert.equal(again.headers['idempotent-replayed'], 'true');
	assert.equal(again.headers.location, first.headers.location);
	assert.match(again.headers.location, /^\/api\/v1\/expedientes\//);
	assert.deepEqual(again.json(), first.json());
	assert.equal(ok(await api.clerk.get('/expedientes?q=repetida')).cases.length, 1);
	problem(await api.counter.post(`/tramites/${slug}/solicitudes`, { ...body, declaration: false }, { headers }), 409, 'api.idempotency');
	problem(await api.counter.post(`/tramites/${slug}/solicitudes`, body, { headers: { 'idempotency-key': 'x'.repeat(201) } }), 400,
		'api.idempotency');
	// What the database keeps of the answer opens nothing.
	const kept = town.sql('SELECT body FROM idempotency');
	const key = first.json().key;
	assert.ok(kept.length > 0 && !kept.includes(key) && !kept.includes(Buffer.from(key).toString('hex')));
});

test('twenty at once under one key: one case, twenty equal answers', async () => {
	const files = [(await api.counter.upload()).json().id, (await api.counter.upload()).json().id];
	const body = { answers: { ...answersOf(files), apellidos: 'Simultanea' }, declaration: true };
	const answers = await Promise.all(Array.from({ length: 20 }, () =>
		api.counter.post(`/tramites/${slug}/solicitudes`, body, { headers: { 'idempotency-key': 'a-la-vez' } })));
	assert.deepEqual([...new Set(answers.map((one) => one.status))], [201]);
	assert.equal(new Set(answers.map((one) => one.json().number)).size, 1);
	assert.equal(ok(await api.clerk.get('/expedientes?q=simultanea')).cases.length, 1);
});

test('a refused call is not kept: mended, it goes through under the same key', async () => {
	const filed = await api.counter.file();
	const { revision } = await caseOf(filed);
	const headers = { 'idempotency-key': 'enmendada' };
	problem(await api.clerk.post(at(filed, '/tomar'), {}, { headers }), 422);
	ok(await api.clerk.post(at(filed, '/tomar'), { revision }, { headers }));
	const again = await api.clerk.post(at(filed, '/tomar'), { revision }, { headers });
	assert.equal(again.headers['idempotent-replayed'], 'true');
	// The key is each program's own.
	problem(await api.officer.post(at(filed, '/tomar'), { revision }, { headers }), 409, 'case.changed');
});

test('the same key for another file is another call', async () => {
	const headers = { 'idempotency-key': 'archivo-1' };
	const first = ok(await api.counter.upload(pdf('uno'), { headers }), 201);
	assert.equal(ok(await api.counter.upload(pdf('uno'), { headers }), 201).id, first.id);
	problem(await api.counter.upload(pdf('dos'), { headers }), 409, 'api.idempotency');
});

/* --- bad input ------------------------------------------------------------------------------------------------------------------ */

test('bodies that are no JSON, no UTF-8, too deep, too large, or of another type', async () => {
	const path = `/tramites/${slug}/solicitudes`;
	problem(await api.counter.post(path, '{"answers":'), 400);
	problem(await api.counter.post(path, ''), 400, 'api.no-body');
	problem(await api.counter.post(path, '{"a":1,"a":2}'), 400);
	problem(await api.counter.post(path, Buffer.from('{"answers":{"nombre":"\xff\xfe"},"declaration":true}', 'latin1')), 400);
	problem(await api.counter.post(path, '['.repeat(200) + ']'.repeat(200)), 400);
	problem(await api.counter.post(path, JSON.stringify({ answers: { nombre: 'x'.repeat(1100000) }, declaration: true })), 413);
	problem(await api.counter.post(path, '{}', { type: 'text/plain' }), 415);
	problem(await api.counter.post(path, 'answers=1', { type: 'application/x-www-form-urlencoded' }), 415);
	problem(await api.counter.post(path, '{}', { type: null }), 415);
});

test('numbers that fit nowhere are faults, not failures', async () => {
	for (const frente of ['1e400', '-0.000001', '99999999999999999999', '8,5', 'NaN'])
		assert.ok(faults(await api.counter.post(`/tramites/${slug}/solicitudes`, { answers: { frente }, declaration: true })).frente, frente);
	problem(await api.counter.post(`/tramites/${slug}/solicitudes`, '{"answers":{"frente":1e400},"declaration":true}'), 400);
});

/* --- who may ---------------------------------------------------------------------------------------------------------------------- */

test('a missing, unknown, expired or withdrawn token is 401 and says Bearer', async () => {
	const filed = await api.counter.file();
	const cli = (...args) => runOk([...args.slice(0, 2), '--data', town.data, '--town', 'leon', ...args.slice(2)]);
	const tokenOf = async (name, spoil) => {
		const good = new Api(town.client(), (await cli('token', 'create', '--login', 'ana', '--name', name)).trim(), description);
		ok(await good.get(at(filed)));
		const [number] = (await cli('token', 'list')).split('\n').map((line) => line.split('\t')).find((line) => line[3] === name);
		await spoil(number);
		return good;
	};
	const end = (number) => cli('token', 'end', '--number', number);
	const expire = (number) => town.sql(`UPDATE api_token SET expires_at = 1 WHERE id = ${number}`);
	const tries = { missing: api.anonymous, unknown: new Api(town.client(), 'A'.repeat(52), description),
		long: new Api(town.client(), 'A'.repeat(5000), description), expired: await tokenOf('vencido', expire),
		withdrawn: await tokenOf('retirado', end) };
	assert.doesNotMatch(await cli('token', 'list'), /vencido|retirado/);
	for (const [how, who] of Object.entries(tries)) {
		const answer = await who.get(at(filed));
		assert.equal(answer.status, 401, how);
		assert.match(answer.headers['www-authenticate'], /^Bearer/, how);
		problem(await who.post(at(filed, '/tomar'), { revision: 1 }), 401);
	}
	// A signed-in browser is no program.
	const clerk = await town.signIn('ana');
	assert.equal((await clerk.get(`/api/v1/expedientes/${filed.number}`)).status, 401);
});

test('a permission that the role lacks is 403; a case out of scope is 404', async () => {
	const filed = await api.counter.file();
	problem(await api.clerk.post(`/tramites/${slug}/solicitudes`, { answers: {}, declaration: true }), 403);
	problem(await api.counter.post(at(filed, '/tomar'), { revision: 1 }), 403);
	problem(await api.cashier.get(at(filed)), 403);
	problem(await api.admin.get('/expedientes'), 403);
	problem(await api.clerk.get('/caja'), 403);
	problem(await api.clerk.get('/expedientes/AN-2026-999999'), 404);
	problem(await api.clerk.get('/expedientes/cualquiera'), 404);
	problem(await api.clerk.get(at(filed, '/documentos/999999')), 404);
	problem(await api.clerk.get(at(filed, '/adjuntos/999999')), 404);
	await runOk(['staff', 'add', '--data', town.data, '--town', 'leon', '--login', 'otra', '--name', 'De Catastro', '--post', 'Analista',
		'--roles', 'clerk', '--department', 'catastro'], { input: `${password}\n` });
	const elsewhere = new Api(town.client(), await town.token('otra'), description);
	problem(await elsewhere.get(at(filed)), 404);
	problem(await elsewhere.post(at(filed, '/tomar'), { revision: 1 }), 404);
	assert.deepEqual(ok(await elsewhere.get('/expedientes?q=solicitante')).cases, []);
	assert.deepEqual(faults(await elsewhere.get('/expedientes?department=desarrollo-urbano')), { department: 'query.unknown' });
});

test('what programs read is recorded like what people read', async () => {
	const filed = await api.counter.file();
	await api.clerk.get(at(filed));
	const rows = () => town.sql(`SELECT a.actor_kind, a.route FROM access_record a JOIN cases c ON c.id = a.case_id WHERE c.number = '${filed.number}'`);
	await until(() => rows().includes('token|/api/v1/expedientes/{number}'), { what: 'the access record' });
});

test('neither codes nor tokens nor what was said reach the log', async () => {
	const filed = await api.counter.file({ apellidos: 'Secretisima' });
	await api.clerk.post(at(filed, '/notas'), { text: 'Palabra reservada.' });
	const log = JSON.stringify(town.log());
	for (const secret of [filed.key, filed.status_code, api.clerk.token, 'Secretisima', 'Palabra reservada'])
		assert.ok(!log.includes(secret), secret);
});

test('a token of one municipality opens nothing in another', async () => {
	const two = await startTown({ packs: ['leon', 'barakaldo'] });
	try {
		const leon = new Api(two.client(), await two.token('ana'), description);
		const there = new Api(two.client('barakaldo'), leon.token, description);
		ok(await leon.get('/expedientes'));
		problem(await there.get('/expedientes'), 401);
		const slugs = async (who) => ok(await who.get('/tramites')).procedures.map((one) => one.slug);
		assert.ok((await slugs(leon)).includes(slug));
		assert.ok(!(await slugs(there)).includes(slug));
	} finally {
		await two.stop();
	}
});
