/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the working directory. What must hold: it lies below the container's root. Neither a magic
 * link (/proc/self/fd/7) nor an inherited descriptor of a host directory may lead outside
 * (CVE-2024-21626).
 */
#include "process/cwd.h"

#include "base/err.h"
#include "base/fd.h"
#include "base/path.h"
#include "base/words.h"
#include "channel/box.h"
#include "plan/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/syscall.h>
#include <unistd.h>

int cwd_make(void *ctx)
{
	const struct box *box = ctx;
	autofd fd = path_make_dir(box->root, box->plan->process.cwd, 0755);

	/* These two errors do not matter if the directory exists. cwd_enter() finds out. */
	if (fd < 0 && fd != -EACCES && fd != -EROFS)
		return fail(-fd, "process.cwd %s", box->plan->process.cwd);
	return 0;
}

/*
 * Asks the kernel: getcwd(2) prefixes the path with "(unreachable)" if the directory lies outside
 * the process's root.
 */
static int check_reachable(const char *cwd)
{
	char path[PATH_MAX];

	if (syscall(SYS_getcwd, path, sizeof(path)) < 0)
		return fail(errno, "process.cwd %s: getcwd", cwd);
	if (path[0] != '/')
		return fail(0, "process.cwd %s: found a directory outside the container's root",
			    cwd);
	return 0;
}

/*
 * process.cwd counts as part of the user's program, as in runc: for `podman exec --workdir /nosuch`
 * Podman derives exit code 127 from these words.
 */
static int not_entered(int error, const char *cwd)
{
	if (error == ENOENT)
		return fail(0, "process.cwd %s: " WORDS_NO_FILE, cwd);
	if (error == EACCES)
		return fail(0, "process.cwd %s: " WORDS_PERMISSION, cwd);
	return fail(error, "process.cwd %s", cwd);
}

static int enter(struct box *box, bool last_try)
{
	const char *cwd = box->plan->process.cwd;
	autofd fd = path_open(box->root, cwd, O_PATH | O_DIRECTORY);
	int r = fd < 0 ? fd : fchdir(fd) < 0 ? -errno : 0;

	if (r == -EACCES && !last_try)
		return 0;
	if (r < 0)
		return not_entered(-r, cwd);
	box->cwd_entered = true;
	return check_reachable(cwd);
}

int cwd_enter(void *ctx)
{
	return enter(ctx, false);
}

int cwd_enter_as_user(void *ctx)
{
	struct box *box = ctx;

	return box->cwd_entered ? 0 : enter(box, true);
}
