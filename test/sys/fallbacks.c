/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Operations for which a C library that is newer than the seccomp profile first tries a new system
 * call and, if that gives ENOSYS, older ones. Prints a line "NAME: 0" or "NAME: ERROR" for each.
 * Static, so that the image needs no library.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void *nothing(void *arg)
{
	return arg;
}

/* clone3, clone */
static int threads(void)
{
	pthread_t thread;
	int r = pthread_create(&thread, NULL, nothing, NULL);

	return r ? r : pthread_join(thread, NULL);
}

/* clone3, clone */
static int spawn(void)
{
	char *const argv[] = { "/bin/true", NULL };
	int status;
	pid_t pid;
	int r = posix_spawn(&pid, argv[0], NULL, NULL, argv, NULL);

	if (r)
		return r;
	return waitpid(pid, &status, 0) == pid && status == 0 ? 0 : ECHILD;
}

/* statx, newfstatat */
static int stat_extended(void)
{
	struct statx st;

	return statx(AT_FDCWD, "/", 0, STATX_BASIC_STATS, &st) ? errno : 0;
}

/* faccessat2; then faccessat and the file mode */
static int access_effective(void)
{
	return faccessat(AT_FDCWD, "/", X_OK, AT_EACCESS) ? errno : 0;
}

/* fchmodat2; then the path of the descriptor in /proc */
static int chmod_nofollow(void)
{
	return fchmodat(AT_FDCWD, "/bin/fallbacks", 0755, AT_SYMLINK_NOFOLLOW) ? errno : 0;
}

/* close_range; then the list of descriptors in /proc */
static int close_all(void)
{
	closefrom(3);
	return 0;
}

/* Programs call this one directly. */
static int newer_open(void)
{
	struct {
		unsigned long long flags, mode, resolve;
	} how = { .flags = O_RDONLY | O_DIRECTORY };
	long fd = syscall(437 /* openat2 */, AT_FDCWD, "/", &how, sizeof(how));

	if (fd < 0 && errno == ENOSYS)
		fd = openat(AT_FDCWD, "/", O_RDONLY | O_DIRECTORY);
	return fd < 0 ? errno : close((int)fd);
}

int main(void)
{
	static const struct {
		const char *name;
		int (*run)(void);
	} all[] = {
		{ "threads", threads },		{ "spawn", spawn },
		{ "statx", stat_extended },	{ "faccessat", access_effective },
		{ "fchmodat", chmod_nofollow }, { "closefrom", close_all },
		{ "openat2", newer_open },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		int r = all[i].run();

		printf("%s: %s\n", all[i].name, r ? strerrorname_np(r) : "0");
	}
	return 0;
}
