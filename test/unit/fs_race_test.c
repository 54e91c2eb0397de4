/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A hostile process exchanges directories and symbolic links below the root while the container is
 * made. Creating the container may fail, but must never change anything on the host.
 */
#include "channel/box.h"
#include "plan/plan.h"
#include "unit/box_run.h"

#include <linux/magic.h>
#include <sys/prctl.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>

enum { ROUNDS = 150 };

/* Exchanges a and b below dir, forever. */
static pid_t exchange(int dir, const char *a, const char *b)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		(void)!renameat2(dir, a, dir, b, RENAME_EXCHANGE);
}

static void stop(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static int made;

static void start(struct run *run, const char *link, const char *target)
{
	run_start(run);
	run->quiet = true;
	run_put(run->host, "trap", NULL);
	run_put(run->host, "trap/below", NULL);
	run_put(run->rootfs, "vol", NULL);
	if (symlinkat(target ? target : arena_printf("%s/trap", run->dir), run->rootfs, link) < 0)
		abort();
	made = 0;
}

/* Makes the container repeatedly; the host's mounts and the trap must not change. */
static void race(struct run *run, const char *a, const char *b,
		 void (*inside)(struct run *run, struct box *box), const char *what)
{
	int before = run_count_mounts("");
	pid_t pid = exchange(run->rootfs, a, b);

	for (int i = 0; i < ROUNDS; i++) {
		run_box(run, inside);
		made += run->status == 0;
	}
	stop(pid);
	ok(run_count_mounts("") == before, "%s: no mount on the host (%d of %d made)", what, made,
	   ROUNDS);
	ok(made > 0, "%s: some containers were made", what);
	ok(unlinkat(run->host, "trap/below", AT_REMOVEDIR) == 0 &&
		   unlinkat(run->host, "trap", AT_REMOVEDIR) == 0,
	   "%s: nothing was made on the host", what);
	run_end(run);
}

static void test_mount_point(void)
{
	struct run run = { 0 };

	start(&run, "vol/link", NULL);
	run_put(run.rootfs, "vol/x", NULL);
	run_mount(&run, PLAN_MOUNT_FS, NULL, "tmpfs", "/vol/x/below");
	race(&run, "vol/x", "vol/link", NULL, "CVE-2021-30465");

	start(&run, "vol/link", NULL);
	run_put(run.rootfs, "vol/x", NULL);
	run_put(run.host, "src", "file");
	run_mount(&run, PLAN_MOUNT_BIND, arena_printf("%s/src", run.dir), NULL, "/vol/x/new/file");
	race(&run, "vol/x", "vol/link", NULL, "CVE-2024-45310");
}

static void inside_proc(struct run *run, struct box *box)
{
	struct statfs st;

	(void)run;
	(void)box;
	note(statfs("/proc", &st) < 0 || st.f_type != PROC_SUPER_MAGIC ||
		     access("/evil/self", F_OK) < 0,
	     "procfs is mounted at /proc or not at all");
	note(open("/proc/sys/kernel/panic", O_WRONLY | O_CLOEXEC) < 0, "/proc/sys is read-only");
}

static void test_proc(void)
{
	struct run run = { 0 };

	start(&run, "vol/link", "/evil");
	run_put(run.rootfs, "evil", NULL);
	run_put(run.rootfs, "proc", NULL);
	race(&run, "proc", "vol/link", inside_proc, "CVE-2023-27561, CVE-2025-52881");
}

static void inside_mask(struct run *run, struct box *box)
{
	char *text = run_get(AT_FDCWD, "/proc/version");

	(void)run;
	(void)box;
	note(text && !*text, "CVE-2025-31133: masked by a null device");
}

static void test_mask(void)
{
	static const char *const masked[] = { "/proc/version" };
	struct run run = { .no_dev = true };

	start(&run, "vol/link", "/vol/secret");
	run_put(run.rootfs, "dev", NULL);
	run_put(run.rootfs, "vol/secret", "secret");
	mknodat(run.rootfs, "dev/null", S_IFCHR | 0666, makedev(1, 3));
	run.plan.masked = masked;
	run.plan.n_masked = 1;
	run.plan.n_nodes = run.plan.n_links = 0;
	race(&run, "dev/null", "vol/link", inside_mask, "CVE-2025-31133");
}

int main(void)
{
	if (run_possible()) {
		test_mount_point();
		test_proc();
		test_mask();
	}
	return done();
}
