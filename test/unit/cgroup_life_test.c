/* SPDX-License-Identifier: Apache-2.0 */
/* The life of leaves in the host's hierarchies, with names of this test, from make to remove. */
#include "cgroup/cgroup.h"

#include "base/err.h"
#include "cgroup/freeze.h"
#include "cgroup/join.h"
#include "cgroup/kill.h"
#include "cgroup/oom.h"
#include "cgroup/pids.h"
#include "cgroup/remove.h"
#include "cgroup/update.h"
#include "runtime/state.h"
#include "unit/cgroup_box.h"

#define VALUE(p, c, f, v)                                                  \
	{                                                                  \
		.place = (p), .controller = (c), .file = (f), .value = (v) \
	}

static struct plan_cgroup plan;
static struct cgroup cgroup;

static bool has(const char *controller)
{
	for (size_t i = 0; i < plan.n; i++)
		if (strcmp(plan.v[i].name, controller) == 0)
			return true;
	return false;
}

static void good(int r, const char *what)
{
	if (!ok(r == 0, "%s", what))
		printf("# %d: %s\n", r, err_message() ? err_message() : "no message");
	err_clear();
}

static void says(int r, const char *words, const char *what)
{
	const char *m = err_message();

	if (!ok(r < 0 && m && strstr(m, words), "%s", what))
		printf("# %d, %s; want: %s\n", r, m ? m : "no message", words);
	err_clear();
}

static bool gone(pid_t pid)
{
	int status;

	return waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) &&
	       WTERMSIG(status) == SIGKILL;
}

static void read_back(const char *controller, const char *file, const char *want)
{
	if (has(controller))
		is_str(box_read(&plan, controller, file), want, "%s reads back", file);
	else
		skip("%s: no v1 controller %s here", file, controller);
}

static void test_limits(void)
{
	static const struct plan_cgroup_value all[] = {
		VALUE("pids.limit", "pids", "pids.max", "32"),
		VALUE("memory.limit", "memory", "memory.limit_in_bytes", "67108864"),
		VALUE("cpu.shares", "cpu", "cpu.shares", "512"),
		VALUE("cpu.cpus", "cpuset", "cpuset.cpus", "0"),
		{ .place = "x",
		  .controller = "memory",
		  .file = "memory.no_such_file",
		  .value = "1",
		  .optional = true },
		{ .place = "y",
		  .controller = "memory",
		  .file = "memory.no_such_file",
		  .value = "1",
		  .else_file = "memory.soft_limit_in_bytes",
		  .else_value = "33554432" },
	};
	static const struct plan_device_rule rules[] = {
		{ false, 'a', -1, -1, true, true, true },
		{ true, 'c', 1, 3, true, true, true },
		{ true, 'c', -1, -1, false, false, true },
	};
	static struct plan_cgroup_value values[8];

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (has(all[i].controller))
			values[plan.n_values++] = all[i];
	plan.values = values;
	plan.set_devices = has("devices");
	plan.rules = rules;
	plan.n_rules = ARRAY_LEN(rules);
	good(box_make(&plan, &cgroup), "make with limits");
	is_int((intmax_t)box_count(&plan), (intmax_t)plan.n, "a leaf in every hierarchy");
	read_back("pids", "pids.max", "32");
	read_back("memory", "memory.limit_in_bytes", "67108864");
	read_back("memory", "memory.soft_limit_in_bytes", "33554432");
	read_back("cpu", "cpu.shares", "512");
	read_back("cpuset", "cpuset.cpus", "0");
	read_back("devices", "devices.list", "c 1:3 rwm");
	is_int(cgroup_oom_kills(&cgroup), 0, "no OOM kill");
	good(cgroup_remove(&cgroup, 1000), "remove");
	is_int((intmax_t)box_count(&plan), 0, "no leaf is left behind");
	good(cgroup_remove(&cgroup, 1000), "remove leaves that do not exist");
	plan.n_values = 0;
}

/* v1 requires memory <= memory+swap, so raising both needs another order than lowering both. */
static void test_update(void)
{
	static const struct plan_cgroup_value low[] = {
		VALUE("limit", "memory", "memory.limit_in_bytes", "33554432"),
		VALUE("swap", "memory", "memory.memsw.limit_in_bytes", "67108864"),
	};
	static const struct plan_cgroup_value high[] = {
		VALUE("limit", "memory", "memory.limit_in_bytes", "134217728"),
		VALUE("swap", "memory", "memory.memsw.limit_in_bytes", "268435456"),
	};
	static const struct plan_cgroup_value wrong[] = {
		VALUE("limit", "memory", "memory.limit_in_bytes", "536870912"),
	};

	if (!has("memory") || (good(box_make(&plan, &cgroup), "make"),
			       !*box_read(&plan, "memory", "memory.memsw.limit_in_bytes"))) {
		skip("update of memory and swap: no v1 memory.memsw here");
		return;
	}
	plan.values = low;
	plan.n_values = 2;
	plan.set_devices = false;
	good(cgroup_update(&plan, &cgroup), "set both");
	plan.values = high;
	good(cgroup_update(&plan, &cgroup), "raise both");
	read_back("memory", "memory.limit_in_bytes", "134217728");
	read_back("memory", "memory.memsw.limit_in_bytes", "268435456");
	plan.values = low;
	good(cgroup_update(&plan, &cgroup), "lower both");
	plan.values = wrong;
	plan.n_values = 1;
	says(cgroup_update(&plan, &cgroup), "limit: cannot write",
	     "a value that cannot be written in any order is an error");
	good(cgroup_remove(&cgroup, 1000), "remove");
	plan.n_values = 0;
}

static void test_failure(void)
{
	static const struct plan_cgroup_value bad =
		VALUE("linux.resources.x", "nosuch", "nosuch.max", "1");
	static const struct plan_cgroup_value worse =
		VALUE("linux.resources.pids", "pids", "pids.max", "many");

	plan.values = &bad;
	plan.n_values = 1;
	says(box_make(&plan, &cgroup), "\"nosuch\"", "a missing controller is named");
	is_int((intmax_t)box_count(&plan), 0, "and nothing is left behind");
	plan.values = &worse;
	says(box_make(&plan, &cgroup), "linux.resources.pids", "a bad value names its place");
	is_int((intmax_t)box_count(&plan), 0, "and nothing is left behind");
	plan.n_values = 0;
	const char *path = plan.v[0].path;

	plan.v[0].path = "/";
	says(box_make(&plan, &cgroup), "below \"/\"", "the root is refused as a leaf");
	plan.v[0].path = "/a/../../b";
	says(box_make(&plan, &cgroup), "\"..\"", "a path with .. is refused");
	plan.v[0].path = path;
	cgroup_planned(&plan, &cgroup);
	cgroup.v[0].path = "/";
	cgroup.v[0].made = true;
	ok(cgroup_kill(&cgroup, SIGKILL) < 0, "a record that names the root kills no process");
	err_clear();
}

static void test_processes(void)
{
	pid_t *pids;
	size_t n;
	struct cgroup again;

	good(box_make(&plan, &cgroup), "make");
	pid_t a = box_spawn(&cgroup, NULL), b = box_spawn(&cgroup, NULL);

	ok(a > 0 && b > 0, "two children are inside");
	good(cgroup_pids(&cgroup, &pids, &n), "pids");
	ok(n == 2 && pids[0] == a && pids[1] == b, "each process is listed once");
	says(box_make_as(&plan, &again, "two"), "is not empty", "a leaf with tasks is refused");
	is_int((intmax_t)box_count(&plan), (intmax_t)plan.n, "and is left alone");
	good(cgroup_remove(&again, 0), "removing the plan's leaves does not change it");
	ok(box_signal(a, 0) == 0 && box_count(&plan) == plan.n, "its processes still run");
	is_int(cgroup_freeze_is_frozen(&cgroup), 0, "not frozen");
	good(cgroup_freeze(&cgroup, true, 2000), "freeze");
	is_int(cgroup_freeze_is_frozen(&cgroup), 1, "frozen");
	box_signal(a, SIGTERM);
	is_int(waitpid(a, NULL, WNOHANG), 0, "a frozen process does not handle a signal");
	good(cgroup_kill(&cgroup, SIGKILL), "kill a frozen cgroup");
	ok(waitpid(a, NULL, 0) == a, "first ended");
	ok(gone(b), "the second one was killed by SIGKILL");
	is_int(cgroup_freeze_is_frozen(&cgroup) == 1 && has("freezer"), 0, "thawed after the kill");
	good(cgroup_remove(&cgroup, 2000), "remove");
	is_int((intmax_t)box_count(&plan), 0, "no leaf is left behind");
}

static void test_freeze_thaw(void)
{
	good(box_make(&plan, &cgroup), "make");
	pid_t a = box_spawn(&cgroup, NULL);

	good(cgroup_freeze(&cgroup, true, 2000), "freeze");
	good(cgroup_freeze(&cgroup, false, 2000), "thaw");
	is_int(cgroup_freeze_is_frozen(&cgroup), 0, "thawed");
	good(cgroup_kill(&cgroup, SIGTERM), "SIGTERM to all");
	int status;

	ok(waitpid(a, &status, 0) == a && WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM,
	   "it arrives");
	good(cgroup_remove(&cgroup, 2000), "remove");
	is_int(cgroup_freeze_is_frozen(&cgroup), 0, "a missing leaf is not frozen");
	good(cgroup_kill(&cgroup, SIGKILL), "and has no process to kill");
}

static void test_nested(void)
{
	char path[256];

	good(box_make(&plan, &cgroup), "make");
	snprintf(path, sizeof(path), "%s", plan.v[0].path);
	struct plan_cgroup below = plan;

	for (size_t i = 0; i < plan.n; i++)
		below.v[i].path = arena_printf("%s/a/b", path);
	struct cgroup nested;

	good(box_make(&below, &nested), "the container makes cgroups in its own");
	pid_t a = box_spawn(&nested, NULL);

	ok(a > 0, "and moves into them");
	good(cgroup_freeze(&nested, true, 2000), "and is frozen there");
	says(box_make_as(&plan, &nested, "two"), "is not empty", "the leaf is not empty");
	good(cgroup_remove(&cgroup, 2000), "remove the whole tree");
	ok(gone(a), "the process ended");
	is_int((intmax_t)box_count(&plan), 0, "no leaf is left");
}

/* One long chain of long names: its path is longer than any that a system call takes. */
static void test_deep(void)
{
	enum { DEPTH = 60, NAME = 100 };
	char name[NAME + 1];

	memset(name, 'x', NAME);
	name[NAME] = 0;
	good(box_make(&plan, &cgroup), "make");
	autofd at = open(arena_printf("%s%s", plan.v[0].mountpoint, plan.v[0].path),
			 O_PATH | O_CLOEXEC);
	int made = 0;

	for (; made < DEPTH && mkdirat(at, name, 0755) == 0; made++) {
		int next = openat(at, name, O_PATH | O_CLOEXEC);

		close(at);
		at = next;
	}
	is_int(made, DEPTH, "a chain of 60 long names");
	good(cgroup_remove(&cgroup, 2000), "remove it");
	is_int((intmax_t)box_count(&plan), 0, "no leaf is left");
}

static void fork_on(void)
{
	pid_t pid = fork();

	if (pid < 0)
		(void)pause();
}

static void test_fork_bomb(void)
{
	static const struct plan_cgroup_value limit = VALUE("pids", "pids", "pids.max", "60");

	if (!has("pids")) {
		skip("fork bomb: no v1 controller pids here");
		return;
	}
	plan.values = &limit;
	plan.n_values = 1;
	good(box_make(&plan, &cgroup), "make with a limit of 60");
	pid_t a = box_spawn(&cgroup, fork_on);
	int64_t from = time(NULL);

	good(cgroup_remove(&cgroup, 5000), "remove under a fork bomb");
	ok(gone(a) && time(NULL) - from <= 3, "in time");
	is_int((intmax_t)box_count(&plan), 0, "no leaf is left");
	plan.n_values = 0;
}

/* One that cannot be ended in time. */
static void test_busy_message(void)
{
	size_t i = 0;

	while (i < plan.n && plan.v[i].v2)
		i++;
	if (i == plan.n || !has("freezer")) {
		skip("message of a busy leaf: no v1 freezer here");
		return;
	}
	good(box_make(&plan, &cgroup), "make");
	pid_t a = box_spawn(&cgroup, NULL);
	struct cgroup part = cgroup;

	part.owner.state = "0:two"; /* or it would know its own by their claims */
	/* Frozen where cgroup_remove is not told of: it can neither end nor be thawed. */
	for (size_t k = 0; k < part.n; k++)
		part.v[k].made = strcmp(part.v[k].name, "freezer") != 0 && !part.v[k].v2;
	good(cgroup_freeze(&cgroup, true, 2000), "freeze");
	says(cgroup_remove(&part, 100), arena_printf("pid %d", a), "the one who is left is named");
	good(cgroup_remove(&cgroup, 2000), "remove after all");
	ok(gone(a), "the process ended");
	is_int((intmax_t)box_count(&plan), 0, "no leaf is left behind");
}

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return 1e6 * (double)t.tv_sec + (double)t.tv_nsec / 1e3;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* TAMIS_CGROUP_TIMES=N: measures each operation N times and prints the times as comments. */
static void times(int n)
{
	enum { MOST = 1000 };
	static double make[MOST], opens[MOST], removes[MOST];
	int tasks[PLAN_HIERARCHIES], dir;
	size_t n_tasks;

	n = n > MOST ? MOST : n;
	for (int i = 0; i < n; i++) {
		double t0 = now_us();
		int r = box_make(&plan, &cgroup);
		double t1 = now_us();

		if (r == 0)
			r = cgroup_join_open(&cgroup, tasks, &n_tasks, &dir);
		double t2 = now_us();

		while (r == 0 && n_tasks > 0)
			close(tasks[--n_tasks]);
		fd_close(&dir);
		double t3 = now_us();

		if (r < 0 || cgroup_remove(&cgroup, 1000) < 0)
			return;
		make[i] = t1 - t0;
		opens[i] = t2 - t1;
		removes[i] = now_us() - t3;
	}
	qsort(make, (size_t)n, sizeof(*make), by_value);
	qsort(opens, (size_t)n, sizeof(*opens), by_value);
	qsort(removes, (size_t)n, sizeof(*removes), by_value);
	printf("# us, median of %d, %zu hierarchies: make %.0f, open_join %.0f, remove %.0f\n", n,
	       plan.n, make[n / 2], opens[n / 2], removes[n / 2]);
}

int main(void)
{
	const char *n = getenv("TAMIS_CGROUP_TIMES");
	int name = box_isolate();

	box_plan(&plan, arena_printf("/tamis-unit-cgroup-%d/leaf", name));
	if (plan.n == 0 || geteuid() != 0 || box_make(&plan, &cgroup) < 0) {
		skip("cannot make cgroups: %s", err_message() ? err_message() : "not root");
		return done();
	}
	good(cgroup_remove(&cgroup, 1000), "remove an unused leaf");
	test_limits();
	test_update();
	test_failure();
	test_processes();
	test_freeze_thaw();
	test_nested();
	test_deep();
	test_fork_bomb();
	test_busy_message();
	if (n)
		times((int)strlen(n) * 100);
	for (size_t i = 0; i < plan.n; i++)
		rmdir(arena_printf("%s/tamis-unit-cgroup-%d", plan.v[i].mountpoint, name));
	return done();
}
