/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the credentials of the container's process.
 *
 * What must hold: ids, groups and capability sets end up as the plan says. Every failing call fails
 * the create, and verify.c reads the result back.
 *
 * Without no_new_privs, loading a filter needs CAP_SYS_ADMIN (seccomp(2)). The capability then
 * stays permitted and effective until execve(2). The program does not get it: execve(2) computes
 * the new sets from the inheritable, bounding and ambient sets, which are final here. The
 * inheritable set is never larger than the configuration asks for (CVE-2022-29162).
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
#include <linux/securebits.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* A user namespace made without privilege has setgroups(2) denied permanently. */
bool creds_groups_denied(const struct box *box)
{
	struct text text;

	return procfs_read(box->h->proc, "self/setgroups", &text) == 0 &&
	       strcmp(text.data, "deny\n") == 0;
}

/*
 * Must be a superset of what execve(2) will grant. If execve(2) raised the permitted set, the
 * kernel would make the process non-dumpable.
 */
static uint64_t final_permitted(const struct plan_process *p)
{
	uint64_t set = p->caps.permitted;

	if (p->no_new_privs)
		return set;
	set |= p->caps.inheritable | p->caps.ambient;
	return p->uid == 0 ? set | p->caps.bounding : set;
}

/* The sets that the program begins with, as far as they are set before execve(2). */
static struct caps final_caps(const struct plan_process *p)
{
	return (struct caps){ .permitted = final_permitted(p),
			      .effective = p->caps.effective,
			      .inheritable = p->caps.inheritable };
}

struct caps creds_caps(const struct plan *plan)
{
	const struct plan_process *p = &plan->process;
	uint64_t admin = plan->filter && !p->no_new_privs ? UINT64_C(1) << CAP_SYS_ADMIN : 0;
	struct caps caps = final_caps(p);

	caps.permitted |= admin;
	caps.effective |= admin;
	return caps;
}

static int drop_bounding(uint64_t keep)
{
	for (cap_value_t cap = 0; cap < cap_max_bits(); cap++) {
		if (keep >> cap & 1 || cap_drop_bound(cap) == 0)
			continue;
		int error = errno;

		if (cap_get_bound(cap) != 0)
			return fail(error, "process.capabilities.bounding: drop %s",
				    caps_name((unsigned int)cap));
	}
	return 0;
}

/*
 * The caller may have set securebits such as NOROOT or NO_CAP_AMBIENT_RAISE. They would change the
 * sets that execve(2) computes.
 */
static int plain_securebits(void)
{
	unsigned int bits = cap_get_secbits();

	if (bits != SECUREBITS_DEFAULT && cap_set_secbits(SECUREBITS_DEFAULT) < 0)
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
		return 0; /* setgroups(2) is denied for everybody here, and no group is asked for */
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
	if (cap_reset_ambient() < 0)
		return fail(errno, "process.capabilities.ambient: clear");
	for (cap_value_t cap = 0; cap < cap_max_bits(); cap++)
		if (ambient >> cap & 1 && cap_set_ambient(cap, CAP_SET) < 0)
			return fail(errno, "process.capabilities.ambient: raise %s",
				    caps_name((unsigned int)cap));
	return 0;
}

/*
 * Whether this user namespace was made by an unprivileged user for this container alone.
 *
 * A user who makes a user namespace without privilege has rights in that namespace only. The kernel
 * counts the memory of a process that never called execve(2) as belonging to the parent's user
 * namespace. If init were non-dumpable, the user's own runtime could not reach it: pidfd_getfd(2)
 * for a seccomp listener, setns(2) for `exec`, and /proc/PID/ns for an engine would all fail.
 *
 * Staying dumpable is safe here. The namespace is new, so nobody else is in it. Of the user's other
 * processes only those in the parent namespace have CAP_SYS_PTRACE over it.
 */
static bool is_the_users(const struct plan_namespaces *ns)
{
	return (ns->made & CLONE_NEWUSER) && !ns->joined && ns->uid_way != PLAN_MAP_WRITE;
}

cap_t creds_make_final(const struct plan *plan)
{
	const struct caps caps = final_caps(&plan->process);

	return caps_make(&caps);
}

int creds_protect(const struct plan *plan)
{
	if (prctl(PR_SET_DUMPABLE, is_the_users(&plan->ns), 0, 0, 0) < 0 ||
	    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
		return fail(errno, "make the container's init non-dumpable");
	return 0;
}

int creds_become_root(void *ctx)
{
	const struct box *box = ctx;

	if ((box->plan->ns.made | box->plan->ns.joined) & CLONE_NEWUSER) {
		if (!box->plan->process.keep_groups && sys_setgroups(0, NULL) < 0 &&
		    !(errno == EPERM && creds_groups_denied(box)))
			return fail(errno, "drop the supplementary groups of the host");
		if (sys_setresgid(0) < 0 || sys_setresuid(0) < 0)
			return fail(
				errno,
				"become root of the user namespace (are uid 0 and gid 0 mapped?)");
	}
	return creds_protect(box->plan);
}

int creds_set(void *ctx)
{
	const struct box *box = ctx;
	const struct plan_caps *caps = &box->plan->process.caps;
	const struct caps kept = creds_caps(box->plan);
	int r = plain_securebits();

	if (r < 0 || (r = drop_bounding(caps->bounding)) < 0)
		return r;
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
		return fail(errno, "set the keep-capabilities flag");
	r = set_ids(box);
	if (r < 0)
		return r;
	r = caps_set(&kept);
	if (r < 0)
		return fail(-r,
			    "process.capabilities: set them (does tamis itself have all of them?)");
	r = set_ambient(caps->ambient);
	if (r < 0)
		return r;
	if (prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) < 0)
		return fail(errno, "clear the keep-capabilities flag");
	if (box->plan->process.no_new_privs && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return fail(errno, "process.noNewPrivileges: set");
	return creds_protect(box->plan); /* the change of ids reset the two attributes */
}
