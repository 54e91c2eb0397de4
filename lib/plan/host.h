/* SPDX-License-Identifier: Apache-2.0 */
/* Facts about this host that a plan depends on: read once, then passed in. */
#ifndef PLAN_HOST_H
#define PLAN_HOST_H

#include "base/base.h"

#include <sys/types.h>

enum host_cgroups { HOST_CGROUP_NONE, HOST_CGROUP_V1, HOST_CGROUP_HYBRID, HOST_CGROUP_V2 };

struct host_hierarchy {
	const char *name; /* last part of mountpoint; "unified" for v2, wherever it is mounted */
	const char *mountpoint;
	const char *controllers; /* "cpu,cpuacct", "name=systemd"; "" for v2 */
	bool v2;
	const char *root; /* what of the hierarchy is mounted there (mountinfo field 4) */
	const char *own;  /* our own cgroup in it, from /proc/self/cgroup */
};

struct host {
	unsigned int kernel_major, kernel_minor;
	const char *machine; /* uname -m */
	uid_t euid;
	gid_t egid;
	bool in_user_namespace;			/* not the initial one */
	unsigned int last_cap;			/* highest capability the kernel knows */
	uint64_t caps_permitted, caps_bounding; /* our own */
	bool apparmor, selinux;			/* enabled */
	bool kcore;				/* /proc/kcore is there */
	uint64_t seccomp_flags;			/* SECCOMP_FILTER_FLAG_* that this kernel takes */
	enum host_cgroups cgroups;
	size_t n_hierarchies;
	const struct host_hierarchy *hierarchies;
	const char *cgroup2_controllers; /* "cpu memory": of the root of v2; "" if there is none */
};

/* Reads them. Reporting; an older kernel than 5.14 is one clear error. */
must_check int host_read(struct host *ret);
/*
 * The cgroup members of ret from the text of /proc/self/mountinfo and /proc/self/cgroup
 * (proc(5), cgroups(7)). A hierarchy mounted several times counts once, the mount below
 * /sys/fs/cgroup first; one that is mounted nowhere does not count. cgroup2_controllers is
 * left alone. Reporting.
 */
must_check int host_cgroups_parse(const char *mountinfo, const char *cgroup, struct host *ret);

#endif
