/* SPDX-License-Identifier: Apache-2.0 */
/* tamis create, tamis run: their options overlap but for what happens afterwards. */
#include "base/arena.h"
#include "base/err.h"
#include "cmd/cmd.h"
#include "runtime/container.h"
#include "runtime/run.h"

#include <string.h>

struct values {
	struct create_options create;
	struct run_options run;
	bool detach;
	const char *seccomp_compat;
};

static struct values values;

#define COMMON_OPTIONS                                                                                 \
	{ "bundle", 'b',                                                                               \
	  OPT_TEXT, offsetof(struct values, create.bundle),                                            \
	  "DIR",    "directory with config.json (default: the working directory)" },                   \
		{ "pid-file", 0,                                                                       \
		  OPT_TEXT,   offsetof(struct values, create.pid_file),                                \
		  "FILE",     "write the pid of the container's init there" },                         \
		{ "console-socket", 0,                                                                 \
		  OPT_TEXT,	    offsetof(struct values, create.console_socket),                    \
		  "PATH",	    "socket that gets the terminal's master" },                        \
		{ "pidfd-socket", 0,                                                                   \
		  OPT_TEXT,	  offsetof(struct values, create.pidfd_socket),                        \
		  "PATH",	  "socket that gets a pidfd of the container's init" },                \
		{ "preserve-fds",                                                                      \
		  0,                                                                                   \
		  OPT_UINT,                                                                            \
		  offsetof(struct values, create.preserve_fds),                                        \
		  "N",                                                                                 \
		  "descriptors from 3 on that the program keeps" },                                    \
		{ "no-new-keyring",                                                                    \
		  0,                                                                                   \
		  OPT_BOOL,                                                                            \
		  offsetof(struct values, create.no_new_keyring),                                      \
		  NULL,                                                                                \
		  "keep the caller's session keyring" },                                               \
		{ "no-pivot", 0, OPT_BOOL, offsetof(struct values, create.no_pivot), NULL, NULL },     \
		{ "seccomp",  0,                                                                       \
		  OPT_STRING, offsetof(struct values, create.seccomp),                                 \
		  "PROFILE",  "default, unconfined, or a profile's file, in place of linux.seccomp" }, \
	{                                                                                              \
		"seccomp-compat", 0, OPT_STRING, offsetof(struct values, seccomp_compat), "runc",      \
			"answer as runc does where tamis differs (see tamis-seccomp-semantics(7))"     \
	}

static const struct opt create_options[] = { COMMON_OPTIONS, OPT_END };

static const struct opt run_options[] = {
	COMMON_OPTIONS,
	{ "detach", 'd', OPT_BOOL, offsetof(struct values, detach), NULL,
	  "return when the program runs" },
	{ "keep", 0, OPT_BOOL, offsetof(struct values, run.keep), NULL,
	  "do not delete the container when it has ended" },
	{ "no-subreaper", 0, OPT_BOOL, offsetof(struct values, run.no_subreaper), NULL,
	  "do not adopt the container's orphans" },
	OPT_END,
};

/* "A,B" and "C" to A, B, C. */
static struct strings names_of(const struct strings *lists)
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

static int settle(const struct global *g, const char *id, bool detached)
{
	struct create_options *c = &values.create;

	c->root = g->root;
	c->id = id;
	c->cgroup_manager = g->systemd_cgroup ? "systemd" : g->cgroup_manager;
	c->allowed_annotations = names_of(&g->allowed_annotations);
	c->detached = detached;
	if (values.seccomp_compat && strcmp(values.seccomp_compat, "runc") != 0)
		return fail(0, "--seccomp-compat: expected runc, found '%s'",
			    values.seccomp_compat);
	c->seccomp_compat_runc = values.seccomp_compat;
	return 0;
}

static int create(const struct global *g, int argc not_used, char **argv)
{
	int r = settle(g, argv[0], true);

	return r < 0 ? r : container_make(&values.create);
}

static int run(const struct global *g, int argc not_used, char **argv)
{
	int exit_code, r = settle(g, argv[0], values.detach);

	values.create.starts = true;
	values.run.create = &values.create;
	if (r >= 0)
		r = container_run(&values.run, &exit_code);
	return r < 0 ? r : exit_code;
}

const struct command cmd_create = {
	.name = "create",
	.arguments = "ID",
	.summary = "make a container that waits for 'start'",
	.options = create_options,
	.values = &values,
	.min_args = 1,
	.max_args = 1,
	.seals = true,
	.run = create,
};

const struct command cmd_run = {
	.name = "run",
	.arguments = "ID",
	.summary = "make a container, start it, wait for it and delete it",
	.options = run_options,
	.values = &values,
	.min_args = 1,
	.max_args = 1,
	.seals = true,
	.run = run,
};
