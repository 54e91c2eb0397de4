/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns what is known of each process from events alone: a process may have ended when its events
 * are read. The table has an entry for every possible pid, of which only those that are used take
 * memory.
 */
#include "observe/perf_processes.h"

#include "base/arena.h"

#include <errno.h>

enum { PIDS = 1 << 22 }; /* PID_MAX_LIMIT of the kernel, and a power of 2 */

enum standing {
	UNSEEN, /* of a cgroup: not recorded before it executes a program */
	OURS,
	EXPECTED,  /* OURS from its next execve on */
	ELSEWHERE, /* in another mount namespace than the container: a runtime that has joined */
	FOREIGN,   /* not recorded */
};

struct process {
	uint32_t program;
	uint16_t threads; /* beside one; UINT16_MAX: not known */
	uint8_t standing; /* enum standing */
	bool is_new;	  /* it has executed a program, of which nothing was seen yet */
};

struct perf_processes {
	struct process *v; /* by pid */
	pid_t awaited;	   /* 0: nobody is */
	uint64_t *ids;	   /* of the awaited one's events */
	size_t n_ids, room_ids;
	bool is_cgroup, is_listing;
	uint64_t mount_ns;
};

static struct process *of(const struct perf_processes *ps, pid_t pid)
{
	return &ps->v[(uint32_t)pid % PIDS];
}

struct perf_processes *perf_processes_make(void)
{
	struct perf_processes *ps = arena_alloc(sizeof(*ps));

	*ps = (struct perf_processes){ .v = arena_array(PIDS, sizeof(*ps->v)) };
	return ps;
}

void perf_processes_of_cgroup(struct perf_processes *ps, uint64_t mount_ns)
{
	ps->is_cgroup = true;
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
	*of(ps, pid) = (struct process){ .standing = OURS, .program = program };
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
	const uint8_t standing = of(ps, e->pid)->standing;

	if (!ps->is_cgroup)
		return !is_foreign(ps, e->pid, e->id);
	return standing == OURS || (standing == UNSEEN && ps->is_listing);
}

bool perf_processes_is_new(const struct perf_processes *ps, pid_t pid)
{
	return of(ps, pid)->is_new;
}

void perf_processes_note_call(struct perf_processes *ps, pid_t pid)
{
	of(ps, pid)->is_new = false;
}

void perf_processes_note_child(struct perf_processes *ps, const struct perf_event *e)
{
	struct process *parent = of(ps, e->parent);

	if (e->pid == e->parent) {
		if (parent->threads < UINT16_MAX)
			parent->threads++;
		return;
	}
	struct process child = { .standing = parent->standing, .program = parent->program };

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

/* A process that joins the cgroup enters namespaces, or makes processes or threads, afterwards. */
void perf_processes_note_namespaces(struct perf_processes *ps, const struct perf_event *e)
{
	struct process *process = of(ps, e->pid);

	if (process->standing == UNSEEN || process->standing == ELSEWHERE)
		process->standing = e->mount_ns == ps->mount_ns ? UNSEEN : ELSEWHERE;
}

static bool note_exec_in_cgroup(struct perf_processes *ps, const struct perf_event *e)
{
	struct process *process = of(ps, e->pid);

	if (process->standing == EXPECTED || (process->standing == UNSEEN && !ps->awaited))
		*process = (struct process){ .standing = OURS };
	else if (process->standing == UNSEEN)
		process->standing = FOREIGN;
	process->is_new = process->standing == OURS;
	process->threads = 0;
	return false;
}

bool perf_processes_note_exec(struct perf_processes *ps, const struct perf_event *e)
{
	if (e->pid == ps->awaited) {
		ps->awaited = 0;
		*of(ps, e->pid) = (struct process){ .standing = OURS, .is_new = true };
		return true;
	}
	if (ps->is_cgroup)
		return note_exec_in_cgroup(ps, e);
	of(ps, e->pid)->is_new = true;
	return false;
}

bool perf_processes_note_end(struct perf_processes *ps, const struct perf_event *e)
{
	struct process *process = of(ps, e->pid);

	if (!ps->is_cgroup)
		return process->is_new && e->tid == e->pid && !is_foreign(ps, e->pid, e->id);
	if (process->is_new) /* the end of events that a set-user-id program has not inherited */
		return false;
	if (process->threads == 0) /* the pid may be given to a process that joins */
		*process = (struct process){ .standing = UNSEEN };
	else if (process->threads < UINT16_MAX)
		process->threads--;
	return false;
}
