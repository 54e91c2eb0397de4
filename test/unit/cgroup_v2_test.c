/* SPDX-License-Identifier: Apache-2.0 */
/* Only the v2 hierarchy, as on a host without v1. */
#include "base/err.h"
#include "cgroup/cgdir.h"
#include "cgroup/freeze.h"
#include "cgroup/kill.h"
#include "cgroup/pids.h"
#include "cgroup/remove.h"
#include "cgroup/update.h"
#include "unit/cgroup_box.h"

static struct plan_cgroup plan;
static struct cgroup cgroup;
static int name;

static void good(int r, const char *what)
{
	if (!ok(r == 0, "%s", what))
		printf("# %d: %s\n", r, err_message() ? err_message() : "no message");
	err_clear();
}

static int reap(pid_t pid)
{
	int status = -1;

	return waitpid(pid, &status, 0) == pid ? status : -1;
}

static void test_processes(void)
{
	pid_t *pids;
	size_t n;

	good(box_make(&plan, &cgroup), "make");
	is_int((intmax_t)box_count(&plan), 1, "the leaf exists");
	pid_t a = box_spawn(&cgroup, NULL);

	good(cgroup_pids(&cgroup, &pids, &n), "pids");
	ok(n == 1 && pids[0] == a, "a child is created in the cgroup");
	ok(box_make(&plan, &(struct cgroup){ 0 }) < 0 && strstr(err_message(), "is not empty"),
	   "a leaf with tasks is refused");
	err_clear();
	good(cgroup_freeze(&cgroup, true, 2000), "freeze");
	is_int(cgroup_freeze_is_frozen(&cgroup), 1, "frozen");
	is_str(box_read(&plan, "unified", "cgroup.freeze"), "1", "the kernel reports it");
	good(cgroup_freeze(&cgroup, false, 2000), "thaw");
	is_int(cgroup_freeze_is_frozen(&cgroup), 0, "thawed");
	good(cgroup_freeze(&cgroup, true, 2000), "freeze again");
	good(cgroup_kill(&cgroup, SIGKILL), "kill");
	is_int(WTERMSIG(reap(a)), SIGKILL, "it ended, though frozen");
	ok(box_make(&plan, &(struct cgroup){ 0 }) < 0 && strstr(err_message(), "is frozen"),
	   "a leaf that is still frozen is refused");
	err_clear();
	good(cgroup_remove(&cgroup, 1000), "remove");
	is_int((intmax_t)box_count(&plan), 0, "no leaf is left behind");
}

static void test_nested(void)
{
	good(box_make(&plan, &cgroup), "make");
	struct cgroup nested = cgroup;
	const char *x = arena_printf("%s%s/x", plan.v[0].mountpoint, plan.v[0].path);

	nested.v[0].below = "x/y";
	ok(mkdir(x, 0755) == 0 && mkdir(arena_printf("%s/y", x), 0755) == 0, "make below");
	pid_t a = box_spawn(&nested, NULL), b = box_spawn(&cgroup, NULL);

	ok(a > 0 && b > 0, "children in both cgroups");
	good(cgroup_remove(&cgroup, 2000), "remove the whole tree");
	ok(WTERMSIG(reap(a)) == SIGKILL && WTERMSIG(reap(b)) == SIGKILL, "both ended");
	is_int((intmax_t)box_count(&plan), 0, "no leaf is left behind");
}

static void test_controllers(void)
{
	const char *root = plan.v[0].mountpoint;
	struct plan_cgroup_value value = { .place = "linux.resources.x",
					   .controller = "nosuch",
					   .file = "nosuch.max",
					   .value = "1" };
	struct text has, before, here;

	plan.values = &value;
	plan.n_values = 1;
	ok(box_make(&plan, &cgroup) < 0 &&
		   strstr(err_message(), "linux.resources.x: cgroup controller \"nosuch\""),
	   "a missing controller is named");
	err_clear();
	is_int((intmax_t)box_count(&plan), 0, "and nothing is left behind");
	plan.n_values = 0;
	if (io_read_file(AT_FDCWD, arena_printf("%s/cgroup.controllers", root), 4096, &has) < 0 ||
	    io_read_file(AT_FDCWD, arena_printf("%s/cgroup.subtree_control", root), 4096, &before) <
		    0)
		return;
	has.data[strcspn(has.data, " \n")] = 0;
	if (!*has.data) {
		skip("no controller in %s", root);
		return;
	}
	good(box_make(&plan, &cgroup), "make with controllers");
	ok(cgdir_has_word(box_read(&plan, "unified", "cgroup.controllers"), " \n", has.data),
	   "%s is enabled in the leaf", has.data);
	good(cgroup_remove(&cgroup, 1000), "remove");
	rmdir(arena_printf("%s/tamis-unit-cgroup-v2-%d", root, name));
	if (!cgdir_has_word(before.data, " \n", has.data) &&
	    io_write_file(AT_FDCWD, arena_printf("%s/cgroup.subtree_control", root),
			  arena_printf("-%s", has.data)) < 0)
		printf("# %s stays enabled in %s\n", has.data, root);
	if (io_read_file(AT_FDCWD, arena_printf("%s/cgroup.subtree_control", root), 4096, &here) ==
	    0)
		is_str(here.data, before.data, "the controllers enabled in the root are as before");
}

/* Runs in the cgroup: the exit status tells which devices can be opened. */
static void probe(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int zero = open("/dev/zero", O_RDWR | O_CLOEXEC);

	_exit((null >= 0) + 2 * (zero >= 0));
}

static void test_devices(void)
{
	static const struct plan_device_rule null[] = {
		{ false, 'a', -1, -1, true, true, true },
		{ true, 'c', 1, 3, true, true, true },
	};
	static const struct plan_device_rule zero[] = { { true, 'c', 1, 5, true, true, true } };

	plan.set_devices = true;
	plan.rules = null;
	plan.n_rules = ARRAY_LEN(null);
	int r = box_make(&plan, &cgroup);

	if (r == -EPERM || r == -EACCES) {
		skip("bpf(2) is not permitted: %s", err_message());
		err_clear();
		plan.set_devices = false;
		return;
	}
	good(r, "make with a device program");
	is_int(WEXITSTATUS(reap(box_spawn(&cgroup, probe))), 1, "1:3 only");
	plan.rules = zero;
	plan.n_rules = ARRAY_LEN(zero);
	good(cgroup_update(&plan, &cgroup), "update");
	is_int(WEXITSTATUS(reap(box_spawn(&cgroup, probe))), 2,
	       "only 1:5 can be opened: the program was replaced");
	good(cgroup_remove(&cgroup, 1000), "remove");
	plan.set_devices = false;
}

int main(void)
{
	struct plan_cgroup all;

	name = box_isolate();
	box_plan(&all, arena_printf("/tamis-unit-cgroup-v2-%d/leaf", name));
	for (size_t i = 0; i < all.n; i++)
		if (all.v[i].v2)
			plan.v[plan.n++] = all.v[i];
	if (plan.n != 1 || geteuid() != 0) {
		skip("no cgroup2, or not root");
		return done();
	}
	/* First, while this test has enabled no controller in the root. */
	test_controllers();
	struct plan_cgroup_value none = { 0 };

	plan.values = &none;
	if (box_make(&plan, &cgroup) < 0) {
		skip("cannot make cgroups: %s", err_message());
		return done();
	}
	good(cgroup_remove(&cgroup, 1000), "remove an unused leaf");
	test_processes();
	test_nested();
	test_devices();
	rmdir(arena_printf("%s/tamis-unit-cgroup-v2-%d", plan.v[0].mountpoint, name));
	return done();
}
