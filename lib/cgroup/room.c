/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the room for processes of ours that are inside for a moment: who makes the container's
 * process, and the keeper of a scope. A process that is moved into a cgroup may exceed its limit,
 * but one that is born there may not, and the container's has to be born inside: until it were
 * moved, whoever may trace it could have it fork outside. So a limit that would hinder it is
 * raised by what is missing, and set again as soon as ours have left. What must hold: what a
 * container gains by forking meanwhile is bounded, however often that happens. Whoever is
 * killed in between leaves the limit higher by that much.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/num.h"
#include "cgroup/cgroup.h"
#include "cgroup/dir.h"

#include <errno.h>

/* As many processes may be inside beyond the limit. */
enum { ROOM_MOST = 8 };

static int open_pids(const struct cgroup *cgroup)
{
	const struct cgroup_dir *v1 = cgdir_find_v1(cgroup, "pids");
	const struct cgroup_dir *dir = v1 ? v1 : cgdir_find_v2(cgroup);

	return dir && dir->made ? cgdir_leaf(dir) : -ENOENT;
}

/* The number in file, the text of it too; -errno, also where it is no number ("max"). */
static int64_t read_number(int leaf, const char *file, const char **ret)
{
	struct text text;
	const char *end;
	uint64_t v;
	int r = leaf < 0 ? leaf : cgdir_read(leaf, file, &text);

	if (r < 0 || (r = num_scan_u64(text.data, &end, &v)) < 0)
		return r;
	*ret = text.data;
	return *end || v > INT32_MAX ? -ERANGE : (int64_t)v;
}

bool cgroup_room_is_for(const struct cgroup *cgroup, unsigned int n)
{
	autofd leaf = open_pids(cgroup);
	const char *text;
	int64_t limit = read_number(leaf, "pids.max", &text);

	/* it may be raised at the moment: what is left then has to be within the limit proper */
	return limit < 0 || read_number(leaf, "pids.current", &text) + n + ROOM_MOST <= limit;
}

void cgroup_room_open(const struct cgroup *cgroup, unsigned int n, struct cgroup_room *ret)
{
	autofd leaf = open_pids(cgroup);
	const char *text, *before = NULL;
	int64_t limit = read_number(leaf, "pids.max", &before);
	int64_t now = limit < 0 ? limit : read_number(leaf, "pids.current", &text);

	ret->limit = NULL;
	if (limit < 0 || now < 0 || now + n <= limit || now + n > limit + ROOM_MOST)
		return;
	if (cgdir_write(leaf, "pids.max", arena_printf("%jd", (intmax_t)(now + n))) == 0)
		ret->limit = before;
}

int cgroup_room_close(const struct cgroup *cgroup, struct cgroup_room *room)
{
	if (!room->limit)
		return 0;
	autofd leaf = open_pids(cgroup);
	int r = leaf < 0 ? leaf : cgdir_write(leaf, "pids.max", room->limit);

	if (r < 0 && !cgdir_is_gone(r))
		return fail(-r, "cannot set pids.max back to %s", room->limit);
	room->limit = NULL;
	return 0;
}
