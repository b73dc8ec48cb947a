#include <openssl/sha.h>
#include <zlib.h>
#include "tools/embed/embed.h"

enum { EMBED_MAX_CSS = 4 * 1024 * 1024, HASH_CHARACTERS = 12 };

static struct str type_of(struct str path)
{
	static const struct {
		const char *end, *type;
	} table[] = {
		{ ".css", "text/css; charset=utf-8" },
		{ ".js", "text/javascript; charset=utf-8" },
		{ ".svg", "image/svg+xml" },
		{ ".png", "image/png" },
		{ ".jpg", "image/jpeg" },
		{ ".ico", "image/x-icon" },
		{ ".woff2", "font/woff2" },
		{ ".json", "application/json" },
		{ ".webmanifest", "application/manifest+json" },
		{ ".txt", "text/plain; charset=utf-8" },
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (str_ends_with(path, str_of(table[i].end))) return str_of(table[i].type);
	return STR_NONE;
}

/* Paths go into addresses and C as they are. */
static bool is_plain_path(struct str path)
{
	for (size_t i = 0; i < path.n; i++) {
		char c = path.p[i];
		bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
			c == '-' || c == '_' || c == '/';
		if (!ok) return false;
	}
	return true;
}

static struct str macro_name(struct arena *a, const char *prefix, struct str s)
{
	struct str name = arena_printf(a, "%s%.*s", prefix, STR_FMT(s));
	char *p = arena_alloc(a, name.n + 1);
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];
		bool keep = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		p[i] = c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : keep ? c : '_';
	}
	return (struct str){ p, name.n };
}

static void set_bytes(struct arena *a, struct embed_asset *asset, struct str bytes)
{
	unsigned char hash[SHA256_DIGEST_LENGTH];
	char hex[HASH_CHARACTERS + 1];
	SHA256((const unsigned char *)bytes.p, bytes.n, hash);
	for (int i = 0; i < HASH_CHARACTERS / 2; i++)
		snprintf(hex + 2 * i, 3, "%02x", hash[i]);
	asset->bytes = bytes;
	asset->version = arena_str(a, str_of(hex));
	asset->address = arena_printf(a, "/activos/%s/%.*s", hex, STR_FMT(asset->path));
}

static void compress_asset(struct arena *a, struct embed_asset *asset)
{
	z_stream z = { 0 };
	/* 16: a gzip header, without time or name, so that the same bytes always give the same bytes. */
	if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK) return;
	size_t room = deflateBound(&z, asset->bytes.n);
	unsigned char *p = arena_alloc(a, room);
	z.next_in = (unsigned char *)(uintptr_t)asset->bytes.p;
	z.avail_in = (unsigned)asset->bytes.n;
	z.next_out = p;
	z.avail_out = (unsigned)room;
	bool ok = deflate(&z, Z_FINISH) == Z_STREAM_END && z.total_out < asset->bytes.n;
	if (ok) asset->gzip = (struct str){ (const char *)p, z.total_out };
	deflateEnd(&z);
}

/* --- style sheets ---------------------------------------------------------------------------------------- */

/* "../fonts/a.woff2" seen from css/x.css → "fonts/a.woff2"; none when it leaves the folder. */
static struct str resolve(struct arena *a, struct str from, struct str relative)
{
	size_t folder = from.n;
	while (folder > 0 && from.p[folder - 1] != '/')
		folder--;
	while (str_starts_with(relative, STR("../"))) {
		if (folder == 0) return STR_NONE;
		folder--;
		while (folder > 0 && from.p[folder - 1] != '/')
			folder--;
		relative = str_slice(relative, 3, relative.n);
	}
	return arena_printf(a, "%.*s%.*s", STR_FMT(str_slice(from, 0, folder)), STR_FMT(relative));
}

static const struct embed_asset *find_path(const struct embed_assets *all, struct str path)
{
	for (size_t i = 0; i < all->count; i++)
		if (str_eq(all->items[i].path, path)) return &all->items[i];
	return NULL;
}

static int line_of(struct str text, size_t pos)
{
	int line = 1;
	for (size_t i = 0; i < pos; i++)
		if (text.p[i] == '\n') line++;
	return line;
}

/* What stands between the parentheses of url(…), without quotes. */
static struct str unquote(struct str s)
{
	s = str_trim(s);
	bool quoted = s.n >= 2 && (s.p[0] == '"' || s.p[0] == '\'') && s.p[s.n - 1] == s.p[0];
	return quoted ? str_slice(s, 1, s.n - 1) : s;
}

static void rewrite_css(struct arena *a, const struct embed_assets *all, struct embed_asset *asset,
	struct complaints *c)
{
	struct str text = asset->bytes;
	struct buf out = buf_new(a, EMBED_MAX_CSS);
	size_t pos = 0;
	ptrdiff_t import = str_find(text, STR("@import"));
	if (import >= 0)
		complain(c, (struct place){ asset->source, line_of(text, (size_t)import), 1 },
			"@import costs a round trip");
	for (;;) {
		ptrdiff_t found = str_find(str_slice(text, pos, text.n), STR("url("));
		if (found < 0) break;
		size_t start = pos + (size_t)found + 4;
		ptrdiff_t length = str_find_char(str_slice(text, start, text.n), ')');
		struct place at = { asset->source, line_of(text, start), 1 };
		if (length < 0) {
			complain(c, at, "url( without )");
			break;
		}
		struct str inner = unquote(str_slice(text, start, start + (size_t)length));
		struct str path = resolve(a, asset->path, inner);
		const struct embed_asset *target = find_path(all, path);
		buf_add(&out, str_slice(text, pos, start));
		if (str_starts_with(inner, STR("#")))
			buf_add(&out, inner);
		else if (target && !str_is_none(target->address))
			buf_printf(&out, "\"%.*s\"", STR_FMT(target->address));
		else
			complain(c, at, "there is no '%.*s' to point to", STR_FMT(inner));
		pos = start + (size_t)length;
	}
	buf_add(&out, str_slice(text, pos, text.n));
	if (buf_overflowed(&out))
		complain(c, (struct place){ asset->source, 1, 1 }, "the style sheet is too large");
	set_bytes(a, asset, buf_str(&out));
}

void embed_prepare(struct arena *a, struct str root, struct tree_files files, struct embed_assets *ret,
	struct complaints *c)
{
	struct embed_assets all = { .items = ARENA_ARRAY(a, struct embed_asset, files.count) };
	for (size_t i = 0; i < files.count; i++) {
		struct tree_file f = files.items[i];
		if (str_ends_with(f.path, STR(".md"))) continue;
		struct embed_asset *asset = &all.items[all.count++];
		*asset = (struct embed_asset){ .path = f.path,
			.type = type_of(f.path),
			.bytes = f.text,
			.source = arena_printf(a, "%.*s/%.*s", STR_FMT(root), STR_FMT(f.path)),
			.name = macro_name(a, "ASSET_", f.path) };
		if (str_is_none(asset->type) || !is_plain_path(f.path))
			complain(c, (struct place){ asset->source, 1, 1 },
				"a file of unknown type, or a name with other characters "
				"than letters, digits, '.', '-' and '_'");
		for (struct embed_asset *other = all.items; other < asset; other++)
			if (str_eq(other->name, asset->name))
				complain(c, (struct place){ asset->source, 1, 1 }, "its name is too like %.*s",
					STR_FMT(other->path));
		/* A style sheet's address depends on those it points to: afterwards. */
		if (!str_ends_with(f.path, STR(".css"))) set_bytes(a, asset, f.text);
	}
	for (size_t i = 0; i < all.count; i++) {
		if (str_is_none(all.items[i].address)) rewrite_css(a, &all, &all.items[i], c);
		compress_asset(a, &all.items[i]);
	}
	*ret = all;
}

/* --- the C ------------------------------------------------------------------------------------------------ */

static void emit_icons(struct buf *out, const struct embed_asset *sprite)
{
	static const char mark[] = "<symbol id=\"i-";
	buf_add(out, STR("\n/* The symbols of icons.svg. */\n"));
	for (struct str rest = sprite->bytes;;) {
		ptrdiff_t at = str_find(rest, str_of(mark));
		if (at < 0) break;
		rest = str_slice(rest, (size_t)at + sizeof mark - 1, rest.n);
		struct str after = rest, name = str_cut(&after, '"');
		buf_printf(out, "#define %.*s \"%.*s#i-%.*s\"\n", STR_FMT(macro_name(out->arena, "ICON_", name)),
			STR_FMT(sprite->address), STR_FMT(name));
	}
}

struct str embed_emit_header(struct arena *a, const struct embed_assets *all)
{
	struct buf out = buf_new(a, 1024 * 1024);
	buf_add(&out, STR("/* Generated by embed from the files of web/. */\n#pragma once\n\n"));
	for (size_t i = 0; i < all->count; i++)
		buf_printf(&out, "#define %.*s \"%.*s\"\n", STR_FMT(all->items[i].name),
			STR_FMT(all->items[i].address));
	const struct embed_asset *sprite = find_path(all, STR("icons.svg"));
	if (sprite) emit_icons(&out, sprite);
	must(!buf_overflowed(&out));
	return buf_str(&out);
}

static void emit_bytes(struct buf *out, const char *kind, size_t at, struct str bytes)
{
	enum { PER_LINE = 96 };
	buf_printf(out, "static const char %s_%zu[] =", kind, at);
	for (size_t i = 0; i < bytes.n || i == 0; i += PER_LINE) {
		buf_add(out, STR("\n\t\""));
		for (size_t k = i; k < bytes.n && k < i + PER_LINE; k++) {
			unsigned char c = (unsigned char)bytes.p[k];
			bool plain = c >= ' ' && c < 0x7f && c != '"' && c != '\\' && c != '?';
			if (plain)
				buf_add_char(out, (char)c);
			else
				buf_printf(out, "\\%03o", c);
		}
		buf_add_char(out, '"');
	}
	buf_add(out, STR(";\n"));
}

struct str embed_emit_source(struct arena *a, const struct embed_assets *all)
{
	struct buf out = buf_new(a, 64 * 1024 * 1024);
	buf_add(&out, STR("/* Generated by embed from the files of web/. */\n#include \"core/asset.h\"\n\n"));
	for (size_t i = 0; i < all->count; i++) {
		emit_bytes(&out, "bytes", i, all->items[i].bytes);
		if (!str_is_none(all->items[i].gzip)) emit_bytes(&out, "gzip", i, all->items[i].gzip);
	}
	buf_add(&out, STR("\nconst struct asset assets[] = {\n"));
	for (size_t i = 0; i < all->count; i++) {
		const struct embed_asset *s = &all->items[i];
		buf_printf(&out, "\t{ { \"%.*s\", %zu }, { \"%.*s\", %zu }, { \"\\\"%.*s\\\"\", %zu }, ",
			STR_FMT(s->path), s->path.n, STR_FMT(s->address), s->address.n, STR_FMT(s->version),
			s->version.n + 2);
		buf_printf(&out, "{ \"%.*s\", %zu }, { bytes_%zu, %zu }, ", STR_FMT(s->type), s->type.n, i,
			s->bytes.n);
		if (str_is_none(s->gzip))
			buf_add(&out, STR("{ NULL, 0 } },\n"));
		else
			buf_printf(&out, "{ gzip_%zu, %zu } },\n", i, s->gzip.n);
	}
	if (!all->count) buf_add(&out, STR("\t{ 0 },\n"));
	buf_printf(&out, "};\nconst size_t asset_count = %zu;\n", all->count);
	must(!buf_overflowed(&out));
	return buf_str(&out);
}
