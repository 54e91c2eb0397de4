/* SPDX-License-Identifier: Apache-2.0 */
/*
 * File descriptors of a container's leaves while they are worked on. Only lib/cgroup includes this.
 */
#ifndef CGROUP_LEAVES_H
#define CGROUP_LEAVES_H

#include "base/base.h"
#include "cgroup/cgroup.h"

/*
 * The descriptors are in the order of cgroup->v. Each is opened when first needed, because in most
 * hierarchies only the directory has to be made.
 */
struct leaves {
	const struct cgroup *cgroup;
	int fd[PLAN_HIERARCHIES]; /* -1: not open */
	bool used; /* while the leaves are made: those that existed were used by a container */
};

/*
 * leaves_init() sets all to -1; cgroup must outlive *leaves. leaves_close() closes what
 * leaves_open() opened.
 */
void leaves_init(struct leaves *leaves, const struct cgroup *cgroup);
void leaves_close(struct leaves *leaves);
/* Returns the O_PATH descriptor of leaf number i, which *leaves keeps. Reporting. */
must_check int leaves_open(struct leaves *leaves, size_t i);

#endif
