/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CVE-2019-5736: a container can reach only a copy at /proc/PID/exe, and no process can write to
 * it.
 */
#include "process/seal.h"
#include "unit/box_world.h"

#include <linux/magic.h>
#include <sys/syscall.h>
#include <sys/vfs.h>

/* Runs in the copy: whether a waiting init, as the container sees it, is the same copy. */
static int init_of_copy(int exe)
{
	char *const program[] = { ONE_WORD("/payload"), ONE_WORD("pause"), NULL };
	struct stat ours, its;
	struct world w;

	if (!world_open(&w, program) || world_create(&w) < 0) {
		printf("error %s\n", world_message());
		return 1;
	}
	const char *path = arena_printf("/proc/%d/exe", w.child.pid);
	autofd fd = open(path, O_RDWR | O_CLOEXEC);

	printf("%s %s\n",
	       fstat(exe, &ours) == 0 && stat(path, &its) == 0 && ours.st_ino == its.st_ino &&
			       ours.st_dev == its.st_dev
		       ? "copy"
		       : "other",
	       fd < 0 ? "ro" : "rw");
	world_close(&w);
	return 0;
}

/* Runs in the copy: reports to the parent what the copy is. */
static int in_copy(char **argv)
{
	struct statfs fs;
	char comm[32] = "", link[256] = "";
	int r = seal_self(argv);

	if (r < 0) {
		printf("error %s\n", world_message());
		return 0;
	}
	autofd exe = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	autofd again = open("/proc/self/exe", O_RDWR | O_CLOEXEC);
	autofd name = open("/proc/self/comm", O_RDONLY | O_CLOEXEC);

	if (exe < 0 || fstatfs(exe, &fs) < 0 || read(name, comm, sizeof(comm) - 1) <= 0 ||
	    readlink("/proc/self/exe", link, sizeof(link) - 1) < 0)
		return 1;
	comm[strcspn(comm, "\n")] = 0;
	if (strcmp(argv[1], "init") == 0)
		return init_of_copy(exe);
	printf("%s %s %s %s %s\n", argv[0],
	       fcntl(exe, F_GET_SEALS) > 0			   ? "memfd"
	       : (unsigned long)fs.f_type == OVERLAYFS_SUPER_MAGIC ? "overlay"
								   : "plain",
	       comm, getenv("KEPT") ? getenv("KEPT") : "-", again < 0 ? "ro" : "rw");
	return 0;
}

/* Runs this program as the copy, as a user, and compares what it reports. */
static void seals(const char *self, const char *verb, uid_t uid, bool by_fd, const char *want,
		  const char *what)
{
	char *const argv[] = { ONE_WORD("tamis"), arena_strdup(verb), NULL };
	const char *build = getenv("TAMIS_BUILDDIR");
	char *const envp[] = { ONE_WORD("KEPT=yes"),
			       arena_printf("TAMIS_BUILDDIR=%s", build ? build : ""), NULL };
	char text[512] = "";
	int ends[2];

	fflush(stdout);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return;
	pid_t pid = fork();

	if (pid == 0) {
		dup2(ends[1], 1);
		if (uid && (setgid(uid) < 0 || setuid(uid) < 0)) /* lint: in a child of the test */
			_exit(1);
		if (by_fd)
			syscall(SYS_execveat, open(self, O_PATH | O_CLOEXEC), "", argv, envp,
				AT_EMPTY_PATH);
		else
			execve(self, argv, envp);
		_exit(1);
	}
	close(ends[1]);
	for (size_t n = 0; n < sizeof(text) - 1;) {
		ssize_t k = read(ends[0], text + n, sizeof(text) - 1 - n);

		if (k <= 0)
			break;
		n += (size_t)k;
	}
	close(ends[0]);
	waitpid(pid, NULL, 0);
	text[strcspn(text, "\n")] = 0;
	is_str(text, want, "%s", what);
}

int main(int argc, char **argv)
{
	char dir[] = "/tmp/tamis-seal-XXXXXX";

	if (argc > 1)
		return in_copy(argv);
	if (geteuid() != 0) {
		skip("needs root");
		return done();
	}
	/* The name of the directory has every character that overlay's options escape. */
	ok(mkdtemp(dir) && chmod(dir, 0755) == 0, "temporary directory");
	const char *odd = arena_printf("%s/a:b,c\\d", dir);
	const char *self = arena_printf("%s/prog", odd);

	ok(mkdir(odd, 0755) == 0 && world_copy("/proc/self/exe", self), "a copy to run");
	seals(self, "copy", 0, false, "tamis overlay tamis yes ro", "root: overlay");
	seals(self, "copy", 65534, false, "tamis memfd tamis yes ro",
	      "without privilege: sealed memfd");
	seals(self, "copy", 0, true,
	      "error own executable: found a writable file executed by descriptor, expected a "
	      "sealed copy or a path",
	      "execution by descriptor does not prove that it is a copy");
	seals(self, "init", 0, false, "copy ro", "a waiting init is the copy");
	unlink(self);
	rmdir(odd);
	ok(rmdir(dir) == 0, "nothing else was made");
	return done();
}
