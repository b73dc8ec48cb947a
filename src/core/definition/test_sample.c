/* The sample of the tests: one town, one procedure with a field of every type. */
#include "core/definition/test_sample.h"

const char test_sample_town[] =
	"name: {es: Muestra}\n"
	"full_name: {es: Municipio de Muestra}\n"
	"state: {es: Estado}\n"
	"country_name: {es: País}\n"
	"country: MX\n"
	"hosts: [muestra.example]\n"
	"zone: UTC\n"
	"currency: MXN\n"
	"numbers: {decimal: '.', thousands: ',', currency: '$'}\n"
	"languages: [es, eu]\n"
	"regime: mx-muestra\n"
	"phone_prefix: '+52'\n"
	"phone_digits: 10\n"
	"hours: ['mon-fri 8:00-15:30', 'sat 9:00-13:00']\n"
	"weekend: sat,sun\n"
	"departments: [{id: obras, name: {es: Obras}}]\n"
	"offices: [{id: centro, name: {es: Centro}, address: {es: Calle 1}, departments: [obras], hours: ['mon-fri 8:00-15:30']}]\n"
	"officers: [{id: titular, post: {es: Titular}, department: obras}]\n"
	"topics: [{id: casa, name: {es: Casa}}]\n"
	"look: {town: '#0b5c49', town-deep: '#083a2f', town-tint: '#e4f0ea', town-line: '#9fc6b6', town-glow: '#b9e0cf', on-town: '#ffffff', logo: logo.svg}\n"
	"seal_name: {es: MUESTRA}\n"
	"texts: [{id: privacy, text: {es: Aviso}}]\n"
	"address:\n"
	"  without_number: s/n\n"
	"  parts:\n"
	"    - {part: street, label: {es: Calle}, required: true}\n"
	"    - {part: number, label: {es: Número}, required: true, or_parts: [block, lot]}\n"
	"    - {part: block, label: {es: Manzana}, shown: {es: 'Mz {}'}}\n"
	"    - {part: lot, label: {es: Lote}, shown: {es: 'lote {}'}}\n"
	"    - {part: postal_code, label: {es: Código postal}, pattern: '99999'}\n"
	"cadastral_mask: '99-999-999'\n";

/* Line numbers of this text stand in test_schema.c. */
const char test_sample_procedure[] =
	"id: muestra\n"
	"prefix: MU\n"
	"version: 1\n"
	"name: {es: Muestra, eu: Lagina}\n"
	"summary: {es: Una muestra}\n"
	"department: obras\n"
	"topic: casa\n"
	"sheet:\n"
	"  what: {es: Qué}\n"
	"  who: {es: Quién}\n"
	"  fee: {amount: 412.00, moment: on_delivery, source: demo}\n"
	"  term: 15 working_days\n"
	"  silence: {effect: unknown}\n"
	"  channels: [online]\n"
	"  requirements: [{id: croquis, name: {es: Croquis}, field: archivo, when: uso == 'local'}]\n"
	"form:\n"
	"  declaration: {es: Declaro}\n"
	"  pages:\n"
	"    - id: uno\n"
	"      title: {es: Uno}\n"
	"      fields:\n"
	"        - {id: nombre, type: text, label: {es: Nombre, eu: Izena}, role: applicant_name, max_length: 20}\n"
	"        - id: frente\n"
	"          type: number\n"
	"          label: {es: Frente}\n"
	"          unit: {es: metros}\n"
	"          min: 0.5\n"
	"          max: 2000\n"
	"        - {id: fecha, type: date, label: {es: Fecha}, required: false, min: 2000-01-01, max: today}\n"
	"        - id: uso\n"
	"          type: choice\n"
	"          label: {es: Uso}\n"
	"          options:\n"
	"            - {id: casa, label: {es: Una casa}}\n"
	"            - {id: local, label: {es: Un local}}\n"
	"        - {id: giro, type: text, label: {es: Giro}, when: uso == 'local'}\n"
	"        - {id: para, type: choices, label: {es: Para}, required: false, options: [{id: agua, label: {es: Agua}}, {id: luz, label: {es: Luz}}]}\n"
	"    - id: dos\n"
	"      title: {es: Dos}\n"
	"      when: frente > 1\n"
	"      fields:\n"
	"        - {id: tiene, type: yes_no, label: {es: Tiene}, required: false}\n"
	"        - {id: costo, type: money, label: {es: Costo}, required: tiene, min: 1.00}\n"
	"        - {id: curp, type: curp, label: {es: CURP}, required: false}\n"
	"        - {id: rfc, type: rfc, label: {es: RFC}, required: false}\n"
	"        - {id: nif, type: nif, label: {es: NIF}, required: false}\n"
	"        - {id: telefono, type: phone, label: {es: Teléfono}, role: applicant_phone, required: false}\n"
	"        - {id: correo, type: mail, label: {es: Correo}, role: applicant_mail, required: false}\n"
	"        - {id: predio, type: address, label: {es: Predio}, role: place_address, required: false}\n"
	"        - {id: punto, type: point, label: {es: Punto}, required: false}\n"
	"        - {id: clave, type: cadastral_key, label: {es: Clave}, required: false}\n"
	"        - {id: placa, type: text, label: {es: Placa}, required: false, pattern: AAA-999, pattern_message: {es: Como ABC-123}}\n"
	"        - {id: archivo, type: attachment, label: {es: Archivo}, required: false, accept: [pdf], max_size_mb: 5, max_files: 2}\n"
	"        - {id: notas, type: textarea, label: {es: Notas}, required: false}\n"
	"        - id: niveles\n"
	"          type: group\n"
	"          label: {es: Niveles}\n"
	"          row_label: {es: Nivel}\n"
	"          max_rows: 3\n"
	"          fields:\n"
	"            - {id: superficie, type: number, label: {es: Superficie}, unit: {es: m²}}\n"
	"            - {id: destino, type: text, label: {es: Destino}, when: superficie > 50}\n"
	"        - {id: aviso, type: note, text: {es: Lea esto}}\n"
	"  checks:\n"
	"    - {id: suma, rule: sum(niveles.superficie) <= frente * 100, message: {es: No cabe}, field: niveles}\n"
	"    - {id: grande, rule: frente <= 200, message: {es: Muy grande}, field: frente, warning: true}\n"
	"  decision:\n"
	"    - {id: numero, type: text, label: {es: Número}, personal: none}\n"
	"    - {id: medido, type: number, label: {es: Medido}, required: false, personal: none}\n"
	"constants:\n"
	"  - {id: tarifa, label: {es: Tarifa base}, amount: 265.00, source: demo}\n"
	"  - {id: metro, label: {es: Metro}, amount: 26.50, source: demo}\n"
	"  - {id: rebaja, label: {es: Rebaja}, percentage: 10, source: demo}\n"
	"fees:\n"
	"  - {id: linea, label: {es: Alineamiento}, amount: tarifa}\n"
	"  - {id: metros, label: {es: Metros}, when: 'if(filled(medido), medido, frente) > 10', amount: 'metro * (if(filled(medido), medido, frente) - 10)'}\n"
	"  - {id: menos, label: {es: Rebaja}, when: tiene, amount: -rebaja * (linea + metros)}\n"
	"workflow:\n"
	"  states:\n"
	"    - {id: recibido, name: {es: Recibido}, citizen: {es: Recibido}, turn: town}\n"
	"    - {id: aprobado, name: {es: Aprobado}, citizen: {es: Aprobado}, turn: nobody, outcome: approved, final: true}\n"
	"    - {id: negado, name: {es: Negado}, citizen: {es: Negado}, turn: nobody, outcome: refused, final: true}\n"
	"  transitions:\n"
	"    - {action: approve, from: [recibido], to: aprobado, who: staff, permission: case.decide, document: permiso, label: {es: Aprobar}}\n"
	"    - {action: refuse, from: [recibido], to: negado, who: staff, permission: case.decide, needs: [reasons], label: {es: Negar}}\n"
	"documents:\n"
	"  - {id: permiso, kind: permit, title: {es: Permiso}, body: {es: documents/permiso.md}, officer: titular, grant: numero}\n"
	"retention: {span: 5 years, then: archive}\n"
	"tests:\n"
	"  - {name: mínima, answers: {nombre: Ana, frente: 1, uso: casa}, valid: true, pages: [uno], fee: 265.00}\n";

static const char body[] =
	"A {{nombre}}, número **{{numero}}**, frente {{frente}}, {{uso}}.\n"
	"{{if filled(giro)}}Giro: {{giro}}. {{end}}Tarifa {{tarifa}}, total {{fee.total}}.\n"
	"{{if tiene}}Tiene{{else}}No tiene{{end}}\n\n{{reasons}}\n";

struct str test_sample_replace(struct test *t, const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);
	must(at);
	return arena_printf(t->arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

struct pack *test_sample_build(struct test *t, struct str town, struct str procedure,
	struct findings *findings)
{
	struct pack_file files[] = {
		{ STR("calendars/2026.yaml"),
			STR("year: 2026\ntitle: {es: T}\nsource: demo\ndays: [{date: 2026-11-16, name: {es: R}}]\n") },
		{ STR("documents/permiso.md"), str_of(body) },
		{ STR("logo.svg"), STR("<svg viewBox=\"0 0 1 1\"><path d=\"M0 0h1v1z\"/></svg>") },
		{ STR("pack.yaml"), town },
		{ STR("procedures/muestra.yaml"), procedure },
	};
	struct pack_file *kept = ARENA_ARRAY(t->arena, struct pack_file, 5);
	memcpy(kept, files, sizeof files);
	struct pack *p;
	*findings = findings_new(t->arena);
	must(!pack_build(t->arena, STR("muestra"), (struct pack_files){ kept, 5 }, NULL, findings, &p));
	return p;
}

struct pack *test_sample_pack(struct test *t)
{
	struct findings findings;
	struct pack *p = test_sample_build(t, str_of(test_sample_town), str_of(test_sample_procedure), &findings);
	for (size_t i = 0; i < findings.count; i++)
		printf("# %.*s:%d:%d %.*s\n", STR_FMT(findings.items[i].file), findings.items[i].line,
			findings.items[i].column, STR_FMT(findings.items[i].text));
	must(p);
	return p;
}

struct answers *test_sample_answers(struct test *t, const struct pack *pack, const char *json)
{
	struct json *map;
	struct date today = DATE_NONE;
	date_of_ymd(2026, 11, 24, &today);
	must(!json_parse(t->arena, str_of(json), &map));
	struct answers *s = answers_new(t->arena, pack, pack->procedures.items[0], today);
	struct err *e = answers_from_json(s, map);
	if (e) test_fail(t, __FILE__, __LINE__, "%s", e->detail);
	return s;
}
