/* SPDX-License-Identifier: Apache-2.0 */
/* tamis update: changes the limits of an existing container. */
#include "runtime/update.h"

#include "base/err.h"
#include "cmd/cmd.h"
#include "runtime/container.h"

struct values {
	struct update_options update;
	const char *l3_cache, *memory_bandwidth;
};

static struct values values;

#define VALUE(name, letter, member, value, help)                                       \
	{                                                                              \
		name, letter, OPT_STRING, offsetof(struct values, member), value, help \
	}

static const struct opt update_options[] = {
	VALUE("resources", 'r', update.resources, "FILE",
	      "read linux.resources from FILE, or from standard input if it is -"),
	VALUE("memory", 0, update.memory, "BYTES", "limit of memory, as 512m; -1: none"),
	VALUE("memory-reservation", 0, update.memory_reservation, "BYTES",
	      "memory that is left to it when there is little"),
	VALUE("memory-swap", 0, update.memory_swap, "BYTES",
	      "limit of memory and swap together; -1: none"),
	VALUE("cpu-period", 0, update.cpu_period, "US", "period of --cpu-quota"),
	VALUE("cpu-quota", 0, update.cpu_quota, "US", "CPU time in each period; -1: no limit"),
	VALUE("cpu-burst", 0, update.cpu_burst, "US", "unused quota that may be saved up"),
	VALUE("cpu-rt-period", 0, update.cpu_rt_period, "US", "period of --cpu-rt-runtime"),
	VALUE("cpu-rt-runtime", 0, update.cpu_rt_runtime, "US", "realtime CPU time in a period"),
	VALUE("cpu-share", 0, update.cpu_share, "N", "weight, 2 to 262144"),
	VALUE("cpu-idle", 0, update.cpu_idle, "N", "1: run only when nothing else does"),
	VALUE("cpuset-cpus", 0, update.cpuset_cpus, "LIST", "CPUs it may use, as 0-2,7"),
	VALUE("cpuset-mems", 0, update.cpuset_mems, "LIST", "memory nodes it may use"),
	VALUE("pids-limit", 0, update.pids_limit, "N", "processes and threads; -1: no limit"),
	VALUE("blkio-weight", 0, update.blkio_weight, "N", "weight of block I/O, 10 to 1000"),
	/* the kernel has no separate limits for these since 5.16 */
	{ "kernel-memory", 0, OPT_IGNORED, 0, "BYTES", NULL },
	{ "kernel-memory-tcp", 0, OPT_IGNORED, 0, "BYTES", NULL },
	VALUE("l3-cache-schema", 0, l3_cache, "SCHEMA", NULL),
	VALUE("mem-bw-schema", 0, memory_bandwidth, "SCHEMA", NULL),
	OPT_END,
};

static int update(const struct global *g, int argc not_used, char **argv)
{
	struct container c;

	if (values.l3_cache || values.memory_bandwidth)
		return fail(0, "update: --l3-cache-schema and --mem-bw-schema are not supported: "
			       "tamis does not manage Intel RDT");
	int r = container_open_sound(g->root, argv[0], &c);

	if (r < 0)
		return r;
	r = container_update(&c, &values.update);
	container_close(&c);
	return r;
}

const struct command cmd_update = {
	.name = "update",
	.arguments = "ID",
	.summary = "change the limits of a container",
	.options = update_options,
	.values = &values,
	.min_args = 1,
	.max_args = 1,
	.run = update,
};
