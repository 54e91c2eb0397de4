/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the room for our own processes that are inside for a moment: the one that makes the
 * container's process, and the keeper of a scope.
 *
 * A process that is moved into a cgroup may exceed pids.max, but one that is created inside may
 * not. The container's process has to be created inside: before it was moved, a tracer could make
 * it fork outside. So a limit that is too low is raised by what is missing, and restored as soon as
 * our processes have left.
 *
 * What must hold: what a container can gain by forking in the meantime is bounded, however often
 * this happens. A value that was not written by us is not overwritten, so the limit can be restored
 * at any time after a command was killed.
 */
#include "cgroup/room.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/num.h"
#include "cgroup/cgdir.h"
#include "cgroup/cgroup.h"

#include <errno.h>

/* Upper bound of processes beyond the limit. */
enum { ROOM_MOST = 8 };

static int open_pids(const struct cgroup *cgroup)
{
	const struct cgroup_dir *v1 = cgdir_find_v1(cgroup, "pids");
	const struct cgroup_dir *dir = v1 ? v1 : cgdir_find_v2(cgroup);

	return dir && dir->made ? cgdir_leaf(dir) : -ENOENT;
}

/* Returns the number in the file, or -errno; -errno also if it is not a number ("max"). */
static int64_t read_number(int leaf, const char *file)
{
	struct text text;
	const char *end;
	uint64_t v;
	int r = leaf < 0 ? leaf : cgdir_read(leaf, file, &text);

	if (r < 0 || (r = num_scan_u64(text.data, &end, &v)) < 0)
		return r;
	return *end || v > INT32_MAX ? -ERANGE : (int64_t)v;
}

bool cgroup_room_is_for(const struct cgroup *cgroup, unsigned int n)
{
	autofd leaf = open_pids(cgroup);
	int64_t limit = read_number(leaf, "pids.max");

	/* the limit may be raised at the moment, so there must be room within the proper limit */
	return limit < 0 || read_number(leaf, "pids.current") + n + ROOM_MOST <= limit;
}

struct cgroup_room cgroup_room_wanted(const struct cgroup *cgroup, unsigned int n)
{
	autofd leaf = open_pids(cgroup);
	int64_t limit = read_number(leaf, "pids.max");
	int64_t now = limit < 0 ? limit : read_number(leaf, "pids.current");

	if (limit < 0 || now < 0 || now + n <= limit || now + n > limit + ROOM_MOST)
		return (struct cgroup_room){ 0 };
	return (struct cgroup_room){ .limit = (uint32_t)limit, .raised = (uint32_t)(now + n) };
}

static int set_limit(const struct cgroup *cgroup, uint32_t from, uint32_t to)
{
	autofd leaf = open_pids(cgroup);

	if (leaf < 0 || read_number(leaf, "pids.max") != from)
		return cgdir_is_gone(leaf) ? 0 : leaf < 0 ? leaf : 0;
	int r = cgdir_write(leaf, "pids.max", arena_printf("%u", to));

	return cgdir_is_gone(r) ? 0 : r;
}

void cgroup_room_open(const struct cgroup *cgroup, const struct cgroup_room *room)
{
	(void)!set_limit(cgroup, room->limit, room->raised);
}

int cgroup_room_close(const struct cgroup *cgroup, const struct cgroup_room *room)
{
	int r = set_limit(cgroup, room->raised, room->limit);

	return r < 0 ? fail(-r, "cannot restore pids.max to %u", room->limit) : 0;
}
