/* SPDX-License-Identifier: Apache-2.0 */
/* Values that undo an update, for files that do not accept what they show. */
#include "base/base.h"
#include "cgroup/restore.h"
#include "unit/tap.h"

#define IO "8:0 rbps=max wbps=1000 riops=max wiops=max\n8:16 rbps=5 wbps=max riops=max wiops=max"

int main(void)
{
	static const struct {
		const char *file, *shown, *written, *want;
	} rows[] = {
		{ "pids.max", "max", "5", "max" },
		{ "cpu.max", "max 100000", "5000 100000", "max 100000" },
		{ "cpuset.cpus", "", "0", "\n" },
		{ "memory.oom_control", "oom_kill_disable 1\nunder_oom 0\noom_kill 3", "0", "1" },
		{ "memory.oom_control", "oom_kill_disable 0\nunder_oom 1\noom_kill 1", "1", "0" },
		{ "io.max", IO, "8:16 rbps=7", "8:16 rbps=5 wbps=max riops=max wiops=max" },
		{ "io.max", IO, "8:1 rbps=7", "8:1 rbps=max wbps=max riops=max wiops=max" },
		{ "io.weight", "default 100\n8:0 50", "70", "default 100" },
		{ "io.weight", "default 100\n8:0 50", "8:0 70", "8:0 50" },
		{ "io.bfq.weight", "default 100", "8:0 70", "8:0 default" },
		{ "blkio.throttle.read_bps_device", "", "8:0 100", "8:0 0" },
		{ "blkio.throttle.read_bps_device", "8:0 9", "8:0 100", "8:0 9" },
		{ "blkio.bfq.weight", "500", "20", "500" },
		{ "net_prio.ifpriomap", "lo 0\neth0 3", "eth0 9", "eth0 3" },
		{ "rdma.max", "mlx hca_handle=2 hca_object=max", "mlx hca_handle=9",
		  "mlx hca_handle=2 hca_object=max" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		is_str(restore_value(rows[i].file, rows[i].shown, rows[i].written), rows[i].want,
		       "%s, written %s", rows[i].file, rows[i].written);
	return done();
}
