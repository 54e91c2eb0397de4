/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes the cgroups that a container with write access can make below /sys/fs/cgroup:
 *
 *   cgtree DEPTH NAME BREADTH [STATE]...
 *
 * In every hierarchy it makes a chain of DEPTH cgroups whose names have NAME bytes, and BREADTH
 * cgroups side by side. STATE adds processes:
 *   frozen    one in the middle of the chain and one at its end, both frozen there
 *   threads   v2: a process of two threads, the second in a threaded cgroup, the first ended
 *   leaf      v2: the same, with the container's own cgroup as the domain of the threaded one
 *   tells     two that print "TERM" and continue when they get SIGTERM
 *   forks     one that never stops forking, at the end of the chain
 *   changes   one that makes, renames and removes cgroups forever
 *   self      finally init itself is frozen in a new cgroup (v1: by the freezer)
 *   again     "self", and another process that freezes init whenever it is thawed
 *
 * Prints "ready: N cgroups, M processes" when everything is set up, or "cannot WHAT: WHY".
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROOT "/sys/fs/cgroup"

enum { MAX = 32 };

static struct hierarchy {
	char path[300];
	int leaf, middle, end; /* of the chain */
	int v2, freezer;
} all[MAX];

static int n_all, n_cgroups, n_processes;
static volatile int *settled; /* shared: number of children that are set up */

static void die(const char *what)
{
	printf("cannot %s: %s\n", what, strerror(errno));
	fflush(stdout);
	_exit(1);
}

static int is_state(char **states, const char *word)
{
	for (; *states; states++)
		if (strcmp(*states, word) == 0)
			return 1;
	return 0;
}

static int put(int dir, const char *file, const char *text)
{
	int fd = openat(dir, file, O_WRONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : write(fd, text, strlen(text));
	int e = errno;

	if (fd >= 0)
		close(fd);
	errno = e;
	return n < 0 ? -1 : 0;
}

static int make(int dir, const char *name)
{
	if (mkdirat(dir, name, 0755) < 0 && errno != EEXIST)
		die("make a cgroup");
	int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		die("open a cgroup");
	n_cgroups++;
	return fd;
}

static void add(const char *path)
{
	struct hierarchy *h = &all[n_all];
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (n_all == MAX || fd < 0 || faccessat(fd, "cgroup.procs", W_OK, 0) < 0 ||
	    mkdirat(fd, "probe", 0755) < 0) {
		close(fd);
		return;
	}
	unlinkat(fd, "probe", AT_REMOVEDIR);
	snprintf(h->path, sizeof(h->path), "%s", path);
	h->leaf = fd;
	h->v2 = faccessat(fd, "cgroup.controllers", F_OK, 0) == 0;
	h->freezer = faccessat(fd, "freezer.state", F_OK, 0) == 0;
	n_all++;
}

static void find(void)
{
	DIR *dir = opendir(ROOT);
	struct dirent *d;
	struct stat st;
	char path[300];

	if (access(ROOT "/cgroup.procs", F_OK) == 0) {
		add(ROOT);
		return;
	}
	while (dir && (d = readdir(dir))) {
		snprintf(path, sizeof(path), ROOT "/%s", d->d_name);
		if (d->d_name[0] != '.' && lstat(path, &st) == 0 && S_ISDIR(st.st_mode))
			add(path);
	}
}

/* A name with bytes that a path or a script may handle wrongly. */
static void chain(struct hierarchy *h, int depth, int length)
{
	static const char odd[] = "a \\\"'*\t\x01\x7f\xff\xc3$;.-";
	char name[256];
	int at = dup(h->leaf);

	for (int i = 0; i < length; i++)
		name[i] = odd[i % (int)(sizeof(odd) - 1)];
	name[length] = 0;
	for (int i = 0; i < depth; i++) {
		int next = make(at, name);

		close(at);
		at = next;
		if (i == depth / 2)
			h->middle = dup(at);
	}
	h->end = at;
}

static void broad(const struct hierarchy *h, int breadth)
{
	char name[16];

	for (int i = 0; i < breadth; i++) {
		snprintf(name, sizeof(name), "b%d", i);
		close(make(h->leaf, name));
	}
}

/* Moves the calling process into the cgroup. */
static void enter(int dir)
{
	if (put(dir, "cgroup.procs", "0") < 0)
		die("enter a cgroup");
}

static void say_term(int sig)
{
	(void)sig;
	(void)!write(STDOUT_FILENO, "TERM\n", 5);
}

static void tell(const struct hierarchy *h)
{
	(void)h;
	pause();
}

/* Makes a child that runs act in that cgroup, forever. */
static void child(int dir, void (*act)(const struct hierarchy *), const struct hierarchy *h)
{
	int before = *settled;

	n_processes++;
	if (fork() == 0) {
		if (act == tell)
			signal(SIGTERM, say_term);
		enter(dir);
		__atomic_add_fetch(settled, 1, __ATOMIC_SEQ_CST);
		for (;;)
			act ? act(h) : (void)pause();
	}
	while (*settled == before)
		usleep(1000);
}

static void freeze(const struct hierarchy *h, int dir)
{
	if (h->freezer ? put(dir, "freezer.state", "FROZEN") : put(dir, "cgroup.freeze", "1"))
		die("freeze a cgroup");
}

static void fork_on(const struct hierarchy *h)
{
	(void)h;
	if (fork() > 0) /* the child continues */
		_exit(0);
}

static void change(const struct hierarchy *h)
{
	static unsigned int i;
	char name[32], other[32];

	snprintf(name, sizeof(name), "c%u", i % 50);
	snprintf(other, sizeof(other), "r%u", i % 70);
	i++;
	(void)!mkdirat(h->leaf, name, 0755);
	(void)!mkdirat(h->middle, name, 0755);
	(void)!renameat(h->leaf, name, h->leaf, other);
	(void)!renameat(h->middle, name, h->middle, other);
	snprintf(other, sizeof(other), "r%u", i * 7 % 70);
	(void)!unlinkat(h->leaf, other, AT_REMOVEDIR);
	(void)!unlinkat(h->middle, other, AT_REMOVEDIR);
	snprintf(name, sizeof(name), "c%u", i * 3 % 50);
	(void)!unlinkat(h->middle, name, AT_REMOVEDIR);
}

static int thread_dir;

static void *thread(void *ctx)
{
	(void)ctx;
	if (put(thread_dir, "cgroup.threads", "0") < 0)
		die("move a thread");
	usleep(10000); /* until the first thread has ended */
	__atomic_add_fetch(settled, 1, __ATOMIC_SEQ_CST);
	for (;;)
		pause();
	return NULL;
}

static void threads(int domain)
{
	int before = *settled;

	thread_dir = make(domain, "threads");
	if (put(thread_dir, "cgroup.type", "threaded") < 0)
		die("make a threaded cgroup");
	n_processes++;
	if (fork() == 0) {
		pthread_t t;

		enter(domain);
		if (pthread_create(&t, NULL, thread, NULL))
			die("make a thread");
		syscall(SYS_exit, 0);
	}
	while (*settled == before)
		usleep(1000);
}

static void hold(const struct hierarchy *h)
{
	for (;;)
		freeze(h, h->middle);
}

/* Done last, because afterwards this process does not run any more. */
static void freeze_self(const struct hierarchy *h, int again)
{
	if (again)
		child(h->leaf, hold, h);
	enter(h->middle);
	freeze(h, h->middle);
}

int main(int argc, char **argv)
{
	struct hierarchy *h = all;

	if (argc < 4)
		return 2;
	char **states = argv + 4;
	int depth = atoi(argv[1]), length = atoi(argv[2]), breadth = atoi(argv[3]);

	settled = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	signal(SIGCHLD, SIG_IGN);
	find();
	if (n_all == 0)
		die("find a cgroup hierarchy to write to");
	for (int i = 0; i < n_all; i++) {
		chain(&all[i], depth, length);
		if (all[i].freezer || all[i].v2 || strstr(all[i].path, "pids"))
			broad(&all[i], breadth);
		if (!h->freezer && all[i].freezer)
			h = &all[i]; /* on v1 the processes are in this hierarchy */
	}
	if (is_state(states, "threads") && h->v2)
		threads(make(h->leaf, "domain"));
	if (is_state(states, "leaf") && h->v2)
		threads(h->leaf);
	if (is_state(states, "tells")) {
		child(h->middle, tell, h);
		child(h->end, tell, h);
	}
	if (is_state(states, "frozen")) {
		int other = make(h->middle, "frozen");

		child(other, NULL, h);
		child(h->end, NULL, h);
		freeze(h, other);
	}
	if (is_state(states, "forks"))
		child(h->end, fork_on, h);
	if (is_state(states, "frozen") && !is_state(states, "forks"))
		freeze(h, h->end);
	if (is_state(states, "changes"))
		child(h->leaf, change, h);
	printf("ready: %d cgroups, %d processes\n", n_cgroups, n_processes + 1);
	fflush(stdout);
	if (is_state(states, "self") || is_state(states, "again"))
		freeze_self(h, is_state(states, "again"));
	for (;;)
		pause();
}
