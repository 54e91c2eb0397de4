/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the freezer. What must hold: nothing stays partly frozen, because a frozen v1 task cannot
 * even be killed. So a freeze that fails is undone. On v2 cgroup.events reports the state. On v1
 * there is no event; reading freezer.state is what changes FREEZING to FROZEN.
 */
#include "cgroup/freeze.h"

#include "base/err.h"
#include "base/fd.h"
#include "base/sys.h"
#include "cgroup/cgdir.h"
#include "cgroup/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

/*
 * A v1 freeze that coincides with a fork(2) can stay in FREEZING. Thawing and freezing again
 * resolves this.
 */
enum { V1_READS_BEFORE_RETRY = 25 };

static int v1_state_is(int leaf, const char *want)
{
	struct text state;
	int r = cgdir_read(leaf, "freezer.state", &state);

	return r < 0 ? r : strcmp(state.data, want) == 0;
}

/* Returns 0, -ETIMEDOUT or another -errno. */
static int v1_freeze(int leaf, bool frozen, int64_t deadline)
{
	const char *want = frozen ? "FROZEN" : "THAWED";

	for (unsigned int reads = 0, tries = 0;; reads++) {
		int r = 0;

		if (reads % V1_READS_BEFORE_RETRY == 0) {
			if (reads)
				r = cgdir_write(leaf, "freezer.state", "THAWED");
			if (r == 0)
				r = cgdir_write(leaf, "freezer.state", want);
		}
		if (r == 0)
			r = v1_state_is(leaf, want);
		if (r != 0)
			return r < 0 ? r : 0;
		if (!cgdir_back_off(&tries, deadline))
			return -ETIMEDOUT;
	}
}

static int v2_freeze(int leaf, bool frozen, int64_t deadline)
{
	autofd events = openat(leaf, "cgroup.events", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (events < 0)
		return -errno;
	int r = cgdir_write(leaf, "cgroup.freeze", frozen ? "1" : "0");

	while (r == 0) {
		struct text text;
		struct pollfd p = { .fd = events, .events = POLLPRI };

		if (lseek(events, 0, SEEK_SET) < 0)
			return -errno;
		r = io_read_all(events, CGDIR_FILE_MAX, &text);
		if (r < 0)
			return r;
		if ((cgdir_keyed(text.data, "frozen") == 1) == frozen)
			return 0;
		int64_t left = deadline - sys_now_ms();

		if (left <= 0)
			return -ETIMEDOUT;
		if (poll(&p, 1, (int)left) < 0 && errno != EINTR)
			return -errno;
	}
	return r;
}

bool cgroup_freeze_has_v1(const struct cgroup *cgroup)
{
	const struct cgroup_dir *v1 = cgdir_find_v1(cgroup, "freezer");

	return v1 && v1->made;
}

int cgroup_freeze(const struct cgroup *cgroup, bool frozen, int timeout_ms)
{
	const struct cgroup_dir *v1 = cgdir_find_v1(cgroup, "freezer");
	const struct cgroup_dir *dir = v1 ? v1 : cgdir_find_v2(cgroup);
	int64_t deadline = sys_now_ms() + timeout_ms;

	if (!dir)
		return fail(0, "found no cgroup with a freezer for the container");
	if (!dir->made)
		return fail(0, "cgroup %s in %s is not the container's", dir->path, dir->name);
	autofd leaf = cgdir_leaf(dir);
	int r = leaf < 0 ? leaf : (v1 ? v1_freeze : v2_freeze)(leaf, frozen, deadline);

	if (r < 0 && frozen && leaf >= 0 &&
	    cgdir_write(leaf, v1 ? "freezer.state" : "cgroup.freeze", v1 ? "THAWED" : "0") < 0)
		return fail(-r, "cannot freeze cgroup %s in %s, nor thaw it again", dir->path,
			    dir->name);
	if (r < 0)
		return cgdir_fail(dir, r, frozen ? "freeze" : "thaw");
	return 0;
}

int cgroup_freeze_is_frozen(const struct cgroup *cgroup)
{
	const struct cgroup_dir *v1 = cgdir_find_v1(cgroup, "freezer");
	const struct cgroup_dir *dir = v1 ? v1 : cgdir_find_v2(cgroup);
	struct text text;

	if (!dir)
		return 0;
	autofd leaf = cgdir_leaf(dir);

	if (leaf < 0)
		return leaf == -ENOENT ? 0 : leaf;
	if (v1) {
		int r = v1_state_is(leaf, "THAWED");

		return r < 0 ? r : !r;
	}
	int r = cgdir_read(leaf, "cgroup.freeze", &text);

	if (r < 0 || strcmp(text.data, "1") == 0)
		return r < 0 ? r : 1;
	r = cgdir_read(leaf, "cgroup.events", &text);
	return r < 0 ? r : cgdir_keyed(text.data, "frozen") == 1;
}
