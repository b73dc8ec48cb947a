#include "mod/portal/search.h"
#include "base/utf8.h"

enum {
	WORDS_MAX = 12,
	NAME_WEIGHT = 80,
	EVERYDAY_WEIGHT = 70,
	SUMMARY_WEIGHT = 30,
	TOPIC_WEIGHT = 20,
	PHRASE_BONUS = 200, /* an everyday phrase stands in the query as it is */
	USED_BONUS = 20,    /* most people come for it */
	COVER_BONUS = 40,   /* all of the name was asked for: "Alineamiento" before "Alineamiento y …" */
	PREFIX_MIN = 3,     /* letters from which a beginning counts */
	NEAR_MIN = 5,       /* letters from which one wrong letter is forgiven */
	WORD_LETTERS_MAX = 40,
};

/* Said with every procedure, so they find none. Folded. */
static const char *const empty_words[] = { "a", "al", "con", "como", "da", "de", "del", "el", "en", "es",
	"ese", "eta", "for", "hacer", "how", "i", "la", "las", "lo", "los", "me", "mi", "mis", "my", "necesito",
	"nire", "o", "para", "por", "puedo", "que", "quiero", "sacar", "se", "su", "the", "to", "tramitar",
	"tramite", "tramites", "un", "una", "want", "y" };

struct query {
	struct str folded;
	struct str words[WORDS_MAX];
	size_t count;
};

static bool is_empty_word(struct str word)
{
	for (size_t i = 0; i < sizeof(empty_words) / sizeof(empty_words[0]); i++)
		if (str_eq(word, str_of(empty_words[i]))) return true;
	return false;
}

static void read_query(struct arena *a, struct str typed, struct query *ret)
{
	*ret = (struct query){ .folded = utf8_search_fold(a, typed) };
	for (int keep_empty = 0; keep_empty < 2 && ret->count == 0; keep_empty++) {
		struct str rest = str_is_empty(ret->folded) ? STR_NONE : ret->folded;
		while (!str_is_none(rest) && ret->count < WORDS_MAX) {
			struct str word = str_cut(&rest, ' ');
			if (word.n && (keep_empty || !is_empty_word(word))) ret->words[ret->count++] = word;
		}
	}
}

/* One letter changed, missing, added, or two neighbours swapped. Folded text is ASCII for our languages; for
 * others bytes stand in for letters, which only makes it stricter. */
static bool is_near(struct str a, struct str b)
{
	if (a.n > b.n) {
		struct str swap = a;
		a = b;
		b = swap;
	}
	if (a.n < NEAR_MIN || b.n > a.n + 1 || b.n > WORD_LETTERS_MAX) return false;
	size_t i = 0;
	while (i < a.n && a.p[i] == b.p[i])
		i++;
	if (a.n < b.n) return memcmp(a.p + i, b.p + i + 1, a.n - i) == 0;
	if (i == a.n) return true;
	if (memcmp(a.p + i + 1, b.p + i + 1, a.n - i - 1) == 0) return true;
	return i + 1 < a.n && a.p[i] == b.p[i + 1] && a.p[i + 1] == b.p[i] &&
		memcmp(a.p + i + 2, b.p + i + 2, a.n - i - 2) == 0;
}

/* "números" is found by "número": endings of the plural do not count. */
static struct str stem(struct str word)
{
	if (word.n > NEAR_MIN && str_ends_with(word, STR("es"))) return str_slice(word, 0, word.n - 2);
	if (word.n > 3 && str_ends_with(word, STR("s"))) return str_slice(word, 0, word.n - 1);
	return word;
}

/* How well `word` is found among the words of a folded text, of 100. */
static int match(struct str word, struct str text)
{
	int best = 0;
	for (struct str rest = text; !str_is_none(rest) && best < 100;) {
		struct str other = str_cut(&rest, ' ');
		int quality = 0;
		if (str_eq(word, other))
			quality = 100;
		else if (str_eq(stem(word), stem(other)))
			quality = 90;
		else if (word.n >= PREFIX_MIN && str_starts_with(other, word))
			quality = 70;
		else if (is_near(word, other))
			quality = 40;
		if (quality > best) best = quality;
	}
	return best;
}

/* Adds what a text is worth for each word of the query. */
struct tally {
	int best[WORDS_MAX];
	int phrase;
};

static void weigh(struct arena *a, const struct query *q, struct str text, int weight, struct tally *tally)
{
	if (str_is_empty(text)) return;
	struct str folded = utf8_search_fold(a, text);
	for (size_t i = 0; i < q->count; i++) {
		int worth = match(q->words[i], folded) * weight / 100;
		if (worth > tally->best[i]) tally->best[i] = worth;
	}
	if (weight == EVERYDAY_WEIGHT && folded.n > 0 && str_find(q->folded, folded) >= 0)
		tally->phrase = PHRASE_BONUS;
}

static void weigh_text(struct arena *a, const struct query *q, struct text text, int weight,
	struct tally *tally)
{
	for (size_t i = 0; i < text.count; i++)
		weigh(a, q, text.items[i].text, weight, tally);
}

/* How much of the name was asked for. */
static int cover(struct arena *a, const struct query *q, struct text name)
{
	int most = 0;
	for (size_t i = 0; i < name.count; i++) {
		struct str folded = utf8_search_fold(a, name.items[i].text);
		int words = 1, found = 0;
		for (size_t k = 0; k < folded.n; k++)
			words += folded.p[k] == ' ';
		for (size_t k = 0; k < q->count; k++)
			found += match(q->words[k], folded) > 0;
		int part = COVER_BONUS * (found < words ? found : words) / words;
		if (part > most) most = part;
	}
	return most;
}

static struct search_hit judge(struct arena *a, const struct query *q, const struct pack *pack,
	const struct procedure *p)
{
	struct tally tally = { { 0 }, 0 };
	struct search_hit hit = { .procedure = p };
	const struct topic *topic = pack_topic(pack, p->topic);
	weigh_text(a, q, p->name, NAME_WEIGHT, &tally);
	weigh_text(a, q, p->summary, SUMMARY_WEIGHT, &tally);
	if (topic) weigh_text(a, q, topic->name, TOPIC_WEIGHT, &tally);
	for (size_t i = 0; i < p->keywords.count; i++)
		weigh(a, q, p->keywords.items[i], EVERYDAY_WEIGHT, &tally);
	for (size_t i = 0; i < q->count; i++) {
		hit.score += tally.best[i];
		hit.words += tally.best[i] > 0;
	}
	if (hit.words) hit.score += tally.phrase + cover(a, q, p->name) + (p->most_used > 0 ? USED_BONUS : 0);
	return hit;
}

static bool goes_before(const struct search_hit *a, const struct search_hit *b)
{
	return a->words != b->words ? a->words > b->words : a->score > b->score;
}

static void insert(struct search_hits *hits, struct search_hit hit)
{
	size_t at = hits->count++;
	for (; at > 0 && goes_before(&hit, &hits->items[at - 1]); at--)
		hits->items[at] = hits->items[at - 1];
	hits->items[at] = hit;
}

static struct search_hits all_by_name(struct arena *a, const struct pack *pack, struct str lang)
{
	size_t count = pack->procedures.count;
	struct search_hits hits = { ARENA_ARRAY(a, struct search_hit, count), 0, false };
	struct str *keys = ARENA_ARRAY(a, struct str, count);
	for (size_t i = 0; i < count; i++) {
		const struct procedure *p = pack->procedures.items[i];
		struct str key = utf8_sort_key(a, text_in(p->name, lang));
		size_t at = hits.count++;
		for (; at > 0 && str_cmp(key, keys[at - 1]) < 0; at--) {
			hits.items[at] = hits.items[at - 1];
			keys[at] = keys[at - 1];
		}
		hits.items[at] = (struct search_hit){ .procedure = p };
		keys[at] = key;
	}
	return hits;
}

struct search_hits search_procedures(struct arena *a, const struct pack *pack, struct str query,
	struct str lang)
{
	struct query q;
	read_query(a, query, &q);
	if (q.count == 0) return all_by_name(a, pack, lang);
	struct search_hits hits = { ARENA_ARRAY(a, struct search_hit, pack->procedures.count), 0, false };
	for (size_t i = 0; i < pack->procedures.count; i++) {
		struct search_hit hit = judge(a, &q, pack, pack->procedures.items[i]);
		if (hit.score > 0) insert(&hits, hit);
	}
	if (hits.count == 0) return hits;
	hits.is_near = (size_t)hits.items[0].words < q.count;
	/* Where some have all the words, those that have fewer only distract. */
	while (!hits.is_near && (size_t)hits.items[hits.count - 1].words < q.count)
		hits.count--;
	return hits;
}
