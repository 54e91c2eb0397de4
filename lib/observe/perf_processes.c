/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns what is known of each process from events alone: a process may have ended when its events
 * are read. The table has an entry for every possible pid, of which only those that are used take
 * memory.
 */
#include "observe/perf_processes.h"

#include "base/arena.h"
#include "base/sys.h"

enum standing {
	UNSEEN, /* of a cgroup: not recorded before it executes a program */
	OURS,
	EXPECTED,  /* OURS from its next execve on */
	ELSEWHERE, /* in another mount namespace than the container: a runtime that has joined */
	FOREIGN,   /* not recorded */
};

struct process {
	uint32_t program;
	uint32_t standing : 3;	  /* enum standing */
	uint32_t is_new : 1;	  /* it has executed a program, of which nothing was seen yet */
	uint32_t is_headless : 1; /* its first thread has ended; others may go on */
	uint32_t threads : 27; /* that have not ended; 0 also: not known, the process has joined */
};

struct perf_processes {
	struct process *v; /* by pid */
	pid_t awaited;	   /* 0: nobody is */
	uint64_t *ids;	   /* of the awaited one's events */
	size_t n_ids, room_ids;
	bool is_cgroup, is_told, is_listing;
	pid_t init; /* 0: it has ended */
	uint64_t mount_ns;
};

static struct process *of(const struct perf_processes *ps, pid_t pid)
{
	return &ps->v[(uint32_t)pid % SYS_PIDS];
}

struct perf_processes *perf_processes_make(void)
{
	struct perf_processes *ps = arena_alloc(sizeof(*ps));

	*ps = (struct perf_processes){ .v = arena_array(SYS_PIDS, sizeof(*ps->v)) };
	return ps;
}

void perf_processes_of_cgroup(struct perf_processes *ps, pid_t init, uint64_t mount_ns,
			      bool is_told)
{
	ps->is_cgroup = true;
	ps->init = init;
	ps->is_told = is_told;
	ps->mount_ns = mount_ns;
}

void perf_processes_list(struct perf_processes *ps, bool is_listing)
{
	ps->is_listing = is_listing;
}

void perf_processes_await(struct perf_processes *ps, pid_t init)
{
	ps->awaited = init;
}

bool perf_processes_is_awaiting(const struct perf_processes *ps)
{
	return ps->awaited;
}

void perf_processes_add_id(struct perf_processes *ps, uint64_t id)
{
	ps->ids = arena_grow(ps->ids, ps->n_ids, &ps->room_ids, sizeof(*ps->ids));
	ps->ids[ps->n_ids++] = id;
}

void perf_processes_expect(struct perf_processes *ps, pid_t pid)
{
	*of(ps, pid) = (struct process){ .standing = EXPECTED };
}

void perf_processes_set_program(struct perf_processes *ps, pid_t pid, uint32_t program)
{
	struct process *process = of(ps, pid);

	process->standing = OURS;
	process->program = program;
	process->is_new = false;
}

uint32_t perf_processes_program(const struct perf_processes *ps, pid_t pid)
{
	return of(ps, pid)->program;
}

/* Whether the event is of the tree of init, not of what `exec` has added. */
static bool is_of_init(const struct perf_processes *ps, uint64_t id)
{
	for (size_t i = 0; i < ps->n_ids; i++)
		if (ps->ids[i] == id)
			return true;
	return false;
}

/*
 * Before the awaited execve, those of its tree that are seen have executed a program themselves,
 * such as hooks. What they leave behind is not recorded later, either.
 */
static bool is_foreign(struct perf_processes *ps, pid_t pid, uint64_t id)
{
	struct process *process = of(ps, pid);

	if (!is_of_init(ps, id))
		return false;
	if (ps->awaited)
		*process = (struct process){ .standing = FOREIGN };
	return process->standing == FOREIGN;
}

bool perf_processes_has(struct perf_processes *ps, const struct perf_event *e)
{
	const struct process *process = of(ps, e->pid);

	if (!ps->is_cgroup)
		return !is_foreign(ps, e->pid, e->id);
	return process->standing == OURS || (process->standing == UNSEEN && ps->is_listing);
}

bool perf_processes_is_new(const struct perf_processes *ps, pid_t pid)
{
	return of(ps, pid)->is_new;
}

void perf_processes_note_begun(struct perf_processes *ps, pid_t pid)
{
	of(ps, pid)->is_new = false;
}

void perf_processes_note_child(struct perf_processes *ps, const struct perf_event *e)
{
	struct process *parent = of(ps, e->parent);
	struct process child = { .standing = parent->standing,
				 .program = parent->program,
				 .threads = 1 };

	if (e->pid == e->parent) { /* a thread */
		if (parent->threads)
			parent->threads++;
		return;
	}
	if (!ps->is_cgroup && is_foreign(ps, e->parent, e->id))
		child.standing = FOREIGN;
	if (child.standing == ELSEWHERE)
		child.standing = UNSEEN;
	/* such as a hook, if init's own execve is still to come */
	if (ps->is_cgroup && ps->awaited == e->parent)
		child.standing = FOREIGN;
	if (ps->is_listing && child.standing == UNSEEN)
		child.standing = OURS;
	if (!ps->is_listing || of(ps, e->pid)->standing != OURS)
		*of(ps, e->pid) = child;
}

/*
 * A process that joins the cgroup enters namespaces, or makes processes or threads, afterwards. The
 * mount namespace that a runtime's exec enters is the one in which init's first thread is.
 */
void perf_processes_note_namespaces(struct perf_processes *ps, const struct perf_event *e)
{
	struct process *process = of(ps, e->pid);

	if (e->pid == ps->init && e->tid == e->pid)
		ps->mount_ns = e->mount_ns;
	if (process->standing == UNSEEN || process->standing == ELSEWHERE)
		process->standing = e->mount_ns == ps->mount_ns ? UNSEEN : ELSEWHERE;
}

/* Before init's execve, what has joined may be a hook of a runtime that tells us of its exec. */
static bool is_joining(const struct perf_processes *ps, const struct process *process)
{
	return process->standing == EXPECTED ||
	       (process->standing == UNSEEN && !(ps->is_told && ps->awaited));
}

bool perf_processes_note_exec(struct perf_processes *ps, const struct perf_event *e)
{
	struct process *process = of(ps, e->pid);
	const bool is_awaited = e->pid == ps->awaited;

	if (is_awaited || (ps->is_cgroup && is_joining(ps, process)))
		*process = (struct process){ .standing = OURS };
	else if (ps->is_cgroup && process->standing == UNSEEN)
		process->standing = FOREIGN;
	if (is_awaited)
		ps->awaited = 0;
	process->is_new = true;
	process->is_headless = false;
	process->threads = 1; /* the kernel has ended the others */
	return is_awaited;
}

/*
 * Forgets a process of a cgroup with its last thread: the pid may be given to another one. If the
 * number of threads is not known that is the first thread, but what was listed is kept. If the
 * event of a new thread was lost, the first thread is counted on. The event behind an execve(2)
 * that gets the rights of others is no end (begin_new_exec() of the kernel).
 */
static void forget(struct perf_processes *ps, const struct perf_event *e)
{
	struct process *process = of(ps, e->pid);
	const bool is_counted = process->threads;

	if (process->is_new)
		return;
	if (is_counted)
		process->threads--;
	if (e->tid == e->pid)
		process->is_headless = true;
	if (process->threads || !process->is_headless || (!is_counted && process->standing == OURS))
		return;
	*process = (struct process){ .standing = UNSEEN };
	if (e->pid == ps->init)
		ps->init = 0;
}

bool perf_processes_note_end(struct perf_processes *ps, const struct perf_event *e)
{
	if (ps->is_cgroup) {
		forget(ps, e);
		return false;
	}
	return e->tid == e->pid && of(ps, e->pid)->is_new && !is_foreign(ps, e->pid, e->id);
}
