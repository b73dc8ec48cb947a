#include "mod/system/system.h"
#include "core/dispatch/dispatch.h"
#include "core/job/job.h"
#include "core/registry/registry.h"
#include "core/town/queries.h"

/* --- /salud, /metrics ----------------------------------------------------------------------------------- */

static struct err *health_page(struct request *r, struct response *out)
{
	struct pack_version_last_row row;
	bool found;
	TRY(pack_version_last(r->db, r->arena, &row, &found));
	if (!found || writer_stats(r->town->writer).queued >= WRITER_QUEUE_MAX)
		return ERR(r->arena, ERR_UNAVAILABLE, NULL, "no pack, or the writer is full");
	response_text(out, STR("ok\n"));
	return NULL;
}

/* The object rule of /metrics: only the networks that watch. */
static struct err *watcher_rule(struct request *r, bool *ret_allowed)
{
	struct address address;
	*ret_allowed = address_parse(r->network, &address) && networks_have(r->town->app->watchers, &address);
	return NULL;
}

static struct err *metrics_page(struct request *r, struct response *out)
{
	response_text(out, metrics_text(r->town->app->metrics, r->arena));
	out->content_type = STR(METRICS_TYPE);
	return NULL;
}

/* --- the log -------------------------------------------------------------------------------------------- */

static struct err *log_page(struct request *r, struct response *out)
{
	struct str path = str_slice(r->path, sizeof("/registro/log/") - 1, r->path.n);
	struct registry_log_answer answer;
	bool found;
	TRY(registry_log_read(r->db, r->arena, path, &answer, &found));
	if (!found) return ERR(r->arena, ERR_NOT_FOUND, NULL, "the log has no %.*s", STR_FMT(path));
	out->body = answer.bytes;
	out->content_type = str_of(answer.media_type);
	out->cache = answer.is_immutable ? CACHE_FOREVER : CACHE_REVALIDATE;
	return NULL;
}

struct signing {
	struct registry_signer signer;
	bool written;
};

static struct err *checkpoint_commit(struct tx *tx, void *input)
{
	struct signing *signing = input;
	return registry_checkpoint(tx, &signing->signer, &signing->written);
}

static struct err *checkpoint_job(struct job_context *j)
{
	const struct key *key;
	TRY(keyring_active(j->town->keyring, j->arena, KEY_LOG_SIGNING, STR_NONE, &key));
	struct signing signing = { .signer = { town_origin(j->town, j->arena), key->id, key->secret } };
	return job_commit(j, checkpoint_commit, &signing);
}

const struct module system_module = {
	.name = "system",
	.routes = (const struct route[]){ ROUTE_GET("/salud", PERM_PUBLIC, NULL, SHOWS_NOTHING, 0, health_page),
		ROUTE_GET("/metrics", PERM_PUBLIC, watcher_rule, SHOWS_NOTHING, 0, metrics_page),
		/* A tile's number is cut into groups of three digits: one to four path segments. */
		ROUTE_GET("/registro/log/checkpoint", PERM_PUBLIC, NULL, SHOWS_NOTHING, 0, log_page),
		ROUTE_GET("/registro/log/tile/{level}/{a}", PERM_PUBLIC, NULL, SHOWS_NOTHING, 0, log_page),
		ROUTE_GET("/registro/log/tile/{level}/{a}/{b}", PERM_PUBLIC, NULL, SHOWS_NOTHING, 0, log_page),
		ROUTE_GET("/registro/log/tile/{level}/{a}/{b}/{c}", PERM_PUBLIC, NULL, SHOWS_NOTHING, 0, log_page),
		{ 0 } },
	.jobs = (const struct job_kind[]){ { "registry.checkpoint", checkpoint_job, 10, 5, 60 }, { 0 } },
};
