/*
 * Papers for the tests. The towns and persons are samples; the texts are in three languages because the
 * writer knows none.
 */
#include "core/pdf/test_samples.h"
#include "base/buf.h"

static const char logo[] =
	"<svg viewBox=\"0 0 26 30\"><path fill=\"currentColor\" d=\"M1 1h24v16c0 6-5 10-12 12C6 27 1 23 1 17z\"/>"
	"<path fill=\"none\" stroke=\"#fff\" stroke-opacity=\".75\" d=\"M3.5 3.5h19V17c0 4.6-4 7.8-9.5 9.5C7.5 24.8 3.5"
	" 21.6 3.5 17z\"/><path fill=\"#fff\" d=\"M9.5 8h2.9v9.6h5.2V20H9.5z\"/></svg>";

static const char plan[] =
	"<svg viewBox=\"0 0 240 220\"><title>Croquis</title>"
	"<g fill=\"none\" stroke=\"#14201b\" stroke-width=\"1.2\"><path stroke-dasharray=\"5 4\" d=\"M10 186h220\"/>"
	"<path d=\"M10 170h220M40 30v140M200 30v140M40 30h160\"/>"
	"<path fill=\"#e4f0ea\" stroke=\"currentColor\" stroke-width=\"2\" d=\"M92 46h56v124H92z\"/>"
	"<path d=\"M92 34h56M92 30v8M148 30v8M162 46v124M158 46h8M158 170h8\"/><path d=\"M20 60l6-16 6 16-6-4z\"/></g>"
	"<g fill=\"#14201b\" font-size=\"9\" text-anchor=\"middle\"><text x=\"120\" y=\"27\">8.50</text>"
	"<text x=\"180\" y=\"112\">18.00</text><text x=\"120\" y=\"112\">123</text><text x=\"66\" y=\"112\">lote 11</text>"
	"<text x=\"120\" y=\"204\">Calle de Ejemplo</text><text x=\"205\" y=\"182\">eje 6.00</text>"
	"<text x=\"26\" y=\"40\">N</text></g></svg>";

struct press *sample_press(struct test *t)
{
	struct press *press = NULL;
	struct err *e = press_open(t->arena, &(struct press_paths){ .fonts = STR("assets/fonts") }, &press);
	if (e) test_fail(t, __FILE__, __LINE__, "press_open: %s", e->detail);
	return press;
}

struct instant sample_instant(void)
{
	struct instant at = { 0 };
	must(instant_parse(STR("2026-12-08T18:04:31Z"), &at));
	return at;
}

static struct paper_brand leon(void)
{
	return (struct paper_brand){
		.name = STR("Municipio de León"),
		.sub = STR("Guanajuato"),
		.logo_svg = str_of(logo),
		.seal_text = STR("MUNICIPIO DE LEÓN · REGISTRO GENERAL"),
		.town = { 0x0b, 0x5c, 0x49 },
		.town_deep = { 0x08, 0x3a, 0x2f },
		.town_tint = { 0xe4, 0xf0, 0xea },
		.town_line = { 0x9f, 0xc6, 0xb6 },
		.watermark = STR("DEMOSTRACIÓN · SIN VALOR"),
	};
}

static struct paper_labels spanish(void)
{
	return (struct paper_labels){
		.page = STR("Página {page} de {pages}"),
		.margin = STR("Clave {key} · compruebe en {address} · página {page} de {pages}"),
		.check = STR("Compruebe este documento en **{address}** con el código o la clave del margen."),
		.seal_alt = STR("Sello del municipio, 8 de diciembre de 2026"),
		.qr_alt = STR("Código QR con la dirección para comprobar este documento"),
		.seal_field = STR("Sello electrónico de Desarrollo Urbano"),
	};
}

static struct paper_check check(void)
{
	return (struct paper_check){
		.key = STR("3F7K-Q9XM-2BTD-4WE8-HR5N-YC6P-ZA"),
		.address = STR("leon.example/verificar"),
		.qr = STR("https://leon.example/verificar#3F7KQ9XM2BTD4WE8HR5NYC6PZA"),
	};
}

static const struct document_number numbers[] = {
	{ STR("Oficio"), STR("S-2026-009240") },
	{ STR("Expediente"), STR("AN-2026-002614") },
};

static const struct paper_fact lot[] = {
	{ .key = STR("Clave catastral"), .value = STR("01-000-123-004") },
	{ .key = STR("Frente"), .value = STR("8.50 m sobre Calle de Ejemplo") },
	{ .key = STR("Fondo"), .value = STR("18.00 m") },
	{ .key = STR("Ancho de calle"), .value = STR("12.00 m entre paramentos") },
	{ .key = STR("Banqueta"), .value = STR("1.80 m") },
	{ .key = STR("Restricción"), .value = STR("Ninguna al frente") },
};

static const struct document_section permit_sections[] = {
	{ .heading = STR("A favor de"), .markdown = STR("Solicitante de muestra") },
	{ .heading = STR("Predio y alineamiento"), .facts = lot, .fact_count = 6 },
};

static const struct str permit_decisions[] = {
	STR("Se asigna el número oficial y se marca el alineamiento que aquí se indican."),
	STR("El número se coloca visible desde la calle, a más tardar en 30 días."),
	STR("Este documento no autoriza obra ni acredita la propiedad."),
};

struct document_view sample_permit(void)
{
	return (struct document_view){
		.lang = STR("es-MX"),
		.author = STR("Municipio de León, Desarrollo Urbano"),
		.made = sample_instant(),
		.brand = leon(),
		.labels = spanish(),
		.check = check(),
		.department = STR("Desarrollo Urbano"),
		.title = STR("Alineamiento y Número Oficial"),
		.numbers = numbers,
		.number_count = 2,
		.grant_value = STR("123"),
		.grant_text = STR("**Calle de Ejemplo 123**, Colonia de Muestra, C. P. 37000, León, Guanajuato.\\\n"
						  "Número oficial asignado al predio Mz 4, lote 12."),
		.plan_svg = str_of(plan),
		.plan_alt = STR("Croquis: lote de 8.50 por 18.00 metros, con frente a Calle de Ejemplo"),
		.sections = permit_sections,
		.section_count = 2,
		.decisions_heading = STR("Se resuelve"),
		.decisions = permit_decisions,
		.decision_count = 3,
		.basis_heading = STR("Fundamento y vigencia"),
		.basis = STR(
			"Código Territorial para el Estado y los Municipios de Guanajuato; Ley de Ingresos para el "
			"Municipio de León, ejercicio fiscal 2026. Cuota pagada: $ 412.00, recibo R-2026-031177. Vigente hasta el "
			"**8 de diciembre de 2027**. Puede impugnarse en el plazo que fija la ley."),
		.officer = STR("Titular de la unidad (cargo de muestra)"),
		.organ = STR("Desarrollo Urbano"),
		.seal_line = STR("Firma electrónica del órgano: PAdES, clave de sello DU-1"),
		.place_date = STR("León, Guanajuato, 8 de diciembre de 2026"),
		.seal_date = STR("8 · DIC · 2026"),
	};
}

struct document_view sample_long(struct arena *a)
{
	static const char lead[] =
		"El ayuntamiento resuelve sobre la solicitud de **Łukasz Źdźbło**, *Ane Etxeberria* y J\xCC\x81"
		"ón Čapek, con domicilio "
		"en C/ Ejemplo 3. Errolda-ziurtagiria eta obra-lizentzia euskaraz ere ematen dira. Ž, ǧ, ŭ, ș, ő, ð. "
		"La norma se lee en [el boletín](https://boletin.example/2026/341).\n\n"
		"# Condiciones\n\n- Horario: de 8:00 a 15:30\n- Residuos\n  1. Separar en obra\n  2. Entregar en punto limpio\n"
		"     - con justificante\n- Ocupación de la vía: máximo 1.20 m\n\n> Lo no previsto aquí lo decide la unidad.\n\n"
		"## Superficies\n\n";
	struct buf b = buf_new(a, 64 * 1024);
	buf_add(&b, str_of(lead));
	buf_add(&b, STR("| Local | Uso | Superficie | Observaciones |\n|:--|:--|--:|:--|\n"));
	for (int i = 1; i <= 44; i++)
		buf_printf(&b, "| L-%02d | %s | %d.%02d m² | %s |\n", i, i % 3 ? "Vivienda" : "Comercio",
			40 + i * 7 % 60, i * 13 % 100,
			i % 5 ? "" : "Requiere **ventilación** mecánica según la ficha técnica adjunta");
	struct document_section *sections = ARENA_ARRAY(a, struct document_section, 1);
	sections[0] = (struct document_section){ .heading = STR("Antecedentes"), .markdown = buf_str(&b) };
	struct document_view v = sample_permit();
	v.title = STR("Licencia de obra mayor con ocupación de la vía pública");
	v.plan_svg = v.plan_alt = STR_NONE;
	v.grant_value = STR("Concedida");
	v.sections = sections;
	v.section_count = 1;
	return v;
}

static const struct paper_fact received[] = {
	{ .key = STR("Recibido"),
		.value = STR("Martes 10 de noviembre de 2026, 10:42:07"),
		.note = STR("Oficina de registro en línea") },
	{ .key = STR("Trámite"),
		.value = STR("Alineamiento y Número Oficial"),
		.note = STR("Expediente AN-2026-002614") },
	{ .key = STR("Presenta"), .value = STR("Solicitante de muestra") },
	{ .key = STR("Respuesta a más tardar"),
		.value = STR("Miércoles 2 de diciembre de 2026"),
		.strong = true,
		.note = STR("Si no hay respuesta, la solicitud se entiende negada.") },
};

static const struct receipt_file files[] = {
	{ STR("solicitud.pdf"), STR("212 kB"),
		STR("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08") },
	{ STR("contrato-muestra.pdf"), STR("1.8 MB"),
		STR("60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752") },
	{ STR("fachada.jpg"), STR("3.2 MB"),
		STR("fd61a03af4f77d870fc21e05e7e80678095c92d808cfb3b5c279ee04c74aca13") },
};

static const struct receipt_step steps[] = {
	{ STR("Hoy: su solicitud quedó registrada"), STR("No tiene que hacer nada más por ahora."), true },
	{ STR("A más tardar el 18 de noviembre: revisamos que esté completa"),
		STR("Si falta algo le escribimos una sola vez, con todo lo que falta."), false },
	{ STR("A más tardar el 2 de diciembre: le respondemos"),
		STR("Paga $ 412.00 y descarga su documento firmado."), false },
};

struct receipt_view sample_receipt(void)
{
	struct receipt_view v = {
		.lang = STR("es-MX"),
		.author = STR("Municipio de León, Registro General"),
		.made = sample_instant(),
		.brand = leon(),
		.labels = spanish(),
		.check = { .qr = STR("https://leon.example/estado#7K4MQ2XP9B3D"),
			.address = STR("leon.example/estado") },
		.title = STR("Recibimos su solicitud"),
		.number_label = STR("Número de registro"),
		.number = STR("E-2026-018342"),
		.facts = received,
		.fact_count = 4,
		.files_heading = STR("Se recibieron"),
		.files_name = STR("Archivo"),
		.files_size = STR("Tamaño"),
		.files_sha256 = STR("Huella SHA-256"),
		.files = files,
		.file_count = 3,
		.code_heading = STR("Código de seguimiento"),
		.code_text = STR("Guárdelo: con él ve en qué va, sin cuenta y sin decir su nombre."),
		.code = STR("7K4M-Q2XP-9B3D"),
		.stub_text = STR(
			"Anotado en el registro público. Cualquiera puede comprobar este acuse; nadie puede borrarlo, "
			"tampoco el municipio."),
		.steps_heading = STR("Qué sigue"),
		.steps = steps,
		.step_count = 3,
		.seal_date = STR("10 · NOV · 2026"),
		.seal_line = STR("Sello electrónico del registro: PAdES, clave de sello RG-1"),
	};
	v.labels.check = STR("Siga su trámite en **{address}** con el código.");
	v.labels.seal_alt = STR("Sello del registro, 10 de noviembre de 2026");
	return v;
}

struct seal_key *sample_key(struct test *t, enum seal_algorithm algorithm, struct str *ret_authority_pem)
{
	/* Wide, because the programs outside look at the machine's clock. */
	struct instant from = { 0 }, until = { 0 };
	must(instant_parse(STR("2020-01-01T00:00:00Z"), &from) &&
		instant_parse(STR("2049-01-01T00:00:00Z"), &until));
	struct seal_subject subject = { .common_name = STR("Autoridad de muestra"),
		.organization = STR("Municipio de León"),
		.country = STR("MX"),
		.from = from,
		.until = until,
		.algorithm = algorithm,
		.authority = true };
	struct seal_key *authority = NULL, *key = NULL;
	struct err *e = seal_key_make(t->arena, &subject, NULL, &authority);
	subject.common_name = STR("Sello DU-1");
	subject.organ = STR("Desarrollo Urbano");
	subject.authority = false;
	if (!e) e = seal_key_make(t->arena, &subject, authority, &key);
	if (!e) e = seal_key_certificates_pem(t->arena, authority, ret_authority_pem);
	if (e) test_fail(t, __FILE__, __LINE__, "sample_key: %s", e->detail);
	return key;
}

struct str sample_sealed(struct test *t, struct str pdf, const struct seal_key *key)
{
	struct str sealed = STR("");
	struct err *e = pades_seal(t->arena, pdf, key, sample_instant(), &sealed);
	if (e) test_fail(t, __FILE__, __LINE__, "pades_seal: %s", e->detail);
	return sealed;
}
