#include "app/service.h"

struct err *service_installation(const struct command_call *call, struct installation *ret)
{
	struct str folder = call_option(call, "data");
	struct err *e = installation_load(call->arena, folder, ret);
	if (e && e->code == ERR_NOT_FOUND)
		return ERR(call->arena, ERR_NOT_FOUND, NULL,
			"%.*s holds no installation.yaml; 'ventanilla init' makes one", STR_FMT(folder));
	return e;
}

struct err *service_open(struct arena *a, const struct installation *in, struct service *ret)
{
	*ret = (struct service){ .arena = a, .installation = *in };
	ret->towns = ARENA_ARRAY(a, struct town *, in->town_count);
	TRY(installation_check(in, a));
	TRY(installation_press(in, a, &ret->press));
	for (size_t i = 0; i < in->town_count; i++) {
		struct town_options options = installation_town_options(in, i, ret->press);
		struct err *e = town_open(a, &options, &ret->towns[i]);
		if (e) return err_wrap(a, e, "the town in %.*s", STR_FMT(options.folder));
		ret->town_count++;
		TRY(installation_check_town(in, i, a, ret->towns[i]));
	}
	return NULL;
}

void service_close(struct service *s)
{
	for (size_t i = 0; i < s->town_count; i++)
		town_close(s->towns[i]);
	s->town_count = 0;
}

struct err *service_town(const struct command_call *call, struct town **ret)
{
	struct installation in;
	size_t at;
	TRY(service_installation(call, &in));
	TRY(installation_find(&in, call->arena, call_option(call, "town"), &at));
	struct town_options options = installation_town_options(&in, at, NULL);
	return town_open(call->arena, &options, ret);
}
