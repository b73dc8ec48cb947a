#include "core/dispatch/pace.h"
#include "base/instant.h"

bool pace_wait(struct pace *p, int64_t ms)
{
	struct timespec until;
	int64_t wake_us = monotonic_us() + ms * 1000;
	until.tv_sec = wake_us / 1000000;
	until.tv_nsec = wake_us % 1000000 * 1000;
	pthread_mutex_lock(&p->lock);
	int woken = 0;
	while (!p->stopping && !woken)
		woken = pthread_cond_timedwait(&p->wake, &p->lock, &until);
	bool go_on = !p->stopping;
	pthread_mutex_unlock(&p->lock);
	return go_on;
}

struct err *pace_start(struct pace *p, struct arena *a, void *(*run)(void *state), void *state)
{
	pthread_condattr_t monotonic;
	p->stopping = false;
	pthread_mutex_init(&p->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&p->wake, &monotonic);
	pthread_condattr_destroy(&monotonic);
	if (pthread_create(&p->thread, NULL, run, state))
		return ERR(a, ERR_UNAVAILABLE, NULL, "cannot start a thread");
	return NULL;
}

void pace_stop(struct pace *p)
{
	pthread_mutex_lock(&p->lock);
	p->stopping = true;
	pthread_cond_signal(&p->wake);
	pthread_mutex_unlock(&p->lock);
	pthread_join(p->thread, NULL);
	pthread_cond_destroy(&p->wake);
	pthread_mutex_destroy(&p->lock);
}
