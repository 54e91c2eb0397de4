/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the one action that must be done inside a joined PID namespace before the container is
 * ready. A procfs shows the PID namespace of the process that called fsopen(2) for it.
 *
 * A process with CAP_SYS_PTRACE in that namespace can trace the one that calls fsopen(2) from its
 * first instruction and write to its memory, and the call needs CAP_SYS_ADMIN. What must hold:
 * control over that process is worth nothing. It has no file descriptor but a socket. Its root
 * directory is empty. It is cloned under a filter that allows fsopen("proc") and almost nothing
 * else. A filter can compare the address of a string but not its contents, so the string lies in a
 * page that cannot be written, not through /proc/PID/mem either.
 *
 * Two processes take part. The keeper stays outside the namespace. It clones the process inside
 * with a shared descriptor table (CLONE_FILES) and sends the descriptors to the runtime. The
 * runtime accepts only messages with the keeper's pid, because the socket can be taken over inside.
 */
#include "process/procns.h"

#include "base/arena.h"
#include "base/caps.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/msg.h"
#include "base/sys.h"
#include "channel/box.h"
#include "channel/child.h"
#include "channel/handles.h"
#include "channel/start.h"
#include "channel/sync.h"
#include "plan/plan.h"
#include "process/cgroups.h"
#include "process/creds.h"
#include "process/environment.h"
#include "process/exact.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/mount.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	KEEPER_SOCKET = 0, /* descriptor number of the socket in both processes */
	KEEPER_TIMEOUT_MS = 10000,
	SLICE_MS = 20, /* after this time of silence, continue processes that may be stopped */
};

/* Memory that clone3 and fsopen point at. It cannot be written. */
struct fixed {
	struct clone_args twin;
	char proc[8];
};

/* --- the keeper's filter -------------------------------------------------------------------- */

static int filter_keeper(const struct fixed *fixed)
{
	const struct exact_call all[] = {
		{ SYS_fsopen, { EXACT_POINTER(fixed->proc), EXACT_INT(FSOPEN_CLOEXEC) } },
		{ SYS_clone3, { EXACT_POINTER(&fixed->twin), EXACT_LONG(sizeof(fixed->twin)) } },
		{ SYS_waitid, { { EXACT_ANY, 0 } } },
		{ SYS_sendmsg, { EXACT_INT(KEEPER_SOCKET) } },
		{ SYS_exit_group, { { EXACT_ANY, 0 } } },
	};
	struct sock_filter code[EXACT_CODE_MAX(ARRAY_LEN(all)) + 1];
	size_t n = exact_emit(all, ARRAY_LEN(all), code);

	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
	struct sock_fprog program = { (unsigned short)n, code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    sys_seccomp(SECCOMP_SET_MODE_FILTER, 0, &program) < 0)
		return fail(errno, "confine the process that opens a procfs");
	return 0;
}

/*
 * A read-only shared mapping of a file that cannot be written any more (F_SEAL_FUTURE_WRITE,
 * fcntl(2), Linux 5.1). A write by ptrace(2) cannot create a private copy of such a page.
 */
static const struct fixed *fix(void)
{
	const struct fixed words = { .twin = { .flags = CLONE_FILES, .exit_signal = SIGCHLD },
				     .proc = "proc" };
	autofd fd = fd_make_memory("proc", false);

	if (fd < 0 || write(fd, &words, sizeof(words)) != (ssize_t)sizeof(words) ||
	    ftruncate(fd, SYS_PAGE_BYTES) < 0 ||
	    fcntl(fd, F_ADD_SEALS,
		  F_SEAL_FUTURE_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0)
		return NULL;
	void *page = mmap(NULL, SYS_PAGE_BYTES, PROT_READ, MAP_SHARED, fd, 0);

	return page == MAP_FAILED ? NULL : page;
}

/* --- the keeper ------------------------------------------------------------------------------- */

/* Makes an empty tmpfs that is mounted nowhere the root and working directory. */
static int enter_void(void)
{
	autofd fs = sys_fsopen("tmpfs", FSOPEN_CLOEXEC);

	if (fs < 0 || sys_fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return fail(errno, "make an empty root");
	autofd root = sys_fsmount(fs, FSMOUNT_CLOEXEC,
				  MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV |
					  MOUNT_ATTR_NOEXEC);

	if (root < 0 || fchdir(root) < 0 || chroot(".") < 0)
		return fail(errno, "enter an empty root");
	return 0;
}

/*
 * Joins the user namespace first, as for init. fsopen(2) then needs CAP_SYS_ADMIN in the user
 * namespace that owns the mount namespace, so a mount namespace is made there.
 */
static int enter_namespace(const struct plan *plan, const struct handles *h)
{
	for (size_t i = 0; i < plan->ns.n_joins; i++) {
		const struct plan_join *join = &plan->ns.joins[i];

		if (join->flag != CLONE_NEWUSER && join->flag != CLONE_NEWPID)
			continue;
		if (setns(h->joins[i], (int)join->flag) < 0)
			return fail(errno, "%s: join %s", join->place, join->path);
		if (join->flag == CLONE_NEWUSER && unshare(CLONE_NEWNS) < 0)
			return fail(errno, "make a mount namespace");
	}
	return 0;
}

/* From here on the keeper has only what the process inside will have. */
static int keep_little(void)
{
	const uint64_t admin = UINT64_C(1) << CAP_SYS_ADMIN;
	const struct caps little = { .permitted = admin, .effective = admin };
	const int none = -1;
	int r = fd_close_others_from(KEEPER_SOCKET + 1, &none, 1);

	if (r < 0)
		return fail(-r, "close the parent's file descriptors");
	r = caps_set(&little);
	return r < 0 ? fail(-r, "drop capabilities") : 0;
}

static int prepare(const struct plan *plan, struct handles *h, const struct fixed **ret)
{
	struct box box;
	int r = creds_protect(plan);

	box_init(plan, h, &box);
	if (r == 0)
		r = cgroups_enter(&box);
	if (r == 0)
		r = enter_namespace(plan, h);
	if (r == 0)
		r = creds_protect(plan); /* the change of credentials reset the attributes */
	if (r == 0)
		r = enter_void();
	if (r < 0)
		return r;
	*ret = fix();
	if (!*ret)
		return fail(errno, "make a read-only page");
	r = keep_little();
	return r < 0 ? r : filter_keeper(*ret);
}

/*
 * Body of the process inside. It makes these calls only. Its new descriptors are the lowest free
 * ones, 1 to n.
 */
no_return no_instrument static void open_inside(const struct fixed *fixed, size_t n)
{
	int error = 0;

	for (size_t i = 0; i < n && !error; i++)
		if (sys_fsopen(fixed->proc, FSOPEN_CLOEXEC) < 0)
			error = errno;
	syscall(SYS_exit_group, error);
	__builtin_trap();
}

no_instrument static int open_by_twin(const struct fixed *fixed, size_t n)
{
	siginfo_t how = { 0 };
	pid_t pid = (pid_t)syscall(SYS_clone3, &fixed->twin, sizeof(fixed->twin));

	if (pid == 0)
		open_inside(fixed, n);
	/* pid_namespaces(7): clone fails with ENOMEM if the namespace's init has ended */
	if (pid < 0)
		return errno == ENOMEM ? fail(0, "the init of the joined PID namespace has ended")
				       : fail(errno, "make a process in the PID namespace");
	if (waitid(P_PID, (id_t)pid, &how, WEXITED) < 0)
		return fail(errno, "wait for the process in the PID namespace");
	if (how.si_code != CLD_EXITED)
		return fail(0, "the process in the PID namespace was killed by signal %d",
			    how.si_status);
	return how.si_status ? fail(how.si_status, "open a procfs in the PID namespace") : 0;
}

no_return no_instrument static void keeper_run(const struct plan *plan, struct handles *h, int sock,
					       size_t n)
{
	const struct fixed *fixed;

	environment_forget();
	prctl(PR_SET_NAME, START_COMM, 0, 0, 0);
	/*
	 * A process group for the keeper and the process inside, so that receive() can continue
	 * both.
	 */
	if (setpgid(0, 0) < 0 || dup3(sock, KEEPER_SOCKET, O_CLOEXEC) < 0)
		_exit(1);
	int r = prepare(plan, h, &fixed);

	if (r == 0)
		r = open_by_twin(fixed, n);
	for (int i = 0; r == 0 && i < (int)n; i++) {
		const int fd = KEEPER_SOCKET + 1 + i;

		r = msg_send(KEEPER_SOCKET, SYNC_READY, 0, NULL, &fd, 1);
	}
	if (r < 0)
		box_failed(KEEPER_SOCKET, r);
	syscall(SYS_exit_group, 0);
	__builtin_trap();
}

/* --- our side --------------------------------------------------------------------------------- */

static int verdict(struct msg *m)
{
	if (m->type == SYNC_READY && m->fd >= 0)
		return m->fd;
	return fail_received(m->code < 0 ? m->code : -EIO, m->text);
}

/*
 * Receives the keeper's next descriptor. Somebody inside who took the socket can also write to it
 * and keep it open. So only messages with the keeper's pid, the keeper's end and the deadline
 * count.
 */
static int receive(int sock, const struct child *keeper, int64_t deadline)
{
	struct msg *m = arena_alloc(sizeof(*m));

	for (;;) {
		struct pollfd p[] = { { sock, POLLIN, 0 }, { keeper->pidfd, POLLIN, 0 } };
		int64_t left = deadline - sys_now_ms();
		int r = poll(p, 2, left > SLICE_MS ? SLICE_MS : left > 0 ? (int)left : 0);

		if (r < 0 && errno != EINTR)
			return fail(errno, "wait for a procfs of the joined PID namespace");
		if (r == 0 && left > 0) { /* the process inside may have been stopped */
			(void)kill(-keeper->pid, SIGCONT);
			continue;
		}
		if (r == 0 || left <= 0)
			return fail(0,
				    "no procfs of the joined PID namespace within %d s (is the "
				    "process in it traced or stopped?)",
				    KEEPER_TIMEOUT_MS / 1000);
		if (r > 0 && (!(p[0].revents & POLLIN) || msg_recv_fd(sock, keeper->pid, m) <= 0))
			return fail(0, "the process that opens a procfs in the joined PID "
				       "namespace ended");
		if (r > 0 && m->pid == keeper->pid)
			return verdict(m);
	}
}

static int start_keeper(const struct plan *plan, struct handles *h, int sock, size_t n,
			struct child *ret)
{
	struct clone_args args = { .exit_signal = SIGCHLD,
				   .flags = CLONE_PIDFD,
				   .pidfd = (uintptr_t)&ret->pidfd };

	signal(SIGCHLD, SIG_DFL);
	/*
	 * Puts the keeper into the container's cgroup, so that `delete` finds its clone if that is
	 * held inside.
	 */
	if (h->cgroup_dir >= 0) {
		args.flags |= CLONE_INTO_CGROUP;
		args.cgroup = (uint64_t)h->cgroup_dir;
	}
	ret->pid = sys_clone3(&args);
	if (ret->pid == 0)
		keeper_run(plan, h, sock, n);
	return ret->pid < 0 ? fail(errno, "start the process that opens a procfs") : 0;
}

int procns_open(const struct plan *plan, struct handles *h)
{
	struct child keeper = { .pid = -1, .pidfd = -1 };
	int64_t deadline = sys_now_ms() + KEEPER_TIMEOUT_MS;
	size_t n = 0;
	int pair[2];

	for (size_t i = 0; i < plan->n_mounts; i++)
		n += plan_ns_is_shown(plan, i);
	if (n == 0)
		return 0;
	int r = msg_pair(pair);

	if (r < 0)
		return fail(-r, "socketpair");
	autofd ours = pair[0], theirs = pair[1];

	r = start_keeper(plan, h, theirs, n, &keeper);
	fd_close(&theirs);
	for (size_t i = 0; r >= 0 && i < plan->n_mounts; i++)
		if (plan_ns_is_shown(plan, i))
			r = h->sources[i] = receive(ours, &keeper, deadline);
	child_end(&keeper);
	return r < 0 ? r : 0;
}
