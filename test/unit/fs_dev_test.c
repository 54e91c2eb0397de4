/* SPDX-License-Identifier: Apache-2.0 */
/*
 * /dev, standard streams, the terminal, masked and read-only paths, each also with hostile images.
 */
#include "channel/box.h"
#include "plan/plan.h"
#include "unit/box_run.h"

#include <sys/ioctl.h>
#include <sys/sysmacros.h>

static char *trap_path(struct run *run, const char *name)
{
	return arena_printf("%s/trap/%s", run->dir, name);
}

static bool is_device(const char *path, unsigned int major, unsigned int minor)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISCHR(st.st_mode) && st.st_rdev == makedev(major, minor);
}

/* --- /dev ----------------------------------------------------------------------------------- */

static void inside_dev_link(struct run *run, struct box *box)
{
	(void)run;
	(void)box;
	note(is_device("/dev/null", 1, 3), "device nodes are made in the container");
}

static void test_dev_link(void)
{
	struct run run = { .no_dev = true };

	run_start(&run);
	run_put(run.host, "trap", NULL);
	run_put(run.host, "trap/ptmx", "host");
	if (symlinkat(trap_path(&run, ""), run.rootfs, "dev") < 0)
		abort();
	/* CVE-2026-41579, CVE-2026-47766: the link's target is resolved below the root */
	run_box(&run, inside_dev_link);
	is_str(run_get(run.host, "trap/ptmx"), "host", "the host's file is not changed");
	ok(unlinkat(run.host, "trap/ptmx", 0) == 0 && unlinkat(run.host, "trap", AT_REMOVEDIR) == 0,
	   "and nothing was made beside it");
	run_put(run.rootfs, "other", NULL);
	unlinkat(run.rootfs, "dev", 0);
	ok(symlinkat("../../../other", run.rootfs, "dev") == 0,
	   "/dev is a link to a place in the image");
	run_box(&run, inside_dev_link);
	ok(faccessat(run.rootfs, "other/null", F_OK, 0) == 0, "it is resolved below the root");
	run_end(&run);
}

static void inside_nodes(struct run *run, struct box *box)
{
	struct stat st = { 0 };

	(void)run;
	(void)box;
	note(is_device("/dev/deep/er", 1, 7), "directories of a node are made");
	note(stat("/dev/deep/er", &st) == 0 && st.st_uid == 5 && st.st_gid == 6 &&
		     (st.st_mode & 07777) == 0640,
	     "owner and mode of a node");
	note(stat("/dev/fifo", &st) == 0 && S_ISFIFO(st.st_mode), "fifo");
}

static void test_nodes(void)
{
	static const struct plan_node nodes[] = {
		{ "linux.devices[0]", "/dev/deep/er", S_IFCHR | 0640, 1, 7, 5, 6, false },
		{ "linux.devices[1]", "/dev/null", S_IFCHR | 0666, 1, 3, 0, 0, false },
		{ "linux.devices[2]", "/dev/fifo", S_IFIFO | 0644, 0, 0, 0, 0, false },
	};
	struct run run = { .no_dev = true };

	run_start(&run);
	run_put(run.rootfs, "dev", NULL);
	mknodat(run.rootfs, "dev/null", S_IFCHR | 0666, makedev(1, 3));
	run.plan.nodes = nodes;
	run.plan.n_nodes = ARRAY_LEN(nodes);
	run_box(&run, inside_nodes);
	unlinkat(run.rootfs, "dev/null", 0);
	mknodat(run.rootfs, "dev/null", S_IFCHR | 0666, makedev(1, 5));
	run_fails(&run, "linux.devices[1]: /dev/null: found another file, expected this device",
		  "other device");
	unlinkat(run.rootfs, "dev/null", 0);
	ok(symlinkat("zero", run.rootfs, "dev/null") == 0, "link as node");
	run_fails(&run, "linux.devices[1]: /dev/null: found another file, expected this device",
		  "link as node");
	run_end(&run);
}

/* --- standard streams ------------------------------------------------------------------------ */

static int use_null(struct run *run)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC), ends[2];

	(void)run;
	if (fd < 0 || pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	return dup2(fd, 0) < 0 || dup2(ends[1], 1) < 0 ? -1 : 0;
}

static void inside_stdio(struct run *run, struct box *box)
{
	struct stat st = { 0 }, own = { 0 };

	(void)run;
	(void)box;
	note(fstat(0, &st) == 0 && stat("/dev/null", &own) == 0 && st.st_ino == own.st_ino &&
		     st.st_dev == own.st_dev,
	     "null device is the container's");
	note(st.st_uid == 0, "whose owner is not changed");
	note(fstat(1, &st) == 0 && st.st_uid == 33, "the user owns the pipe");
}

static void inside_stdio_trap(struct run *run, struct box *box)
{
	struct stat st;

	(void)run;
	(void)box;
	note(fstat(0, &st) == 0 && S_ISCHR(st.st_mode), "the stream is still a null device");
	note(stat("/vol/file", &st) == 0 && st.st_uid == 0 && st.st_size == 7,
	     "CVE-2026-88265: the host's file keeps owner and content");
}

static void test_stdio(void)
{
	struct run run = { 0 };

	run_start(&run);
	run.plan.process.uid = 33;
	run.prepare = use_null;
	run_box(&run, inside_stdio);
	run_end(&run);

	run = (struct run){ .no_dev = true };
	run_start(&run);
	run.plan.process.uid = 33;
	run.prepare = use_null;
	run.plan.n_nodes = run.plan.n_links = 0;
	run_put(run.host, "vol", NULL);
	run_put(run.host, "vol/file", "content");
	run_put(run.rootfs, "dev", NULL);
	ok(symlinkat("/vol/file", run.rootfs, "dev/null") == 0, "dev/null leads into a volume");
	run_mount(&run, PLAN_MOUNT_BIND, arena_printf("%s/vol", run.dir), NULL, "/vol");
	run_box(&run, inside_stdio_trap);
	run_end(&run);
}

/* --- masks ----------------------------------------------------------------------------------- */

static void inside_masks(struct run *run, struct box *box)
{
	struct stat st = { 0 }, below = { 0 };

	(void)run;
	(void)box;
	note(is_device("/proc/version", 1, 3), "CVE-2025-31133: covered by a null device");
	note(strcmp(run_get(AT_FDCWD, "/proc/version"), "") == 0, "and is empty");
	note(is_device("/proc/cmdline", 1, 3), "a second file");
	note(chmod("/proc/version", 0666) < 0 && errno == EROFS && chmod("/proc/cmdline", 0666) < 0,
	     "chmod of a mask does not reach the host's null device");
	note(open("/proc/version", O_RDWR | O_CLOEXEC) >= 0, "but it can be opened for writing");
	note(stat("/proc/tty", &st) == 0 && st.st_nlink == 2 &&
		     (run_flags("/proc/tty") & ST_RDONLY),
	     "directory covered by an empty one");
	note(access("/proc/tty/drivers", F_OK) < 0 && access("/proc/bus/input", F_OK) < 0,
	     "its contents are hidden, and those of a second one");
	note(mkdir("/proc/bus/x", 0700) < 0 && errno == EROFS, "nor made");
	note(strcmp(run_get(AT_FDCWD, "/vol/file"), "host") == 0, "the volume is not changed");
	note(stat("/etc/ro", &st) == 0 && stat("/etc/ro/below", &below) == 0 &&
		     st.st_dev != below.st_dev,
	     "mounts below a read-only path are still visible");
	note((run_flags("/etc/ro") & ST_RDONLY) && (run_flags("/etc/ro/below") & ST_RDONLY),
	     "the path is read-only, and so are the mounts below it");
}

static void test_masks(void)
{
	static const char *const masked[] = { "/proc/version", "/proc/tty",  "/proc/cmdline",
					      "/proc/bus",     "/not/there", "/proc/version/sub" };
	static const char *const readonly[] = { "/etc/ro", "/not/there" };
	static const char *const loop[] = { "/loop/x" };
	struct run run = { .no_dev = true };

	run_start(&run);
	run_put(run.host, "vol", NULL);
	run_put(run.host, "vol/file", "host");
	run_put(run.rootfs, "dev", NULL);
	ok(symlinkat("/vol/file", run.rootfs, "dev/null") == 0, "dev/null leads into a volume");
	run_mount(&run, PLAN_MOUNT_BIND, arena_printf("%s/vol", run.dir), NULL, "/vol");
	run_mount(&run, PLAN_MOUNT_FS, NULL, "tmpfs", "/etc/ro/below");
	run.plan.n_nodes = run.plan.n_links = 0;
	run.plan.masked = masked;
	run.plan.n_masked = ARRAY_LEN(masked);
	run.plan.readonly = readonly;
	run.plan.n_readonly = ARRAY_LEN(readonly);
	run_box(&run, inside_masks);

	ok(symlinkat("loop", run.rootfs, "loop") == 0, "loop");
	run.plan.masked = loop;
	run.plan.n_masked = 1;
	run_fails(&run, "linux.maskedPaths: /loop/x", "a path that cannot be looked up is fatal");
	run.plan.n_masked = 0;
	run.plan.readonly = loop;
	run.plan.n_readonly = 1;
	run_fails(&run, "linux.readonlyPaths: /loop/x", "read-only: the same");
	run_end(&run);
}

/* --- terminal -------------------------------------------------------------------------------- */

static void inside_tty(struct run *run, struct box *box)
{
	struct stat st = { 0 }, console = { 0 };
	struct winsize size = { 0 };

	(void)run;
	(void)box;
	note(isatty(0) && isatty(1) && isatty(2), "standard streams are a terminal");
	note(fstat(0, &st) == 0 && stat("/dev/console", &console) == 0 &&
		     st.st_rdev == console.st_rdev && major(st.st_rdev) == 136,
	     "/dev/console is that terminal");
	note(st.st_uid == 33, "the user owns it");
	note(ioctl(0, TIOCGWINSZ, &size) == 0 && size.ws_row == 25 && size.ws_col == 81, "size");
	note(ioctl(0, TIOCGSID, &(pid_t){ 0 }) == 0, "it is the controlling terminal");
	note(write(1, "hello", 5) == 5, "write");
}

static void setup_tty(struct run *run)
{
	run->plan.process.terminal = true;
	run->plan.process.uid = 33;
	run->plan.process.rows = 25;
	run->plan.process.columns = 81;
}

static void test_tty(void)
{
	struct run run = { 0 };

	run_start(&run);
	setup_tty(&run);
	run_box(&run, inside_tty);
	ok(run.master >= 0, "one message, one descriptor");
	ok(ioctl(run.master, TIOCGPTN, &(int){ 0 }) == 0, "the parent got the master");
	fd_close(&run.master);
	run_end(&run);
}

static void inside_console_link(struct run *run, struct box *box)
{
	struct stat st = { 0 };

	(void)run;
	(void)box;
	note(stat("/dev/console", &st) == 0 && S_ISCHR(st.st_mode), "/dev/console is a link");
}

static void test_console_trap(void)
{
	struct run run = { .no_dev = true };

	run_start(&run);
	run_put(run.host, "trap", NULL);
	run_put(run.rootfs, "dev", NULL);
	ok(symlinkat(trap_path(&run, "made"), run.rootfs, "dev/console") == 0, "console is a link");
	run_mount(&run, PLAN_MOUNT_FS, NULL, "devpts", "/dev/pts");
	setup_tty(&run);
	run_box(&run, inside_console_link);
	ok(unlinkat(run.host, "trap", AT_REMOVEDIR) == 0,
	   "CVE-2025-52565, CVE-2026-88264: nothing was made on the host");
	fd_close(&run.master);
	run_end(&run);

	run = (struct run){ .no_dev = true };
	run_start(&run);
	run_put(run.rootfs, "dev", NULL);
	run_put(run.rootfs, "dev/pts", NULL);
	setup_tty(&run);
	run_fails(&run, "/dev/pts: found another file system, expected a devpts",
		  "an image's own /dev/pts is not used");
	run_end(&run);
}

int main(void)
{
	if (run_possible()) {
		test_dev_link();
		test_nodes();
		test_stdio();
		test_masks();
		test_tty();
		test_console_trap();
	}
	return done();
}
