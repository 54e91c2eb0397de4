/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mounts: those of runc's default config, options as the kernel shows them, hostile mount points.
 */
#include "channel/box.h"
#include "plan/plan.h"
#include "unit/box_run.h"

#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static const struct plan_propagation shared = { MS_SHARED, false };

static void inside_spec(struct run *run, struct box *box)
{
	char host[65] = "";
	struct stat st;

	(void)run;
	(void)box;
	note(access("/proc/self/status", R_OK) == 0, "procfs");
	note(stat("/dev/null", &st) == 0 && S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3) &&
		     (st.st_mode & 0777) == 0666,
	     "/dev/null is 1:3 0666");
	note(stat("/dev/pts/ptmx", &st) == 0 && st.st_rdev == makedev(5, 2) &&
		     (st.st_mode & 0777) == 0666,
	     "own devpts, ptmx 0666");
	note(readlink("/dev/ptmx", host, 64) == 8 && strncmp(host, "pts/ptmx", 8) == 0,
	     "ptmx link");
	note(run_flags("/sys") >= 0 &&
		     (run_flags("/sys") & (ST_RDONLY | ST_NOSUID | ST_NODEV | ST_NOEXEC)) ==
			     (ST_RDONLY | ST_NOSUID | ST_NODEV | ST_NOEXEC),
	     "flags of /sys");
	note((run_flags("/dev/shm") & (ST_RDONLY | ST_NOSUID | ST_NODEV | ST_NOEXEC)) ==
		     (ST_NOSUID | ST_NODEV | ST_NOEXEC),
	     "flags of /dev/shm");
	note((run_flags("/dev") & (ST_NOSUID | ST_NODEV | ST_RELATIME | ST_NOATIME)) == ST_NOSUID,
	     "/dev: nosuid, strictatime");
	note(run_flags("/proc/sys") & ST_RDONLY, "/proc/sys read-only");
	note(open("/proc/sys/kernel/panic", O_WRONLY | O_CLOEXEC) < 0 && errno == EROFS,
	     "/proc/sys refuses writers");
	note(gethostname(host, sizeof(host)) == 0 && strcmp(host, "tamis-test") == 0, "hostname");
	note(stat("/dev/shm", &st) == 0 && (st.st_mode & 07777) == 01777, "mode of /dev/shm");
}

static void test_spec(void)
{
	struct run run = { 0 };

	run_start(&run);
	run_box(&run, inside_spec);
	run_end(&run);
}

static void inside_binds(struct run *run, struct box *box)
{
	(void)run;
	(void)box;
	note(run_flags("/ro") & ST_RDONLY, "bind ro");
	note(!(run_flags("/ro/below") & ST_RDONLY),
	     "ro on a bind does not affect the mounts below");
	note((run_flags("/rro/below") & ST_RDONLY), "rro on a bind is recursive");
	note(open("/ro/x", O_WRONLY | O_CREAT | O_CLOEXEC, 0600) < 0 && errno == EROFS,
	     "ro refuses");
	note(access("/plain/below/marker", F_OK) < 0, "bind is not recursive");
	note(access("/file", F_OK) == 0 && strcmp(run_get(AT_FDCWD, "/file"), "content") == 0,
	     "file");
	note(run_flags("/noexec") & ST_NOEXEC && run_flags("/noexec") & ST_NOATIME,
	     "noexec, noatime");
	note(strcmp(run_get(AT_FDCWD, "/a/b/c/marker"), "m") == 0, "missing parents were made");
	note(access("/optional", F_OK) < 0, "an optional source that does not exist");
	note(run_count_mounts(" /shared ") == 1 && run_count_mounts("shared:") == 1, "shared");
}

static void test_binds(void)
{
	struct run run = { 0 };
	char src[PATH_MAX + 16], below[PATH_MAX + 32], file[PATH_MAX + 32];

	run_start(&run);
	snprintf(src, sizeof(src), "%s/src", run.dir);
	snprintf(below, sizeof(below), "%s/below", src);
	snprintf(file, sizeof(file), "%s/file", src);
	run_put(run.host, "src", NULL);
	run_put(run.host, "src/below", NULL);
	run_put(run.host, "src/file", "content");
	run_put(run.host, "src/marker", "m");
	ok(mount("none", below, "tmpfs", 0, NULL) == 0, "mount below the source");
	run_put(run.host, "src/below/marker", "");

	struct plan_mount *m = run_mount(&run, PLAN_MOUNT_BIND, src, NULL, "/ro");

	m->recursive = true;
	m->attr_set = MOUNT_ATTR_RDONLY;
	m = run_mount(&run, PLAN_MOUNT_BIND, src, NULL, "/rro");
	m->recursive = true;
	m->rec_set = MOUNT_ATTR_RDONLY;
	run_mount(&run, PLAN_MOUNT_BIND, src, NULL, "/plain");
	run_mount(&run, PLAN_MOUNT_BIND, file, NULL, "/file");
	m = run_mount(&run, PLAN_MOUNT_BIND, src, NULL, "/noexec");
	m->attr_set = MOUNT_ATTR_NOEXEC | MOUNT_ATTR_NOATIME;
	run_mount(&run, PLAN_MOUNT_BIND, src, NULL, "/a/b/c");
	m = run_mount(&run, PLAN_MOUNT_BIND, "/nowhere/at/all", NULL, "/optional");
	m->optional = true;
	m = run_mount(&run, PLAN_MOUNT_BIND, src, NULL, "/shared");
	m->n_propagations = 1;
	m->propagations = &shared;
	run_box(&run, inside_binds);
	m->optional = false;
	m = run_mount(&run, PLAN_MOUNT_BIND, "/nowhere/at/all", NULL, "/x");
	run_fails(&run, "/x: bind source /nowhere/at/all: no such file or directory",
		  "a missing source, with the message that engines expect");
	m->source = src;
	m->destination = "/file/x";
	run_fails(&run,
		  "mounts[14] /file/x: open the mount point: ", "a file in place of a directory");
	ok(!strstr(run.message, "o such file"),
	   "the message that engines expect is not used for mount points");
	m->destination = "/file";
	run_fails(&run, "/file: the source is a directory, the mount point is a file",
		  "directory on a file");
	m->destination = "/ro2";
	m->idmap = PLAN_IDMAP_TOP;
	run_fails(&run, "needs uidMappings", "id map without maps");
	run_end(&run);
}

static void inside_idmap(struct run *run, struct box *box)
{
	struct stat st = { 0 };

	(void)run;
	(void)box;
	note(stat("/mapped/file", &st) == 0 && st.st_uid == 100000 && st.st_gid == 100000,
	     "id-mapped bind (uid %u)", st.st_uid);
}

static void test_idmap(void)
{
	static const struct plan_id_map map = { 0, 100000, 1000 };
	struct run run = { 0 };
	char src[PATH_MAX + 16];

	run_start(&run);
	snprintf(src, sizeof(src), "%s/src", run.dir);
	run_put(run.host, "src", NULL);
	run_put(run.host, "src/file", "");
	struct plan_mount *m = run_mount(&run, PLAN_MOUNT_BIND, src, NULL, "/mapped");

	m->idmap = PLAN_IDMAP_TOP;
	m->uid_maps = m->gid_maps = (struct plan_id_maps){ 1, &map };
	run_box(&run, inside_idmap);
	run_end(&run);
}

static void inside_copy(struct run *run, struct box *box)
{
	struct stat st = { 0 };
	char link[16] = "";

	(void)run;
	(void)box;
	note(strcmp(run_get(AT_FDCWD, "/data/sub/file"), "data") == 0,
	     "tmpcopyup: file in a subdir");
	note(stat("/data/sub/file", &st) == 0 && st.st_uid == 7 && (st.st_mode & 07777) == 04750,
	     "tmpcopyup: owner and mode");
	note(readlink("/data/link", link, sizeof(link)) == 4 && strcmp(link, "/etc") == 0,
	     "tmpcopyup: a link stays a link");
	note(stat("/data", &st) == 0 && (st.st_mode & 07777) == 0711, "tmpcopyup: the directory");
	note(run_flags("/data") & ST_RDONLY, "and finally read-only");
}

static void test_copyup(void)
{
	struct run run = { 0 };

	run_start(&run);
	run_put(run.rootfs, "data", NULL);
	run_put(run.rootfs, "data/sub", NULL);
	run_put(run.rootfs, "data/sub/file", "data");
	ok(fchownat(run.rootfs, "data/sub/file", 7, 7, 0) == 0 &&
		   fchmodat(run.rootfs, "data/sub/file", 04750, 0) == 0 &&
		   fchmodat(run.rootfs, "data", 0711, 0) == 0 &&
		   symlinkat("/etc", run.rootfs, "data/link") == 0,
	   "image");
	struct plan_mount *m = run_mount(&run, PLAN_MOUNT_FS, "tmpfs", "tmpfs", "/data");

	m->copy_up = true;
	m->attr_set = MOUNT_ATTR_RDONLY;
	run_box(&run, inside_copy);
	run_end(&run);
}

static void test_options(void)
{
	static const struct plan_option bad[] = { { "size", "many" } },
					unknown[] = { { "sise", "1" } };
	struct run run = { 0 };

	run_start(&run);
	struct plan_mount *m = run_mount(&run, PLAN_MOUNT_FS, NULL, "tmpfs", "/t");

	m->n_options = 1;
	m->options = bad;
	run_fails(&run, "mounts[6] /t: tmpfs: option size=many: ", "bad value");
	ok(strstr(run.message, "size") && strstr(run.message, "Bad value"),
	   "the kernel's words: %s", run.message);
	m->options = unknown;
	run_fails(&run, "Unknown parameter 'sise'", "unknown option");
	m->fstype = "nosuchfs";
	run_fails(&run, "mounts[6] /t: file system type nosuchfs", "unknown type");
	run_end(&run);
}

/* The host's side of a hostile image: the target of links, with a marker file. */
static void trap(struct run *run, const char *name, const char *target)
{
	char to[PATH_MAX + 64];

	run_put(run->host, "trap", NULL);
	snprintf(to, sizeof(to), "%s/trap/%s", run->dir, target);
	if (symlinkat(to, run->rootfs, name) < 0)
		abort();
}

static bool trap_is_empty(struct run *run)
{
	return unlinkat(run->host, "trap", AT_REMOVEDIR) == 0;
}

static void inside_link_to_nothing(struct run *run, struct box *box)
{
	struct stat st = { 0 };

	(void)run;
	(void)box;
	note(stat("/etc/resolv.conf", &st) == 0 && st.st_size == 1,
	     "CVE-2019-18837: a mount point behind a dangling link is made inside");
}

static void test_links(void)
{
	struct run run = { 0 };
	char src[PATH_MAX + 16];

	run_start(&run);
	snprintf(src, sizeof(src), "%s/src", run.dir);
	run_put(run.host, "src", "x");
	run_put(run.rootfs, "etc", NULL);
	trap(&run, "etc/resolv.conf", "made");
	run_mount(&run, PLAN_MOUNT_BIND, src, NULL, "/etc/resolv.conf");
	run_box(&run, inside_link_to_nothing);
	ok(trap_is_empty(&run), "CVE-2019-18837, CVE-2024-45310: nothing was made on the host");
	run_end(&run);

	run_start(&run);
	trap(&run, "proc", "proc");
	run_fails(&run, "/proc: found a symbolic link in the destination",
		  "CVE-2019-19921: /proc is a link");
	ok(trap_is_empty(&run), "and nothing was made through it");
	run_end(&run);

	run_start(&run);
	run_put(run.rootfs, "evil", NULL);
	ok(symlinkat("evil", run.rootfs, "proc") == 0, "link inside");
	run_fails(&run, "/proc: found a symbolic link in the destination",
		  "CVE-2023-27561, CVE-2025-54867: /proc is a link inside the image");
	run_end(&run);

	run_start(&run);
	run_put(run.rootfs, "evil", NULL);
	ok(symlinkat("evil", run.rootfs, "sys") == 0, "link inside");
	run_fails(&run, "/sys: found a symbolic link in the destination",
		  "CVE-2023-28642: /sys is a link");
	run_end(&run);
}

static void test_fake_proc(void)
{
	struct run run = { 0 };
	char src[PATH_MAX + 16];

	run_start(&run);
	snprintf(src, sizeof(src), "%s/src", run.dir);
	run_put(run.host, "src", NULL);
	run_find(&run, "/proc")->destination = "/unused";
	run_mount(&run, PLAN_MOUNT_BIND, src, NULL, "/proc")->proc_source = true;
	run_fails(&run, "/proc: found another file at the source, expected the root of a procfs",
		  "CVE-2019-16884: volume at /proc");
	run.plan.n_mounts--;
	run_find(&run, "/unused")->destination = "/proc";
	run_put(run.rootfs, "way", NULL);
	ok(symlinkat("/proc", run.rootfs, "way/in") == 0, "link to /proc");
	run_mount(&run, PLAN_MOUNT_BIND, src, NULL, "/way/in/fs");
	run_fails(&run, "found a procfs at the destination",
		  "a volume whose destination is a link into /proc");
	run.plan.n_mounts--;
	run_put(run.host, "uptime", "1 1");
	char file[PATH_MAX + 16];

	snprintf(file, sizeof(file), "%s/uptime", run.dir);
	run_mount(&run, PLAN_MOUNT_BIND, file, NULL, "/proc/uptime");
	run_box(&run, NULL);
	ok(run.status == 0, "lxcfs may cover /proc/uptime");
	run_end(&run);
}

int main(void)
{
	if (run_possible()) {
		test_spec();
		test_binds();
		test_idmap();
		test_copyup();
		test_options();
		test_links();
		test_fake_proc();
	}
	return done();
}
