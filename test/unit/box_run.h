/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs the steps that make the container's file system view in a child process with new namespaces,
 * for the tests of lib/fs. The test first enters a new mount namespace, so that nothing is left
 * behind on the host.
 */
#ifndef TEST_UNIT_BOX_RUN_H
#define TEST_UNIT_BOX_RUN_H

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/msg.h"
#include "base/sys.h"
#include "channel/box.h"
#include "channel/handles.h"
#include "channel/sync.h"
#include "fs/console.h"
#include "fs/dev.h"
#include "fs/mask.h"
#include "fs/mounts.h"
#include "fs/rootfs.h"
#include "plan/plan.h"
#include "process/cwd.h"
#include "process/descriptors.h"
#include "process/hostname.h"
#include "process/open.h"
#include "process/stdio.h"
#include "process/sysctl.h"
#include "unit/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#pragma GCC diagnostic ignored "-Wunused-function"

struct run {
	struct plan plan;
	struct handles h;
	char dir[PATH_MAX];  /* scratch on the host's side: a tmpfs; root file system in dir/rootfs
			      */
	int host;	     /* descriptor of dir */
	int rootfs;	     /* dir/rootfs */
	uint64_t late_flags; /* flags of plan.ns.made that prepare() enters, not clone3 */
	int master;	     /* master of the terminal, as sent to the parent, or -1 */
	bool quiet;	     /* only count errors, for races */
	int base_fd;	     /* handles are above it, preserved descriptors below */
	bool no_dev;	     /* do not mount /dev */
	int (*prepare)(struct run *run); /* in the child, before the first step */
	int mapped[2];			 /* pipe: the maps of the user namespace are written */
	pid_t pid;			 /* of the child */
	int status;			 /* of the child: 0, 1: a step failed, 128+n: a signal */
	char message[8192];		 /* its error record */
};

/* Returns false with a skip if not root or without mount namespaces. */
static bool run_possible(void);
/* Makes a new scratch directory, an empty root file system with the usual directories, and the
 * plan of the config of `runc spec`. */
static void run_start(struct run *run);
/* Makes the container and calls inside() in it after the last step. Its notes become test
 * points. */
static void run_box(struct run *run, void (*inside)(struct run *run, struct box *box));
/* The same, but expects an error whose message contains `want`. */
static void run_fails(struct run *run, const char *want, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
static void run_end(struct run *run);
/* Called in the child: records a test point, which the test prints. */
static void note(bool good, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Appends a mount to the plan and returns it, so that the caller can change it. */
static struct plan_mount *run_mount(struct run *run, enum plan_mount_kind kind, const char *source,
				    const char *fstype, const char *destination);
/* Returns the mount at that destination, or NULL. */
static struct plan_mount *run_find(struct run *run, const char *destination);
/* The ST_* flags of path from statvfs(); -1 if it does not exist. */
static long run_flags(const char *path);
/* Helpers for files on the host; content NULL: makes a directory. */
static void run_put(int dir, const char *path, const char *content);
static char *run_get(int dir, const char *path);
/* The number of lines in /proc/self/mountinfo that contain text. */
static int run_count_mounts(const char *text);

/* ------------------------------------------------------------------------------------------ */

enum { MOUNTS_MAX = 64 };

static int notes = -1;

static const struct plan_option tmpfs_dev[] = { { "mode", "755" }, { "size", "65536k" } },
				tmpfs_shm[] = { { "mode", "1777" }, { "size", "65536k" } },
				devpts[] = { { "newinstance", NULL },
					     { "ptmxmode", "0666" },
					     { "mode", "0620" },
					     { "gid", "5" } };
#define SAFE (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC | MOUNT_ATTR_NODEV)
#define FS PLAN_MOUNT_FS
static const struct plan_mount spec_mounts[] = {
	{ .kind = FS, .destination = "/proc", .fstype = "proc", .strict_target = true },
	{ .kind = FS,
	  .destination = "/dev",
	  .fstype = "tmpfs",
	  .n_options = 2,
	  .attr_set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_STRICTATIME,
	  .options = tmpfs_dev },
	{ .kind = FS,
	  .destination = "/dev/pts",
	  .fstype = "devpts",
	  .n_options = 4,
	  .attr_set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC,
	  .options = devpts },
	{ .kind = FS,
	  .destination = "/dev/shm",
	  .fstype = "tmpfs",
	  .n_options = 2,
	  .attr_set = SAFE,
	  .options = tmpfs_shm },
	{ .kind = FS, .destination = "/dev/mqueue", .fstype = "mqueue", .attr_set = SAFE },
	{ .kind = FS,
	  .destination = "/sys",
	  .fstype = "sysfs",
	  .strict_target = true,
	  .attr_set = SAFE | MOUNT_ATTR_RDONLY },
};
static const struct plan_node spec_nodes[] = {
	{ "null", "/dev/null", S_IFCHR | 0666, 1, 3, 0, 0, true },
	{ "zero", "/dev/zero", S_IFCHR | 0666, 1, 5, 0, 0, true },
	{ "full", "/dev/full", S_IFCHR | 0666, 1, 7, 0, 0, true },
	{ "random", "/dev/random", S_IFCHR | 0666, 1, 8, 0, 0, true },
	{ "urandom", "/dev/urandom", S_IFCHR | 0666, 1, 9, 0, 0, true },
	{ "tty", "/dev/tty", S_IFCHR | 0666, 5, 0, 0, 0, true },
};
static const struct plan_link spec_links[] = {
	{ "/dev/fd", "/proc/self/fd" },	      { "/dev/stdin", "/proc/self/fd/0" },
	{ "/dev/stdout", "/proc/self/fd/1" }, { "/dev/stderr", "/proc/self/fd/2" },
	{ "/dev/core", "/proc/kcore" },	      { "/dev/ptmx", "pts/ptmx" },
};
static const char *const spec_masked[] = {
	"/proc/acpi",	       "/proc/asound",	   "/proc/kcore",	"/proc/keys",
	"/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug",
	"/sys/firmware",       "/proc/scsi",
};
static const char *const spec_readonly[] = { "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys",
					     "/proc/sysrq-trigger" };

static bool run_possible(void)
{
	if (geteuid() != 0 || unshare(CLONE_NEWNS) < 0) {
		skip("needs root and mount namespaces");
		return false;
	}
	return mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

static void plan_of_spec(struct run *run)
{
	struct plan_mount *mounts = arena_array(MOUNTS_MAX, sizeof(*mounts));
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(spec_mounts); i++) {
		if (run->no_dev && strncmp(spec_mounts[i].destination, "/dev", 4) == 0)
			continue;
		mounts[n] = spec_mounts[i];
		mounts[n].place = arena_printf("mounts[%zu]", n);
		n++;
	}
	run->plan = (struct plan){
		.id = "test",
		.bundle = run->dir,
		.ns = { .made = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC |
				CLONE_NEWNET },
		.root = { .path = arena_printf("%s/rootfs", run->dir) },
		.n_mounts = n,
		.mounts = mounts,
		.n_nodes = ARRAY_LEN(spec_nodes),
		.nodes = spec_nodes,
		.n_links = ARRAY_LEN(spec_links),
		.links = spec_links,
		.n_masked = ARRAY_LEN(spec_masked),
		.masked = spec_masked,
		.n_readonly = ARRAY_LEN(spec_readonly),
		.readonly = spec_readonly,
		.hostname = "tamis-test",
		.process = { .cwd = "/" },
	};
}

static void run_start(struct run *run)
{
	strcpy(run->dir, "/tmp/tamis-box-XXXXXX");
	if (!mkdtemp(run->dir) || mount("none", run->dir, "tmpfs", 0, NULL) < 0)
		abort();
	run->host = open(run->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	run_put(run->host, "rootfs", NULL);
	run->rootfs = openat(run->host, "rootfs", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	plan_of_spec(run);
}

static void run_end(struct run *run)
{
	fd_close(&run->rootfs);
	fd_close(&run->host);
	umount2(run->dir, MNT_DETACH);
	rmdir(run->dir);
	*run = (struct run){ 0 };
	err_clear();
}

static const struct {
	const char *name;
	int (*run)(void *ctx);
} steps[] = {
	{ "root_detach_propagation", rootfs_detach_propagation },
	{ "root_clone", rootfs_clone },
	{ "mounts_make", mounts_make },
	{ "dev_make", dev_make },
	{ "root_pivot", rootfs_pivot },
	{ "close_host", descriptors_close_host },
	{ "stdio_fix", stdio_fix },
	{ "console_make", console_make },
	{ "hostname_set", hostname_set },
	{ "sysctls_write", sysctl_write },
	{ "cwd_make", cwd_make },
	{ "readonly_paths", mask_readonly_paths },
	{ "masked_paths", mask_masked_paths },
	{ "root_finish", rootfs_finish },
	{ "cwd_enter", cwd_enter },
};

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* In a user namespace: waits for the maps, then becomes its root. */
static int become_root(struct run *run)
{
	char c;

	if (!(run->plan.ns.made & CLONE_NEWUSER))
		return 0;
	if (read(run->mapped[0], &c, 1) != 1)
		return -EIO;
	return sys_setgroups(0, NULL) < 0 || sys_setresgid(0) < 0 || sys_setresuid(0) < 0 ? -errno
											  : 0;
}

static int write_maps(struct run *run, pid_t pid)
{
	const char *map = "0 100000 60000\n";

	if (!(run->plan.ns.made & CLONE_NEWUSER))
		return 0;
	run_put(AT_FDCWD, arena_printf("/proc/%d/uid_map", pid), map);
	run_put(AT_FDCWD, arena_printf("/proc/%d/gid_map", pid), map);
	return write(run->mapped[1], "x", 1) == 1 ? 0 : -EIO;
}

static int run_steps(struct run *run, struct box *box)
{
	bool timed = getenv("TAMIS_TEST_TIMES");

	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		double start = now_us();
		int r = i == 2 ? become_root(run) : 0;

		if (r == 0)
			r = steps[i].run(box);
		if (r < 0)
			return r;
		if (timed)
			fprintf(stderr, "# %-24s %7.1f us\n", steps[i].name, now_us() - start);
	}
	return 0;
}

static void note(bool good, const char *fmt, ...)
{
	char line[512];
	va_list ap;
	int n;

	line[0] = good ? '1' : '0';
	va_start(ap, fmt);
	n = vsnprintf(line + 1, sizeof(line) - 2, fmt, ap);
	va_end(ap);
	line[n + 1] = '\n';
	if (write(notes, line, (size_t)n + 2) < 0)
		_exit(99);
}

static void child(struct run *run, int out, void (*inside)(struct run *run, struct box *box))
{
	struct box box;
	int r;

	notes = 400; /* not a preserved descriptor, and not closed by rootfs_pivot() */
	if (dup2(out, notes) < 0)
		_exit(97);
	box_init(&run->plan, &run->h, &box);
	setsid();
	if (run->prepare && run->prepare(run) < 0)
		_exit(98);
	fd_close(&run->h.sdnotify);
	run->h.sdnotify = notes;
	r = run_steps(run, &box);
	if (r < 0) {
		dprintf(notes, "!%s\n", err_message() ? err_message() : "no message");
		_exit(1);
	}
	if (inside)
		inside(run, &box);
	_exit(0);
}

static void replay(struct run *run, char *line)
{
	if (line[0] == '!')
		snprintf(run->message, sizeof(run->message), "%s", line + 1);
	else if (line[0] != '1' || !run->quiet)
		ok(line[0] == '1', "%s", line + 1);
}

static void read_notes(struct run *run, int in)
{
	static char buf[65536];
	size_t used = 0;
	ssize_t n;

	while ((n = read(in, buf + used, sizeof(buf) - 1 - used)) > 0)
		used += (size_t)n;
	buf[used] = 0;
	for (char *p = strtok(buf, "\n"); p; p = strtok(NULL, "\n"))
		replay(run, p);
}

static int spawn(struct run *run, void (*inside)(struct run *run, struct box *box))
{
	int out[2], status;

	if (pipe2(out, O_CLOEXEC) < 0 || pipe2(run->mapped, O_CLOEXEC) < 0)
		return -errno;
	fflush(stdout);
	struct clone_args args = { .flags = run->plan.ns.made & ~run->late_flags,
				   .exit_signal = SIGCHLD };
	pid_t pid = sys_clone3(&args);

	run->pid = pid;
	if (pid < 0)
		return -errno;
	if (pid == 0) {
		fd_close(&out[0]);
		child(run, out[1], inside);
	}
	close(out[1]);
	if (write_maps(run, pid) < 0)
		return -EIO;
	read_notes(run, out[0]);
	close(out[0]);
	close(run->mapped[0]);
	close(run->mapped[1]);
	if (waitpid(pid, &status, 0) != pid)
		return -errno;
	run->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	return 0;
}

/* Receives the terminal that the child sent. Any other message is an error. */
static int take_terminal(struct run *run)
{
	struct msg m, more;

	fd_close(&run->h.sync[1]);
	if (msg_recv_fd(run->h.sync[0], run->pid, &m) != 1 || m.type != SYNC_TERMINAL ||
	    msg_recv(run->h.sync[0], &more) != 0)
		return -1;
	return m.fd;
}

static int run_once(struct run *run, void (*inside)(struct run *run, struct box *box))
{
	run->message[0] = 0;
	err_clear();
	int low[64], n = 0;

	handles_init(&run->plan, &run->h);
	while (run->base_fd && (low[n] = open("/dev/null", O_RDONLY | O_CLOEXEC)) < run->base_fd)
		n++;
	int r = open_handles(&run->plan, &run->h);

	if (r == 0)
		r = open_cgroup(&run->plan, &run->h);
	if (r < 0) {
		snprintf(run->message, sizeof(run->message), "%s", err_message());
		run->status = 1;
	} else {
		r = spawn(run, inside);
		if (r < 0)
			run->status = 96;
		run->master = take_terminal(run);
	}
	handles_close(&run->h);
	for (int i = 0; i <= n && run->base_fd; i++)
		close(low[i]);
	err_clear();
	return r;
}

static void run_box(struct run *run, void (*inside)(struct run *run, struct box *box))
{
	int r = run_once(run, inside);

	if ((r < 0 || run->status || run->message[0]) && (!run->quiet || run->status > 1))
		ok(false, "the container was made: %s (status %d)", run->message, run->status);
}

static void run_fails(struct run *run, const char *want, const char *fmt, ...)
{
	char what[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	(void)!run_once(run, NULL);
	if (!ok(run->status == 1 && strstr(run->message, want), "%s", what))
		printf("# status %d: %s\n# wanted: %s\n", run->status, run->message, want);
}

static struct plan_mount *run_mount(struct run *run, enum plan_mount_kind kind, const char *source,
				    const char *fstype, const char *destination)
{
	struct plan_mount *m =
		(struct plan_mount *)(uintptr_t)&run->plan.mounts[run->plan.n_mounts];

	*m = (struct plan_mount){ .kind = kind,
				  .source = source,
				  .fstype = fstype,
				  .destination = destination,
				  .place = arena_printf("mounts[%zu]", run->plan.n_mounts) };
	run->plan.n_mounts++;
	return m;
}

static struct plan_mount *run_find(struct run *run, const char *destination)
{
	for (size_t i = 0; i < run->plan.n_mounts; i++)
		if (strcmp(run->plan.mounts[i].destination, destination) == 0)
			return (struct plan_mount *)(uintptr_t)&run->plan.mounts[i];
	return NULL;
}

static long run_flags(const char *path)
{
	struct statvfs st;

	return statvfs(path, &st) < 0 ? -1 : (long)st.f_flag;
}

static void run_put(int dir, const char *path, const char *content)
{
	if (!content) {
		if (mkdirat(dir, path, 0755) < 0 && errno != EEXIST)
			abort();
		return;
	}
	autofd fd = openat(dir, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0 || write(fd, content, strlen(content)) < 0)
		abort();
}

static char *run_get(int dir, const char *path)
{
	static char buf[65536];
	autofd fd = openat(dir, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n = fd < 0 ? -1 : read(fd, buf, sizeof(buf) - 1);

	if (n < 0)
		return NULL;
	buf[n] = 0;
	return buf;
}

static int run_count_mounts(const char *text)
{
	FILE *f = fopen("/proc/self/mountinfo", "re");
	char line[4096];
	int n = 0;

	while (f && fgets(line, sizeof(line), f))
		n += strstr(line, text) != NULL;
	if (f)
		fclose(f);
	return n;
}

#endif
