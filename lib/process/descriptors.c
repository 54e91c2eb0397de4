/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns which file descriptors init, and a process of `exec`, keep at each stage.
 *
 * - At the beginning only the handles stay. The lock of the state directory is closed, because only
 *   the parent may hold it.
 * - After pivot_root(2) none stays that leads to a directory of the host (CVE-2024-21626).
 * - While init waits only those stay that waiting needs.
 * - The program inherits 0 to 2 and those that preserve_fds counts.
 */
#include "process/descriptors.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "channel/box.h"
#include "channel/handles.h"
#include "plan/plan.h"

#include <fcntl.h>

/*
 * Appends to keep the descriptors that the program inherits by preserve_fds; keep has n entries and
 * room for these. Descriptors in that range with the close-on-exec flag are tamis's own and are not
 * added. Returns the new n.
 */
static size_t add_preserved(const struct box *box, int *keep, size_t n)
{
	for (int fd = 3; fd < 3 + (int)box->plan->preserve_fds; fd++) {
		int flags = fcntl(fd, F_GETFD);

		if (flags >= 0 && !(flags & FD_CLOEXEC))
			keep[n++] = fd;
	}
	return n;
}

/*
 * Closes everything but the handles. The lock of the state directory must not stay open here:
 * flock(2) locks belong to the open file description, and only the parent may hold it.
 */
int descriptors_keep_handles(void *ctx)
{
	const struct box *box = ctx;
	const struct handles *h = box->h;
	size_t mounts = box->plan->n_mounts, n = 0;
	int *keep = arena_array(64 + box->plan->preserve_fds + 2 * mounts, sizeof(*keep));
	const int some[] = { h->proc,
			     h->bundle,
			     h->root,
			     h->sdnotify,
			     h->start,
			     h->sync[1],
			     handles_pid_namespace(box->plan, h) };

	for (size_t i = 0; i < ARRAY_LEN(some); i++)
		keep[n++] = some[i];
	for (size_t i = 0; i < PLAN_HIERARCHIES; i++)
		keep[n++] = h->cgroup_leaves[i];
	for (size_t i = 0; i < h->n_tasks; i++)
		keep[n++] = h->tasks[i];
	for (size_t i = 0; i < mounts; i++) {
		keep[n++] = h->sources[i];
		keep[n++] = h->idmaps[i];
	}
	int r = fd_close_others(keep, add_preserved(box, keep, n));

	return r < 0 ? fail(-r, "close the parent's file descriptors") : 0;
}

/* Keeps what the wait for `start` needs. */
int descriptors_keep_last(void *ctx)
{
	struct box *box = ctx;
	const int few[] = { box->h->sync[1], box->h->start, box->h->sdnotify };
	int *keep = arena_array(ARRAY_LEN(few) + box->plan->preserve_fds, sizeof(*keep));
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(few); i++)
		keep[n++] = few[i];
	int r = fd_close_others(keep, add_preserved(box, keep, n));

	if (r >= 0)
		r = fd_cloexec_from(3 + box->plan->preserve_fds);
	return r < 0 ? fail(-r, "close the file descriptors that the program must not inherit") : 0;
}

int descriptors_close_host(void *ctx)
{
	struct box *box = ctx;
	struct handles *h = box->h;
	const int held[] = { box->root, box->proc,   box->sys, box->devpts, box->null,
			     h->proc,	h->sdnotify, h->start, h->sync[1] };
	int *keep =
		arena_array(ARRAY_LEN(held) + box->n_late + box->plan->preserve_fds, sizeof(*keep));
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(held); i++)
		keep[n++] = held[i];
	for (size_t i = 0; i < box->n_late; i++)
		keep[n++] = box->late[i];
	int r = fd_close_others(keep, add_preserved(box, keep, n));

	if (r < 0)
		return fail(-r, "close the host's file descriptors");
	h->bundle = h->root = h->sync[0] = h->cgroup_dir = -1;
	for (size_t i = 0; i < ARRAY_LEN(h->joins); i++)
		h->joins[i] = -1;
	for (size_t i = 0; i < PLAN_HIERARCHIES; i++)
		h->cgroup_leaves[i] = h->tasks[i] = -1;
	for (size_t i = 0; i < h->n_mounts; i++)
		h->sources[i] = h->idmaps[i] = -1;
	return 0;
}
