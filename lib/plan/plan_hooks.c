/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the hooks of a plan. What must hold: a hook gets its own arguments, and exactly the
 * environment of its configuration if that has one, even an empty one.
 */
#include "base/arena.h"
#include "oci/json.h"
#include "plan/make.h"

static char *const *args_of(const struct hook_spec *spec)
{
	if (spec->args.n)
		return spec->args.v;
	char **v = arena_array(2, sizeof(*v));

	v[0] = arena_strdup(spec->path);
	return v;
}

int plan_hooks_make(const struct config *config, struct plan_hooks ret[HOOK_KINDS])
{
	for (size_t kind = 0; kind < HOOK_KINDS; kind++) {
		const struct hook_list *list = &config->hooks.kinds[kind];
		struct plan_hook *v = arena_array(list->n + 1, sizeof(*v));

		for (size_t i = 0; i < list->n; i++) {
			const struct hook_spec *spec = &list->v[i];

			v[i] = (struct plan_hook){
				.place = json_path(spec->at),
				.path = spec->path,
				.argv = args_of(spec),
				.envp = spec->env.v,
				.timeout = spec->timeout.v,
			};
		}
		ret[kind] = (struct plan_hooks){ list->n, v };
	}
	return 0;
}

bool plan_hooks_exist(const struct plan *plan)
{
	for (size_t i = 0; i < HOOK_KINDS; i++)
		if (plan->hooks[i].n)
			return true;
	return false;
}
