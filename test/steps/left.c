/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks for leftovers, for the kill-tests. Looks at the processes of this PID namespace, the
 * cgroups of every hierarchy, the mounts and the state directory. Does not know which command was
 * killed or how.
 */
#include "steps/left.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static struct {
	const char *state, *cgroup;
	void (*reap)(void);
} where;

static char mounts_before[1 << 18];

void left_init(const char *state, const char *cgroup, void (*reap)(void))
{
	where.state = state;
	where.cgroup = cgroup;
	where.reap = reap;
}

void die(const char *what)
{
	printf("Bail out! stepper: %s: %s\n", what, strerror(errno));
	exit(2);
}

double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

void nap(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
}

static void read_mounts(char *buf, size_t size)
{
	int fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	size_t have = 0;
	ssize_t n;

	if (fd < 0)
		die("mountinfo");
	while ((n = read(fd, buf + have, size - 1 - have)) > 0)
		have += (size_t)n;
	buf[have] = '\0';
	close(fd);
}

/* A process other than this one; 0 if there is none. */
static pid_t somebody(void)
{
	DIR *dir = opendir("/proc");
	struct dirent *e;
	pid_t pid = 0;

	if (!dir)
		die("/proc");
	while (!pid && (e = readdir(dir)))
		if (e->d_name[0] >= '1' && e->d_name[0] <= '9' && atoi(e->d_name) != getpid())
			pid = atoi(e->d_name);
	closedir(dir);
	return pid;
}

/* Calls f with every directory of the container in a hierarchy. */
static int each_cgroup(int (*f)(const char *))
{
	char line[4096], path[8192];
	FILE *mounts = fopen("/proc/self/mounts", "re");
	int n = 0;

	if (!mounts)
		die("/proc/self/mounts");
	while (fgets(line, sizeof(line), mounts)) {
		char *at = strchr(line, ' ');
		char *type = at ? strchr(at + 1, ' ') : NULL;

		if (!type || strncmp(type + 1, "cgroup", 6))
			continue;
		*type = '\0';
		snprintf(path, sizeof(path), "%s%s", at + 1, where.cgroup);
		n += f(path);
	}
	fclose(mounts);
	return n;
}

static int show_cgroup(const char *path)
{
	if (access(path, F_OK))
		return 0;
	printf("#   left: cgroup %s\n", path);
	return 1;
}

static int has_cgroup(const char *path)
{
	return access(path, F_OK) == 0;
}

static int drop_cgroup(const char *path)
{
	return rmdir(path) == 0;
}

static int state_entries(bool show)
{
	DIR *dir = opendir(where.state);
	struct dirent *e;
	int n = 0;

	if (!dir)
		return 0;
	while ((e = readdir(dir))) {
		if (e->d_name[0] == '.' && (!e->d_name[1] || e->d_name[1] == '.'))
			continue;
		n++;
		if (show)
			printf("#   left: state %s/%s\n", where.state, e->d_name);
	}
	closedir(dir);
	return n;
}

int left_any(bool show)
{
	static char mounts[sizeof(mounts_before)];
	int n = 0;
	pid_t pid;

	where.reap();
	pid = somebody();
	if (pid) {
		n++;
		if (show)
			printf("#   left: process %d\n", pid);
	}
	n += each_cgroup(show ? show_cgroup : has_cgroup);
	read_mounts(mounts, sizeof(mounts));
	if (strcmp(mounts, mounts_before)) {
		n++;
		if (show)
			printf("#   left: mounts\n");
	}
	return n + state_entries(show);
}

/* Removes everything, so that the next case starts without leftovers. */
void left_wipe(void)
{
	char command[8192];
	double end = now() + 5;

	while (somebody() && now() < end) {
		kill(-1, SIGKILL);
		where.reap();
		nap();
	}
	while (each_cgroup(has_cgroup) && now() < end)
		if (!each_cgroup(drop_cgroup))
			nap();
	/* runc leaves mounts in the state directory, too */
	snprintf(command, sizeof(command),
		 "awk '$2 ~ \"^%s/\" { print $2 }' /proc/self/mounts | xargs -r umount -l; "
		 "rm -rf '%s' && mkdir -m 700 '%s'",
		 where.state, where.state, where.state);
	if (system(command))
		die(command);
	read_mounts(mounts_before, sizeof(mounts_before));
}
