#include "app/demo/people.h"
#include "base/utf8.h"
#include "core/identity/identity.h"

static const char *const given_women[] = { "María Guadalupe", "Ana Laura", "Verónica", "Leticia", "Silvia",
	"Rosa Elena", "Claudia", "Gabriela", "Patricia", "Adriana", "Lucía", "Daniela", "Fernanda", "Beatriz",
	"Alma Delia", "Irene", "Teresa", "Norma Angélica", "Carolina", "Ximena" };
static const char *const given_men[] = { "José Luis", "Juan Carlos", "Miguel Ángel", "Francisco Javier",
	"Luis Fernando", "Arturo", "Sergio", "Raúl", "Héctor", "Óscar", "Ramón", "Ignacio", "Efraín", "Gerardo",
	"Emilio", "Rodrigo", "Saúl", "Tomás", "Víctor Hugo", "Álvaro" };
static const char *const surnames_mexico[] = { "García", "Hernández", "Ramírez", "González", "Muñoz",
	"Torres", "Flores", "Rangel", "Aguilar", "Gutiérrez", "Núñez", "Macías", "Padilla", "Velázquez", "Ortega",
	"Ibarra", "Cervantes", "Ibáñez", "Zúñiga", "Barajas", "Guerrero", "Méndez", "Ledesma", "Alcalá", "Vargas",
	"Pacheco", "Becerra", "Quiroz", "Lozano", "Negrete" };
static const char *const surnames_spain[] = { "García", "Fernández", "Etxeberria", "Agirre", "López",
	"Ugarte", "Zabala", "Martínez", "Ibarra", "Goikoetxea", "Núñez", "Larrea", "Santos", "Urrutia", "Elorza",
	"Prieto", "Mendizabal", "Otero" };

static const char *const streets_mexico[] = { "Calle Cantera Rosa", "Calle del Hormero", "Bulevar Hilanderos",
	"Calle Nogal de Arriba", "Privada del Telar", "Calle Loma Pelona", "Avenida de las Curtidurías",
	"Calle Fuente Vieja", "Calle Sauce Cenizo", "Andador Piedra Lisa", "Calle Volcán del Sur",
	"Bulevar Valle Quieto", "Calle Suela y Tacón", "Calle Mezquite Grande", "Privada Los Tejados",
	"Calle Arroyo Hondo de Abajo" };
static const char *const colonias[] = { "Colonia Las Hormas", "Colonia Loma del Telar",
	"Fraccionamiento Valle Quieto", "Colonia La Cantera Chica", "Fraccionamiento Puerta del Mezquite",
	"Colonia San Crispín Nuevo", "Barrio del Hilo", "Colonia Agua Clara de Arriba",
	"Fraccionamiento Mirador Viejo", "Colonia Las Suelas" };
static const char *const streets_spain[] = { "Calle Laminadores", "Calle Ribera Baja", "Plaza del Mineral",
	"Avenida del Cargadero", "Calle Altos Talleres", "Calle Fuente de Arriba", "Travesía del Tranvía",
	"Calle Remolcadores" };
static const char *const barrios[] = { "Barrio del Cargadero", "Barrio Ribera Baja", "Barrio Los Talleres",
	"Barrio Mineral" };

/* --- identity numbers ----------------------------------------------------------------------------------------- */

/* Capital letters without accents, as CURP and RFC take names; Ñ becomes X. */
static struct str plain_capitals(struct arena *a, const char *name)
{
	static const struct {
		int32_t from;
		char to;
	} letters[] = { { 0xe1, 'A' }, { 0xc1, 'A' }, { 0xe9, 'E' }, { 0xc9, 'E' }, { 0xed, 'I' }, { 0xcd, 'I' },
		{ 0xf3, 'O' }, { 0xd3, 'O' }, { 0xfa, 'U' }, { 0xda, 'U' }, { 0xfc, 'U' }, { 0xf1, 'X' },
		{ 0xd1, 'X' } };
	struct str s = str_of(name);
	struct buf out = buf_new(a, 200);
	for (size_t at = 0; at < s.n;) {
		int32_t c = utf8_next(s, &at);
		char plain = c >= 'a' && c <= 'z' ? (char)(c - 32) : c < 128 ? (char)c : '?';
		for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
			if (letters[i].from == c) plain = letters[i].to;
		}
		buf_add_char(&out, plain);
	}
	return buf_str(&out);
}

static bool is_vowel(char c) { return c == 'A' || c == 'E' || c == 'I' || c == 'O' || c == 'U'; }

/* The first vowel, or consonant, after the first letter. */
static char inner(struct str name, bool wants_vowel)
{
	for (size_t i = 1; i < name.n && name.p[i] != ' '; i++) {
		if (is_vowel(name.p[i]) == wants_vowel) return name.p[i];
	}
	return 'X';
}

/* Of "María Guadalupe" and "José Luis" the second name counts. */
static struct str counted_given(struct str given)
{
	struct str rest = given;
	struct str first = str_cut(&rest, ' ');
	bool is_common = str_eq(first, STR("MARIA")) || str_eq(first, STR("JOSE"));
	return is_common && !str_is_none(rest) ? rest : first;
}

/* The first ten characters of CURP and RFC: letters of the name and the date of birth. */
static struct str name_and_birth(struct arena *a, struct str given, struct str first, struct str second,
	struct date born)
{
	int year, month, day;
	date_to_ymd(born, &year, &month, &day);
	return arena_printf(a, "%c%c%c%c%02d%02d%02d", first.p[0], inner(first, true), second.p[0], given.p[0],
		year % 100, month, day);
}

static int place_in(const char *alphabet, char c)
{
	const char *found = strchr(alphabet, c);
	must(found != NULL);
	return (int)(found - alphabet);
}

static struct str curp_of(struct arena *a, struct str base, bool is_woman, struct str given, struct str first,
	struct str second)
{
	/* As the standard counts them; '\1' stands where Ñ has its place. */
	static const char alphabet[] = "0123456789ABCDEFGHIJKLMN\1OPQRSTUVWXYZ";
	struct str s = arena_printf(a, "%.*s%cGT%c%c%c0", STR_FMT(base), is_woman ? 'M' : 'H',
		inner(first, false), inner(second, false), inner(given, false));
	int sum = 0;
	for (int i = 0; i < 17; i++)
		sum += place_in(alphabet, s.p[i]) * (18 - i);
	return arena_printf(a, "%.*s%d", STR_FMT(s), (10 - sum % 10) % 10);
}

static struct str rfc_of(struct arena *a, struct str base, struct str full_name)
{
	static const char alphabet[] = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ ";
	char homoclave[3] = "A1";
	(void)rfc_homoclave(full_name, homoclave); /* without one it stays as it is */
	struct str s = arena_printf(a, "%.*s%c%c", STR_FMT(base), homoclave[0], homoclave[1]);
	int sum = 0;
	for (int i = 0; i < 12; i++)
		sum += place_in(alphabet, s.p[i]) * (13 - i);
	int rest = sum % 11;
	char digit = rest == 0 ? '0' : rest == 1 ? 'A' : (char)('0' + 11 - rest);
	return arena_printf(a, "%.*s%c", STR_FMT(s), digit);
}

static struct str nif_of(struct dice *d, struct arena *a)
{
	int64_t n = dice_between(d, 10000000, 99999999);
	return arena_printf(a, "%08lld%c", (long long)n, "TRWAGMYFPDXBNJZSQVHLCKE"[n % 23]);
}

/* --- a person ---------------------------------------------------------------------------------------------------- */

static void fill_numbers(struct dice *d, struct arena *a, struct person *p, bool is_woman)
{
	struct str given = counted_given(plain_capitals(a, p->given.p));
	struct str first = plain_capitals(a, p->surname.p), second = plain_capitals(a, p->second_surname.p);
	struct str base = name_and_birth(a, given, first, second, p->born);
	p->curp = curp_of(a, base, is_woman, given, first, second);
	p->rfc = rfc_of(a, base,
		arena_printf(a, "%.*s %.*s %.*s", STR_FMT(first), STR_FMT(second), STR_FMT(given)));
	p->nif = nif_of(d, a);
}

struct person person_draw(struct dice *d, struct arena *a, const struct pack *pack, int n)
{
	return person_draw_named(d, a, pack, n, NULL, NULL);
}

struct person person_draw_named(struct dice *d, struct arena *a, const struct pack *pack, int n,
	const char *surname, const char *second_surname)
{
	struct person p;
	bool is_spain = str_eq(pack->country, STR("ES")), is_woman = dice_chance(d, 52);
	p.given = str_of(is_woman ? DICE_PICK(d, given_women) : DICE_PICK(d, given_men));
	p.surname = str_of(is_spain ? DICE_PICK(d, surnames_spain) : DICE_PICK(d, surnames_mexico));
	p.second_surname = str_of(is_spain ? DICE_PICK(d, surnames_spain) : DICE_PICK(d, surnames_mexico));
	if (surname) p.surname = str_of(surname);
	if (second_surname) p.second_surname = str_of(second_surname);
	p.surnames = arena_printf(a, "%.*s %.*s", STR_FMT(p.surname), STR_FMT(p.second_surname));
	p.name = arena_printf(a, "%.*s %.*s", STR_FMT(p.given), STR_FMT(p.surnames));
	struct date oldest;
	must(date_of_ymd(1948, 1, 1, &oldest));
	p.born = date_add_days(oldest, (int)dice_below(d, 50 * 365));
	fill_numbers(d, a, &p, is_woman);
	struct str local = utf8_search_fold(a,
		arena_printf(a, "%.*s %.*s", STR_FMT(p.given), STR_FMT(p.surname)));
	char *letters = arena_alloc(a, local.n + 1);
	for (size_t i = 0; i < local.n; i++)
		letters[i] = local.p[i] == ' ' ? '.' : local.p[i];
	p.mail = arena_printf(a, "%s%d@correo.example", letters, n);
	p.phone = is_spain ? arena_printf(a, "944%06d", 100000 + n) : arena_printf(a, "477555%04d", n % 10000);
	return p;
}

/* --- places --------------------------------------------------------------------------------------------------------- */

static struct str part_draw(struct dice *d, struct arena *a, const struct pack *pack, enum address_part part)
{
	bool is_spain = str_eq(pack->country, STR("ES"));
	switch (part) {
	case ADDRESS_STREET: return str_of(is_spain ? DICE_PICK(d, streets_spain) : DICE_PICK(d, streets_mexico));
	case ADDRESS_NUMBER: return arena_printf(a, "%lld", (long long)dice_between(d, 1, is_spain ? 80 : 1400));
	case ADDRESS_INTERIOR: return arena_printf(a, "%lld", (long long)dice_between(d, 1, 12));
	case ADDRESS_BLOCK: return arena_printf(a, "%lld", (long long)dice_between(d, 1, 60));
	case ADDRESS_LOT: return arena_printf(a, "%lld", (long long)dice_between(d, 1, 40));
	case ADDRESS_NEIGHBOURHOOD: return str_of(is_spain ? DICE_PICK(d, barrios) : DICE_PICK(d, colonias));
	case ADDRESS_POSTAL_CODE:
		return arena_printf(a, "%lld",
			(long long)(is_spain ? dice_between(d, 48901, 48903) : dice_between(d, 37000, 37480)));
	case ADDRESS_TOWN: return text_in(pack->name, STR("es"));
	case ADDRESS_BETWEEN:
		return arena_printf(a, "%s y %s",
			is_spain ? DICE_PICK(d, streets_spain) : DICE_PICK(d, streets_mexico),
			is_spain ? DICE_PICK(d, streets_spain) : DICE_PICK(d, streets_mexico));
	case ADDRESS_TEXT: return STR("Portón gris, junto a la tienda de la esquina");
	case ADDRESS_PART_MAX: break;
	}
	return STR_NONE;
}

struct postal_address address_draw(struct dice *d, struct arena *a, const struct pack *pack)
{
	struct postal_address address = { 0 };
	bool is_by_lot = dice_chance(d, 12); /* new streets have a block and a lot, and no number yet */
	for (size_t i = 0; i < pack->address.count; i++) {
		const struct address_rule *rule = &pack->address.items[i];
		enum address_part part = (enum address_part)rule->part;
		bool is_lot_part = part == ADDRESS_BLOCK || part == ADDRESS_LOT;
		bool is_wanted = rule->required || is_lot_part ? true
													   : dice_chance(d, part == ADDRESS_NUMBER ? 100 : 15);
		if (is_lot_part && !is_by_lot && !rule->required) is_wanted = false;
		if (part == ADDRESS_NUMBER && is_by_lot && !str_is_empty(pack->address.without_number))
			address.parts[part] = pack->address.without_number;
		else if (is_wanted)
			address.parts[part] = part_draw(d, a, pack, part);
	}
	return address;
}

void point_draw(struct dice *d, const struct pack *pack, int64_t *ret_latitude_e7, int64_t *ret_longitude_e7)
{
	enum { SPREAD_E7 = 250000 }; /* some 2.5 km */
	int64_t latitude = 0, longitude = 0;
	for (size_t i = 0; i < pack->offices.count; i++) {
		if (!pack->offices.items[i].has_point) continue;
		latitude = pack->offices.items[i].latitude_e7;
		longitude = pack->offices.items[i].longitude_e7;
		break;
	}
	*ret_latitude_e7 = latitude + dice_between(d, -SPREAD_E7, SPREAD_E7);
	*ret_longitude_e7 = longitude + dice_between(d, -SPREAD_E7, SPREAD_E7);
}
