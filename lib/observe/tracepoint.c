/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns what is read from tracefs. The layout of the tracepoint is compared with what the reader of
 * its events expects, because the kernel may change it.
 */
#include "observe/tracepoint.h"

#include "base/arena.h"
#include "base/caps.h"
#include "base/io.h"
#include "base/num.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <string.h>

enum { TEXT_MAX = 1 << 20 };

/* The mount point in a line of mountinfo if it is of that file system, else NULL. */
static const char *mount_point(const char *line, const char *type)
{
	const char *dash = strstr(line, " - "), *p = line;

	if (!dash || strncmp(dash + 3, type, strlen(type)) != 0 || dash[3 + strlen(type)] != ' ')
		return NULL;
	for (int i = 0; i < 4 && p; i++) {
		p = strchr(p, ' ');
		p += p != NULL;
	}
	return p && p < dash ? arena_memdup(p, strcspn(p, " ")) : NULL;
}

static const char *find_mount(const char *type)
{
	struct text text;

	if (io_read_file(AT_FDCWD, "/proc/self/mountinfo", TEXT_MAX, &text) < 0)
		return NULL;
	for (char *line = strtok(text.data, "\n"); line; line = strtok(NULL, "\n"))
		if (mount_point(line, type))
			return mount_point(line, type);
	return NULL;
}

static int read_event(const char *dir, const char *name, struct text *ret)
{
	return io_read_file(AT_FDCWD,
			    arena_printf("%s/events/raw_syscalls/sys_enter/%s", dir, name),
			    TEXT_MAX, ret);
}

static int find(uint64_t *ret_id)
{
	const char *dir = find_mount("tracefs");
	struct text id, format;
	int r;

	if (!dir) {
		dir = find_mount("debugfs");
		dir = dir ? arena_printf("%s/tracing", dir) : NULL;
	}
	r = dir ? read_event(dir, "id", &id) : -ENOENT;
	if (r >= 0)
		r = read_event(dir, "format", &format);
	if (r < 0)
		return r == -EPERM ? -EACCES : r;
	if (!strstr(format.data, "long id;\toffset:8;\tsize:8;") ||
	    !strstr(format.data, "args[6];\toffset:16;\tsize:48;"))
		return -EINVAL;
	return num_parse_u64(arena_memdup(id.data, strcspn(id.data, "\n")), ret_id);
}

/* The id is the same until the host is booted again. */
int tracepoint_find(uint64_t *ret_id)
{
	static uint64_t known;
	int r = known ? 0 : find(&known);

	*ret_id = known;
	return r;
}

const char *tracepoint_missing(void)
{
	struct caps caps;
	uint64_t id;
	int r = caps_get(&caps);

	if (r < 0 || !(caps.effective >> CAP_PERFMON & 1 || caps.effective >> CAP_SYS_ADMIN & 1))
		return "it needs root or CAP_PERFMON";
	switch (tracepoint_find(&id)) {
	case 0:
		return NULL;
	case -ENOENT:
		return "tracefs is not mounted (mount -t tracefs tracefs /sys/kernel/tracing)";
	case -EACCES:
		return "tracefs may not be read";
	default:
		return "the tracepoint raw_syscalls:sys_enter of this kernel is not as expected";
	}
}
