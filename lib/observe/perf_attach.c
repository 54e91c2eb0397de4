/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns how the recorder gets hold of processes that it has not started. The kernel passes events on
 * to what a followed thread makes, but a process may make threads faster than they are listed. So
 * the list is read again until it has none that is neither followed nor made by one that is. The
 * worst that can happen is that a thread is followed twice and its calls count twice.
 */
#include "observe/perf_attach.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/identity.h"
#include "base/num.h"
#include "cgroup/pids.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROUNDS = 16, STAT_MAX = 4096 };

struct attaching {
	struct perf *perf;
	struct pid_set threads; /* those that are followed */
	size_t n;
};

static void note_thread(void *ctx, pid_t tid)
{
	pids_set_add(&((struct attaching *)ctx)->threads, tid);
}

/* --- lists -------------------------------------------------------------------------------- */

/* The numbers in a directory of procfs. -ENOENT, -ESRCH: it has gone. */
static int list_numbers(const char *path, pid_t **ret, size_t *ret_n)
{
	DIR *dir = opendir(path);
	pid_t *v = NULL;
	size_t n = 0, room = 0;
	uint32_t number;

	if (!dir)
		return -errno;
	for (struct dirent *e; (e = readdir(dir));) {
		if (num_parse_u32(e->d_name, &number) < 0 || !number || number > INT_MAX)
			continue;
		v = arena_grow(v, n, &room, sizeof(*v));
		v[n++] = (pid_t)number;
	}
	closedir(dir);
	*ret = v;
	*ret_n = n;
	return 0;
}

static pid_t parent_of(pid_t pid)
{
	struct text text;
	const char *field, *end;
	uint64_t v;

	if (io_read_file(AT_FDCWD, arena_printf("/proc/%d/stat", pid), STAT_MAX, &text) < 0)
		return 0;
	field = identity_stat_field(text.data, 4);
	return field && num_scan_u64(field, &end, &v) == 0 && v <= INT_MAX ? (pid_t)v : 0;
}

struct child {
	pid_t parent, pid;
};

static int by_parent(const void *a, const void *b)
{
	const struct child *x = a, *y = b;

	return (x->parent > y->parent) - (x->parent < y->parent);
}

/* The first child of that parent, or where it would be. */
static size_t first_child(const struct child *v, size_t n, pid_t parent)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (v[middle].parent < parent)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int perf_attach_list_tree(void *ctx, pid_t **ret, size_t *ret_n)
{
	const pid_t root = *(const pid_t *)ctx, self = getpid();
	struct pid_set in = pids_set_make();
	struct child *children;
	pid_t *all;
	size_t n;
	int r = list_numbers("/proc", &all, &n);

	if (r < 0)
		return fail(-r, "/proc");
	children = arena_array(n + 1, sizeof(*children));
	*ret = arena_array(n + 1, sizeof(**ret));
	*ret_n = 0;
	for (size_t i = 0; i < n; i++) {
		children[i] = (struct child){ parent_of(all[i]), all[i] };
		if (all[i] == root && root != self && pids_set_add(&in, root))
			(*ret)[(*ret_n)++] = root;
	}
	qsort(children, n, sizeof(*children), by_parent);
	for (size_t i = 0; i < *ret_n; i++)
		for (size_t k = first_child(children, n, (*ret)[i]);
		     k < n && children[k].parent == (*ret)[i]; k++)
			if (children[k].pid != self && pids_set_add(&in, children[k].pid))
				(*ret)[(*ret_n)++] = children[k].pid;
	return 0;
}

/* --- attaching ---------------------------------------------------------------------------- */

static void name_program(struct perf *p, pid_t pid)
{
	char path[PATH_MAX];
	ssize_t n = readlink(arena_printf("/proc/%d/exe", pid), path, sizeof(path) - 1);

	if (n > 0) {
		path[n] = '\0';
		perf_set_program(p, pid, path);
	}
}

/* Follows those threads of the process that are not. Returns how many, or -errno. */
static int follow_process(struct attaching *a, pid_t pid)
{
	pid_t *threads = NULL;
	size_t n = 0;
	int found = 0;

	if (list_numbers(arena_printf("/proc/%d/task", pid), &threads, &n) < 0)
		return 0;
	if (!pids_set_has(&a->threads, pid))
		name_program(a->perf, pid);
	for (size_t i = 0; i < n; i++) {
		int r;

		if (!pids_set_add(&a->threads, threads[i]))
			continue;
		r = perf_follow(a->perf, threads[i], PERF_FROM_NOW);
		if (r < 0 && r != -ESRCH)
			return r;
		found += r == 0;
	}
	return found;
}

/* Returns how many threads were found, or -errno. */
static int follow_all(struct attaching *a, const struct perf_attach_processes *processes)
{
	pid_t *pids = NULL;
	size_t n = 0;
	int found = 0, r = processes->list(processes->ctx, &pids, &n);

	if (r >= 0) /* what was made before the list has been reported by now */
		perf_catch_up(a->perf);
	for (size_t i = 0; i < n && r >= 0; i++) {
		r = follow_process(a, pids[i]);
		found += r;
	}
	return r < 0 ? r : found;
}

/* Events come from the beginning on, so no process is missed that ends or is made meanwhile. */
static int attach_cgroup(struct perf *p, const struct perf_attach_processes *processes)
{
	pid_t *pids = NULL;
	size_t n = 0;
	int r;

	perf_list(p, true);
	r = processes->list(processes->ctx, &pids, &n);
	for (size_t i = 0; i < n && r >= 0; i++)
		name_program(p, pids[i]);
	perf_list(p, false);
	return r >= 0 && n == 0 ? fail(0, "there is no process to record") : r;
}

int perf_attach(struct perf *p, struct recorder *r, const struct perf_attach_processes *processes)
{
	if (processes->cgroup && perf_follow_cgroup(p, processes->cgroup) >= 0)
		return attach_cgroup(p, processes);
	struct attaching a = { .perf = p, .threads = pids_set_make() };
	int found = 1;

	(void)fd_raise_limit(SIZE_MAX);
	perf_tell_threads(p, note_thread, &a);
	for (int round = 0; round < ROUNDS && found > 0; round++) {
		found = follow_all(&a, processes);
		if (round == 0 && found == 0)
			found = fail(0, "there is no process to record");
	}
	perf_tell_threads(p, NULL, NULL);
	if (found > 0)
		recording_add_uncertain(r->run, "calls of processes that were made while the "
						"recorder attached");
	return found < 0 ? found : 0;
}

/* Follows every thread of a process, from its next execve on; whichever of them makes it. */
static int follow_on_exec(struct perf *p, pid_t pid, enum perf_from from)
{
	struct arena list = { 0 }, *before = arena_use(&list); /* for each process of exec */
	pid_t *threads;
	size_t n = 0, followed = 0;
	int r = list_numbers(arena_printf("/proc/%d/task", pid), &threads, &n);

	arena_use(before);
	(void)fd_raise_limit(SIZE_MAX);
	for (size_t i = 0; i < n && r >= 0; i++) {
		r = perf_follow(p, threads[i], from);
		followed += r == 0;
		if (r == -ESRCH)
			r = 0;
	}
	arena_free(&list);
	if (r >= 0 && !followed)
		r = -ESRCH;
	return r < 0 && !err_message() ? fail(-r, "process %d", pid) : r;
}

int perf_attach_container(struct perf *p, struct recording_run *run, pid_t pid, int init)
{
	struct perf_cgroup cgroup;

	perf_await(p, pid);
	if (perf_cgroup_find(pid, init, &cgroup) >= 0) {
		cgroup.is_told = !run;
		if (perf_follow_cgroup(p, &cgroup) >= 0)
			return 0;
		perf_cgroup_close(&cgroup);
	}
	if (run)
		recording_add_uncertain(run,
					"calls of programs that the runtime's exec adds, because "
					"the container has no cgroup of its own in the "
					"hierarchy of perf_event");
	return follow_on_exec(p, pid, PERF_FROM_AWAITED);
}

int perf_attach_exec(struct perf *p, pid_t pid)
{
	if (!perf_has_cgroup(p))
		return follow_on_exec(p, pid, PERF_FROM_EXEC);
	perf_expect(p, pid);
	return 0;
}

int perf_attach_record(struct recorder *r, const struct perf_attach_processes *processes)
{
	bool is_alive = true, sock;
	struct perf *p = NULL;
	int ret = recorder_attend(r);

	if (ret >= 0)
		ret = perf_open(r, &p);
	if (ret >= 0)
		ret = perf_attach(p, r, processes);
	if (ret >= 0)
		ret = recording_write_begin(r->writer, r->run);
	if (ret < 0)
		return ret;
	while (ret >= 0 && is_alive && !r->is_due)
		ret = perf_turn(p, -1, &sock, &is_alive);
	perf_finish(p);
	perf_leave(p);
	return ret;
}
