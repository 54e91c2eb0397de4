/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the undo of an update that failed: what to write to a file so that it has its earlier
 * content. Most files accept what they show. The exceptions are in a table here.
 */
#include "cgroup/restore.h"

#include "base/arena.h"
#include "base/base.h"

#include <string.h>

/*
 * Files that show one line for each device or interface and accept one line at a time. `none` is
 * the value that removes a line.
 */
static const struct {
	const char *file, *none;
} keyed[] = {
	{ "blkio.bfq.weight_device", "0" },
	{ "blkio.throttle.read_bps_device", "0" },
	{ "blkio.throttle.read_iops_device", "0" },
	{ "blkio.throttle.write_bps_device", "0" },
	{ "blkio.throttle.write_iops_device", "0" },
	{ "blkio.weight_device", "0" },
	{ "io.bfq.weight", "default" },
	{ "io.latency", "target=max" },
	{ "io.max", "rbps=max wbps=max riops=max wiops=max" },
	{ "io.weight", "default" },
	{ "net_prio.ifpriomap", "0" },
	{ "rdma.max", "hca_handle=max hca_object=max" },
};

/* Returns the line of text whose first word is the n bytes at key, or NULL. In the arena. */
static const char *line_of(const char *text, const char *key, size_t n)
{
	for (const char *p = text; *p;) {
		size_t len = strcspn(p, "\n");

		if (len > n && strncmp(p, key, n) == 0 && p[n] == ' ')
			return arena_memdup(p, len);
		p += len + (p[len] == '\n');
	}
	return NULL;
}

const char *restore_value(const char *file, const char *shown, const char *written)
{
	size_t n = strcspn(written, " ");
	const char *line;

	/* v1 shows the value among others */
	if (strcmp(file, "memory.oom_control") == 0) {
		line = line_of(shown, "oom_kill_disable", strlen("oom_kill_disable"));
		return line && strcmp(line, "oom_kill_disable 1") == 0 ? "1" : "0";
	}
	for (size_t i = 0; i < ARRAY_LEN(keyed); i++) {
		if (strcmp(file, keyed[i].file) != 0)
			continue;
		const char *key = written[n] ? arena_memdup(written, n) : "default";

		line = line_of(shown, key, strlen(key));
		return line ? line : written[n] ? arena_printf("%s %s", key, keyed[i].none) : shown;
	}
	return *shown ? shown : "\n"; /* an empty cpuset of v2 */
}
