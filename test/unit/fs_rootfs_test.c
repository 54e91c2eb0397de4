/* SPDX-License-Identifier: Apache-2.0 */
/* The root: pivot, descriptors, propagation, read-only, working directory, sysctls. */
#include "base/fd.h"
#include "channel/box.h"
#include "channel/handles.h"
#include "plan/plan.h"
#include "process/cwd.h"
#include "unit/box_run.h"

#include "channel/procfs.h"

#include <linux/magic.h>
#include <sys/statfs.h>

static char host_marker[PATH_MAX + 32];

/* The number of descriptors of directories, except those of the runtime and of procfs. */
static int host_directories(const struct box *box)
{
	int n = 0;

	for (int fd = 0; fd < 1024; fd++) {
		struct stat st, root;
		struct statfs fs;

		if (fstat(fd, &st) < 0 || !S_ISDIR(st.st_mode) || fstat(box->root, &root) < 0 ||
		    fstatfs(fd, &fs) < 0)
			continue;
		n += fs.f_type != PROC_SUPER_MAGIC && fs.f_type != DEVPTS_SUPER_MAGIC &&
		     !(st.st_dev == root.st_dev && st.st_ino == root.st_ino);
	}
	return n;
}

static const struct plan_propagation shared = { MS_SHARED, false };

static void inside_pivot(struct run *run, struct box *box)
{
	struct stat st;
	char cwd[64];

	note(access("/marker", F_OK) == 0, "the image is at /");
	note(access(host_marker, F_OK) < 0, "the host's paths do not exist");
	note(run_count_mounts(run->dir) == 0, "no mount of the host is left");
	note(host_directories(box) == 0, "CVE-2024-21626: no descriptor of a host directory");
	note(fcntl(5, F_GETFD) >= 0 && fcntl(7, F_GETFD) < 0 && fcntl(3, F_GETFD) < 0,
	     "only preserved descriptors");
	note(stat("/deep", &st) == 0 && (st.st_mode & 0777) == 0755,
	     "mode of a directory that was made");
	note(open("/w", O_WRONLY | O_CREAT | O_CLOEXEC, 0600) < 0 && errno == EROFS,
	     "CVE-2026-115521: the root is read-only");
	note(getcwd(cwd, sizeof(cwd)) && strcmp(cwd, "/cwd/dir") == 0, "missing cwd was made");
}

static int leak_descriptors(struct run *run)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	/* 3 and 4 are in the range of preserved descriptors, but of this test and close-on-exec */
	return dup2(null, 5) < 0 || dup2(run->host, 7) < 0 ? -1 : 0;
}

static void test_pivot(void)
{
	struct run run = { 0 };

	run_start(&run);
	run_put(run.rootfs, "marker", "");
	run_put(run.host, "host-marker", "");
	snprintf(host_marker, sizeof(host_marker), "%s/host-marker", run.dir);
	run.plan.root.readonly = true;
	run.plan.process.cwd = "/cwd/dir";
	run.plan.preserve_fds = 3; /* 3, 4, 5 */
	run.base_fd = 20;
	run.prepare = leak_descriptors;
	run_mount(&run, PLAN_MOUNT_FS, NULL, "tmpfs", "/deep/er");
	run_box(&run, inside_pivot);
	run_end(&run);
}

static void inside_propagation(struct run *run, struct box *box)
{
	(void)run;
	(void)box;
	note(run_count_mounts(" shared:") == 0, "nothing is shared by default");
	note(mount("none", "/dev/shm", "tmpfs", 0, NULL) == 0 &&
		     mount("none", "/peer", "tmpfs", 0, NULL) == 0,
	     "mounts made in the container");
}

static void inside_shared(struct run *run, struct box *box)
{
	(void)run;
	(void)box;
	note(run_count_mounts(" / / rw") == 0, "the root is a part of a file system");
	note(mount("none", "/peer", "tmpfs", 0, NULL) == 0, "mount in the container");
}

static void inside_shared_root(struct run *run, struct box *box)
{
	(void)run;
	(void)box;
	note(run_count_mounts(" shared:") == 1, "the root is shared");
}

static void test_propagation(void)
{
	struct run run = { 0 };
	char src[PATH_MAX + 16];

	run_start(&run);
	ok(mount("none", run.dir, NULL, MS_SHARED, NULL) == 0, "the host's side is shared");
	snprintf(src, sizeof(src), "%s/src", run.dir);
	run_put(run.host, "src", NULL);
	struct plan_mount *m = run_mount(&run, PLAN_MOUNT_BIND, src, NULL, "/peer");
	int before = run_count_mounts("");

	m->recursive = true;
	run_box(&run, inside_propagation);
	is_int(run_count_mounts(""), before, "no mount propagates to the host");
	m->n_propagations = 1;
	m->propagations = &shared;
	run_box(&run, inside_shared);
	is_int(run_count_mounts(""), before, "nor from a shared mount below a private root");
	run.plan.root.propagation = MS_SHARED;
	run_box(&run, inside_shared);
	is_int(run_count_mounts(""), before + 1, "with a shared root it propagates");
	umount2(src, MNT_DETACH);
	m->n_propagations = 0;
	before = run_count_mounts("");
	run_box(&run, inside_shared_root);
	is_int(run_count_mounts(""), before, "shared root: the runtime's mounts do not propagate");
	run_end(&run);
}

static void inside_sysctl(struct run *run, struct box *box)
{
	struct text t;

	(void)run;
	note(strcmp(run_get(AT_FDCWD, "/proc/sys/net/ipv4/ip_forward"), "1\n") == 0, "net sysctl");
	note(strcmp(run_get(AT_FDCWD, "/proc/sys/kernel/msgmax"), "4242\n") == 0, "ipc sysctl");
	note(procfs_read(box->h->proc, "self/status", &t) == 0 && strstr(t.data, "Uid:"),
	     "own procfs");
	note(procfs_file(box->h->proc, "self/root/etc", O_PATH) == -ELOOP,
	     "magic links are refused");
	note(procfs_file(box->h->proc, "mounts", O_RDONLY) == -ELOOP, "symbolic links are refused");
	note(procfs_file(box->h->proc, "../etc", O_PATH) == -EXDEV, ".. is refused");
	note(procfs_file(box->h->proc, "self/fd/0", O_RDONLY) == -ELOOP,
	     "links of descriptors are refused");
}

static void test_sysctl(void)
{
	static const struct plan_sysctl sysctls[] = {
		{ "net.ipv4.ip_forward", "net/ipv4/ip_forward", "1" },
		{ "kernel.msgmax", "kernel/msgmax", "4242" },
	};
	static const struct plan_sysctl bad[] = { { "net.ipv4.x", "net/ipv4/x", "1" } };
	struct run run = { 0 };
	char *host = arena_strdup(run_get(AT_FDCWD, "/proc/sys/kernel/msgmax"));

	run_start(&run);
	run.plan.sysctls = sysctls;
	run.plan.n_sysctls = ARRAY_LEN(sysctls);
	run_box(&run, inside_sysctl);
	is_str(run_get(AT_FDCWD, "/proc/sys/kernel/msgmax"), host,
	       "the host's value is not changed");
	run.plan.sysctls = bad;
	run.plan.n_sysctls = 1;
	run_fails(&run, "linux.sysctl: net.ipv4.x = 1", "unknown sysctl");
	run_end(&run);
}

static void inside_sysctl_trap(struct run *run, struct box *box)
{
	(void)run;
	note(procfs_write(box->h->proc, "sys/kernel/msgmax", "4343") == 0,
	     "write through the runtime's procfs");
	note(mount("none", "/proc/sys", "tmpfs", 0, NULL) == 0, "a file system over /proc/sys");
	note(procfs_write(box->h->proc, "sys/kernel/msgmax", "4444") == 0, "a second write");
	note(umount2("/proc/sys", 0) == 0 &&
		     strcmp(run_get(AT_FDCWD, "/proc/sys/kernel/msgmax"), "4444\n") == 0,
	     "CVE-2025-52881: a mount over the container's /proc is not written to");
}

static void test_sysctl_trap(void)
{
	struct run run = { 0 };

	run_start(&run);
	run_box(&run, inside_sysctl_trap);
	run_end(&run);
}

/* As exec does: the path has not been checked before. */
static void inside_cwd(struct run *run, struct box *box)
{
	if (dup2(open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC), 30) < 0)
		_exit(96);
	run->plan.process.cwd = "/proc/self/fd/30";
	note(cwd_enter(box) == -ELOOP, "CVE-2024-21626: a magic link is refused");
	run->plan.process.cwd = "/proc/../../../dev";
	note(cwd_enter(box) == 0, ".. stays inside the root");
	if (chroot("/dev") < 0)
		_exit(96);
	err_clear();
	run->plan.process.cwd = "/proc";
	note(cwd_enter(box) < 0 && strstr(err_message(), "outside"),
	     "CVE-2024-21626: a directory that cannot be reached from \"/\"");
}

static void test_cwd(void)
{
	struct run run = { 0 };

	run_start(&run);
	run_box(&run, inside_cwd);
	run_put(run.rootfs, "file", "");
	run.plan.process.cwd = "/file";
	run_fails(&run, "process.cwd /file", "cwd is a file");
	run.plan.process.cwd = "/proc/self/fd/6";
	run_fails(&run, "process.cwd /proc/self/fd/6", "CVE-2024-21626: cwd through a descriptor");
	ok(symlinkat("/proc/self/fd/6", run.rootfs, "link") == 0, "link in the image");
	run.plan.process.cwd = "/link";
	run_fails(&run, "process.cwd /link", "CVE-2024-21626: the same behind a link");
	run_end(&run);
}

static void test_handles(void)
{
	static const struct plan_join net[] = { { CLONE_NEWNET, "/proc/self/ns/ipc", "ns[0]" } },
				      file[] = { { CLONE_NEWNET, "/etc/passwd", "ns[0]" } };
	struct run run = { 0 };

	run_start(&run);
	run.plan.ns.n_joins = 1;
	run.plan.ns.joins = net;
	run_fails(&run, "found a namespace of another type", "namespace of another type");
	run.plan.ns.joins = file;
	run_fails(&run, "expected a namespace", "a file that is no namespace");
	run.plan.ns.n_joins = 0;
	run.plan.root.path = "/nowhere";
	run_fails(&run, "root.path /nowhere", "missing root");
	ok(!strstr(run.message, "o such file"),
	   "without the words that engines take for a missing program");
	run_end(&run);
}

int main(void)
{
	/* The tests count descriptors, so those that the caller left open must not be there. */
	if (fd_close_others_from(3, NULL, 0) == 0 && run_possible()) {
		test_pivot();
		test_propagation();
		test_sysctl();
		test_sysctl_trap();
		test_cwd();
		test_handles();
	}
	return done();
}
