/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the tests of lib/cgroup: plans for private leaves, and child processes in them. */
#ifndef TEST_UNIT_CGROUP_BOX_H
#define TEST_UNIT_CGROUP_BOX_H

#include "base/arena.h"
#include "base/fd.h"
#include "base/io.h"
#include "base/sys.h"
#include "cgroup/cgroup.h"
#include "cgroup/join.h"
#include "cgroup/make.h"
#include "runtime/state.h"
#include "unit/tap.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/*
 * Continues in a new PID namespace, so that an error in a test or in the tested code cannot signal
 * a process of the host; its end kills all remaining processes. Returns a number for the names of
 * leaves: the pid on the host (in the namespace, every getpid() is 1).
 */
__attribute__((unused)) static int box_isolate(void)
{
	int status, name = (int)getpid();

	fflush(stdout);
	if (geteuid() != 0 || unshare(CLONE_NEWPID) < 0) {
		skip("no PID namespace to test in: %s", geteuid() ? "not root" : strerror(errno));
		exit(done());
	}
	pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getpid() != 1)
			_exit(99);
		return name;
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		_exit(98);
	_exit(WEXITSTATUS(status));
}

/* Signals a child. Does not use kill(2), whose pid -1 means all processes. */
__attribute__((unused)) static int box_signal(pid_t pid, int sig)
{
	autofd fd = pid > 1 ? sys_pidfd_open(pid, 0) : -1;

	return fd < 0 ? -1 : sys_pidfd_send_signal(fd, sig);
}

/* The cgroup hierarchies mounted below /sys/fs/cgroup, each with a leaf `path`. */
__attribute__((unused)) static void box_plan(struct plan_cgroup *plan, const char *path)
{
	char line[4096], at[256], type[64], options[512];
	FILE *f = fopen("/proc/self/mounts", "re");

	*plan = (struct plan_cgroup){ 0 };
	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%*s %255s %63s %511s", at, type, options) != 3 ||
		    strncmp(type, "cgroup", 6) != 0 || strncmp(at, "/sys/fs/cgroup", 14) != 0 ||
		    plan->n == PLAN_HIERARCHIES)
			continue;
		const char *base = strrchr(at, '/') + 1, *name = strstr(options, "name=");

		plan->v[plan->n++] = (struct cgroup_dir){
			.mountpoint = arena_strdup(at),
			.name = strcmp(type, "cgroup2") == 0 ? "unified"
				: name ? arena_memdup(name, strcspn(name, ","))
				       : arena_strdup(base),
			.v2 = strcmp(type, "cgroup2") == 0,
			.path = path,
		};
	}
	if (f)
		fclose(f);
}

/* cgroup_make() for container `id` as if by a create whose process has ended. */
__attribute__((unused)) static int box_make_as(const struct plan_cgroup *plan,
					       struct cgroup *cgroup, const char *id)
{
	cgroup_planned(plan, cgroup);
	cgroup_note_present(cgroup);
	cgroup->owner = (struct cgroup_owner){
		.state = arena_printf("0:%s", id), .id = id, .pid = INT32_MAX, .start = 1
	};
	return cgroup_make(plan, cgroup);
}

__attribute__((unused)) static int box_make(const struct plan_cgroup *plan, struct cgroup *cgroup)
{
	return box_make_as(plan, cgroup, "one");
}

/* The contents of file in the leaf of the hierarchy with `controller` ("unified" is v2), or "". */
__attribute__((unused)) static const char *box_read(const struct plan_cgroup *plan,
						    const char *controller, const char *file)
{
	struct text text;

	for (size_t i = 0; i < plan->n; i++) {
		if (strcmp(plan->v[i].name, controller) != 0)
			continue;
		if (io_read_file(
			    AT_FDCWD,
			    arena_printf("%s%s/%s", plan->v[i].mountpoint, plan->v[i].path, file),
			    1 << 20, &text) < 0)
			return "";
		return arena_memdup(text.data, strcspn(text.data, "\n"));
	}
	return "";
}

__attribute__((unused)) static int box_write(const struct plan_cgroup *plan, size_t i,
					     const char *file, const char *value)
{
	return io_write_file(AT_FDCWD,
			     arena_printf("%s%s/%s", plan->v[i].mountpoint, plan->v[i].path, file),
			     value);
}

/* Whether the leaf (and `below` in it) exists in hierarchy i. */
__attribute__((unused)) static bool box_exists(const struct plan_cgroup *plan, size_t i)
{
	return access(arena_printf("%s%s", plan->v[i].mountpoint, plan->v[i].path), F_OK) == 0;
}

__attribute__((unused)) static size_t box_count(const struct plan_cgroup *plan)
{
	size_t n = 0;

	for (size_t i = 0; i < plan->n; i++)
		n += box_exists(plan, i);
	return n;
}

/* Reports through the pipe whether it is in the cgroup, then runs `act` forever. */
static void box_child(const int *tasks, size_t n, int ready, void (*act)(void)) no_return;
static void box_child(const int *tasks, size_t n, int ready, void (*act)(void))
{
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++)
		r = write(tasks[i], "0", 1) == 1 ? 0 : -errno;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (write(ready, &r, sizeof(r)) != sizeof(r) || r < 0)
		_exit(99);
	for (;;)
		act ? act() : (void)pause();
}

/* Makes a child in the cgroup, by tasks and CLONE_INTO_CGROUP; 0 if it could not join. */
__attribute__((unused)) static pid_t box_spawn(const struct cgroup *cgroup, void (*act)(void))
{
	int tasks[PLAN_HIERARCHIES], dir, ready[2], r = -1;
	size_t n;

	if (cgroup_join_open(cgroup, tasks, &n, &dir) < 0 || pipe2(ready, O_CLOEXEC) < 0) {
		ok(false, "the cgroup can be opened for a child");
		return 0;
	}
	struct clone_args args = { .exit_signal = SIGCHLD };

	if (dir >= 0) {
		args.flags = CLONE_INTO_CGROUP;
		args.cgroup = (uint64_t)(unsigned int)dir;
	}
	pid_t pid = sys_clone3(&args);

	if (pid == 0)
		box_child(tasks, n, ready[1], act);
	for (size_t i = 0; i < n; i++)
		close(tasks[i]);
	fd_close(&dir);
	close(ready[1]);
	if (read(ready[0], &r, sizeof(r)) != sizeof(r) || r < 0) {
		ok(false, "a child joins: %s", strerror(-r));
		pid = 0; /* is the pid of no child */
	}
	close(ready[0]);
	return pid;
}

#endif
