/* SPDX-License-Identifier: Apache-2.0 */
/* Descriptors of a container's leaves, while they are worked on. Only lib/cgroup includes this. */
#ifndef CGROUP_LEAVES_H
#define CGROUP_LEAVES_H

#include "base/base.h"
#include "cgroup/cgroup.h"

/*
 * The leaves while they are worked on, in the order of cgroup->v: descriptors are opened when
 * first needed, since most hierarchies only want their directory made.
 */
struct leaves {
	const struct cgroup *cgroup;
	int fd[PLAN_HIERARCHIES]; /* -1: not opened */
	bool used; /* while they are made: those that were there were a container's */
};

/* Nothing open; cgroup is borrowed. leaves_close() closes what leaves_open() opened. */
void leaves_init(struct leaves *leaves, const struct cgroup *cgroup);
void leaves_close(struct leaves *leaves);
/* The leaf number i (O_PATH), borrowed. */
must_check int leaves_open(struct leaves *leaves, size_t i);

#endif
