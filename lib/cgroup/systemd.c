/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns how tamis-systemd is executed. What must hold: the program is the installed one, opened once
 * and executed by file descriptor. It gets its request, one socket and the address of the bus, and
 * nothing else of ours: no environment, no descriptor, no terminal. It does not outlive us, because
 * it keeps a scope alive.
 */
#include "cgroup/systemd.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/interrupt.h"
#include "base/io.h"
#include "base/msg.h"
#include "base/sys.h"
#include "cgroup/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXEC_FAILED = 127 };

static const char *variable(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

/*
 * Makes the environment, which has the address of the bus. A user's bus is looked up by
 * XDG_RUNTIME_DIR, because some commands of engines pass only that (Podman's delete).
 * DBUS_SESSION_BUS_ADDRESS is used only if there is no bus there.
 */
static char **environment(bool user)
{
	char **env = arena_array(4, sizeof(*env));
	const char *dir = variable("XDG_RUNTIME_DIR"), *address;
	size_t n = 0;

	if (!user) {
		address = variable("DBUS_SYSTEM_BUS_ADDRESS");
		if (address)
			env[n++] = arena_printf("DBUS_SYSTEM_BUS_ADDRESS=%s", address);
		return env;
	}
	if (!dir)
		dir = arena_printf("/run/user/%u", geteuid());
	env[n++] = arena_printf("XDG_RUNTIME_DIR=%s", dir);
	address = variable("DBUS_SESSION_BUS_ADDRESS");
	if (address && faccessat(AT_FDCWD, arena_printf("%s/bus", dir), F_OK, AT_EACCESS) < 0)
		env[n++] = arena_printf("DBUS_SESSION_BUS_ADDRESS=%s", address);
	return env;
}

/* What the new process gets. All descriptors are above 2, so none overwrites another. */
struct given {
	int program, request, sock, null;
	pid_t parent;
};

no_return static void execute(const struct given *g, char *const *env)
{
	char *const argv[] = { (char *)(uintptr_t) "tamis-systemd", NULL };

	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 || getppid() != g->parent)
		_exit(EXEC_FAILED);
	/* a signal of the terminal to its foreground process group is meant for the container */
	setpgid(0, 0);
	if (dup2(g->request, 0) < 0 || dup2(g->sock, 1) < 0 || dup2(g->null, 2) < 0)
		_exit(EXEC_FAILED);
	if (sys_close_range(3, ~0U, SYS_CLOSE_RANGE_CLOEXEC) < 0 || chdir("/") < 0)
		_exit(EXEC_FAILED);
	(void)!sys_reset_signals(0);
	execveat(g->program, "", argv, env, AT_EMPTY_PATH);
	_exit(EXEC_FAILED);
}

static int start(const struct given *g, bool user, struct scope_keeper *ret)
{
	struct clone_args args = { .flags = CLONE_PIDFD,
				   .pidfd = (uintptr_t)&ret->pidfd,
				   .exit_signal = SIGCHLD };
	char **env = environment(user);

	/* The caller may have left SIGCHLD ignored. Then children vanish and waitid(2) fails. */
	signal(SIGCHLD, SIG_DFL);
	pid_t pid = sys_clone3(&args);

	if (pid < 0)
		return fail(errno, "systemd: start a process");
	if (pid == 0)
		execute(g, env);
	return pid;
}

int systemd_run(const struct text *request, bool user, struct scope_keeper *ret)
{
	const char *path = SYSTEMD_PROGRAM;
	autofd program = open(path, O_PATH | O_CLOEXEC);

	*ret = SCOPE_KEEPER_NONE;
	if (program < 0) {
		fail_note(errno, "systemd: %s cannot be opened", path);
		return -ENOTCONN;
	}
	autofd null = open("/dev/null", O_RDWR | O_CLOEXEC);
	autofd input = io_make_memory("request", request->data, request->len);
	int pair[2] = { -1, -1 };
	int r = null < 0 ? -errno : input < 0 ? input : msg_pair(pair);

	if (r < 0)
		return fail(-r, "systemd: talk to %s", path);
	autofd theirs = pair[1];
	struct given g = { program, input, theirs, null, getpid() };

	ret->sock = pair[0];
	r = start(&g, user, ret);
	if (r < 0)
		fd_close(&ret->sock);
	else
		interrupt_watch(INTERRUPT_SYSTEMD, ret->pidfd);
	return r;
}

int systemd_await_end(struct scope_keeper *keeper, int timeout_ms)
{
	siginfo_t how;
	int r = fd_wait(keeper->pidfd, POLLIN, timeout_ms);

	if (r == 1 && waitid(P_PIDFD, (id_t)keeper->pidfd, &how, WEXITED) < 0)
		r = -errno;
	if (r != 1)
		return r < 0 ? r : -ETIMEDOUT;
	interrupt_watch(INTERRUPT_SYSTEMD, -1);
	fd_close(&keeper->pidfd);
	fd_close(&keeper->sock);
	return 0;
}

/*
 * Whether the program was killed. It is in the scope already and subject to the container's limits.
 */
static bool was_killed(const struct scope_keeper *keeper)
{
	siginfo_t how = { 0 };

	return fd_wait(keeper->pidfd, POLLIN, 1000) == 1 &&
	       waitid(P_PIDFD, (id_t)keeper->pidfd, &how, WEXITED | WNOWAIT) == 0 &&
	       how.si_code == CLD_KILLED && how.si_status == SIGKILL;
}

int systemd_answer(const struct scope_keeper *keeper, struct msg *ret)
{
	int r = fd_wait(keeper->sock, POLLIN, SYSTEMD_ANSWER_MS);

	if (r == 0)
		return fail(0, "systemd: no answer within %d s", SYSTEMD_ANSWER_MS / 1000);
	if (r > 0)
		r = msg_recv(keeper->sock, ret);
	if (r < 0)
		return fail(-r, "systemd: listen to %s", SYSTEMD_PROGRAM);
	if (r == 0)
		return fail(0, "systemd: %s ended without an answer%s", SYSTEMD_PROGRAM,
			    was_killed(keeper) ? ": out of memory in the container's cgroup?" : "");
	if (ret->type == SYSTEMD_FAILED && ret->code < 0)
		return fail_received(ret->code, ret->text);
	if (ret->type != SYSTEMD_DONE)
		return fail(0, "systemd: %s said %u", SYSTEMD_PROGRAM, ret->type);
	return ret->pid;
}
