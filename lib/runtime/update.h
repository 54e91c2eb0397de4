/* SPDX-License-Identifier: Apache-2.0 */
/* The `update` command: changes the limits of an existing container. */
#ifndef RUNTIME_UPDATE_H
#define RUNTIME_UPDATE_H

#include "base/base.h"

struct container;

/* Command line of update, as the user wrote it; NULL: not given. */
struct update_options {
	/* file with linux.resources, or "-" for standard input; excludes the options below */
	const char *resources;
	const char *memory, *memory_reservation, *memory_swap; /* "512m"; -1: no limit */
	const char *cpu_period, *cpu_quota, *cpu_burst;	       /* microseconds */
	const char *cpu_rt_period, *cpu_rt_runtime;
	const char *cpu_share, *cpu_idle;
	const char *cpuset_cpus, *cpuset_mems; /* "0-2,7" */
	const char *pids_limit, *blkio_weight;
};

/*
 * Sets the limits of a created, running or paused container: all of them or, if one cannot be set,
 * none. Other limits stay. Device rules are not changed, as in runc. Reporting.
 */
must_check int container_update(struct container *c, const struct update_options *options);

#endif
