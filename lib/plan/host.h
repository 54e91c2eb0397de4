/* SPDX-License-Identifier: Apache-2.0 */
/* Facts about this host that a plan depends on. They are read once and passed to plan_make(). */
#ifndef PLAN_HOST_H
#define PLAN_HOST_H

#include "base/base.h"
#include "plan/cgroup_dir.h"

#include <sys/types.h>

enum host_cgroups { HOST_CGROUP_NONE, HOST_CGROUP_V1, HOST_CGROUP_HYBRID, HOST_CGROUP_V2 };

struct host_hierarchy {
	struct cgroup_dir own; /* the cgroup of this process in it, from /proc/self/cgroup */
	/* the part of the hierarchy that is mounted there (field 4 of mountinfo) */
	const char *root;
};

struct host {
	unsigned int kernel_major, kernel_minor;
	const char *machine; /* machine of uname(2) */
	uid_t euid;
	gid_t egid;
	bool in_user_namespace;			/* in one that is not the initial one */
	uint64_t caps_known;			/* all that this kernel knows */
	uint64_t caps_permitted, caps_bounding; /* of this process */
	bool apparmor, selinux;			/* enabled */
	bool kcore;				/* /proc/kcore exists */
	/* SECCOMP_FILTER_FLAG_* that this kernel supports */
	uint64_t seccomp_flags;
	enum host_cgroups cgroups;
	size_t n_hierarchies;
	const struct host_hierarchy *hierarchies;
	/* controllers of the root of v2, "cpu memory"; "" if there are none */
	const char *cgroup2_controllers;
};

/* Reads the kernel's version and machine alone; an older kernel is an error. Reporting. */
must_check int host_kernel(struct host *ret);
/* Reads the facts. A kernel older than 5.14 is an error. Reporting. */
must_check int host_read(struct host *ret);
/*
 * Sets the cgroup members of ret from the text of /proc/self/mountinfo and /proc/self/cgroup
 * (proc(5), cgroups(7)), except cgroup2_controllers. A hierarchy that is mounted several times
 * counts once, and a mount below /sys/fs/cgroup is preferred. A hierarchy that is not mounted is
 * ignored. Reporting.
 */
must_check int host_cgroups_parse(const char *mountinfo, const char *cgroup, struct host *ret);
/* Whether the comma-separated list, of controllers, has the n bytes at word as an element. */
bool host_cgroups_list_has(const char *list, const char *word, size_t n);

#endif
