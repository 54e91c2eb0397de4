/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the credentials of the container's process. What must hold: sets, ids and groups end
 * up as the plan says, each step fails closed, and verify.c finds nothing else. Without
 * no_new_privs CAP_SYS_ADMIN stays permitted and effective until execve, because loading a
 * filter wants it (seccomp(2)); execve computes the program's sets from the inheritable,
 * bounding and ambient ones, which are final here. Inheritable is never more than asked
 * (CVE-2022-29162).
 */
#include "process/creds.h"

#include "base/err.h"
#include "base/io.h"
#include "base/sys.h"
#include "channel/box.h"
#include "channel/handles.h"
#include "channel/procfs.h"
#include "plan/plan.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* Whether this user namespace was made without privilege: setgroups(2) is shut for good. */
bool creds_groups_denied(const struct box *box)
{
	struct text text;

	return procfs_read(box->h->proc, "self/setgroups", &text) == 0 &&
	       strcmp(text.data, "deny\n") == 0;
}

/* A superset of what execve will give, or it would make the program non-dumpable. */
static uint64_t final_permitted(const struct plan_process *p)
{
	uint64_t set = p->caps.permitted;

	if (p->no_new_privs)
		return set;
	set |= p->caps.inheritable | p->caps.ambient;
	return p->uid == 0 ? set | p->caps.bounding : set;
}

uint64_t creds_permitted(const struct plan *plan)
{
	uint64_t set = final_permitted(&plan->process);

	return plan->filter && !plan->process.no_new_privs ? set | 1ULL << CAP_SYS_ADMIN : set;
}

uint64_t creds_effective(const struct plan *plan)
{
	uint64_t set = plan->process.caps.effective;

	return plan->filter && !plan->process.no_new_privs ? set | 1ULL << CAP_SYS_ADMIN : set;
}

static int drop_bounding(uint64_t keep)
{
	for (unsigned int cap = 0; cap < 64; cap++) {
		if (keep >> cap & 1 || prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) == 0)
			continue;
		int error = errno;

		if (error == EINVAL)
			return 0; /* the kernel knows no more */
		if (prctl(PR_CAPBSET_READ, cap, 0, 0, 0) != 0)
			return fail(error, "process.capabilities.bounding: drop capability %u",
				    cap);
	}
	return 0;
}

/* A caller's securebits (NOROOT, NO_CAP_AMBIENT_RAISE) would give other sets at execve. */
static int plain_securebits(void)
{
	int bits = prctl(PR_GET_SECUREBITS, 0, 0, 0, 0);

	if (bits < 0)
		return fail(errno, "read securebits");
	if (bits != SECUREBITS_DEFAULT && prctl(PR_SET_SECUREBITS, SECUREBITS_DEFAULT, 0, 0, 0) < 0)
		return fail(errno, "found securebits 0x%x, expected none, clear them", bits);
	return 0;
}

static int set_groups(const struct box *box)
{
	const struct plan_process *p = &box->plan->process;

	if (p->keep_groups || sys_setgroups(p->n_groups, p->groups) == 0)
		return 0;
	int error = errno;

	if (error == EPERM && p->n_groups == 0 && creds_groups_denied(box))
		return 0; /* nobody can; there are none to add either */
	return fail(error, "process.user.additionalGids: set %zu groups", p->n_groups);
}

static int set_ids(const struct box *box)
{
	const struct plan_process *p = &box->plan->process;
	int r = set_groups(box);

	if (r < 0)
		return r;
	if (sys_setresgid(p->gid) < 0)
		return fail(errno, "process.user.gid: become %u", p->gid);
	if (sys_setresuid(p->uid) < 0)
		return fail(errno, "process.user.uid: become %u", p->uid);
	return 0;
}

static int set_ambient(uint64_t ambient)
{
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
		return fail(errno, "process.capabilities.ambient: clear");
	for (unsigned int cap = 0; ambient >> cap; cap++) {
		if ((ambient >> cap & 1) &&
		    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0) < 0)
			return fail(errno, "process.capabilities.ambient: raise capability %u",
				    cap);
		if (cap == 63)
			break;
	}
	return 0;
}

/*
 * Who makes a user namespace without privilege has no rights but those over it, and the memory
 * of a process that never executed a program counts as its parent's namespace's: non-dumpable,
 * init would be beyond its own runtime's reach (pidfd_getfd(2) for a listener, setns(2) for
 * exec, /proc/PID/ns for an engine). Nobody else can trace there: the namespace is new, and
 * another process of that user has no CAP_SYS_PTRACE in it unless it is the user's outside.
 */
static bool is_the_users(const struct plan_namespaces *ns)
{
	return (ns->made & CLONE_NEWUSER) && !ns->joined && ns->uid_way != PLAN_MAP_WRITE;
}

int creds_drop_admin(const struct plan *plan)
{
	const struct plan_process *p = &plan->process;

	if (sys_capset(final_permitted(p), p->caps.effective, p->caps.inheritable) < 0)
		return fail(errno, "process.capabilities: drop CAP_SYS_ADMIN");
	return 0;
}

int creds_protect(const struct plan *plan)
{
	if (prctl(PR_SET_DUMPABLE, is_the_users(&plan->ns), 0, 0, 0) < 0 ||
	    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
		return fail(errno, "protect the container's init");
	return 0;
}

int creds_become_root(void *ctx)
{
	const struct box *box = ctx;

	if ((box->plan->ns.made | box->plan->ns.joined) & CLONE_NEWUSER) {
		if (!box->plan->process.keep_groups && sys_setgroups(0, NULL) < 0 &&
		    !(errno == EPERM && creds_groups_denied(box)))
			return fail(errno, "leave the groups of the host");
		if (sys_setresgid(0) < 0 || sys_setresuid(0) < 0)
			return fail(errno, "become root of the user namespace (is 0 mapped?)");
	}
	return creds_protect(box->plan);
}

int creds_set(void *ctx)
{
	const struct box *box = ctx;
	const struct plan_caps *caps = &box->plan->process.caps;
	int r = plain_securebits();

	if (r < 0 || (r = drop_bounding(caps->bounding)) < 0)
		return r;
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
		return fail(errno, "keep capabilities");
	r = set_ids(box);
	if (r < 0)
		return r;
	if (sys_capset(creds_permitted(box->plan), creds_effective(box->plan), caps->inheritable) <
	    0)
		return fail(errno, "process.capabilities: set (are all of them our own?)");
	r = set_ambient(caps->ambient);
	if (r < 0)
		return r;
	if (prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) < 0)
		return fail(errno, "keep no capabilities");
	if (box->plan->process.no_new_privs && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return fail(errno, "process.noNewPrivileges");
	return creds_protect(box->plan); /* the change of ids undid it */
}
