/* SPDX-License-Identifier: Apache-2.0 */
/* From create to execve: the start channel, and the filter, which is loaded last before execve. */
#include "channel/handles.h"
#include "channel/start.h"
#include "channel/sync.h"
#include "plan/plan.h"
#include "process/open.h"
#include "process/spawn.h"
#include "runtime/state.h"
#include "seccomp/filter.h"
#include "unit/box_world.h"

#include <linux/capability.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#define LOAD_NR BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))
#define RET(k) BPF_STMT(BPF_RET | BPF_K, k)
#define IF(nr, action) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1), RET(action)

/* The calls of tiny, and execve; not even exit, which init would need. */
static const struct sock_filter minimal[] = {
	LOAD_NR,
	IF(SYS_execve, SECCOMP_RET_ALLOW),
	IF(SYS_write, SECCOMP_RET_ALLOW),
	IF(SYS_exit_group, SECCOMP_RET_ALLOW),
	RET(SECCOMP_RET_KILL_PROCESS),
};
static const struct sock_filter only_execve[] = {
	LOAD_NR,
	IF(SYS_execve, SECCOMP_RET_ALLOW),
	RET(SECCOMP_RET_KILL_PROCESS),
};
static const struct sock_filter no_execve[] = {
	LOAD_NR,
	IF(SYS_execve, SECCOMP_RET_KILL_PROCESS),
	RET(SECCOMP_RET_ALLOW),
};
static const struct sock_filter notify_write[] = {
	LOAD_NR,
	IF(SYS_execve, SECCOMP_RET_ALLOW),
	IF(SYS_exit_group, SECCOMP_RET_ALLOW),
	IF(SYS_write, SECCOMP_RET_USER_NOTIF),
	RET(SECCOMP_RET_USER_NOTIF),
};

#define FILTER(name)                                 \
	(struct filter)                              \
	{                                            \
		.code = name, .len = ARRAY_LEN(name) \
	}

static const struct plan_id_map one_range[] = { { 0, 100000, 65536 } };
enum { DOCKER_CAPS = 0xa80425fb };

static void use_user_namespace(struct world *w)
{
	w->plan.ns.made |= CLONE_NEWUSER;
	w->plan.ns.uid_maps = w->plan.ns.gid_maps =
		(struct plan_id_maps){ ARRAY_LEN(one_range), one_range };
}

/* The smallest filter, in every combination that affects how it can be loaded. */
static void test_minimal(bool nnp, uid_t uid, bool user_namespace)
{
	char *const argv[] = { ONE_WORD("/tiny"), NULL };
	struct filter filter = FILTER(minimal);
	struct world w;
	char what[128];

	snprintf(what, sizeof(what), "execve-only filter, nnp %d, uid %u, userns %d", nnp, uid,
		 user_namespace);
	if (!ok(world_open(&w, argv), "%s: root file system", what))
		return;
	w.plan.filter = &filter;
	w.plan.process.no_new_privs = nnp;
	w.plan.process.uid = w.plan.process.gid = uid;
	w.plan.process.caps.bounding = DOCKER_CAPS;
	if (uid == 0)
		w.plan.process.caps.effective = w.plan.process.caps.permitted = DOCKER_CAPS;
	if (user_namespace)
		use_user_namespace(&w);
	int r = world_create(&w);

	if (world_ok(r, "create")) {
		world_ok(world_start(&w, NULL), "start");
		is_int(world_wait(&w), 7, "%s: the program's exit code", what);
	}
	world_close(&w);
}

static void test_errors(void)
{
	char *const tiny[] = { ONE_WORD("/tiny"), NULL }, *const broken[] = { ONE_WORD("/broken"),
									      NULL };
	struct filter filter = FILTER(only_execve), refuses = FILTER(no_execve);
	struct world w;

	/* The program is removed between create and start. */
	ok(world_open(&w, tiny), "root file system");
	w.plan.filter = &filter;
	w.plan.process.no_new_privs = true;
	world_ok(world_create(&w), "create");
	unlink(arena_printf("%s/rootfs/tiny", w.dir));
	ok(world_start(&w, NULL) < 0 && world_says("exec /tiny: no such file or directory"),
	   "ENOENT is reported under a filter that allows only execve");
	is_int(world_wait(&w), 1000 + SIGILL, "init ended without a system call");
	world_close(&w);

	ok(world_open(&w, broken), "root file system");
	FILE *f = fopen(arena_printf("%s/rootfs/broken", w.dir), "we");

	ok(f && fputs("no program\n", f) >= 0 && fclose(f) == 0 &&
		   chmod(arena_printf("%s/rootfs/broken", w.dir), 0755) == 0,
	   "a file without an executable format");
	world_ok(world_create(&w), "create");
	ok(world_start(&w, NULL) < 0 && world_says("exec format error"), "ENOEXEC");
	world_close(&w);

	ok(world_open(&w, tiny), "root file system");
	w.plan.filter = &refuses;
	w.plan.process.no_new_privs = true;
	world_ok(world_create(&w), "create");
	ok(world_start(&w, NULL) < 0 && world_says("killed in execve"),
	   "a kill in execve is reported");
	world_close(&w);

	struct filter bad = FILTER(only_execve);

	bad.flags = 1U << 30;
	ok(world_open(&w, tiny), "root file system");
	w.plan.filter = &bad;
	w.plan.process.no_new_privs = true;
	world_ok(world_create(&w), "create");
	ok(world_start(&w, NULL) < 0 && world_says("linux.seccomp: load the filter"),
	   "if the kernel refuses the filter, nothing is started");
	world_close(&w);
}

static void test_waiting(void)
{
	char *const argv[] = { ONE_WORD("/payload"), ONE_WORD("pause"), NULL };
	struct world w;
	char exe[256] = "", comm[64] = "";

	ok(world_open(&w, argv), "root file system");
	is_int(start_is_waiting(w.state), 0, "init does not wait yet");
	world_ok(world_create(&w), "create");
	for (int i = 0; i < 100; i++)
		if (start_is_waiting(w.state) != 1)
			exe[0] = 'x';
	ok(!exe[0], "init waits, after any number of checks");
	autofd f = open(arena_printf("/proc/%d/comm", w.child.pid), O_RDONLY | O_CLOEXEC);

	ok(f >= 0 && read(f, comm, sizeof(comm) - 1) > 0 && !strcmp(comm, START_COMM "\n"),
	   "it has the name that recorders expect");
	/* as a process of another container in a shared PID namespace could do */
	kill(w.child.pid, SIGSTOP);
	world_ok(world_start(&w, NULL), "a stopped init is continued");
	is_int(start_is_waiting(w.state), 0, "and executes its program");
	world_close(&w);

	ok(world_open(&w, argv), "root file system");
	world_ok(world_create(&w), "create");
	world_ok(world_start(&w, NULL), "start");
	is_int(start_is_waiting(w.state), 0, "a running container does not wait");
	ok(world_start(&w, NULL) < 0 && world_says("not waiting to be started"), "start it again");
	world_close(&w);

	ok(world_open(&w, argv), "root file system");
	world_ok(world_create(&w), "create");
	kill(w.child.pid, SIGKILL);
	ok(world_start(&w, NULL) < 0 && world_says(""), "a dead init is an error");
	world_close(&w);
}

/* Receives the listener and the state on the agent's end of the connection. */
static int take_listener(int agent, char *text, size_t size)
{
	struct iovec iov = { text, size - 1 };
	union {
		char buf[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	struct msghdr m = { .msg_iov = &iov,
			    .msg_iovlen = 1,
			    .msg_control = control.buf,
			    .msg_controllen = sizeof(control.buf) };
	ssize_t n = recvmsg(agent, &m, MSG_CMSG_CLOEXEC);
	struct cmsghdr *c = n > 0 ? CMSG_FIRSTHDR(&m) : NULL;
	int fd = -1;

	if (c)
		memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	text[n > 0 ? n : 0] = 0;
	return fd;
}

static void test_notify(bool nnp)
{
	char *const argv[] = { ONE_WORD("/tiny"), NULL };
	struct filter filter = FILTER(notify_write);
	struct seccomp_notif n = { 0 };
	struct seccomp_notif_resp resp = { 0 };
	struct world w;
	char text[256];
	int pair[2];

	filter.flags = SECCOMP_FILTER_FLAG_NEW_LISTENER;
	filter.user_notif = true;
	ok(world_open(&w, argv) && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0,
	   "root file system");
	w.plan.filter = &filter;
	w.plan.process.no_new_privs = nnp;
	handles_init(&w.plan, &w.h);
	int r = open_handles(&w.plan, &w.h);

	if (r == 0)
		r = start_make(w.state, &w.h.page, &w.h.start);
	if (r == 0)
		r = spawn_init(&w.plan, &w.h, &w.child);
	if (r == 0)
		r = spawn_settle(&w.plan, &w.h, &w.child);
	if (r == 0)
		r = sync_say(&w.h, SYNC_MAPPED);
	if (r == 0)
		r = sync_expect(&w.h, &w.child, SYNC_READY);
	if (r == 0)
		r = sync_say(&w.h, SYNC_COMMIT);
	handles_close(&w.h);
	world_ok(r, nnp ? "notify with no_new_privs: create" : "notify: create");
	world_ok(world_start(&w, &pair[1]), "notify: start");
	autofd listener = take_listener(pair[0], text, sizeof(text));

	is_str(text, "{\"test\":1}", "the agent gets the state");
	struct pollfd p = { .fd = listener, .events = POLLIN };

	ok(listener >= 0 && poll(&p, 1, 3000) == 1 &&
		   ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &n) == 0,
	   "and the listener");
	is_int(n.data.nr, SYS_write, "the first notified call is the program's");
	resp.id = n.id;
	resp.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	ok(ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &resp) == 0, "answer");
	is_int(world_wait(&w), 7, "the program continues");
	close(pair[0]);
	world_close(&w);
}

int main(void)
{
	const char *missing = world_missing();

	if (missing) {
		skip("%s", missing);
		return done();
	}
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	for (int i = 0; i < 8; i++)
		test_minimal(i & 1, i & 2 ? 1000 : 0, i & 4);
	test_errors();
	test_waiting();
	test_notify(true);
	test_notify(false);
	return done();
}
