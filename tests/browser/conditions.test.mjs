// Conditions in the real form: what a browser shows and hides at once is what the server asks when there is no
// JavaScript, for every combination of the choices on a page; and what is hidden in the end is not filed.
// (That the two evaluators agree on expressions: tests/expressions.)
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { cookiesOf, launch, openPage } from '../lib/browser.mjs';
import { fileCase, fillForm, pdfFile, slug, volante } from '../lib/journey.mjs';
import { hosts, startTown } from '../lib/server.mjs';

let town;
let browser;
before(async () => { [town, browser] = await Promise.all([startTown({ packs: ['leon', 'barakaldo'] }), launch()]); });
after(async () => {
	await browser?.close();
	await town?.stop();
});

const procedures = {
	leon: { slug, pages: ['titular', 'uso', 'avisos'], given: {} },
	barakaldo: { slug: volante.procedure, pages: ['persona', 'volante', 'avisos'], given: volante.answers },
};
const baseOf = (pack) => `http://${hosts[pack]}:${town.port}`;
const pageOf = (client, pack, scripts) => openPage(browser, { scripts, baseURL: baseOf(pack), cookies: cookiesOf(client, baseOf(pack)) });
const steps = (pack) => `/tramites/${procedures[pack].slug}`;

// Every combination of the radio buttons that conditions of the page speak of; of check boxes none, each alone, and all.
const combinations = (page) => page.evaluate(() => {
	const conditions = [...document.querySelectorAll('#paso [data-when]')].map((one) => one.dataset.when).join();
	const groups = {};
	for (const one of document.querySelectorAll('#paso input[type=radio], #paso input[type=checkbox]'))
		if (conditions.includes(`"${one.name}"`)) (groups[one.name] ??= { isRadio: one.type === 'radio', values: [] }).values.push(one.value);
	return Object.entries(groups).reduce((all, [name, group]) => {
		const ways = group.isRadio ? group.values.map((value) => [value]) : [[], ...group.values.map((value) => [value]), group.values];
		return all.flatMap((one) => ways.map((way) => ({ ...one, [name]: way })));
	}, [{}]);
});

// Sets the choices of the page.
async function choose(page, chosen) {
	for (const [name, values] of Object.entries(chosen))
		for (const one of await page.locator(`#paso input[name="${name}"]`).all())
			if (await one.getAttribute('type') === 'checkbox') await one.setChecked(values.includes(await one.getAttribute('value')), { force: true });
			else if (values.includes(await one.getAttribute('value'))) await one.check({ force: true });
}

const shown = (page) => page.evaluate(() => [...document.querySelectorAll('#paso [data-question]')]
	.filter((one) => one.checkVisibility()).map((one) => one.dataset.question).join(' '));

for (const pack of Object.keys(procedures)) {
	test(`what is shown with and without JavaScript is the same: ${pack}`, async () => {
		const { given, pages } = procedures[pack];
		const [quick, slow] = [town.client(pack), town.client(pack)];
		for (const client of [quick, slow]) await fillForm(client, given, { procedure: procedures[pack].slug });
		const [withScripts, without] = [await pageOf(quick, pack, true), await pageOf(slow, pack, false)];
		let compared = 0;
		for (const step of pages) {
			const address = `${steps(pack)}/paso/${step}`;
			await withScripts.goto(address);
			for (const chosen of await combinations(withScripts)) {
				await choose(withScripts, chosen);
				await without.goto(address);
				await choose(without, chosen);
				await without.locator('#paso .button-row button').first().click();
				await without.goto(address);
				assert.equal(await shown(withScripts), await shown(without), `${pack} ${step} ${JSON.stringify(chosen)}`);
				compared++;
			}
		}
		assert.ok(compared >= 8, String(compared));
		assert.deepEqual(withScripts.complaints, []);
		for (const page of [withScripts, without]) await page.context().close();
	});
}

// "Answers to questions that no longer apply are not kept": typed on the page before the choice was changed, and
// saved with an earlier version of the page.
const secrets = {
	leon: { step: 'titular', name: 'titular_nombre', before: { calidad: 'apoderado', titular_nombre: 'Nadie Lo Lea Nunca', carta_poder: pdfFile('poder.pdf') },
		choice: 'calidad', opens: 'apoderado', closes: 'propietario' },
	barakaldo: { step: 'persona', name: 'representado', before: { en_nombre_de: 'otra', representado: 'Nadie Lo Lea Nunca', autorizacion: pdfFile('poder.pdf') },
		choice: 'en_nombre_de', opens: 'otra', closes: 'propio' },
};
// How often they are kept with a case: its answers and its files.
const kept = (pack) => ["answers FROM cases WHERE CAST(answers AS TEXT) LIKE '%Nadie Lo Lea%'", "id FROM attachment WHERE case_id > 0 AND file_name = 'poder.pdf'"]
	.map((rows) => Number(town.sql(`SELECT count(*) FROM (SELECT ${rows}) AS found`, pack)));

for (const pack of Object.keys(secrets)) {
	test(`what applies is filed: ${pack}`, async () => {
		await fileCase(town.client(pack), { ...procedures[pack].given, ...secrets[pack].before }, { procedure: procedures[pack].slug });
		assert.deepEqual(kept(pack), [1, 1]);
	});
	for (const scripts of [true, false]) {
		test(`what is hidden in the end is not filed: ${pack}, ${scripts ? 'with' : 'without'} JavaScript`, async () => {
			const secret = secrets[pack];
			const options = { procedure: procedures[pack].slug };
			const before = kept(pack);
			const client = town.client(pack);
			await fillForm(client, { ...procedures[pack].given, ...secret.before }, options);
			const page = await pageOf(client, pack, scripts);
			await page.goto(`${steps(pack)}/paso/${secret.step}`);
			assert.equal(await page.inputValue(`[name=${secret.name}]`), 'Nadie Lo Lea Nunca', 'it was kept while it applied');
			await page.fill(`[name=${secret.name}]`, 'Nadie Lo Lea Tampoco');
			await page.locator(`[name=${secret.choice}][value=${secret.closes}]`).check({ force: true });
			assert.equal(await page.locator(`[name=${secret.name}]`).isVisible(), !scripts);
			await page.locator('#paso .button-row button').first().click();
			await page.goto(`${steps(pack)}/revisar`);
			assert.doesNotMatch(await page.locator('main').innerText(), /Nadie Lo Lea|poder\.pdf/);
			await page.locator('label[for=declara]').click();
			await page.getByRole('button', { name: /Firmar y enviar/ }).click();
			await page.waitForURL(/\/acuse$/);
			assert.doesNotMatch(await page.locator('main').innerText(), /Nadie Lo Lea|poder\.pdf/);
			assert.deepEqual(kept(pack), before);
			await page.context().close();
		});
	}
}
