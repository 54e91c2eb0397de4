/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the writing of id maps.
 *
 * What must hold: an unprivileged user gets more ids than his own only by newuidmap(1) and
 * newgidmap(1). These programs decide who may have which ids. They run with root's rights, so they
 * are looked up in fixed directories and never in $PATH, and must be owned by root. They are
 * executed without a shell, with numbers as arguments and an empty environment. The pid is that of
 * a child that has not been reaped, so it cannot have been reused for another process.
 */
#include "process/maps.h"

#include "base/arena.h"
#include "base/err.h"
#include "channel/procfs.h"
#include "plan/plan.h"
#include "process/hooks.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { NEWIDMAP_TIMEOUT = 60 }; /* seconds: the program may have to ask a directory service */

/* Directories of the distributions. The last is NixOS, where /usr/bin has no such programs. */
static const char *const directories[] = { "/usr/bin",	"/bin",	 "/usr/local/bin",
					   "/usr/sbin", "/sbin", "/run/wrappers/bin" };

struct kind {
	const char *place, *file, *program, *ranges, *id;
};

static const struct kind uids = { "linux.uidMappings", "uid_map", "newuidmap", "/etc/subuid",
				  "uid" };
static const struct kind gids = { "linux.gidMappings", "gid_map", "newgidmap", "/etc/subgid",
				  "gid" };

/* Returns the reason why the file must not be executed, or NULL. */
static const char *distrust(const char *path, const struct stat *st)
{
	if (!S_ISREG(st->st_mode) || !(st->st_mode & S_IXUSR))
		return "is not an executable file";
	if (st->st_uid != 0)
		return "is not owned by root";
	if (st->st_mode & (S_IWGRP | S_IWOTH))
		return "can be written by users other than root";
	if (!(st->st_mode & S_ISUID) && getxattr(path, "security.capability", NULL, 0) <= 0)
		return "has neither the set-user-ID bit nor a file capability";
	return NULL;
}

const char *maps_program(const char *name, const char **ret_why)
{
	*ret_why = NULL;
	for (size_t i = 0; i < ARRAY_LEN(directories); i++) {
		const char *path = arena_printf("%s/%s", directories[i], name);
		struct stat st;

		if (stat(path, &st) < 0)
			continue;
		const char *bad = distrust(path, &st);

		if (!bad)
			return path;
		if (!*ret_why)
			*ret_why = arena_printf("%s %s", path, bad);
	}
	if (!*ret_why)
		*ret_why = "not found in /usr/bin and the like: install it (Debian: uidmap, "
			   "Fedora: shadow-utils)";
	return NULL;
}

static int find_program(const struct kind *kind, const char **ret)
{
	const char *why;

	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)
		return fail(0,
			    "%s: %s would have no privilege, because tamis itself was started "
			    "with no_new_privs: start it without, or map one %s only",
			    kind->place, kind->program, kind->id);
	*ret = maps_program(kind->program, &why);
	return *ret ? 0
		    : fail(0, "%s: uid %u needs %s for more than its own %s: %s", kind->place,
			   geteuid(), kind->program, kind->id, why);
}

int maps_check(const struct plan *plan)
{
	const char *path;
	int r = 0;

	if (!(plan->ns.made & CLONE_NEWUSER))
		return 0;
	if (plan->ns.uid_way == PLAN_MAP_NEWIDMAP)
		r = find_program(&uids, &path);
	if (r == 0 && plan->ns.gid_way == PLAN_MAP_NEWIDMAP)
		r = find_program(&gids, &path);
	return r;
}

/* argv: newuidmap PID CONTAINER HOST SIZE ... */
static char **make_argv(const struct kind *kind, pid_t pid, const struct plan_id_maps *maps)
{
	char **v = arena_array(3 + 3 * maps->n, sizeof(*v));
	size_t n = 0;

	v[n++] = arena_strdup(kind->program);
	v[n++] = arena_printf("%d", pid);
	for (size_t i = 0; i < maps->n; i++) {
		v[n++] = arena_printf("%u", maps->v[i].container);
		v[n++] = arena_printf("%u", maps->v[i].host);
		v[n++] = arena_printf("%u", maps->v[i].size);
	}
	v[n] = NULL;
	return v;
}

static int run_newidmap(const struct kind *kind, pid_t pid, const struct plan_id_maps *maps)
{
	struct plan_hook hook = { .place = kind->place,
				  .argv = make_argv(kind, pid, maps),
				  .timeout = NEWIDMAP_TIMEOUT };
	const struct plan_hooks one = { 1, &hook };
	const struct hook_context context = { .state = "",
					      .cwd = -1,
					      .envp = (char *const[]){ NULL } };
	int r = find_program(kind, &hook.path);

	if (r < 0)
		return r;
	r = hooks_run(&one, &context);
	if (r >= 0)
		return 0;
	const char *said = err_message();

	err_clear();
	return fail(0, "%s (does %s give these ids to uid %u? see tamis doctor)", said,
		    kind->ranges, geteuid());
}

static int write_map(const struct kind *kind, int proc, pid_t pid, const struct plan_id_maps *maps)
{
	const char *text = "";

	for (size_t i = 0; i < maps->n; i++)
		text = arena_printf("%s%u %u %u\n", text, maps->v[i].container, maps->v[i].host,
				    maps->v[i].size);
	int r = procfs_write(proc, arena_printf("%d/%s", pid, kind->file), text);

	return r < 0 ? fail(-r, "%s: write %s%s", kind->place, kind->file,
			    r == -EPERM ? " (each range has to lie in one range of the user "
					  "namespace that we are in)"
					: "")
		     : 0;
}

int maps_write(const struct plan *plan, int proc, pid_t pid)
{
	const struct plan_namespaces *ns = &plan->ns;
	int r = 0;

	if (!(ns->made & CLONE_NEWUSER))
		return 0;
	/*
	 * user_namespaces(7): must be denied before gid_map is written; newgidmap(1) does it itself
	 */
	if (ns->gid_way == PLAN_MAP_OWN)
		r = procfs_write(proc, arena_printf("%d/setgroups", pid), "deny");
	if (r < 0)
		return fail(-r, "linux.gidMappings: deny setgroups");
	r = ns->gid_way == PLAN_MAP_NEWIDMAP ? run_newidmap(&gids, pid, &ns->gid_maps)
					     : write_map(&gids, proc, pid, &ns->gid_maps);
	if (r < 0)
		return r;
	return ns->uid_way == PLAN_MAP_NEWIDMAP ? run_newidmap(&uids, pid, &ns->uid_maps)
						: write_map(&uids, proc, pid, &ns->uid_maps);
}
