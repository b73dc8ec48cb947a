/*
 * Event streams: a second server of the same program, with the same gates (hooks.c) and nothing else but streams. What
 * they say is core/feed's. Here is who may listen, from where, and how that server is started.
 */
#include "core/dispatch/dispatch_internal.h"
#include "core/feed/feed.h"
#include "core/feed/hub.h"

enum {
	STREAM_CONNECTION_BYTES = 6144, /* of the library, for each; a head longer than most of it is refused */
	STREAM_HEADER_BYTES = 4096,
	SPARE_CONNECTIONS = 256, /* that are still asking, or being told that there is no room */
	STREAM_SPARE_THREADS = 4,
	STREAMS_MOST = 20000,
	STREAM_DRAIN_MS = 2000,
};

/* --- origins ------------------------------------------------------------------------------------------------ */

static int default_port(bool is_tls) { return is_tls ? 443 : 80; }

/* "https://host:8443", as browsers write it: without the port that everybody knows. */
static struct str origin_of(const struct request *r, int port)
{
	const char *scheme = r->is_tls ? "https" : "http";
	return port == default_port(r->is_tls)
		? arena_printf(r->arena, "%s://%.*s", scheme, STR_FMT(r->host))
		: arena_printf(r->arena, "%s://%.*s:%d", scheme, STR_FMT(r->host), port);
}

/* Of "https://host:8443", "host:8443" or "[::1]": what stands after the last colon that is none of an address. */
static int port_in(struct str authority, int otherwise)
{
	int64_t port = otherwise;
	for (size_t i = authority.n; i > 0 && authority.p[i - 1] != ']'; i--) {
		if (authority.p[i - 1] != ':') continue;
		str_to_int64(str_slice(authority, i, authority.n), 1, 65535, &port);
		break;
	}
	return (int)port;
}

static int port_of_url(struct str url, bool is_tls)
{
	ptrdiff_t at = str_find(url, STR("://"));
	struct str rest = at < 0 ? url : str_slice(url, (size_t)at + 3, url.n);
	return port_in(str_cut(&rest, '/'), default_port(is_tls));
}

/* A page of the town under the very name that is asked, as it is reached directly or by its public address: with the
 * cookie comes a browser, and which page made it ask is what the browser says (Fetch, sections 3.1 and 3.2). A request
 * without Origin is of the same origin, where a proxy sorts by path, or of no page at all. */
struct err *dispatch_check_page(const struct request *r)
{
	struct str origin = request_header(r, STR("origin")), site = request_header(r, STR("sec-fetch-site"));
	if (str_is_none(origin)) {
		if (str_is_none(site) || str_eq(site, STR("same-origin"))) return NULL;
		return ERR(r->arena, ERR_FORBIDDEN, NULL, "a stream that no page of the town asked for");
	}
	const struct app *app = r->town->app;
	if (str_eq(origin, origin_of(r, server_port(app->server)))) return NULL;
	if (str_eq(origin, origin_of(r, port_of_url(r->town->public_url, r->is_tls)))) return NULL;
	return ERR(r->arena, ERR_FORBIDDEN, NULL, "a stream asked for by %.*s", STR_FMT(origin));
}

struct str app_streams_origin(const struct request *r)
{
	const struct app *app = r->town->app;
	if (!app || !app->streams) return STR_NONE;
	int port = app->options.streams.public_port ? app->options.streams.public_port
												: server_port(app->streams);
	int own = port_in(request_header(r, STR("host")), default_port(r->is_tls));
	return port == own ? STR("") : origin_of(r, port);
}

/* --- the server --------------------------------------------------------------------------------------------- */

static struct streams_options *options_of(const struct app *app)
{
	const struct app_streams *o = &app->options.streams;
	struct streams_options *streams = ARENA_NEW(app->arena, struct streams_options);
	*streams = (struct streams_options){ .groups = (int)app->town_count,
		.kinds = feed_kinds,
		.most = o->most ? o->most : STREAMS_MOST,
		.per_client = o->per_client,
		.metrics = app->metrics };
	return streams;
}

struct err *dispatch_start_streams(struct app *app, const struct server_options *pages)
{
	const struct app_streams *o = &app->options.streams;
	struct server_options serving = *pages;
	struct streams_options *streams = options_of(app);
	serving.streams = streams;
	serving.port = o->port;
	if (!str_is_empty(o->address)) serving.address = o->address;
	serving.connections_max = streams->most + SPARE_CONNECTIONS;
	serving.files_besides = server_files(pages);
	serving.connection_bytes = STREAM_CONNECTION_BYTES;
	serving.header_bytes_max = STREAM_HEADER_BYTES;
	serving.spare_threads = STREAM_SPARE_THREADS;
	serving.metrics = NULL; /* those of the same names are of the pages */
	serving.hooks.from_memory = NULL;
	serving.hooks.begin = dispatch_begin_stream;
	serving.hooks.refuse = dispatch_refuse_stream;
	TRY(server_start(app->arena, &serving, &app->streams));
	return hub_start(app, &app->hub);
}

bool dispatch_stop_streams(struct app *app)
{
	hub_stop(app->hub);
	app->hub = NULL;
	return server_stop(app->streams, STREAM_DRAIN_MS);
}
