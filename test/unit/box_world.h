/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shared by the tests of lib/fs and lib/process: a small root file system, a plan, and the life of
 * a container.
 */
#ifndef TEST_UNIT_BOX_WORLD_H
#define TEST_UNIT_BOX_WORLD_H

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/io.h"
#include "channel/box.h"
#include "channel/child.h"
#include "channel/handles.h"
#include "channel/start.h"
#include "channel/sync.h"
#include "plan/plan.h"
#include "process/open.h"
#include "process/procns.h"
#include "process/spawn.h"
#include "runtime/state.h"
#include "unit/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct world {
	const char *dir; /* temporary: rootfs/, state/ */
	struct plan plan;
	struct plan_mount mounts[1];
	struct handles h;
	struct child child;
	int state;
};

/* An element of argv or envp. */
#define ONE_WORD(s) ((char[]){ s })

enum { WORLD_NS = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET };

__attribute__((unused)) static bool world_copy(const char *from, const char *to)
{
	struct stat st;
	autofd in = open(from, O_RDONLY | O_CLOEXEC);
	autofd out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);

	return in >= 0 && out >= 0 && fstat(in, &st) == 0 &&
	       sendfile(out, in, NULL, (size_t)st.st_size) == st.st_size && fchmod(out, 0755) == 0;
}

/* The reason why this machine cannot run the test, or NULL. */
__attribute__((unused)) static const char *world_missing(void)
{
	setlinebuf(stdout);	    /* containers also write to it */
	if (fd_cloexec_from(3) < 0) /* descriptors that the caller left open */
		return "needs close_range(2)";
	if (geteuid() != 0)
		return "needs root";
	if (!getenv("TAMIS_BUILDDIR"))
		return "needs TAMIS_BUILDDIR (make check sets it)";
	return NULL;
}

/* A plan for `argv` in a root file system with /tiny, /payload and the test's own files. */
__attribute__((unused)) static bool world_open(struct world *w, char *const *argv)
{
	static char *const envp[] = { NULL };
	char dir[] = "/tmp/tamis-box-XXXXXX";
	const char *build = getenv("TAMIS_BUILDDIR");

	memset(w, 0, sizeof(*w));
	if (!mkdtemp(dir))
		return false;
	w->dir = arena_strdup(dir);
	const char *root = arena_printf("%s/rootfs", dir);
	const char *state = arena_printf("%s/state", dir);

	if (mkdir(root, 0755) < 0 || chmod(dir, 0755) < 0 || mkdir(state, 0700) < 0 ||
	    mkdir(arena_printf("%s/etc", root), 0755) < 0 ||
	    mkdir(arena_printf("%s/proc", root), 0755) < 0 ||
	    !world_copy(arena_printf("%s/test/sys/tiny", build), arena_printf("%s/tiny", root)) ||
	    !world_copy(arena_printf("%s/test/sys/payload", build),
			arena_printf("%s/payload", root)))
		return false;
	w->mounts[0] = (struct plan_mount){ .kind = PLAN_MOUNT_FS,
					    .place = "mounts[0]",
					    .destination = "/proc",
					    .fstype = "proc",
					    .source = "proc",
					    .strict_target = true };
	w->plan = (struct plan){
		.id = "test",
		.bundle = w->dir,
		.oci_version = "1.2.0",
		.ns = { .made = WORLD_NS },
		.root = { .path = root },
		.n_mounts = 1,
		.mounts = w->mounts,
		.process = { .argv = argv, .envp = envp, .path_env = "", .cwd = "/" },
	};
	w->state = open(state, O_PATH | O_DIRECTORY | O_CLOEXEC);
	w->child = (struct child){ -1, -1 };
	return w->state >= 0;
}

/* Runs the parent's part of create up to a step: 0 spawn_init, 1 spawn_settle, 2 MAPPED ... 7
 * everything. Returns 0 or -errno with a recorded message. */
__attribute__((unused)) static int world_create_to(struct world *w, int step)
{
	handles_init(&w->plan, &w->h);
	int r = open_handles(&w->plan, &w->h);

	if (r == 0)
		r = start_make(w->state, &w->h.page, &w->h.start);
	if (r == 0)
		r = procns_open(&w->plan, &w->h);
	if (r == 0)
		r = spawn_init(&w->plan, &w->h, &w->child);
	if (r == 0 && step > 0)
		r = spawn_settle(&w->plan, &w->h, &w->child);
	if (r == 0 && step > 1)
		r = sync_say(&w->h, SYNC_MAPPED);
	if (r == 0 && step > 2 && plan_hooks_exist(&w->plan))
		r = sync_expect(&w->h, &w->child, SYNC_MOUNTED);
	if (r == 0 && step > 3 && plan_hooks_exist(&w->plan))
		r = sync_say(&w->h, SYNC_HOOKED);
	if (r == 0 && step > 4 && plan_ns_joins_pid(&w->plan))
		r = spawn_follow(&w->h, &w->child, 5000);
	if (r == 0 && step > 4)
		r = sync_expect(&w->h, &w->child, SYNC_READY);
	if (r == 0 && step > 5)
		r = sync_say(&w->h, SYNC_COMMIT);
	if (r < 0)
		child_end(&w->child);
	return r;
}

__attribute__((unused)) static int world_create(struct world *w)
{
	int r = world_create_to(w, 7);

	handles_close(&w->h);
	return r;
}

__attribute__((unused)) static int world_start(struct world *w, int *agent)
{
	const struct start_request request = {
		.statedir = w->state,
		.pidfd = w->child.pidfd,
		.agent = agent,
		.process_state = "{\"test\":1}",
		.timeout_ms = 3000,
		.program = w->plan.process.argv[0],
	};

	return start_go(&request);
}

/* The exit code of the program, or 1000 + signal; -1 if it does not end within 5 s. */
__attribute__((unused)) static int world_wait(struct world *w)
{
	struct pollfd p = { .fd = w->child.pidfd, .events = POLLIN };
	siginfo_t how;

	if (w->child.pidfd < 0 || poll(&p, 1, 5000) <= 0 ||
	    waitid(P_PIDFD, (id_t)w->child.pidfd, &how, WEXITED) < 0)
		return -1;
	fd_close(&w->child.pidfd);
	return how.si_code == CLD_EXITED ? how.si_status : 1000 + how.si_status;
}

__attribute__((unused)) static void world_close(struct world *w)
{
	child_end(&w->child);
	handles_close(&w->h);
	fd_close(&w->state);
	if (w->dir && fork() == 0) {
		execl("/bin/rm", "rm", "-rf", "--one-file-system", w->dir, NULL);
		_exit(1);
	}
	wait(NULL);
	err_clear();
}

/* The message recorded since the last call, or "". */
__attribute__((unused)) static const char *world_message(void)
{
	const char *m = err_message();

	err_clear();
	return m ? m : "";
}

__attribute__((unused)) static bool world_says(const char *part)
{
	const char *m = world_message();
	bool good = strstr(m, part) != NULL;

	if (!good)
		printf("# found \"%s\", expected \"%s\"\n", m, part);
	return good;
}

/* A test point: r is 0. Prints the message if not. */
__attribute__((unused)) static bool world_ok(int r, const char *what)
{
	if (!ok(r == 0, "%s", what))
		printf("# %d: %s\n", r, world_message());
	return r == 0;
}

/* A field of /proc/PID/status of the container's process, as seen from the host. */
__attribute__((unused)) static const char *world_status(const struct world *w, const char *name)
{
	struct text text;

	if (io_read_file(AT_FDCWD, arena_printf("/proc/%d/status", w->child.pid), 1 << 16, &text) <
	    0)
		return "";
	const char *at = strstr(text.data, arena_printf("\n%s:\t", name));

	if (!at)
		return "";
	at += strlen(name) + 3;
	return arena_memdup(at, strcspn(at, "\n"));
}

#endif
