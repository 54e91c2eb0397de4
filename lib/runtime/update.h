/* SPDX-License-Identifier: Apache-2.0 */
/* The `update` command: other limits for a container that exists. */
#ifndef RUNTIME_UPDATE_H
#define RUNTIME_UPDATE_H

#include "base/base.h"

struct container;

/* As the user wrote them; NULL: not given. */
struct update_options {
	const char *resources; /* a file with linux.resources, "-": standard input; else: */
	const char *memory, *memory_reservation, *memory_swap; /* "512m"; -1: no limit */
	const char *cpu_period, *cpu_quota, *cpu_burst;	       /* microseconds */
	const char *cpu_rt_period, *cpu_rt_runtime;
	const char *cpu_share, *cpu_idle;
	const char *cpuset_cpus, *cpuset_mems; /* "0-2,7" */
	const char *pids_limit, *blkio_weight;
};

/*
 * Sets the limits of a created, running or paused container, all of them or, if one cannot be
 * set, none. What is not mentioned stays. Device rules are not changed, as in runc. Reporting.
 */
must_check int container_update(struct container *c, const struct update_options *options);

#endif
