/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the options of `exec` that describe a process. What must hold: ids are parsed in one place,
 * and what cannot be parsed is an error, never 0 (CVE-2026-30892). Names are not looked up; the
 * image's /etc/passwd has no influence. --cap makes a capability inheritable only for a user other
 * than root, who would not get it otherwise (CVE-2022-29162).
 */
#include "runtime/exec_process.h"

#include "base/arena.h"
#include "base/caps.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/names.h"
#include "base/num.h"
#include "oci/parse.h"
#include "oci/rules.h"
#include "oci/validate.h"
#include "oci/words.h"
#include "runtime/load.h"

#include <fcntl.h>
#include <string.h>

/* 4294967295 means "no change" to the kernel. */
static int parse_id(const char *option, const char *text, uint32_t *ret)
{
	if (num_parse_u32(text, ret) == 0 && *ret != UINT32_MAX)
		return 0;
	return fail(
		0,
		"--%s: expected an id from 0 to 4294967294 (names are not looked up), found '%s'",
		option, text);
}

/* UID or UID:GID, decimal numbers and nothing else. *ret_gid stays without the second. */
static int parse_user(const char *text, uint32_t *ret_uid, uint32_t *ret_gid)
{
	const char *colon = strchr(text, ':');
	int r = parse_id("user", colon ? arena_memdup(text, (size_t)(colon - text)) : text,
			 ret_uid);

	return r < 0 || !colon ? r : parse_id("user", colon + 1, ret_gid);
}

static int take_user(const struct exec_options *o, struct user_spec *ret)
{
	uint32_t *gids = arena_array(ret->additional_gids.n + o->gids.n + 1, sizeof(*gids));
	size_t n = ret->additional_gids.n;

	if (o->user) {
		int r = parse_user(o->user, &ret->uid, &ret->gid);

		if (r < 0)
			return r;
	}
	if (n)
		memcpy(gids, ret->additional_gids.v, n * sizeof(*gids));
	for (size_t i = 0; i < o->gids.n; i++) {
		int r = parse_id("additional-gids", o->gids.v[i], &gids[n++]);

		if (r < 0)
			return r;
	}
	ret->additional_gids = (struct numbers){ n, gids };
	return 0;
}

/*
 * Called after the user is known. At execve(2) root gets the capabilities of the bounding set.
 * Another user gets only ambient ones, and a capability can be ambient only if it is inheritable.
 */
static void take_caps(const struct exec_options *o, uint32_t uid, struct capabilities_spec *ret)
{
	uint64_t caps = 0;

	for (size_t i = 0; i < o->caps.n; i++) {
		int cap = caps_find(o->caps.v[i]);

		if (cap >= 0)
			caps |= UINT64_C(1) << cap;
		else
			log_warning("--cap: unknown capability, ignored: %s", o->caps.v[i]);
	}
	ret->bounding.v |= caps;
	ret->permitted.v |= caps;
	ret->effective.v |= caps;
	if (uid != 0) {
		ret->inheritable.v |= caps;
		ret->ambient.v |= caps;
	}
}

static int take_env(const struct exec_options *o, struct strings *ret)
{
	char **v = arena_array(ret->n + o->env.n + 1, sizeof(*v));

	if (ret->n)
		memcpy(v, ret->v, ret->n * sizeof(*v));
	for (size_t i = 0; i < o->env.n; i++) {
		if (!rules_assignment.holds(o->env.v[i]))
			return fail(0, "--env: expected %s, found '%s'", rules_assignment.expected,
				    o->env.v[i]);
		v[ret->n + i] = o->env.v[i];
	}
	*ret = (struct strings){ ret->n + o->env.n, v };
	return 0;
}

/* The container's own process with the changes of the command line. */
static int from_options(const struct exec_options *o, const struct process_spec *saved,
			struct process_spec *ret)
{
	int r;

	*ret = *saved;
	ret->args = o->args;
	ret->terminal = o->tty;
	if (o->no_new_privs)
		ret->no_new_privileges = true;
	if (o->apparmor)
		ret->apparmor_profile = o->apparmor;
	if (o->label)
		ret->selinux_label = o->label;
	if (o->cwd)
		ret->cwd = o->cwd;
	if (!rules_absolute_path.holds(ret->cwd))
		return fail(0, "--cwd: expected %s, found '%s'", rules_absolute_path.expected,
			    ret->cwd);
	r = take_user(o, &ret->user);
	if (r < 0)
		return r;
	take_caps(o, ret->user.uid, &ret->capabilities);
	return take_env(o, &ret->env);
}

static int from_file(const struct exec_options *o, const struct process_spec *saved,
		     struct process_spec *ret)
{
	struct text text;
	int r = load_text(AT_FDCWD, o->process, &text);

	if (r >= 0)
		r = parse_process(o->process, &text, ret);
	if (r >= 0)
		r = validate_refusals(ret->at, validate_process_refusals);
	if (r < 0)
		return r;
	ret->terminal |= o->tty;
	if (!ret->capabilities.at)
		ret->capabilities = saved->capabilities;
	if (!ret->rlimits.n)
		ret->rlimits = saved->rlimits;
	if (!ret->apparmor_profile || !*ret->apparmor_profile)
		ret->apparmor_profile = saved->apparmor_profile;
	if (!ret->selinux_label || !*ret->selinux_label)
		ret->selinux_label = saved->selinux_label;
	if (!ret->oom_score_adj.set)
		ret->oom_score_adj = saved->oom_score_adj;
	if (!ret->exec_affinity.at)
		ret->exec_affinity = saved->exec_affinity;
	if (!ret->user.umask.set)
		ret->user.umask = saved->user.umask;
	return 0;
}

int exec_process(const struct exec_options *options, const struct process_spec *saved,
		 struct process_spec *ret)
{
	int r = options->process ? from_file(options, saved, ret)
				 : from_options(options, saved, ret);

	return r < 0 ? r : validate_process(ret);
}
