/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the engine "perf". Each event costs the program about a microsecond, so calls that are made
 * very often and that are known are passed over by the kernel from then on. The kernel takes one
 * filter for an event and never another one (a second fails with EEXIST). So it is set once, when
 * it covers most of what programs call. It knows numbers, not architectures: after the first call
 * of a 32-bit program none is set, and if one was set the recording says which of its calls are
 * missed. A further run into the same file then sets none.
 */
#include "observe/perf.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/caps.h"
#include "base/err.h"
#include "base/printable.h"
#include "base/sys.h"
#include "observe/perf_processes.h"
#include "observe/tracepoint.h"
#include "oci/decode.h"
#include "seccomp/syscall.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "observe/perf_ring.h"

enum {
	NUMBERS = 1024,	     /* which can be filtered */
	OFTEN = 200,	     /* calls of a number after which no more are needed */
	EARLIEST = 6000,     /* calls of all numbers before the filter is set: some 10 ms */
	LATEST = 1000000,    /* after so many it is set even if it covers little */
	SETTLE_NS = 2000000, /* a processor has finished a record after that time */
	PATH_COLUMNS = 256,
};

struct perf {
	struct recorder *recorder;
	struct perf_rings *rings;
	struct perf_processes *processes;
	struct perf_cgroup cgroup;		 /* .dir < 0: none */
	void (*on_thread)(void *ctx, pid_t tid); /* NULL: nobody asks */
	void *ctx;
	uint32_t seen[NUMBERS];
	uint64_t n_seen; /* calls of all numbers */
	bool known[NUMBERS], skipped[NUMBERS];
	bool is_filtered, has_compat;
	bool told[RECORDING_PROGRAMS_MAX]; /* that this program has executed an unseen one */
};

/* --- calls -------------------------------------------------------------------------------- */

static enum abi abi_of(const struct perf_event *e)
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
	p->n_seen++;
	if (p->has_compat || p->is_filtered || nr >= NUMBERS || ++p->seen[nr] < OFTEN)
		return;
	p->known[nr] = has_said_all(p->recorder->recording, c);
}

/* Whether an earlier run has seen a 32-bit program, so that this one will. */
static bool expects_compat(const struct recorder *r)
{
	for (size_t i = 0; r->before && i < r->before->n_calls; i++)
		if (arch_abi(r->before->calls[i].abi)->audit != SYS_AUDIT_ARCH)
			return true;
	return false;
}

/* Whether it is time for the filter: it covers three quarters of the calls. */
static bool is_time(struct perf *p)
{
	uint64_t covered = 0;

	if (p->is_filtered || p->has_compat || p->n_seen < EARLIEST)
		return false;
	for (unsigned int nr = 0; nr < NUMBERS; nr++)
		covered += p->known[nr] ? p->seen[nr] : 0;
	if (!covered || (4 * covered < 3 * p->n_seen && p->n_seen < LATEST))
		return false;
	p->has_compat = expects_compat(p->recorder);
	return !p->has_compat;
}

/* Of the known numbers that are not in the filter; -1: there is none. */
static int most_frequent(const struct perf *p)
{
	int ret = -1;

	for (int nr = 0; nr < NUMBERS; nr++)
		if (p->known[nr] && !p->skipped[nr] && (ret < 0 || p->seen[nr] > p->seen[ret]))
			ret = nr;
	return ret;
}

/*
 * The kernel evaluates it from left to right for each call. It makes recording cheaper, so if the
 * kernel refuses it the recording goes on without.
 */
static void set_filter(struct perf *p)
{
	static const char condition[] = " && id != 1023";
	struct buffer b = { 0 };

	p->is_filtered = true;
	for (int nr; (nr = most_frequent(p)) >= 0;) {
		if (b.len + sizeof(condition) > PERF_RING_FILTER_BYTES)
			break;
		p->skipped[nr] = true;
		buffer_print(&b, "%sid != %d", b.len ? " && " : "", nr);
	}
	(void)!perf_ring_set_filter(p->rings, buffer_text(&b).data);
}

/* The first 32-bit call. What the filter passes over may be calls of such programs, too. */
static void note_compat(struct perf *p, enum abi abi)
{
	p->has_compat = true;
	for (unsigned int nr = 0; nr < NUMBERS; nr++) {
		int id = p->skipped[nr] ? syscall_at(abi, nr) : -1;

		if (id >= 0)
			recording_add_uncertain(p->recorder->run,
						arena_printf("%s: %s", arch_abi(abi)->scmp,
							     syscall_name((unsigned int)id)));
	}
}

static void take_call(struct perf *p, const struct perf_event *e)
{
	struct recorder *r = p->recorder;
	struct recording_event event = { .abi = abi_of(e), .args = e->args, .count = 1 };
	struct recording_call *c;

	/* a tracer that skips a call sets the number to -1 */
	if (e->nr < 0 || event.abi == ABI_COUNT)
		return;
	event.nr = (uint32_t)e->nr & ~arch_abi(event.abi)->nr_bit;
	event.program = perf_processes_program(p->processes, e->pid);
	event.first_ms = e->time_ns / 1000000 - (uint64_t)r->start_ms;
	perf_processes_note_begun(p->processes, e->pid);
	c = recording_add(r->recording, &event);
	if (c && e->is_compat && !p->has_compat)
		note_compat(p, event.abi);
	else if (c)
		consider_skip(p, c, e->nr);
}

static void note_exec(struct perf *p, const struct perf_event *e)
{
	if (perf_processes_note_exec(p->processes, e))
		p->recorder->start_ms = (int64_t)(e->time_ns / 1000000);
}

static void note_program(struct perf *p, const struct perf_event *e)
{
	if (!perf_processes_is_new(p->processes, e->pid))
		return;
	if (perf_processes_has(p->processes, e))
		perf_processes_set_program(p->processes, e->pid,
					   recording_program(p->recorder->recording, e->path));
	perf_processes_note_begun(p->processes, e->pid);
}

static void note_child(struct perf *p, const struct perf_event *e)
{
	if (p->on_thread)
		p->on_thread(p->ctx, e->tid);
	perf_processes_note_child(p->processes, e);
}

static void note_end(struct perf *p, const struct perf_event *e)
{
	const uint32_t program = perf_processes_program(p->processes, e->pid);
	const char *path = p->recorder->recording->programs[program];

	if (!perf_processes_note_end(p->processes, e) || p->told[program])
		return;
	p->told[program] = true;
	recording_add_uncertain(
		p->recorder->run,
		arena_printf("calls of a set-user-id program, which perf does not see, executed "
			     "by %s",
			     *path ? printable_text(path, strlen(path), PATH_COLUMNS)
				   : "the runtime"));
}

static void take(struct perf *p, const struct perf_event *e)
{
	switch (e->kind) {
	case PERF_EVENT_CALL:
		if (perf_processes_has(p->processes, e))
			take_call(p, e);
		break;
	case PERF_EVENT_EXEC:
		note_exec(p, e);
		break;
	case PERF_EVENT_END:
		note_end(p, e);
		break;
	case PERF_EVENT_PROGRAM:
		note_program(p, e);
		break;
	case PERF_EVENT_CHILD:
		note_child(p, e);
		break;
	case PERF_EVENT_NAMESPACES:
		perf_processes_note_namespaces(p->processes, e);
		break;
	case PERF_EVENT_LOST:
		p->recorder->run->lost += e->lost;
		break;
	}
}

static void drain(struct perf *p, uint64_t until_ns)
{
	struct perf_event e;

	while (perf_ring_next(p->rings, until_ns, &e))
		take(p, &e);
	if (is_time(p))
		set_filter(p);
}

/* --- the run ------------------------------------------------------------------------------ */

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/*
 * While the buffers are not read, a program fills them in a few milliseconds, and further calls are
 * lost. So the reader goes before what it records, where it may. Called after the process of the
 * command was made, which would inherit that.
 */
static void go_first(void)
{
	static bool is_done;

	if (!is_done)
		(void)!setpriority(PRIO_PROCESS, 0, PRIO_MIN);
	is_done = true;
}

static bool may_go_first(void)
{
	struct caps caps;

	return caps_get(&caps) >= 0 && caps.effective >> CAP_SYS_NICE & 1;
}

int perf_open(struct recorder *r, struct perf **ret)
{
	struct perf *p = arena_alloc(sizeof(*p));
	uint64_t id;
	int e = tracepoint_find(&id);

	*ret = p;
	if (e < 0)
		return fail(0, "%s",
			    tracepoint_missing() ? tracepoint_missing() : "tracefs has changed");
	*p = (struct perf){ .recorder = r,
			    .processes = perf_processes_make(),
			    .cgroup = PERF_CGROUP_NONE };
	return perf_ring_open(id, may_go_first(), &p->rings);
}

void perf_tell_threads(struct perf *p, void (*on_thread)(void *ctx, pid_t tid), void *ctx)
{
	p->on_thread = on_thread;
	p->ctx = ctx;
}

/* Of the awaited process, whose events must be told apart. */
static int follow_awaited(struct perf *p, pid_t tid)
{
	size_t n = perf_ring_processors(p->rings);
	uint64_t *ids = arena_array(n, sizeof(*ids));
	int r = perf_ring_add(p->rings, tid, true, ids);

	for (size_t i = 0; i < n && r >= 0; i++)
		if (ids[i])
			perf_processes_add_id(p->processes, ids[i]);
	return r;
}

int perf_follow(struct perf *p, pid_t tid, enum perf_from from)
{
	go_first();
	return from == PERF_FROM_AWAITED
		       ? follow_awaited(p, tid)
		       : perf_ring_add(p->rings, tid, from == PERF_FROM_EXEC, NULL);
}

int perf_follow_cgroup(struct perf *p, const struct perf_cgroup *cgroup)
{
	int r = perf_ring_add_cgroup(p->rings, cgroup->dir);

	if (r < 0)
		return r;
	go_first();
	p->cgroup = *cgroup;
	perf_processes_of_cgroup(p->processes, cgroup->pid, cgroup->mount_ns, cgroup->is_told);
	return 0;
}

bool perf_has_cgroup(const struct perf *p)
{
	return p->cgroup.dir >= 0;
}

void perf_list(struct perf *p, bool is_listing)
{
	if (!is_listing)
		perf_catch_up(p);
	perf_processes_list(p->processes, is_listing);
}

void perf_expect(struct perf *p, pid_t pid)
{
	perf_catch_up(p); /* how it was made, which says that it is not ours */
	perf_processes_expect(p->processes, pid);
}

void perf_set_program(struct perf *p, pid_t pid, const char *path)
{
	perf_processes_set_program(p->processes, pid,
				   recording_program(p->recorder->recording, path));
}

void perf_await(struct perf *p, pid_t init)
{
	perf_processes_await(p->processes, init);
}

bool perf_is_awaiting(const struct perf *p)
{
	return perf_processes_is_awaiting(p->processes);
}

void perf_catch_up(struct perf *p)
{
	drain(p, now_ns());
}

int perf_turn(struct perf *p, int sock, bool *ret_sock, bool *ret_alive)
{
	size_t n;
	struct pollfd *polled = perf_ring_polled(p->rings, &n);
	int ret;

	polled[n] = (struct pollfd){ sock, POLLIN, 0 };
	polled[n + 1] = (struct pollfd){ p->cgroup.init, POLLIN, 0 };
	polled[n + 2] = (struct pollfd){ p->cgroup.init < 0 ? p->cgroup.events : -1, POLLPRI, 0 };
	/* an eighth of a buffer wakes us, and the next write to the recording */
	ret = recorder_wait(p->recorder, polled, n + 3, -1);
	*ret_sock = polled[n].revents;
	if (polled[n + 1].revents)
		p->cgroup.init = -1;
	if (ret >= 0)
		drain(p, now_ns() - SETTLE_NS);
	*ret_alive = perf_ring_reap(p->rings) && perf_cgroup_is_alive(&p->cgroup);
	return ret;
}

void perf_finish(struct perf *p)
{
	struct recording *recording = p->recorder->recording;

	/* not what processes that are alive go on to make, which need not end */
	drain(p, now_ns());
	for (size_t i = 0; i < recording->n_calls; i++) {
		struct recording_call *c = &recording->calls[i];
		bool is_skipped = c->nr < NUMBERS && p->skipped[c->nr];

		c->has_news |= is_skipped && !c->at_least;
		c->at_least |= is_skipped;
	}
	if (perf_ring_was_full(p->rings))
		recording_add_uncertain(p->recorder->run,
					"the last calls, for which a buffer had no room");
	if (perf_ring_lacks_processor(p->rings))
		recording_add_uncertain(p->recorder->run,
					"calls on processors that were switched on meanwhile");
}

void perf_leave(const struct perf *p)
{
	perf_ring_leave(p->rings);
}

/* --- a command ---------------------------------------------------------------------------- */

/* Until each event has hung up: then no process that has one is left. */
static int run(struct perf *p)
{
	struct recorder *r = p->recorder;
	bool is_alive = true, sock;
	int ret = 0;

	while (ret >= 0 && (is_alive || !r->has_ended) && !r->is_due)
		ret = perf_turn(p, -1, &sock, &is_alive);
	perf_finish(p);
	return ret;
}

static int join(void *ctx)
{
	const struct perf *p = ctx;

	return perf_ring_add(p->rings, 0, true, NULL);
}

int perf_record(struct recorder *r)
{
	struct perf *p = NULL;
	int ret = perf_open(r, &p);

	r->join = join;
	r->join_ctx = p;
	if (ret >= 0)
		ret = recorder_prepare(r);
	if (ret >= 0)
		ret = recorder_start(r, NULL);
	if (ret < 0) {
		recorder_abandon(r);
		return ret;
	}
	go_first();
	perf_set_program(p, r->pid, r->file);
	ret = run(p);
	perf_leave(p);
	return ret < 0 ? ret : recorder_finish(r);
}
