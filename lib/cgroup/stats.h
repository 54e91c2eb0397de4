/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the counters of the container's cgroups, in the same form for v1 and v2. */
#ifndef CGROUP_STATS_H
#define CGROUP_STATS_H

#include "base/base.h"
#include "cgroup/cgroup.h"

struct stats_list {
	size_t n, room;
	uint64_t *v;
};

struct stats_usage { /* bytes; no limit is UINT64_MAX on v2, on v1 what the file shows */
	uint64_t limit, usage, max, failcnt;
};

struct stats_io {
	uint64_t major, minor;
	const char *op; /* "Read", for example; "" for none */
	uint64_t value;
};

enum stats_io_kind {
	STATS_SERVICE_BYTES,
	STATS_SERVICED,
	STATS_QUEUED,
	STATS_SERVICE_TIME,
	STATS_WAIT_TIME,
	STATS_MERGED,
	STATS_TIME,
	STATS_SECTORS,
	STATS_IO_KINDS,
};

struct stats_io_list {
	size_t n, room;
	struct stats_io *v;
};

struct stats_huge {
	const char *size; /* for example "2MB" */
	struct stats_usage usage;
};

/* A value is 0 if the kernel or the host has no file for it. */
struct cgroup_stats {
	struct { /* nanoseconds */
		uint64_t total, kernel, user;
		struct stats_list percpu, percpu_kernel, percpu_user; /* v1 only */
		uint64_t periods, throttled_periods, throttled_time;
	} cpu;
	struct { /* v1 only, except the lists */
		struct stats_list cpus, mems;
		uint64_t cpu_exclusive, mem_hardwall, mem_exclusive, memory_migrate,
			memory_spread_page, memory_spread_slab, memory_pressure, sched_load_balance;
		int64_t sched_relax_domain_level;
	} cpuset;
	uint64_t cache;
	struct stats_usage memory, swap, kernel, kernel_tcp; /* swap: memory plus swap */
	const char *raw;				     /* memory.stat: lines "key value" */
	uint64_t pids, pids_limit;			     /* limit 0: no limit */
	struct stats_io_list io[STATS_IO_KINDS];
	size_t n_huge;
	struct stats_huge *huge;
};

/*
 * Reads all values, in the arena. What this kernel does not have is 0. A hierarchy that cannot be
 * accessed is an error. Reporting.
 */
must_check int cgroup_stats(const struct cgroup *cgroup, struct cgroup_stats *ret);

#endif
