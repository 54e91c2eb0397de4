/* SPDX-License-Identifier: Apache-2.0 */
/* What the container's cgroups have counted, v1 and v2 alike, and news of its OOM kills. */
#ifndef CGROUP_STATS_H
#define CGROUP_STATS_H

#include "base/base.h"
#include "cgroup/cgroup.h"

struct stats_list {
	size_t n;
	uint64_t *v;
};

struct stats_usage { /* bytes; a limit that is none is UINT64_MAX (v2) or what v1 shows */
	uint64_t limit, usage, max, failcnt;
};

struct stats_io {
	uint64_t major, minor;
	const char *op; /* "Read"; "" for none */
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
	size_t n;
	struct stats_io *v;
};

struct stats_huge {
	const char *size; /* "2MB" */
	struct stats_usage usage;
};

/* Where the kernel or this host lacks a file: 0. */
struct cgroup_stats {
	struct { /* nanoseconds */
		uint64_t total, kernel, user;
		struct stats_list percpu, percpu_kernel, percpu_user; /* v1 only */
		uint64_t periods, throttled_periods, throttled_time;
	} cpu;
	struct { /* v1 only but for the lists */
		struct stats_list cpus, mems;
		uint64_t cpu_exclusive, mem_hardwall, mem_exclusive, memory_migrate,
			memory_spread_page, memory_spread_slab, memory_pressure, sched_load_balance;
		int64_t sched_relax_domain_level;
	} cpuset;
	uint64_t cache;
	struct stats_usage memory, swap, kernel, kernel_tcp; /* swap: memory and swap */
	const char *raw;				     /* memory.stat: "key value" lines */
	uint64_t pids, pids_limit;			     /* limit 0: none */
	struct stats_io_list io[STATS_IO_KINDS];
	size_t n_huge;
	struct stats_huge *huge;
};

/* Reads all of it; arena. What this kernel does not have is 0. Reporting: a hierarchy that cannot
 * be looked into. */
must_check int cgroup_stats(const struct cgroup *cgroup, struct cgroup_stats *ret);

#endif
