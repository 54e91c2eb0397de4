/* SPDX-License-Identifier: Apache-2.0 */
/* The options that create and run share. */
#include "cmd/create_options.h"

#include "base/arena.h"
#include "base/err.h"

#include <string.h>

const struct name create_options_compat[] = { { "runc", 0 }, { 0 } };

/* Splits "A,B" and "C" to A, B, C. */
static struct strings split_names(const struct strings *lists)
{
	struct strings names = { 0 };
	size_t room = 0;

	for (size_t i = 0; i < lists->n; i++)
		room += strlen(lists->v[i]) + 1;
	names.v = arena_array(room, sizeof(*names.v));
	for (size_t i = 0; i < lists->n; i++) {
		char *save = NULL, *list = arena_strdup(lists->v[i]);

		for (char *name = strtok_r(list, ",", &save); name;
		     name = strtok_r(NULL, ",", &save))
			names.v[names.n++] = name;
	}
	return names;
}

int create_options_settle(const struct global *g, const char *id, bool detached,
			  struct create_values *v)
{
	struct create_options *c = &v->options;

	c->root = g->root;
	c->id = id;
	c->self = g->self;
	if (!c->explain_denials)
		c->explain_denials = g->explain_denials;
	if (!c->record)
		c->record = g->record;
	c->cgroup_manager = g->systemd_cgroup ? "systemd" : g->cgroup_manager;
	c->allowed_annotations = split_names(&g->allowed_annotations);
	c->detached = detached;
	if (v->seccomp_compat && !names_find(create_options_compat, v->seccomp_compat))
		return fail(0, "--seccomp-compat: expected runc, found '%s'", v->seccomp_compat);
	c->seccomp_compat_runc = v->seccomp_compat;
	return 0;
}
