/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the engine "perf". Each event costs the program about a microsecond, so calls that are made
 * very often and that are known are passed over by the kernel from then on. The filter knows
 * numbers, not architectures. So it is taken away for good when the first call of a 32-bit program
 * is seen, and the recording says which of its calls may have been missed until then.
 */
#include "observe/perf.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/caps.h"
#include "base/err.h"
#include "base/sys.h"
#include "oci/decode.h"
#include "seccomp/syscall.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <time.h>

#include "observe/perf_ring.h"

enum {
	PROCESSES = 65536, /* whose programs are known at a time */
	NUMBERS = 1024,	   /* which can be filtered */
	OFTEN = 2000,	   /* calls of a number after which no more are needed */
	POLL_MS = 100,
	SETTLE_NS = 2000000, /* a processor has finished a record after that time */
};

struct process {
	pid_t pid;
	uint32_t program;
};

struct perf {
	struct recorder *recorder;
	struct perf_rings *rings;
	struct process *processes; /* by pid % PROCESSES */
	uint32_t seen[NUMBERS];
	bool skipped[NUMBERS];
	bool has_new_skip, has_compat;
	uint64_t lost;
};

const char *perf_missing(void)
{
	struct caps caps;
	uint64_t id;
	int r = caps_get(&caps);

	if (r < 0 || !(caps.effective >> CAP_PERFMON & 1 || caps.effective >> CAP_SYS_ADMIN & 1))
		return "it needs root or CAP_PERFMON";
	switch (perf_ring_find(&id)) {
	case 0:
		return NULL;
	case -ENOENT:
		return "tracefs is not mounted (mount -t tracefs tracefs /sys/kernel/tracing)";
	case -EACCES:
		return "tracefs may not be read";
	default:
		return "the tracepoint raw_syscalls:sys_enter of this kernel is not as expected";
	}
}

/* --- programs ----------------------------------------------------------------------------- */

static struct process *process_of(struct perf *p, pid_t pid)
{
	return &p->processes[(uint32_t)pid % PROCESSES];
}

static uint32_t program_of(struct perf *p, pid_t pid)
{
	const struct process *process = process_of(p, pid);

	return process->pid == pid ? process->program : 0;
}

static void set_program(struct perf *p, pid_t pid, uint32_t program)
{
	*process_of(p, pid) = (struct process){ pid, program };
}

/* --- calls -------------------------------------------------------------------------------- */

static enum abi abi_of(const struct perf_ring_event *e)
{
	uint32_t audit = SYS_AUDIT_ARCH;

#if defined(__x86_64__)
	audit = e->is_compat ? AUDIT_ARCH_I386 : AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
	audit = e->is_compat ? AUDIT_ARCH_ARM : AUDIT_ARCH_AARCH64;
#endif
	return arch_by_number(audit, (uint32_t)e->nr);
}

/* Whether more calls of this kind would say anything new: all values of its arguments may. */
static bool has_said_all(const struct recording *r, const struct recording_call *c)
{
	uint8_t interest = recording_interest(r, c->abi, c->id);

	for (unsigned int i = 0; i < 6; i++)
		if (interest >> i & 1 && !c->args[i].many)
			return false;
	return true;
}

static void consider_skip(struct perf *p, const struct recording_call *c, int64_t nr)
{
	if (p->has_compat || nr >= NUMBERS || p->skipped[nr] || ++p->seen[nr] < OFTEN ||
	    !has_said_all(p->recorder->recording, c))
		return;
	p->skipped[nr] = true;
	p->has_new_skip = true;
}

static int set_filter(struct perf *p)
{
	struct buffer b = { 0 };

	for (unsigned int nr = 0; nr < NUMBERS; nr++)
		if (p->skipped[nr])
			buffer_print(&b, "%sid != %u", b.len ? " && " : "", nr);
	p->has_new_skip = false;
	return perf_ring_set_filter(p->rings, b.len ? buffer_text(&b).data : "id >= 0");
}

/* A 32-bit call: from now on every call is wanted again. */
static int note_compat(struct perf *p, enum abi abi)
{
	struct recording_run *run = p->recorder->run;
	struct strings *names = arena_alloc(sizeof(*names));

	p->has_compat = true;
	names->v = arena_array(NUMBERS + 1, sizeof(*names->v));
	for (unsigned int nr = 0; nr < NUMBERS; nr++) {
		int id = p->skipped[nr] ? syscall_at(abi, nr) : -1;

		if (id >= 0)
			names->v[names->n++] = arena_printf("%s: %s", arch_abi(abi)->scmp,
							    syscall_name((unsigned int)id));
	}
	for (size_t i = 0; i < p->recorder->recording->n_calls; i++) {
		struct recording_call *c = &p->recorder->recording->calls[i];

		c->at_least |= c->nr < NUMBERS && p->skipped[c->nr];
	}
	if (names->n)
		run->uncertain = names;
	memset(p->skipped, 0, sizeof(p->skipped));
	return names->n || p->has_new_skip ? set_filter(p) : 0;
}

static int take_call(struct perf *p, const struct perf_ring_event *e)
{
	struct recorder *r = p->recorder;
	struct recording_event event = { .abi = abi_of(e), .args = e->args, .count = 1 };
	struct recording_call *c;
	int ret = 0;

	/* a tracer that skips a call sets the number to -1 */
	if (e->nr < 0 || event.abi == ABI_COUNT)
		return 0;
	event.nr = (uint32_t)e->nr & ~arch_abi(event.abi)->nr_bit;
	event.program = program_of(p, e->pid);
	event.first_ms = e->time_ns / 1000000 - (uint64_t)r->start_ms;
	c = recording_add(r->recording, &event);
	if (c && e->is_compat && !p->has_compat)
		ret = note_compat(p, event.abi);
	else if (c)
		consider_skip(p, c, e->nr);
	return ret;
}

static int take(struct perf *p, const struct perf_ring_event *e)
{
	switch (e->kind) {
	case PERF_RING_CALL:
		return take_call(p, e);
	case PERF_RING_PROGRAM:
		set_program(p, e->pid, recording_program(p->recorder->recording, e->path));
		return 0;
	case PERF_RING_CHILD:
		set_program(p, e->pid, program_of(p, e->parent));
		return 0;
	case PERF_RING_LOST:
		p->recorder->run->lost += e->lost;
		return 0;
	}
	return 0;
}

static int drain(struct perf *p, uint64_t until_ns)
{
	struct perf_ring_event e;
	int ret = 0;

	while (ret >= 0 && perf_ring_next(p->rings, until_ns, &e))
		ret = take(p, &e);
	return ret >= 0 && p->has_new_skip ? set_filter(p) : ret;
}

/* --- the run ------------------------------------------------------------------------------ */

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* Until each event has hung up: then no process that has one is left. */
static int run(struct perf *p)
{
	struct recorder *r = p->recorder;
	const int *fds;
	size_t n = perf_ring_fds(p->rings, &fds), alive = n;
	struct pollfd *polled = arena_array(n + 2, sizeof(*polled));
	int ret = 0;

	for (size_t i = 0; i < n; i++)
		polled[i] = (struct pollfd){ fds[i], POLLIN, 0 };
	while (ret >= 0 && (alive || !r->has_ended) && !r->is_due) {
		ret = recorder_wait(r, polled, n, POLL_MS);
		if (ret >= 0)
			ret = drain(p, now_ns() - SETTLE_NS);
		for (size_t i = 0; i < n; i++)
			if (polled[i].fd >= 0 && polled[i].revents & POLLHUP) {
				polled[i].fd = -1;
				alive--;
			}
	}
	return ret < 0 ? ret : drain(p, UINT64_MAX);
}

int perf_record(struct recorder *r)
{
	struct perf p = { .recorder = r,
			  .processes = arena_array(PROCESSES, sizeof(*p.processes)) };
	uint64_t id;
	int ret = perf_ring_find(&id);

	if (ret < 0)
		return fail(0, "%s", perf_missing() ? perf_missing() : "tracefs has changed");
	ret = recorder_prepare(r);
	if (ret >= 0)
		ret = recorder_start(r, NULL);
	if (ret >= 0)
		ret = perf_ring_open(id, r->pid, &p.rings);
	if (ret < 0) {
		recorder_abandon(r);
		return ret;
	}
	set_program(&p, r->pid, recording_program(r->recording, r->file));
	recorder_go(r);
	ret = run(&p);
	for (size_t i = 0; i < r->recording->n_calls; i++) {
		struct recording_call *c = &r->recording->calls[i];

		c->at_least |= c->nr < NUMBERS && p.skipped[c->nr];
	}
	return ret < 0 ? ret : recorder_finish(r);
}
