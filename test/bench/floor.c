/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes the container of script/bench with the same system calls as a runtime, but without reading
 * a config, checking anything or undoing anything: the cost of the kernel alone.
 *
 *   floor ROOTFS FILTER.bpf
 * makes one container whose program is /true.
 */
#include "base/base.h"
#include "base/sys.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/mount.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

int umount2(const char *, int);

enum { SAFE = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC | MOUNT_ATTR_NODEV };
enum { MAX_HIERARCHIES = 16, DETACH = 2, PRIVATE = 1 << 18 };

struct hierarchy {
	char name[32];
	int root, leaf, tasks; /* tasks -1: v2 */
};

static struct hierarchy hierarchies[MAX_HIERARCHIES];
static int n_hierarchies, root;

#define CHECK(x) check((long)(x), #x, __LINE__)

static int check(long r, const char *what, int line)
{
	if (r < 0) {
		fprintf(stderr, "floor:%d: %s: %s\n", line, what, strerror(errno));
		_exit(99);
	}
	return (int)r;
}

static int at(const char *path)
{
	struct open_how how = { .flags = O_PATH | O_CLOEXEC,
				.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS };

	return sys_openat2(root, path, &how);
}

/* options: key, value, ..., NULL; a flag has the value NULL. */
static int make_fs(const char *type, unsigned int attrs, const char *const *options)
{
	int fs = CHECK(sys_fsopen(type, FSOPEN_CLOEXEC));

	for (; options && *options; options += 2)
		CHECK(sys_fsconfig(fs, options[1] ? FSCONFIG_SET_STRING : FSCONFIG_SET_FLAG,
				   options[0], options[1], 0));
	CHECK(sys_fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0));
	int m = CHECK(sys_fsmount(fs, FSMOUNT_CLOEXEC, attrs));

	close(fs);
	return m;
}

static int attach(int m, int target)
{
	CHECK(sys_move_mount(m, "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH));
	close(target);
	return m;
}

static void set_attrs(int m, uint64_t attrs, unsigned int flags)
{
	struct mount_attr a = { .attr_set = attrs };

	CHECK(sys_mount_setattr(m, "", AT_EMPTY_PATH | flags, &a));
}

static int clone_of(int fd, const char *path, unsigned int flags)
{
	return CHECK(sys_open_tree(fd, path,
				   AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | flags));
}

static void make_cgroup_mounts(void)
{
	static const char *const options[] = { "mode", "755", NULL };
	int m = attach(make_fs("tmpfs", SAFE, options), CHECK(at("sys/fs/cgroup")));

	for (int i = 0; i < n_hierarchies; i++) {
		const char *name = hierarchies[i].name;

		mkdirat(m, name, 0755);
		set_attrs(hierarchies[i].leaf, SAFE | MOUNT_ATTR_RDONLY, 0);
		attach(hierarchies[i].leaf, CHECK(openat(m, name, O_PATH | O_CLOEXEC)));
	}
	set_attrs(m, MOUNT_ATTR_RDONLY, 0);
}

static int make_mounts(void)
{
	static const char *const dev_options[] = { "mode", "755", "size", "65536k", NULL };
	static const char *const pts_options[] = { "newinstance", NULL,	 "ptmxmode", "0666", "mode",
						   "0620",	  "gid", "5",	     NULL };
	static const char *const shm_options[] = { "mode", "1777", "size", "65536k", NULL };
	static const char *const below[] = { "pts", "shm", "mqueue" };

	attach(make_fs("proc", 0, NULL), CHECK(at("proc")));
	int dev = attach(make_fs("tmpfs", MOUNT_ATTR_NOSUID | MOUNT_ATTR_STRICTATIME, dev_options),
			 CHECK(at("dev")));

	for (size_t i = 0; i < ARRAY_LEN(below); i++)
		CHECK(mkdirat(dev, below[i], 0755));
	attach(make_fs("devpts", MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC, pts_options),
	       CHECK(at("dev/pts")));
	attach(make_fs("tmpfs", SAFE, shm_options), CHECK(at("dev/shm")));
	attach(make_fs("mqueue", SAFE, NULL), CHECK(at("dev/mqueue")));
	attach(make_fs("sysfs", SAFE | MOUNT_ATTR_RDONLY, NULL), CHECK(at("sys")));
	make_cgroup_mounts();
	return dev;
}

static void make_nodes(int dev)
{
	static const struct {
		const char *name;
		unsigned int major, minor;
	} devices[] = { { "null", 1, 3 },   { "zero", 1, 5 },	 { "full", 1, 7 },
			{ "random", 1, 8 }, { "urandom", 1, 9 }, { "tty", 5, 0 } };
	static const char *const links[][2] = {
		{ "/proc/self/fd", "fd" },	 { "/proc/self/fd/0", "stdin" },
		{ "/proc/self/fd/1", "stdout" }, { "/proc/self/fd/2", "stderr" },
		{ "/proc/kcore", "core" },	 { "pts/ptmx", "ptmx" },
	};

	umask(0);
	for (size_t i = 0; i < ARRAY_LEN(devices); i++) {
		CHECK(mknodat(dev, devices[i].name, S_IFCHR | 0666,
			      makedev(devices[i].major, devices[i].minor)));
		CHECK(fchownat(dev, devices[i].name, 0, 0, 0));
	}
	for (size_t i = 0; i < ARRAY_LEN(links); i++)
		CHECK(symlinkat(links[i][0], dev, links[i][1]));
}

static void mask_paths(int dev)
{
	static const char *const readonly[] = { "proc/bus", "proc/fs", "proc/irq", "proc/sys",
						"proc/sysrq-trigger" };
	static const char *const masked[] = { "proc/acpi",	    "proc/asound",
					      "proc/kcore",	    "proc/keys",
					      "proc/latency_stats", "proc/timer_list",
					      "proc/timer_stats",   "proc/sched_debug",
					      "sys/firmware",	    "proc/scsi" };
	int null = CHECK(openat(dev, "null", O_PATH | O_CLOEXEC));
	int empty = make_fs("tmpfs", MOUNT_ATTR_RDONLY, NULL);
	bool used = false;

	for (size_t i = 0; i < ARRAY_LEN(readonly); i++) {
		int target = at(readonly[i]);

		if (target < 0)
			continue;
		int m = clone_of(target, "", AT_RECURSIVE);

		set_attrs(m, MOUNT_ATTR_RDONLY, AT_RECURSIVE);
		attach(m, target);
	}
	for (size_t i = 0; i < ARRAY_LEN(masked); i++) {
		int target = at(masked[i]);
		struct stat st;

		if (target < 0)
			continue;
		CHECK(fstat(target, &st));
		bool dir = S_ISDIR(st.st_mode);

		attach(!dir   ? clone_of(null, "", 0)
		       : used ? clone_of(empty, "", 0)
			      : empty,
		       target);
		used |= dir;
	}
}

static void drop_privileges(void)
{
	const unsigned int caps = 1U << 5 | 1U << 10 | 1U << 29;
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct sets[2] = { { caps, caps, 0 } };

	for (int c = 0; c < 41; c++)
		if (!(caps >> c & 1))
			prctl(PR_CAPBSET_DROP, c, 0, 0, 0);
	CHECK(sys_setgroups(0, NULL));
	CHECK(sys_setresgid(0));
	CHECK(sys_setresuid(0));
	CHECK(capset(&head, sets));
	CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
}

static void inside(const char *rootfs, struct sock_fprog *filter)
{
	static char name[] = "/true";
	static char *const argv[] = { name, NULL };
	static char *const envp[] = { NULL };
	struct mount_attr private = { .propagation = PRIVATE };

	for (int i = 0; i < n_hierarchies; i++)
		if (hierarchies[i].tasks >= 0)
			CHECK(write(hierarchies[i].tasks, "0", 1));
	CHECK(sys_mount_setattr(AT_FDCWD, "/", AT_RECURSIVE, &private));
	CHECK(unshare(CLONE_NEWCGROUP));
	root = clone_of(AT_FDCWD, rootfs, AT_RECURSIVE);
	CHECK(sys_move_mount(root, "", AT_FDCWD, rootfs, MOVE_MOUNT_F_EMPTY_PATH));
	int dev = make_mounts();

	make_nodes(dev);
	mask_paths(dev);
	CHECK(fchdir(root));
	CHECK(sys_pivot_root(".", "."));
	CHECK(umount2(".", DETACH));
	CHECK(chdir("/"));
	CHECK(sethostname("floor", 5));
	setsid();
	drop_privileges();
	CHECK(sys_seccomp(SECCOMP_SET_MODE_FILTER, 0, filter));
	execve(name, argv, envp);
	CHECK(-1);
}

static void set_file(int dir, const char *leaf, const char *file, const char *value)
{
	char path[96];

	snprintf(path, sizeof(path), "%s/%s", leaf, file);
	int fd = CHECK(openat(dir, path, O_WRONLY | O_CLOEXEC));

	CHECK(write(fd, value, strlen(value)));
	close(fd);
}

/* Makes a leaf in each hierarchy below /sys/fs/cgroup. Returns the leaf of v2, or -1. */
static int make_cgroups(const char *leaf)
{
	DIR *dir = opendir("/sys/fs/cgroup");
	int unified = -1;
	char path[96];

	for (struct dirent *e; dir && (e = readdir(dir)) && n_hierarchies < MAX_HIERARCHIES;) {
		struct hierarchy *h = &hierarchies[n_hierarchies];

		if (e->d_name[0] == '.' || e->d_type != DT_DIR)
			continue;
		snprintf(h->name, sizeof(h->name), "%.31s", e->d_name);
		h->root = CHECK(openat(dirfd(dir), h->name, O_PATH | O_DIRECTORY | O_CLOEXEC));
		if (faccessat(h->root, "cgroup.procs", F_OK, 0) < 0)
			continue; /* nothing is mounted there */
		CHECK(mkdirat(h->root, leaf, 0755));
		h->leaf = clone_of(h->root, leaf, 0);
		if (strcmp(h->name, "cpuset") == 0) {
			set_file(h->root, leaf, "cpuset.cpus", "0");
			set_file(h->root, leaf, "cpuset.mems", "0");
		}
		snprintf(path, sizeof(path), "%s/tasks", leaf);
		h->tasks = openat(h->root, path, O_WRONLY | O_CLOEXEC);
		if (h->tasks < 0)
			unified = CHECK(openat(h->root, leaf, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
		n_hierarchies++;
	}
	return unified;
}

int main(int argc, char **argv)
{
	int pidfd = -1, status;
	struct stat st;
	char leaf[32];

	if (argc != 3)
		return 2;
	int fd = CHECK(open(argv[2], O_RDONLY | O_CLOEXEC));

	CHECK(fstat(fd, &st));
	struct sock_fprog filter = { (unsigned short)(st.st_size / 8), malloc((size_t)st.st_size) };

	CHECK(read(fd, filter.filter, (size_t)st.st_size));
	snprintf(leaf, sizeof(leaf), "floor-%d", getpid());
	int unified = make_cgroups(leaf);
	struct clone_args args = {
		.flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET |
			 CLONE_PIDFD | (unified >= 0 ? CLONE_INTO_CGROUP : 0),
		.exit_signal = SIGCHLD,
		.pidfd = (uintptr_t)&pidfd,
		.cgroup = (uint64_t)unified,
	};

	if (CHECK(sys_clone3(&args)) == 0)
		inside(argv[1], &filter);
	CHECK(wait(&status));
	for (int i = 0; i < n_hierarchies; i++)
		CHECK(unlinkat(hierarchies[i].root, leaf, AT_REMOVEDIR));
	return status ? 1 : 0;
}
