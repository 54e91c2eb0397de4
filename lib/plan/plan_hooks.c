/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the hooks of a plan. What must hold: a hook gets its own arguments and exactly its own
 * environment; nothing of the image's or of our caller's (CVE-2024-0132, CVE-2025-23266).
 */
#include "base/arena.h"
#include "base/path.h"
#include "oci/json.h"
#include "plan/make.h"

static char *const nothing[] = { NULL };

static int make_hook(const struct hook_spec *spec, struct plan_hook *ret)
{
	if (!spec->path || !path_is_absolute(spec->path))
		return json_fail_member(spec->at, "path", "found \"%s\", expected an absolute path",
					spec->path ? spec->path : "");
	*ret = (struct plan_hook){
		.place = json_path(spec->at),
		.path = spec->path,
		.argv = spec->args.v,
		.envp = spec->env.v ? spec->env.v : nothing,
		.timeout = spec->timeout.v,
	};
	if (!spec->args.n) {
		char **argv = arena_array(2, sizeof(*argv));

		argv[0] = arena_strdup(spec->path);
		ret->argv = argv;
	}
	return 0;
}

int plan_hooks_make(const struct config *config, struct plan_hooks ret[HOOK_KINDS])
{
	const struct hooks_spec *h = &config->hooks;
	const struct hook_list *lists[HOOK_KINDS] = {
		[HOOK_PRESTART] = &h->prestart,
		[HOOK_CREATE_RUNTIME] = &h->create_runtime,
		[HOOK_CREATE_CONTAINER] = &h->create_container,
		[HOOK_START_CONTAINER] = &h->start_container,
		[HOOK_POSTSTART] = &h->poststart,
		[HOOK_POSTSTOP] = &h->poststop,
	};

	for (size_t kind = 0; kind < HOOK_KINDS; kind++) {
		struct plan_hook *v = arena_array(lists[kind]->n + 1, sizeof(*v));

		for (size_t i = 0; i < lists[kind]->n; i++) {
			int r = make_hook(&lists[kind]->v[i], &v[i]);

			if (r < 0)
				return r;
		}
		ret[kind] = (struct plan_hooks){ lists[kind]->n, v };
	}
	return 0;
}
