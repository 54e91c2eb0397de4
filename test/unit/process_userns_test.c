/* SPDX-License-Identifier: Apache-2.0 */
/* User namespaces and the container's view of its cgroups. */
#include "channel/box.h"
#include "plan/plan.h"
#include "unit/box_run.h"

#include <sys/sysmacros.h>

static void inside_userns(struct run *run, struct box *box)
{
	struct stat st = { 0 };

	(void)run;
	(void)box;
	note(stat("/dev/null", &st) == 0 && S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3),
	     "the host's null device is bound");
	note(chmod("/dev/null", 0666) < 0, "and its mode cannot be changed");
	note(open("/dev/null", O_RDWR | O_CLOEXEC) >= 0, "but used");
	note(access("/sys/kernel", F_OK) == 0 && (run_flags("/sys") & ST_RDONLY),
	     "sysfs, read-only");
	note(run_flags("/sys/fs/cgroup") == -1 || (run_flags("/sys/fs/cgroup") & ST_RDONLY),
	     "CVE-2023-25809: and so are the mounts below it");
	note(strcmp(run_get(AT_FDCWD, "/vol/file"), "x") == 0,
	     "a source in a directory that only root of the host may search");
	note(strcmp(run_get(AT_FDCWD, "/data/file"), "data") == 0,
	     "tmpcopyup of files with unmapped owners");
	note(access("/proc/self/status", F_OK) == 0 && access("/dev/pts/ptmx", F_OK) == 0,
	     "proc, pts");
	note(strcmp(run_get(AT_FDCWD, "/proc/sys/net/ipv4/ip_forward"), "1\n") == 0 ||
		     !(run->plan.ns.made & CLONE_NEWNET),
	     "sysctl");
}

static void test_userns(void)
{
	static const struct plan_sysctl sysctls[] = { { "net.ipv4.ip_forward",
							"net/ipv4/ip_forward", "1" } };
	static const struct plan_option pts[] = { { "newinstance", NULL },
						  { "mode", "0620" },
						  { "gid", "5" } };
	struct run run = { 0 };
	struct plan_mount *m;

	run_start(&run);
	run_put(run.host, "private", NULL);
	run_put(run.host, "private/src", NULL);
	run_put(run.host, "private/src/file", "x");
	ok(fchmodat(run.host, "private", 0700, 0) == 0 &&
		   fchownat(run.host, "rootfs", 100000, 100000, 0) == 0,
	   "owners");
	run_mount(&run, PLAN_MOUNT_BIND, arena_printf("%s/private/src", run.dir), NULL, "/vol");
	run_put(run.rootfs, "data", NULL); /* its owner is not mapped */
	run_put(run.rootfs, "data/file", "data");
	ok(fchownat(run.rootfs, "data", 999999, 999999, 0) == 0 &&
		   fchownat(run.rootfs, "data/file", 999999, 999999, 0) == 0,
	   "foreign owner");
	run_mount(&run, PLAN_MOUNT_FS, NULL, "tmpfs", "/data")->copy_up = true;
	run_find(&run, "/dev/pts")->options = pts;
	run_find(&run, "/dev/pts")->n_options = ARRAY_LEN(pts);
	run.plan.ns.made |= CLONE_NEWUSER;
	run.plan.bind_nodes = true;
	run.plan.sysctls = sysctls;
	run.plan.n_sysctls = 1;
	run_box(&run, inside_userns);
	run.plan.ns.made &= ~(uint64_t)CLONE_NEWNET;
	m = run_find(&run, "/sys"); /* as lib/plan changes it */
	m->kind = PLAN_MOUNT_BIND;
	m->source = "/sys";
	m->recursive = true;
	m->rec_set |= m->attr_set;
	run.plan.n_sysctls = 0;
	run_box(&run, inside_userns);
	static const struct plan_node other[] = { { "linux.devices[0]", "/dev/null", S_IFCHR | 0666,
						    1, 5, 0, 0, false } };

	run.plan.nodes = other;
	run.plan.n_nodes = 1;
	run_fails(&run, "linux.devices[0]: /dev/null of the host: found another device",
		  "other device");
	run_end(&run);
}

/* --- cgroups --------------------------------------------------------------------------------- */

static char leaf[64];

static void inside_cgroups(struct run *run, struct box *box)
{
	char link[32] = "";

	(void)run;
	(void)box;
	note(access("/sys/fs/cgroup/pids/tasks", F_OK) == 0, "the leaf of a hierarchy is mounted");
	note(access("/sys/fs/cgroup/pids/release_agent", F_OK) < 0, "and not its root");
	note(run_flags("/sys/fs/cgroup/pids") & ST_RDONLY, "CVE-2022-0492: read-only");
	note(mkdir("/sys/fs/cgroup/pids/x", 0700) < 0 && errno == EROFS,
	     "nothing can be made in it");
	note(mkdir("/sys/fs/cgroup/x", 0700) < 0 && errno == EROFS, "nor beside it");
	note(readlink("/sys/fs/cgroup/cpuacct", link, sizeof(link)) == 11 &&
		     strcmp(link, "cpu,cpuacct") == 0,
	     "a link for a controller that shares a hierarchy");
	note(access("/sys/fs/cgroup/cpu/cpu.shares", F_OK) == 0, "which leads to that hierarchy");
	note(access("/sys/fs/cgroup/unified", F_OK) < 0, "no cgroup2 beside them");
}

static void inside_cgroups_rw(struct run *run, struct box *box)
{
	(void)run;
	(void)box;
	note(!(run_flags("/sys/fs/cgroup/pids") & ST_RDONLY), "writable if asked");
}

static void test_cgroups(void)
{
	struct run run = { 0 };
	struct plan_mount *m;
	char *pids = arena_printf("/sys/fs/cgroup/pids%s", leaf);
	char *cpu = arena_printf("/sys/fs/cgroup/cpu%s", leaf);

	if (mkdir(pids, 0755) < 0 || mkdir(cpu, 0755) < 0) {
		skip("no cgroup v1 hierarchies at /sys/fs/cgroup/pids and cpu");
		rmdir(pids);
		return;
	}
	run_start(&run);
	m = run_mount(&run, PLAN_MOUNT_CGROUP, NULL, NULL, "/sys/fs/cgroup");
	m->attr_set = SAFE | MOUNT_ATTR_RDONLY;
	run.plan.cgroup.n = 2;
	run.plan.cgroup.v[0] = (struct cgroup_dir){ .name = "pids",
						    .mountpoint = "/sys/fs/cgroup/pids",
						    .path = leaf };
	/* whatever hierarchy has the controller cpu on this host */
	ok(symlinkat("/sys/fs/cgroup/cpu", run.host, "cpu,cpuacct") == 0, "two controllers");
	run.plan.cgroup.v[1] = (struct cgroup_dir){
		.name = "cpu,cpuacct",
		.mountpoint = arena_printf("%s/cpu,cpuacct", run.dir),
		.path = leaf,
	};
	run.plan.cgroup.n = 3; /* the v2 hierarchy of a hybrid host is not shown */
	run.plan.cgroup.v[2] = (struct cgroup_dir){
		.name = "unified", .mountpoint = "/sys/fs/cgroup/unified", .path = "/", .v2 = true
	};
	run_box(&run, inside_cgroups);
	m->attr_set = SAFE;
	run_box(&run, inside_cgroups_rw);
	rmdir(cpu);
	run_fails(&run,
		  arena_printf("/sys/fs/cgroup: cgroup %s/cpu,cpuacct/tamis-box-test", run.dir),
		  "missing leaf");
	rmdir(pids);
	run_end(&run);
}

static void inside_v2(struct run *run, struct box *box)
{
	(void)run;
	(void)box;
	note(access("/sys/fs/cgroup/cgroup.procs", F_OK) == 0 &&
		     access("/sys/fs/cgroup/cgroup.events", F_OK) == 0,
	     "cgroup2: the leaf is mounted, not the root");
	note(run_flags("/sys/fs/cgroup") & ST_RDONLY, "cgroup2: read-only");
	note(mkdir("/sys/fs/cgroup/x", 0700) < 0 && errno == EROFS,
	     "cgroup2: nothing can be made in it");
}

static void inside_whole_v2(struct run *run, struct box *box)
{
	(void)run;
	(void)box;
	note(access(arena_printf("/sys/fs/cgroup%s/cgroup.events", leaf), F_OK) == 0,
	     "cgroup2 without a namespace: the path agrees with /proc/self/cgroup");
	note(run_flags("/sys/fs/cgroup") & ST_RDONLY, "read-only");
	note(mkdir("/sys/fs/cgroup/x", 0700) < 0 && errno == EROFS, "nothing can be made in it");
}

static int enter_v2(struct run *run)
{
	run_put(AT_FDCWD, arena_printf("/sys/fs/cgroup/unified%s/cgroup.procs", leaf), "0");
	return unshare(run->plan.ns.made & CLONE_NEWCGROUP);
}

static void test_v2(void)
{
	struct run run = { 0 };
	struct plan_mount *m;
	char *dir = arena_printf("/sys/fs/cgroup/unified%s", leaf);

	if (mkdir(dir, 0755) < 0) {
		skip("no cgroup2 at /sys/fs/cgroup/unified");
		return;
	}
	run_start(&run);
	m = run_mount(&run, PLAN_MOUNT_CGROUP, NULL, NULL, "/sys/fs/cgroup");
	m->attr_set = SAFE | MOUNT_ATTR_RDONLY;
	run.plan.cgroup.n = 1;
	run.plan.cgroup.v[0] = (struct cgroup_dir){
		.name = "unified", .mountpoint = "/sys/fs/cgroup/unified", .path = leaf, .v2 = true
	};
	run.plan.cgroup.unified = "/sys/fs/cgroup/unified";
	run_box(&run, inside_whole_v2);
	m->attr_set = SAFE;
	run.plan.cgroup.n = 0; /* the caller's cgroup must not be changed */
	run_box(&run, inside_whole_v2);
	run.plan.cgroup.n = 1;
	run.plan.ns.made |= CLONE_NEWUSER;
	m->attr_set = SAFE | MOUNT_ATTR_RDONLY;
	run.plan.bind_nodes = true;
	ok(fchownat(run.host, "rootfs", 100000, 100000, 0) == 0, "owner");
	run_box(&run, inside_whole_v2);
	run.plan.ns.made &= ~(uint64_t)CLONE_NEWUSER;
	run.plan.bind_nodes = false;
	run.plan.ns.made |= CLONE_NEWCGROUP;
	run.late_flags = CLONE_NEWCGROUP;
	run.prepare = enter_v2;
	run_box(&run, inside_v2); /* with a cgroup namespace */
	for (int i = 0; i < 1000 && rmdir(dir) < 0; i++)
		sched_yield();
	ok(access(dir, F_OK) < 0, "the leaf was removed");
	run_end(&run);
}

int main(void)
{
	snprintf(leaf, sizeof(leaf), "/tamis-box-test-%d", getpid());
	if (run_possible()) {
		test_userns();
		test_cgroups();
		test_v2();
	}
	return done();
}
