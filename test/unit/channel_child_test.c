/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Init up to READY: its credentials as seen from outside, messages of errors, the end of both
 * processes.
 */
#include "base/caps.h"
#include "base/sys.h"
#include "channel/child.h"
#include "channel/handles.h"
#include "plan/plan.h"
#include "runtime/state.h"
#include "seccomp/filter.h"
#include "unit/box_world.h"

#include <linux/seccomp.h>
#include <sys/resource.h>

static const struct sock_filter allow_all[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
static const struct filter allow = { .code = allow_all, .len = 1 };

enum { DOCKER_CAPS = 0xa80425fb, NET_BIND = 1 << CAP_NET_BIND_SERVICE };

static const char *set_text(uint64_t set)
{
	return arena_printf("%016jx", (uintmax_t)set);
}

/* capabilities(7), execve: the sets that the program must have. */
static void check_creds(const struct world *w, const char *what)
{
	const struct plan_process *p = &w->plan.process;
	uint64_t permitted = p->caps.ambient, id = p->uid;

	if (p->uid == 0)
		permitted = p->caps.bounding | p->caps.inheritable;
	if (p->no_new_privs)
		permitted &= p->caps.permitted;
	is_str(world_status(w, "CapPrm"), set_text(permitted), "%s: permitted", what);
	is_str(world_status(w, "CapEff"), set_text(permitted), "%s: effective", what);
	is_str(world_status(w, "CapBnd"), set_text(p->caps.bounding), "%s: bounding", what);
	is_str(world_status(w, "CapInh"), set_text(p->caps.inheritable), "%s: inheritable", what);
	is_str(world_status(w, "CapAmb"), set_text(p->caps.ambient), "%s: ambient", what);
	is_str(world_status(w, "Uid"), arena_printf("%ju\t%ju\t%ju\t%ju", id, id, id, id),
	       "%s: uid", what);
	is_str(world_status(w, "Groups"), p->n_groups ? "7 99 99 " : " ", "%s: groups", what);
	is_str(world_status(w, "NoNewPrivs"), p->no_new_privs ? "1" : "0", "%s: no_new_privs",
	       what);
	is_str(world_status(w, "Seccomp"), w->plan.filter ? "2" : "0", "%s: filter", what);
}

static uid_t proc_owner(const struct world *w)
{
	struct stat st;

	return stat(arena_printf("/proc/%d/stat", w->child.pid), &st) < 0 ? (uid_t)-1 : st.st_uid;
}

/* Whether another process of root without CAP_SYS_PTRACE may access its memory, which ptrace(2)
 * calls dumpable. */
static bool peer_may_trace(const struct world *w)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		char link[16];
		struct caps own;

		if (caps_get(&own) < 0)
			_exit(2);
		own.permitted &= ~(1ULL << CAP_SYS_PTRACE);
		own.effective &= own.permitted;
		if (caps_set(&own) < 0)
			_exit(2);
		_exit(readlink(arena_printf("/proc/%d/exe", w->child.pid), link, sizeof(link)) > 0);
	}
	waitpid(pid, &status, 0);
	return WEXITSTATUS(status) == 1;
}

/* The number of descriptors of a waiting init. It is more than `want` only until init has read
 * COMMIT. */
static int count_fds(const struct world *w, int want)
{
	int n = 0;

	for (int tries = 0; tries < 100; tries++) {
		struct stat st;

		n = 0;
		for (int fd = 0; fd < 256; fd++)
			n += lstat(arena_printf("/proc/%d/fd/%d", w->child.pid, fd), &st) == 0;
		if (n == want)
			break;
		poll(NULL, 0, 5);
	}
	return n;
}

static void test_creds(unsigned int bits)
{
	static const gid_t groups[] = { 99, 7, 99 };
	char *const argv[] = { ONE_WORD("/payload"), ONE_WORD("pause"), NULL };
	struct world w;
	bool nnp = bits & 1, user = bits & 2, filter = bits & 4;
	const char *what = arena_printf("nnp %d, user %d, filter %d", nnp, user, filter);

	if (!ok(world_open(&w, argv), "%s: root file system", what))
		return;
	struct plan_process *p = &w.plan.process;

	p->no_new_privs = nnp;
	p->caps.bounding = DOCKER_CAPS;
	p->caps.permitted = p->caps.effective = user ? NET_BIND : DOCKER_CAPS;
	if (user) {
		p->uid = p->gid = 1000;
		p->caps.inheritable = p->caps.ambient = NET_BIND;
		p->n_groups = ARRAY_LEN(groups);
		p->groups = groups;
	}
	w.plan.filter = filter ? &allow : NULL;
	if (world_ok(world_create(&w), what)) {
		is_int(proc_owner(&w), 0, "%s: owned by root while it waits", what);
		ok(!peer_may_trace(&w), "%s: not dumpable while it waits", what);
		/* 0 to 2, the FIFO, the socket to the creator */
		is_int(count_fds(&w, 5), 5, "%s: descriptors while it waits", what);
		if (world_ok(world_start(&w, NULL), what)) {
			check_creds(&w, what);
			is_int(proc_owner(&w), p->uid, "%s: dumpable after execve", what);
			ok(user || peer_may_trace(&w), "%s: and may be traced", what);
		}
	}
	world_close(&w);
}

/* Fewer permitted capabilities than execve gives to root: the program must still be dumpable. */
static void test_dumpable(void)
{
	char *const argv[] = { ONE_WORD("/payload"), ONE_WORD("pause"), NULL };
	struct world w;

	ok(world_open(&w, argv), "root file system");
	w.plan.process.caps.bounding = DOCKER_CAPS;
	w.plan.process.caps.permitted = w.plan.process.caps.effective = NET_BIND;
	world_ok(world_create(&w), "create with less permitted than bounding");
	world_ok(world_start(&w, NULL), "start");
	ok(peer_may_trace(&w), "the program is dumpable");
	is_str(world_status(&w, "CapPrm"), set_text(DOCKER_CAPS),
	       "and has the capabilities that execve gives");
	world_close(&w);
}

/* A create that must fail with this message. */
static void refused(struct world *w, const char *words, const char *what)
{
	ok(world_create(w) < 0 && world_says(words), "%s", what);
	is_int(w->child.pidfd, -1, "%s: no child is left behind", what);
	world_close(w);
}

static void test_program(void)
{
	char *const absent[] = { ONE_WORD("/absent"), NULL }, *const name[] = { ONE_WORD("absent"),
										NULL };
	char *const dir[] = { ONE_WORD("/etc"), NULL }, *const plain[] = { ONE_WORD("/etc/plain"),
									   NULL };
	char *const found[] = { ONE_WORD("tiny"), NULL };
	struct world w;

	ok(world_open(&w, absent), "root file system");
	refused(&w, "exec: \"/absent\": stat /absent: no such file or directory", "absent program");
	ok(world_open(&w, name), "root file system");
	w.plan.process.path_env = "/bin:/";
	refused(&w, "exec: \"absent\": executable file not found in $PATH", "absent from PATH");
	ok(world_open(&w, dir), "root file system");
	refused(&w, "exec: \"/etc\": is a directory: permission denied", "a directory");
	ok(world_open(&w, plain), "root file system");
	close(open(arena_printf("%s/rootfs/etc/plain", w.dir), O_CREAT | O_WRONLY | O_CLOEXEC,
		   0644));
	refused(&w, "exec: \"/etc/plain\": permission denied", "not executable");
	ok(world_open(&w, found), "root file system");
	w.plan.process.path_env = "/etc::/";
	world_ok(world_create(&w), "found in PATH");
	world_ok(world_start(&w, NULL), "and started");
	is_int(world_wait(&w), 7, "and run");
	world_close(&w);
}

/* CVE-2024-21626: a working directory reached by a descriptor of the runtime. */
static void test_cwd(void)
{
	char *const argv[] = { ONE_WORD("/payload"), ONE_WORD("pause"), NULL };
	struct world w;

	for (int fd = 3; fd < 24; fd++) {
		char *cwd = arena_printf("/proc/self/fd/%d", fd);

		if (!world_open(&w, argv))
			ok(false, "root file system");
		w.plan.process.cwd = cwd;
		if (fd & 1) { /* the same through a symbolic link of the image */
			(void)!symlink(cwd, arena_printf("%s/rootfs/link", w.dir));
			w.plan.process.cwd = "/link";
		}
		ok(world_create(&w) < 0 && world_says("process.cwd"),
		   "working directory %s is refused", cwd);
		world_close(&w);
	}
	ok(world_open(&w, argv), "root file system");
	w.plan.process.cwd = "/made/for/it";
	world_ok(world_create(&w), "a working directory is made");
	char path[256] = "";

	ok(readlink(arena_printf("/proc/%d/cwd", w.child.pid), path, sizeof(path) - 1) > 0 &&
		   strstr(path, "/made/for/it"),
	   "and entered: %s", path);
	world_close(&w);
}

/* The output of the program, whose standard output is one end of a pipe. */
static const char *output_of(struct world *w)
{
	static char text[4096];
	int ends[2], saved = dup(1);
	size_t n = 0;

	fflush(stdout);
	text[0] = 0;
	if (pipe2(ends, O_CLOEXEC) < 0 || dup2(ends[1], 1) < 0)
		return "";
	int r = world_create(w);

	dup2(saved, 1);
	close(saved);
	close(ends[1]);
	if (world_ok(r, "create") && world_ok(world_start(w, NULL), "start"))
		for (ssize_t k; (k = read(ends[0], text + n, sizeof(text) - 1 - n)) > 0;)
			n += (size_t)k;
	close(ends[0]);
	text[n] = 0;
	return text;
}

static void test_descriptors(void)
{
	char *const argv[] = { ONE_WORD("/payload"), ONE_WORD("fds"), NULL };
	struct world w;

	ok(world_open(&w, argv), "root file system");
	const char *out = output_of(&w);

	ok(strncmp(out, "0 ", 2) == 0 && strstr(out, "\n2 ") && !strstr(out, "\n3 "),
	   "the program has descriptors 0 to 2");
	if (strstr(out, "\n3 "))
		printf("# %s\n", out);
	world_close(&w);
	ok(world_open(&w, argv), "root file system");
	int given = fcntl(w.state, F_DUPFD, 60); /* without close-on-exec, like an engine's */

	w.plan.preserve_fds = 58; /* 3 to 60: most are of this test and must not be passed on */
	world_ok(world_create(&w), "create with preserved descriptors");
	is_int(count_fds(&w, 6), 6, "init has no other descriptors");
	child_end(&w.child);
	unlink(arena_printf("%s/state/start.fifo", w.dir));
	unlink(arena_printf("%s/state/start.page", w.dir));
	out = output_of(&w);
	ok(strstr(out, "\n60 ") && !strstr(out, "\n3 ") && !strstr(out, "\n6 "),
	   "and the preserved ones");
	close(given);
	world_close(&w);
}

static void test_home(void)
{
	char *const argv[] = { ONE_WORD("/payload"), ONE_WORD("pause"), NULL };
	struct text text = { .data = (char[]){ "" } };
	struct world w;

	/* CVE-2016-3697: a user whose name is the number in the config. */
	ok(world_open(&w, argv), "root file system");
	FILE *f = fopen(arena_printf("%s/rootfs/etc/passwd", w.dir), "we");

	ok(f && fputs("1000:x:0:0::/evil:/bin/sh\nu:x:1000:1000:,:/srv/u:/bin/sh\n", f) >= 0 &&
		   fclose(f) == 0,
	   "the image's passwd");
	w.plan.process.uid = 1000;
	w.plan.process.add_home = true;
	world_ok(world_create(&w), "create");
	world_ok(world_start(&w, NULL), "start");
	int r = io_read_file(AT_FDCWD, arena_printf("/proc/%d/environ", w.child.pid), 4096, &text);

	ok(r == 0 && strcmp(text.data, "HOME=/srv/u") == 0, "HOME by number: %s", text.data);
	ok(strncmp(world_status(&w, "Uid"), "1000\t", 5) == 0, "and the id is that number");
	world_close(&w);
}

/* Namespaces of another container, as in a pod; an intermediate process joins them. */
static void test_joins(void)
{
	char *const argv[] = { ONE_WORD("/payload"), ONE_WORD("pause"), NULL };
	static const struct {
		uint64_t flag;
		const char *name;
	} ns[] = {
		{ CLONE_NEWIPC, "ipc" },
		{ CLONE_NEWUTS, "uts" },
		{ CLONE_NEWNET, "net" },
		{ CLONE_NEWPID, "pid" },
	};
	struct plan_join joins[ARRAY_LEN(ns)];
	struct world a, b;

	ok(world_open(&a, argv) && world_open(&b, argv), "root file systems");
	world_ok(world_create(&a), "the first of a pod");
	b.plan.ns.made = CLONE_NEWNS;
	b.plan.ns.n_joins = ARRAY_LEN(ns);
	b.plan.ns.joins = joins;
	for (size_t i = 0; i < ARRAY_LEN(ns); i++) {
		b.plan.ns.joined |= ns[i].flag;
		joins[i] =
			(struct plan_join){ ns[i].flag,
					    arena_printf("/proc/%d/ns/%s", a.child.pid, ns[i].name),
					    "linux.namespaces" };
	}
	world_ok(world_create(&b), "the second joins it");
	for (size_t i = 0; i < ARRAY_LEN(ns); i++) {
		struct stat x, y;

		ok(stat(joins[i].path, &x) == 0 &&
			   stat(arena_printf("/proc/%d/ns/%s", b.child.pid, ns[i].name), &y) == 0 &&
			   x.st_ino == y.st_ino,
		   "%s namespace is shared", ns[i].name);
	}
	is_int(proc_owner(&b), 0, "CVE-2016-9962: non-dumpable");
	world_ok(world_start(&b, NULL), "the second starts");
	world_close(&b);
	world_close(&a);
}

/* A pod in a user namespace, which is joined with the namespaces that it owns. */
static void test_join_user(void)
{
	static const struct plan_id_map map = { 0, 100000, 65536 };
	char *const argv[] = { ONE_WORD("/payload"), ONE_WORD("pause"), NULL };
	struct plan_join joins[2];
	struct world a, b;

	ok(world_open(&a, argv) && world_open(&b, argv), "root file systems");
	a.plan.ns.made |= CLONE_NEWUSER;
	a.plan.ns.uid_maps = a.plan.ns.gid_maps = (struct plan_id_maps){ 1, &map };
	world_ok(world_create(&a), "the first of a pod with a user namespace");
	joins[0] = (struct plan_join){ CLONE_NEWUSER, arena_printf("/proc/%d/ns/user", a.child.pid),
				       "user" };
	joins[1] = (struct plan_join){ CLONE_NEWNET, arena_printf("/proc/%d/ns/net", a.child.pid),
				       "network" };
	b.plan.ns = (struct plan_namespaces){ .made = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC |
						      CLONE_NEWUTS,
					      .joined = CLONE_NEWUSER | CLONE_NEWNET,
					      .n_joins = 2,
					      .joins = joins };
	b.plan.process.uid = 33;
	b.plan.process.caps.bounding = DOCKER_CAPS;
	b.plan.filter = &allow;
	world_ok(world_create(&b), "the second joins it");
	world_ok(world_start(&b, NULL), "and starts");
	ok(strncmp(world_status(&b, "Uid"), "100033\t", 7) == 0, "with the pod's ids");
	world_close(&b);
	world_close(&a);
}

static void test_time(void)
{
	char *const argv[] = { ONE_WORD("/payload"), ONE_WORD("pause"), NULL };
	static const struct plan_time_offset offset = { "monotonic", 86400, 0 };
	struct text text = { .data = arena_strdup("") };
	struct world w;

	ok(world_open(&w, argv), "root file system");
	w.plan.ns.made |= CLONE_NEWTIME | CLONE_NEWCGROUP;
	w.plan.ns.n_offsets = 1;
	w.plan.ns.offsets = &offset;
	world_ok(world_create(&w), "time and cgroup namespaces");
	(void)!io_read_file(AT_FDCWD, arena_printf("/proc/%d/timens_offsets", w.child.pid), 4096,
			    &text);
	ok(strstr(text.data, "86400"), "offset is set");
	struct stat ours, its;

	ok(stat("/proc/self/ns/time", &ours) == 0 &&
		   stat(arena_printf("/proc/%d/ns/time", w.child.pid), &its) == 0 &&
		   ours.st_ino != its.st_ino,
	   "and the namespace is entered");
	world_close(&w);
}

/* The parent closes its end of the socket but lives on, so PDEATHSIG does not apply. */
static void test_lifeline(void)
{
	char *const argv[] = { ONE_WORD("/payload"), ONE_WORD("pause"), NULL };

	for (int step = 0; step < 6; step++) {
		struct world w;

		ok(world_open(&w, argv), "root file system");
		world_ok(world_create_to(&w, step), "create");
		handles_close(&w.h);
		is_int(world_wait(&w), 1, "socket closed after step %d: init ends", step);
		world_close(&w);
	}
}

/* rlimits are set exactly, with the parent's privilege; umask; oom_score_adj. */
static void test_limits(void)
{
	static const struct plan_rlimit limits[] = { { RLIMIT_NOFILE, 16, 32, "RLIMIT_NOFILE" },
						     { RLIMIT_FSIZE, 0, 0, "RLIMIT_FSIZE" } };
	char *const argv[] = { ONE_WORD("/payload"), ONE_WORD("pause"), NULL };
	struct rlimit l = { 0 };
	struct world w;
	struct text text = { .data = arena_strdup("") };

	ok(world_open(&w, argv), "root file system");
	w.plan.process.rlimits = limits;
	w.plan.process.n_rlimits = ARRAY_LEN(limits);
	w.plan.process.set_umask = true;
	w.plan.process.umask = 027;
	w.plan.process.set_oom_score_adj = true;
	w.plan.process.oom_score_adj = 300;
	world_ok(world_create(&w), "create with limits");
	world_ok(world_start(&w, NULL), "start");
	ok(prlimit(w.child.pid, RLIMIT_NOFILE, NULL, &l) == 0 && l.rlim_cur == 16 &&
		   l.rlim_max == 32,
	   "RLIMIT_NOFILE");
	ok(prlimit(w.child.pid, RLIMIT_FSIZE, NULL, &l) == 0 && l.rlim_max == 0, "RLIMIT_FSIZE");
	is_str(world_status(&w, "Umask"), "0027", "umask");
	(void)!io_read_file(AT_FDCWD, arena_printf("/proc/%d/oom_score_adj", w.child.pid), 64,
			    &text);
	is_str(text.data, "300\n", "oom_score_adj");
	world_close(&w);
}

/* SIGKILL of the parent at each point of the conversation: init must end, too. */
static void test_orphans(void)
{
	char *const argv[] = { ONE_WORD("/payload"), ONE_WORD("pause"), NULL };

	for (int step = 0; step < 6; step++) {
		struct world w;

		ok(world_open(&w, argv), "root file system");
		pid_t parent = fork();

		if (parent == 0) {
			(void)!world_create_to(&w, step);
			raise(SIGKILL);
		}
		int n = 0, left = 100;

		while (left > 0) {
			pid_t pid = waitpid(-1, NULL, WNOHANG);

			if (pid < 0)
				break;
			n += pid > 0;
			if (pid == 0 && left--)
				poll(NULL, 0, 20);
		}
		ok(n == 2 && left > 0, "parent killed after step %d: init ended too (%d)", step, n);
		while (left == 0 && waitpid(-1, NULL, 0) > 0)
			;
		world_close(&w);
	}
}

/* Unknown children are reaped, whether they have ended or end later; running ones are not waited
 * for. */
static void test_rest(void)
{
	int gate[2];
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	ok(pid > 0 && pipe(gate) == 0, "two children");
	pid = fork();
	if (pid == 0) {
		char c;

		close(gate[1]);
		_exit((int)read(gate[0], &c, 1));
	}
	close(gate[0]);
	child_reap(-1, 10);
	is_int(waitpid(-1, NULL, WNOHANG), 0, "the child that ended is reaped, the other one runs");
	close(gate[1]);
	child_reap(-1, 10000);
	ok(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD, "the other is reaped when it ends");
}

int main(void)
{
	const char *missing = world_missing();
	struct caps own;

	if (missing) {
		skip("%s", missing);
		return done();
	}
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	/* Inheritable capabilities of the caller are not inherited (CVE-2022-29162). */
	ok(caps_get(&own) == 0, "own capabilities");
	own.inheritable = NET_BIND | 1;
	ok(caps_set(&own) == 0, "inheritable");
	for (unsigned int bits = 0; bits < 8; bits++)
		test_creds(bits);
	test_dumpable();
	test_program();
	test_cwd();
	test_descriptors();
	test_home();
	test_joins();
	test_join_user();
	test_time();
	test_limits();
	test_lifeline();
	test_orphans();
	test_rest();
	return done();
}
