/* `ventanilla serve`: opens the towns, answers requests, and waits for signals. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sysexits.h>
#include <unistd.h>

#include "app/service.h"
#include "base/log.h"
#include "core/document/printer.h"

enum { DRAIN_MS = 10 * 1000, CLOCK_KEEP_S = 15 };

/* Signals are taken here and nowhere else: threads that start later inherit the mask. */
static sigset_t block_signals(void)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	return set;
}

static void reload(struct app *app)
{
	struct arena *a = arena_new(16 * 1024 * 1024);
	struct err *e = server_reload(app->server, a);
	if (!e && app->streams) e = server_reload(app->streams, a);
	if (e)
		log_error("serve.reload", e, STR_NONE);
	else
		log_event(LOG_INFO, "serve.reload");
	arena_free(a);
}

/* Lets simulated clocks run, or go on running; at the end they are stored as they stand. */
static void keep_clocks(const struct service *s, bool is_end)
{
	struct arena *a = arena_new(16 * 1024 * 1024);
	for (size_t i = 0; i < s->town_count; i++) {
		struct town *town = s->towns[i];
		struct err *e = NULL;
		if (town->is_simulated)
			e = is_end ? town_clock_set(town, a, town_now(town)) : town_clock_run(town, a);
		if (e) log_error("serve.clock", e, STR_NONE);
	}
	arena_free(a);
}

/* Until somebody asks the program to end. */
static void wait_for_end(const struct service *s, struct app *app, const sigset_t *set)
{
	const struct timespec interval = { .tv_sec = CLOCK_KEEP_S };
	for (;;) {
		int got = sigtimedwait(set, NULL, &interval);
		if (got == SIGHUP)
			reload(app);
		else if (got == SIGTERM || got == SIGINT)
			return;
		else if (got < 0 && errno == EAGAIN)
			keep_clocks(s, false);
	}
}

/* An address that names the installation's port follows when another is served: in codes and mails of a
 * demonstration that was started elsewhere. */
static void follow_port(struct arena *a, struct installation *in, int port)
{
	struct str old = arena_printf(a, ":%d", in->app.port);
	for (size_t i = 0; i < in->town_count; i++) {
		struct str url = in->towns[i].public_url;
		if (str_ends_with(url, old))
			in->towns[i].public_url = arena_printf(a, "%.*s:%d", STR_FMT(str_slice(url, 0, url.n - old.n)),
				port);
	}
	in->app.port = port;
}

static struct err *read_options(const struct command_call *call, struct installation *in)
{
	int64_t port;
	TRY(service_installation(call, in));
	TRY(call_number(call, "port", 0, 65535, in->app.port, &port));
	if (port != in->app.port) follow_port(call->arena, in, (int)port);
	if (call_has(call, "streams")) {
		TRY(call_number(call, "streams", 0, 65535, 0, &port));
		in->app.streams.port = (int)port;
		in->app.streams.are_served = true;
	}
	if (call_has(call, "address")) in->app.address = call_option(call, "address");
	in->app.no_limits = call_has(call, "bench");
	in->app.no_jobs = call_has(call, "hold-jobs");
	in->app.style_guide |= call_has(call, "style-guide");
	return NULL;
}

/* What makes the machine look faster or the town weaker than it is has no place where citizens are. */
static struct err *check_bench(const struct service *s)
{
	const struct app_options *o = &s->installation.app;
	for (size_t i = 0; (o->no_limits || o->no_jobs) && i < s->town_count; i++) {
		if (!s->towns[i]->is_simulated)
			return ERR(s->arena, ERR_USAGE, NULL,
				"--bench and --hold-jobs are for measuring: only simulated towns are served so");
	}
	return NULL;
}

static struct str address_of(const struct service *s, struct str address, const struct server *server)
{
	bool is_tls = !str_is_empty(s->installation.app.tls_certificate);
	bool is_v6 = str_find_char(address, ':') >= 0;
	return arena_printf(s->arena, "%s://%s%.*s%s:%d", is_tls ? "https" : "http", is_v6 ? "[" : "",
		STR_FMT(address), is_v6 ? "]" : "", server_port(server));
}

static void say_where(const struct service *s, const struct app *app)
{
	const struct app_options *o = &s->installation.app;
	struct str streams = str_is_empty(o->streams.address) ? o->address : o->streams.address;
	if (app->streams)
		call_printf("ventanilla: event streams on %.*s\n", STR_FMT(address_of(s, streams, app->streams)));
	call_printf("ventanilla: serving on %.*s\n", STR_FMT(address_of(s, o->address, app->server)));
	fflush(stdout);
}

/* One printer for all towns; it ends with the service's arena. */
static struct err *start_printer(struct service *s)
{
	struct printer *printer;
	TRY(printer_start(s->arena, STR("/proc/self/exe"), installation_fonts(&s->installation, s->arena),
		&printer));
	for (size_t i = 0; i < s->town_count; i++)
		s->towns[i]->printer = printer;
	return NULL;
}

/* A handler does not come back: it still uses what ending in order would take away. What was committed is safe. */
static _Noreturn void leave(void)
{
	log_event(LOG_ERROR, "serve.stuck");
	_exit(EX_UNAVAILABLE);
}

static struct err *run_service(struct service *s, const sigset_t *signals)
{
	struct app *app;
	TRY(check_bench(s));
	for (size_t i = 0; i < s->town_count; i++)
		TRY(town_clock_run(s->towns[i], s->arena));
	TRY(start_printer(s));
	TRY(app_start(s->arena, &s->installation.app, s->towns, s->town_count, &app));
	log_event(LOG_INFO, "serve.start", LOG_I("port", server_port(app->server)),
		LOG_I("towns", s->town_count));
	say_where(s, app);
	wait_for_end(s, app, signals);
	log_event(LOG_INFO, "serve.drain");
	bool is_over = app_stop(app, DRAIN_MS);
	keep_clocks(s, true);
	if (!is_over) leave();
	log_event(LOG_INFO, "serve.stop");
	return NULL;
}

static struct err *run_serve(struct command_call *call)
{
	struct installation in;
	struct service service;
	sigset_t signals = block_signals();
	TRY(read_options(call, &in));
	struct err *e = service_open(call->arena, &in, &service);
	e = e ? e : run_service(&service, &signals);
	service_close(&service);
	return e;
}

static const struct command_option serve_options[] = {
	OPTION_DATA,
	{ "port", "N", "listen there instead of the port in installation.yaml; 0 takes any free one", false },
	{ "streams", "N",
		"serve event streams there instead of the port in installation.yaml; 0 takes any free one", false },
	{ "address", "ADDRESS", "listen there instead of the address in installation.yaml", false },
	{ "bench", NULL, "without rate limits, for measuring; refused unless every town is simulated", false },
	{ "style-guide", NULL, "with the style guide at /estilo; towns that are not simulated never serve it",
		false },
	{ "hold-jobs", NULL, "without running jobs, for measuring; refused unless every town is simulated",
		false },
	{ 0 },
};

const struct command serve_commands[] = {
	{ "serve", NULL, 0, 0, "Serves the municipalities of an installation",
		"It says on standard output where it listens, and logs to standard error, one JSON object a line. "
		"Plain HTTP is served on a loopback address or behind the proxies that installation.yaml names, nowhere else.",
		serve_options, run_serve },
	{ 0 },
};
