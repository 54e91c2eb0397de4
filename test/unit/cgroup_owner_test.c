/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which container owns a leaf: decided by its inode, not its name, and by its claim if there is no
 * record.
 */
#include "cgroup/cgroup.h"

#include "base/err.h"
#include "base/identity.h"
#include "cgroup/freeze.h"
#include "cgroup/join.h"
#include "cgroup/kill.h"
#include "cgroup/make.h"
#include "cgroup/pids.h"
#include "cgroup/remove.h"
#include "runtime/state.h"
#include "unit/cgroup_box.h"

#include <sys/mount.h>
#include <sys/xattr.h>

static struct plan_cgroup plan;

static void good(int r, const char *what)
{
	if (!ok(r == 0, "%s", what))
		printf("# %d: %s\n", r, err_message() ? err_message() : "no message");
	err_clear();
}

static uint64_t inode(size_t i)
{
	struct stat st;

	return stat(arena_printf("%s%s", plan.v[i].mountpoint, plan.v[i].path), &st) < 0
		       ? 0
		       : st.st_ino;
}

static void remove_all(void)
{
	for (size_t i = 0; i < plan.n; i++)
		(void)rmdir(arena_printf("%s%s", plan.v[i].mountpoint, plan.v[i].path));
}

static bool lives(pid_t pid)
{
	return pid > 0 && waitpid(pid, NULL, WNOHANG) == 0;
}

/* The leaves of the first were removed, and the second made leaves with the same names. */
static void test_same_name(void)
{
	struct cgroup one, two;
	int tasks[PLAN_HIERARCHIES], dir;
	pid_t *pids;
	size_t n;

	good(box_make_as(&plan, &one, "one"), "the first makes its leaves");
	remove_all();
	good(box_make_as(&plan, &two, "two"), "the second makes leaves with the same names");
	pid_t a = box_spawn(&two, NULL);

	good(cgroup_pids(&one, &pids, &n), "the first lists its processes");
	is_int((intmax_t)n, 0, "and finds none of the second");
	ok(!cgroup_exists(&one) && cgroup_exists(&two), "its leaves do not exist");
	good(cgroup_kill(&one, SIGTERM), "kill succeeds");
	good(cgroup_kill(&one, SIGKILL), "SIGKILL, too");
	ok(cgroup_freeze(&one, true, 100) < 0 && cgroup_freeze_is_frozen(&two) == 0,
	   "nothing is frozen");
	err_clear();
	ok(cgroup_join_open(&one, tasks, &n, &dir) < 0, "nobody joins");
	err_clear();
	good(cgroup_remove(&one, 0), "remove succeeds");
	ok(lives(a) && box_count(&plan) == plan.n, "and the second is not changed");
	good(cgroup_remove(&two, 2000), "the second can be removed");
	ok(waitpid(a, NULL, 0) == a && box_count(&plan) == 0, "with its process");
}

/* Existing empty leaves: those of an engine are used as they are, those of an ended container
 * made again. */
static void test_take_over(void)
{
	struct cgroup one, two;

	good(box_make_as(&plan, &one, "one"), "make the parents");
	remove_all();
	for (size_t i = 0; i < plan.n; i++)
		if (mkdir(arena_printf("%s%s", plan.v[i].mountpoint, plan.v[i].path), 0755) < 0)
			ok(false, "mkdir");
	uint64_t before = inode(0);

	good(box_make_as(&plan, &one, "one"), "leaves that an engine made before are used");
	ok(inode(0) == before && one.v[0].inode == before, "without a change");
	good(box_make_as(&plan, &two, "two"), "leaves that a container left are made again");
	ok(inode(0) != before && two.v[0].inode == inode(0), "as another");
	good(cgroup_remove(&one, 0), "the first removes");
	is_int((intmax_t)box_count(&plan), (intmax_t)plan.n, "nothing");
	good(cgroup_remove(&two, 0), "the second removes");
	is_int((intmax_t)box_count(&plan), 0, "all");
}

/* A process inside may remove the claims; the leaves are still not used for another container. */
static void test_claim_removed(void)
{
	struct cgroup one, two;
	size_t i;

	good(box_make_as(&plan, &one, "one"), "make");
	pid_t a = box_spawn(&one, NULL);

	for (i = 0; i < plan.n; i++)
		if (removexattr(arena_printf("%s%s", plan.v[i].mountpoint, plan.v[i].path),
				"user.tamis.owner") < 0)
			ok(false, "the claim in %s: %s", plan.v[i].name, strerror(errno));
	ok(box_make_as(&plan, &two, "two") < 0, "refused while a process is inside");
	err_clear();
	ok(box_signal(a, SIGKILL) == 0 && waitpid(a, NULL, 0) == a, "it ends");
	good(box_make_as(&plan, &two, "two"), "afterwards they are made again");
	for (i = 0; i < plan.n && one.v[i].inode != two.v[i].inode; i++)
		;
	ok(i == plan.n, "all of them");
	a = box_spawn(&two, NULL);
	good(cgroup_remove(&one, 100), "the first removes");
	ok(lives(a) && box_count(&plan) == plan.n, "nothing");
	good(cgroup_remove(&two, 2000), "the second removes all");
	ok(waitpid(a, NULL, 0) == a && box_count(&plan) == 0, "with its process");
}

/* The leaves of a create that was killed before the record had `made`. */
static void test_crash(void)
{
	struct cgroup one, intent = { 0 };

	good(box_make_as(&plan, &one, "one"), "make");
	cgroup_planned(&plan, &intent);
	intent.owner.state = "0:two";
	good(cgroup_remove(&intent, 0), "the intent of another container removes");
	is_int((intmax_t)box_count(&plan), (intmax_t)plan.n, "nothing");
	pid_t a = box_spawn(&one, NULL);

	intent.owner.state = "0:one";
	good(cgroup_remove(&intent, 2000), "its own intent, from a damaged record, removes");
	ok(waitpid(a, NULL, 0) == a && box_count(&plan) == 0,
	   "everything, with the process inside");

	for (size_t i = 0; i < plan.n; i++)
		(void)!mkdir(arena_printf("%s%s", plan.v[i].mountpoint, plan.v[i].path), 0755);
	cgroup_note_present(&intent);
	good(cgroup_remove(&intent, 0), "without a claim, and existing before: removes");
	is_int((intmax_t)box_count(&plan), (intmax_t)plan.n, "nothing");
	cgroup_planned(&plan, &intent);
	intent.owner.state = "0:one";
	good(cgroup_remove(&intent, 0), "without a claim, and not existing before: removes");
	is_int((intmax_t)box_count(&plan), 0, "all");
}

/* Replaces the check of the state directory in lib/runtime: only whether the process lives. */
static bool is_at_work(const struct cgroup_owner *claim, const char *path)
{
	const char *boot;
	autofd fd = strcmp(path, plan.v[0].path) != 0 || identity_boot(&boot) < 0
			    ? -1
			    : identity_open(claim->pid, claim->start, boot);

	return fd >= 0;
}

/* One of several concurrent creates: reports its result by a byte, then works until it is
 * killed. */
no_return static void compete(int go, int result, int i)
{
	struct cgroup cgroup;
	char c;

	cgroup_planned(&plan, &cgroup);
	cgroup.owner = (struct cgroup_owner){ .state = arena_printf("0:%d", i),
					      .id = arena_printf("c%d", i),
					      .pid = getpid(),
					      .is_at_work = is_at_work };
	if (identity_start_time(getpid(), &cgroup.owner.start) < 0 || read(go, &c, 1) != 0)
		_exit(2);
	c = cgroup_make(&plan, &cgroup) == 0 ? 'w' : 'l';
	if (c == 'l' && getenv("TAMIS_TEST_ALL"))
		fprintf(stderr, "# %s\n", err_message());
	if (write(result, &c, 1) == 1)
		for (;;)
			(void)pause();
	_exit(1);
}

/* The number of them that got the leaves. */
static int round_of(size_t n, bool there)
{
	int go[2], result[2], won = 0;
	pid_t pids[16];

	for (size_t i = 0; there && i < plan.n; i++)
		(void)!mkdir(arena_printf("%s%s", plan.v[i].mountpoint, plan.v[i].path), 0755);
	if (pipe2(go, O_CLOEXEC) < 0 || pipe2(result, O_CLOEXEC) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			close(go[1]);
			compete(go[0], result[1], (int)i);
		}
	}
	close(go[0]);
	close(go[1]);
	close(result[1]);
	for (size_t i = 0; i < n; i++) {
		char c = 0;

		won += read(result[0], &c, 1) == 1 && c == 'w';
	}
	close(result[0]);
	for (size_t i = 0; i < n; i++)
		if (box_signal(pids[i], SIGKILL) < 0 || waitpid(pids[i], NULL, 0) != pids[i])
			won = -1;
	remove_all();
	return won;
}

static void test_race(bool there, int rounds)
{
	int none = 0, many = 0;

	for (int i = 0; i < rounds; i++) {
		int won = round_of(8, there);

		none += won < 1;
		many += won > 1;
	}
	ok(none == 0 && many == 0,
	   "eight creates at once, leaves %s, %d rounds: one gets them (%d times none, %d times "
	   "several)",
	   there ? "existing and empty" : "missing", rounds, none, many);
}

int main(void)
{
	int rounds = getenv("TAMIS_TEST_ALL") ? 500 : 5, name = box_isolate();
	struct cgroup one;

	/* processes are looked up by their pid in this PID namespace */
	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("proc", "/proc", "proc", 0, NULL) < 0) {
		skip("cannot mount procfs: %s", strerror(errno));
		return done();
	}
	box_plan(&plan, arena_printf("/tamis-unit-owner-%d/leaf", name));
	if (plan.n == 0 || box_make_as(&plan, &one, "one") < 0) {
		skip("cannot make cgroups: %s", err_message() ? err_message() : "none");
		return done();
	}
	good(cgroup_remove(&one, 0), "remove");
	test_same_name();
	test_take_over();
	test_claim_removed();
	test_crash();
	test_race(false, rounds);
	test_race(true, rounds);
	for (size_t i = 0; i < plan.n; i++)
		rmdir(arena_printf("%s/tamis-unit-owner-%d", plan.v[i].mountpoint, name));
	return done();
}
