/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the working directory. What must hold: it lies below the container's root; neither a
 * magic link (/proc/self/fd/7) nor a descriptor of the host can lead out (CVE-2024-21626).
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

	/* Whether it can be entered is the next step's question. */
	if (fd < 0 && fd != -EACCES && fd != -EROFS)
		return fail(-fd, "process.cwd %s", box->plan->process.cwd);
	return 0;
}

/* The kernel's own word: "(unreachable)..." is what a directory outside of "/" is called. */
static int check_reachable(const char *cwd)
{
	char path[PATH_MAX];

	if (syscall(SYS_getcwd, path, sizeof(path)) < 0)
		return fail(errno, "process.cwd %s: getcwd", cwd);
	if (path[0] != '/')
		return fail(0, "process.cwd %s: is outside of the container's root", cwd);
	return 0;
}

/* It is the user's as the program is: `podman exec --workdir /nosuch` ends with 127 because of
 * the words. */
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
